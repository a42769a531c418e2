"""The runs of sources: asked for, carried out, reported, and what they held decided."""

from collections.abc import Mapping
from typing import Any

import structlog

from harvesters.base import Harvester

from .. import clock
from ..errors import found
from ..indexing.followed_index import FollowedIndex
from ..ingest import identity
from ..ingest.draft import Intake
from ..ingest.tombstones import bury
from ..search.base import SearchUnavailable
from ..settings import Settings
from ..sources import intakes, registration
from ..sources.manners import client
from ..store import missing, outcomes, revisions, runs, sources
from ..store.database import Database, Transaction
from ..store.rows import OutcomeRow, RunRow, SourceRow
from . import moves, unchanged
from .dry_run import preview
from .run import Order, Progress, harvest, run_event

log = structlog.get_logger(__name__)


class Runs:
    """Carries out and reads runs."""

    def __init__(
        self, database: Database, settings: Settings, harvesters: Mapping[str, Harvester], index: FollowedIndex
    ) -> None:
        self._database, self._settings, self._harvesters, self._index = database, settings, harvesters, index

    # --- carrying out ----------------------------------------------------------------------------------------------

    def request(self, source: str, *, full: bool = False) -> RunRow:
        """Queues a run for the worker; gives back the waiting one when there is one already."""
        with self._database.write() as tx:
            row = registration.startable(tx, source)
            return found(runs.get(tx, runs.queue(tx, row.id, clock.now(), full=full)), "run")

    def claim(self) -> RunRow | None:
        """The run that waits longest; `harvest(run.source, run=run.id)` starts it, or raises `Conflict` when another
        worker was faster."""
        with self._database.read() as tx:
            return runs.waiting(tx)

    def reap(self) -> list[int]:
        """Ends the runs whose worker died, as `aborted`; their numbers."""
        with self._database.write() as tx:
            return runs.reap(tx)

    def harvest(
        self, source: str, *, full: bool = False, progress: Progress | None = None, run: int | None = None
    ) -> RunRow:
        """Runs a source now, from begin to end, and indexes what changed."""

        def start(tx: Transaction) -> Order:
            row = registration.startable(tx, source)
            intake, now = self._intake(tx, row), clock.now()
            id = runs.queue(tx, row.id, now, full=full) if run is None else run
            runs.start(tx, id, row.id, now)
            queued = runs.get(tx, id)
            again = full or bool(queued and queued.full)
            before = None if again else unchanged.before(tx, intake)
            return Order(id, intake, again, before, sources.changes(tx, row.id))

        with self._database.read() as tx:
            url = registration.named(tx, source).url
        with client(self._settings, url) as web:
            ended = harvest(self._database, self._database.write_again(start), web, progress)
        ended = self._index_run(ended)
        if progress:
            progress(run_event(ended))
        return ended

    def preview(
        self, url: str, kind: str, *, config: dict[str, Any] | None = None, limit: int = 20
    ) -> tuple[RunRow, list[OutcomeRow]]:
        """Dry run of at most `limit` records: what would be published and every finding; writes nothing."""
        harvester = registration.harvester_of(self._harvesters, kind)
        registration.check_config(harvester, config or {})
        row = SourceRow(
            id=identity.source_id(registration.check_url(url), kind),
            name="preview",
            title="",
            url=url.strip(),
            kind=kind,
            publisher="",
            schedule="",
            config=config or {},
            active=True,
            created=clock.now(),
        )
        intake = intakes.plain_intake(row, harvester, self._settings)
        with client(self._settings, row.url) as web:
            return preview(self._database, intake, web, limit)

    # --- deciding --------------------------------------------------------------------------------------------------

    def approve_removals(self, source: str) -> int:
        """Removes what the last complete run of a source missed and the deletion rule held. Returns how many."""

        def work(tx: Transaction) -> int:
            revisions.lock(tx)
            row, now = registration.named(tx, source), clock.now()
            gone = missing.already(tx, row.id, now)
            bury(tx, row.id, None, gone, code="MISSING_AT_SOURCE", moment=now)
            return len(gone)

        return self._database.write_again(work)

    def confirm_move(self, source: str, old: str, new: str) -> None:
        """Says that an entry that is gone (slug) goes on as another one of the same source: its addresses lead there.
        Raises `NotFound`, or `Conflict` when the source still lists it."""

        def work(tx: Transaction) -> None:
            revisions.lock(tx)
            moves.confirm(tx, registration.named(tx, source), old, new, clock.now())

        self._database.write_again(work)

    # --- reading ---------------------------------------------------------------------------------------------------

    def of_source(self, source: str, limit: int = 30) -> list[RunRow]:
        """Runs of a source, newest first."""
        with self._database.read() as tx:
            return runs.of_source(tx, registration.named(tx, source).id, limit)

    def numbered(self, id: int) -> RunRow:
        """One run; raises `NotFound`."""
        with self._database.read() as tx:
            return found(runs.get(tx, id), f"run {id}")

    def outcomes(self, run: int, *, outcome: str = "", offset: int = 0, limit: int = 100) -> list[OutcomeRow]:
        """What became of each record, in the order seen."""
        with self._database.read() as tx:
            found(runs.get(tx, run), f"run {run}")
            return outcomes.of_run(tx, run, outcome, offset, limit)

    def finding_groups(self, run: int) -> list[tuple[str, str, int, str]]:
        """(rule, field, number of records, an example value), most records first."""
        with self._database.read() as tx:
            found(runs.get(tx, run), f"run {run}")
            return outcomes.groups(tx, run)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _intake(self, tx: Transaction, row: SourceRow) -> Intake:
        return intakes.intake(tx, row, registration.harvester_of(self._harvesters, row.kind), self._settings)

    def _index_run(self, row: RunRow) -> RunRow:
        """Indexes what the run changed; when the index cannot be written now, the worker does it later."""
        try:
            self._index.catch_up()
        except SearchUnavailable as error:
            log.warning("index.later", run=row.id, source=row.source, reason=str(error))
            return row
        if not (changed := row.new + row.changed + row.removed):
            return row

        def note(tx: Transaction) -> RunRow | None:
            runs.add_writes(tx, row.id, changed)
            return runs.get(tx, row.id)

        return self._database.write_again(note) or row
