"""When numbers of the store were given (`revisions`): later numbers at later moments, whatever a clock does.

A run dates all its entries by its beginning, so their own dates do not follow each other as their numbers do.
"""

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select

from .database import Transaction
from .tables import moments

STEP = timedelta(microseconds=1)


class Moments(NamedTuple):
    """When each number was given."""

    last: list[int]
    """The last number that was given at each moment."""
    at: list[datetime]

    def of(self, number: int) -> datetime:
        """When that number was given. Raises `IndexError` for one that was not."""
        return self.at[bisect_left(self.last, number)]


def note(tx: Transaction, last: int, now: datetime) -> None:
    """Numbers up to that one are given now; the writer holds the lock."""
    before: datetime | None = tx.execute(select(func.max(moments.c.at))).scalar_one()
    tx.execute(moments.insert().values(last=last, at=max(now, before + STEP) if before else now))


def given(tx: Transaction) -> Moments:
    """All moments, the oldest first."""
    rows = tx.execute(select(moments.c.last, moments.c.at).order_by(moments.c.last)).all()
    return Moments([row.last for row in rows], [row.at for row in rows])


def thin(tx: Transaction, before: datetime) -> int:
    """Of each day before that moment keeps the last one. Returns how many are forgotten."""
    rows = tx.execute(select(moments.c.last, moments.c.at).where(moments.c.at < before).order_by(moments.c.last)).all()
    kept = {row.at.date(): row.last for row in rows}
    gone = [row.last for row in rows if kept[row.at.date()] != row.last]
    tx.execute(delete(moments).where(moments.c.last.in_(gone[:500])))
    return len(gone[:500])
