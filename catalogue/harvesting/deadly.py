"""Records that kill the worker which reads them: left out by name, while the rest goes on (F-24).

Documents are parsed in a process of their own; what kills the worker itself nobody foresaw. After a death the next run
of the source notes before each record that it reads it. One at which two of them died is not read until it changes.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..store import runs
from ..store.database import Database, Transaction

TWICE = 2


class Watch(NamedTuple):
    """How a run looks out for them."""

    is_careful: bool = False
    """True to note of each record that it is read now."""
    deadly: frozenset[str] = frozenset()
    """Records (identifiers) that are not read."""

    @contextmanager
    def reading(self, database: Database, run: int, identifier: str) -> Iterator[bool]:
        """While a record is read by a run; False when it may not be."""
        may_read = identifier not in self.deadly
        if not (self.is_careful and may_read):
            yield may_read
            return
        database.write_again(lambda tx: runs.note_reading(tx, run, identifier))
        yield True
        database.write_again(lambda tx: runs.note_reading(tx, run, ""))


UNWATCHED = Watch()


def watch(tx: Transaction, source_id: str, run: int) -> Watch:
    """How the run of a source is to look out, after those before it."""
    died = runs.deaths(tx, source_id, run)
    named = Counter(one.error_where for one in died if one.error_where)
    return Watch(bool(died), frozenset(where for where, times in named.items() if times >= TWICE))
