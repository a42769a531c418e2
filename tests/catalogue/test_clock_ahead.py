"""A clock that was a year ahead for a while, and is right again, keeps nothing waiting for a year."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factory import Feed, Memory, record, texts

from catalogue.service import Catalogue
from catalogue.store import ahead_of_time, leases
from catalogue.store.tables import addresses, entries, looked, sources
from catalogue.work import doctor
from catalogue.work.worker import Worker
from dcat.model import Dataset

URL = "https://agency.example/feed"
YEAR = timedelta(days=366)
Move = Callable[[timedelta], datetime]

pytestmark = pytest.mark.against("F-22")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Of the database whose clock is that of the machine."""
    return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture(autouse=True)
def jumped(catalogue: Catalogue, memory: Memory, move_clock: Move) -> None:
    """The catalogue was worked on before its clock jumped a year ahead, and since."""
    catalogue.sources.add(URL, "memory", title="Agency", schedule="0 4 * * *")
    memory.feeds[URL] = Feed([record("a", Dataset(title=texts(fr="Arbres")))])
    Worker(catalogue).once()
    move_clock(YEAR)
    Worker(catalogue).once()


def test_what_is_done_at_its_time_is_done_again(catalogue: Catalogue, memory: Memory, move_clock: Move) -> None:
    today = move_clock(-YEAR).date()
    assert "the clock is wrong now, or was then" in _clock(catalogue).message
    memory.feeds[URL].records.append(record("b", Dataset(title=texts(fr="Bancs"))))
    Worker(catalogue).once()
    row = catalogue.sources.named("agency")
    assert row.entries == 2
    assert row.next_run
    assert row.next_run.date() <= today + timedelta(days=1)
    assert catalogue.tidying.done_on() == catalogue.index.compared_on() == today.toordinal()
    assert catalogue.dumps.days() == [today.isoformat()]
    assert _clock(catalogue).ok


def test_whose_turn_it_is_waits_for_no_day_that_is_far_away(catalogue: Catalogue, move_clock: Move) -> None:
    with catalogue._database.write() as tx:
        lease = leases.take(tx, leases.HOST, "data.example")
        assert lease
        leases.give_back_after(tx, lease, timedelta(seconds=1))
        assert leases.take(tx, leases.HOST, "other.example")
        assert leases.take(tx, leases.HOST, "data.example") is None
    move_clock(-YEAR)
    with catalogue._database.write() as tx:
        assert leases.seconds_until(tx, leases.HOST, "data.example") == 0
        assert leases.take(tx, leases.HOST, "data.example")


def test_what_is_planned_for_much_later_is_due_now(catalogue: Catalogue, move_clock: Move) -> None:
    late, now = move_clock(timedelta()), move_clock(-YEAR)
    soon = now + timedelta(days=20)
    blank = {"url": "", "host": "", "changes": b"[]"}
    with catalogue._database.write() as tx:
        tx.execute(addresses.insert(), [{"key": b"a", "due": late, **blank}, {"key": b"b", "due": soon, **blank}])
        tx.execute(looked.insert().values(entry_id=tx.execute(entries.select()).scalar(), revision=1, due=late))
        tx.execute(sources.update().values(retry_at=late))
    catalogue.tidying.all()
    with catalogue._database.read() as tx:
        assert [row.due for row in tx.execute(addresses.select().order_by(addresses.c.key))] == [now, soon]
        assert {row.due for row in tx.execute(looked.select())} == {now}
        assert [row.retry_at for row in tx.execute(sources.select())] == [None]
        assert not ahead_of_time.is_any(tx, now, timedelta(days=7))


def test_nothing_is_forgotten_on_the_day_on_which_the_clock_jumps(catalogue: Catalogue, move_clock: Move) -> None:
    catalogue.keys.create("agency")
    told = len(list(catalogue.audit.all()))
    move_clock(YEAR + YEAR)
    Worker(catalogue).once()
    assert len(list(catalogue.audit.all())) == told
    move_clock(timedelta(days=1))
    Worker(catalogue).once()
    assert len(list(catalogue.audit.all())) < told


def test_a_clock_that_is_behind_takes_nothing_away(catalogue: Catalogue, memory: Memory, move_clock: Move) -> None:
    made, asked = catalogue.dumps.days(), len(catalogue.runs.of_source("agency"))
    move_clock(-YEAR * 7)
    for _ in range(3):
        Worker(catalogue).once()
    assert len(catalogue.runs.of_source("agency")) == asked + 1, "it is not asked again and again"
    move_clock(YEAR * 7)
    assert catalogue.dumps.days()[: len(made)] == made


def _clock(catalogue: Catalogue) -> doctor.Check:
    """What the doctor says of it."""
    return next(one for one in doctor.examine(catalogue.settings) if one.name == "clock")
