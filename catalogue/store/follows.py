"""Who follows which entry, or what a search finds, by mail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, delete, func, select, update

from .codec import insert
from .database import Transaction
from .tables import assessments, entries, follows, history

ASKED, WAITING, ON = "asked", "waiting", "on"
"""ASKED: the letter that asks whether they mean it is to be sent; WAITING: it was; ON: they do."""


class FollowRow(NamedTuple):
    """One who follows an entry, or a search."""

    id: int
    entry_id: str | None
    """None where a search is followed."""
    query: str
    """The parameters of the search; empty where an entry is followed."""
    known: bytes | None
    """What the search found when they were last told (`followers/lists.py`)."""
    address: str
    language: str
    nonce: bytes
    """From it and the installation's key comes what their links are signed with."""
    state: str
    attempts: int
    """Tries in a row to send a letter that failed."""
    seen: int
    """The number of the last change that they were told of."""
    late_told: date | None
    """The first overdue day that they were told of."""
    kind: str | None
    name: str | None
    title: bytes | None
    """JSON of the texts."""
    removed: datetime | None
    reason: str | None
    late_from: date | None


class Called(NamedTuple):
    """What an entry is called, live or removed."""

    kind: str
    name: str
    title: bytes
    """JSON of the texts."""
    removed: datetime | None


def add(
    tx: Transaction, address: str, *, entry_id: str | None, query: str, language: str, nonce: bytes, moment: datetime
) -> None:
    """Somebody may want to follow an entry or a search; nothing when they do or are being asked."""
    row = {
        "entry_id": entry_id,
        "query": query,
        "address": address,
        "language": language,
        "nonce": nonce,
        "created": moment,
        "due": moment,
        "state": ASKED,
        "attempts": 0,
        "seen": 0,
    }
    tx.execute(insert(tx, follows).values(row).on_conflict_do_nothing())


def numbers(tx: Transaction, address: str) -> tuple[int, int]:
    """How much an address follows, and of how much it has not confirmed that it does."""
    is_on = func.coalesce(func.sum((follows.c.state == ON).cast(follows.c.attempts.type)), 0)
    total, on = tx.execute(select(func.count(), is_on).where(follows.c.address == address)).one()
    return int(on), int(total) - int(on)


def by_id(tx: Transaction, id: int) -> FollowRow | None:
    """One of them."""
    row = tx.execute(_whole().where(follows.c.id == id)).first()
    return _row(row) if row else None


def due(tx: Transaction, moment: datetime) -> tuple[int, datetime | None]:
    """How many are to be looked at, and since when."""
    count, since = tx.execute(select(func.count(), func.min(follows.c.due)).where(follows.c.due <= moment)).one()
    return count, since


def taken(tx: Transaction, moment: datetime, again: datetime, limit: int) -> list[list[FollowRow]]:
    """What is to be looked at: each that is not confirmed for itself, all that an address follows together, for it gets
    one letter. Whoever sees not the end of it looks again then."""
    first = select(follows.c.id, follows.c.address, follows.c.state).where(follows.c.due <= moment)
    some = tx.execute(first.order_by(follows.c.due, follows.c.id).limit(limit)).all()
    boxes = {row.address for row in some if row.state == ON}
    mine = (follows.c.state == ON) & follows.c.address.in_(boxes)
    wanted = follows.c.id.in_([row.id for row in some]) | mine
    tx.execute(update(follows).where(wanted).values(due=again))
    rows = [_row(row) for row in tx.execute(_whole().where(wanted).order_by(follows.c.id))]
    together = [[row for row in rows if row.state == ON and row.address == box] for box in sorted(boxes)]
    return [*([row] for row in rows if row.state != ON), *filter(None, together)]


def rests_until(tx: Transaction, address: str) -> datetime | None:
    """Until when an address is not written to; None when it follows nothing."""
    query = select(func.max(follows.c.due)).where(follows.c.address == address, follows.c.state == ON)
    until: datetime | None = tx.execute(query).scalar_one()
    return until


def change(tx: Transaction, id: int, **values: object) -> None:
    """Sets columns."""
    tx.execute(update(follows).where(follows.c.id == id).values(values))


def postpone(tx: Transaction, ids: Iterable[int], until: datetime) -> None:
    """Nothing is sent before then, to nobody."""
    is_due = (follows.c.due < until) | follows.c.id.in_(list(ids))
    tx.execute(update(follows).where(is_due).values(due=until))


def newest(tx: Transaction, entry_id: str) -> int:
    """The number of the newest change of an entry; 0 when it never changed."""
    return int(tx.execute(select(func.max(history.c.id)).where(history.c.entry_id == entry_id)).scalar_one() or 0)


def called(tx: Transaction, ids: Iterable[str]) -> dict[str, Called]:
    """What entries are called, by id, also those that are removed."""
    query = select(entries.c.id, entries.c.kind, entries.c.name, entries.c.title, entries.c.removed)
    return {id: Called(*row) for id, *row in tx.execute(query.where(entries.c.id.in_(list(ids))))}


def remove(tx: Transaction, ids: Iterable[int]) -> None:
    """They follow no more, and nothing of them is kept."""
    tx.execute(delete(follows).where(follows.c.id.in_(list(ids))))


def remove_all(tx: Transaction, address: str) -> None:
    """An address follows nothing any more, and is forgotten."""
    tx.execute(delete(follows).where(follows.c.address == address))


def remove_unconfirmed(tx: Transaction, id: int) -> None:
    """The same for one, unless they said yes meanwhile."""
    tx.execute(delete(follows).where(follows.c.id == id, follows.c.state == WAITING))


def _whole() -> Select[tuple[object, ...]]:
    columns = (entries.c.kind, entries.c.name, entries.c.title, entries.c.removed, entries.c.reason)
    query = select(follows, *columns, assessments.c.late_from).outerjoin(entries, entries.c.id == follows.c.entry_id)
    return query.outerjoin(assessments, assessments.c.entry_id == entries.c.id)


def _row(row: Row[tuple[object, ...]]) -> FollowRow:
    return FollowRow(*(getattr(row, name) for name in FollowRow._fields))
