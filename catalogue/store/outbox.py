"""What the index does not know yet: every entry whose revision is not the one last indexed."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import bindparam, func, select, update

from .codec import upsert
from .database import Transaction
from .entries import LIVE, by_ids
from .rows import EntryRow
from .tables import assessments, counters, entries

LATE = "late"
"""The counter of days."""

_WAITING = entries.c.revision != entries.c.indexed_revision


def waiting(tx: Transaction) -> int:
    """How many entries wait to be indexed or taken out of the index."""
    return tx.execute(select(func.count()).select_from(entries).where(_WAITING)).scalar_one()


def batch(tx: Transaction, after: int, limit: int) -> tuple[list[EntryRow], dict[str, int], int]:
    """Of the oldest changes beyond revision `after`: live entries, ids with revision of removed ones, last revision."""
    query = select(entries.c.id, entries.c.revision, entries.c.removed).where(_WAITING, entries.c.revision > after)
    rows = tx.execute(query.order_by(entries.c.revision).limit(limit)).all()
    live = by_ids(tx, (row.id for row in rows if row.removed is None))
    gone = {row.id: row.revision for row in rows if row.removed is not None}
    return live, gone, max((row.revision for row in rows), default=after)


def removed_waiting(tx: Transaction) -> dict[str, int]:
    """Removed entries whose removal the index does not know yet, with their revision."""
    query = select(entries.c.id, entries.c.revision).where(_WAITING, entries.c.removed.is_not(None))
    return {id: revision for id, revision in tx.execute(query)}  # noqa: C416 (rows, not pairs)


def mark(tx: Transaction, revisions: dict[str, int]) -> None:
    """These revisions are in the index now; an entry that changed since stays in the outbox."""
    statement = update(entries).where(entries.c.id == bindparam("key"), entries.c.revision == bindparam("number"))
    rows = [{"key": id, "number": revision} for id, revision in revisions.items()]
    if rows:
        tx.execute(statement.values(indexed_revision=bindparam("number")), rows)


def forget(tx: Transaction, ids: list[str]) -> None:
    """Puts entries back into the outbox."""
    tx.execute(update(entries).where(entries.c.id.in_(ids)).values(indexed_revision=0))


def late_until(tx: Transaction) -> int:
    """The day, as an ordinal, up to which those that became late were put back; 0 when that was never done."""
    return tx.execute(select(counters.c.value).where(counters.c.name == LATE)).scalar_one_or_none() or 0


def put_back_late(tx: Transaction, today: date) -> None:
    """Puts entries back into the outbox whose next update became overdue since this was last done."""
    last = date.fromordinal(max(late_until(tx), 1))
    late = select(assessments.c.entry_id).where(assessments.c.late_from > last, assessments.c.late_from <= today)
    tx.execute(update(entries).where(LIVE, entries.c.id.in_(late)).values(indexed_revision=0))
    upsert(tx, counters, [{"name": LATE, "value": today.toordinal()}])


def live(tx: Transaction, after: str, limit: int) -> list[EntryRow]:
    """Live entries in order of id, for building a whole index."""
    query = select(entries.c.id).where(LIVE, entries.c.id > after).order_by(entries.c.id).limit(limit)
    return by_ids(tx, tx.execute(query).scalars())


def live_revisions(tx: Transaction) -> dict[str, int]:
    """Every live id with its revision: what the index should hold."""
    return {id: revision for id, revision in tx.execute(select(entries.c.id, entries.c.revision).where(LIVE))}  # noqa: C416


def batches(rows: list[str], size: int) -> Iterator[list[str]]:
    """The rows in lists of at most `size`."""
    return (rows[start : start + size] for start in range(0, len(rows), size))
