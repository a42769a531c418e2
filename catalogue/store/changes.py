"""What changed in the catalogue, in the order in which it did: every entry once, with its newest change.

Numbers are given under the writers' lock and grow from change to change, so whoever goes on after the last number that
he read misses nothing and reads nothing twice, whatever is written meanwhile.
"""

from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from .database import Transaction
from .outcome import Outcome
from .rows import ChangeRow
from .tables import entries, outcomes

_CHANGES = (
    select(entries, outcomes.c.outcome)
    .outerjoin(outcomes, outcomes.c.id == entries.c.revision)
    .order_by(entries.c.revision)
)


class Range(NamedTuple):
    """Changes whose numbers lie between two multiples of a size; when all are given, it loses what changes again."""

    page: int
    """Holds the numbers from `page * size + 1` to `(page + 1) * size`."""
    first: int
    last: int
    """Numbers of the first and the last change in it."""


def after(tx: Transaction, number: int, limit: int) -> list[ChangeRow]:
    """At most `limit` changes beyond that number, removed entries among them."""
    return _rows(tx, _CHANGES.where(entries.c.revision > number).limit(limit))


def ranges(tx: Transaction, size: int) -> list[Range]:
    """All ranges of so many numbers in which there is a change."""
    page = (entries.c.revision - 1) // size
    query = select(page, func.min(entries.c.revision), func.max(entries.c.revision)).group_by(page).order_by(page)
    return [Range(*row) for row in tx.execute(query)]


def within(tx: Transaction, page: int, size: int) -> list[ChangeRow]:
    """The changes of one range."""
    return _rows(tx, _CHANGES.where(entries.c.revision.between(page * size + 1, (page + 1) * size)))


def _rows(tx: Transaction, query: Select[Any]) -> list[ChangeRow]:
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
