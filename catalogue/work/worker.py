"""The worker: what is due is asked for, what is asked for is run, what changed is indexed.

    cron text due ──▶ queued run in the store ──▶ message on the queue ──▶ harvest ──▶ index

The store remembers which runs wait; the queue (huey) only says so to whoever has time. A lost message is sent again, a
second one finds the run taken and does nothing, so that neither can lose or double a run.
"""

import logging
import os
import signal
import threading
import time
import zlib
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import msgspec
import structlog
from huey import Huey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.registry import Message
from huey.serializer import Serializer

from .. import clock
from ..errors import Conflict, DatastoreError, NotFound, SettingsError, Unavailable
from ..harvesting.run import run_event
from ..search.base import IndexBusy, SearchUnavailable
from ..service import Catalogue
from ..settings import Settings

PAUSE = 1.0
"""Seconds between two looks at what is due."""
SPREAD = 60
"""Seconds over which sources with the same cron text are spread, so that they do not all start at once."""
UPKEEP = timedelta(minutes=1)
"""How often the runs of dead workers are ended, and what was removed long ago is forgotten."""
RECONCILING = timedelta(hours=1)
"""How often it is asked whether the index was compared with the store today; what failed is tried again then."""
REMINDER = 30.0
"""Seconds after which a run that still waits is announced again."""

log = structlog.get_logger(__name__)


class Stopped(BaseException):
    """Ends a run that goes on; what it saved stays, and the next one does the rest."""


class Messages(Serializer):  # type: ignore[misc]
    """Messages as JSON: nobody who can write to the queue gets more out of us than a run of a known source."""

    def _serialize(self, data: Any) -> bytes:
        return msgspec.json.encode(tuple(data) if isinstance(data, Message) else data)

    def _deserialize(self, data: bytes) -> Any:
        return Message(*msgspec.json.decode(data))


def open_queue(settings: Settings) -> Huey:
    """The queue that the settings name. Raises `SettingsError`."""
    options: dict[str, Any] = {"results": False, "serializer": Messages()}
    if settings.queue_url == "sqlite:":
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("datastore", filename=str(settings.data_dir / "queue.sqlite"), **options)
    if settings.queue_url.startswith(("redis://", "rediss://")):
        try:
            return RedisHuey("datastore", url=settings.queue_url, **options)
        except (ConfigurationError, ValueError) as error:
            raise SettingsError(f"queue_url: {error}. For Redis, install 'datastore-portal[redis]'.") from error
    raise SettingsError(f"queue_url: {settings.queue_url!r} must be sqlite: or begin with redis:// or rediss://.")


def waiting(settings: Settings) -> int:
    """How many messages wait. Raises `SettingsError`, or `Unavailable` when the queue does not answer."""
    queue = open_queue(settings)
    try:
        return int(queue.pending_count())
    except Exception as error:  # each storage has its own
        raise Unavailable(f"The queue does not answer: {error}") from error


class Worker:
    """Does what is due, one run at a time, until it is told to stop."""

    def __init__(self, catalogue: Catalogue, queue: Huey) -> None:
        self.catalogue = catalogue
        self.queue = queue
        self.stopping = False
        self._announced: dict[int, float] = {}
        self._writing = threading.Lock()
        self._complaint = ""
        self._next_upkeep = self._next_reconciling = clock.now()
        self._send = queue.task(name="harvest")(self.harvest)

    def serve(self, parent: int = 0) -> None:
        """Works until SIGTERM, Ctrl-C or the end of the parent process; a run then ends after its batch."""
        logging.getLogger("huey").setLevel(logging.WARNING)
        consumer = self.queue.create_consumer(workers=1, periodic=False, max_delay=PAUSE)
        consumer.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)
        log.info("worker.started", pid=os.getpid())
        while not self.stopping:
            self.tick()
            consumer.check_worker_health()
            time.sleep(PAUSE)
            self.stopping = self.stopping or parent not in {0, os.getppid()}
        log.info("worker.stopping")
        consumer.stop(graceful=True)
        log.info("worker.stopped")

    def once(self) -> None:
        """Does what is due now, and nothing later."""
        self.tick()
        done: set[int] = set()
        while (run := self.catalogue.runs.claim()) is not None and run.id not in done:
            self.harvest(run.source, run.id)
            done.add(run.id)

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Asks for an orderly end; the same signal again ends the process at once, which the store survives."""
        self.stopping = True
        signal.signal(number, signal.SIG_DFL)

    def tick(self) -> None:
        """One look: asks for the runs that are due, announces the one that waits longest, indexes what changed."""
        try:
            self.plan(clock.now())
            if (run := self.catalogue.runs.claim()) is not None:
                self.announce(run.source, run.id)
            self.index()
            self._complaint = ""
        except (DatastoreError, SearchUnavailable) as error:
            self.complain(str(error))
        except Exception:
            log.exception("worker.broken")

    def plan(self, moment: datetime) -> None:
        """Asks for the runs that are due; now and then looks after what dead workers and removed entries left."""
        for source in self.catalogue.sources.due(moment):
            if source.next_run is not None and source.next_run + spread(source.id) <= moment:
                self.catalogue.runs.request(source.name)
        if moment >= self._next_upkeep:
            self._next_upkeep = moment + UPKEEP
            for id in self.catalogue.runs.reap():
                log.warning("run.aborted", run=id)
            self.catalogue.tidy()

    def announce(self, source: str, run: int) -> None:
        """Puts a run on the queue, again when it still waits after a while."""
        moment = time.monotonic()
        if moment - self._announced.get(run, -REMINDER) >= REMINDER:
            self._send(source, run)
            self._announced[run] = moment

    def harvest(self, source: str, run: int) -> None:
        """Runs one source. Whatever happens in it, the worker goes on."""
        with self._writing:
            try:
                row = self.catalogue.runs.harvest(source, run=run, progress=self.check)
                log.info(**run_event(row))
            except (Conflict, NotFound) as reason:
                log.info("run.skipped", source=source, run=run, reason=str(reason))
            except (DatastoreError, SearchUnavailable) as error:
                log.warning("run.failed", source=source, run=run, error=str(error))
            except Stopped:
                log.info("run.stopped", source=source, run=run)
            except Exception:
                log.exception("run.broken", source=source, run=run)

    def check(self, event: dict[str, Any]) -> None:
        """Called while a run goes on: ends it in order when the worker is to end."""
        if self.stopping and event["event"] == "record":
            raise Stopped

    def index(self) -> None:
        """Indexes what changed, unless a run goes on, which does so itself; once a day compares all of the index."""
        if not self._writing.acquire(blocking=False):
            return
        try:
            if written := self.catalogue.index.catch_up():
                log.info("index.updated", documents=written)
            self.reconcile(clock.now())
        except IndexBusy:
            log.debug("index.busy")
        finally:
            self._writing.release()

    def reconcile(self, moment: datetime) -> None:
        """Compares the index with the store once a day, by whichever worker comes first."""
        if moment >= self._next_reconciling:
            self._next_reconciling = moment + RECONCILING
            if mended := self.catalogue.index.reconcile_daily():
                log.warning("index.reconciled", documents=mended)

    def complain(self, sentence: str) -> None:
        """Says what is wrong, once for as long as it stays the same."""
        if sentence != self._complaint:
            log.warning("worker.waiting", reason=sentence)
            self._complaint = sentence


def spread(source: str) -> timedelta:
    """How much later than its cron text says a source starts; always the same for one source."""
    return timedelta(seconds=zlib.crc32(source.encode()) % SPREAD)
