"""Who publishes: the publishers with at least one live entry, under the names that sources give them."""

from collections.abc import Collection

from dcat.model import Texts

from ..errors import found
from ..store import publishers
from ..store.database import Database
from ..store.remembered import Remembered
from ..store.rows import PublisherRow


class Publishers:
    """Reads publishers."""

    def __init__(self, database: Database) -> None:
        self._database, self._remembered = database, Remembered(database)

    def all(self) -> list[PublisherRow]:
        """Publishers with at least one live entry."""
        return list(self._live().values())

    def titles(self, names: Collection[str]) -> dict[str, Texts]:
        """What the publishers with these slugs are called."""
        known = self._remembered.ask("titles", publishers.titles)
        return {name: known[name] for name in names if name in known}

    def named(self, name: str) -> PublisherRow:
        """One publisher; raises `NotFound`."""
        if row := self._live().get(name):
            return row
        with self._database.read() as tx:
            return found(publishers.by_name(tx, name), f"publisher named {name!r}")

    def with_iri(self, iri: str) -> PublisherRow:
        """The publisher with that IRI; raises `NotFound`."""
        with self._database.read() as tx:
            return found(publishers.by_iri(tx, iri), f"publisher {iri}")

    def _live(self) -> dict[str, PublisherRow]:
        return self._remembered.ask("live", lambda tx: {row.name: row for row in publishers.all(tx)})
