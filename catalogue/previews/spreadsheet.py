"""Workbooks of spreadsheet programs (XLSX, XLSM, XLSB, XLS, ODS): the values that were saved. Formulas and macros are
never run.

What unpacks without end is refused before it is opened; what else takes more memory or time than is allowed ends with
the process that reads.
"""

from collections.abc import Iterator
from pathlib import Path

import python_calamine
from python_calamine import CalamineSheet, CalamineWorkbook

from .preview import Preview, Unseen
from .table import Table
from .values import as_text

MOST_SHEETS = 50
"""Names of sheets that are told."""


def workbook(file: Path, format: str) -> Table:
    """The first sheet that holds something. Raises `Unseen`."""
    try:
        book = CalamineWorkbook.from_path(str(file))
        names = tuple(book.sheet_names)
        seen = (one.name for one in book.sheets_metadata if str(one.visible).endswith(".Visible"))
        for name in seen:
            sheet = book.get_sheet_by_name(name)
            if sheet.height and sheet.width:
                preview = Preview(format=format, sheet=name, sheets=names[:MOST_SHEETS] if len(names) > 1 else ())
                return Table(preview, Sheet(sheet))
    except python_calamine.PasswordError as error:
        raise Unseen("locked") from error
    except (python_calamine.CalamineError, python_calamine.ZipError, OSError, ValueError) as error:
        raise Unseen("damaged") from error
    raise Unseen("empty")


class Sheet:
    """The rows of a sheet, which can be gone through again."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet

    def __iter__(self) -> Iterator[list[str]]:
        for cells in self._sheet.iter_rows():
            yield [as_text(cell) for cell in cells]
