"""What the index does not know yet: every entry whose revision is not the one last offered to it.

Whoever indexes notes the number of the store, reads, writes the index and then marks what was written. `offered` tells
him what happened to an entry since that number: one that was put back into the outbox stays there.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from .codec import pack, upsert
from .counting import counted
from .database import Transaction
from .entries import LIVE, by_ids
from .revisions import take
from .rows import EntryRow
from .tables import assessments, counters, entries

LATE = "late"
RECONCILED = "reconciled"
TIDIED = "tidied"
"""Counters of days."""
SWEPT = "swept"
"""The counter of the newest entry when the nodes were last swept."""
MENDED = "mended"
"""The counter that changes when the index did although no entry had."""
SAVED = "saved"
"""The counter of the second (Unix time) in which the last backup began."""

_WAITING = entries.c.revision != entries.c.indexed_revision
_REFUSED = entries.c.refusal != literal_column("''")  # written out, as the index over these has it


def waiting(tx: Transaction) -> int:
    """How many entries wait to be indexed or taken out of the index."""
    return tx.execute(select(func.count()).select_from(entries).where(_WAITING)).scalar_one()


def waiting_since(tx: Transaction, most: int | None) -> tuple[int, datetime | None]:
    """The same, counted to `most`, and when the first of these came in."""
    return counted(tx, select(entries.c.updated).where(_WAITING).order_by(entries.c.revision), most)


def batch(tx: Transaction, after: int, limit: int, source_id: str = "") -> tuple[list[EntryRow], dict[str, int], int]:
    """Of the oldest changes beyond revision `after`, those of one source or all: live entries, ids with revision of
    removed ones, last revision."""
    query = select(entries.c.id, entries.c.revision, entries.c.removed).where(_WAITING, entries.c.revision > after)
    if source_id:
        query = query.where(entries.c.source_id.concat("") == source_id)  # so that the index of what waits is followed
    rows = tx.execute(query.order_by(entries.c.revision).limit(limit)).all()
    live = by_ids(tx, (row.id for row in rows if row.removed is None))
    gone = {row.id: row.revision for row in rows if row.removed is not None}
    return live, gone, max((row.revision for row in rows), default=after)


def refused(tx: Transaction) -> dict[str, str]:
    """Live entries that the index did not take: slug → why."""
    query = select(entries.c.name, entries.c.refusal).where(_REFUSED, LIVE)  # without an order that SQLite would follow
    return dict(sorted((name, why) for name, why in tx.execute(query)))


def mark(tx: Transaction, revisions: Mapping[str, int], refused: Mapping[str, str], seen: int) -> None:
    """These revisions were offered to the index, which refused some of them: id → why. What changed or was put back
    after the number `seen` stays in the outbox."""
    if not revisions:
        return
    statement = update(entries).where(entries.c.offered <= seen)
    statement = statement.values(indexed_revision=entries.c.revision, offered=take(tx, 1), refusal=bindparam("why"))
    if tx.dialect.name == "postgresql":  # with one statement, for others wait
        tx.execute(statement.where(_are_of(revisions.keys() - refused.keys(), revisions)), {"why": ""})
        revisions = {id: one for id, one in revisions.items() if id in refused}
    is_that = (entries.c.id == bindparam("key")) & (entries.c.revision == bindparam("revision_offered"))
    rows = [{"key": id, "revision_offered": one, "why": refused.get(id, "")} for id, one in revisions.items()]
    if rows:
        tx.execute(statement.where(is_that), rows)


def _are_of(ids: Iterable[str], revisions: Mapping[str, int]) -> ColumnElement[bool]:
    """Entries with these ids, each of the revision that it is named with."""
    named = literal(pack({id: revisions[id] for id in ids}).decode())
    each = func.json_each_text(cast(named, JSON)).table_valued("key", "value")
    return (entries.c.id == each.c.key) & (entries.c.revision == cast(each.c.value, BigInteger))


def mark_all(tx: Transaction, refused: Mapping[str, str], seen: int) -> None:
    """A new index holds all that was live at the number `seen`, but for what it refused. Whatever was changed, removed,
    offered or put back since was offered to the index before it: that goes into the outbox."""
    number = take(tx, 1)
    is_later = or_(entries.c.revision > seen, entries.c.offered > seen)
    _put_back(tx, is_later, number)
    is_stale = or_(_WAITING, _REFUSED)
    tx.execute(update(entries).where(not_(is_later), is_stale).values(indexed_revision=entries.c.revision, refusal=""))
    if refused:
        statement = update(entries).where(entries.c.id == bindparam("key"), entries.c.revision <= seen)
        rows = [{"key": id, "why": why} for id, why in refused.items()]
        tx.execute(statement.values(refusal=bindparam("why")), rows)
    note(tx, MENDED, number)


def forget(tx: Transaction, ids: list[str]) -> None:
    """Puts entries back into the outbox."""
    _put_back(tx, entries.c.id.in_(ids), take(tx, 1))


def _put_back(tx: Transaction, which: ColumnElement[bool], number: int) -> None:
    tx.execute(update(entries).where(which).values(indexed_revision=0, offered=number))


def mended(tx: Transaction) -> int:
    """A number that changes when the index did although no entry had: after a rebuild, and when it was mended."""
    return noted(tx, MENDED)


def note_mended(tx: Transaction) -> None:
    """Tells that the index changed although no entry had."""
    note(tx, MENDED, take(tx, 1))


def last_day(tx: Transaction, what: str) -> int:
    """The day, as an ordinal, on which something was last done; 0 when it never was."""
    return noted(tx, what)


def note_day(tx: Transaction, what: str, today: date) -> None:
    """Something was done today."""
    note(tx, what, today.toordinal())


def note(tx: Transaction, what: str, value: int) -> None:
    """Sets a counter."""
    upsert(tx, counters, [{"name": what, "value": value}])


def noted(tx: Transaction, what: str) -> int:
    """What a counter was set to; 0 when it never was."""
    return tx.execute(select(counters.c.value).where(counters.c.name == what)).scalar_one_or_none() or 0


def put_back_late(tx: Transaction, today: date) -> None:
    """Puts entries back into the outbox whose next update became overdue since this was last done, or is not yet, when
    it was done while the clock was ahead."""
    number = take(tx, 1)
    first, last = sorted((date.fromordinal(max(last_day(tx, LATE), 1)), today))
    late = select(assessments.c.entry_id).where(assessments.c.late_from > first, assessments.c.late_from <= last)
    _put_back(tx, LIVE & entries.c.id.in_(late), number)
    note_day(tx, LATE, today)


def live(tx: Transaction, after: str, limit: int) -> list[EntryRow]:
    """Live entries in order of id, for building a whole index."""
    query = select(entries.c.id).where(LIVE, entries.c.id > after).order_by(entries.c.id).limit(limit)
    return by_ids(tx, tx.execute(query).scalars())


def live_revisions(tx: Transaction) -> dict[str, int]:
    """Every live id with its revision: what the index should hold."""
    return {id: revision for id, revision in tx.execute(select(entries.c.id, entries.c.revision).where(LIVE))}  # noqa: C416
