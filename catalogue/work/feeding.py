"""The feeds as files: written when something was published, a few formats at a time, so that nothing waits long; then
their pages, of which most lie there already."""

import time
from datetime import datetime, timedelta

import structlog

from .. import clock
from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep
from .harvests import Harvests

PATIENCE = timedelta(minutes=30)
"""For so long they wait for harvests that go on, since each of these would make them old again."""

REST = timedelta(minutes=10)
"""Between two times that pages are written: an entry more or less moves the ends of all pages behind it, so where much
is published they would be written all day."""

SLICE = 15.0
"""Seconds after which no other format is begun: the rest is another piece of work."""

log = structlog.get_logger(__name__)


class Feeding(Upkeep):
    """Writes the whole catalogue in the formats that are not there, and its pages."""

    name = "feeds"
    leaves_room = True
    patience = timedelta(minutes=10)

    def due(self, moment: datetime) -> Due | None:
        """The formats of which there is no file of what is published now, and the pages, as one."""
        files = self.catalogue.feed_files
        if not (pieces := len(files.missing()) + self._wants_pages(moment)):
            return None
        last = files.written()
        is_early = last is None or abs(moment - last) < PATIENCE  # far ahead is a clock that was wrong
        return None if is_early and self._is_harvested(moment) else Due(pieces, moment)

    def work(self, hold: Hold, stop: Stop) -> None:
        """One after the other, until it takes long."""
        end = time.monotonic() + SLICE
        while ending := self.catalogue.feed_files.write(hold, stop):
            log.info("feed.written", format=ending)
            if time.monotonic() > end:
                return
        if self._wants_pages(clock.now()):
            log.info("feed.pages_written", pages=self.catalogue.feed_pages.write(hold, stop))

    def _wants_pages(self, moment: datetime) -> bool:
        pages = self.catalogue.feed_pages
        last = pages.written()
        return pages.is_behind() and (last is None or abs(moment - last) >= REST)

    def _is_harvested(self, moment: datetime) -> bool:
        return bool(Harvests(self.catalogue).due(moment) or self.catalogue.runs.is_any())
