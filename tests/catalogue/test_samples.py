"""Real payloads, harvested over HTTP and published: not one violation of the official shapes.

`python -m benchmarks.samples --shacl` does the same with all of them.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from samples import samples
from shapes import forbidden

from benchmarks.samples import (
    SOURCES,
    Published,
    Sample,
    filled,
    published,
    repair_table,
    repairs,
    source_table,
    unmapped_table,
)
from catalogue.service import Catalogue
from catalogue.store.rows import RunRow
from dcat import rdf
from dcat.model import Entry
from dcat.read import read_entry
from dcat.rules import check, is_violated
from dcat.write import write

CHOSEN = {
    "berlin": 40,
    "csa": 20,
    "geobe": 0,
    "fpsecocbe": 0,
    "fpsjust": 0,
    "best": 0,
    **{one.name: 0 for one in SOURCES if one.name.startswith(("semic-", "gsa-", "ldes")) and "none" not in one.name},
    **dict.fromkeys(("csw-brussels-datastore", "csw-marine", "csw-pycsw", "csw-semic", "oai-iso", "waf-fgdc"), 100),
}
"""Sources that together have most kinds of trouble; of a CKAN dump so many packages."""


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]]:
    samples()
    chosen = (one._replace(most=CHOSEN[one.name]) for one in SOURCES if one.name in CHOSEN)
    catalogue, runs = filled(tmp_path_factory.mktemp("samples"), tuple[Sample, ...](chosen))
    yield catalogue, runs
    catalogue.close()


@pytest.fixture(scope="module")
def entries(harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]) -> Published:
    return published(harvested[0])


def test_nearly_everything_is_published(
    harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]], entries: Published
) -> None:
    _, runs = harvested
    assert {name: run.refused for name, (run, _) in runs.items() if run.refused} == {
        "geobe": 8,
        "ldes-services": 2,
    }
    assert not any(run.failed or run.skipped for run, _ in runs.values())
    assert {name: len(rows) for name, rows in entries.items()} == {
        name: run.seen - run.refused for name, (run, _) in runs.items() if run.seen > run.refused
    }
    assert sum(map(len, entries.values())) > 300


def test_the_same_again_writes_nothing(harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]) -> None:
    _, runs = harvested
    assert {name: second.writes for name, (_, second) in runs.items() if second.writes} == {}


def test_the_whole_catalogue_is_valid(harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]) -> None:
    catalogue, _ = harvested
    assert forbidden("".join(catalogue.feed.whole())) == set()


def test_our_own_rules_agree(entries: Published) -> None:
    assert [row.iri for rows in entries.values() for row in rows if is_violated(check(row.entry))] == []


def in_rdf(entry: Entry) -> Entry:
    """Without what is only shown to people, as the source wrote it."""
    files = tuple(msgspec.structs.replace(file, as_written=()) for file in entry.distribution)
    return msgspec.structs.replace(entry, as_written=(), distribution=files)


def test_what_is_published_reads_back_the_same(entries: Published) -> None:
    for rows in entries.values():
        for row in rows:
            assert read_entry(rdf.ntriples(write(row.entry)).encode())[0] == in_rdf(row.entry), row.iri


def test_each_page_and_each_entry_is_valid_alone(
    harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]], entries: Published
) -> None:
    catalogue, _ = harvested
    (page, *_) = (catalogue.pieces.page(number, 30) for number in range(2, 4))
    assert forbidden("".join(catalogue.feed.joined(page))) == set()
    services = [row for row in entries["geobe"] if row.kind == "service"][:2]
    for row in (*services, *entries["fpsecocbe"], *entries["semic-network-service"]):
        assert forbidden("".join(catalogue.feed.alone(row.id))) == set(), row.iri


def test_the_tables_can_be_printed(harvested: tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]) -> None:
    catalogue, runs = harvested
    entries = {name: rows[:5] for name, rows in published(catalogue).items()}
    notes = list(repairs(catalogue, entries))
    lines = [*source_table(entries, runs, set()), *repair_table(notes), *unmapped_table(notes)]
    assert any(line.startswith("geobe ") for line in lines)
    assert any(line.startswith("language-assumed ") for line in lines)


def test_samples_are_where_the_list_says() -> None:
    folder: Path = samples()
    assert [one.path for one in SOURCES if not (folder / one.path).exists()] == []
