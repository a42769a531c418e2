"""The embedded index: tantivy, in a folder beside the database. Only the files of this name know tantivy.

Any number of threads and processes read while one writes: before every search a reader looks which index is in use
(`folder`) and whether there is a newer commit in it.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec
import tantivy
from tantivy import Query as Native

from ..asking import answer, listed
from ..base import Document, Listing, Query, Results, SearchUnavailable
from ..refusal import made, unless_refused
from .folder import REBUILD, IndexFolder
from .view import EmbeddedView, guarded
from .words import SCHEMA, row_of

WRITER_MEMORY = 64_000_000
"""Bytes that a writer fills before it writes a segment."""


class _Open(NamedTuple):
    """An index that is open for reading."""

    native: tantivy.Index
    path: Path
    stamp: tuple[int, int]
    """Time and size of its commit file when it was last read."""
    view: EmbeddedView
    sizes: dict[str, int]
    """Bytes of its files, by path. They are mapped into memory: to read one that was cut off since would kill the
    process."""


class EmbeddedIndex:
    """A `SearchIndex` in a folder."""

    def __init__(self, path: Path) -> None:
        self.folder = IndexFolder(path)
        self._open: _Open | None = None
        self._opening = threading.Lock()

    def search(self, query: Query) -> Results:
        """The entries that match."""
        return answer(query, self._view())

    def listed(self, query: Query) -> Listing:
        """What they are, for whoever shows none."""
        return listed(query, self._view())

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision."""
        searcher = self._view().searcher
        with guarded(self.folder.path):
            if not searcher.num_docs:
                return {}
            hits = searcher.search(Native.all_query(), limit=searcher.num_docs, count=False, order_by_field="id").hits
            numbers = searcher.fast_field_values("revision", [address for _, address in hits])
            return {id: int(number or 0) for (id, _), number in zip(hits, numbers, strict=True)}

    def generation(self) -> str:
        """Changes with every commit and every rebuild."""
        return self._view().generation

    def status(self) -> dict[str, object]:
        """What `datastore doctor` and `index status` tell; what is wrong with the index is told, not raised."""
        told: dict[str, object] = {"engine": "embedded", "version": version("tantivy"), "where": str(self.folder.path)}
        try:
            view, path = self._view(), self.folder.current()
        except SearchUnavailable as error:
            return {**told, "state": "unavailable", "problem": str(error)}
        size = sum(_size(str(file)) for file in path.iterdir())
        documents = view.searcher.num_docs
        return {**told, "state": "ready", "documents": documents, "bytes": size, "generation": view.generation}

    def close(self) -> None:
        """Forgets what is open; the next search opens it again."""
        with self._opening:
            self._open = None

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents, in one commit; those that are older than what stands are passed over."""
        refused: dict[str, str] = {}
        newest = list(made(_newest(documents), row_of, refused))  # takes longest, so that nobody waits for it
        with self.folder.writing():
            searcher = self._view().searcher
            with guarded(self.folder.path):
                fresh = [(one, row) for one, row in newest if one.revision >= _revision(searcher, one.id)]
                with self._writer() as writer:
                    for document, row in fresh:
                        writer.delete_documents_by_term("id", document.id)
                        writer.add_document(row)
        return unless_refused(len(fresh), refused)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out, in one commit."""
        asked = list(dict.fromkeys(ids))
        with self.folder.writing(), guarded(self.folder.path):
            self._view()  # an index that was cut off is not written: its threads would read what is gone
            with self._writer() as writer:
                for id in asked:
                    writer.delete_documents_by_term("id", id)
        return len(asked)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fills a new index and swaps it in; what is left over from rebuilds that were killed goes."""
        count = 0
        refused: dict[str, str] = {}
        with self.folder.replacing() as path, self._writer(path) as writer:
            for _, row in made(documents, row_of, refused):
                with guarded(self.folder.path):
                    writer.add_document(row)
                count += 1
        return unless_refused(count, refused)

    @contextmanager
    def _writer(self, new: Path | None = None) -> Iterator[tantivy.IndexWriter]:
        """A writer, of a new index or of the one in use; it commits at the end, or leaves everything as it was.

        What an earlier writer left that died within its commit goes first: a file of deletions is named after the
        number of the commit, so that the next commit would find its own file there already.
        """
        with guarded(self.folder.path):
            path = new or self.folder.current()
            index = tantivy.Index(SCHEMA, path=str(path)) if new else tantivy.Index.open(str(path))
            writer = index.writer(WRITER_MEMORY, num_threads=1)
            writer.garbage_collect_files()
            for draft in path.glob(".tmp*"):
                draft.unlink(missing_ok=True)
        try:
            yield writer
        except BaseException:
            with suppress(ValueError):  # why there is nothing to commit is told already
                writer.rollback()
            raise
        with guarded(self.folder.path):
            writer.commit()
            writer.wait_merging_threads()

    def _view(self) -> EmbeddedView:
        """The newest state. A rebuild may swap indexes between two looks, so a look that failed is repeated."""
        while True:
            path = self.folder.current()
            try:
                with guarded(self.folder.path):
                    return self._view_of(path)
            except SearchUnavailable:
                if self.folder.current() == path:
                    raise

    def _view_of(self, path: Path) -> EmbeddedView:
        stamp = _stamp(path)
        state = self._open
        if state and state.path == path and (cut := _cut_off(state.sizes)):
            raise SearchUnavailable(f"The search index in {self.folder.path} is damaged: {cut} was cut off. {REBUILD}")
        if state and state.path == path and state.stamp == stamp:
            return state.view
        with self._opening:
            native = state.native if state and state.path == path else _opened(path)
            generation = f"{path.name}-{_opstamp(path)}"  # read first: what is committed meanwhile is seen next time
            native.reload()
            view = EmbeddedView(native.searcher(), generation, self.folder.path)
            self._open = _Open(native, path, stamp, view, _sizes(path))
            return view


def _opened(path: Path) -> tantivy.Index:
    native = tantivy.Index.open(str(path))
    native.config_reader("manual")
    return native


def _newest(documents: Iterable[Document]) -> list[Document]:
    newest: dict[str, Document] = {}
    for document in documents:
        if document.id not in newest or newest[document.id].revision <= document.revision:
            newest[document.id] = document
    return list(newest.values())


def _revision(searcher: tantivy.Searcher, id: str) -> int:
    """The revision that stands; -1 when there is none."""
    hits = searcher.search(Native.term_query(SCHEMA, "id", id, "basic"), limit=1, count=False).hits
    return int(searcher.fast_field_values("revision", [hits[0][1]])[0] or 0) if hits else -1


def _size(file: str) -> int:
    """Bytes of a file; none when a merge of segments has just removed it."""
    return max(0, _size_there(file))


def _cut_off(sizes: dict[str, int]) -> str:
    """The name of the first file that is there and shorter than it was; one that is gone is still mapped whole."""
    return next((Path(file).name for file, size in sizes.items() if 0 <= _size_there(file) < size), "")


def _sizes(path: Path) -> dict[str, int]:
    """Bytes of the files that never change once they are written: all but those that say which ones there are."""
    return {str(file): _size(str(file)) for file in path.iterdir() if file.suffix not in {".json", ".lock"}}


def _size_there(file: str) -> int:
    """Before each search, of each file: a path made of parts costs more than the question."""
    try:
        return os.stat(file).st_size  # noqa: PTH116
    except FileNotFoundError:
        return -1


def _stamp(folder: Path) -> tuple[int, int]:
    found = (folder / "meta.json").stat()
    return found.st_mtime_ns, found.st_size


def _opstamp(folder: Path) -> int:
    """The number of the last commit; merging segments does not change it."""
    return int(msgspec.json.decode((folder / "meta.json").read_bytes())["opstamp"])
