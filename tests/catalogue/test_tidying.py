"""Tidying keeps nobody waiting: it goes in small steps, looks again before it takes away, and stops when told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from factory import Feed, Memory, record, texts

from catalogue import tidying
from catalogue.errors import NotFound, SettingsError
from catalogue.service import Catalogue
from catalogue.settings import check
from catalogue.stopping import Stop
from catalogue.store import nodes
from catalogue.store.database import Database, Transaction
from dcat.model import Agent, Dataset

URL = "https://agency.example/feed"


def harvest(catalogue: Catalogue, memory: Memory, *said: str) -> None:
    """A source of datasets, each of its own publisher."""
    memory.feeds[URL] = Feed(
        [
            record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"), publisher=Agent(name=texts(fr=f"Ville {name}"))))
            for n, name in enumerate(said)
        ]
    )
    known = catalogue.sources.all()
    catalogue.runs.harvest(known[0].name if known else catalogue.sources.add(URL, "memory", title="Agency").name)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many transactions wrote, one entry each."""
    made: list[int] = []
    write = Database.write

    @contextmanager
    def counted(self: Database) -> Iterator[Transaction]:
        made.append(len(made))
        with write(self) as tx:
            yield tx

    monkeypatch.setattr(Database, "write", counted)
    return made


def test_it_goes_in_small_steps_and_only_at_need(
    catalogue: Catalogue,
    memory: Memory,
    move_clock: Callable[[timedelta], datetime],
    steps: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tidying, "ENTRIES", 2)
    monkeypatch.setattr(tidying, "NODES", 1)
    harvest(catalogue, memory, *"abcdefg")
    catalogue.sources.remove("agency")
    move_clock(timedelta(days=31))
    steps.clear()
    assert catalogue.tidying.all() == 7
    assert len(steps) >= 4 + 8
    steps.clear()
    assert catalogue.tidying.all() == 0
    assert len(steps) == 8  # words, the audit, notices, questions, moments, sessions, hosts, and that it was done


def test_a_node_that_is_named_again_meanwhile_stays(
    catalogue: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    harvest(catalogue, memory, "a")
    (old,) = catalogue.pieces.all()
    harvest(catalogue, memory, "b")
    catch_up = tidying._catch_up

    def changed_since(database: Database, named: set[int], seen: int) -> int:
        monkeypatch.setattr(tidying, "_catch_up", catch_up)
        harvest(catalogue, memory, "a")
        return catch_up(database, named, seen)

    monkeypatch.setattr(tidying, "_catch_up", changed_since)
    catalogue.tidying.all()
    (now,) = catalogue.pieces.all()
    assert set(now.shared) == set(old.shared)
    with catalogue._database.read() as tx:
        assert set(now.shared) <= nodes.every(tx)


def test_told_to_stop_it_is_not_done(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, "a")
    stop = Stop()
    stop.ask()
    catalogue.tidying.all(stop=stop)
    assert catalogue.tidying.done_on() == 0
    catalogue.tidying.all()
    assert catalogue.tidying.done_on() > 0


def test_how_long_something_is_kept_is_a_setting_and_what_stands_is_kept_anyhow(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    harvest(catalogue, memory, "a", "b")
    catalogue.records.withdraw("agency", "r0")
    move_clock(timedelta(days=4))
    assert catalogue.tidying.all() == 0
    assert catalogue.records.raw("agency", "r0").body
    short = tidying.Tidying(catalogue._database, replace(catalogue.settings, keep_removed_days=3))
    move_clock(timedelta(days=1))
    assert short.all() == 1
    with pytest.raises(NotFound):
        catalogue.records.raw("agency", "r0")
    assert catalogue.records.outcome("agency", "r1").outcome == "NEW"
    assert catalogue.records.raw("agency", "r1").body


@pytest.mark.parametrize("name", ["keep_runs", "keep_removed_days", "keep_audit_days", "keep_notices_days"])
def test_what_is_still_needed_cannot_be_forgotten(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: it must be at least"):
        check(replace(catalogue.settings, **{name: 0}))  # type: ignore[arg-type]
