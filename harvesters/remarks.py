"""Remarks on a source as a whole: so many of each rule as anybody reads."""

from collections import Counter
from collections.abc import Iterable
from typing import Self

from dcat.findings import Finding

MOST = 1000
"""Of one rule. A report lists no more, and a source that gives each of its records twice, page after page, must not
fill the memory."""


class Remarks(list[Finding]):
    """Findings in the order in which they come; of each rule the first `MOST`, so that none hides another."""

    def __init__(self) -> None:
        super().__init__()
        self._count: Counter[str] = Counter()

    def append(self, one: Finding) -> None:
        """Adds it, unless there are enough of its kind."""
        self._count[one.rule] += 1
        if self._count[one.rule] <= MOST:
            super().append(one)

    def extend(self, more: Iterable[Finding]) -> None:
        """Adds each of them in this way."""
        for one in more:
            self.append(one)

    def __iadd__(self, more: Iterable[Finding]) -> Self:  # type: ignore[override, misc]
        self.extend(more)
        return self

    def clear(self) -> None:
        """Begins anew."""
        super().clear()
        self._count.clear()
