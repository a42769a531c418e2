"""What is in the files of datasets, and the rows of their tables. Open to everybody.

A question is closed: columns by their keys, comparisons of a list, values that are bound. Nothing of it becomes SQL.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from flask import Response, request

from catalogue.previews import values
from catalogue.previews.preview import DAY, DECIMAL, MOMENT, TEXT, WHOLE, YES_NO, Column, Value
from catalogue.previews.previews import Seen
from catalogue.publishing.table import harmless
from catalogue.search.base import BadQuery
from catalogue.search.params import printable
from catalogue.store.kept_rows import COMPARISONS, Condition, Question, TooSlow, folded

from ..current import absolute, catalogue
from ..feeds.entry_documents import json_document
from ..http import params
from ..http.caching import cached
from ..json.file_shapes import MOST_CELLS, MOST_ROWS, FileShape, RowsShape, file_shape, rows_address
from .operations import Operation, Parameter, path, text, whole_number

ROWS = 100
"""Of one answer, unless told otherwise."""
CONDITIONS, ORDERS = 10, 3
LONGEST = 200
"""Characters of a value that is compared with."""
BARE = frozenset({"empty", "filled"})
"""Comparisons that need no value."""
OF_WORDS = frozenset({"contains", "starts"})
FORMATS = ("json", "csv", "excel")

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d(T[\d:]{5,8}(Z|[+-]\d\d:\d\d)?)?)?)?")


@cached()
def show_file(file: str) -> Response:
    """What was seen of a file: its format, its encoding, what each column holds."""
    return json_document(file_shape(catalogue().previews.of_file(file)))


@cached()
def list_rows(file: str) -> Response:
    """Rows of the table in a file. `filter` is `column:comparison:value`; given several times, all must hold.
    Comparisons: `eq`, `ne`, `lt`, `le`, `gt`, `ge`, `contains` and `starts` (of words, whatever their capitals),
    `empty` and `filled` (without value). `csv` is RFC 4180, `excel` what a Belgian Excel opens: semicolons, decimal
    commas, a byte order mark. In both, words that a spreadsheet would compute begin with an apostrophe; JSON has them
    as they are."""
    seen = catalogue().previews.of_file(file)
    columns = seen.preview.columns if seen.preview else ()
    form, asked = params.choice("format", FORMATS), question(columns)
    total, rows = found(seen, asked)
    chosen = [columns[place] for place in asked.places]
    if form == "json":
        keys = [one.key for one in chosen]
        data = tuple(dict(zip(keys, row, strict=True)) for row in rows)
        return json_document(RowsShape(data=data, total=total, next=following(seen, asked, len(rows), total)))
    return table(chosen, rows, seen, is_for_excel=form == "excel")


def found(seen: Seen, asked: Question) -> tuple[int, list[tuple[Value, ...]]]:
    """The rows. Raises `BadQuery` for a question that takes too long."""
    try:
        return catalogue().previews.rows(seen, asked)
    except TooSlow as error:
        name = "sort" if asked.order else "filter"
        raise BadQuery(
            "%(name)s: the answer takes too long to find. Narrow the question, or ask without sorting.", name
        ) from error


def following(seen: Seen, asked: Question, given: int, total: int) -> str | None:
    """Address of the next rows."""
    after = asked.offset + given
    if after >= total:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "offset"]
    return absolute(params.address(rows_address(seen), [*kept, ("offset", str(after))]))


# --- the question ---------------------------------------------------------------------------------------------------


def question(columns: Sequence[Column]) -> Question:
    """What this address asks of a table with these columns. Raises `BadQuery`."""
    by_key = {one.key: place for place, one in enumerate(columns)}
    named = [key for key in request.args.get("columns", "").split(",") if key]
    places = tuple(dict.fromkeys(_place(by_key, key, "columns") for key in named)) or tuple(range(len(columns)))
    limit = params.whole("limit", ROWS, 1, MOST_ROWS)
    if limit > ROWS and limit * len(places) > MOST_CELLS:
        raise BadQuery(
            "%(name)s: %(value)s rows of %(columns)s columns are too many at once. Ask for fewer, or name columns.",
            "limit",
            value=limit,
            columns=len(places),
        )
    return Question(
        places=places,
        conditions=tuple(condition(one, columns, by_key) for one in _several("filter", CONDITIONS)),
        order=tuple(_order(one, by_key) for one in _several("sort", ORDERS)),
        limit=limit,
        offset=params.whole("offset", 0, 0, 10**9),
    )


def condition(given: str, columns: Sequence[Column], by_key: dict[str, int]) -> Condition:
    """What `column:comparison:value` asks. Raises `BadQuery`."""
    key, _, rest = given.partition(":")
    comparison, _, value = rest.partition(":")
    place = _place(by_key, key, "filter")
    if comparison not in COMPARISONS:
        raise BadQuery(
            "%(name)s is column:comparison:value, with one of %(known)s, not “%(value)s”.",
            "filter",
            known=", ".join(COMPARISONS),
            value=printable(given[:80]),
        )
    if comparison in BARE:
        return Condition(place, comparison)
    if comparison in OF_WORDS:
        return Condition(place, comparison, folded(value[:LONGEST]))
    return Condition(place, comparison, comparable(value[:LONGEST], columns[place]))


def comparable(given: str, column: Column) -> str | int | float:
    """A value as the column has them. Raises `BadQuery`."""
    found = READERS[column.type](given.strip() if column.type != TEXT else given)
    if found is None:
        raise BadQuery(
            "%(name)s: the column %(column)s holds values of the type %(type)s; “%(value)s” is none.",
            "filter",
            column=column.key,
            type=column.type,
            value=printable(given[:80]),
        )
    return found


def _number(given: str) -> float | int | None:
    whole = values.whole(given)
    return whole if whole is not None else values.with_point(given)


def _day(given: str) -> str | None:
    return given if _DAY.fullmatch(given) else None


def _yes_or_no(given: str) -> int | None:
    found = values.yes_or_no(given)
    return None if found is None else int(found)


READERS: dict[str, Callable[[str], str | int | float | None]] = {
    WHOLE: _number,
    DECIMAL: _number,
    DAY: _day,
    MOMENT: _day,
    YES_NO: _yes_or_no,
    TEXT: str,
}
"""By the type of a column; days may be given without their end, as ISO 8601 allows."""


def _several(name: str, most: int) -> list[str]:
    given = [one for value in request.args.getlist(name) for one in _parts(name, value) if one]
    if len(given) > most:
        raise BadQuery("%(name)s may be given %(most)s times at most.", name, most=most)
    return given


def _parts(name: str, value: str) -> list[str]:
    return value.split(",") if name == "sort" else [value]


def _order(given: str, by_key: dict[str, int]) -> tuple[int, bool]:
    return _place(by_key, given.removeprefix("-"), "sort"), given.startswith("-")


def _place(by_key: dict[str, int], key: str, name: str) -> int:
    if key not in by_key:
        raise BadQuery(
            "%(name)s: this table has no column “%(value)s”. It has: %(known)s.",
            name,
            value=printable(key[:80]),
            known=", ".join(list(by_key)[:50]),
        )
    return by_key[key]


# --- as a table -----------------------------------------------------------------------------------------------------


def table(columns: Sequence[Column], rows: Sequence[Sequence[Value]], seen: Seen, *, is_for_excel: bool) -> Response:
    """The rows as CSV (RFC 4180), or as a Belgian Excel opens them."""
    lines = written([[one.name or one.key for one in columns], *rows], is_for_excel=is_for_excel)
    response = Response(lines, mimetype="text/csv")
    dataset = catalogue().entries.find(seen.entry_id).name
    response.headers["Content-Disposition"] = f'attachment; filename="{dataset}-{seen.file}.csv"'
    return response


def written(rows: Sequence[Sequence[Value]], *, is_for_excel: bool) -> Iterator[bytes]:
    """Lines of CSV, some at a time. Spreadsheets open either, so no cell of words is one that they would compute."""
    if is_for_excel:
        yield b"\xef\xbb\xbf"
    for start in range(0, len(rows), 500):
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=";" if is_for_excel else ",", lineterminator="\r\n")
        writer.writerows([cell(one, is_for_excel=is_for_excel) for one in row] for row in rows[start : start + 500])
        yield buffer.getvalue().encode("utf-8", "replace")


def cell(value: Value, *, is_for_excel: bool) -> str:
    """A cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return values.as_text(value).replace(".", "," if is_for_excel else ".")
    return harmless(value) if isinstance(value, str) else str(value)


FILE = path("file", "Its id, as the page of the file names it.")
OPERATIONS = (
    Operation("GET", "/api/1/file/{file}", show_file, "What is in a file", "", (FILE,), answers={200: FileShape}),
    Operation(
        "GET", "/api/1/file/{file}/rows", list_rows, "Rows of the table in a file", "",
        (
            FILE,
            Parameter("columns", "Keys of columns, with commas between them; all without it.", text(examples=["nom"])),
            Parameter("filter", "`column:comparison:value`.",
                {"type": "array", "maxItems": CONDITIONS, "items": text(examples=["code_postal:eq:1030"])}),
            Parameter("sort", "Keys of columns, with commas between them; `-` before one that falls.",
                text(examples=["-date"])),
            Parameter("limit", f"Rows to give; with columns multiplied not more than {MOST_CELLS}.",
                whole_number(1, MOST_ROWS, ROWS)),
            Parameter("offset", "Rows to pass over.", whole_number(0, 10**9, 0)),
            Parameter("format", "`csv` and `excel` are text/csv.", text(enum=list(FORMATS), default="json")),
        ),
        answers={200: RowsShape}, is_limited=True,
    ),
)  # fmt: skip
"""Operations of this file."""
