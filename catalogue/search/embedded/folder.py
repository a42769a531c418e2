"""The folder of the embedded index: which index in it is in use, who may write, and how a new one takes its place.

`CURRENT` holds the name of the index in use, one of the folders beside it; `LOCK` is held by the one process that
writes. A rebuild fills a new folder and then replaces `CURRENT`, so that a process that is killed at any moment leaves
the old index or the new one, never half of one.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ... import disk
from ..base import IndexBusy, SearchUnavailable
from ..fields import DEFINITION

PATIENCE = 10.0
"""Seconds that a writer waits for another one."""
REBUILD = "Run `datastore index rebuild`."


class IndexFolder:
    """A folder with one index in use. Methods that need an index raise `SearchUnavailable` when there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> Path:
        """The index in use; one that was made by another definition of fields is no use."""
        name = self._name()
        if not name:
            raise SearchUnavailable(f"There is no search index in {self.path}. {REBUILD}")
        if not name.startswith(f"{DEFINITION}-"):
            raise SearchUnavailable(f"The search index in {self.path} was made by another version. {REBUILD}")
        return self.path / name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the right to write; waits for another writer for a while, then raises `IndexBusy`."""
        if not self.path.is_dir():
            raise SearchUnavailable(f"There is no search index in {self.path}. {REBUILD}")
        with self._lock() as lock:
            with told(self.path):
                self._acquire(lock.fileno())
            yield  # closing the file gives the lock back, and so does the end of the process

    @contextmanager
    def replacing(self) -> Iterator[Path]:
        """An empty folder for a new index, which is the one in use when the block ends well."""
        with told(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        with self.writing():
            with told(self.path):
                self._remove_all_but(self._name())
                new = self.path / f"{DEFINITION}-{time.time_ns():x}"
                new.mkdir()
            yield new
            with told(self.path):
                _write(self.path / "CURRENT", new.name)
                self._remove_all_but(new.name)

    def _lock(self) -> TextIO:
        with told(self.path):
            return (self.path / "LOCK").open("w")

    def _name(self) -> str:
        with told(self.path), suppress(FileNotFoundError):
            return (self.path / "CURRENT").read_text("utf-8").strip()
        return ""

    def _remove_all_but(self, kept: str) -> None:
        for path in self.path.iterdir():
            if path.is_dir() and path.name != kept:
                shutil.rmtree(path)

    def _acquire(self, lock: int) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise IndexBusy(f"Another process is writing the search index in {self.path}.") from None
            time.sleep(0.02)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What the file system refuses, as `SearchUnavailable`."""
    try:
        yield
    except FileNotFoundError as error:
        raise SearchUnavailable(
            f"The search index in {folder} is damaged: {error.filename} is gone. {REBUILD}"
        ) from error
    except OSError as error:
        what = disk.sentence(error, "A file of it")
        raise SearchUnavailable(f"The search index in {folder} cannot be used. {what}") from error


def _write(path: Path, text: str) -> None:
    """Writes a small file at once or not at all, also when the power goes."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
