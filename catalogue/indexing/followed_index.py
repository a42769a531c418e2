"""The index of this catalogue: opened when somebody asks for it, and kept in step with the store."""

import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

import structlog

from .. import clock
from ..search import open_index
from ..search.base import Document, Listing, Query, Results, SearchIndex, SearchUnavailable
from ..settings import Settings
from ..stopping import Stop
from ..store import outbox, revisions
from ..store.database import Database, Hold
from . import reduced, shadow
from .turns import Turns

log = structlog.get_logger(__name__)

AWAY_SECONDS = 600
"""For so long a part of the index that is on no server is waited for, before all is built anew: that takes hours where
the catalogue is large."""


class FollowedIndex:
    """Searches, and follows what changed."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._index: SearchIndex | None = None
        self._opening = threading.Lock()
        self._following = threading.Lock()
        """One thread follows at a time; between processes the engine's own lock, or the worker's lease, sees to it."""
        self._turns = Turns(settings.data_dir / "indexing.lock")
        self._generation = ""
        self._away_since: float | None = None
        """When it was first seen that a part of the index is on no server."""
        self._is_reduced = False
        """True while searches are answered without the index."""
        self._changes = self._changes_searched = 0
        """How often the catalogue was seen to have changed, and how often when search last looked at its index."""

    def search(self, query: Query) -> Results:
        """The entries that match, as new as `generation` last said. Raises `BadQuery`, `SearchUnavailable`."""
        return self._newest().search(query)

    def listed(self, query: Query) -> Listing:
        """The documents of a page of them (`SearchIndex.listed`). Raises the same."""
        return self._newest().listed(query)

    def _newest(self) -> SearchIndex:
        index, changes = self.engine, self._changes
        if self._changes_searched != changes:
            index.generation()  # looks at the newest state, which an engine may otherwise do a second later
            self._changes_searched = changes
        return index

    def search_anyway(self, query: Query) -> Results:
        """The same; while the index does not answer, what can be told without it (`reduced`)."""
        try:
            found = self.search(query)
        except SearchUnavailable as why:
            if not self._is_reduced:  # told once, not with every search
                log.warning("search.reduced", reason=str(why))
            self._is_reduced = True
            return reduced.search(self._database, query, why)
        self._is_reduced = False
        return found

    def generation(self) -> str:
        """A text that changes whenever anything that is shown does, and again when search knows it: for ETags.
        A search that begins later finds what this text stands for, or what is newer."""
        generation = str(revisions.glance(self._database))
        if generation != self._generation:
            self._generation = generation
            self._changes += 1
        return generation

    def is_usable(self) -> bool:
        """False when there is no index, or one that is damaged or does not answer."""
        return self.engine.status().get("state") == "ready"

    def ensure(self) -> None:
        """Builds the index when there is none that can be used. One of which a part is away is waited for, since its
        server may be starting. Raises `SearchUnavailable` then, and when none can be built."""
        status, now = self.engine.status(), time.monotonic()
        self._away_since = (self._away_since or now) if status["state"] == "away" else None
        if self._away_since and now - self._away_since < AWAY_SECONDS:
            raise SearchUnavailable(str(status["problem"]))
        if status["state"] != "ready":
            self.rebuild()

    def behind_since(self, today: date, most: int | None = None) -> tuple[int, datetime | None]:
        """How many entries wait to be indexed, counted to `most`, and since when; also when it is another day since it
        was asked what became overdue."""
        with self._database.read() as tx:
            count, since = outbox.waiting_since(tx, most)
            is_done = outbox.last_day(tx, outbox.LATE) == today.toordinal()
        return count, since or (None if is_done else clock.now())

    def catch_up(self, hold: Hold | None = None, stop: Stop | None = None, first: str = "") -> int:
        """Indexes what changed since it was last indexed, until it is stopped. Returns how many documents were written.

        `hold`: keeps the lease of whoever does it (`Database.fenced`). `first`: the source (id) with which it begins,
        by whoever harvested it; where another one indexes meanwhile, what else waits is left to him.
        """
        follow = partial(shadow.catch_up, self._held(hold), self.engine, stop or Stop())
        with self._following, self._turns.taken() as is_last:
            count = follow(first) if first else 0
            return count + follow() if not first or is_last() else count

    def rebuild(self) -> int:
        """Builds a new index from the store, swaps it in and indexes what changed meanwhile. Returns how many documents
        the new index held."""
        count = shadow.rebuild(self._database, self.engine)
        with self._database.read() as tx:
            is_behind = outbox.waiting(tx) > 0
        if is_behind:
            self.catch_up()
        return count

    def status(self) -> dict[str, object]:
        """What the engine says, how many entries wait to be indexed, and which cannot be: slug → why."""
        with self._database.read() as tx:
            waiting, refused = outbox.waiting(tx), outbox.refused(tx)
        return {**self.engine.status(), "waiting": waiting, "refused": refused}

    def documents(self) -> Iterator[Document]:
        """What the index should hold, read from the database; what cannot be made into a document is logged."""
        return shadow.documents(self._database, {})

    def reconcile(self) -> int:
        """Compares index and store entry by entry and mends what differs, as after a restore. Returns how many."""
        mended = shadow.reconcile(self._database, self.engine)
        self.catch_up()
        return mended

    def compared_on(self) -> int:
        """The day, as an ordinal, on which `reconcile_daily` last did so; 0 when it never did."""
        with self._database.read() as tx:
            return outbox.last_day(tx, outbox.RECONCILED)

    def reconcile_daily(self, hold: Hold | None = None) -> int:
        """The same, unless it was done today already; 0 then."""
        mended = shadow.reconcile_daily(self._held(hold), self.engine)
        self.catch_up(hold)
        return mended

    @property
    def engine(self) -> SearchIndex:
        """What the settings name, opened once."""
        with self._opening:
            if self._index is None:
                self._index = open_index(self._settings)
            return self._index

    def _held(self, hold: Hold | None) -> Database:
        return self._database.fenced(hold) if hold else self._database

    def close(self) -> None:
        """Gives back what was opened."""
        if self._index is not None:
            self._index.close()
