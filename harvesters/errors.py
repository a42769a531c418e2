"""Why a run stops, and why a record is left aside."""

from datetime import datetime

from dcat.quoting import shortened


class HarvestError(Exception):
    """A run cannot go on: the source did not answer, or what it answered is not what was asked for.

    `code` is stable and short (`NOT_A_FEED`, `HTTP_STATUS`, `TOO_LARGE`, `ADDRESS_NOT_ALLOWED`, …); `where` is the
    address, with line or position when one is known; the text says what happened and what can be done.
    """

    def __init__(
        self, code: str, message: str, where: str = "", *, status: int = 0, retry_at: datetime | None = None
    ) -> None:
        super().__init__(shortened(message))
        self.code = code
        self.where = where
        self.status = status
        """The HTTP status, when it was one that stopped the run."""
        self.retry_at = retry_at
        """When the source asked to come back (UTC), with the code `RETRY_LATER`."""


class SkipRecord(Exception):
    """This record is not for us, for the reason given: SKIPPED.

    `code` is stable: `PRIVATE`, `NOT_ACTIVE`, `NOT_DATA`, `HARVESTED` (the portal took it from elsewhere).
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Stopped(BaseException):
    """The program is told to stop in the middle of a run. No harvester has an answer to it, so that none catches it."""
