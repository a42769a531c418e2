"""Moments that were written while the clock was ahead. When it is right again they would keep work waiting for as long
as it was wrong, a year perhaps."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Column, select, update

from .database import Transaction
from .tables import addresses, deliveries, follows, looked, sources

FARTHEST = timedelta(days=62)
"""Nothing but asking addresses, for which there is a setting, is planned so far ahead."""


class _Moment(NamedTuple):
    """A column, the latest that can be meant in it, and what is said instead of a later one."""

    column: Column[datetime]
    latest: datetime
    instead: datetime | None


def is_any(tx: Transaction, now: datetime, asked_every: timedelta) -> bool:
    """True when there is something to be put right; writes nothing. `asked_every`: how often addresses are asked."""
    return any(
        tx.execute(select(one.column).where(one.column > one.latest).limit(1)).first()
        for one in _moments(now, asked_every)
    )


def put_right(tx: Transaction, now: datetime, asked_every: timedelta) -> int:
    """What is planned for later than anything is planned is due now. Returns how many rows.

    Since when an entry is missing stays: of a clock that is behind it would be made too long ago, which removes."""
    return sum(
        tx.execute(
            update(one.column.table).where(one.column > one.latest).values({one.column.name: one.instead})
        ).rowcount
        for one in _moments(now, asked_every)
    )


def _moments(now: datetime, asked_every: timedelta) -> list[_Moment]:
    planned = [_Moment(column, now + FARTHEST, now) for column in (looked.c.due, follows.c.due, deliveries.c.due)]
    return [
        *planned,
        _Moment(addresses.c.due, now + FARTHEST + asked_every, now),
        _Moment(sources.c.retry_at, now + FARTHEST, None),
    ]
