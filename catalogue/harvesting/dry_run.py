"""Dry run: what would be published and every finding, with nothing written."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import islice

import msgspec

from dcat.findings import Finding
from harvesters.base import Crawl, HarvestError, RawRecord, Source
from harvesters.http import Client

from .. import clock
from ..ingest import filters, withheld
from ..ingest.desk import settle
from ..ingest.draft import Intake, read
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import outcome_row, taken_of
from ..store import decisions
from ..store.database import Database
from ..store.records import Change
from ..store.rows import OutcomeRow, RunRow
from .run import REMARKS, UNREAD_NAMES, fetched_of, nothing_came, tally


def preview(database: Database, intake: Intake, client: Client, limit: int) -> tuple[RunRow, list[OutcomeRow]]:
    """Fetches at most `limit` records; a failure of the source is told in the row, as for a run."""
    began, crawl, error = clock.now(), Crawl(), None
    raws: dict[str, RawRecord] = {}
    try:
        for each in islice(fetched_of(intake, client, crawl), limit):
            if isinstance(each, RawRecord):  # nothing is held of a source that is tried
                raws.setdefault(clean_identifier(each.identifier), each)
    except HarvestError as failure:
        error = failure
    taken = [taken_of(change) for change in decide(database, intake, list(raws.values()))]
    left_out = sum(one.code == filters.CODE for one in taken)
    remarks = () if error else nothing_came(intake.source, len(raws), left_out)
    unread = sum((Counter(one.unread) for one in taken), Counter(crawl.unread))
    row = row_of(intake.source, crawl, began, hidden(error, client), findings=remarks, unread=unread, sums=tally(taken))
    return row, [outcome_row(one) for one in taken]


def hidden(error: HarvestError | None, client: Client) -> HarvestError | None:
    """A failure in words without what lets us in."""
    return HarvestError(error.code, client.hide(str(error)), client.hide(error.where)) if error else None


def row_of(
    source: Source,
    crawl: Crawl,
    began: datetime,
    error: HarvestError | None,
    *,
    findings: tuple[Finding, ...] = (),
    unread: Mapping[str, int] = {},
    sums: Mapping[str, int] = {},
) -> RunRow:
    """A dry run as if it had been a run."""
    row = RunRow(
        id=0,
        source=source.name,
        state="failed" if error else "done",
        queued=began,
        started=began,
        ended=clock.now(),
        incomplete=tuple(crawl.incomplete[:REMARKS]),
        unread=dict(Counter(unread).most_common(UNREAD_NAMES)),
        findings=(*crawl.findings, *findings)[:REMARKS],
        error_code=error.code if error else "",
        error=str(error) if error else "",
        error_where=error.where if error else "",
    )
    return msgspec.structs.replace(row, **sums)


def decide(database: Database, intake: Intake, raws: list[RawRecord]) -> list[Change]:
    """What would become of the records; nobody who writes waits for the answer."""
    with database.read() as tx:
        corrected = decisions.corrections(tx, intake.source.id, [raw.identifier for raw in raws])
    drafts = [draft for raw in raws for draft in read(raw, intake, corrected)]
    with database.read() as tx:
        allowed = withheld.without(tx, intake.source.id, drafts)
        return settle(tx, intake, allowed, clock.now())
