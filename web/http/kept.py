"""What was made and may be handed out again, in the memory of one process.

It is found by all that it depends on (the key), so nothing in it is ever out of date; it only becomes too much.
"""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """At most so many bytes, and so many things; whatever was not asked for longest goes first."""

    def __init__(self, most_bytes: int, most: int = 100_000) -> None:
        self._most_bytes, self._most = most_bytes, most
        self._things: OrderedDict[str | bytes, tuple[T, int]] = OrderedDict()
        self.bytes = 0
        """Of all that is kept."""
        self._lock = threading.Lock()

    def get(self, key: str | bytes) -> T | None:
        """What has that key, if it is kept."""
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def keep(self, key: str | bytes, thing: T, size: int) -> None:
        """Keeps what was made, `size` bytes of it; nothing that is more than all may be."""
        if size > self._most_bytes:
            return
        with self._lock:
            if key not in self._things:
                self._things[key] = thing, size
                self.bytes += size
            while len(self._things) > self._most or self.bytes > self._most_bytes:
                _, (_, gone) = self._things.popitem(last=False)
                self.bytes -= gone
