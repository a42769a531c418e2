"""Being told to stop: waits end, and what is being fetched is broken off."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Stop:
    """Somebody may ask, once and from another thread, that everything ends."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._calls: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """True when it was asked for."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Asks everybody to end."""
        self._asked.set()
        with self._lock:
            calls = list(self._calls)
        for call in calls:
            call()

    def wait(self, seconds: float) -> bool:
        """Waits so long, or until it is asked for; True then."""
        return self._asked.wait(seconds)

    @contextmanager
    def calling(self, call: Callable[[], None]) -> Iterator[None]:
        """While the block goes on, `call` is called when it is asked for, or now when it was."""
        with self._lock:
            self._calls.append(call)
        try:
            if self.asked:
                call()
            yield
        finally:
            with self._lock:
                self._calls.remove(call)
