"""The whole catalogue as files of each night, which the portal hands out as they lie there.

    dumps/2026-05-01/datasets.nt.gz, …, SHA256SUMS
    dumps/2026-05-02/    the same files by another name (hard links), when nothing changed since

A day is written beside the others and appears when it is whole, so whoever is killed leaves what was there.
"""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from harvesters.errors import Stopped

from .. import clock, disk
from ..errors import NotFound, Unavailable
from ..settings import Settings
from ..stopping import Stop
from ..store.database import Database, Hold
from . import parquet
from .export import export
from .feed import Feed
from .feed_files import FeedFiles
from .parted_files import PACKED

FILES = ("datasets.nt.gz", "datasets.ttl.gz", "datasets.jsonl.gz", "datasets.csv", "datasets.parquet")
"""What is written, in formats of `datastore export`; the last one where the extra `parquet` is installed."""
SUMS = "SHA256SUMS"
"""The sums of the others, as `sha256sum -c` reads them."""
STATE = ".state"
"""What the files of a day were made of, as one sum: as long as it is the same, they would be the same again."""
FORM = 3
"""Grows when the same catalogue is written otherwise than before."""
KEPT = 7
"""Days."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PART = ".part-"


class DumpFile(NamedTuple):
    """A file that can be had."""

    path: Path
    size: int
    """Bytes."""
    sha256: str
    """Empty for the file of the sums."""
    written: datetime
    """When its content was."""

    @property
    def name(self) -> str:
        """What it is called on every day."""
        return self.path.name


def written() -> tuple[str, ...]:
    """The files that can be written here."""
    return FILES if parquet.is_installed() else FILES[:-1]


class Dumps:
    """Writes, keeps and finds the dumps in the data folder."""

    def __init__(self, database: Database, settings: Settings, feed: Callable[[], Feed], feed_files: FeedFiles) -> None:
        """`feed`: gives what is published when it is written. `feed_files`: what of it lies there already."""
        self._database, self._settings, self._feed, self._feed_files = database, settings, feed, feed_files
        self.folder = settings.data_dir / "dumps"

    def days(self) -> list[str]:
        """The days of which there are dumps, the newest first; none that is to come, which a clock made that was ahead,
        or hides that is behind."""
        today = clock.now().date().isoformat()
        return [day for day in self._all_days() if day <= today]

    def _all_days(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        return sorted((each.name for each in self.folder.iterdir() if _DAY.fullmatch(each.name)), reverse=True)

    def files(self, day: str) -> list[DumpFile]:
        """What there is of a day, the sums last; nothing of a day that is gone or never was."""
        folder = self.folder / day
        if day not in self.days():
            return []
        try:
            sums = [line.split("  ", 1) for line in (folder / SUMS).read_text("ascii").splitlines()]
            return [_found(folder / name, sum) for sum, name in (*sums, ("", SUMS))]
        except FileNotFoundError:  # its time was over while we looked
            return []

    def file(self, day: str, name: str) -> DumpFile:
        """One file of a day, or of the newest one for `latest`. Raises `NotFound`; names that are no day and no file
        of it lead nowhere."""
        wanted = next(iter(self.days()), "") if day == "latest" else day
        found = next((one for one in self.files(wanted) if one.name == name), None)
        if found is None:
            raise NotFound("There is no such dump; /dumps/index.json lists them.")
        return found

    def made_on(self) -> int:
        """The newest day, as an ordinal; 0 while there is none."""
        days = self.days()
        return date.fromisoformat(days[0]).toordinal() if days else 0

    def is_anything(self) -> bool:
        """True when the catalogue has something to write, or had."""
        return self._feed_files.is_anything()

    def make(self, hold: Hold, stop: Stop) -> str:
        """Makes those of today and forgets the oldest. Returns the day, nothing when it was broken off or there are
        some already. Raises `Unavailable` when they cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            day = clock.now().date().isoformat()
            made = "" if day in self.days() else self._made(day, hold, stop)
            self._forget(self.days()[KEPT:])
        except Stopped:
            return ""
        except OSError as error:
            raise Unavailable(f"The dumps cannot be made. {disk.sentence(error, str(self.folder))}") from error
        return made

    def _made(self, day: str, hold: Hold, stop: Stop) -> str:
        part = Path(tempfile.mkdtemp(dir=self.folder, prefix=_PART))
        try:
            self._fill(part, stop)
            part.chmod(0o755)
            _sync(part)
            with self._database.fenced(hold).write():  # whoever slept through the lease makes nothing appear
                part.rename(self.folder / day)
            _sync(self.folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return day

    def _fill(self, part: Path, stop: Stop) -> None:
        """Writes the files, or links to those of the day before when they would be the same."""
        state = self._state()
        before = self.folder / next(iter(self.days()), _PART)
        if _read(before / STATE) == state and _linked(before, part):
            return
        for name in written():
            if not self._is_ready(part / name):
                export(self._feed(), part / name, stop)
        (part / SUMS).write_text("".join(f"{_sum(part / name)}  {name}\n" for name in written()), "ascii")
        (part / STATE).write_text(state, "ascii")
        for name in (SUMS, STATE):
            _sync(part / name)

    def _is_ready(self, file: Path) -> bool:
        """True when the feed lies packed as this file is to be: then it is the same file by another name."""
        ending = file.name.partition(".")[2].removesuffix(PACKED)
        found = self._feed_files.find(ending, packed=True) if file.name.endswith(PACKED) else None
        try:
            if found:
                os.link(found.path, file)
        except OSError:  # something was published while we looked, or the file system knows no hard links
            return False
        return found is not None

    def _state(self) -> str:
        """A sum of all that files are made of."""
        return hashlib.sha256(repr((FORM, written(), self._feed_files.state())).encode()).hexdigest()

    def _sweep(self) -> None:
        """Takes away what killed workers left."""
        for left in self.folder.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)

    def forget_all(self) -> int:
        """Takes away all of them, half written ones too; the worker makes new ones. Returns of how many days. Raises
        `Unavailable`."""
        try:
            self._sweep()
            return self._forget(self._all_days())
        except OSError as error:
            raise Unavailable(f"The dumps cannot be deleted. {disk.sentence(error, str(self.folder))}") from error

    def _forget(self, days: list[str]) -> int:
        """Takes away these days: first from sight, so that none is ever seen half."""
        for day in days:
            gone = self.folder / f"{_PART}{day}"
            (self.folder / day).rename(gone)
            shutil.rmtree(gone)
        return len(days)


def _found(path: Path, sum: str) -> DumpFile:
    there = path.stat()
    return DumpFile(path, there.st_size, sum, datetime.fromtimestamp(int(there.st_mtime), UTC))


def _linked(before: Path, part: Path) -> bool:
    """Gives the files of one day to another one too; False where the file system knows no hard links."""
    try:
        for name in (*written(), SUMS, STATE):
            os.link(before / name, part / name)
    except OSError:
        for name in (*written(), SUMS, STATE):
            (part / name).unlink(missing_ok=True)
        return False
    return True


def _read(path: Path) -> str:
    return path.read_text("ascii") if path.is_file() else ""


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Makes sure that it is on the disk: a folder, or a file that was written before."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
