"""Dry runs of whole sources as a chore: those that producers asked for."""

from datetime import datetime

import structlog

from .. import clock
from ..leases import Held
from ..service import Catalogue
from ..stopping import Stop
from ..store.rows import RehearsalRow
from .chore import Chore, Due

log = structlog.get_logger(__name__)


class Rehearsing(Chore):
    """Tries sources, each as one piece."""

    name = "rehearse"
    leaves_room = True

    def due(self, moment: datetime) -> Due | None:  # noqa: ARG002 (whoever asked waits now)
        """Those that have not ended."""
        waiting = self.catalogue.rehearsals.waiting()
        return Due(len(waiting), waiting[0][1]) if waiting else None

    def take(self, moment: datetime) -> "OneRehearsal | None":  # noqa: ARG002 (as above)
        """The one that waits longest, of those that nobody is at."""
        for source_id, _asked in self.catalogue.rehearsals.waiting():
            if (held := self.catalogue.leases.take(self.name, source_id)) is None:
                continue
            if asked := self.catalogue.rehearsals.begin(source_id, held.hold):
                return OneRehearsal(self.catalogue, source_id, asked, held)
            held.give_back()
        return None


class OneRehearsal:
    """One try of one source."""

    def __init__(self, catalogue: Catalogue, source_id: str, asked: RehearsalRow, held: Held) -> None:
        self._catalogue, self.name, self._asked, self._held = catalogue, source_id, asked, held

    def do(self, stop: Stop) -> None:
        """Makes it; what it came to is in the store."""
        began = clock.now()
        try:
            self._catalogue.rehearsals.carry_out(self.name, self._asked, self._held, stop)
            log.info("source.rehearsed", source_id=self.name, seconds=round((clock.now() - began).total_seconds(), 1))
        finally:
            self._held.give_back()

    def give_back(self) -> None:
        """Lets others take it."""
        self._held.give_back()
