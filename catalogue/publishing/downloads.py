"""Downloads that begin with our link, counted by file and month: nothing is known of who downloaded, or when in the
month, and what says of itself that it is a crawler is not counted."""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from .. import clock
from ..store import downloads
from ..store.database import Database
from ..store.downloads import DownloadRow, Used
from .unanswered_words import Tally

MONTHS = 12
"""For which figures are shown."""

_CRAWLER = re.compile(r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|headless|scan", re.IGNORECASE)
_BETWEEN = "\n"


class Downloads:
    """Counts downloads, and tells how often files were."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tally = Tally(self._keep, "downloads")

    def note(self, entry_id: str, file: str, user_agent: str) -> None:
        """Somebody downloads a file. Neither waits nor fails."""
        if user_agent and not _CRAWLER.search(user_agent):
            self._tally.add(f"{entry_id}{_BETWEEN}{file}")

    def flush(self) -> None:
        """Writes what was counted and not written yet."""
        self._tally.flush()

    def of_entry(self, entry_id: str) -> dict[str, int]:
        """The downloads of each file of an entry in the last twelve months."""
        with self._database.read() as tx:
            return downloads.of_entry(tx, entry_id, months(clock.now().date())[0])

    def by_month(self) -> dict[str, int]:
        """The downloads of each of the last twelve months, the oldest first."""
        wanted = months(clock.now().date())
        with self._database.read() as tx:
            found = downloads.by_month(tx, wanted)
        return {month: found.get(month, 0) for month in wanted}

    def most(self, limit: int) -> list[Used]:
        """The entries that were downloaded most in the last twelve months."""
        with self._database.read() as tx:
            return downloads.most(tx, months(clock.now().date())[0], limit)

    def every(self) -> Iterator[DownloadRow]:
        """All figures, the newest month first: a month at a time, so that whoever reads slowly holds no transaction."""
        with self._database.read() as tx:
            known = downloads.months(tx)
        for month in known:
            with self._database.read() as tx:
                found = downloads.of_month(tx, month)
            yield from found

    def _keep(self, counts: Mapping[str, int]) -> None:
        found = {(id, file): times for key, times in counts.items() for id, _, file in [key.partition(_BETWEEN)]}
        with self._database.write() as tx:
            downloads.add(tx, found, clock.now().strftime("%Y-%m"))


def months(today: date) -> list[str]:
    """The last twelve months, this one included, the oldest first."""
    last = today.year * 12 + today.month - 1
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(last - MONTHS + 1, last + 1)]
