"""Of which years a dataset is, as its description says."""

import re
from datetime import date

from ..search.base import Document

_YEAR = re.compile(r"(?<![\d.,/])(?:19|20)\d\d(?!\d)")
_SPAN = re.compile(r"((?:19|20)\d\d) ?[-–/→] ?((?:19|20)\d\d)(?!\d)")
LONGEST = 200
"""Years of the longest period that is believed."""


def of(document: Document) -> frozenset[int]:
    """Its years: of a closed period, else those of its titles, else of a period that is still open; none where nothing
    says it. A year of publication is none: accounts are published later."""
    if document.start and document.end:
        return _between(document.start, document.end)
    if named := _in_titles(document):
        return named
    if document.start:
        return _between(document.start, max(document.modified, document.start))
    return _between(document.end, document.end) if document.end else frozenset()


def _in_titles(document: Document) -> frozenset[int]:
    titles = [text.value for text in document.title if not text.is_machine_translated]
    spans = [_between(*found) for title in titles for found in _SPAN.findall(title)]
    single = {int(year) for title in titles for year in _YEAR.findall(title)}
    return frozenset(single.union(*spans))


def _between(start: str, end: str) -> frozenset[int]:
    first, last = int(start[:4]), int(end[:4])
    return frozenset(range(first, last + 1)) if 0 <= last - first <= LONGEST else frozenset()


def is_due(year: int, months: int | None, today: date) -> bool:
    """True when what is due so many months after the end of a year is due for that one."""
    if months is None:
        return False
    after_end = (today.year - year - 1) * 12 + today.month - 1
    return after_end >= months
