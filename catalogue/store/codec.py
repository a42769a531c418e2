"""How structs become bytes of a column."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    ColumnElement,
    LargeBinary,
    String,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from dcat.quality import Measure, Score, indicators

from .. import clock
from .database import Transaction
from .types import JsonBytes, JsonTexts, SafeText

T = TypeVar("T")


def pack(value: object) -> bytes:
    """JSON of a struct, tuple or dictionary."""
    return msgspec.json.encode(value)


def unpack(data: bytes, type: type[T]) -> T:
    """What `pack` was given."""
    return msgspec.json.decode(data, type=type)


Counts = dict[str, tuple[int, int, int]]
"""Fulfilled, counted and unknown, by indicator."""


def pack_score(score: Score) -> bytes:
    """The counts of a score."""
    return pack({one.code: (one.fulfilled, one.counted, one.unknown) for one in score.measures})


def unpack_score(data: bytes | None) -> Score | None:
    """What `pack_score` was given."""
    return None if data is None else score_of(unpack(data, Counts))


def score_of(counts: Counts) -> Score:
    """The score with these counts; what is no indicator any more is left out, one that is new was never measured."""
    return Score(tuple(Measure(code, *counts.get(code, (0, 0, 1))) for code in indicators()))


def among(tx: Transaction, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether a column has one of many values. PostgreSQL is given them as one: as a list each is a parameter of its
    own, which makes the statement long and another one for each number of them."""
    wanted = list(values)
    if tx.dialect.name != "postgresql":
        return column.in_(wanted)
    return _one_of(column, partial(literal, wanted))


def among_named(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The same for a statement that is made once for a dialect, and given the list under a name each time."""
    if dialect != "postgresql":
        return column.in_(bindparam(name, expanding=True))
    return _one_of(column, partial(bindparam, name))


def _one_of(column: ColumnElement[Any], given: Callable[..., BindParameter[Any]]) -> ColumnElement[bool]:
    if isinstance(column.type, String | SafeText):
        return column == any_(_array(given(type_=JsonTexts()), lambda text: text))
    if isinstance(column.type, LargeBinary):
        return column == any_(_array(given(type_=JsonBytes()), lambda text: func.decode(text, "hex")))
    return column == any_(given(type_=ARRAY(column.type)))


def _array(given: BindParameter[Any], value: Callable[[ColumnElement[Any]], ColumnElement[Any]]) -> ColumnElement[Any]:
    """The array of the values that stand as texts in a JSON array."""
    texts = func.json_array_elements_text(cast(given, JSON)).column_valued()
    return func.array(select(value(texts)).scalar_subquery())


def insert(tx: Transaction, table: Any) -> Any:
    """An INSERT in the dialect of the database, which can say what to do when the row is there already."""
    dialect = import_module(f"sqlalchemy.dialects.{tx.dialect.name}")  # of the other one nobody loads the 50 files
    return dialect.insert(table)


def upsert(tx: Transaction, table: Any, rows: list[dict[str, Any]], *, keep: tuple[str, ...] = ()) -> int:
    """Inserts rows, or replaces those with the same primary key except for the columns in `keep`; how many."""
    if not rows:
        return 0
    statement = insert(tx, table)
    keys = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in {*keys, *keep}}
    if fresh:
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)
    else:
        tx.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)
    return len(rows)


def database_time(tx: Transaction) -> datetime:
    """The database server's clock: the only one that all workers share. The embedded database has ours."""
    if tx.dialect.name == "sqlite":
        return clock.now()
    moment: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return moment
