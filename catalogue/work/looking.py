"""Looking into the files of datasets as a chore."""

from datetime import datetime

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep

log = structlog.get_logger(__name__)


class Looking(Upkeep):
    """Fetches files and keeps what is seen of them. One worker at a time, so that no host is asked by many."""

    name = "previews"
    leaves_room = True

    def due(self, moment: datetime) -> Due | None:
        """Datasets that changed, or whose time has come."""
        found = self.catalogue.previews.due(moment, self.most) if self.catalogue.previews.is_wanted else None
        return Due(*found) if found else None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Dataset after dataset."""
        if files := self.catalogue.previews.look(hold, stop):
            log.info("previews.looked", files=files)
