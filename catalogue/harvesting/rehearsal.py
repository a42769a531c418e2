"""Dry run over the whole source: how much would come, change and go, with the first of each; nothing is written."""

from collections import Counter

import msgspec

from harvesters.base import Crawl, HarvestError
from harvesters.http import Client

from .. import clock
from ..ingest.draft import Intake
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import outcome_row, taken_of
from ..store import entries, missing
from ..store.database import Database
from ..store.outcome import NOT_TAKEN, Outcome
from ..store.records import Change
from ..store.rows import DifferenceRow, OutcomeRow, Rehearsal
from . import deletions, retirement
from .account import Account
from .coming import batches, fetched_of
from .dry_run import decide, hidden, row_of
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
            seen.note(decide(database, intake, batch))
        seen.hold_back(intake.source, doorkeeper.held_back)
        seen.close(intake.source, crawl)
    except HarvestError as broken:
        error = broken
    plan = retirement.Plan() if error or crawl.incomplete else _plan(database, intake, seen, crawl)
    seen.sums += Counter(removed=len(plan.remove), held=len(plan.keep))
    row = row_of(intake.source, crawl, seen, began, hidden(error, client))
    return Rehearsal(row, seen.refused, seen.differences, _first_going(database, plan))


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


class _Seen(Account):
    """The account that a run would give, and the first records of each sort."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[OutcomeRow] = []
        self.differences: list[DifferenceRow] = []

    def note(self, changes: list[Change]) -> None:
        """One batch more."""
        taken = [taken_of(change) for change in changes]
        self.add(taken)
        for one, change in zip(taken, changes, strict=True):
            if one.outcome in NOT_TAKEN and len(self.refused) < FIRST:
                self.refused.append(outcome_row(one))
            for each in change.differences[: FIRST - len(self.differences)]:
                self.differences.append(DifferenceRow(one.identifier, one.name, *msgspec.structs.astuple(each)))
