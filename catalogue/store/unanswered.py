"""Words that found nothing: counted under a keyed hash, and written down once they are nobody's in particular."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, case, delete, func, select

from .codec import insert
from .database import Transaction
from .tables import unanswered

ROWS_KEPT = 20_000


class Unanswered(NamedTuple):
    """Words that nothing was found by."""

    words: str
    """In small letters, without accents."""
    times: int
    first: str
    last: str
    """Days on which they were first and last asked for, ISO 8601."""


def add(tx: Transaction, asked: Mapping[bytes, tuple[str, int]], day: date, days: int) -> None:
    """Counts: hash → (words, times). The words are written down when they were asked for on so many `days`."""
    if not asked:
        return
    today = day.isoformat()
    table = unanswered.c
    statement = insert(tx, unanswered).values(
        key=bindparam("hash"), words="", times=bindparam("more"), days=1, first=today, last=today
    )
    counted = table.days + case((table.last < today, 1), else_=0)
    changed = {
        "times": table.times + statement.excluded.times,
        "days": counted,
        "last": today,
        "words": case((counted >= days, bindparam("said")), else_=table.words),
    }
    ordered = sorted(asked.items())  # two processes count at once: each locks in the same order
    rows = [{"hash": key, "said": words, "more": times} for key, (words, times) in ordered]
    tx.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed), rows)
    _bound(tx)


def published(tx: Transaction, limit: int) -> list[Unanswered]:
    """Those that were written down, most asked for first."""
    table = unanswered.c
    rows = select(table.words, table.times, table.first, table.last).where(table.words != "")
    return [Unanswered(*row) for row in tx.execute(rows.order_by(table.times.desc(), table.words).limit(limit))]


def forget(tx: Transaction, before: date, limit: int) -> int:
    """Removes words that were last asked for before that day, at most so many. Returns how many."""
    old = select(unanswered.c.key).where(unanswered.c.last < before.isoformat()).limit(limit)
    return tx.execute(delete(unanswered).where(unanswered.c.key.in_(old))).rowcount


def _bound(tx: Transaction) -> None:
    """Keeps the table small whatever is asked: those asked for on the fewest days, and least often, go
    first."""
    table = unanswered.c
    if (over := tx.execute(select(func.count()).select_from(unanswered)).scalar_one() - ROWS_KEPT) > 0:
        least = select(table.key).order_by(table.days, table.times, table.last, table.key).limit(over)
        tx.execute(delete(unanswered).where(table.key.in_(least)))
