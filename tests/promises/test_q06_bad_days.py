"""A bad day at a source removes nothing wrongly: every number of missing records × every way in which a day is bad
(robustness 3.1)."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import Feed, open_catalogue, record, texts

from catalogue.store.rows import RunRow
from dcat.model import Dataset
from harvesters.base import HarvestError, RawRecord

URL = "https://agency.example/feed"
BROKEN = HarvestError("HTTP_STATUS", "The last page answers 500.", f"{URL}?page=10")
SIZES = (
    *((100, missing) for missing in (0, 1, 5, 6, 10, 11, 29, 30, 31, 99, 100)),
    *((6, missing) for missing in (2, 3, 5)),
    *((3, missing) for missing in (1, 2, 3)),
)
WAYS: dict[str, Callable[[list[RawRecord], int], Feed]] = {
    "complete": lambda left, _: Feed(left),
    "last page 500": lambda left, _: Feed(left, error=BROKEN),
    "truncated": lambda left, _: Feed(left, incomplete=["The answer was cut."]),
    "unreadable record": lambda left, _: Feed(left, incomplete=["Record 7 has no readable identifier."]),
    "total mismatch": lambda left, total: Feed(left, declared=total + 1),
}


def records(count: int) -> list[RawRecord]:
    """Records of a source."""
    return [
        record(f"r{n:03}", Dataset(title=texts(fr=f"Jeu {n:03}"), description=texts(fr="Un jeu.")))
        for n in range(count)
    ]


@pytest.fixture
def templates(tmp_path: Path) -> dict[int, Path]:
    """Folders of catalogues with one source of so many records."""
    made = {}
    for count in (100, 6, 3):
        made[count] = tmp_path / f"source-of-{count}"
        catalogue, memory = open_catalogue(made[count])
        memory.feeds[URL] = Feed(records(count))
        catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
        catalogue.close()
    return made


def may_go(total: int, missing: int) -> bool:
    """What a complete run may remove: at most the larger of two and a tenth, never everything."""
    return missing <= max(2, total / 10) and missing < total


def faults(template: Path, folder: Path, total: int, missing: int, way: str) -> list[str]:
    """What is not as it must be after two such days."""
    shutil.copytree(template, folder)
    catalogue, memory = open_catalogue(folder)
    memory.feeds[URL] = WAYS[way](records(total)[missing:], total)
    first, second = catalogue.runs.harvest("agency"), catalogue.runs.harvest("agency")
    goes = missing if way == "complete" and may_go(total, missing) else 0
    left = (catalogue.entries.counts().datasets, catalogue.index.status()["documents"])
    catalogue.close()
    shutil.rmtree(folder)
    wrong = [] if (first.removed, second.removed) == (0, goes) else [f"removed {first.removed}, {second.removed}"]
    wrong += [] if left == (total - goes, total - goes) else [f"left {left}"]
    wrong += [*said_wrongly(first, total, missing, way), *said_wrongly(second, total, missing, way)]
    return [f"{missing} of {total} missing, {way}: {one}" for one in wrong]


def said_wrongly(run: RunRow, total: int, missing: int, way: str) -> list[str]:
    """What a run says of such a day that is not true."""
    usual = "done" if may_go(total, missing) or not missing else "held"
    state = {"last page 500": "failed", "complete": usual}.get(way, "done-with-findings")
    checks = {
        "seen": run.seen == run.same == total - missing,
        "state": run.state == state,
        "complete": run.complete is (way == "complete"),
        "held": run.held == missing or run.state != "held",
    }
    return [f"says of itself {name}: {getattr(run, name)}" for name, is_true in checks.items() if not is_true]


@pytest.mark.against("F-09", "F-10")
def test_no_wrongful_removal(templates: dict[int, Path], tmp_path: Path, note: Callable[..., None]) -> None:
    cases = [(total, missing, way) for total, missing in SIZES for way in WAYS]
    wrong = [
        fault
        for total, missing, way in cases
        for fault in faults(templates[total], tmp_path / "var", total, missing, way)
    ]
    note(
        "Q6",
        f"{len(cases)} cases ({len(SIZES)} numbers of missing records of sources of 3, 6 and 100, {len(WAYS)} ways): "
        f"{len(wrong)} wrongful removals or wrong words",
        holds=not wrong,
        wrong=wrong[:10],
    )
