"""The rows of a workbook (XLSX): only what a list needs of it, within bounds.

Office Open XML is a ZIP of XML parts (ECMA-376). `openpyxl` reads it row by row; what could make it read without end is
looked at before: sizes, document types, and cells far away.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

from ..errors import HarvestError
from ..http import Response, not_what_was_asked
from .cell_links import behind_cells, with_links
from .rows import Row, Table, table_of

ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How a workbook of Excel 97 to 2003 begins, as everything in an OLE container."""

MOST_UNPACKED = 50_000_000
"""Bytes of all parts together, unpacked."""
MOST_PARTS = 2000
MOST_ROWS = 100_000
MOST_COLUMNS = 200

warnings.filterwarnings("ignore", module=r"openpyxl\..*")
"""It warns of what it does not keep when it writes; we only read."""


def is_workbook(body: bytes) -> bool:
    """True for what a spreadsheet program saves as its own file, whichever."""
    return body.startswith((ZIP, OLD_EXCEL))


def workbook_table(response: Response, sheet: str = "") -> Table | None:
    """The list in a workbook: of the sheet of that name, else of the first one with headings that we know.

    Raises `HarvestError`: `NOT_A_FEED` for another kind of file, `TOO_LARGE`, `NOT_WELL_FORMED`.
    """
    try:
        _look_at(response)
        book = openpyxl.load_workbook(io.BytesIO(response.body), read_only=True, data_only=True, keep_links=False)
        with warnings.catch_warnings():
            return _first_table(book, sheet, response)
    except HarvestError:
        raise
    except Exception as error:  # neither it nor zipfile has one error of its own for what is damaged
        raise HarvestError(
            "NOT_WELL_FORMED",
            f"{response.url} is an Excel file that cannot be read ({type(error).__name__}). Open it, save it again and "
            "publish it again.",
            response.url,
        ) from error


def _first_table(book: Any, sheet: str, response: Response) -> Table | None:
    names = [name for name in book.sheetnames if name == sheet or not sheet]
    if not names:
        there = ", ".join(map(repr, book.sheetnames[:20]))
        said = f"{response.url} has no sheet {sheet!r}. Its sheets: {there}."
        raise HarvestError("NOT_A_FEED", said, response.url)
    sheets = (book[name] for name in names if hasattr(book[name], "iter_rows"))
    tables = ((sheet.title, table_of(_rows(sheet, response.url))) for sheet in sheets)
    title, table = next(((title, table) for title, table in tables if table is not None), ("", None))
    if table is None:
        return None
    with zipfile.ZipFile(io.BytesIO(response.body)) as parts:
        return with_links(table, behind_cells(parts, title))


def _rows(sheet: Any, url: str) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file says about its own size is not believed
    for number, values in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        if number > MOST_ROWS:
            raise HarvestError("TOO_LARGE", f"{url} has more than {MOST_ROWS} rows.", url)
        cells = [written(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        yield Row(number, tuple(cells))


def written(value: Any) -> str:
    """A cell as a person would write it: a day without time, a whole number without point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _look_at(response: Response) -> None:
    """Raises `HarvestError` for what is no workbook that we read, and for one that would unpack without end."""
    other = "an Excel file of the old kind (.xls)" if response.body.startswith(OLD_EXCEL) else ""
    try:
        with zipfile.ZipFile(io.BytesIO(b"" if other else response.body)) as parts:
            names = {part.filename for part in parts.infolist()}
            if "content.xml" in names:
                other = "an OpenDocument file"
            elif "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise not_what_was_asked(response, "a list in CSV or Excel")
            else:
                _look_into(parts, response.url)
    except zipfile.BadZipFile as error:
        if not other:
            raise not_what_was_asked(response, "a list in CSV or Excel") from error
    if other:
        sentence = f"{response.url} is {other}. Save it as an Excel workbook (.xlsx) or as CSV, and give that address."
        raise HarvestError("NOT_A_FEED", sentence, response.url)


def _look_into(parts: zipfile.ZipFile, url: str) -> None:
    every = parts.infolist()
    if len(every) > MOST_PARTS or sum(part.file_size for part in every) > MOST_UNPACKED:
        raise HarvestError("TOO_LARGE", f"{url} unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB.", url)
    for part in every:  # reading gives at most the size that is announced
        with parts.open(part) as content:
            if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in content.read(4096).upper():
                raise HarvestError("NOT_WELL_FORMED", f"{url} has a document type in {part.filename[:80]!r}.", url)
