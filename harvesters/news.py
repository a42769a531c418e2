"""Whether anything changed in a list that can be sorted by date: its length and its newest dates say so.

A source may take a wish to sort and ignore it; then what it calls the newest date is an old one, and would never
change. So that date is only believed when no record that came had a newer one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .base import Crawl

SMALL = 100
"""Records of a source that is always read whole: there dates save next to nothing, and what changes behind its date, or
goes while something older comes, would be missed for a week."""


def nothing_changed(crawl: Crawl, total: int | None, *state: object) -> bool:
    """True when the source has as many records as at the last complete run, with the same last change among them (the
    `state`); never of a small source, nor of one that does not say how many it has."""
    return total is not None and total > SMALL and crawl.is_as_before(total, *state)


def believed(
    records: Iterator[tuple[str, Any]], crawl: Crawl, newest: Sequence[str], dates: Callable[[Any], Sequence[str]]
) -> Iterator[tuple[str, Any]]:
    """The records as they come; what `crawl.is_as_before` noted is dropped when they contradict it.

    `newest`: the newest dates that the source told, in one form. `dates`: those of one record, in the same order.
    """
    found = list(newest)
    for identifier, item in records:
        found = list(map(max, found, dates(item)))
        yield identifier, item
    if found != list(newest):
        crawl.validators = {}
