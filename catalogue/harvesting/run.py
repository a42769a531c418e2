"""One source from begin to end: open the run, take everything in, retire the missing, close with sums that add up.

Whatever the source does, the run ends with a state and, when it did not go well, a sentence; what was published before
stays. Each commit first checks that the run is still ours (`runs.hold`), so a worker that slept through its lease
writes nothing any more.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

import structlog

from dcat.findings import Finding, Severity, finding
from dcat.rules import RULES, is_violated
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord
from harvesters.errors import Stopped
from harvesters.http import Client, Credentials
from harvesters.http.addresses import moved_site

from .. import clock, memory
from ..errors import Unavailable
from ..ingest import raw_records, reference_remarks
from ..ingest.corrections import Corrections
from ..ingest.draft import Draft, Intake, deadly, read
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import Taken
from ..stopping import Stop
from ..store import missing, outcomes, records, revisions, runs, sources
from ..store.database import Database, Transaction
from ..store.leases import LostLease
from ..store.rows import RunRow
from . import coming, deletions, moves, retirement, unchanged
from .account import Account, tally
from .ahead import Ahead
from .deadly import UNWATCHED, Watch
from .events import SUMS
from .strangers import Doorkeeper
from .unchanged import Before

log = structlog.get_logger(__name__)

Progress = Callable[[dict[str, Any]], None]
"""Called with one event after another while a run goes on: {"event": "record", "identifier", "outcome", …}."""

LONGEST_ERROR = 1000
"""Characters of what a failed run tells: some libraries quote whole pages."""
NOTHING_CAME = frozenset({"source-empty", "filter-leaves-nothing"})
"""Remarks on a run that went through and brought nothing."""


class Order(NamedTuple):
    """A run that was started: what it is to do."""

    id: int
    intake: Intake
    full: bool
    """True to read again what did not change."""
    before: Before | None
    """With what to ask whether anything changed, and the run that holds again when nothing did."""
    changes: int
    """How often somebody else than a run had changed records of the source when it began."""
    kept: int
    """Runs of the source that are kept, with their outcomes."""
    credentials: Credentials | None = None
    """What lets us in at the source."""
    watch: Watch = UNWATCHED
    """For what kills workers."""
    processes: int = 1
    """That read its records when they are many; 1 for the one that carries it out alone."""


def harvest(
    database: Database, order: Order, client: Client, progress: Progress | None = None, stop: Stop | None = None
) -> RunRow:
    """Carries out a run that was started. Gives back how it ended; raises only when the database is lost."""
    run = Run(database, order, progress, stop or Stop())
    with memory.patient_collector():
        try:
            run.take_everything(client)
            run.retire_the_missing()
            run.close()
        except HarvestError as error:
            run.fail(error.code, client.hide(str(error)), client.hide(error.where), error.retry_at)
        except LostLease:
            log.warning("run.lost", run=order.id, source=order.intake.source.name)
        except Unavailable as error:
            run.fail("STORE_UNAVAILABLE", str(error))
        except Exception:
            log.exception("run.fault", run=order.id, source=order.intake.source.name)
            run.fail("FAULT", "The harvest stopped by a fault of ours. It has been logged for the operators.")
        except Stopped:
            give_back(database, order)
        except BaseException:
            run.abort()
            raise
    return run.row()


def give_back(database: Database, order: Order) -> None:
    """Ends a run because its worker is told to stop, and lets the next worker take it up; what it had saved stays."""

    said = "The worker was stopped in the middle of this run. What it had saved stays; the next run does the rest."
    with suppress(LostLease, Unavailable), database.write() as tx:
        runs.close(tx, order.id, "aborted", clock.now(), error_code="STOPPED", error=said)
        runs.queue(tx, order.intake.source.id, clock.now(), full=order.full)


class Run:
    """One run while it goes on."""

    def __init__(self, database: Database, order: Order, progress: Progress | None, stop: Stop) -> None:
        self.database, self.intake, self.id, self.full = database, order.intake, order.id, order.full
        self._before, self._changes, self._kept = order.before, order.changes, order.kept
        self.moment = clock.now()
        self._tell = progress or (lambda _: None)
        self._stop = stop
        self._account = Account()
        self._linking: tuple[Finding, ...] = ()
        """Where the references of the source lead, when all is taken in."""
        self._moved: tuple[Finding, ...] = ()
        self._retired: Counter[str] = Counter()
        self._is_held = False
        self._new_address = ""
        self._watch = order.watch
        count = 1 if order.watch.is_careful else order.processes
        self._ahead = Ahead(database, order.intake, self.moment, stop, again=order.full, count=count)
        self.crawl = Crawl(known=order.before.headers if order.before else {}, expect=self._ahead.expect)

    def take_everything(self, client: Client) -> None:
        """Fetches all records and takes them in, a batch at a time; what came before a failure is kept."""
        self._tell({"event": "start", "run": self.id, "source": self.intake.source.name})
        with self.database.read() as tx:
            if not self.full:
                self.crawl.versions = records.known_versions(tx, self.intake.source.id)
            doorkeeper = Doorkeeper(tx, self.intake)
        fetched = self._account.first_of_each(self._until_stopped(coming.fetched_of(self.intake, client, self.crawl)))
        with self._ahead:
            for batch in self._ahead.batches(coming.batches(doorkeeper.admit(fetched)), coming.BATCH):
                self._take(batch)
                memory.give_back()
        self._account.hold_back(self.intake.source, doorkeeper.held_back)
        if self.crawl.unchanged and self._before:
            self._repeat(self._before.run)
        else:
            self._account.close(self.intake.source, self.crawl)
        self._look_where_it_is(client)

    def _until_stopped(self, fetched: Iterable[Fetched]) -> Iterator[Fetched]:
        for each in fetched:
            if self._stop.asked:
                raise Stopped
            yield each

    def _look_where_it_is(self, client: Client) -> None:
        """A source that sends us elsewhere for good (F-29) should be asked there: a person decides."""
        source = self.intake.source
        site = self.intake.harvester.site(source.url)
        places = (moved_site(site, asked, answered) for asked, answered in client.moved.items())
        self._new_address = next(filter(None, places), "")
        if self._new_address:
            remark = finding("source-moved", source.name, "", f"{source.url} → {self._new_address}")
            self._account.remarks.append(remark)

    def retire_the_missing(self) -> None:
        """Removes what the source no longer lists, if the run proved that it saw everything and the rule allows it."""
        if not self.crawl.incomplete and not self.crawl.unchanged:
            self.database.write_again(self._retire)

    def close(self) -> None:
        """Ends the run with its sums and state."""

        def work(tx: Transaction) -> None:
            complete = not self.crawl.incomplete
            self._linking = reference_remarks.remarks(tx, self.intake.source.id)
            runs.close(tx, self.id, self._state(), clock.now(), complete=complete, **self._report())
            confirmed = {"confirmed": self.moment} if complete else {}
            moved_to = {"moved_to": self._new_address}
            sources.change(tx, self.intake.source.id, failures=0, retry_at=None, **moved_to, **confirmed)
            if complete:
                read = self._before.read if self.crawl.unchanged and self._before else self.moment
                unchanged.keep(tx, self.intake, self._validators(), run_id=self.id, read=read, changes=self._changes)
            runs.forget(tx, self.intake.source.id, self._kept)

        self.database.write_again(work)

    def fail(self, code: str, message: str, where: str = "", retry_at: datetime | None = None) -> None:
        """Ends the run as failed; what it had saved stays."""

        def work(tx: Transaction) -> None:
            said = {"error_code": code, "error": message[:LONGEST_ERROR], "error_where": where[:LONGEST_ERROR]}
            runs.close(tx, self.id, "failed", clock.now(), **said, **self._report())
            count = sources.failures(tx, self.intake.source.id) + 1
            sources.change(tx, self.intake.source.id, failures=count, retry_at=retry_at)
            runs.forget(tx, self.intake.source.id, self._kept)

        with suppress(LostLease):
            self.database.write_again(work)

    def abort(self) -> None:
        """Ends the run because the program is told to stop."""
        said = {"error_code": "STOPPED", "error": "The run was stopped. What it had saved stays."}
        with suppress(LostLease, Unavailable), self.database.write() as tx:
            runs.close(tx, self.id, "aborted", clock.now(), **said, **self._report())

    def row(self) -> RunRow:
        """The run as the store has it."""
        with self.database.read() as tx:
            row = runs.get(tx, self.id)
        if row is None:
            raise Unavailable(f"Run {self.id} is no longer in the database.")
        return row

    def _take(self, batch: list[Fetched]) -> None:
        by_us: Any = {"run_id": self.id, "again": self.full, "reader": self._read}
        raw_records.take(self.database, self.intake, batch, self, self.moment, **by_us)

    def _read(self, raw: RawRecord, intake: Intake, corrected: Mapping[str, Corrections]) -> list[Draft]:
        """As it was read ahead, or now: looking out for what may have killed the process that did."""
        if (drafts := self._ahead.drafts(raw, corrected)) is not None:
            return drafts
        watch = self._watch._replace(is_careful=self._watch.is_careful or self._ahead.has_died)
        with watch.reading(self.database, self.id, raw.identifier) as may_read:
            return read(raw, intake, corrected) if may_read else [deadly(raw, intake)]

    def deciding(self, tx: Transaction) -> None:
        """Whether the run is still ours is asked when it is saved."""

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:
        """Is the run still ours? Then its sums are saved with what they count."""
        if written:
            unchanged.forget(tx, self.intake.source.id)
        self._hold(tx, tally(taken) + Counter(writes=written))

    def saved(self, taken: list[Taken], written: int) -> None:
        """Counts and tells what became of the records."""
        self._account.add(taken)
        self._account.sums["writes"] += written
        for one in taken:
            self._tell(_event(one))

    def _hold(self, tx: Transaction, more: Counter[str]) -> None:
        sums = self._account.sums + more
        runs.hold(tx, self.id, **{name: sums[name] for name in SUMS})

    def _repeat(self, run: RunRow) -> None:
        """Nothing changed: each record has the outcome that it had, and what was published is still the same."""
        same = run.new + run.changed + run.same
        account = self._account = Account()
        account.sums += Counter(seen=run.seen, same=same, skipped=run.skipped, refused=run.refused, failed=run.failed)
        account.unread += Counter(run.unread)
        anew = {*reference_remarks.RULES, "not-read", "source-moved"}
        account.remarks += (one for one in run.findings if one.rule not in anew)
        with self.database.read() as tx:
            standing = outcomes.rules(tx, self.intake.source.id)
        account.violations = sum(RULES[rule].severity is Severity.VIOLATION for rule in standing)

    def _validators(self) -> dict[str, str]:
        """With what the next run may ask whether anything changed: not while entries wait for their removal."""
        if self.crawl.unchanged and self._before:
            return self._before.headers
        return {} if self._retired["held"] else self.crawl.validators

    def _retire(self, tx: Transaction) -> None:
        revisions.lock(tx)
        live = missing.harvested(tx, self.intake.source.id, self.moment)
        absent = tuple(one for one in live if one.identifier not in self._account.listed)
        names = {clean_identifier(old): list(map(clean_identifier, new)) for old, new in self.crawl.renamed.items()}
        followed = moves.follow(tx, self.intake.source.id, self.id, absent, names=names, moment=self.moment)
        found_again = {one.id for one in followed}
        absent = tuple(one for one in absent if one.id not in found_again)
        moved = moves.proposed(tx, self.intake.source, absent)
        said = {*self.crawl.deleted, *self._account.withdrawn}
        deleted = deletions.said(tx, self.intake.source.id, said) if absent else frozenset()
        plan = retirement.plan(absent, len(live) - len(followed), self.moment, deleted)
        written = missing.note(tx, self.intake.source.id, self.id, list(plan.keep), cap=retirement.AGREEING_RUNS)
        written += deletions.bury(tx, self.intake.source.id, self.id, plan.remove, deleted, moment=self.moment)
        self._moved = tuple(move.remark for move in moved)
        removed = len(plan.remove) + len(followed)
        self._retired = Counter(removed=removed, held=len(plan.keep), writes=written + 3 * len(followed))
        self._is_held = plan.is_held
        self._hold(tx, self._retired)

    def _state(self) -> str:
        if self._is_held:
            return "held"
        sums, remarks = self._account.sums, self._account.remarks
        problems = sums["refused"] + sums["failed"] + self._account.violations + len(self.crawl.incomplete)
        problems += sum(one.rule in NOTHING_CAME for one in remarks)
        problems += is_violated((*self.crawl.findings, *remarks))
        return "done-with-findings" if problems or is_violated(self._linking) else "done"

    def _report(self) -> dict[str, Any]:
        sums = self._account.sums + self._retired
        sums["writes"] += sums["new"] + sums["changed"] + sums["removed"]  # the documents of the index that follow
        told = self._account.told(self.crawl, self._moved, self._linking)
        return {**{name: sums[name] for name in SUMS}, **told}


def _event(one: Taken) -> dict[str, Any]:
    said = {"identifier": one.identifier, "outcome": one.outcome, "name": one.name, "reason": one.reason}
    return {"event": "record", **said, "findings": len(one.findings)}
