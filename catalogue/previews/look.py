"""Looking into one file: what it is, the table in it, what its columns hold.

file ──what is it?──▶ table ──kinds──▶ rows kept ──measure──▶ preview
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from harvesters.sniff import is_html

from ..store import kept_rows
from . import archive, charts, columns, heading
from .geography import Extent, Point, columns_of_places, point_of, some
from .json_tables import json_table
from .parquet import parquet
from .preview import (
    NUMBERS,
    SAMPLE_COLUMNS,
    SAMPLE_ROWS,
    TEXT,
    YES_NO,
    Column,
    Preview,
    Unseen,
    Value,
)
from .spreadsheet import workbook
from .table import Body, Table
from .texts import separated
from .typed import typed
from .values import Kind

CELL = 200
"""Characters of a cell that are kept for the page."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"SQLite format", b"\x00\x00\x27\x0a")


class Asked(NamedTuple):
    """What is to be looked into, and how."""

    file: Path
    folder: Path
    """Of our own, where something may be unpacked."""
    rows: Path
    """Where the rows of the table are kept."""
    most: int
    """Bytes of what is in the file, unpacked."""
    is_said: bool = True
    """The publisher says that it is a table."""


def look(asked: Asked) -> Preview:
    """What is in a file. Raises `Unseen` when nothing can be shown."""
    if asked.file.stat().st_size == 0:
        raise Unseen("empty")
    with asked.file.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"\x1f\x8b"):
        inner = asked.folder / "unpacked"
        archive.gunzip(asked.file, inner, asked.most)
        return look(asked._replace(file=inner))
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")) and archive.kind_of(asked.file) == "zip":
        return _in_archive(asked)
    return seen(table_in(asked, start), asked.rows)


def table_in(asked: Asked, start: bytes) -> Table:
    """The table that a file is, by how it begins. Raises `Unseen`."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PK\x03\x04"):
        archive.check_size(asked.file, asked.most)
        kind = archive.kind_of(asked.file)
        if kind == "document":
            raise Unseen("unknown-format")
        return workbook(asked.file, kind.upper())
    if start.startswith(_OLD_OFFICE):
        return workbook(asked.file, "XLS")
    if start.startswith(b"PAR1"):
        return parquet(asked.file)
    if is_html(start):
        raise Unseen("web-page")
    if text.startswith((b"{", b"[")):
        return json_table(asked.file)
    if start.startswith(_OTHERS) or text.startswith(b"<") or _is_binary(start):
        raise Unseen("unknown-format")
    if not text and asked.file.stat().st_size <= len(start):
        raise Unseen("empty")
    return separated(asked.file, is_said=asked.is_said)


def _is_binary(start: bytes) -> bool:
    """True for what is no text: zeros between bytes are UTF-16, other ones are not."""
    zeros = start.count(0)
    return bool(zeros) and not start.startswith((b"\xff\xfe", b"\xfe\xff")) and start[1::2].count(0) < zeros * 0.9


def _in_archive(asked: Asked) -> Preview:
    """What is in a ZIP, and the one table in it."""
    with archive.opened(asked.file) as packed:
        every = archive.members(packed)
        if not every:
            raise Unseen("empty")
        name = archive.the_table([one.name for one in every])
        listed = Preview(format="ZIP", members=tuple(every[: archive.TOLD]), member_count=len(every))
        if not name:
            return listed
        inner = asked.folder / "member"
        archive.unpack(packed, name, inner, asked.most)
    with inner.open("rb") as file:
        start = file.read(4096)
    try:
        preview = seen(table_in(asked._replace(file=inner), start), asked.rows)
    except Unseen:
        return listed
    told = {"format": "ZIP", "member": name, "members": listed.members, "member_count": len(every)}
    return msgspec.structs.replace(preview, **told)


def seen(table: Table, rows: Path) -> Preview:
    """The preview of a table, whose rows are kept. Raises `Unseen` when it has none."""
    body = Body(table)
    if not body.names:
        raise Unseen("no-table")
    keys = heading.keys(body.names)
    kinds = columns.kinds_of(body, len(keys))
    count = kept_rows.write(rows, len(keys), _kept(body, kinds))
    if not count and not body.has_names:
        raise Unseen("empty")
    found = [_column(rows, count, *one) for one in enumerate(zip(body.names, keys, kinds, strict=True))]
    places = columns_of_places(keys) if table.bounds is None else ()
    points, bounds = _points(rows, places) if places else (tuple(table.points), table.bounds)
    return msgspec.structs.replace(
        table.preview,
        decimal=next((kind.decimal for kind in kinds if kind and kind.decimal), ""),
        rows=count,
        width=body.all_names,
        columns=tuple(found),
        sample=_sample(rows, found),
        bounds=bounds,
        points=points,
        chart=charts.chart(rows, found, count),
        remarks=(*table.preview.remarks, *_remarks(body)),
    )


def _remarks(body: Body) -> Iterator[str]:
    if not body.has_names:
        yield "no-headings"
    named = [name for name in body.names if name]
    if len(named) != len(set(named)):
        yield "double-headings"
    if body.uneven:
        yield "uneven-rows"
    if body.all_names > len(body.names):
        yield "many-columns"


def _kept(body: Body, kinds: Sequence[Kind | None]) -> Iterator[list[Value]]:
    for cells in body:
        yield [columns.value(cell, kind) for cell, kind in zip(cells, kinds, strict=True)]


def _column(rows: Path, count: int, place: int, said: tuple[str, str, Kind | None]) -> Column:
    name, key, kind = said
    measured = kept_rows.measure(rows, place, is_ordered=kind is not None and kind.type != YES_NO)
    type = kind.type if kind else TEXT
    return Column(
        key=key,
        name=name[:CELL],
        type=type,
        unit=heading.unit(name, key) if type in NUMBERS else "",
        empty=count - measured.filled,
        distinct=measured.distinct,
        least=measured.least,
        most=measured.most,
        examples=tuple(_short(typed(one, type)) for one in measured.examples),
    )


def _short(value: Value) -> str:
    return str(value if value is not True and value is not False else str(value).lower())[:CELL]


def _sample(rows: Path, found: Sequence[Column]) -> tuple[tuple[Value, ...], ...]:
    shown = found[:SAMPLE_COLUMNS]
    _, some_rows = kept_rows.ask(rows, kept_rows.Question(tuple(range(len(shown))), limit=SAMPLE_ROWS))
    return tuple(
        tuple(
            typed(cell[:CELL] if isinstance(cell, str) else cell, one.type)
            for cell, one in zip(row, shown, strict=True)
        )
        for row in some_rows
    )


def _points(rows: Path, places: tuple[int, ...]) -> tuple[tuple[Point, ...], tuple[float, float, float, float] | None]:
    _, cells = kept_rows.ask(rows, kept_rows.Question(places, limit=100_000))
    points = [point for one in cells if (point := point_of(one))]
    if len(points) < len(cells) / 2:
        return (), None
    extent = Extent()
    extent.add(points)
    return some(points), extent.bounds
