"""Leases on pieces of work: taken, kept for as long as somebody is at it, given back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from . import clock
from .errors import Unavailable
from .store import leases
from .store.codec import database_time
from .store.database import Database, Transaction
from .store.leases import Lease, LostLease

BEAT = 15.0
"""Seconds between two signs of life: a quarter of a lease."""
PRESENCE = "worker"
"""What stands in the place of a chore for the workers themselves."""

log = structlog.get_logger(__name__)


class Held:
    """A piece of work that is ours for as long as it is kept."""

    def __init__(self, database: Database, lease: Lease) -> None:
        self._database, self.lease = database, lease

    def hold(self, tx: Transaction) -> None:
        """In each transaction that writes because of it: raises `LostLease` when it is not ours any more."""
        leases.hold(tx, self.lease)

    def renew(self) -> None:
        """A sign of life; raises `LostLease`."""
        with self._database.write() as tx:
            self.hold(tx)

    def give_back(self, again: datetime | None = None) -> None:
        """Others may take it, from `again` on."""
        self._database.write_again(lambda tx: leases.give_back(tx, self.lease, again))


class Leases:
    """Takes pieces of work for this process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, chore: str, piece: str = "") -> Held | None:
        """The piece, unless somebody else has it or nobody wants it yet."""
        lease = self._database.write_again(lambda tx: leases.take(tx, chore, piece))
        return Held(self._database, lease) if lease else None

    def again(self, chore: str, piece: str = "") -> datetime | None:
        """Before when nobody wants a piece, if it was given back so."""
        with self._database.read() as tx:
            return leases.again(tx, chore, piece)

    def ahead(self) -> timedelta:
        """By how much the clock of the database, which leases go by, is ahead of ours, which sources go by."""
        with self._database.read() as tx:
            return database_time(tx) - clock.now()

    def appear(self) -> Held | None:
        """This process works from now on, and says so."""
        return self.take(PRESENCE, leases.worker())

    def workers(self) -> list[str]:
        """The workers that live: `host:process`."""
        with self._database.read() as tx:
            return leases.holders(tx, PRESENCE)


@contextmanager
def beating(renew: Callable[[], None], lost: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Gives signs of life while the block goes on, in a thread of its own: also while a slow page is fetched. `lost` is
    called when the lease is somebody else's."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(ended, renew, lost), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(1.0)


def _beat(ended: threading.Event, renew: Callable[[], None], lost: Callable[[], None]) -> None:
    while not ended.wait(BEAT):
        try:
            renew()
        except LostLease:
            lost()
            return
        except Unavailable as error:
            log.warning("lease.not_renewed", reason=str(error))
