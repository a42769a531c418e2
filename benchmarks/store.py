"""The store at 10,000 datasets: writing, asking again, reading as a feed; each beside the bare thing in the same run.

python -m benchmarks.store [ROWS]

Times are of the processor, since other programs on the machine would else be measured too.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from benchmarks.feeds import datasets
from benchmarks.processor import seconds
from catalogue import clock
from catalogue.ingest.identity import entry_id
from catalogue.store import pieces, records, revisions, sources
from catalogue.store.assessments import Assessment
from catalogue.store.database import Database
from catalogue.store.records import Change, Contents, EntryChange, Known
from catalogue.store.rows import SourceRow
from dcat.write import Parts, own_and_shared
from harvesters.base import RawRecord

BATCH = 500
SOURCE = "bench"


def changes(count: int) -> list[Change]:
    """So many new records, ready to be saved."""
    return [_change(f"record-{number}", dataset) for number, dataset in enumerate(datasets(count))]


def _change(identifier: str, dataset: object) -> Change:
    body = msgspec.json.encode(dataset)
    own, shared = own_and_shared(dataset)  # type: ignore[arg-type]
    id = entry_id(SOURCE, identifier)
    entry = EntryChange(
        id=id,
        kind="dataset",
        name=f"name-{id}",
        iri=f"https://bench.example/{id}",
        title=(),
        publisher="",
        publisher_title=(),
        hash=b"h" * 16,
        contents=Contents.of(body, Parts(own, shared, "", (), ())),
        references=(),
        keys=frozenset(),
        agent=None,
        registers=None,
        releases=None,
        created=clock.now(),
        assessment=Assessment(score=None, late_from=None, hash=b"a" * 16),
    )
    raw = RawRecord(identifier=identifier, body=own.encode(), media_type="application/n-triples")
    return Change(raw=raw, body_hash=b"b" * 16, mapping=b"m" * 16, unread={}, known=Known(), outcome="NEW", entry=entry)


def batches(rows: list[Change]) -> Iterator[list[Change]]:
    """The rows in batches."""
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def save(database: Database, rows: list[Change]) -> None:
    """Writes everything through the store."""
    for batch in batches(rows):
        with database.write() as tx:
            revisions.lock(tx)
            records.save(tx, SOURCE, 1, batch, clock.now())


def bare(file: Path, rows: list[Change]) -> None:
    """The same bytes into one table of SQLite, without anything around it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, raw BLOB, entry BLOB, own TEXT, shared TEXT)")
        for batch in batches(rows):
            entries = ((one.raw.body, one.entry) for one in batch if one.entry)
            values = [(one.id, body, one.entry, one.own, one.shared) for body, one in entries]
            with connection:
                connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", values)


def ask(database: Database, rows: list[Change]) -> None:
    """What a second harvest of an unchanged source asks."""
    for batch in batches(rows):
        with database.read() as tx:
            found = records.known(tx, SOURCE, (change.raw.identifier for change in batch))
        assert len(found) == len(batch)


def feed(database: Database, file: Path) -> None:
    """Every piece in order, into a file."""
    after = ""
    with file.open("w", encoding="utf-8") as output:
        while True:
            with database.read() as tx:
                batch = pieces.after(tx, after, BATCH)
            if not batch:
                return
            output.writelines(piece.own for piece in batch)
            after = batch[-1].id


def copy(file: Path, to: Path) -> None:
    """The same bytes from one file to another."""
    to.write_bytes(file.read_bytes())


def main(count: int = 10_000) -> None:
    """Prints one line a measure."""
    rows = changes(count)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/store.sqlite")
        database.upgrade()
        row = SourceRow(
            id=SOURCE,
            name=SOURCE,
            title=SOURCE,
            url="https://bench.example/",
            kind="dcat",
            publisher="",
            schedule="",
            config={},
            active=True,
            created=clock.now(),
        )
        with database.write() as tx:
            sources.add(tx, row, row.url)
        out, again = Path(folder, "feed.nt"), Path(folder, "copy.nt")
        timed = {
            "save": (seconds(lambda: save(database, rows)), seconds(lambda: bare(Path(folder, "bare.sqlite"), rows))),
            "ask": (seconds(lambda: ask(database, rows)), None),
            "feed": (seconds(lambda: feed(database, out)), seconds(lambda: copy(out, again))),
        }
        database.close()
    for name, (ours, theirs) in timed.items():
        ratio = f", {ours / theirs:.1f} times the bare thing ({theirs:.2f} s)" if theirs else ""
        print(f"{name}: {count / ours:,.0f} datasets/s, {ours:.2f} s{ratio}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
