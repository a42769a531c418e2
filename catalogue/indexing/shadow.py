"""The index follows the store: what changed is put in, what was removed is taken out.

The outbox is the difference between an entry's revision and the one last offered to the index, so nothing is lost when
the process dies between the store and the index: the next call finds the same difference. An entry that cannot be
indexed is set aside with the reason, which `datastore doctor` tells; it is offered again when it changes, once a day
(`reconcile`) and to every new index.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

import structlog

from .. import clock, memory
from ..batches import batched
from ..ingest import twins
from ..search.base import Document, SearchIndex
from ..search.refusal import Refused
from ..stopping import Stop
from ..store import outbox, previews, revisions
from ..store.database import Database, Transaction
from ..store.rows import EntryRow
from .entry_document import document

log = structlog.get_logger(__name__)

BATCH = 1_000
"""Entries that are indexed together, in one segment and under one lock. Eight small segments are merged to one, so half
as many are merged half as often (`docs/decisions/0010-what-bounds-a-harvest.md`)."""


class Beside(NamedTuple):
    """What documents need beside the rows of their entries, by id."""

    originals: dict[str, EntryRow]
    columns: dict[str, tuple[str, ...]]


@memory.patient_collector()
def catch_up(database: Database, index: SearchIndex, stop: Stop, source_id: str = "") -> int:
    """Indexes what changed of a source, or of all, since it was last indexed, until it is stopped. Returns how many
    documents were put in or taken out."""
    put_back_late(database, clock.now().date())
    after = total = 0
    while True:
        with database.read() as tx:
            seen = revisions.last(tx)
            live, gone, last = outbox.batch(tx, after, BATCH, source_id)
            beside = _beside(tx, live)
        if last == after or stop.asked:
            return total
        refused = _put(index, live, beside)
        if gone:
            index.remove(gone)
        done = gone | {row.id: row.revision for row in live}
        database.write_again(partial(outbox.mark, revisions=done, refused=refused, seen=seen))
        after, total = last, total + len(done) - len(refused)
        memory.give_back()


def _put(index: SearchIndex, live: list[EntryRow], beside: Beside) -> dict[str, str]:
    """Puts entries in. Returns those that cannot be indexed: id → why."""
    refused: dict[str, str] = {}
    try:
        if documents := list(_documents_of(live, beside, refused)):
            index.put(documents)
    except Refused as some:
        refused |= some.reasons
    return refused


def put_back_late(database: Database, today: date) -> None:
    """What became late is indexed again: once a day, by whoever indexes first."""
    with database.read() as tx:
        is_done = outbox.last_day(tx, outbox.LATE) == today.toordinal()
    if not is_done:
        database.write_again(partial(outbox.put_back_late, today=today))


@memory.patient_collector()
def rebuild(database: Database, index: SearchIndex) -> int:
    """Builds a new index from the store and swaps it in. Returns how many documents it holds.

    Whoever indexes meanwhile writes to the old index: what he wrote is put back into the outbox, for the new one.
    """
    with database.read() as tx:
        seen = revisions.last(tx)
    refused: dict[str, str] = {}
    try:
        count = index.rebuild(documents(database, refused))
    except Refused as some:
        count = some.taken
        refused |= some.reasons
    database.write_again(partial(outbox.mark_all, refused=refused, seen=seen))
    return count


def reconcile(database: Database, index: SearchIndex) -> int:
    """Mends an index that differs from the store without the outbox knowing, as after a restore. Returns how many
    documents were taken out or put into the outbox."""
    held = index.revisions()
    with database.read() as tx:
        wanted = outbox.live_revisions(tx)
    foreign = [id for id, revision in held.items() if wanted.get(id, -1) < revision]
    if foreign:
        index.remove(foreign)
        database.write_again(outbox.note_mended)
    stale = [id for id, revision in wanted.items() if held.get(id) != revision]
    for batch in batched([*foreign, *stale], BATCH):  # a foreign one may be back since it was looked at
        database.write_again(partial(outbox.forget, ids=batch))
    return len(foreign) + len(stale)


def reconcile_daily(database: Database, index: SearchIndex) -> int:
    """The same once a day, by whoever asks first; 0 when it was done today."""
    today = clock.now().date()
    with database.read() as tx:
        if outbox.last_day(tx, outbox.RECONCILED) == today.toordinal():
            return 0
    mended = reconcile(database, index)
    database.write_again(partial(outbox.note_day, what=outbox.RECONCILED, today=today))
    return mended


def documents(database: Database, refused: dict[str, str]) -> Iterator[Document]:
    """All live entries as documents, in order of id; those that cannot be made go to `refused`, with the reason."""
    after = ""
    while True:
        with database.read() as tx:
            rows = outbox.live(tx, after, BATCH)
            beside = _beside(tx, rows)
        if not rows:
            return
        yield from _documents_of(rows, beside, refused)
        after = rows[-1].id


def _beside(tx: Transaction, rows: list[EntryRow]) -> Beside:
    ids = [row.id for row in rows]
    return Beside(twins.originals(tx, ids), previews.columns_of(tx, ids))


def _documents_of(rows: Iterable[EntryRow], beside: Beside, refused: dict[str, str]) -> Iterator[Document]:
    """The rows as documents. One that we cannot make goes to `refused`, logged, and holds up no other."""
    today = clock.now().date()
    for row in rows:
        try:
            yield document(row, beside.originals.get(row.id), beside.columns.get(row.id, ()), today=today)
        except Exception as error:
            log.exception("document.failed", id=row.id, name=row.name)
            refused[row.id] = f"No document can be made of it: {error!r}"
