"""What was seen of a file, as programs read it."""

from datetime import datetime
from typing import Annotated

import msgspec

from catalogue.previews.files import file_id
from catalogue.previews.preview import Column, Preview, Value
from catalogue.previews.previews import Seen
from catalogue.publishing.texts_by_language import by_language

from ..current import absolute
from ..http.params import address

MOST_ROWS, MOST_CELLS = 50_000, 1_000_000
"""Of one answer with the rows of a table."""


class ColumnShape(msgspec.Struct, frozen=True, kw_only=True):
    """A column: `key` is its name in questions, `name` its heading in the file."""

    key: str
    name: str
    type: str
    """`integer`, `decimal`, `date`, `datetime`, `boolean` or `text`."""
    unit: str
    empty: int
    """Rows in which it holds nothing."""
    distinct: int
    """Different values; 1000 for that many and more."""
    least: Value
    most: Value
    examples: tuple[str, ...]
    title: dict[str, str]
    meaning: dict[str, str]
    """What the publisher says that it means, by language."""


class MemberShape(msgspec.Struct, frozen=True):
    """A file in an archive."""

    name: str
    bytes: int


class FileShape(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of a file."""

    id: str
    dataset: str
    """Id of its dataset."""
    address: str
    """Where the publisher offers it."""
    looked: datetime
    problem: str
    """Why nothing could be seen (again): `too-large`, `gone`, `web-page` …; empty when nothing was the matter."""
    bytes: int
    format: str
    """Code of the EU file-type table, by what the file is."""
    encoding: str
    separator: str
    decimal: str
    sheet: str
    member: str
    """Name of the table in an archive."""
    members: tuple[MemberShape, ...]
    rows: int
    width: int
    """Columns of the table; of very many, some are kept."""
    columns: tuple[ColumnShape, ...]
    bounds: Annotated[tuple[float, ...], msgspec.Meta(min_length=4, max_length=4)] | None
    """West, south, east, north in degrees."""
    remarks: tuple[str, ...]
    rows_url: str | None
    """Address of the rows; null when there are none to ask."""
    example: str | None
    """A question that this table answers."""


class RowsShape(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a table."""

    data: tuple[dict[str, Value], ...]
    """Each row by the keys of its columns; null where a cell is empty."""
    total: int
    """Rows that are like that."""
    next: str | None
    """Address of the next ones; null at the end."""


def file_shape(seen: Seen) -> FileShape:
    """A file."""
    preview = seen.preview or Preview(format="")
    at = rows_address(seen) if seen.has_rows else None
    return FileShape(
        id=file_id(seen.entry_id, seen.file),
        dataset=seen.entry_id,
        address=seen.address,
        looked=seen.at,
        problem=seen.code,
        bytes=seen.size,
        format=preview.format,
        encoding=preview.encoding,
        separator=preview.separator,
        decimal=preview.decimal,
        sheet=preview.sheet,
        member=preview.member,
        members=tuple(MemberShape(one.name, one.size) for one in preview.members),
        rows=preview.rows,
        width=preview.width,
        columns=tuple(map(column_shape, preview.columns)),
        bounds=preview.bounds,
        remarks=preview.remarks,
        rows_url=absolute(at) if at else None,
        example=absolute(example(seen)) if at else None,
    )


def column_shape(one: Column) -> ColumnShape:
    """A column."""
    return ColumnShape(
        key=one.key,
        name=one.name,
        type=one.type,
        unit=one.unit,
        empty=one.empty,
        distinct=one.distinct,
        least=one.least,
        most=one.most,
        examples=one.examples,
        title=by_language(one.title),
        meaning=by_language(one.meaning),
    )


def rows_address(seen: Seen) -> str:
    """Where the rows of a table are asked."""
    return f"/api/1/file/{file_id(seen.entry_id, seen.file)}/rows"


def most_rows(columns: int) -> int:
    """Rows of a table with that many columns which one answer may have."""
    return min(MOST_ROWS, MOST_CELLS // max(1, columns))


def all_rows_address(seen: Seen) -> str | None:
    """Where all rows are given at once, as CSV (RFC 4180); None where one answer cannot have them."""
    preview = seen.preview
    if not (preview and preview.columns):
        return None
    most = most_rows(len(preview.columns))
    return address(rows_address(seen), [("format", "csv"), ("limit", str(most))]) if preview.rows <= most else None


def columns_address(seen: Seen) -> str:
    """Where its columns are told."""
    return f"/api/1/file/{file_id(seen.entry_id, seen.file)}/columns"


def example(seen: Seen) -> str:
    """A question that this table answers: three columns, those rows that hold what the first column with an example
    holds."""
    columns = seen.preview.columns if seen.preview else ()
    asked = [("columns", ",".join(one.key for one in columns[:3]))]
    told = next((one for one in columns if one.examples and len(one.examples[0]) <= 60), None)
    filter = [("filter", f"{told.key}:eq:{told.examples[0]}")] if told else []
    return address(rows_address(seen), [*asked, *filter, ("limit", "5")])
