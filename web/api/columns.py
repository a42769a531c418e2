"""The columns of the table in a file as a data dictionary: a line for each, for spreadsheets and programs."""

from collections.abc import Iterator

import msgspec
from flask import Response

from catalogue.previews.preview import Column, Preview, Value
from catalogue.publishing.texts_by_language import UNTAGGED, by_language
from dcat.our_languages import OUR_LANGUAGES

from ..current import catalogue
from ..feeds.entry_documents import json_document
from ..http import params
from ..http.caching import cached
from ..json.file_shapes import ColumnShape, column_shape
from .files import FILE, FORMATS, cell, written
from .operations import Operation, Parameter, text

HEADINGS = (
    "key", "name", "type", "unit", "empty_percent", "distinct", "least", "most", "examples",
    *(f"{what}{end}" for what in ("title", "meaning") for end in (*(f"_{one}" for one in OUR_LANGUAGES), "")),
)  # fmt: skip
"""Of the table; `title` and `meaning` without language are those whose language nobody says."""


class ColumnsShape(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a table."""

    rows: int
    columns: tuple[ColumnShape, ...]


@cached()
def list_columns(file: str) -> Response:
    """What each column of the table in a file holds, and what the publisher says that it means. `csv` and `excel` have
    a line for each, with the texts of each language in columns of their own."""
    seen, form = catalogue().previews.of_file(file), params.choice("format", FORMATS)
    preview = seen.preview or Preview(format="")
    if form == "json":
        return json_document(ColumnsShape(rows=preview.rows, columns=tuple(map(column_shape, preview.columns))))
    is_for_excel = form == "excel"
    lines = [_line(one, preview.rows) for one in preview.columns]
    response = Response(written([HEADINGS, *lines], is_for_excel=is_for_excel), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{seen.file}-columns.csv"'
    return response


def _line(one: Column, rows: int) -> tuple[Value, ...]:
    ends = (one.least, one.most)
    measured = (round(100 * one.empty / rows, 1) if rows else None, one.distinct, *ends)
    examples = " | ".join(cell(example, is_for_excel=False) for example in one.examples)
    return (one.key, one.name, one.type, one.unit, *measured, examples, *_texts(one))


def _texts(one: Column) -> Iterator[str]:
    for said in (one.title, one.meaning):
        found = by_language(said)
        yield from (found.get(language, "") for language in (*OUR_LANGUAGES, UNTAGGED))


OPERATIONS = (
    Operation(
        "GET", "/api/1/file/{file}/columns", list_columns, "Columns of the table in a file", "",
        (FILE, Parameter("format", "`csv` and `excel` are text/csv.", text(enum=list(FORMATS), default="json"))),
        answers={200: ColumnsShape},
    ),
)  # fmt: skip
"""Operations of this file."""
