"""Many new rows at once: PostgreSQL takes them by COPY, which costs the server and this process less than an INSERT of
each, and whoever writes is waited for."""

from collections.abc import Callable, Container, Iterator
from typing import Any, cast

from sqlalchemy import Column, Table
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from .codec import upsert
from .database import Transaction

MANY = 50
"""Rows from which on it pays."""


def add(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> int:
    """Inserts rows that are not there yet, all with the same columns; how many."""
    if len(rows) >= MANY and tx.dialect.name == "postgresql":
        _copy(tx, table, rows)
    elif rows:
        tx.execute(table.insert(), rows)
    return len(rows)


def put(
    tx: Transaction,
    table: Table,
    rows: list[dict[str, Any]],
    key: str,
    held: Container[str],
    *,
    keep: tuple[str, ...] = (),
) -> int:
    """Writes rows of which those with a key that is `held` are there already, and have it changed but for the columns
    in `keep`. Returns how many."""
    fresh: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    seen = set[str]()
    for row in rows:
        (others if row[key] in held or row[key] in seen else fresh).append(row)
        seen.add(row[key])
    return add(tx, table, fresh) + upsert(tx, table, others, keep=keep)


def _copy(tx: Transaction, table: Table, rows: list[dict[str, Any]]) -> None:
    """In the binary form of COPY: nothing is written as text here and read from it there, bodies least of all."""
    columns, quote = [table.c[name] for name in rows[0]], tx.dialect.identifier_preparer
    named = ", ".join(map(quote.format_column, columns))
    statement = f"COPY {quote.format_table(table)} ({named}) FROM STDIN (FORMAT BINARY)"
    errors = tx.dialect.loaded_dbapi.Error
    try:
        cursor = cast("Any", tx.connection.cursor())
        with cursor, cursor.copy(statement) as copy:
            copy.set_types([_name(column.type, tx.dialect) for column in columns])
            for row in _ready(tx, columns, rows):
                copy.write_row(row)
    except errors as error:  # as that of any other statement
        raise DBAPIError.instance(statement, None, error, errors, dialect=tx.dialect) from error


def _ready(tx: Transaction, columns: list[Column[Any]], rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    """The values of each row as our types of their columns make them; bytes stay bytes, which a statement must be told
    (`Binary`) and this form knows."""
    ready = {column.name: process for column in columns if (process := _process(column.type, tx.dialect))}
    for row in rows:
        yield [ready[name](value) if name in ready else value for name, value in row.items()]


def _name(type: TypeEngine[Any], dialect: Dialect) -> str:
    """What the database calls a type, without its length."""
    return type.compile(dialect).lower().partition("(")[0]


def _process(type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What a type of ours makes of a value, and then the one that it is made of; None for others."""
    if not isinstance(type, TypeDecorator):
        return None
    own, inner = type.process_bind_param, _process(type.impl_instance, dialect)
    if inner is None:
        return lambda value: own(value, dialect)
    return lambda value: inner(own(value, dialect))
