"""The history of entries."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

from ..store import history
from ..store.counting import number
from ..store.database import Database
from ..store.history import HistoryRow


class Event(NamedTuple):
    """What changed of an entry at one moment."""

    at: datetime
    run: int | None
    """The reading that saw it, while its report is kept; None also for what somebody sent, or we measured."""
    changes: tuple[HistoryRow, ...]

    @property
    def id(self) -> int:
        """The number of its newest change."""
        return max(one.id for one in self.changes)


class History:
    """What changed of entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_entry(self, id: str, *, offset: int = 0, limit: int = 100) -> tuple[int, list[HistoryRow]]:
        """How many changes of an entry (id) are kept, and some of them, newest first."""
        with self._database.read() as tx:
            rows = history.of_entry(tx, id, offset, limit)
            return number(rows, offset, limit, partial(history.count, tx, id)), rows


def events(rows: Iterable[HistoryRow]) -> Iterator[Event]:
    """Changes, newest first, by the moment at which they were seen."""
    for (at, run), some in groupby(rows, key=lambda row: (row.at, row.run)):
        yield Event(at, run, tuple(sorted(some, key=lambda row: row.id)))
