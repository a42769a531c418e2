"""One contract for every kind of work: killed, frozen, wanted by two, slow (F-25, F-30 to F-32)."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import pytest
from factory import Feed, file, open_catalogue, record, texts
from structlog.testing import capture_logs

from catalogue import clock
from catalogue.questions.questions import Asked
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import leases
from catalogue.store.database import Database
from catalogue.store.leases import LostLease
from catalogue.store.tables import metadata
from catalogue.work.asking import Gathering
from catalogue.work.chore import Chore, Piece
from catalogue.work.chores import CHORES
from catalogue.work.worker import Worker
from dcat.model import Dataset
from harvesters.errors import Stopped

sa = pytest.importorskip("sqlalchemy")

URL = "https://agency.example/feed"


def dataset(name: str) -> Dataset:
    return Dataset(title=texts(fr=name), description=texts(fr=f"Les {name}."))


def a_run_is_asked_for(catalogue: Catalogue) -> None:
    catalogue.runs.request("agency")


def a_record_waits(catalogue: Catalogue) -> None:
    catalogue.records.push("agency", "bancs", record("bancs", dataset("bancs")).body, "application/json")


def something_is_in_the_catalogue(catalogue: Catalogue) -> None:
    catalogue.records.push("agency", "fontaines", record("fontaines", dataset("fontaines")).body, "application/json")


def an_entry_has_a_file(catalogue: Catalogue, name: str = "chaises") -> None:
    with_file = msgspec.structs.replace(dataset(name), distribution=(file(f"http://8.8.8.8:9/{name}", "CSV"),))
    catalogue.records.push("agency", name, record(name, with_file).body, "application/json")


def an_address_was_never_asked(catalogue: Catalogue) -> None:
    an_entry_has_a_file(catalogue, "tables")
    taken(Gathering, catalogue).do(Stop())


def a_dataset_has_a_table(catalogue: Catalogue) -> None:
    of_it = msgspec.structs.replace(dataset("chaises"), distribution=(file("http://8.8.8.8:9/chaises", "CSV"),))
    catalogue.records.push("agency", "chaises", record("chaises", of_it).body, "application/json")


def somebody_wants_to_follow(catalogue: Catalogue) -> None:
    something_is_in_the_catalogue(catalogue)
    catalogue.followers.ask(catalogue.entries.find("fontaines").id, "anna@home.example", "fr")


def somebody_asks_a_question(catalogue: Catalogue) -> None:
    something_is_in_the_catalogue(catalogue)
    id, asked = catalogue.entries.find("fontaines").id, catalogue.questions
    opened = clock.now() - timedelta(minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: opened)
        form = asked.form(id)
    asked.ask(id, Asked("Une fontaine manque.", "anna@home.example", "fr"), form)


def nothing_was_done_today(_: Catalogue) -> None:
    """So it is in a new catalogue."""


def a_source_is_to_be_tried(catalogue: Catalogue) -> None:
    catalogue.rehearsals.request("agency")


DUE: dict[str, Callable[[Catalogue], None]] = {
    "harvest": a_run_is_asked_for,
    "index": a_record_waits,
    "compare": nothing_was_done_today,
    "tidy": nothing_was_done_today,
    "notices": nothing_was_done_today,
    "rehearse": a_source_is_to_be_tried,
    "feeds": something_is_in_the_catalogue,
    "dumps": something_is_in_the_catalogue,
    "questions": somebody_asks_a_question,
    "letters": somebody_wants_to_follow,
    "links": an_address_was_never_asked,
    "addresses": an_entry_has_a_file,
    "previews": a_dataset_has_a_table,
}
"""What makes a piece of each chore due."""

SETTINGS = {
    "check_links": True,
    "preview_mb": 1,
    "mail_url": "smtp://127.0.0.1:9",
    "mail_from": "opendata@example.brussels",
}
"""With addresses that are asked and letters that are written, although no server takes them."""

every_chore = pytest.mark.parametrize("chore", CHORES, ids=lambda one: one.name)


def another(tmp_path: Path, database_url: str) -> Catalogue:
    """The same catalogue, as another process has it open."""
    catalogue, memory = open_catalogue(tmp_path / "var", database_url=database_url, **SETTINGS)
    memory.feeds[URL] = Feed([record(name, dataset(name)) for name in ("arbres", "parcs")])
    return catalogue


@pytest.fixture
def one(tmp_path: Path, database_url: str) -> Iterator[Catalogue]:
    catalogue = another(tmp_path, database_url)
    catalogue.sources.add(URL, "memory", title="Agency")
    yield catalogue
    catalogue.close()


@pytest.fixture
def other(one: Catalogue, tmp_path: Path, database_url: str) -> Iterator[Catalogue]:
    catalogue = another(tmp_path, database_url)
    yield catalogue
    catalogue.close()


def taken(chore: type[Chore], catalogue: Catalogue) -> Piece:
    piece = chore(catalogue).take(clock.now())
    assert piece is not None
    return piece


def expire(catalogue: Catalogue) -> None:
    """A minute passes without a sign of life."""
    late = clock.now() - leases.LEASE
    with catalogue._database.write() as tx:
        for table, column in (("leases", "until"), ("runs", "lease")):
            there = metadata.tables[table].c[column]
            tx.execute(sa.update(metadata.tables[table]).where(there.is_not(None)).values({column: late}))


def stored(catalogue: Catalogue) -> dict[str, list[Any]]:
    """Everything that the store holds but whose turn it is to ask a host, which whoever asks writes down."""
    with catalogue._database.read() as tx:
        rows = {name: tx.execute(sa.select(table)).all() for name, table in metadata.tables.items()}
    rows["leases"] = [row for row in rows["leases"] if row.chore != leases.HOST]
    return {name: sorted(map(repr, some)) for name, some in rows.items()}


def test_every_chore_is_tried() -> None:
    assert [chore.name for chore in CHORES if chore.name not in DUE] == []


@every_chore
def test_what_is_due_is_done_and_due_no_more(chore: type[Chore], one: Catalogue) -> None:
    DUE[chore.name](one)
    due = chore(one).due(clock.now())
    assert due
    assert due.since <= clock.now()
    taken(chore, one).do(Stop())
    assert chore(one).due(clock.now()) is None
    assert chore(one).take(clock.now()) is None


@pytest.mark.against("F-31")
@every_chore
def test_two_workers_never_have_one_piece(chore: type[Chore], one: Catalogue, other: Catalogue) -> None:
    DUE[chore.name](one)
    gate = Barrier(8)

    def take(catalogue: Catalogue) -> Piece | None:
        gate.wait(60)
        return chore(catalogue).take(clock.now())

    with ThreadPoolExecutor(8) as pool:
        got = [piece for piece in pool.map(take, [one, other] * 4) if piece is not None]
    assert len(got) == 1


@pytest.mark.against("F-32")
@every_chore
def test_a_worker_that_froze_commits_nothing_any_more(chore: type[Chore], one: Catalogue, other: Catalogue) -> None:
    DUE[chore.name](one)
    frozen = taken(chore, one)
    assert chore(other).take(clock.now()) is None
    expire(one)
    second = taken(chore, other)
    before = stored(one)
    with suppress(LostLease):
        frozen.do(Stop())
    assert stored(one) == before
    second.do(Stop())
    assert chore(one).due(clock.now()) is None


@pytest.mark.against("F-30")
@every_chore
def test_a_worker_that_is_killed_leaves_its_piece_to_the_next(
    chore: type[Chore], one: Catalogue, tmp_path: Path, database_url: str
) -> None:
    DUE[chore.name](one)
    context = multiprocessing.get_context("forkserver")
    has_it = context.Event()
    place = CHORES.index(chore)
    process = context.Process(target=take_and_sleep, args=(place, str(tmp_path / "var"), database_url, has_it))
    process.start()
    assert has_it.wait(60)
    assert process.pid
    assert chore(one).take(clock.now()) is None
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    taken(chore, one).do(Stop())
    assert chore(one).due(clock.now()) is None


def take_and_sleep(place: int, folder: str, database_url: str, has_it: Event) -> None:
    """What the killed process does."""
    catalogue, _ = open_catalogue(Path(folder), database_url=database_url, **SETTINGS)
    if CHORES[place](catalogue).take(clock.now()) is not None:
        has_it.set()
    time.sleep(300)


@every_chore
def test_a_piece_of_another_machine_is_free_after_a_minute(
    chore: type[Chore], one: Catalogue, other: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    DUE[chore.name](one)
    with monkeypatch.context() as patch:
        patch.setattr(leases, "worker", lambda: "elsewhere:1")
        taken(chore, one)
    assert chore(other).take(clock.now()) is None
    assert leases.LEASE.total_seconds() <= 60
    expire(one)
    taken(chore, other).do(Stop())
    assert chore(one).due(clock.now()) is None


@pytest.mark.against("F-25")
@every_chore
def test_a_slow_piece_holds_no_other_chore_up(chore: type[Chore], one: Catalogue, other: Catalogue) -> None:
    for name, make_due in DUE.items():
        if chore.name not in {"feeds", "dumps"} or name != "harvest":  # the first ones wait for what is harvested
            make_due(one)
    slow = taken(chore, one)
    Worker(other).once()
    rest = [each.name for each in CHORES if each is not chore and each(other).due(clock.now())]
    assert rest == []
    slow.do(Stop())


@every_chore
def test_what_is_given_back_is_free_at_once(chore: type[Chore], one: Catalogue, other: Catalogue) -> None:
    DUE[chore.name](one)
    taken(chore, one).give_back()
    taken(chore, other).do(Stop())
    assert chore(one).due(clock.now()) is None


def test_a_lease_is_kept_while_the_work_takes_long(
    one: Catalogue, other: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.leases.BEAT", 0.05)
    chore = next(each for each in CHORES if each.name == "tidy")
    piece = taken(chore, one)
    seen: list[object] = []

    def slow(*_: object) -> int:
        expire(one)
        deadline = time.monotonic() + 60
        while not seen and time.monotonic() < deadline:
            with one._database.read() as tx:
                until = tx.execute(sa.select(metadata.tables["leases"].c.until)).scalars().all()
            seen.extend(one_ for one_ in until if one_ and one_ > clock.now())
        return 0

    monkeypatch.setattr(one.tidying, "all", slow)
    piece.do(Stop())
    assert seen


class StopsAt(Stop):
    """Asked for when it is looked at for the n-th time."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    @property
    def asked(self) -> bool:
        self.left -= 1
        if self.left == 0:
            self.ask()
        return super().asked


def looked_at(worker: Worker, moment: int, _: pytest.MonkeyPatch) -> None:
    """The worker is told to stop when its work looks for that for the n-th time."""
    worker.stop = StopsAt(moment)


def in_a_transaction(worker: Worker, moment: int, patch: pytest.MonkeyPatch) -> None:
    """What the worker does is broken off at its n-th transaction, as a fetch is."""
    left = iter(range(moment - 1, -1, -1))

    def breaking(work: Callable[..., Any]) -> Callable[..., Any]:
        def at(*given: Any, **named: Any) -> Any:
            if next(left, None) == 0:
                raise Stopped
            return work(*given, **named)

        return at

    patch.setattr(Database, "read", breaking(Database.read))
    patch.setattr(Database, "write", breaking(Database.write))


@pytest.mark.parametrize("told", [looked_at, in_a_transaction])
@every_chore
def test_told_to_stop_at_any_moment_it_ends_quietly_and_the_next_does_the_rest(
    chore: type[Chore], told: Callable[..., None], one: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    DUE[chore.name](one)
    moment = 0
    while chore(one).due(clock.now()) is not None:
        moment += 1
        worker = Worker(one, chores=(chore,))
        with capture_logs() as logged, monkeypatch.context() as patch:
            piece = worker.next()
            assert piece is not None, f"moment {moment}: nobody may take what was left"
            told(worker, moment, patch)
            worker.do(piece)
        assert [entry for entry in logged if entry["log_level"] in {"error", "critical"}] == []
        assert moment < 100
    assert moment > 0
