"""Harvesting as a chore: runs that were asked for, sources whose time has come, runs that dead workers left."""

from datetime import datetime

import structlog

from ..harvesting.events import run_event
from ..harvesting.run import Order
from ..service import Catalogue
from ..stopping import Stop
from .chore import Chore, Due

log = structlog.get_logger(__name__)


class Harvests(Chore):
    """Runs sources, each as one piece."""

    name = "harvest"
    leaves_room = True

    def due(self, moment: datetime) -> Due | None:
        """Runs that could start now."""
        waiting = self.catalogue.runs.waiting(moment)
        return Due(len(waiting), waiting[0]) if waiting else None

    def take(self, moment: datetime) -> "OneRun | None":
        """The run that waits longest; its number is what fences it."""
        if self.due(moment) is None:
            return None
        self.catalogue.runs.plan(moment)
        order = self.catalogue.runs.take()
        return OneRun(self.catalogue, order) if order else None


class OneRun:
    """One run of one source."""

    def __init__(self, catalogue: Catalogue, order: Order) -> None:
        self._catalogue, self._order = catalogue, order
        self.name = order.intake.source.name

    def do(self, stop: Stop) -> None:
        """Carries it out; however it ends, the store says so."""
        log.info(**run_event(self._catalogue.runs.carry_out(self._order, stop=stop)))

    def give_back(self) -> None:
        """Ends it, for the next worker to take up."""
        self._catalogue.runs.give_back(self._order)
