"""The whole catalogue as files, one a format and each also packed, which the portal sends as they lie there.

    feeds/3f2a….ttl         the feed of the catalogue as it is
    feeds/3f2a….ttl.gz      the same bytes, packed
    feeds/3f2a….ttl.parts   of which parts they are made (`parted_files`)

The name says what a file was made of. So nobody is ever sent an old one: as soon as something is published the files
that lie there are called by another name than the one that is looked for, and the feed is streamed until a worker has
written them anew.

N-Triples are joined from the store; the other formats are made of that file. What did not change since a format was
written last is copied from there, whose time it saves: to say it in another format, and to pack it.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import structlog

from dcat import rdf
from harvesters.errors import Stopped

from .. import disk
from ..errors import Unavailable
from ..settings import Settings
from ..stopping import Stop
from ..store import revisions
from ..store.database import Database, Hold
from .export import until
from .feed import Feed
from .parted_files import FORM, PACKED, PARTS, Damaged, Source, Writing, beside, lying

ENDINGS = (rdf.Format.N_TRIPLES, rdf.Format.TURTLE, rdf.Format.RDF_XML, rdf.Format.JSON_LD)
"""Formats by the ending of their files, in the order in which they are written: the others are made of the first one,
and of these most are asked for Turtle."""
LOOK = 50
"""Parts between two looks whether what is written is still what is published."""

_PART = ".part-"

log = structlog.get_logger(__name__)


class FeedFile(NamedTuple):
    """A feed that lies ready."""

    path: Path
    tag: str
    """Says what it was made of, and how."""
    written: datetime


class FeedFiles:
    """Writes and finds the files in the data folder."""

    def __init__(self, database: Database, settings: Settings, feed: Callable[[], Feed]) -> None:
        """`feed`: gives what is published when it is written."""
        self._database, self._settings, self._feed = database, settings, feed
        self.folder = settings.data_dir / "feeds"

    def find(self, ending: str, *, packed: bool) -> FeedFile | None:
        """The feed in a format as it is now; None while there is no file of it."""
        name = f"{self.state()}.{ending}{PACKED if packed else ''}"
        try:
            written = (self.folder / name).stat().st_mtime
        except FileNotFoundError:
            return None
        return FeedFile(self.folder / name, name, datetime.fromtimestamp(int(written), UTC))

    def is_anything(self) -> bool:
        """True when the catalogue has something to write, or had."""
        return self._revision() > 0

    def missing(self) -> list[str]:
        """The formats of which there is no file, or an old one; none while nothing was ever published."""
        if not self.is_anything():
            return []
        state = self.state()
        return [ending for ending in ENDINGS if not (self.folder / f"{state}.{ending}").is_file()]

    def written(self) -> datetime | None:
        """When the last of the files was that lie there, whatever they were made of; None while there is none."""
        return last_written(self.folder.glob("[!.]*.*"))

    def write(self, hold: Hold, stop: Stop) -> str:
        """Writes the first format that is missing and takes away what was before. Returns its ending; nothing when it
        was broken off, something was published meanwhile, or what it is made of must be written anew. Raises
        `Unavailable` when it cannot be written."""
        state, ending = self.state(), next(iter(self.missing()), "")
        if not ending:
            return ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self._write(state, ending, hold, stop)
            self._forget(state, ending)
        except Stopped:
            return ""
        except Damaged:
            log.warning("feed.damaged", file=f"{state}.{ENDINGS[0]}")
            (self.folder / f"{state}.{ENDINGS[0]}").unlink(missing_ok=True)
            return ""
        except OSError as error:
            raise Unavailable(f"The feeds cannot be written. {disk.sentence(error, str(self.folder))}") from error
        return ending

    def _write(self, state: str, ending: str, hold: Hold, stop: Stop) -> None:
        form = rdf.form(ending)
        before = next(self.folder.glob(f"[!.]*.{ending}"), self.folder / ending)
        with (
            lying(before, form) as copied,
            self._sources(state) as sources,
            self._appearing(f"{state}.{ending}", hold) as (plain, packed, parts),
        ):
            writing = Writing(plain, packed, form, copied)
            for source in until(stop, self._unchanged(state, sources)):
                writing.add(source)
            parts.write(writing.end())

    @contextmanager
    def _sources(self, state: str) -> Iterator[Iterable[Source]]:
        """Of what the parts are made: of the file of N-Triples, or of the store while there is none."""
        with lying(self.folder / f"{state}.{ENDINGS[0]}", rdf.form(ENDINGS[0])) as joined:
            yield joined.sources() if joined else map(Source.of, rdf.parts(self._feed().whole()))

    def state(self) -> str:
        """A sum of all that a feed is made of: what is published, how the portal is called, how it is written."""
        known = self._settings
        portal = (known.site_url, known.title, known.region, known.contact, known.languages, known.show_persons)
        parts = (FORM, self._revision(), self._feed().minted_at(), portal)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def _revision(self) -> int:
        with self._database.read() as tx:
            return revisions.published(tx)

    def _unchanged(self, state: str, sources: Iterable[Source]) -> Iterator[Source]:
        """The parts, which are read in several transactions. Raises `Stopped` when something is published: they would
        be of two states."""
        for number, source in enumerate(sources):
            if number % LOOK == 0 and self.state() != state:
                raise Stopped
            yield source
        if self.state() != state:
            raise Stopped

    @contextmanager
    def _appearing(self, name: str, hold: Hold) -> Iterator[list[BinaryIO]]:
        """The plain file, the packed one and the one of the parts, which get their names when all are whole: the plain
        one last, since it says that they are there."""
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=_PART) as part, ExitStack() as opened:
            paths = [beside(Path(part) / name, ending) for ending in ("", PACKED, PARTS)]
            files: list[BinaryIO] = [opened.enter_context(path.open("wb")) for path in paths]
            yield files
            for file in files:
                file.flush()
                os.fsync(file.fileno())
            with self._database.fenced(hold).write():  # whoever slept through the lease makes nothing appear
                for path in reversed(paths):
                    path.chmod(0o644)
                    path.replace(self.folder / path.name)

    def _forget(self, state: str, ending: str) -> None:
        """Takes away what another state of the catalogue said in this format; who reads it reads it to its end."""
        for path in self.folder.glob(f"[!.]*.{ending}*"):
            if not path.name.startswith(f"{state}."):
                path.unlink(missing_ok=True)

    def forget_all(self) -> None:
        """Takes away all of them, half written ones too; the worker writes new ones. Raises `Unavailable`."""
        try:
            for path in self.folder.iterdir() if self.folder.is_dir() else ():
                with suppress(FileNotFoundError):  # a worker is at it
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as error:
            raise Unavailable(f"The feeds cannot be deleted. {disk.sentence(error, str(self.folder))}") from error

    def _sweep(self) -> None:
        """Takes away what killed workers left."""
        for left in self.folder.glob(f"{_PART}*"):
            shutil.rmtree(left, ignore_errors=True)


def last_written(paths: Iterable[Path]) -> datetime | None:
    """When the last of some files was; None without any."""
    times: list[float] = []
    for path in paths:
        with suppress(FileNotFoundError):  # a worker takes it away
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None
