"""Years among the words of a query: what covers one of them is about it, also where no text says so."""

import re
from collections.abc import Iterable, Iterator

from dcat.days import first_day, last_day

from .clauses import All, AnyOf, Between, Clause, Sum
from .language.concepts import YEARS

FIRST, LAST = min(YEARS), max(YEARS)
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
_THE_YEAR = r"(?: l['’]an(?:née)?| het jaar| the year| dem jahr)? "


def _beside(words: str, signs: str) -> re.Pattern[str]:
    """A year behind one of the words or signs."""
    return re.compile(rf"(?:\b(?:{words}){_THE_YEAR}|(?:{signs}) ?)({_YEAR}){_NO_MORE}", re.IGNORECASE)


_OPEN = (
    (_beside(r"depuis|d[eè]s|[aà] (?:partir|compter) de|sinds|vanaf|since|from|seit|ab", "≥|>="), 0, None),
    (re.compile(rf"{_ALONE}\+"), 0, None),
    (_beside("apr[eè]s|na|after|nach", "(?<!-)>(?!=)"), 1, None),
    (_beside(r"jusqu['’](?:en|[aà])|tot(?: en met)?|t/m|until|till|up to|bis", "≤|<="), None, 0),
    (_beside("avant|v(?:[óò][oóò]|o[óò])r|before|vor", "<(?!=)"), None, -1),  # Dutch `voor 2015` is also for it
)
"""How years without end are asked for, with how far from the one that is named they begin and end."""

Span = tuple[int, int]
"""The first and the last of some years."""


def meant(text: str, typed: Iterable[str]) -> dict[str, Span]:
    """The words that are years → those that they stand for: itself, all of the span that it is an end of
    (`2015-2020`, `2015 tot 2020`), all since (`depuis 2015`), or all before (`avant 2015`)."""
    words = set(typed)
    found = {word: (int(word), int(word)) for word in words if word in YEARS}
    for ends, span in _spans(text):
        if words.issuperset(ends) and span[0] <= span[1]:
            found |= dict.fromkeys(ends, span)
    return found


def _spans(text: str) -> Iterator[tuple[tuple[str, ...], Span]]:
    """The words that are ends of a span, with it."""
    for pattern, begin, end in _OPEN:
        for year in pattern.findall(text):
            first = int(FIRST) if begin is None else int(year) + begin
            yield (year,), (first, int(LAST) if end is None else int(year) + end)
    for pattern in _SPANS:
        for first, last in pattern.findall(text):
            yield (first, last), (int(first), int(first[: 4 - len(last)] + last))


def had(span: Span) -> Clause:
    """Documents about one of the years, as their words or their period say; not scored."""
    return Sum((AnyOf("words", tuple(map(str, range(span[0], span[1] + 1)))), _covered(span)))


def _covered(span: Span) -> Clause:
    first, last = map(str, span)
    return All((Between("start_day", high=last_day(last)), Between("end_day", low=first_day(first))))
