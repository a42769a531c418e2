"""The addresses of one host asked, one after the other: politely, and with everything that may happen."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from harvesters.errors import HarvestError
from harvesters.http import Client
from harvesters.robots import Robots

from .. import clock
from ..settings import Settings
from ..sources.manners import manners
from ..store.addresses import AddressRow
from . import verdict
from .entry_addresses import FILE, SERVICE
from .probing import probe

SECONDS = 30.0
"""That one address may take."""
STEP = 15.0
"""Seconds of silence after which it is left."""


class Asked(NamedTuple):
    """An address after it was asked."""

    before: AddressRow
    after: AddressRow
    not_before: datetime | None = None
    """Until when its host wants to be left alone."""


class Asker:
    """Asks addresses of one host."""

    def __init__(self, settings: Settings, host: str) -> None:
        polite = manners(settings, f"http://{host}/")
        limits = {"connect_timeout": 10.0, "read_timeout": STEP, "page_deadline": SECONDS, "tries": 1}
        self.client = Client(**{**polite, **limits})
        self._robots = Robots(self.client)
        self._fault: HarvestError | None = None
        """Why its server did not even give its rules: then nothing else is asked of it now."""

    def ask(self, known: list[tuple[AddressRow, frozenset[str]]]) -> Iterator[Asked]:
        """Each address, with what it leads to, after it was asked; ends when the host wants to be left alone."""
        for row, uses in known:
            try:
                yield Asked(row, self._one(row, uses))
            except HarvestError as error:
                yield Asked(row, verdict.of_error(row, error, clock.now()), error.retry_at)
                if error.retry_at is not None:
                    return

    def _one(self, row: AddressRow, uses: frozenset[str]) -> AddressRow:
        if (is_allowed := self._allows(row.url)) is not True:
            return verdict.failed(row, verdict.ROBOTS if is_allowed is False else verdict.NO_ROBOTS, clock.now())
        answer = probe(self.client, row, is_file=FILE in uses)
        return verdict.seen(row, answer, clock.now(), is_service=SERVICE in uses)

    def _allows(self, url: str) -> bool | None:
        if self._fault is not None:
            raise self._fault
        try:
            return self._robots.allow(url)
        except HarvestError as error:
            if error.code != "ADDRESS_NOT_ALLOWED":
                self._fault = error
            raise
