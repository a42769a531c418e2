"""The runs of sources: asked for, carried out, reported, and what they held decided."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from harvesters.base import Harvester

from .. import audit, clock
from ..batches import batched
from ..errors import Conflict, DatastoreError, NotFound, found
from ..indexing.followed_index import FollowedIndex
from ..ingest.draft import Intake
from ..leases import beating
from ..search.base import SearchUnavailable
from ..settings import Settings
from ..sources import credentials as kept
from ..sources import due, intakes, registration, schedule
from ..sources.manners import Bounds, client
from ..stopping import Stop
from ..store import differences, outcomes, revisions, runs, sources
from ..store.database import Database, Transaction
from ..store.outcome import Outcome
from ..store.outcomes import Cause, Item
from ..store.rows import DifferenceRow, OutcomeRow, RunRow, SourceRow
from . import deadly, held_removals, moves, readers, unchanged
from .dry_run import preview
from .events import run_event
from .moves import Move
from .run import Order, Progress, give_back, harvest

MOVED_AT_ONCE = 50
"""Moves that are confirmed in one transaction."""

log = structlog.get_logger(__name__)

CANCELLED = "Somebody cancelled this run. What it had saved stays; the source is read again at its next time."


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

    def plan(self, moment: datetime) -> int:
        """Queues the runs of the sources whose time has come; sources with the same cron text are spread over a minute.
        Returns how many."""
        names = [row.name for row in self._due(moment)]
        for name in names:
            with suppress(Conflict, NotFound):  # paused or removed this moment
                self.request(name)
        return len(names)

    def waiting(self, moment: datetime) -> list[datetime]:
        """Since when each run is due that could start now: asked for, come to its time, or left by a dead worker."""
        with self._database.read() as tx:
            asked, left = runs.waiting(tx), [run.started or run.queued for run in runs.dead(tx)]
        return sorted([*asked, *left, *(schedule.start(row) for row in self._due(moment))])

    def take(self) -> Order | None:
        """Starts the run that waits longest, for `carry_out`; None when there is none, or other workers take them."""

        def work(tx: Transaction) -> Order | None:
            runs.reap(tx)
            while (run := runs.claim(tx, clock.now())) is not None:
                try:
                    order = self._order(tx, run)
                    return order._replace(watch=deadly.watch(tx, order.intake.source.id, run.id))
                except DatastoreError as error:
                    self._refuse(tx, run, error)
            return None

        return self._database.write_again(work)

    def carry_out(self, order: Order, *, progress: Progress | None = None, stop: Stop | None = None) -> RunRow:
        """Does what was started, and keeps its lease meanwhile; what changed is still to be indexed."""
        stop, renew = stop or Stop(), partial(self._renew, order.id)
        web = client(self._settings, order.intake.source.url, order.intake.source.config, order.credentials)
        with web, stop.calling(web.stop), beating(renew, web.stop):
            return harvest(self._database, order, web, progress, stop)

    def cancel(self, source: str) -> list[int]:
        """Ends what waits or goes on for a source; what it had saved stays. Gives the numbers of the runs; raises
        `Conflict` when there is none."""

        def work(tx: Transaction) -> list[int]:
            row = registration.named(tx, source)
            ids = runs.cancel(tx, row.id, clock.now(), code=runs.CANCELLED, error=CANCELLED)
            if not ids:
                raise Conflict(f"No run of {source!r} waits or goes on.")
            for id in ids:
                audit.record(tx, "run.cancel", source, after={"run": id})
            return ids

        return self._database.write_again(work)

    def give_back(self, order: Order) -> None:
        """Ends a run that was started, for the next worker to take up."""
        give_back(self._database, order)

    def reap(self) -> list[int]:
        """Ends the runs whose worker died, as `aborted`, and queues them again; their numbers."""
        return self._database.write_again(runs.reap)

    def harvest(self, source: str, *, full: bool = False, progress: Progress | None = None) -> RunRow:
        """Runs a source now, from begin to end, and indexes what changed. Raises `Conflict` when it cannot start."""

        def start(tx: Transaction) -> Order:
            row, now = registration.startable(tx, source), clock.now()
            self._intake(tx, row)
            id = runs.queue(tx, row.id, now, full=full)
            runs.start(tx, id, row.id, now)
            return self._order(tx, found(runs.get(tx, id), f"run {id}"))

        order = self._database.write_again(start)
        ended = self.carry_out(order, progress=progress)
        try:
            self._index.catch_up(first=order.intake.source.id)
        except SearchUnavailable as error:  # the worker does it later
            log.warning("index.later", run=ended.id, source=source, reason=str(error))
        if progress:
            progress(run_event(ended))
        return ended

    def preview(
        self,
        url: str,
        kind: str,
        *,
        config: dict[str, Any] | None = None,
        credentials: dict[str, Any] | None = None,
        limit: int = 20,
        bounds: Bounds | None = None,
    ) -> tuple[RunRow, list[OutcomeRow]]:
        """Dry run of at most `limit` records: what would be published and every finding; writes nothing. Without
        `bounds` it takes as long as a run may."""
        intake = intakes.unregistered(self._harvesters, self._settings, url, kind, config or {})
        shown = kept.of_form(credentials, intake.source.url) if credentials is not None else None
        with client(self._settings, intake.source.url, intake.source.config, shown, bounds) as web:
            return preview(self._database, intake, web, limit)

    def preview_of(self, source: str, limit: int = 20, bounds: Bounds | None = None) -> tuple[RunRow, list[OutcomeRow]]:
        """The same of a registered source, as its next run would read it."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            intake, shown = self._intake(tx, row), kept.of(tx, self._settings, row)
        with client(self._settings, row.url, row.config, shown, bounds) as web:
            return preview(self._database, intake, web, limit)

    # --- deciding --------------------------------------------------------------------------------------------------

    def held(self, source: str) -> RunRow | None:
        """The run of a source whose removals are held until somebody decides; None when there is none."""
        with self._database.read() as tx:
            return held_removals.newest(tx, registration.named(tx, source, sources.UNCOUNTED))

    def why_held(self, run: RunRow) -> str:
        """Why its removals are held, as a sentence; empty when it holds none."""
        with self._database.read() as tx:
            held = outcomes.of_run(tx, run.id, Outcome.HELD, 0, 1)
        return held[0].reason if held else ""

    def approve_removals(self, source: str, run: int) -> int:
        """Removes exactly what that held run missed. Returns how many; raises `Conflict` when the run is not the one to
        decide on, or what it saw has changed."""
        return self._decide("removals.approve", held_removals.approve, source, run)

    def keep_removals(self, source: str, run: int) -> int:
        """Keeps exactly that published, although the source lists it no more. Returns and raises as the other."""
        return self._decide("removals.keep", held_removals.keep, source, run)

    def _decide(
        self, what: str, decision: Callable[[Transaction, SourceRow, int, datetime], int], source: str, run: int
    ) -> int:
        def work(tx: Transaction) -> int:
            revisions.lock(tx)
            count = decision(tx, registration.named(tx, source), run, clock.now())
            audit.record(tx, what, source, after={"run": run, "entries": count})
            return count

        return self._database.write_again(work)

    def confirm_move(self, source: str, old: str, new: str) -> None:
        """Says that an entry that is gone (slug) goes on as another one of the same source: its addresses lead there.
        Raises `NotFound`, or `Conflict` when the source still lists it."""

        self._database.write_again(partial(self._confirm, source, [Move(old, new)]))

    def proposed_moves(self, source: str) -> list[Move]:
        """What the last complete run of a source proposes to confirm."""
        with self._database.read() as tx:
            return moves.still_proposed(tx, registration.named(tx, source), clock.now())

    def confirm_moves(self, source: str) -> list[Move]:
        """Confirms all of that, some at a time so that nobody waits long. Returns what was confirmed."""
        known = self.proposed_moves(source)
        for some in batched(known, MOVED_AT_ONCE):
            self._database.write_again(partial(self._confirm, source, some))
        return known

    @staticmethod
    def _confirm(source: str, some: list[Move], tx: Transaction) -> None:
        revisions.lock(tx)
        row, now = registration.named(tx, source), clock.now()
        for move in some:
            moves.confirm(tx, row, move.old, move.new, now)
            audit.record(tx, "move.confirm", source, before={"name": move.old}, after={"name": move.new})

    # --- reading ---------------------------------------------------------------------------------------------------

    def is_any(self) -> bool:
        """True while a run goes on, or waits to."""
        with self._database.read() as tx:
            return bool(runs.open_sources(tx))

    def of_source(self, source: str, limit: int = 30) -> list[RunRow]:
        """Runs of a source, newest first."""
        with self._database.read() as tx:
            return runs.of_source(tx, registration.named(tx, source, sources.UNCOUNTED).id, limit)

    def numbered(self, id: int) -> RunRow:
        """One run; raises `NotFound`."""
        with self._database.read() as tx:
            return found(runs.get(tx, id), f"run {id}")

    def outcomes(
        self, run: int, *, outcome: str = "", cause: Cause | None = None, offset: int = 0, limit: int = 100
    ) -> list[OutcomeRow]:
        """What became of each record, in the order seen: all, or those with one outcome, or with one remark."""
        with self._database.read() as tx:
            found(runs.get(tx, run), f"run {run}")
            return outcomes.of_run(tx, run, outcome, offset, limit, cause=cause)

    def differences(self, run: int, *, offset: int = 0, limit: int = 100) -> tuple[int, list[DifferenceRow]]:
        """What a run changed in its records: how many differences are kept of it, and some of them in the order
        seen."""
        with self._database.read() as tx:
            found(runs.get(tx, run), f"run {run}")
            return differences.count(tx, run), differences.of_run(tx, run, offset, limit)

    def place(self, item: int) -> tuple[str, str]:
        """The source (slug) of the record that an item of a report is about, and its identifier there; raises
        `NotFound`."""
        with self._database.read() as tx:
            return found(outcomes.place(tx, item), f"item {item}")

    def item(self, id: int) -> Item:
        """What became of one record, by the number that reports give it; raises `NotFound`."""
        with self._database.read() as tx:
            return found(outcomes.item(tx, id), f"item {id}")

    def item_of(self, source: str, identifier: str) -> int:
        """The number of what became of a record last; raises `NotFound`."""
        with self._database.read() as tx:
            known = registration.named(tx, source, sources.UNCOUNTED)
            return found(outcomes.standing_number(tx, known.id, identifier), f"record {identifier!r} in {source!r}")

    def items_of(self, source: str) -> list[int]:
        """The numbers of what became of the published records of a source; raises `NotFound`."""
        with self._database.read() as tx:
            known = registration.named(tx, source, sources.UNCOUNTED)
            return outcomes.published_numbers(tx, known.id)

    def ended(self, states: Iterable[str], offset: int, limit: int) -> list[RunRow]:
        """Runs of all sources that ended in these states, newest first."""
        with self._database.read() as tx:
            return runs.ended(tx, states, offset, limit)

    def finding_groups(self, run: int) -> list[tuple[str, str, int, str]]:
        """(rule, field, number of records, an example value), most records first."""
        with self._database.read() as tx:
            found(runs.get(tx, run), f"run {run}")
            return outcomes.groups(tx, run)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _intake(self, tx: Transaction, row: SourceRow) -> Intake:
        return intakes.intake(tx, row, registration.harvester_of(self._harvesters, row.kind), self._settings)

    def _order(self, tx: Transaction, run: RunRow) -> Order:
        """What a run that was started is to do. Raises what keeps it from being done."""
        row = registration.named(tx, run.source)
        intake = self._intake(tx, row)
        before = None if run.full else unchanged.before(tx, intake, clock.now())
        changes, credentials = sources.changes(tx, row.id), kept.of(tx, self._settings, row)
        processes = self._settings.harvest_processes or readers.usual_count()
        known = Order(run.id, intake, run.full, before, changes, self._settings.keep_runs, credentials)
        return known._replace(processes=processes)

    def _refuse(self, tx: Transaction, run: RunRow, why: DatastoreError) -> None:
        """Ends a run that was started and cannot be done, as one that failed: it must not wait for ever."""
        source = registration.named(tx, run.source)
        runs.close(tx, run.id, "failed", clock.now(), error_code="CANNOT_START", error=str(why))
        sources.change(tx, source.id, failures=sources.failures(tx, source.id) + 1)

    def _renew(self, id: int) -> None:
        with self._database.write() as tx:
            runs.hold(tx, id)

    def _due(self, moment: datetime) -> list[SourceRow]:
        with self._database.read() as tx:
            return [row for row in due.due(tx, moment, self._settings.zone) if schedule.start(row) <= moment]
