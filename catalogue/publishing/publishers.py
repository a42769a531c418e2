"""Who publishes: the publishers with at least one live entry, under the names that sources give them."""

from collections.abc import Collection

from dcat.model import Texts

from ..errors import found
from ..store import publishers
from ..store.database import Database
from ..store.rows import PublisherRow


class Publishers:
    """Reads publishers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[PublisherRow]:
        """Publishers with at least one live entry."""
        with self._database.read() as tx:
            return publishers.all(tx)

    def titles(self, names: Collection[str]) -> dict[str, Texts]:
        """What the publishers with these slugs are called."""
        with self._database.read() as tx:
            return publishers.titles(tx, names)

    def named(self, name: str) -> PublisherRow:
        """One publisher; raises `NotFound`."""
        with self._database.read() as tx:
            return found(publishers.by_name(tx, name), f"publisher named {name!r}")

    def with_iri(self, iri: str) -> PublisherRow:
        """The publisher with that IRI; raises `NotFound`."""
        with self._database.read() as tx:
            return found(publishers.by_iri(tx, iri), f"publisher {iri}")
