"""Answers are taken in time, and few slowly at once: a thread waits for each.

A client that reads a few bytes now and then would keep a thread for as long as it likes, and as many clients as there
are threads the whole process (a slow read attack). gunicorn and `socket.sendfile` wait without end.
"""

import errno
import selectors
import socket
import threading
import time
from typing import BinaryIO

PIECE = 65_536
"""Bytes that are handed to the system at once."""
SILENCE = 20.0
"""Seconds in which something must be taken while a thread waits for it."""
SECONDS, RATE = 20.0, 4_000
"""Answers on one connection are waited for so many seconds in all, and one more for each so many bytes taken."""
PATIENCE, BRISK = 1.0, 100_000
"""Whoever is waited for longer than so many seconds, and one more for each so many bytes taken, is slow."""
SLOW = 8
"""Slow clients that threads of a process wait for at once."""

_slow = threading.BoundedSemaphore(SLOW)


class Taken(socket.socket):
    """The connection of a client. Raises `BrokenPipeError` when what is sent is not taken in time, as if it had gone
    away."""

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        self.taken, self.waited = 0, 0.0
        """Bytes that the client took, and seconds that were spent waiting for it to take them."""

    def sendall(self, data: bytes, flags: int = 0, /) -> None:  # type: ignore[override]
        """Sends all of it, waiting for the client where it must."""
        left = memoryview(data)
        while left:
            try:
                sent = self.send(left[:PIECE], flags | socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._wait()
            else:
                self.taken += sent
                left = left[sent:]

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:  # type: ignore[override]
        """Sends a file, or so many bytes of it; gives how many."""
        file.seek(offset)
        sent = 0
        while piece := file.read(PIECE if count is None else min(PIECE, count - sent)):
            self.sendall(piece)
            sent += len(piece)
        return sent

    def _wait(self) -> None:
        """Until the client can be sent more."""
        began = time.monotonic()
        try:
            brisk = PATIENCE + self.taken / BRISK - self.waited
            if not (brisk > 0 and self._is_ready(brisk)):
                self._wait_as_for_a_slow_one(SECONDS + self.taken / RATE - self.waited)
        finally:
            self.waited += time.monotonic() - began

    def _wait_as_for_a_slow_one(self, seconds: float) -> None:
        if not _slow.acquire(blocking=False):
            raise BrokenPipeError(errno.EPIPE, "Too many clients take their answers slowly.")
        try:
            if not self._is_ready(max(0.0, min(SILENCE, seconds))):
                raise BrokenPipeError(errno.EPIPE, "The answer was not taken in time.")
        finally:
            _slow.release()

    def _is_ready(self, seconds: float) -> bool:
        with selectors.PollSelector() as selector:
            selector.register(self, selectors.EVENT_WRITE)
            return bool(selector.select(seconds))
