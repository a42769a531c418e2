"""One connection at a time to a host, with a pause between, for all processes: workers, and the web that tries sources.

Within a process runs wait for each other as `Pace` has it; between processes a lease on the host says whose turn it is
and from when the next one is. Without a database that answers, each process keeps its own pace.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property

import structlog

from harvesters.base import HarvestError
from harvesters.errors import Stopped
from harvesters.http import Pace

from ..errors import DatastoreError
from ..store import leases
from ..store.database import Database
from ..store.leases import Lease

LONGEST = 128
"""Characters of the name of a piece."""
WATCH = 0.1
"""Seconds between two looks whether a host is free that another process asks."""

log = structlog.get_logger(__name__)


class HostPace(Pace):
    """The pace that all processes of one database keep together."""

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self._url = database_url

    @contextmanager
    def turn(
        self, host: str, seconds: float, pause: float = 0.0, *, stopped: threading.Event | None = None
    ) -> Iterator[None]:
        """As `Pace.turn`."""
        stopped = stopped or threading.Event()
        end = time.monotonic() + seconds
        with super().turn(host, seconds, pause, stopped=stopped):
            lease = self._taken(host, end, stopped)
            try:
                yield
            finally:
                if lease is not None:
                    self._give_back(lease, max(self.interval, pause))

    @cached_property
    def _database(self) -> Database:
        return Database(self._url)

    def _taken(self, host: str, end: float, stopped: threading.Event) -> Lease | None:
        """The turn, when it is ours; None when nobody can say whose it is."""
        while (left := end - time.monotonic()) > 0:
            try:
                lease, wait = self._try(host[:LONGEST], left)
            except DatastoreError as error:
                log.debug("pace.alone", host=host, reason=str(error))
                return None
            if lease is not None:
                return lease
            if stopped.wait(min(left, wait)):
                raise Stopped
        raise HarvestError("DEADLINE", f"{host} is busy with other runs. The next run tries again.", host)

    def _try(self, host: str, left: float) -> tuple[Lease | None, float]:
        """The turn, or seconds until it may be ours."""
        with self._database.write() as tx:
            lease = leases.take(tx, leases.HOST, host, timedelta(seconds=left))
            wait = leases.seconds_until(tx, leases.HOST, host)
        return lease, max(wait, WATCH * random.uniform(0.5, 1.5))  # noqa: S311 (jitter, no secret)

    def _give_back(self, lease: Lease, pause: float) -> None:
        with suppress(DatastoreError), self._database.write() as tx:
            leases.give_back_after(tx, lease, timedelta(seconds=pause))
