"""The stored RDF of entries, a piece for each, as feeds join them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from dcat.model import DATA
from dcat.write import Reference

from ..store import entries, nodes, pieces, references
from ..store.database import Database
from ..store.remembered import Remembered
from ..store.rows import Piece

BATCH = 100
"""Pieces that are read at a time while a feed is streamed."""


class Pieces:
    """Reads pieces: never the whole catalogue in memory. Lists are of data alone: no profile has publications."""

    def __init__(self, database: Database) -> None:
        self._database, self._remembered = database, Remembered(database)

    def all(
        self, *, after: str = "", limit: int | None = None, modified_since: datetime | None = None
    ) -> Iterator[Piece]:
        """Those of live datasets, services and series in order of id, read in batches."""
        yield from self._batches(after, limit, modified_since, DATA)

    def by_kind(self, modified_since: datetime | None = None) -> Iterator[Piece]:
        """The same with services and series first, as feeds want them."""
        yield from self._batches("", None, modified_since, set(DATA) - {"dataset"})
        yield from self._batches("", None, modified_since, ("dataset",))

    def _batches(
        self, after: str, left: int | None, modified_since: datetime | None, kinds: Iterable[str]
    ) -> Iterator[Piece]:
        while left is None or left > 0:
            with self._database.read() as tx:
                batch = pieces.after(tx, after, BATCH if left is None else min(BATCH, left), modified_since, kinds)
            yield from batch
            if not batch:
                return
            after = batch[-1].id
            left = None if left is None else left - len(batch)

    def of(self, ids: Iterable[str]) -> list[Piece]:
        """Those of these entries, in the order asked for."""
        with self._database.read() as tx:
            return pieces.by_ids(tx, ids)

    def count(self, modified_since: datetime | None = None) -> int:
        """How many pieces `all` would give."""
        if modified_since is None:
            return self._remembered.ask("count", pieces.count)
        with self._database.read() as tx:
            return pieces.count(tx, modified_since)

    def turned(
        self, page: int, size: int, modified_since: datetime | None = None, after: str = ""
    ) -> tuple[list[Piece], bool]:
        """One page of a feed, pages from 1, or what follows the entry with that id; and whether nothing comes after."""
        begin = after or self.begin(page, size, modified_since)
        if begin is None:
            return [], True
        with self._database.read() as tx:
            found = pieces.after(tx, begin, size + 1, modified_since)
        return found[:size], len(found) <= size

    def begin(self, page: int, size: int, modified_since: datetime | None = None) -> str | None:
        """After which id a page begins, empty for the first one; None for one beyond the last."""
        ends = ["", *self._ends(size, modified_since)] if page > 1 else [""]
        return ends[page - 1] if page <= len(ends) else None

    def page(self, page: int, size: int) -> list[Piece]:
        """One page of a feed, pages from 1."""
        return self.turned(page, size)[0]

    def _ends(self, size: int, modified_since: datetime | None) -> list[str]:
        ask = partial(entries.last_ids, size=size, modified_since=modified_since, kinds=DATA)
        if modified_since is None:
            return self._remembered.ask(("ends", size), ask)
        with self._database.read() as tx:
            return ask(tx)

    def shared(self, keys: Iterable[int]) -> list[str]:
        """What is said of nodes that several entries use (`Piece.shared`), as N-Triples, a text for each node."""
        return list(self.nodes(keys).values())

    def nodes(self, keys: Iterable[int]) -> dict[int, str]:
        """The same by key, in order of key."""
        with self._database.read() as tx:
            return dict(nodes.read(tx, keys))

    def references(self, ids: Iterable[str]) -> dict[str, list[Reference]]:
        """By id, the references of these entries that lead to live entries of the right kind."""
        with self._database.read() as tx:
            return references.of(tx, ids)
