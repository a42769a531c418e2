"""The number that grows with every change of the store: what is published, what search knows of it, what was remarked.

It is one row, and grows in the transaction that changes something. So as long as it stays, everything that was read
may be said again (`remembered`)."""

from sqlalchemy import func, select, update

from .. import clock
from . import moments
from .database import Database, Transaction
from .tables import counters, entries


def lock(tx: Transaction) -> None:
    """Makes every other writer of entries wait until this transaction ends.

    What is looked up next (whose IRI is this, is that slug free) then still holds when it is written, and numbers
    become visible in their order. SQLite has one writer anyway.
    """
    tx.execute(update(counters).where(counters.c.name == "revision").values(value=counters.c.value))


def take(tx: Transaction, count: int) -> int:
    """The first of `count` numbers in a row; the writer locks first."""
    grown = update(counters).where(counters.c.name == "revision").values(value=counters.c.value + count)
    last: int = tx.execute(grown.returning(counters.c.value)).scalar_one()
    if count:
        moments.note(tx, last, clock.now())
    return last - count + 1


def last(tx: Transaction) -> int:
    """The number given last: whatever changes from now on gets a higher one."""
    found: int = tx.execute(select(counters.c.value).where(counters.c.name == "revision")).scalar_one()
    return found


def glance(database: Database) -> int:
    """The same outside of a transaction, at a small part of its cost: every answer of the web begins with it."""
    [number] = database.glance("SELECT value FROM counters WHERE name = 'revision'")
    return int(number)


def published(tx: Transaction) -> int:
    """The highest revision of any entry: it grows whenever something that is published does."""
    return tx.execute(select(func.max(entries.c.revision))).scalar_one() or 0
