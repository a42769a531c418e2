"""Looking into the files of datasets as a chore."""

from datetime import UTC, datetime

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep
from .upkeep import EVERY

log = structlog.get_logger(__name__)


class Looking(Upkeep):
    """Fetches files and keeps what is seen of them. One worker at a time, so that no host is asked by many."""

    name = "previews"
    leaves_room = True
    looked = datetime.min.replace(tzinfo=UTC)
    """When it was last seen that nothing is due: to find that out, all datasets are gone through."""

    def due(self, moment: datetime) -> Due | None:
        """Datasets that changed, or whose time has come."""
        if not self.catalogue.previews.is_wanted or moment - self.looked < EVERY:
            return None
        if found := self.catalogue.previews.due(moment):
            return Due(*found)
        self.looked = moment
        return None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Dataset after dataset."""
        if files := self.catalogue.previews.look(hold, stop):
            log.info("previews.looked", files=files)
