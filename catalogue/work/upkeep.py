"""What keeps the house in order: the index follows the store and is compared with it, the store is tidied."""

from datetime import UTC, datetime, timedelta

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep

EVERY = timedelta(seconds=15)
"""How often a worker looks whether there is an index while nothing waits for it."""

log = structlog.get_logger(__name__)


class Following(Upkeep):
    """Indexes what changed. One worker at a time: the embedded index has one writer."""

    name = "index"
    patience = timedelta(seconds=10)
    looked = datetime.min.replace(tzinfo=UTC)
    """When it was last seen that there is an index."""

    def due(self, moment: datetime) -> Due | None:
        """Entries that wait to be indexed; everything, when the index is lost."""
        count, since = self.catalogue.index.behind_since(moment.date(), self.most)
        if since:
            return Due(count, since)
        if abs(moment - self.looked) < EVERY:
            return None
        if not self.catalogue.index.is_usable():
            return Due(1, moment)
        self.looked = moment
        return None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Builds an index where there is none, and indexes until nothing waits."""
        self.catalogue.index.ensure()
        if written := self.catalogue.index.catch_up(hold, stop):
            log.info("index.updated", documents=written)


class Comparing(Upkeep):
    """Compares all of the index with the store, once a day."""

    name = "compare"
    patience = timedelta(hours=1)

    def due(self, moment: datetime) -> Due | None:
        """The whole index, when it was not compared today."""
        return daily(self.catalogue.index.compared_on(), moment)

    def work(self, hold: Hold, stop: Stop) -> None:  # noqa: ARG002 (it takes seconds)
        """Mends what differs."""
        if mended := self.catalogue.index.reconcile_daily(hold):
            log.warning("index.reconciled", documents=mended)


class Tidying(Upkeep):
    """Forgets what nobody needs any more, once a day."""

    name = "tidy"
    patience = timedelta(hours=1)

    def due(self, moment: datetime) -> Due | None:
        """The whole store, when it was not tidied today."""
        return daily(self.catalogue.tidying.done_on(), moment)

    def work(self, hold: Hold, stop: Stop) -> None:
        """Step by step."""
        if forgotten := self.catalogue.tidying.all(hold, stop):
            log.info("store.tidied", entries=forgotten)


def daily(last: int, moment: datetime) -> Due | None:
    """What is done once a day and was last done on that day (ordinal, 0 for never)."""
    today = moment.toordinal()
    if last == today:
        return None
    is_known = 0 < last < today  # a day that is to come was noted while the clock was ahead
    return Due(1, datetime.fromordinal(last + 1).replace(tzinfo=UTC) if is_known else moment)
