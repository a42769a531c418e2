"""Lists of what is and was in the catalogue, for those who keep a copy of it."""

from datetime import datetime
from functools import partial

from ..store import headers
from ..store.database import Database
from ..store.headers import Range
from ..store.remembered import Remembered
from ..store.rows import Header

BATCH = 1_000
"""Headers looked through at a time for those of a theme, which no column tells."""

__all__ = ["Headers", "Range"]


class Headers:
    """Reads headers, each list in order of id."""

    def __init__(self, database: Database) -> None:
        self._database, self._remembered = database, Remembered(database)

    def after(self, id: str, limit: int, chosen: Range, theme: str = "") -> list[Header]:
        """At most `limit` of them that come after an id.

        With a `theme` (IRI) those that have it, and all that were removed: of these nobody knows any more whether they
        had it, and to forget what one never had costs nothing.
        """
        if not theme:
            return self._batch(id, limit, chosen)
        found: list[Header] = []
        while len(found) < limit:
            batch = self._batch(id, BATCH, chosen)
            found += (one for one in batch if one.is_removed or theme in one.themes)
            if len(batch) < BATCH:
                break
            id = batch[-1].id
        return found[:limit]

    def of(self, id: str) -> Header | None:
        """The header of one entry, live or removed."""
        with self._database.read() as tx:
            return headers.by_id(tx, id)

    def count(self, chosen: Range) -> int:
        """How many there are; each part of a list tells it, so it is counted once for each state of the catalogue."""
        return self._remembered.ask(chosen, partial(headers.count, chosen=chosen))

    def first(self) -> datetime | None:
        """A moment before which nothing changed; None while there was never anything."""
        with self._database.read() as tx:
            return headers.first(tx)

    def _batch(self, id: str, limit: int, chosen: Range) -> list[Header]:
        with self._database.read() as tx:
            return headers.after(tx, id, limit, chosen)
