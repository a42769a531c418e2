"""Years among the words of a query: what covers one of them is about it, also where no text says so."""

import re
from collections.abc import Iterable

from dcat.days import first_day, last_day

from .clauses import All, AnyOf, Between, Clause, Fixed, Sum
from .language.concepts import YEARS
from .weights import COVERED

_YEAR = r"(?:1[89]|20)\d\d"
_SPAN = re.compile(rf"(?<![\d.,/-])({_YEAR})(?: ?[-–—/] ?| (?:à|tot|to|bis) )({_YEAR})(?![\d/-]|[.,]\d)")

Span = tuple[int, int]
"""The first and the last of some years."""


def meant(text: str, typed: Iterable[str]) -> dict[str, Span]:
    """The words that are years → those that they stand for: itself, or all of the span that it is an end of
    (`2015-2020`, `2015 tot 2020`)."""
    found = {word: (int(word), int(word)) for word in typed if word in YEARS}
    for first, last in _SPAN.findall(text):
        if {first, last} <= found.keys() and first <= last:
            found |= dict.fromkeys((first, last), (int(first), int(last)))
    return found


def had(span: Span) -> Clause:
    """Documents about one of the years, as their words or their period say; not scored."""
    return Sum((AnyOf("words", tuple(map(str, range(span[0], span[1] + 1)))), _covered(span)))


def scored(span: Span) -> Clause:
    """The same documents, all scored alike."""
    return Fixed(had(span), COVERED)


def _covered(span: Span) -> Clause:
    first, last = map(str, span)
    return All((Between("start_day", high=last_day(last)), Between("end_day", low=first_day(first))))
