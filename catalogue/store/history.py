"""What changed of each entry, for everybody: kept longer than the runs that saw it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, delete, func, select

from dcat.differences import Difference

from .database import Transaction
from .outcome import Outcome
from .tables import address_uses, addresses, history, runs

OF_ENTRY = 200
"""Changes of an entry that are kept, newest first."""
DATA = "DATA"
"""What stands in the place of an outcome where not the description changed, but the file behind it."""


class HistoryRow(NamedTuple):
    """One change of an entry."""

    id: int
    at: datetime
    run: int | None
    """The reading that saw it, while it is kept."""
    what: str
    """CHANGED, RESTORED or REMOVED as the outcome of a record; DATA for a file that is another one."""
    field: str
    """Path of the property; for DATA the address of the file; empty when not a field changed."""
    before: str
    """The beginning of what was said; for DATA the size in bytes."""
    after: str


def add(
    tx: Transaction,
    told: Iterable[tuple[str, str, Iterable[Difference]]],
    moment: datetime,
    run_id: int | None = None,
) -> int:
    """Keeps what became of entries: (id, outcome, what differs). Returns rows written."""
    rows = [
        {
            "entry_id": entry_id,
            "at": moment,
            "run_id": run_id,
            "what": what,
            "field": one.field,
            "before": one.before,
            "after": one.after,
        }
        for entry_id, what, some in told
        for one in some or ((Difference("", "", ""),) if what != Outcome.CHANGED else ())
    ]
    if rows:
        tx.execute(history.insert(), rows)
    return len(rows)


def add_data(tx: Transaction, key: bytes, url: str, sizes: tuple[str, str], moment: datetime) -> None:
    """Keeps that the file at an address is another one, for each entry that leads to it."""
    query = select(address_uses.c.entry_id).join(addresses, addresses.c.key == address_uses.c.key)
    users = tx.execute(query.where(address_uses.c.key == key, address_uses.c.use == "file")).scalars()
    add(tx, [(id, DATA, (Difference(url, *sizes),)) for id in users], moment)


def of_entry(tx: Transaction, entry_id: str, offset: int, limit: int) -> list[HistoryRow]:
    """Changes of an entry, newest first."""
    rows = tx.execute(_OF_ENTRY, {"entry": entry_id, "offset": offset, "limit": limit})
    return [HistoryRow(row.id, row.at, row.kept, row.what, row.field, row.before, row.after) for row in rows]


_OF_ENTRY = (  # made once: the page of each entry asks it
    select(history, runs.c.id.label("kept"))
    .outerjoin(runs, runs.c.id == history.c.run_id)
    .where(history.c.entry_id == bindparam("entry"))
    .order_by(history.c.id.desc())
    .offset(bindparam("offset", type_=Integer))
    .limit(bindparam("limit", type_=Integer))
)


def settled(tx: Transaction, moment: datetime) -> int:
    """The number of the newest change that was written by then, so that none with a lower number comes after it."""
    query = select(history.c.id).where(history.c.at <= moment).order_by(history.c.id.desc()).limit(1)
    return int(tx.execute(query).scalar_one_or_none() or 0)


def touched(tx: Transaction, after: int, until: int) -> list[tuple[str, str]]:
    """(entry, what became of it) for the changes after one number until another, each once."""
    query = select(history.c.entry_id, history.c.what).where(history.c.id > after, history.c.id <= until)
    return [(row.entry_id, row.what) for row in tx.execute(query.distinct())]


def count(tx: Transaction, entry_id: str) -> int:
    """How many are kept."""
    return int(tx.execute(select(func.count()).select_from(history).where(history.c.entry_id == entry_id)).scalar_one())


def excess(tx: Transaction) -> list[int]:
    """The oldest changes of entries that have too many."""
    age = func.row_number().over(partition_by=history.c.entry_id, order_by=history.c.id.desc()).label("age")
    numbered = select(history.c.id, age).subquery()
    return sorted(tx.execute(select(numbered.c.id).where(numbered.c.age > OF_ENTRY)).scalars())


def forget(tx: Transaction, ids: Iterable[int]) -> None:
    """Deletes these changes."""
    tx.execute(delete(history).where(history.c.id.in_(list(ids))))
