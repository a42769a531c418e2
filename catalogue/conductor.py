"""Conducts what changes the catalogue: runs, dry runs, pushes, withdrawals."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog

from dcat.normalise import Note
from harvesters.base import Harvester

from . import clock
from .errors import NotFound
from .harvesting import moves, unchanged
from .harvesting.dry_run import preview
from .harvesting.retirement import bury
from .harvesting.run import Progress, harvest, run_event
from .harvesting.unchanged import Before
from .indexing import shadow
from .ingest import identity, raw_records, trace
from .ingest.draft import Intake
from .search.base import SearchIndex, SearchUnavailable
from .settings import Settings
from .sources import push, registration
from .sources.manners import client
from .store import missing, nodes, outcomes, records, revisions, runs, sources
from .store.database import Database, Transaction
from .store.rows import OutcomeRow, RunRow, SourceRow

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
"""How long a removed entry can be restored; after that only its tombstone stays."""


class Conductor:
    """Composes store, ingest and index for the service."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        harvesters: Mapping[str, Harvester],
        index: Callable[[], SearchIndex],
    ) -> None:
        self._settings, self._database, self._harvesters, self._index = settings, database, harvesters, index

    def harvest(self, name: str, *, full: bool, progress: Progress | None, run: int | None) -> RunRow:
        """Runs a source from begin to end and indexes what changed."""

        def start(tx: Transaction) -> tuple[Intake, int, bool, Before | None]:
            row = registration.startable(sources.by_name(tx, name), name)
            intake, now = self._intake(tx, row), clock.now()
            id = runs.queue(tx, row.id, now, full=full) if run is None else run
            runs.start(tx, id, row.id, now)
            queued = runs.get(tx, id)
            again = full or bool(queued and queued.full)
            return intake, id, again, None if again else unchanged.before(tx, intake)

        with self._database.read() as tx:
            url = registration.found(sources.by_name(tx, name), name).url
        with client(self._settings, url) as web:
            intake, id, again, before = self._database.write_again(start)
            row = harvest(self._database, intake, web, id, full=again, before=before, progress=progress)
        row = self._index_run(row)
        if progress:
            progress(run_event(row))
        return row

    def _index_run(self, row: RunRow) -> RunRow:
        """Indexes what the run changed; when the index cannot be written now, the worker does it later."""
        try:
            shadow.catch_up(self._database, self._index())
        except SearchUnavailable as error:
            log.warning("index.later", run=row.id, source=row.source, reason=str(error))
            return row
        if not (changed := row.new + row.changed + row.removed):
            return row

        def note(tx: Transaction) -> RunRow | None:
            runs.add_writes(tx, row.id, changed)
            return runs.get(tx, row.id)

        return self._database.write_again(note) or row

    def preview(self, url: str, kind: str, *, config: dict[str, Any], limit: int) -> tuple[RunRow, list[OutcomeRow]]:
        """Dry run: fetches and reads, decides in a transaction that is undone, keeps nothing."""
        harvester = registration.harvester_of(self._harvesters, kind)
        registration.check_config(harvester, config)
        row = SourceRow(
            id=identity.source_id(registration.check_url(url), kind),
            name="preview",
            title="",
            url=url.strip(),
            kind=kind,
            publisher="",
            schedule="",
            config=config,
            active=True,
            created=clock.now(),
        )
        intake = registration.plain_intake(row, harvester, self._settings)
        with client(self._settings, row.url) as web:
            return preview(self._database, intake, web, limit)

    def push(self, source: str, identifier: str, body: bytes, media_type: str) -> OutcomeRow:
        """Takes one record of a producer."""
        with self._database.read() as tx:
            row = registration.found(sources.by_name(tx, source), source)
        raw, harvester = push.raw_record(self._harvesters, row, identifier, body, media_type)
        with self._database.write() as tx:
            unchanged.forget(tx, row.id)
            intake = registration.intake(tx, row, harvester, self._settings)
        keeper = push.Receipt()
        raw_records.take(self._database, intake, [raw], keeper, clock.now())
        return keeper.row()

    def withdraw(self, source: str, identifier: str) -> OutcomeRow:
        """Removes one record."""

        def work(tx: Transaction) -> OutcomeRow:
            revisions.lock(tx)
            row, now = registration.found(sources.by_name(tx, source), source), clock.now()
            key = identity.clean_identifier(identifier)
            gone = missing.one(tx, row.id, key, now)
            if not gone:
                raise NotFound(f"Source {source!r} has no published record {identifier!r}.")
            bury(tx, row.id, None, gone, code="DELETED_BY_PRODUCER", moment=now)
            unchanged.forget(tx, row.id)
            return outcomes.of_record(tx, row.id, key) or OutcomeRow(identifier=key, outcome="REMOVED")

        return self._database.write_again(work)

    def trace(self, source: str, identifier: str) -> tuple[Note, ...]:
        """What became of each value of a record."""
        with self._database.read() as tx:
            row = registration.found(sources.by_name(tx, source), source)
            raw = records.raw(tx, row.id, identifier)
            if raw is None:
                raise NotFound(f"Source {source!r} has no record {identifier!r}.")
            intake = registration.intake(tx, row, push.reader(self._harvesters, row, raw), self._settings)
        return trace.trace(raw, intake)

    def approve_removals(self, source: str) -> int:
        """Removes what is missing and was held."""

        def work(tx: Transaction) -> int:
            revisions.lock(tx)
            row, now = registration.found(sources.by_name(tx, source), source), clock.now()
            gone = missing.already(tx, row.id, now)
            bury(tx, row.id, None, gone, code="MISSING_AT_SOURCE", moment=now)
            return len(gone)

        return self._database.write_again(work)

    def confirm_move(self, source: str, old: str, new: str) -> None:
        """Lets the addresses of an entry that is gone lead to the one that took its place."""

        def work(tx: Transaction) -> None:
            revisions.lock(tx)
            moves.confirm(tx, registration.found(sources.by_name(tx, source), source), old, new, clock.now())

        self._database.write_again(work)

    def tidy(self) -> int:
        """Forgets what entries held that were removed long ago, and nodes that no entry names any more."""

        def work(tx: Transaction) -> int:
            revisions.lock(tx)
            forgotten = missing.purge(tx, clock.now() - KEPT)
            nodes.sweep(tx)
            return forgotten

        return self._database.write_again(work)

    def _intake(self, tx: Transaction, row: SourceRow) -> Intake:
        return registration.intake(tx, row, registration.harvester_of(self._harvesters, row.kind), self._settings)
