"""What a source gives while it comes: without the secrets that it repeats, in batches, and as many as it said."""

import time
from collections.abc import Iterable, Iterator

import msgspec

from harvesters.base import Crawl, Fetched, RawRecord
from harvesters.http import Client

from ..ingest.draft import Intake

BATCH = 500
"""Records that are saved together."""
BATCH_SECONDS = 10.0
"""After so long a batch is saved although it is not full: what a slow source said is published meanwhile."""


def fetched_of(intake: Intake, client: Client, crawl: Crawl) -> Iterator[Fetched]:
    """What a source gives, without the secrets that it repeats."""
    for each in intake.harvester.fetch(intake.source, client, crawl):
        if isinstance(each, RawRecord) and (body := client.hide_in(each.body)) != each.body:
            yield msgspec.structs.replace(each, body=body)
        else:
            yield each


def batches(fetched: Iterable[Fetched]) -> Iterator[list[Fetched]]:
    """The records in lists that are saved together. When the source breaks off, what came before it is given first."""
    batch: list[Fetched] = []
    deadline = time.monotonic() + BATCH_SECONDS
    try:
        for each in fetched:
            batch.append(each)
            if len(batch) >= BATCH or time.monotonic() > deadline:
                yield batch
                batch, deadline = [], time.monotonic() + BATCH_SECONDS
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def compare_with_declared(crawl: Crawl, came: int) -> None:
    """A crawl is incomplete when the source says that it has more or fewer records than came."""
    declared = crawl.declared_total
    if declared is not None and declared != came and not crawl.incomplete:
        crawl.incomplete.append(f"The source says that it has {declared} records, but {came} came.")
