"""The index follows the store: what changed is put in, what was removed is taken out.

The outbox is the difference between an entry's revision and the one last indexed, so nothing is lost when the process
dies between the store and the index: the next call finds the same difference.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

import structlog

from . import clock, duplicates
from .document import document
from .search.base import Document, SearchIndex
from .store import outbox
from .store.database import Database
from .store.rows import EntryRow

log = structlog.get_logger(__name__)

BATCH = 500


def catch_up(database: Database, index: SearchIndex) -> int:
    """Indexes what changed since it was last indexed. Returns how many documents were put in or taken out."""
    put_back_late(database, clock.now().date())
    after = total = 0
    while True:
        with database.read() as tx:
            live, gone, last = outbox.batch(tx, after, BATCH)
            originals = duplicates.originals(tx, (row.id for row in live))
        if last == after:
            return total
        documents = list(_documents_of(live, originals))
        if documents:
            index.put(documents)
        if gone:
            index.remove(gone)
        done = gone | {one.id: one.revision for one in documents}
        database.write_again(partial(outbox.mark, revisions=done))
        after, total = last, total + len(done)


def put_back_late(database: Database, today: date) -> None:
    """What became late is indexed again: once a day, by whoever indexes first."""
    with database.read() as tx:
        is_done = outbox.late_until(tx) >= today.toordinal()
    if not is_done:
        database.write_again(partial(outbox.put_back_late, today=today))


def rebuild(database: Database, index: SearchIndex) -> int:
    """Builds a new index from the store and swaps it in; what changes meanwhile is caught up with afterwards."""
    with database.read() as tx:
        removed = outbox.removed_waiting(tx)  # first: one that is removed later may be in the new index already
    put: dict[str, int] = {}
    count = index.rebuild(_documents(database, put))
    database.write_again(partial(outbox.mark, revisions=put | removed))
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
    stale = [id for id, revision in wanted.items() if held.get(id) != revision]
    for batch in outbox.batches(stale, BATCH):
        database.write_again(partial(outbox.forget, ids=batch))
    return len(foreign) + len(stale)


def _documents(database: Database, put: dict[str, int]) -> Iterator[Document]:
    after = ""
    while True:
        with database.read() as tx:
            rows = outbox.live(tx, after, BATCH)
            originals = duplicates.originals(tx, (row.id for row in rows))
        if not rows:
            return
        for one in _documents_of(rows, originals):
            put[one.id] = one.revision
            yield one
        after = rows[-1].id


def _documents_of(rows: Iterable[EntryRow], originals: dict[str, EntryRow]) -> Iterator[Document]:
    """The rows as documents. One that we cannot make stays in the outbox, logged, and holds up no other."""
    today = clock.now().date()
    for row in rows:
        try:
            yield document(row, originals.get(row.id), today=today)
        except Exception:
            log.exception("document.failed", id=row.id, name=row.name)
