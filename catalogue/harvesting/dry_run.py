"""Dry run: what would be published and every finding, with nothing written."""

from datetime import datetime
from itertools import islice

import msgspec

from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source
from harvesters.http import Client

from .. import clock
from ..ingest import withheld
from ..ingest.desk import settle
from ..ingest.draft import Intake, read
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import outcome_row, taken_of
from ..store import decisions
from ..store.database import Database
from ..store.records import Change
from ..store.rows import OutcomeRow, RunRow
from .account import Account
from .coming import fetched_of


def preview(database: Database, intake: Intake, client: Client, limit: int) -> tuple[RunRow, list[OutcomeRow]]:
    """Fetches at most `limit` records; a failure of the source is told in the row, as for a run."""
    began, crawl, account, error = clock.now(), Crawl(), Account(), None
    raws: list[Fetched] = []
    try:
        raws.extend(account.first_of_each(islice(fetched_of(intake, client, crawl), limit)))
    except HarvestError as failure:
        error = failure
    taken = [taken_of(change) for change in decide(database, intake, raws)]
    account.add(taken)
    if not error:
        account.look_whether_any_came(intake.source, crawl)
    row = row_of(intake.source, crawl, account, began, hidden(error, client))
    return row, [outcome_row(one) for one in taken]


def hidden(error: HarvestError | None, client: Client) -> HarvestError | None:
    """A failure in words without what lets us in."""
    return HarvestError(error.code, client.hide(str(error)), client.hide(error.where)) if error else None


def row_of(source: Source, crawl: Crawl, account: Account, began: datetime, error: HarvestError | None) -> RunRow:
    """A dry run as if it had been a run."""
    row = RunRow(
        id=0,
        source=source.name,
        state="failed" if error else "done",
        queued=began,
        started=began,
        ended=clock.now(),
        error_code=error.code if error else "",
        error=str(error) if error else "",
        error_where=error.where if error else "",
    )
    return msgspec.structs.replace(row, **account.sums, **account.told(crawl))


def decide(database: Database, intake: Intake, fetched: list[Fetched]) -> list[Change]:
    """What would become of the records; nobody who writes waits for the answer."""
    raws = [
        msgspec.structs.replace(each, identifier=clean_identifier(each.identifier))
        for each in fetched
        if isinstance(each, RawRecord)  # of a source that is asked for all nothing else comes
    ]
    with database.read() as tx:
        corrected = decisions.corrections(tx, intake.source.id, [raw.identifier for raw in raws])
    drafts = [draft for raw in raws for draft in read(raw, intake, corrected)]
    with database.read() as tx:
        allowed = withheld.without(tx, intake.source.id, drafts)
        return settle(tx, intake, allowed, clock.now())
