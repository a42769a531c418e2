"""A table as a reader of one format gives it, and its body: the rows under the heading, each as wide as it."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from . import heading
from .preview import Preview

MOST_COLUMNS = 300
"""Columns that are kept of a table; the others are counted."""


class Table(NamedTuple):
    """What a format gives: what is known of it, and its rows as texts, which can be gone through again."""

    preview: Preview
    rows: Iterable[list[str]]
    names: list[str] | None = None
    """The headings, where the format knows them; else they are looked for among the rows."""
    points: list[tuple[float, float]] = []  # noqa: RUF012 (only read)
    bounds: tuple[float, float, float, float] | None = None


class Body:
    """The rows under the heading that hold anything."""

    def __init__(self, table: Table) -> None:
        self._rows = table.rows
        self.uneven = 0
        """Rows that were wider or narrower, the last time."""
        if table.names is not None:
            self._skip, names = 0, table.names
        else:
            first = list(islice(table.rows, heading.FIRST_ROWS))
            start, is_named = heading.begins(first)
            width = max(heading.width_of(first[start:]), len(_trimmed(first[start]))) if first else 0
            names = [*_trimmed(first[start]), *[""] * width][:width] if is_named else [""] * width
            self._skip = start + is_named
        self.has_names = any(names)
        self.all_names = len(names)
        self.names = names[:MOST_COLUMNS]

    def __iter__(self) -> Iterator[list[str]]:
        width, wide, self.uneven = len(self.names), self.all_names, 0
        blank = [""] * width
        for cells in islice(self._rows, self._skip, None):
            if len(cells) != wide:
                if not any(cells):
                    continue
                if len(_trimmed(cells)) > wide or len(cells) < wide:
                    self.uneven += 1
                yield [*cells, *blank][:width]
            elif any(cells):
                yield cells[:width]


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
