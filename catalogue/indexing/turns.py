"""Who sees to what is left over, when several on one machine index at once: the last of them.

Each indexes what its own harvest wrote. What waits besides is mostly what another one is at, and would be written
twice.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .. import disk
from ..search.base import SearchUnavailable


class Turns:
    """A file that is locked, together with others, while somebody indexes; the end of a process gives it back."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def taken(self) -> Iterator[Callable[[], bool]]:
        """While somebody indexes. What it yields tells whether nobody else does: whoever is done with his own asks that
        before he goes on. Raises `SearchUnavailable` when the file system refuses the file."""
        with self._opened() as file:
            yield lambda: _is_alone(file.fileno())

    def _opened(self) -> TextIO:
        """The file, locked together with others."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            file = self._file.open("w")
        except OSError as error:
            raise SearchUnavailable(disk.sentence(error)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_SH)
        except OSError as error:
            file.close()
            raise SearchUnavailable(disk.sentence(error, str(self._file))) from error
        return file


def _is_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(lock, fcntl.LOCK_SH)  # others may index beside
    return True
