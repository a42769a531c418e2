"""Two workers on one source, one of them frozen and woken when the other has done its work: never two writers."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import sqlalchemy as sa
from kills import Feed, begun, check_invariants
from loopback import LOOPBACK, running, site
from sampling import share

from catalogue import clock
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import leases
from catalogue.store.tables import metadata


def expire(catalogue: Catalogue) -> None:
    """A minute passes without a sign of life of whoever is frozen."""
    late = clock.now() - leases.LEASE
    with catalogue._database.write() as tx:
        for table, column in (("leases", "until"), ("runs", "lease")):
            there = metadata.tables[table].c[column]
            tx.execute(sa.update(metadata.tables[table]).where(there.is_not(None)).values({column: late}))


def stored(catalogue: Catalogue) -> dict[str, list[str]]:
    """Everything that the store holds, but how far the index has followed: whoever looks next may go on with that."""
    of_the_index = {"indexed_revision", "offered", "refusal"}
    with catalogue._database.read() as tx:
        return {
            name: sorted(map(repr, tx.execute(sa.select(*(one for one in table.c if one.name not in of_the_index)))))
            for name, table in metadata.tables.items()
            if name not in {"counters", "moments"}  # each follower of the index is given one
        }


@contextmanager
def stopped(process: BaseProcess, database: Path) -> Iterator[bool]:
    """The process stands still until the block ends; not within a transaction, where nobody else could write. False
    when it ended before it could be stopped so."""
    while process.is_alive() and is_told(process, signal.SIGSTOP):
        wait_until_it_stands(process)
        if is_free(database):
            try:
                yield True
            finally:
                is_told(process, signal.SIGCONT)
            return
        is_told(process, signal.SIGCONT)
        process.join(0.003)
    yield False


def is_told(process: BaseProcess, sign: signal.Signals) -> bool:
    """False when it ended: the server that forked it is told of that before we are."""
    try:
        os.kill(process.pid or 0, sign)
    except ProcessLookupError:
        return False
    return True


def wait_until_it_stands(process: BaseProcess) -> None:
    """Each of its threads: what it asked the system for before, such as a lock, it has got then."""
    while not all(map(stands, Path(f"/proc/{process.pid}/task").glob("*/stat"))):
        time.sleep(0.001)


def stands(thread: Path) -> bool:
    """True when it is stopped, or has ended."""
    try:
        return thread.read_text("ascii", "replace").rpartition(")")[2].split()[0] in "TZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def is_free(database: Path) -> bool:
    """True when somebody could write."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


@pytest.mark.against("F-31", "F-32")
def test_who_was_frozen_writes_nothing_more(tmp_path: Path, note: Callable[..., None]) -> None:
    feed, chance, frozen, second_writers = Feed(), random.Random(18), 0, 0
    number, wrong = share(5, 200), []
    with running(site(feed.turtle)) as server:
        settings = Settings(data_dir=tmp_path / "var", fetch_allow=LOOPBACK, check_links=False, preview_mb=0)
        catalogue = Catalogue(settings)
        catalogue.init()
        name = catalogue.sources.add(server.url("/feed.ttl"), "dcat", title="Agency").name
        began = time.monotonic()
        begun(settings, name).join(60)
        whole = time.monotonic() - began
        for _ in range(number):
            feed.round += 1
            process = begun(settings, name)
            process.join(chance.uniform(0, whole))
            with stopped(process, settings.data_dir / "catalogue.sqlite") as is_stopped:
                at_work = is_stopped and catalogue.runs.of_source(name)[0].state == "running"
                frozen += at_work
                expire(catalogue)
                ours = catalogue.runs.harvest(name)
                assert ours.state.startswith("done")
                before = stored(catalogue)
            process.join(60)
            is_anew = not at_work and catalogue.runs.of_source(name)[0].id != ours.id  # it had no run before
            after = before if is_anew else stored(catalogue)
            changed = [
                (table, set(rows) ^ set(before[table])) for table, rows in after.items() if rows != before[table]
            ]
            second_writers += bool(changed)
            wrong += changed
            check_invariants(catalogue)
        catalogue.close()
    note(
        "Q18",
        f"{number} of 200 rounds, {frozen} frozen at work: {second_writers} with two writers, 0 violations",
        holds=second_writers == 0 and frozen >= number // 8,
        wrong=str(wrong)[:3000],
    )
