"""The same data in several catalogues, as pages, feeds and programs are told of it."""

from collections.abc import Iterable

from ..ingest import twins
from ..ingest.twins import Cluster, Overview
from ..store.database import Database
from ..store.remembered import Remembered


class Copies:
    """Reads who is the same as whom."""

    def __init__(self, database: Database) -> None:
        self._database, self._remembered = database, Remembered(database)

    def clusters(self, ids: Iterable[str]) -> dict[str, Cluster]:
        """By id, who is the same dataset in another catalogue, for those entries of which there is one."""
        with self._database.read() as tx:
            return twins.clusters(tx, ids)

    def originals(self, ids: Iterable[str]) -> dict[str, str]:
        """By id, for each of these entries that is the same as one that counts in its place, the IRI of that one."""
        with self._database.read() as tx:
            return twins.copies(tx, ids)

    def suggested(self, ids: Iterable[str]) -> dict[str, Cluster]:
        """By id, who looks the same as these entries without being known to be."""
        with self._database.read() as tx:
            return twins.suggestions(tx, ids)

    def overview(self) -> Overview:
        """Everything that several catalogues list, and what looks so."""
        return self._remembered.ask("overview", twins.overview)
