"""Words that people searched for and nothing was found by: what the catalogue lacks, without saying who asked.

What may be about a person is never kept: a text that is long or has more than a few words, an @, an address, or more
digits than a year. Of the rest the store keeps a keyed hash and counts; the words themselves are written down only when
they were asked for on several days, which one curious visitor is not. Nothing is known of who asked, or at what time.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from hashlib import blake2b

import structlog

from .. import clock
from ..search.language.analysis import words
from ..store import unanswered
from ..store.database import Database
from ..store.unanswered import Unanswered

LONGEST_TEXT = 60
"""Characters of a text that is counted."""
MOST_WORDS = 4
LONGEST_WORD = 30
DAYS = 3
"""Different days on which words must have been asked for before they are written down and published."""
PAUSE = 10.0
"""Seconds for which counts are gathered before they are written."""
GATHERED = 1_000
"""Different words that are gathered; more in that time are not people."""

_PERSONAL = re.compile(r"@|://|\bwww\.|\d{5}|\d(?:[\s./-]*\d){6}")

log = structlog.get_logger(__name__)


class UnansweredWords:
    """Counts words that found nothing, and tells those that were asked for on several days."""

    def __init__(self, database: Database, secret: Callable[[], bytes]) -> None:
        self._database = database
        self._secret = secret
        self._tally = Tally(self._keep)

    def note(self, text: str) -> None:
        """Counts the words of a search, unless they may be about a person. Neither waits nor fails."""
        if asked := countable(text):
            self._tally.add(asked)

    def published(self, limit: int = 100) -> list[Unanswered]:
        """Words that found nothing on several days, most asked for first."""
        with self._database.read() as tx:
            return unanswered.published(tx, limit)

    def flush(self) -> None:
        """Writes what was counted and not written yet."""
        self._tally.flush()

    def _keep(self, counts: Mapping[str, int]) -> None:
        asked = {hashed(self._secret(), words): (words, times) for words, times in counts.items()}
        with self._database.write() as tx:
            unanswered.add(tx, asked, clock.now().date(), DAYS)


def countable(text: str) -> str:
    """The words of a text as they are counted, in one spelling; empty when they may be about a person."""
    found = words(text)
    counted = " ".join(found)
    if len(text) > LONGEST_TEXT or _PERSONAL.search(text) or _PERSONAL.search(counted):
        return ""
    return "" if len(found) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in found) else counted


def hashed(key: bytes, asked: str) -> bytes:
    """What the store knows words by until they are published."""
    return blake2b(asked.encode(), key=key[:64], digest_size=16).digest()


class Tally:
    """Counts in memory and writes now and then, in a thread of its own: no search waits for it or fails with it."""

    def __init__(self, write: Callable[[Mapping[str, int]], None], what: str = "unanswered") -> None:
        self._write, self._what = write, what
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def add(self, asked: str) -> None:
        """Counts something once."""
        with self._lock:
            if asked in self._counts or len(self._counts) < GATHERED:
                self._counts[asked] += 1
            if self._timer is None:
                self._timer = threading.Timer(PAUSE, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Writes what was counted. What cannot be written is lost, and logged without what it was."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        if not counts:
            return
        try:
            self._write(counts)
        except Exception as error:  # it runs in a thread, where nobody else could say it
            log.warning(f"{self._what}.lost", different=len(counts), error=str(error))
