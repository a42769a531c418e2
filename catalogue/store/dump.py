"""The whole store as plain rows, table by table: out of one database and into another one, of either kind.

A dump is put back into tables of the version it was made with; only then are they brought up to date, as those of the
database that it came from would have been.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    TableClause,
    column,
    delete,
    exists,
    func,
    inspect,
    select,
    table,
    type_coerce,
    update,
)
from sqlalchemy.types import TypeEngine

from . import previews, schema
from .database import Transaction
from .tables import counters, metadata, runs
from .types import PACKED

Row = Sequence[Any]

PASSED_OVER = ("leases", "uses", "sessions", "rehearsals", "looked", "previews")
"""Who is at which work now, asks how often, tries what, or is signed in, means nothing anywhere else; what was seen of
files is nothing without the rows in the data folder, and is seen again."""
BLANK = ("counters", "moments", *PASSED_OVER)
"""Tables that may hold something in a database that holds nothing yet."""
READ = 100
"""Rows that are fetched together."""
VERSION = "alembic_version"


def columns() -> dict[str, tuple[str, ...]]:
    """The tables that are dumped, each after those that it refers to, with the names of their columns."""
    return {
        str(one.name): tuple(map(str, one.columns.keys()))
        for one in metadata.sorted_tables
        if one.name not in PASSED_OVER
    }


def rows(tx: Transaction, name: str) -> Iterator[Row]:
    """Every row of a table, a few at a time; what is packed stays so."""
    query = select(*(_as_kept(one) for one in metadata.tables[name].columns)).execution_options(
        stream_results=True, yield_per=READ
    )
    with tx.execute(query) as found:
        for row in found:
            yield tuple(row)


def _as_kept(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, LargeBinary) if isinstance(column.type, PACKED) else column


def is_blank(tx: Transaction) -> bool:
    """True for a database in which nothing of ours is kept, whether it has the tables or not."""
    there = set(inspect(tx).get_table_names())
    kept = [name for name in metadata.tables if name in there and name not in BLANK]
    return not any(tx.execute(select(exists(select(1).select_from(table(name))))).scalar_one() for name in kept)


def number(tx: Transaction) -> int:
    """The number of the store (`revisions`), whatever version its tables are of; 0 without any."""
    if str(counters.name) not in inspect(tx).get_table_names():
        return 0
    return tx.execute(select(counters.c.value).where(counters.c.name == "revision")).scalar_one_or_none() or 0


def clear(tx: Transaction, version: str) -> None:
    """Puts empty tables of that version in the place of ours, whatever they hold. Those of others are left alone."""
    there = set(inspect(tx).get_table_names())
    for one in reversed(metadata.sorted_tables):
        if one.name in there:
            one.drop(tx)
    if VERSION in there:
        tx.execute(delete(table(VERSION)))
    schema.upgrade(tx, version)


def unknown(tx: Transaction, named: Mapping[str, Sequence[str]]) -> list[str]:
    """Of the tables and columns, those that the database does not have."""
    there = {name: {one["name"] for one in inspect(tx).get_columns(name)} for name in inspect(tx).get_table_names()}
    return [f"{name}.{one}" for name, wanted in named.items() for one in wanted if one not in there.get(name, set())]


class Loader:
    """Puts rows of one table into the database."""

    def __init__(self, tx: Transaction, name: str, names: Sequence[str]) -> None:
        types: dict[str, TypeEngine[Any]] = {one["name"]: one["type"] for one in inspect(tx).get_columns(name)}
        self._tx, self._names = tx, names
        self._table: TableClause = table(name, *(column(one, types[one]) for one in names))
        self._made = [_maker(types[one]) for one in names]
        tx.execute(delete(self._table))

    def load(self, rows: Iterable[Row]) -> None:
        """Inserts them. What JSON cannot say stands in them as text."""
        values = [
            {
                name: None if cell is None else made(cell)
                for name, made, cell in zip(self._names, self._made, row, strict=True)
            }
            for row in rows
        ]
        self._tx.execute(self._table.insert(), values)


def finish(tx: Transaction, before: int) -> None:
    """Brings the tables up to date, lets numbers go on after the highest, and ends what another process was at.

    `before`: the number of the store that was here. What was remembered, written or told of it by number is of another
    store now, so none of its numbers is given again.
    """
    schema.upgrade(tx)
    tx.execute(delete(counters).where(counters.c.name == previews.NOTED))  # it is of a table that is passed over
    is_behind = (counters.c.name == "revision") & (counters.c.value <= before)
    tx.execute(update(counters).where(is_behind).values(value=before + 1))
    for one in metadata.sorted_tables:
        if tx.dialect.name == "postgresql" and (numbered := one.autoincrement_column) is not None:
            _go_on(tx, numbered)
    tx.execute(update(runs).where(runs.c.state == "running").values(worker="", lease=runs.c.started))


def _go_on(tx: Transaction, numbered: Column[Any]) -> None:
    sequence = func.pg_get_serial_sequence(numbered.table.name, numbered.name)
    if tx.execute(select(sequence)).scalar_one():
        tx.execute(
            select(func.setval(sequence, select(func.coalesce(func.max(numbered), 0) + 1).scalar_subquery(), False))
        )


def _maker(type: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What makes a value of the column of what JSON says."""
    return _MAKERS.get(type.python_type, _as_it_is)


def _as_it_is(value: Any) -> Any:
    return value


_MAKERS: dict[type, Callable[[Any], Any]] = {
    bytes: b64decode,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}
