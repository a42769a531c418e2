"""What a producer may register with a key alone."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from commands import invoke
from factory import Feed, Memory, open_catalogue, record, texts

from catalogue.errors import Conflict, Invalid
from catalogue.service import Catalogue
from catalogue.settings import load
from catalogue.sources.editing import Change
from dcat.model import Dataset

URL, MOVED = "https://agency.example/feed", "https://agency.example/new-feed"
ELSEWHERE = "https://elsewhere.example/feed"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory]]:
    """A catalogue whose operator looks at every source first, and its memory."""
    catalogue, memory = open_catalogue(tmp_path / "looked-at", source_approval=True)
    yield catalogue, memory
    catalogue.close()


@pytest.fixture
def waiting(catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]) -> str:
    """A source that a producer registered."""
    move_clock(timedelta(0))
    for url in (URL, MOVED, ELSEWHERE):
        memory.feeds[url] = Feed([record("d1", Dataset(title=texts(fr="Jeu")))])
    return catalogue.sources.add(
        URL, "memory", title="Feed", publisher="ville", schedule="0 3 * * *", by_producer=True
    ).name


def test_a_source_of_a_producer_does_not_run_before_an_operator_approves_it(
    catalogue: Catalogue, waiting: str, move_clock: Callable[[timedelta], datetime]
) -> None:
    assert catalogue.sources.named(waiting).next_run is None
    later = move_clock(timedelta(days=3))
    assert catalogue.runs.plan(later) == 0
    for start in (catalogue.runs.request, catalogue.runs.harvest):
        with pytest.raises(Conflict, match=f"datastore source approve {waiting}"):
            start(waiting)
    assert catalogue.sources.approve(waiting).next_run is not None
    assert catalogue.runs.plan(move_clock(timedelta(days=1))) == 1
    order = catalogue.runs.take()
    assert order is not None
    assert catalogue.runs.carry_out(order).new == 1
    assert {"source.add", "source.approve"} <= {row.what for row in catalogue.audit.some(None, 0, 100)[1]}


def test_a_queued_run_waits_when_its_source_moves_to_another_server(catalogue: Catalogue, waiting: str) -> None:
    catalogue.sources.approve(waiting)
    catalogue.runs.request(waiting)
    assert catalogue.sources.edit(waiting, Change(url=MOVED), by_producer=True).approved
    assert not catalogue.sources.edit(waiting, Change(url=ELSEWHERE), by_producer=True).approved
    assert catalogue.runs.take() is None
    catalogue.sources.approve(waiting)
    assert catalogue.runs.take() is not None
    assert catalogue.sources.edit(waiting, Change(url=URL)).approved  # by the operator


def test_without_that_setting_they_run_at_once(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([record("d1", Dataset(title=texts(fr="Jeu")))])
    row = catalogue.sources.add(URL, "memory", title="Feed", publisher="ville", by_producer=True)
    assert catalogue.runs.harvest(row.name).new == 1
    assert catalogue.sources.edit(row.name, Change(url=ELSEWHERE), by_producer=True).approved
    catalogue.close()


FINE = ("0 3 * * 1,1-5", "*/15 * * * *", "0,30 * 1 * *")
OFTEN = ("* * * * *", "*/14 * * * *", "0,5 3 * * *", "50,0 0,23 * * *")


@pytest.mark.parametrize("cron", FINE + OFTEN)
def test_nothing_runs_every_few_minutes(catalogue: Catalogue, waiting: str, cron: str) -> None:
    is_fine = cron in FINE
    for by_producer in (True, False):
        if by_producer and not is_fine:
            with pytest.raises(Invalid, match="15 minutes") as caught:
                catalogue.sources.edit(waiting, Change(schedule=cron), by_producer=True)
            assert caught.value.field == "schedule"
        else:
            assert catalogue.sources.edit(waiting, Change(schedule=cron), by_producer=by_producer).schedule == cron
    with pytest.raises(Invalid, match=r"every 1 minutes|15 minutes"):
        catalogue.sources.add(ELSEWHERE, "memory", publisher="ville", schedule="*/3 * * * *", by_producer=True)


def test_a_publisher_has_so_many(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, source_quota=2)
    for number in range(2):
        catalogue.sources.add(f"{URL}/{number}", "memory", publisher="ville", by_producer=True)
    with pytest.raises(Conflict, match="DATASTORE_SOURCE_QUOTA"):
        catalogue.sources.add(f"{URL}/3", "memory", publisher="ville", by_producer=True)
    catalogue.sources.add(f"{URL}/3", "memory", publisher="région", by_producer=True)
    catalogue.sources.add(f"{URL}/4", "memory", publisher="ville")  # the operator may
    catalogue.close()
    assert load({"DATASTORE_SOURCE_QUOTA": "7"}, Path("no-such-file")).source_quota == 7
    with pytest.raises(Exception, match="source_quota: 'many' must be a whole number"):
        load({"DATASTORE_SOURCE_QUOTA": "many"}, Path("no-such-file"))


def test_the_command_shows_who_waits_and_approves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASTORE_SOURCE_APPROVAL", "true")
    invoke(tmp_path, "init")
    catalogue, _ = open_catalogue(tmp_path / "var", source_approval=True)
    catalogue.sources.add("https://agency.example/feed.ttl", "dcat", title="Feed", publisher="ville", by_producer=True)
    catalogue.close()
    assert "waits for approval" in invoke(tmp_path, "source", "list")[0]
    assert "datastore source approve feed" in invoke(tmp_path, "source", "show", "feed")[0]
    assert "Waiting for datastore source approve: feed." in invoke(tmp_path, "doctor")[0]
    assert invoke(tmp_path, "harvest", "--all")[0] == ""
    assert "waits for the approval" in invoke(tmp_path, "harvest", "feed", expect=1)[1]
    assert "feed may run." in invoke(tmp_path, "source", "approve", "feed")[0]
    assert "never run" in invoke(tmp_path, "source", "list")[0]
