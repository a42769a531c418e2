"""Whether anything changed in a list that can be sorted by date: its length and its newest dates say so.

A source may take a wish to sort and ignore it; then what it calls the newest date is an old one, and would never
change. So that date is only believed when no record that came had a newer one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .base import Crawl


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
