"""Who follows which entry by mail."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Row, Select, delete, func, select, update

from .codec import insert
from .database import Transaction
from .tables import assessments, entries, follows, history

ASKED, WAITING, ON = "asked", "waiting", "on"
"""ASKED: the letter that asks whether they mean it is to be sent; WAITING: it was; ON: they do."""


class FollowRow(NamedTuple):
    """One who follows an entry."""

    id: int
    entry_id: str
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
    kind: str
    name: str
    title: bytes
    """JSON of the texts."""
    removed: datetime | None
    reason: str
    late_from: date | None


def add(tx: Transaction, entry_id: str, address: str, *, language: str, nonce: bytes, moment: datetime) -> None:
    """Somebody may want to follow an entry; nothing when they do or are being asked."""
    row = {
        "entry_id": entry_id,
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
    """How many entries an address follows, and of how many it has not confirmed that it does."""
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


def taken(tx: Transaction, moment: datetime, again: datetime, limit: int) -> list[FollowRow]:
    """Those that are to be looked at; whoever sees not the end of it looks again then."""
    ids = list(
        tx.execute(
            select(follows.c.id).where(follows.c.due <= moment).order_by(follows.c.due, follows.c.id).limit(limit)
        ).scalars()
    )
    tx.execute(update(follows).where(follows.c.id.in_(ids)).values(due=again))
    return [_row(row) for row in tx.execute(_whole().where(follows.c.id.in_(ids)).order_by(follows.c.id))]


def change(tx: Transaction, id: int, **values: object) -> None:
    """Sets columns."""
    tx.execute(update(follows).where(follows.c.id == id).values(values))


def postpone(tx: Transaction, id: int, until: datetime) -> None:
    """Nothing is sent before then, to nobody."""
    is_due = (follows.c.due < until) | (follows.c.id == id)
    tx.execute(update(follows).where(is_due).values(due=until))


def newest(tx: Transaction, entry_id: str) -> int:
    """The number of the newest change of an entry; 0 when it never changed."""
    return int(tx.execute(select(func.max(history.c.id)).where(history.c.entry_id == entry_id)).scalar_one() or 0)


def remove(tx: Transaction, id: int) -> None:
    """They follow no more, and nothing of them is kept."""
    tx.execute(delete(follows).where(follows.c.id == id))


def remove_unconfirmed(tx: Transaction, id: int) -> None:
    """The same, unless they said yes meanwhile."""
    tx.execute(delete(follows).where(follows.c.id == id, follows.c.state == WAITING))


def _whole() -> Select[tuple[object, ...]]:
    columns = (entries.c.kind, entries.c.name, entries.c.title, entries.c.removed, entries.c.reason)
    query = select(follows, *columns, assessments.c.late_from).join(entries, entries.c.id == follows.c.entry_id)
    return query.outerjoin(assessments, assessments.c.entry_id == entries.c.id)


def _row(row: Row[tuple[object, ...]]) -> FollowRow:
    return FollowRow(*(getattr(row, name) for name in FollowRow._fields))
