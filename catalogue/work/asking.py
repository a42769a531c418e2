"""Asking the addresses that entries lead to, as two chores: which there are, and what is there."""

from datetime import datetime, timedelta

import structlog

from ..leases import Held
from ..service import Catalogue
from ..stopping import Stop
from ..store.database import Hold
from .chore import Chore, Due, Upkeep, giving_back

PATIENCE = timedelta(minutes=1)
"""How long nobody asks a host again after a fault of ours."""
LONGEST = 128
"""Characters of the name of a piece."""

log = structlog.get_logger(__name__)


class Gathering(Upkeep):
    """Looks which addresses entries lead to that changed."""

    name = "addresses"

    def due(self, moment: datetime) -> Due | None:
        """All entries that changed since, when the settings let addresses be asked."""
        links = self.catalogue.links
        return Due(1, moment) if links.is_wanted and links.is_behind() else None

    def work(self, hold: Hold, stop: Stop) -> None:
        """A few hundred entries at a time."""
        if entries := self.catalogue.links.gather(hold, stop):
            log.info("addresses.gathered", entries=entries)


class Asking(Chore):
    """Asks the addresses of one host after the other; of one host only one worker does."""

    name = "links"
    leaves_room = True

    def due(self, moment: datetime) -> Due | None:
        """Addresses whose time has come."""
        found = self.catalogue.links.due(moment, self.most) if self.catalogue.links.is_wanted else None
        return Due(*found) if found else None

    def take(self, moment: datetime) -> "OneHost | None":
        """The host that waits longest and that nobody asks."""
        if self.due(moment) is None:
            return None
        for host in self.catalogue.links.hosts(moment):
            if (held := self.catalogue.leases.take(self.name, host[:LONGEST])) is not None:
                return OneHost(self.catalogue, host, held)
        return None


class OneHost:
    """Some addresses of one host."""

    def __init__(self, catalogue: Catalogue, host: str, held: Held) -> None:
        self.name, self._catalogue, self._host, self.held = f"links {host}", catalogue, host, held

    def do(self, stop: Stop) -> None:
        """Asks them; after a fault of ours the host is left alone for a while."""
        with giving_back(self.held, PATIENCE):
            asked = self._catalogue.links.ask(self._host, self.held.hold, stop)
        log.info("links.asked", host=self._host, addresses=asked)

    def give_back(self) -> None:
        """Lets others take it."""
        self.held.give_back()
