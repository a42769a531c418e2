"""The dumps of each night as a chore."""

from datetime import datetime, timedelta

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep
from .harvests import Harvests
from .upkeep import daily

log = structlog.get_logger(__name__)


class Dumping(Upkeep):
    """Writes the whole catalogue into files, once a day."""

    name = "dumps"
    leaves_room = True
    patience = timedelta(hours=1)

    def due(self, moment: datetime) -> Due | None:
        """All of it, when there is none of today. The first one waits for the harvests that are due, lest it hold half
        of them for a day."""
        last = self.catalogue.dumps.made_on()
        is_early = not last and (Harvests(self.catalogue).due(moment) or not self.catalogue.dumps.is_anything())
        return None if is_early else daily(last, moment)

    def work(self, hold: Hold, stop: Stop) -> None:
        """Nobody waits for it but readers of yesterday's."""
        if day := self.catalogue.dumps.make(hold, stop):
            log.info("dumps.written", day=day)
