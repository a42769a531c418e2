"""The feeds as files: written when something was published, a few formats at a time, so that nothing waits long."""

import time
from datetime import datetime, timedelta

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep
from .harvests import Harvests

PATIENCE = timedelta(minutes=30)
"""For so long they wait for harvests that go on, since each of these would make them old again."""

SLICE = 15.0
"""Seconds after which no other format is begun: the rest is another piece of work."""

log = structlog.get_logger(__name__)


class Feeding(Upkeep):
    """Writes the whole catalogue in the formats that are not there."""

    name = "feeds"
    leaves_room = True
    patience = timedelta(minutes=10)

    def due(self, moment: datetime) -> Due | None:
        """The formats of which there is no file of what is published now."""
        files = self.catalogue.feed_files
        if not (missing := files.missing()):
            return None
        last = files.written()
        is_early = last is None or moment - last < PATIENCE
        return None if is_early and self._is_harvested(moment) else Due(len(missing), moment)

    def work(self, hold: Hold, stop: Stop) -> None:
        """One after the other, until it takes long."""
        end = time.monotonic() + SLICE
        while ending := self.catalogue.feed_files.write(hold, stop):
            log.info("feed.written", format=ending)
            if time.monotonic() > end:
                break

    def _is_harvested(self, moment: datetime) -> bool:
        return bool(Harvests(self.catalogue).due(moment) or self.catalogue.runs.is_any())
