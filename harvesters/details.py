"""Several requests for one record: what its own requests give, where a list holds too little.

A record that cannot be had costs itself and the proof that all was seen; a source that breaks down stops the run.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from dcat.findings import finding

from .base import MOST_RECORDS, Crawl, HarvestError
from .pages import SPOILT

T = TypeVar("T")
N = TypeVar("N")

LOST_IN_A_ROW = 10
"""Records that fail one after the other before a run gives up asking for the next one."""

OF_ONE_RECORD = SPOILT | {"HTTP_STATUS", "NOT_A_FEED", "NOT_FOUND", "NOT_AUTHORISED", "REDIRECT"}
"""Codes of what may be wrong with one record while the next one can be read."""


def one_by_one(names: Iterable[N], ask: Callable[[N], T], crawl: Crawl, where: str) -> Iterator[T]:
    """What is answered for each name, in their order. Raises `HarvestError` when the source no longer answers.

    `ask` makes all the requests of one record.
    """
    lost = 0
    for number, name in enumerate(names):
        if number >= MOST_RECORDS:
            crawl.incomplete.append(f"Only the first {MOST_RECORDS} records were read.")
            return
        try:
            found = ask(name)
        except HarvestError as error:
            lost += 1
            if error.code not in OF_ONE_RECORD or lost > LOST_IN_A_ROW:
                raise
            crawl.findings.append(finding("record-unreadable", where, str(name), str(error)))
            crawl.incomplete.append(f"Record {str(name)[:100]!r} could not be read: {error}")
        else:
            lost = 0
            yield found
