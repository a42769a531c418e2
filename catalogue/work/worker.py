"""The worker: looks at what is due, takes one piece after the other with a lease, does it, looks again.

    store: what is due? ──▶ take one piece ──▶ do it ──▶ give it back
              ▲                                             │
              └──────────────── look again ◀────────────────┘

Nothing but the store knows what is due, so that there is no queue that could lose or double it, and any number of
workers may look at the same time.
"""

import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

import structlog

from harvesters.errors import Stopped

from .. import clock
from ..errors import DatastoreError
from ..leases import BEAT, Held
from ..search.base import IndexBusy, SearchUnavailable
from ..service import Catalogue
from ..stopping import Stop
from ..store.leases import LostLease
from .chore import Chore, Piece
from .chores import CHORES

PAUSE = 1.0
"""Seconds between two looks at what is due, when nothing was."""
GRACE, LAST_WORDS = 3.0, 1.0
"""Seconds in which what goes on must end when the worker is told to stop, and in which what does not is given back."""
WATCH = 0.2
"""Seconds between two looks whether it is told to stop."""

log = structlog.get_logger(__name__)


class Worker:
    """Does what is due, several pieces at a time, until it is told to stop."""

    def __init__(self, catalogue: Catalogue, threads: int = 1, chores: Sequence[type[Chore]] = CHORES) -> None:
        self.catalogue, self.threads = catalogue, threads
        self.chores = [chore(catalogue, most=1) for chore in chores]
        self.stop = Stop()
        self._is_told = False
        self._looking = threading.Lock()
        """One thread looks while the others wait for its place."""
        self._in_hand: dict[int, tuple[Chore, Piece]] = {}
        self._complaint: Exception | None = None
        """What kept the last look from finding something, or made the last piece fail."""
        self._said = ""

    def serve(self, parent: int = 0) -> bool:
        """Works until SIGTERM, Ctrl-C or the end of the parent process; what goes on then is broken off and given back.
        False when something did not end in time: then the process must."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_signal)
        threads = [threading.Thread(target=self._serve, name=f"worker-{n}", daemon=True) for n in range(self.threads)]
        threads.append(threading.Thread(target=self._be_seen, name="presence", daemon=True))
        for thread in threads:
            thread.start()
        log.info("worker.started", pid=os.getpid(), threads=self.threads)
        while not self._is_told and parent in {0, os.getppid()}:
            time.sleep(WATCH)
        return self._end(threads)

    def once(self) -> None:
        """Does what is due now, and nothing later. Raises what keeps it from looking."""
        others = [threading.Thread(target=self._drain, daemon=True) for _ in range(self.threads - 1)]
        for thread in others:
            thread.start()
        self._drain()
        for thread in others:
            thread.join()
        if isinstance(self._complaint, DatastoreError):
            raise self._complaint

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Asks for an orderly end; the same signal again ends the process at once, which the store survives."""
        self._is_told = True
        signal.signal(number, signal.SIG_DFL)

    def next(self) -> Piece | None:
        """Takes the piece that comes next; None when nothing is due that nobody is at."""
        with self._looking:
            return self._look()

    def do(self, piece: Piece) -> None:
        """Does a piece. Whatever happens in it, the worker goes on."""
        try:
            piece.do(self.stop)
        except LostLease:
            log.warning("lease.lost", piece=piece.name)
        except Stopped:
            log.debug("work.left", piece=piece.name)
        except IndexBusy:
            log.debug("index.busy")
        except (DatastoreError, SearchUnavailable) as error:
            self._complain(error)
        except Exception:
            log.exception("work.broken", piece=piece.name)
        finally:
            del self._in_hand[id(piece)]

    def _serve(self) -> None:
        while not self.stop.asked:
            with self._looking:
                piece = None if self.stop.asked else self._look()
                if piece is None:
                    self.stop.wait(PAUSE)
            if piece is not None:
                self.do(piece)

    def _drain(self) -> None:
        while not self.stop.asked and (piece := self.next()) is not None:
            self.do(piece)

    def _look(self) -> Piece | None:
        moment, self._complaint = clock.now(), None
        try:
            self.catalogue.must_be_made()
        except DatastoreError as error:
            self._complain(error)
            return None
        for chore in self.chores:
            try:
                piece = chore.take(moment) if self._has_room(chore) else None
            except (DatastoreError, SearchUnavailable) as error:
                self._complain(error)
            except Exception:
                log.exception("work.broken", chore=chore.name)
            else:
                if piece is not None:
                    self._in_hand[id(piece)] = chore, piece
                    return piece
        return None

    def _has_room(self, chore: Chore) -> bool:
        """One thread is kept free of what may take long, so that the index is followed meanwhile."""
        busy = sum(at is chore for at, _ in list(self._in_hand.values()))
        return not chore.leaves_room or busy < max(1, self.threads - 1)

    def _be_seen(self) -> None:
        """Says now and then that this worker lives, for the doctor."""
        held: Held | None = None
        while True:
            try:
                held = held or self.catalogue.leases.appear()
                if held:
                    held.renew()
            except LostLease:
                held = None
            except DatastoreError as error:
                log.debug("worker.unseen", reason=str(error))
            if self.stop.wait(BEAT):
                break
        if held:
            with suppress(DatastoreError):
                held.give_back()

    def _end(self, threads: list[threading.Thread]) -> bool:
        log.info("worker.stopping")
        self.stop.ask()
        end = time.monotonic() + GRACE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        left = [piece for _, piece in list(self._in_hand.values())]
        last = threading.Thread(target=_give_back, args=(left,), daemon=True)
        last.start()
        last.join(LAST_WORDS)
        log.info("worker.stopped", given_back=[piece.name for piece in left])
        return not any(thread.is_alive() for thread in (*threads, last))

    def _complain(self, error: Exception) -> None:
        """Says what is wrong, once for as long as it stays the same."""
        if str(error) != self._said:
            log.warning("worker.waiting", reason=str(error))
        self._complaint, self._said = error, str(error)


def _give_back(pieces: list[Piece]) -> None:
    for piece in pieces:
        with suppress(DatastoreError):
            piece.give_back()
