"""The rows of a list, as a spreadsheet numbers them: out of a text with separators, or out of a workbook."""

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from dcat.findings import Finding, finding
from dcat.rdf import clean_text
from dcat.rdf.formats import to_utf8

from ..errors import HarvestError
from ..http import Response
from .headings import known

_AS_TEXT = re.compile(r'\A="([^"]*)"\Z')
"""How programs keep Excel from taking an identifier for a number: `="0123"`."""
SEPARATORS = ("\t", ";", ",", "|")
LONGEST_CELL = 1_000_000
"""Characters of one cell."""
FIRST_ROWS = 20
"""Rows among which the headings stand; titles and remarks for people may come before them."""


class Row(NamedTuple):
    """One row."""

    number: int
    """As a spreadsheet shows it, from 1."""
    cells: tuple[str, ...]

    def place(self, width: int) -> str:
        """So many cells of the row in the words of every spreadsheet: `A17:F17`."""
        return f"A{self.number}:{column(max(0, width - 1))}{self.number}"


class Table(NamedTuple):
    """A list with its headings."""

    headings: Row
    rows: list[Row]
    """Those after the headings that hold anything."""

    @property
    def ends_short(self) -> bool:
        """True when the last row, and no other, has fewer cells than there are headings, as in a file that was cut."""
        width = len(self.headings.cells)
        *before, last = [len(row.cells) < width for row in self.rows] or [False]
        return last and not any(before)


def column(index: int) -> str:
    """The letters of a column, from 0: A, B, … Z, AA."""
    before, here = divmod(index, 26)
    return (column(before - 1) if before else "") + chr(ord("A") + here)


def table_of(rows: Iterable[Row]) -> Table | None:
    """The rows under the headings, which are the row among the first ones with most words that we know; None where no
    row holds a heading that we know."""
    every = list(rows)
    headings = max(every[:FIRST_ROWS], key=lambda row: known(row.cells), default=None)
    if headings is None or not known(headings.cells):
        return None
    return Table(headings, [row for row in every if row.number > headings.number and any(row.cells)])


def text_rows(response: Response, separator: str = "") -> tuple[list[Row], list[Finding]]:
    """The rows of a text and remarks on it. The separator is the one with which most headings are known.

    Raises `HarvestError` `NOT_WELL_FORMED`, naming the row.
    """
    body, remarks = to_utf8(response.body, response.headers.get("Content-Type", ""))
    text, said = _without_mark(clean_text(body.decode("utf-8", "replace")))
    chosen = separator or said or separator_of(text)
    rows, mended = _parsed(text, chosen, response.url)
    return rows, [*remarks, *mended]


def separator_of(text: str) -> str:
    """What separates the cells of a text: that with which most headings are known, else that which gives most cells."""
    start = text[: 4 * LONGEST_CELL]

    def score(separator: str) -> tuple[int, int]:
        first = islice(_lenient(start, separator), FIRST_ROWS)
        return max(((known(tuple(map(str.strip, cells))), len(cells)) for cells in first), default=(0, 0))

    return max(SEPARATORS, key=score)


def _without_mark(text: str) -> tuple[str, str]:
    """The text without the line `sep=;`, by which Excel is told the separator, and that separator."""
    first, _, rest = text.partition("\n")
    mark = first.strip().strip('"').lower()
    return (rest, mark[4:]) if mark.startswith("sep=") and mark[4:] in SEPARATORS else (text, "")


def _lenient(text: str, separator: str) -> Iterable[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error:
        return


def _parsed(text: str, separator: str, url: str) -> tuple[list[Row], list[Finding]]:
    """The rows; where quotation marks are misplaced within a row, read as they stand, with a remark."""
    rows: list[Row] = []
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows += (_row(number, cells) for number, cells in enumerate(reader, start=1))
    except csv.Error as error:
        here = len(rows) + 1
        if "expected after" not in str(error):
            raise _broken(url, here, str(error)) from error
        rows = [_row(number, cells) for number, cells in enumerate(_lenient(text, separator), start=1)]
        value = separator.join(rows[here - 1].cells) if here <= len(rows) else ""
        return rows, [finding("syntax-mended", url, f"A{here}", value)]
    return rows, []


def _row(number: int, cells: list[str]) -> Row:
    return Row(number, tuple(_AS_TEXT.sub(r"\1", cell.strip()) for cell in cells))


def _broken(url: str, number: int, why: str) -> HarvestError:
    if "unexpected end" in why:
        why = 'a quotation mark (") opens a cell there and is never closed, or the file was cut off'
    elif "field larger" in why:
        why = f'a cell there is longer than {LONGEST_CELL} characters; perhaps a quotation mark (") is not closed'
    return HarvestError("NOT_WELL_FORMED", f"{url}, row {number}, cannot be read: {why}.", f"{url}, row {number}")
