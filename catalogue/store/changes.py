"""What changed in the catalogue, in the order in which it did: every entry once, with its newest change.

Numbers are given under the writers' lock and grow from change to change, so whoever goes on after the last number that
he read misses nothing and reads nothing twice, whatever is written meanwhile.
"""

from sqlalchemy import select

from .database import Transaction
from .outcome import Outcome
from .rows import ChangeRow
from .tables import entries, outcomes


def after(tx: Transaction, number: int, limit: int) -> list[ChangeRow]:
    """At most `limit` changes beyond that number, removed entries among them."""
    query = (
        select(entries, outcomes.c.outcome)
        .outerjoin(outcomes, outcomes.c.id == entries.c.revision)
        .where(entries.c.revision > number)
        .order_by(entries.c.revision)
        .limit(limit)
    )
    return [
        ChangeRow(
            number=row.revision,
            id=row.id,
            iri=row.iri,
            kind=row.kind,
            name=row.name,
            what=Outcome.REMOVED if row.removed else _what(row.outcome, is_new=row.created == row.updated),
            at=row.removed or row.updated,
        )
        for row in tx.execute(query)
    ]


def _what(outcome: str | None, *, is_new: bool) -> Outcome:
    """Of a live entry. Its outcome may be forgotten, or that of a person (a correction)."""
    if is_new:
        return Outcome.NEW
    return Outcome.RESTORED if outcome == Outcome.RESTORED else Outcome.CHANGED
