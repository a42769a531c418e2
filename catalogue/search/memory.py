"""What was worked out on one state of an index, and holds as long as the index stays as it is."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

LIMIT = 300
"""Things that are kept: those without words and filters are asked for again and again."""

T = TypeVar("T")


class Memory:
    """A bounded memory for threads: when it is full, what was kept first is forgotten first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._known: dict[Hashable, Any] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What is known under a key; None when nothing is."""
        return self._known.get(key)

    def keep(self, key: Hashable, value: Any) -> None:
        """Remembers something."""
        with self._lock:
            while len(self._known) >= self._limit:
                del self._known[next(iter(self._known))]
            self._known[key] = value

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is known under a key, made when it is not."""
        known: T | None = self.get(key)
        if known is None:
            known = make()
            self.keep(key, known)
        return known
