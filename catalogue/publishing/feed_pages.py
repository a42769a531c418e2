"""The pages of the feed as files: what a page says of its entries, in each format, packed.

    feeds/pages/9c41….ttl

The name says what the entries of a page, and all that they are joined with, were when it was written. Whoever is asked
for a page works out how it would be called now and sends the file of that name: so an old one is never sent, and what
was written of a page holds for as long as nothing that stands on it changes, whatever is published elsewhere. What all
pages say, and what counts them, is no part of the files: it is made for each answer.

A worker writes those of the pages as they are cut when they are counted from the first; one without a file is made.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dcat import rdf
from harvesters.errors import Stopped

from .. import disk
from ..errors import Unavailable
from ..ingest import twins
from ..stopping import Stop
from ..store import entries, pieces, references, revisions
from ..store.database import Database, Hold, Transaction
from ..store.rows import Head
from .export import until
from .feed import Feed
from .feed_files import ENDINGS, FeedFiles, last_written
from .graph import said_of
from .page_bodies import Body, read
from .parted_files import digest, fingerprint
from .pieces import Pieces

PER_PAGE = 100
"""Entries on a page of the feed."""

_DONE, _PART = ".done", ".part-"


class Page(NamedTuple):
    """The entries of a page of the feed, in order of id."""

    ids: tuple[str, ...]
    is_last: bool
    after: str
    """The id after which they come."""
    name: str
    """Stands for all that is said of them in the feed."""
    revision: int
    """What was published then."""


class FeedPages:
    """Writes and finds the files in the data folder."""

    def __init__(self, database: Database, files: FeedFiles, pieces: Pieces, feed: Callable[[], Feed]) -> None:
        """`files`: the whole feeds, beside which they lie. `feed`: gives what is published when it is written."""
        self._database, self._files, self._pieces, self._feed = database, files, pieces, feed
        self.folder = files.folder / "pages"

    def page(self, number: int, after: str = "", size: int = PER_PAGE) -> Page:
        """A page, pages from 1, or what follows the entry with that id; one beyond the last has no entries."""
        begin = after or self._pieces.begin(number, size)
        around = self._around()
        with self._database.read() as tx:
            return _page(tx, around, begin, size)

    def _around(self) -> bytes:
        return _standing_around(self._feed().description())

    def find(self, page: Page, ending: str) -> Body | None:
        """What it says of its entries in a format; None while there is no file of it."""
        return read(self.folder / f"{page.name}.{ending}")

    def made(self, page: Page, ending: str) -> bytes:
        """The same, made now: what stands in the document behind the description of the catalogue."""
        return _written(self._parts(page), ending)

    def _parts(self, page: Page) -> list[str]:
        feed = self._feed()
        members = feed.members(self._pieces.of(page.ids), feed.description(), is_part=True)
        return list(rdf.parts(members))

    # --- writing ------------------------------------------------------------------------------------------------------

    def is_behind(self) -> bool:
        """True when something was published since all pages had files."""
        return self._files.is_anything() and not self._done().is_file()

    def written(self) -> datetime | None:
        """When a worker went through all of them last; None for never."""
        return last_written(self.folder.glob(f"*{_DONE}"))

    def _done(self) -> Path:
        return self.folder / f"{self._files.state()}{_DONE}"

    def write(self, hold: Hold, stop: Stop) -> int:
        """Writes what is missing, and takes away what is on no page any more. Returns of how many pages something was
        written. Raises `Unavailable` when it cannot be written."""
        written, names, done = 0, set[str](), self._done()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for page in until(stop, self._all()):
                names.add(page.name)
                written += self._write(page, hold)
            if done == self._done():  # what was published meanwhile may be on pages that were passed
                self._forget(names)
            done.touch()  # also then: who publishes all day makes nobody write all day
        except Stopped:
            pass
        except OSError as error:
            sentence = disk.sentence(error, str(self.folder))
            raise Unavailable(f"The pages of the feed cannot be written. {sentence}") from error
        return written

    def _all(self) -> Iterator[Page]:
        yield (page := self.page(1, size=PER_PAGE))
        while not page.is_last:
            yield (page := self.page(1, page.ids[-1], PER_PAGE))

    def _write(self, page: Page, hold: Hold) -> bool:
        """Writes the formats of a page that are missing; none when something changed meanwhile, since what was read may
        be of two states."""
        if not (missing := [ending for ending in ENDINGS if self.find(page, ending) is None]):
            return False
        parts, around = self._parts(page), self._around()
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=_PART) as name:
            folder = Path(name)
            for ending in missing:
                Body.of(_written(parts, ending)).write(folder / f"{page.name}.{ending}")
            with self._database.fenced(hold).write() as tx:  # whoever slept through the lease makes nothing appear
                revisions.lock(tx)
                is_same = page == _page(tx, around, page.after, PER_PAGE)
                for path in folder.iterdir() if is_same else ():
                    path.replace(self.folder / path.name)
        return is_same

    def _forget(self, names: set[str]) -> None:
        """Takes away what is on no page, and what killed workers left."""
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name.partition(".")[0] not in names:
                path.unlink(missing_ok=True)


def _page(tx: Transaction, around: bytes, after: str | None, size: int) -> Page:
    found = [] if after is None else pieces.heads(tx, after, size + 1)
    heads = found[:size]
    name = digest(repr((around, heads, *_met(tx, heads))).encode()).hex()
    return Page(tuple(head.id for head in heads), len(found) <= size, after or "", name, revisions.published(tx))


def _met(tx: Transaction, heads: list[Head]) -> tuple[object, ...]:
    """What entries meet where they are joined (`Feed.members`): who speaks of them, where they lead, who serves them,
    who counts in their place."""
    linked = references.to(tx, {head.iri: head.kind for head in heads})
    leading = references.of(tx, [head.id for head in heads])
    serving = {one.subject for some in linked.values() for one in some if one.property == "serves_dataset"}
    originals = twins.copies(tx, [head.id for head in heads if head.kind == "dataset"])
    return sorted(linked.items()), sorted(leading.items()), entries.revisions(tx, serving), sorted(originals.items())


@lru_cache(maxsize=4)
def _standing_around(description: str) -> bytes:
    """What stands around the entries: of which nodes the catalogue says something, whatever it is, and how documents
    are written."""
    return digest(repr((sorted(said_of(description)), *(fingerprint(rdf.form(one)) for one in ENDINGS))).encode())


def _written(parts: list[str], ending: str) -> bytes:
    """Parts of a document behind the first one, and its end."""
    form = rdf.form(ending)
    return b"".join((*(form.between + form.body(part) for part in parts), form.foot))
