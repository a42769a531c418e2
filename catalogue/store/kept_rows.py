"""The rows of a table that was looked into: one file of SQLite each, written once and then only asked.

What is asked is closed: columns by their place, comparisons of a list, values that are bound. Nothing of an address
ever becomes SQL.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from ..errors import DatastoreError, Unavailable

Value = str | int | float | None

SECONDS = 3.0
"""In which an answer must be found."""
LOOKS = 10_000
"""Steps of the database between two looks at the clock."""
DIFFERENT = 1000
"""Different values that are counted."""

COMPARISONS = {
    "eq": "{0} = ?",
    "ne": "{0} <> ?",
    "lt": "{0} < ?",
    "le": "{0} <= ?",
    "gt": "{0} > ?",
    "ge": "{0} >= ?",
    "contains": "instr(folded({0}), ?) > 0",
    "starts": "instr(folded({0}), ?) = 1",
    "empty": "{0} IS NULL",
    "filled": "{0} IS NOT NULL",
}
"""By their names in an address."""


class TooSlow(DatastoreError):
    """The answer takes too long to find."""


class Condition(NamedTuple):
    """What a row must be like."""

    place: int
    comparison: str
    value: Value = None


class Question(NamedTuple):
    """Which rows are wanted."""

    places: tuple[int, ...]
    """Of the columns, from 0."""
    conditions: tuple[Condition, ...] = ()
    order: tuple[tuple[int, bool], ...] = ()
    """Places of columns, each with whether it falls; what is empty comes last."""
    limit: int = 100
    offset: int = 0


class Measured(NamedTuple):
    """What a column holds."""

    filled: int
    distinct: int
    least: Value
    most: Value
    examples: tuple[Value, ...]


def write(file: Path, width: int, rows: Iterable[Sequence[Value]]) -> int:
    """Writes the rows of a table; how many."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        db.execute(f"CREATE TABLE t ({', '.join(map(_column, range(width)))})")
        db.executemany(f"INSERT INTO t VALUES ({', '.join('?' * width)})", rows)  # noqa: S608 (places only)
        db.execute("COMMIT")
        (count,) = db.execute("SELECT count(*) FROM t").fetchone()
        return int(count)


def measure(file: Path, place: int, *, is_ordered: bool) -> Measured:
    """What a column holds; the least and the most of one whose values have an order."""
    one = _column(place)
    with _opened(file, seconds=600) as db:
        filled, least, most = db.execute(f"SELECT count({one}), min({one}), max({one}) FROM t").fetchone()  # noqa: S608
        different = db.execute(
            f"SELECT DISTINCT {one} FROM t WHERE {one} IS NOT NULL LIMIT {DIFFERENT}"  # noqa: S608
        ).fetchall()
    examples = tuple(row[0] for row in different[:3])
    if not is_ordered:
        least = most = None
    return Measured(filled, len(different), least, most, examples)


def ask(file: Path, question: Question) -> tuple[int, list[tuple[Value, ...]]]:
    """How many rows are like that, and those that are wanted. Raises `TooSlow`, and `Unavailable` when the rows
    are kept no more."""
    where, values = _where(question.conditions)
    order = ", ".join(
        f"{_column(place)} IS NULL, {_column(place)} {'DESC' if falls else 'ASC'}" for place, falls in question.order
    )
    wanted = ", ".join(map(_column, question.places))
    with _opened(file) as db:
        (count,) = db.execute(f"SELECT count(*) FROM t{where}", values).fetchone()  # noqa: S608
        rows = db.execute(
            f"SELECT {wanted} FROM t{where} ORDER BY {order + ', ' if order else ''}rowid LIMIT ? OFFSET ?",  # noqa: S608
            (*values, question.limit, question.offset),
        ).fetchall()
    return int(count), rows


def _where(conditions: Sequence[Condition]) -> tuple[str, tuple[Value, ...]]:
    if not conditions:
        return "", ()
    said = [COMPARISONS[one.comparison].format(_column(one.place)) for one in conditions]
    values = tuple(one.value for one, text in zip(conditions, said, strict=True) if "?" in text)
    return f" WHERE {' AND '.join(said)}", values


def _column(place: int) -> str:
    return f"c{place:d}"


@contextmanager
def _opened(file: Path, seconds: float = SECONDS) -> Iterator[sqlite3.Connection]:
    end = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            db.set_progress_handler(lambda: time.monotonic() > end, LOOKS)
            db.create_function("folded", 1, folded, deterministic=True)
            yield db
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise TooSlow("The answer takes too long to find.") from error
        raise Unavailable("The rows of this file are not kept at the moment; they will be read again.") from error
    except sqlite3.DatabaseError as error:
        raise Unavailable("The rows of this file are not kept at the moment; they will be read again.") from error


def folded(value: Value) -> str | None:
    """As words are compared: capitals do not matter."""
    return None if value is None else str(value).casefold()
