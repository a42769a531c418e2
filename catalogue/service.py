"""Catalogue: the one object that web and command line talk to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from dcat.model import KINDS, Catalog, Texts
from dcat.normalise import Note
from dcat.write import Reference
from harvesters import HARVESTERS
from harvesters.base import Harvester, RawRecord

from . import clock
from .conductor import Conductor
from .description import describe
from .errors import Conflict, NotFound
from .harvesting.run import Progress
from .indexing import shadow
from .ingest import reference_remarks, twins
from .ingest.twins import Cluster, Overview
from .search import open_index, unanswered
from .search.base import Query, Results, SearchIndex
from .settings import Settings
from .sources import due, registration, tokens
from .store import (
    assessments,
    entries,
    nodes,
    outbox,
    outcomes,
    pieces,
    publishers,
    references,
    revisions,
    runs,
    sources,
)
from .store import records as stored_records
from .store import tokens as stored_tokens
from .store import unanswered as stored_unanswered
from .store.assessments import Assessed
from .store.database import Database, Rejected
from .store.rows import Counts, EntryRow, OutcomeRow, Piece, PublisherRow, RunRow, SourceRow, TokenRow, Tombstone
from .store.unanswered import Unanswered

__all__ = ["Catalogue", "Progress"]

PIECES = 100
"""Pieces that are read at a time while a feed is streamed."""

T = TypeVar("T")


class Catalogue:
    """The catalogue as its users see it. Opening it connects to the database and the index; both are made by `init`."""

    def __init__(self, settings: Settings, harvesters: Mapping[str, Harvester] = HARVESTERS) -> None:
        self.settings = settings
        self.harvesters = harvesters
        self._database = Database(settings.database)
        self._index: SearchIndex | None = None
        self._generation = ""
        self._changes = self._changes_searched = 0
        """How often the catalogue was seen to have changed, and how often when search last looked at its index."""
        self._assessed: Assessed | None = None
        self._tally = unanswered.Tally(self._keep_unanswered)
        self._conductor = Conductor(settings, self._database, harvesters, self._search_index)

    def close(self) -> None:
        """Gives back connections and files."""
        self._tally.flush()
        if self._index is not None:
            self._index.close()
        self._database.close()

    # --- reading ---------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Results:
        """The entries that match, as new as `generation` last said. Raises `BadQuery`, `SearchUnavailable`."""
        index, changes = self._search_index(), self._changes
        if self._changes_searched != changes:
            index.generation()  # looks at the newest state, which an engine may otherwise do a second later
            self._changes_searched = changes
        return index.search(query)

    def note_unanswered(self, text: str) -> None:
        """Counts words that found nothing, unless they may be about a person. Neither waits nor fails."""
        if asked := unanswered.countable(text):
            self._tally.add(asked)

    def unanswered(self, limit: int = 100) -> list[Unanswered]:
        """Words that found nothing on several days, most asked for first."""
        with self._database.read() as tx:
            return stored_unanswered.published(tx, limit)

    def entry(self, kind: str, name: str) -> EntryRow | Tombstone:
        """The entry with that slug; raises `NotFound`."""
        with self._database.read() as tx:
            return _entry(entries.by_name(tx, kind, name), f"{kind} named {name!r}")

    def entry_by_id(self, kind: str, id: str) -> EntryRow | Tombstone:
        """The entry with that id; raises `NotFound`."""
        with self._database.read() as tx:
            return _entry(entries.by_id(tx, kind, id), f"{kind} with the id {id!r}")

    def entries(self, ids: Iterable[str]) -> list[EntryRow]:
        """Live entries in the order asked for; those that are gone are left out."""
        with self._database.read() as tx:
            return entries.by_ids(tx, ids)

    def entries_by_iri(self, iris: Iterable[str]) -> dict[str, EntryRow]:
        """Live entries by IRI: for the datasets of a service, the members of a series."""
        with self._database.read() as tx:
            return entries.by_iris(tx, iris)

    def serving(self, iri: str) -> list[EntryRow]:
        """Services whose dcat:servesDataset names this dataset."""
        with self._database.read() as tx:
            return entries.linked(tx, "serves_dataset", iri)

    def members(self, iri: str) -> list[EntryRow]:
        """Datasets whose dcat:inSeries names this series."""
        with self._database.read() as tx:
            return entries.linked(tx, "in_series", iri)

    def clusters(self, ids: Iterable[str]) -> dict[str, Cluster]:
        """By id, who is the same dataset in another catalogue, for those entries of which there is one."""
        with self._database.read() as tx:
            return twins.clusters(tx, ids)

    def copies(self, ids: Iterable[str]) -> dict[str, str]:
        """By id, for each of these entries that is the same as one that counts in its place, the IRI of that one."""
        with self._database.read() as tx:
            return twins.copies(tx, ids)

    def suggestions(self, ids: Iterable[str]) -> dict[str, Cluster]:
        """By id, who looks the same as these entries without being known to be."""
        with self._database.read() as tx:
            return twins.suggestions(tx, ids)

    def duplicates(self) -> Overview:
        """Everything that several catalogues list, and what looks so."""
        with self._database.read() as tx:
            return twins.overview(tx)

    def recent(self, limit: int = 5) -> list[EntryRow]:
        """Entries that changed last, newest first."""
        with self._database.read() as tx:
            return entries.recent(tx, limit)

    def counts(self) -> Counts:
        """How many live entries and publishers there are."""
        with self._database.read() as tx:
            return entries.counts(tx)

    def publishers(self) -> list[PublisherRow]:
        """Publishers with at least one live entry."""
        with self._database.read() as tx:
            return publishers.all(tx)

    def publisher_titles(self, names: Collection[str]) -> dict[str, Texts]:
        """What the publishers with these slugs are called."""
        with self._database.read() as tx:
            return publishers.titles(tx, names)

    def publisher(self, name: str) -> PublisherRow:
        """One publisher; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(publishers.by_name(tx, name), f"publisher named {name!r}")

    def catalog(self) -> Catalog:
        """The description of this catalogue itself."""
        with self._database.read() as tx:
            newest = entries.recent(tx, 1)
        return describe(self.settings, newest[0].updated if newest else None, self.assessed().whole)

    def assessed(self) -> Assessed:
        """How good the descriptions are, of all and of each publisher; read again only when something changed."""
        with self._database.read() as tx:
            revision = revisions.published(tx)
            if self._assessed is None or self._assessed.revision != revision:
                self._assessed = Assessed.of(revision, assessments.scores(tx))
        return self._assessed

    def causes(self) -> list[tuple[str, str, int, str]]:
        """What was found in live entries: (rule, field, number of entries, an example value), most entries first."""
        with self._database.read() as tx:
            return assessments.causes(tx)

    def pieces(
        self, *, after: str = "", limit: int | None = None, modified_since: datetime | None = None
    ) -> Iterator[Piece]:
        """Stored RDF of live entries in order of id, read in batches: never the whole catalogue in memory."""
        yield from self._pieces(after, limit, modified_since, KINDS)

    def pieces_by_kind(self, modified_since: datetime | None = None) -> Iterator[Piece]:
        """The same with services and series first, as feeds want them."""
        yield from self._pieces("", None, modified_since, set(KINDS) - {"dataset"})
        yield from self._pieces("", None, modified_since, ("dataset",))

    def _pieces(
        self, after: str, left: int | None, modified_since: datetime | None, kinds: Iterable[str]
    ) -> Iterator[Piece]:
        while left is None or left > 0:
            with self._database.read() as tx:
                batch = pieces.after(tx, after, PIECES if left is None else min(PIECES, left), modified_since, kinds)
            yield from batch
            if not batch:
                return
            after = batch[-1].id
            left = None if left is None else left - len(batch)

    def pieces_of(self, ids: Iterable[str]) -> list[Piece]:
        """Stored RDF of these entries, in the order asked for."""
        with self._database.read() as tx:
            return pieces.by_ids(tx, ids)

    def shared(self, keys: Iterable[int]) -> list[str]:
        """What is said of nodes that several entries use (`Piece.shared`), as N-Triples, a text for each node."""
        with self._database.read() as tx:
            return list(nodes.read(tx, keys))

    def references(self, ids: Iterable[str]) -> dict[str, list[Reference]]:
        """By id, the references of these entries that lead to live entries of the right kind."""
        with self._database.read() as tx:
            return references.of(tx, ids)

    def piece_count(self, modified_since: datetime | None = None) -> int:
        """How many pieces `pieces` would give."""
        with self._database.read() as tx:
            return pieces.count(tx, modified_since)

    def page_of_pieces(self, page: int, size: int, modified_since: datetime | None = None) -> list[Piece]:
        """One page of a feed, pages from 1."""
        with self._database.read() as tx:
            return pieces.page(tx, page, size, modified_since)

    def generation(self) -> str:
        """A text that changes whenever anything that is published does, and again when search knows it: for ETags.
        A search that begins later finds what this text stands for, or what is newer."""
        with self._database.read() as tx:
            generation = f"{revisions.published(tx)}.{outbox.waiting(tx)}.{outbox.mended(tx)}"
        if generation != self._generation:
            self._generation = generation
            self._changes += 1
        return generation

    def removed(self, since: datetime | None = None, limit: int = 1000) -> list[Tombstone]:
        """Tombstones, last removed first."""
        with self._database.read() as tx:
            return entries.tombstones(tx, since, limit)

    def publisher_by_iri(self, iri: str) -> PublisherRow:
        """The publisher with that IRI; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(publishers.by_iri(tx, iri), f"publisher {iri}")

    def find(self, name_or_id: str) -> EntryRow | Tombstone:
        """The entry with that slug or id, of whatever kind; raises `NotFound`."""
        with self._database.read() as tx:
            return _entry(entries.find(tx, name_or_id), f"entry named {name_or_id!r}")

    def raw_record(self, source: str, identifier: str) -> RawRecord:
        """The record as it came; raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.found(sources.by_name(tx, source), source)
            return _found(stored_records.raw(tx, row.id, identifier), f"record {identifier!r} of {source!r}")

    def outcome_of(self, source: str, identifier: str) -> OutcomeRow:
        """What became of a record the last time it changed, with its findings and where its references lead now;
        raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.found(sources.by_name(tx, source), source)
            outcome = _found(outcomes.of_record(tx, row.id, identifier), f"record {identifier!r} of {source!r}")
            found = reference_remarks.remarks(tx, row.id, identifier)
        return msgspec.structs.replace(outcome, findings=(*outcome.findings, *found))

    def trace(self, source: str, identifier: str) -> tuple[Note, ...]:
        """What became of each value of a record, in the order in which it was changed; raises `NotFound`."""
        return self._conductor.trace(source, identifier)

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
        with _unless_taken(f"The source {url} is registered already."), self._database.write() as tx:
            row = registration.add(
                tx,
                self.harvesters,
                url=url,
                kind=kind,
                title=title,
                publisher=publisher,
                cron=schedule,
                config=config or {},
                languages=self.settings.languages,
            )
        return self.source(row.name)

    def sources(self, publisher: str = "") -> list[SourceRow]:
        """All sources, or those of one publisher."""
        with self._database.read() as tx:
            return [due.timed(tx, row) for row in sources.all(tx, publisher)]

    def source(self, name: str) -> SourceRow:
        """One source by slug; raises `NotFound`."""
        with self._database.read() as tx:
            return due.timed(tx, registration.found(sources.by_name(tx, name), name))

    def pause_source(self, name: str) -> SourceRow:
        """No run starts until it is resumed."""
        return self._set_source(name, active=False)

    def resume_source(self, name: str) -> SourceRow:
        """Runs start again."""
        return self._set_source(name, active=True)

    def remove_source(self, name: str) -> int:
        """Removes the source and its entries, which answer 410 from then on. Returns how many."""
        with self._database.write() as tx:
            return registration.remove(tx, registration.found(sources.by_name(tx, name), name))

    def request_run(self, name: str, *, full: bool = False) -> RunRow:
        """Queues a run for the worker; gives back the waiting one when there is one already."""
        with self._database.write() as tx:
            source = registration.startable(sources.by_name(tx, name), name)
            return _found(runs.get(tx, runs.queue(tx, source.id, clock.now(), full=full)), "run")

    def harvest(
        self, name: str, *, full: bool = False, progress: Progress | None = None, run: int | None = None
    ) -> RunRow:
        """Runs a source now, from begin to end, and indexes what changed."""
        return self._conductor.harvest(name, full=full, progress=progress, run=run)

    def preview(
        self, url: str, kind: str, *, config: dict[str, Any] | None = None, limit: int = 20
    ) -> tuple[RunRow, list[OutcomeRow]]:
        """Dry run of at most `limit` records: what would be published and every finding; writes nothing."""
        return self._conductor.preview(url, kind, config=config or {}, limit=limit)

    def due(self, now: datetime | None = None) -> list[SourceRow]:
        """Sources whose next run is due and that have none waiting or going on."""
        with self._database.read() as tx:
            return due.due(tx, now or clock.now())

    def claim(self) -> RunRow | None:
        """The run that waits longest; `harvest(run.source, run=run.id)` starts it, or raises `Conflict` when another
        worker was faster."""
        with self._database.read() as tx:
            return runs.waiting(tx)

    def reap(self) -> list[int]:
        """Ends the runs whose worker died, as `aborted`; their numbers."""
        with self._database.write() as tx:
            return runs.reap(tx)

    def approve_removals(self, source: str) -> int:
        """Removes what the last complete run of a source missed and the deletion rule held. Returns how many."""
        return self._conductor.approve_removals(source)

    def confirm_move(self, source: str, old: str, new: str) -> None:
        """Says that an entry that is gone (slug) goes on as another one of the same source: its addresses lead there.
        Raises `NotFound`, or `Conflict` when the source still lists it."""
        self._conductor.confirm_move(source, old, new)

    def runs(self, source: str, limit: int = 30) -> list[RunRow]:
        """Runs of a source, newest first."""
        with self._database.read() as tx:
            return runs.of_source(tx, registration.found(sources.by_name(tx, source), source).id, limit)

    def run(self, id: int) -> RunRow:
        """One run; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(runs.get(tx, id), f"run {id}")

    def outcomes(self, run: int, *, outcome: str = "", offset: int = 0, limit: int = 100) -> list[OutcomeRow]:
        """What became of each record, in the order seen."""
        with self._database.read() as tx:
            _found(runs.get(tx, run), f"run {run}")
            return outcomes.of_run(tx, run, outcome, offset, limit)

    def finding_groups(self, run: int) -> list[tuple[str, str, int, str]]:
        """(rule, field, number of records, an example value), most records first."""
        with self._database.read() as tx:
            _found(runs.get(tx, run), f"run {run}")
            return outcomes.groups(tx, run)

    # --- pushing ---------------------------------------------------------------------------------------------------

    def push(self, source: str, identifier: str, body: bytes, media_type: str) -> OutcomeRow:
        """Takes one record as a harvest would. Raises `NotFound`, `Invalid` for a body that cannot be read."""
        return self._conductor.push(source, identifier, body, media_type)

    def withdraw(self, source: str, identifier: str) -> OutcomeRow:
        """Removes one record; its address answers 410."""
        return self._conductor.withdraw(source, identifier)

    # --- tokens ----------------------------------------------------------------------------------------------------

    def create_token(
        self, publisher: str, scopes: tuple[str, ...] = ("harvest", "push"), days: int = 365
    ) -> tuple[str, TokenRow]:
        """A new key, shown this once, and what is kept of it."""
        with self._database.write() as tx:
            slug = registration.register_publisher(tx, publisher, self.settings.languages)
            return tokens.create(tx, self._secret, slug, scopes, days)

    def tokens(self) -> list[TokenRow]:
        """All keys, without the keys themselves."""
        with self._database.read() as tx:
            return stored_tokens.all(tx)

    def revoke_token(self, id: int) -> TokenRow:
        """The key stops working at once; raises `NotFound`."""
        with self._database.write() as tx:
            return _found(stored_tokens.revoke(tx, id, clock.now()), f"token {id}")

    def authenticate(self, key: str) -> TokenRow:
        """What a key allows; raises `Forbidden` for an unknown, expired or revoked one alike."""
        with self._database.read() as tx:
            row = tokens.check(tx, self._secret, key)
        if tokens.is_worth_noting(row, now := clock.now()):
            with self._database.write() as tx:
                stored_tokens.use(tx, row.id, now)
        return row

    # --- upkeep ----------------------------------------------------------------------------------------------------

    def init(self) -> None:
        """Creates or upgrades database and index."""
        self._database.upgrade()
        if self._search_index().status().get("state") != "ready":
            self.rebuild_index()

    def index_changes(self) -> int:
        """Indexes what changed since it was last indexed. Returns how many documents were written."""
        return shadow.catch_up(self._database, self._search_index())

    def rebuild_index(self) -> int:
        """Builds a new index from the store, swaps it in and indexes what changed meanwhile. Returns how many documents
        the new index held."""
        count = shadow.rebuild(self._database, self._search_index())
        with self._database.read() as tx:
            is_behind = outbox.waiting(tx) > 0
        if is_behind:
            self.index_changes()
        return count

    def index_status(self) -> dict[str, object]:
        """What the engine says, how many entries wait to be indexed, and which cannot be: slug → why."""
        with self._database.read() as tx:
            waiting, refused = outbox.waiting(tx), outbox.refused(tx)
        return {**self._search_index().status(), "waiting": waiting, "refused": refused}

    def reconcile_index(self) -> int:
        """Compares index and store entry by entry and mends what differs, as after a restore. Returns how many."""
        mended = shadow.reconcile(self._database, self._search_index())
        self.index_changes()
        return mended

    def reconcile_index_daily(self) -> int:
        """The same, unless it was done today already; 0 then."""
        mended = shadow.reconcile_daily(self._database, self._search_index())
        self.index_changes()
        return mended

    def schema(self) -> tuple[str | None, str | None]:
        """The version of the database's tables, and the one this software needs."""
        return self._database.schema()

    def tidy(self) -> int:
        """Forgets what was removed long ago, but for tombstones, and what nobody asks for any more. Returns how many
        entries."""
        with self._database.write() as tx:
            stored_unanswered.forget(tx, clock.now().date() - timedelta(days=unanswered.FORGOTTEN_AFTER))
        return self._conductor.tidy()

    # --- inside ----------------------------------------------------------------------------------------------------

    def _keep_unanswered(self, counts: Mapping[str, int]) -> None:
        asked = {unanswered.hashed(self._secret, words): (words, times) for words, times in counts.items()}
        with self._database.write() as tx:
            stored_unanswered.add(tx, asked, clock.now().date(), unanswered.DAYS)

    def _search_index(self) -> SearchIndex:
        if self._index is None:
            self._index = open_index(self.settings)
        return self._index

    @cached_property
    def _secret(self) -> bytes:
        return tokens.secret(self.settings)

    def _set_source(self, name: str, **values: object) -> SourceRow:
        with self._database.write() as tx:
            sources.change(tx, registration.found(sources.by_name(tx, name), name).id, **values)
        return self.source(name)


@contextmanager
def _unless_taken(sentence: str) -> Iterator[None]:
    """Two who register the same thing at the same moment: the database lets one through."""
    try:
        yield
    except Rejected as error:
        raise Conflict(sentence) from error


def _entry(row: EntryRow | Tombstone | None, what: str) -> EntryRow | Tombstone:
    if row is None:
        raise NotFound(f"There is no {what}.")
    return row


def _found(row: T | None, what: str) -> T:
    if row is None:
        raise NotFound(f"There is no {what}.")
    return row
