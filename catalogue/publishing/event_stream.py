"""The catalogue as a stream of events: what came in, changed and went, each entry with its newest change.

Pages are ranges of numbers. One whose numbers have all been given gains nothing any more, so it may be kept for ever;
what changes again leaves it for a later page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from ..errors import NotFound
from ..store import changes, moments, revisions
from ..store.database import Database
from ..store.outcome import Outcome
from ..store.rows import ChangeRow
from .feed import Feed

SIZE = 100
"""Numbers in a page."""


class EventPage(NamedTuple):
    """One page, from outside."""

    number: int
    first: datetime
    last: datetime
    """Moments of its first and last event."""


class Event(NamedTuple):
    """One event."""

    change: ChangeRow
    at: datetime
    """Later than that of every event before, whatever the dates of the entries are."""
    lines: str
    """The entry as N-Triples, complete in itself; nothing of one that went."""


class EventStream:
    """Reads events; each call sees one moment of the store."""

    def __init__(self, database: Database, feed: Callable[[], Feed]) -> None:
        """`feed`: gives what is published when it is read."""
        self._database, self._feed = database, feed

    def pages(self) -> list[EventPage]:
        """All pages that have an event, the oldest first."""
        with self._database.read() as tx:
            when = moments.given(tx)
            return [EventPage(one.page, when.of(one.first), when.of(one.last)) for one in changes.ranges(tx, SIZE)]

    def page(self, number: int) -> tuple[list[Event], bool]:
        """The events of a page, and whether it will gain none any more. Raises `NotFound` for one that is not begun."""
        with self._database.read() as tx:
            last, when = revisions.last(tx), moments.given(tx)
            if number * SIZE >= max(last, 1):
                raise NotFound(f"There is no page {number}; /ldes lists the pages.")
            found = changes.within(tx, number, SIZE)
        lines = dict(self._feed().each([one.id for one in found if one.what != Outcome.REMOVED]))
        events = [Event(one, when.of(one.number), lines.get(one.id, "")) for one in found]
        return [one for one in events if one.lines or one.change.what == Outcome.REMOVED], last >= (number + 1) * SIZE
