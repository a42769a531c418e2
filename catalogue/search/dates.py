"""Days and months among the words of a query, however they are written: `1/5/2023`, `2023-05-01` and `1 mai 2023`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dcat.days import first_day, last_day
from dcat.normalise.dates import MONTHS, date

from .clauses import All, AnyOf, Between, Clause, Sum
from .language.analysis import query_words
from .language.folding import fold

_NAME = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?:1[89]|20)\d\d"
_DATE = re.compile(
    r"(?<![\w./-])(?:"
    rf"(?:\d{{1,2}}(?:er|e|\.)? (?:de )?)?{_NAME} {_YEAR}"
    rf"|(?:\d{{1,2}}(?P<sign>[/.-]))?\d{{1,2}}(?:(?P=sign)|/){_YEAR}"
    rf"|{_YEAR}(?P<other>[-/.])\d{{1,2}}(?:(?P=other)\d{{1,2}})?"
    r")(?![\w/-]|\.\d)",
    re.IGNORECASE,
)


class Dated(NamedTuple):
    """A date in a query."""

    of: tuple[str, ...]
    """Its words, folded."""
    day: str
    """The day or month (W3C-DTF)."""


def read(text: str) -> Iterator[Dated]:
    """The dates in a text."""
    for match in _DATE.finditer(text):
        if day := date(match[0].lower()).value:
            yield Dated(tuple(query_words(match[0])), day)


def had(day: str) -> Clause:
    """Documents whose period has the day or a day of the month, or whose words say it in whatever form; not scored."""
    covered = All((Between("start_day", high=last_day(day)), Between("end_day", low=first_day(day))))
    return Sum((covered, All(tuple(AnyOf("words", forms) for forms in _forms(*day.split("-"))))))


def _forms(year: str, month: str, day: str = "") -> Iterator[tuple[str, ...]]:
    """How each part is written, in any of the languages."""
    yield (year,)
    yield (
        month,
        month.lstrip("0"),
        *dict.fromkeys(fold(name) for name, number in MONTHS.items() if number == int(month)),
    )
    if day:
        yield tuple(dict.fromkeys((day, day.lstrip("0"), f"{int(day)}er")))
