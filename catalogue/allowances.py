"""How often one visitor or one key may do something within a minute.

Each process counts by itself and tells the store now and then, so that all know together what one does alone: whoever
asks seldom costs nothing, and a store that is busy or away makes the limit wider, never the door shut.
"""

import threading
from collections.abc import Callable
from hashlib import blake2b

import structlog

from . import clock
from .errors import Unavailable
from .store import uses
from .store.database import Database

MINUTE = 60
SHARES = 10
"""Of what is allowed, the part after which the store is told."""
PATIENCE = 0.05
"""Seconds that a visitor waits for the store because of this."""
MOST_REMEMBERED = 50_000
"""Visitors that one process remembers."""

log = structlog.get_logger(__name__)


class Tally:
    """How often somebody did something in this minute."""

    def __init__(self) -> None:
        self.untold = 0
        self.total = 0
        """As the store knew it when it was told last."""

    @property
    def count(self) -> int:
        """As far as this process knows."""
        return self.total + self.untold


class Allowances:
    """Counts, and says when it is too often."""

    def __init__(self, database: Database, secret: Callable[[], bytes]) -> None:
        self._database, self._secret = database, secret
        self._lock = threading.Lock()
        self._minute = 0
        self._tallies: dict[tuple[str, bytes], Tally] = {}

    def take(self, what: str, who: str, most: int) -> int:
        """Does something once. Returns in how many seconds to come back when it was too often; 0 when it was not."""
        hidden, tally, left = self._tally(what, who)
        with self._lock:
            tally.untold += 1
            is_much, told = tally.untold >= max(1, most // SHARES), tally.untold
        if is_much and tally.total <= most:
            self._tell(what, hidden, tally, told)
        return left if tally.count > most else 0

    def wait(self, what: str, who: str, most: int) -> int:
        """The same without doing it: seconds when it was too often already."""
        _, tally, left = self._tally(what, who)
        return left if tally.count >= most else 0

    def _tally(self, what: str, who: str) -> tuple[bytes, Tally, int]:
        minute, second = divmod(int(clock.now().timestamp()), MINUTE)
        hidden = blake2b(who.encode(), key=self._secret()[:64], digest_size=16).digest()
        with self._lock:
            if minute != self._minute or len(self._tallies) > MOST_REMEMBERED:
                self._minute, self._tallies = minute, {}
            return hidden, self._tallies.setdefault((what, hidden), Tally()), MINUTE - second

    def _tell(self, what: str, who: bytes, tally: Tally, told: int) -> None:
        try:
            with self._database.write(PATIENCE) as tx:
                total = uses.add(tx, what, who, self._minute, told)
        except Unavailable as error:
            log.debug("allowance.not_told", reason=str(error))
            return
        with self._lock:
            tally.total, tally.untold = total, tally.untold - told
