"""The template of a list, which whoever has nothing else begins with: headings in his language, and an example.

The example stands on a sheet of its own, so that it is never harvested.
"""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from .headings import fields

OTHER = {"fr": "nl", "nl": "fr", "de": "fr", "en": "fr"}
"""The second language of texts, for each first one."""

SHEETS = {
    "fr": ("Jeux de données", "Exemple"),
    "nl": ("Datasets", "Voorbeeld"),
    "de": ("Datensätze", "Beispiel"),
    "en": ("Datasets", "Example"),
}
"""What the sheet to fill in is called, and the one with an example."""

_WIDTH, _WIDE = 22, 46


@cache
def _examples() -> Mapping[str, dict[str, str]]:
    text = files(__package__).joinpath("template.csv").read_text("utf-8")
    return {row["field"]: row for row in csv.DictReader(text.splitlines())}


def headings(language: str) -> list[tuple[str, str]]:
    """The headings in a language, each with an example of what stands under it."""
    found: list[tuple[str, str]] = []
    for name, example in _examples().items():
        field = fields()[name]
        if field.has_languages and name != "publisher":
            found += [(f"{field.words[language]} {tag}", example[tag]) for tag in (language, OTHER[language])]
        else:
            found.append((field.words[language], example[language]))
    return found


def as_csv(language: str) -> bytes:
    """The headings as the spreadsheets of the country read them: UTF-8 with a mark, semicolons."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerow(heading for heading, _ in headings(language))
    return out.getvalue().encode("utf-8-sig")


def as_workbook(language: str) -> bytes:
    """A workbook with a sheet to fill in and one with an example."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, name in enumerate(SHEETS[language]):
        sheet = book.create_sheet(name)
        sheet.append([heading for heading, _ in headings(language)])
        if number:
            sheet.append([example for _, example in headings(language)])
        sheet.freeze_panes = "A2"
        for column, (_, example) in enumerate(headings(language), start=1):
            sheet.cell(1, column).font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = _WIDE if len(example) > _WIDE else _WIDTH
            if number:
                sheet.cell(2, column).alignment = Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMATS = {"csv": as_csv, "xlsx": as_workbook}
"""What writes the template, by the ending of its file."""
