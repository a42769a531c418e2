"""When the data is of that a query asks for, as clauses: years, months and days among its words."""

from collections.abc import Iterable
from typing import NamedTuple

from . import dates, years
from .clauses import Clause, Fixed
from .weights import COVERED


class When(NamedTuple):
    """The times in a query."""

    had: dict[str, Clause]
    """Word of a time → the documents of that time; not scored."""
    bounds: frozenset[str]
    """Years that are not meant themselves: 2015 is not before 2015, nor all of 2023 what is of `May 2023`."""

    def scored(self, word: str) -> Clause:
        """The same documents, all scored alike."""
        return Fixed(self.had[word], COVERED)


NEVER = When({}, frozenset())


def read(text: str, words: Iterable[str]) -> When:
    """The times in a text, told by these of its words, which mean nothing else."""
    told = frozenset(words)
    spans, dated = years.meant(text, told), list(dates.read(text))
    had = {word: dates.had(one.day) for one in dated for word in one.of if word in told}
    had |= {word: years.had(span) for word, span in spans.items()}
    alone = {one.of[0]: dates.had(one.day) for one in dated if len(one.of) == 1 and one.of[0] in spans}  # `May 2023`
    unmeant = (word for word, (first, last) in spans.items() if not first <= int(word) <= last)
    return When(had | alone, frozenset((*alone, *unmeant)))
