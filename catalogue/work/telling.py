"""Telling people as a chore: what happened to sources, and notices on their way."""

from datetime import datetime

import structlog

from ..stopping import Stop
from ..store.database import Hold
from .chore import Due, Upkeep

log = structlog.get_logger(__name__)


class Telling(Upkeep):
    """Looks at runs that ended, and delivers notices. No mail server and no receiver holds up anything else."""

    name = "notices"

    def due(self, moment: datetime) -> Due | None:
        """Runs that nobody looked at, deliveries whose time has come, a day on which nobody asked who is silent."""
        found = self.catalogue.notices.due(moment)
        return Due(*found) if found else None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Until there is nothing to tell."""
        if sent := self.catalogue.notices.tell(hold, stop):
            log.info("notices.sent", deliveries=sent)


class Forwarding(Upkeep):
    """Sends questions of readers on, and the answers back."""

    name = "questions"

    def due(self, moment: datetime) -> Due | None:
        """Letters to be sent, when there is a mail server."""
        found = self.catalogue.question_letters.due(moment) if self.catalogue.questions.go_by_mail else None
        return Due(*found) if found else None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Until none is left."""
        if sent := self.catalogue.question_letters.send(hold, stop):
            log.info("questions.sent", letters=sent)


class Writing(Upkeep):
    """Writes to people who follow entries and searches."""

    name = "letters"

    def due(self, moment: datetime) -> Due | None:
        """Those to be looked at, when there is a mail server."""
        found = self.catalogue.follower_letters.due(moment) if self.catalogue.followers.are_possible else None
        return Due(*found) if found else None

    def work(self, hold: Hold, stop: Stop) -> None:
        """Until nobody is to be written to."""
        if sent := self.catalogue.follower_letters.tell(hold, stop):
            log.info("letters.sent", letters=sent)
