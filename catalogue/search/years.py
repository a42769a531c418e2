"""Years among the words of a query: what covers one of them is about it, also where no text says so."""

import re
from collections.abc import Iterable, Iterator

from dcat.days import first_day, last_day

from .clauses import All, AnyOf, Between, Clause, Fixed, Sum
from .language.concepts import YEARS
from .weights import COVERED

LAST = max(YEARS)
_YEAR = r"(?:1[89]|20)\d\d"
_ALONE = rf"(?<![\d.,/-])({_YEAR})"
_NO_MORE = r"(?![\d/-]|[.,]\d)"
_TO = r"à|au|jusqu['’](?:en|à)|tot(?: en met)?|t/m|t\.?e\.?m\.?|to|until|till|through|bis"
_SPANS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_ALONE}(?: ?(?:[-–—/→…]|\.{{2,3}}|[-=]?>) ?| (?:{_TO}) )({_YEAR}){_NO_MORE}",
        rf"\b(?:entre|between|tussen|zwischen) ({_YEAR}) (?:et|and|en|und) ({_YEAR}){_NO_MORE}",
        rf"{_ALONE}[-–/](1[3-9]|[2-9]\d){_NO_MORE}",  # 2015-20; 2015-12 is a month
    )
)
_SINCE = re.compile(
    r"(?:\b(?:depuis|d[eè]s|[aà] (?:partir|compter) de|sinds|vanaf|since|from|after|seit|ab)(?: l['’]an(?:née)?"
    rf"| het jaar| the year| dem jahr)? |[>≥]=? ?)({_YEAR}){_NO_MORE}|{_ALONE}\+",
    re.IGNORECASE,
)

Span = tuple[int, int]
"""The first and the last of some years."""


def meant(text: str, typed: Iterable[str]) -> dict[str, Span]:
    """The words that are years → those that they stand for: itself, all of the span that it is an end of
    (`2015-2020`, `2015 tot 2020`), or all since (`depuis 2015`)."""
    words = set(typed)
    found = {word: (int(word), int(word)) for word in words if word in YEARS}
    for ends, span in _spans(text):
        if words.issuperset(ends) and span[0] <= span[1]:
            found |= dict.fromkeys(ends, span)
    return found


def _spans(text: str) -> Iterator[tuple[tuple[str, ...], Span]]:
    """The words that are ends of a span, with it."""
    for match in _SINCE.finditer(text):
        first = match[1] or match[2]
        yield (first,), (int(first), int(LAST))
    for pattern in _SPANS:
        for first, last in pattern.findall(text):
            yield (first, last), (int(first), int(first[: 4 - len(last)] + last))


def had(span: Span) -> Clause:
    """Documents about one of the years, as their words or their period say; not scored."""
    return Sum((AnyOf("words", tuple(map(str, range(span[0], span[1] + 1)))), _covered(span)))


def scored(span: Span) -> Clause:
    """The same documents, all scored alike."""
    return Fixed(had(span), COVERED)


def _covered(span: Span) -> Clause:
    first, last = map(str, span)
    return All((Between("start_day", high=last_day(last)), Between("end_day", low=first_day(first))))
