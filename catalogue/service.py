"""Catalogue: the one object that web and command line talk to."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from dcat.model import Catalog

from .search.base import Query, Results
from .settings import Settings
from .store.rows import (
    Counts,
    EntryRow,
    OutcomeRow,
    Piece,
    PublisherRow,
    RunRow,
    SourceRow,
    TokenRow,
    Tombstone,
)

Progress = Callable[[dict[str, Any]], None]
"""Called with one event after another while a run goes on: {"event": "record", "identifier", "outcome", …}."""


class Catalogue:
    """The catalogue as its users see it. Opening it connects to the database and the index; both are made by `init`."""

    def __init__(self, settings: Settings) -> None: ...

    def close(self) -> None:
        """Gives back connections and files."""

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """The entries that match. Raises `BadQuery`, `SearchUnavailable`."""

    def entry(self, kind: str, name: str) -> EntryRow | Tombstone:
        """The entry with that slug; raises `NotFound`."""

    def entry_by_id(self, kind: str, id: str) -> EntryRow | Tombstone:
        """The entry with that id; raises `NotFound`."""

    def entries(self, ids: Iterable[str]) -> list[EntryRow]:
        """Live entries in the order asked for; those that are gone are left out."""

    def entries_by_iri(self, iris: Iterable[str]) -> dict[str, EntryRow]:
        """Live entries by IRI: for the datasets of a service, the members of a series."""

    def serving(self, iri: str) -> list[EntryRow]:
        """Services whose dcat:servesDataset names this dataset."""

    def members(self, iri: str) -> list[EntryRow]:
        """Datasets whose dcat:inSeries names this series."""

    def recent(self, limit: int = 5) -> list[EntryRow]:
        """Entries that changed last, newest first."""

    def counts(self) -> Counts:
        """How many live entries and publishers there are."""

    def publishers(self) -> list[PublisherRow]:
        """Publishers with at least one live entry."""

    def publisher(self, name: str) -> PublisherRow:
        """One publisher; raises `NotFound`."""

    def catalog(self) -> Catalog:
        """The description of this catalogue itself."""

    def pieces(
        self, *, after: str = "", limit: int | None = None, modified_since: datetime | None = None
    ) -> Iterator[Piece]:
        """Stored RDF of live entries in order of id, read in batches: never the whole catalogue in memory."""

    def pieces_of(self, ids: Iterable[str]) -> list[Piece]:
        """Stored RDF of these entries, in the order asked for."""

    def piece_count(self, modified_since: datetime | None = None) -> int:
        """How many pieces `pieces` would give."""

    def page_of_pieces(self, page: int, size: int, modified_since: datetime | None = None) -> list[Piece]:
        """One page of a feed, pages from 1."""

    def generation(self) -> str:
        """A text that changes whenever anything that is published does: the ETag of pages and feeds."""

    # --- sources and runs ------------------------------------------------------------------------------------------

    def add_source(
        self,
        url: str,
        kind: str,
        *,
        title: str = "",
        publisher: str = "",
        schedule: str = "",
        config: dict[str, Any] | None = None,
    ) -> SourceRow:
        """Registers a source. Raises `Invalid` with the field, `Conflict` when it is registered already."""

    def sources(self, publisher: str = "") -> list[SourceRow]:
        """All sources, or those of one publisher."""

    def source(self, name: str) -> SourceRow:
        """One source by slug; raises `NotFound`."""

    def pause_source(self, name: str) -> SourceRow:
        """No run starts until it is resumed."""

    def resume_source(self, name: str) -> SourceRow:
        """Runs start again."""

    def remove_source(self, name: str) -> int:
        """Removes the source and its entries, which answer 410 from then on. Returns how many."""

    def request_run(self, name: str, *, full: bool = False) -> RunRow:
        """Queues a run for the worker; gives back the waiting one when there is one already."""

    def harvest(
        self, name: str, *, full: bool = False, progress: Progress | None = None, run: int | None = None
    ) -> RunRow:
        """Runs a source now, from begin to end, and indexes what changed."""

    def preview(
        self, url: str, kind: str, *, config: dict[str, Any] | None = None, limit: int = 20
    ) -> tuple[RunRow, list[OutcomeRow]]:
        """Dry run of at most `limit` records: what would be published and every finding; writes nothing."""

    def runs(self, source: str, limit: int = 30) -> list[RunRow]:
        """Runs of a source, newest first."""

    def run(self, id: int) -> RunRow:
        """One run; raises `NotFound`."""

    def outcomes(self, run: int, *, outcome: str = "", offset: int = 0, limit: int = 100) -> list[OutcomeRow]:
        """What became of each record, in the order seen."""

    def finding_groups(self, run: int) -> list[tuple[str, str, int, str]]:
        """(rule, field, number of records, an example value), most records first."""

    # --- pushing ---------------------------------------------------------------------------------------------------

    def push(self, source: str, identifier: str, body: bytes, media_type: str) -> OutcomeRow:
        """Takes one record as a harvest would. Raises `NotFound`, `Invalid` for a body that cannot be read."""

    def withdraw(self, source: str, identifier: str) -> OutcomeRow:
        """Removes one record; its address answers 410."""

    # --- tokens ----------------------------------------------------------------------------------------------------

    def create_token(
        self, publisher: str, scopes: tuple[str, ...] = ("harvest", "push"), days: int = 365
    ) -> tuple[str, TokenRow]:
        """A new key, shown this once, and what is kept of it."""

    def tokens(self) -> list[TokenRow]:
        """All keys, without the keys themselves."""

    def revoke_token(self, id: int) -> TokenRow:
        """The key stops working at once; raises `NotFound`."""

    def authenticate(self, key: str) -> TokenRow:
        """What a key allows; raises `Forbidden` for an unknown, expired or revoked one alike."""

    # --- upkeep ----------------------------------------------------------------------------------------------------

    def init(self) -> None:
        """Creates or upgrades database and index."""

    def index_changes(self) -> int:
        """Indexes what changed since it was last indexed. Returns how many documents were written."""

    def rebuild_index(self) -> int:
        """Builds a new index from the store and swaps it in. Returns how many documents it holds."""

    def index_status(self) -> dict[str, object]:
        """What the engine says, and how many entries wait to be indexed."""
