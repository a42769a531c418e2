"""Dry run over the whole source: how much would come, change and go, with the first of each; nothing is written."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from dcat.findings import Finding, finding
from dcat.near_names import listed
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord
from harvesters.http import Client

from .. import clock
from ..ingest import filters
from ..ingest.draft import Intake
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import outcome_row, taken_of
from ..store import entries, missing
from ..store.database import Database
from ..store.outcome import NOT_TAKEN, Outcome
from ..store.records import Change
from ..store.rows import DifferenceRow, OutcomeRow, Rehearsal
from . import deletions, retirement
from .dry_run import decide, hidden, row_of
from .run import batches, compare_with_declared, fetched_of, nothing_came, tally
from .strangers import Doorkeeper

FIRST = 20
"""Of each sort so many are told one by one."""


def rehearse(database: Database, intake: Intake, client: Client) -> Rehearsal:
    """Reads all that the source gives, a batch at a time; a failure of the source is told in the row, as for a run."""
    began, crawl, seen, error = clock.now(), Crawl(), _Seen(), None
    try:
        with database.read() as tx:
            doorkeeper = Doorkeeper(tx, intake)
        for batch in batches(doorkeeper.admit(seen.first_of_each(fetched_of(intake, client, crawl)))):
            seen.add(decide(database, intake, [each for each in batch if isinstance(each, RawRecord)]))
        seen.pass_over(len(doorkeeper.held_back) + crawl.doubles)
        compare_with_declared(crawl, seen.came)
    except HarvestError as broken:
        error = broken
    plan = retirement.Plan() if error or crawl.incomplete else _plan(database, intake, seen, crawl)
    sums = seen.sums + Counter(removed=len(plan.remove), held=len(plan.keep))
    remarks = () if error else _remarks(intake, seen, crawl, doorkeeper.held_back)
    unread = Counter(crawl.unread) + seen.unread
    failure = hidden(error, client)
    row = row_of(intake.source, crawl, began, failure, findings=remarks, unread=unread, sums=sums)
    return Rehearsal(row, seen.refused, seen.differences, _first_going(database, plan))


def _remarks(intake: Intake, seen: "_Seen", crawl: Crawl, held_back: list[str]) -> tuple[Finding, ...]:
    """What a run would say of the source as a whole."""
    named = listed(Counter(held_back))
    strangers = (finding("records-held-back", intake.source.url, "dct:identifier", named),) if held_back else ()
    none = () if crawl.incomplete else nothing_came(intake.source, seen.came, seen.left_out)
    return (*strangers, *none)


def _plan(database: Database, intake: Intake, seen: "_Seen", crawl: Crawl) -> retirement.Plan:
    """What a run that saw that would remove or hold; what goes on under another identifier stays."""
    moment = clock.now()
    with database.read() as tx:
        live = missing.harvested(tx, intake.source.id, moment)
    renamed = {
        clean_identifier(old) for old, new in crawl.renamed.items() if seen.listed & set(map(clean_identifier, new))
    }
    absent = [one for one in live if one.identifier not in seen.listed]
    gone = tuple(one for one in absent if one.identifier not in renamed)
    with database.read() as tx:
        deleted = deletions.said(tx, intake.source.id, {*crawl.deleted, *seen.withdrawn}) if gone else frozenset()
    return retirement.plan(gone, len(live) - len(absent) + len(gone), moment, deleted)


def _first_going(database: Database, plan: retirement.Plan) -> list[OutcomeRow]:
    removed = [(one, Outcome.REMOVED, "", "") for one in plan.remove[:FIRST]]
    kept = [(one, Outcome.HELD, code, reason) for one, code, reason in plan.keep[:FIRST]]
    first = [*removed, *kept][:FIRST]
    with database.read() as tx:
        names = {row.id: row.name for row in entries.by_ids(tx, [one.id for one, *_ in first])}
    return [
        OutcomeRow(identifier=one.identifier, outcome=outcome, name=names.get(one.id, ""), code=code, reason=reason)
        for one, outcome, code, reason in first
    ]


class _Seen:
    """What is remembered of the records: their identifiers, sums, and the first of each sort."""

    def __init__(self) -> None:
        self.came = self.left_out = 0
        self.listed: set[str] = set()
        self.withdrawn: set[str] = set()
        self.sums: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.refused: list[OutcomeRow] = []
        self.differences: list[DifferenceRow] = []

    def first_of_each(self, fetched: Iterator[Fetched]) -> Iterator[Fetched]:
        """Of records with the same identifier the first counts."""
        met: set[str] = set()
        for each in fetched:
            self.came += 1
            identifier = clean_identifier(each.identifier)
            if identifier in met:
                self.pass_over(1)
                continue
            met.add(identifier)
            yield msgspec.structs.replace(each, identifier=identifier)

    def pass_over(self, count: int) -> None:
        """So many are not taken in."""
        self.sums.update(seen=count, skipped=count)

    def add(self, changes: list[Change]) -> None:
        """One batch more."""
        taken = [taken_of(change) for change in changes]
        self.sums += tally(taken)
        for one, change in zip(taken, changes, strict=True):
            self.unread.update(one.unread)
            self.left_out += one.code == filters.CODE
            if one.code in deletions.WITHDRAWN:
                self.withdrawn.add(one.identifier)
            if one.outcome != Outcome.SKIPPED:
                self.listed.add(one.identifier)
            if one.outcome in NOT_TAKEN and len(self.refused) < FIRST:
                self.refused.append(outcome_row(one))
            for each in change.differences[: FIRST - len(self.differences)]:
                self.differences.append(DifferenceRow(one.identifier, one.name, *msgspec.structs.astuple(each)))
