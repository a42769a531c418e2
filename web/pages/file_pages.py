"""The pages of one file: what is known and seen of it, and the rows of its table."""

from typing import Any, cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.previews.files import file_id, file_key
from catalogue.previews.preview import Preview
from catalogue.previews.previews import Seen
from catalogue.store.kept_rows import Question
from catalogue.store.rows import EntryRow
from dcat.model import Distribution

from ..current import catalogue
from ..http import params
from ..http.caching import cached
from ..json import file_shapes
from ..wording import facts, file_words, sheet, words
from ..wording.words import gettext as _
from . import drawings
from .entry_pages import live, page_address, page_of
from .results import steps_between

ACROSS = 8
"""Columns of a table on a page."""
ROWS = 20
"""Rows of a page of a table."""
COLUMNS = 10
"""Columns that are explained on one page."""


@cached()
def show(name: str, key: str) -> ResponseReturnValue:
    """One file of a dataset: what is in it, and everything that is known of it."""
    row = live("dataset", name)
    if row.name != name:
        return redirect(url_for("pages.file", name=row.name, key=key), 301)
    file, seen = found(row, key)
    number, last = page_of(len(seen.preview.columns) if seen and seen.preview else 0, COLUMNS)
    return render_template(
        "file.html",
        **about(row, file, seen),
        sheet=sheet.rows(file),
        downloaded=catalogue().downloads.of_entry(row.id).get(key, 0),
        **(pictures(seen.preview) if seen and seen.preview else {}),
        sample=sample(seen.preview) if seen and seen.preview else (),
        shown=[(one, place) for place, one in enumerate(seen.preview.columns[:ACROSS])]
        if seen and seen.preview
        else [],
        has_meanings=any(one.meaning or one.title for one in seen.preview.columns) if seen and seen.preview else False,
        start=(number - 1) * COLUMNS,
        columns=seen.preview.columns[(number - 1) * COLUMNS : number * COLUMNS] if seen and seen.preview else (),
        page_number=number,
        steps=steps_between(number, last, lambda page: page_address("pages.file", page, name=row.name, key=key)),
    )


@cached()
def table(name: str, key: str) -> ResponseReturnValue:
    """The rows of the table in a file, some on a page, and of a wide one some columns."""
    row = live("dataset", name)
    if row.name != name:
        return redirect(url_for("pages.table", name=row.name, key=key), 301)
    file, seen = found(row, key)
    if seen is None or seen.preview is None or not seen.has_rows:
        raise NotFound(_("This file has no table that could be shown."))
    number, last = page_of(seen.preview.rows, ROWS)
    columns, start = seen.preview.columns, params.whole("from", 1, 1, len(seen.preview.columns)) - 1
    places = tuple(range(start, min(start + ACROSS, len(columns))))
    _count, rows = catalogue().previews.rows(seen, Question(places, limit=ROWS, offset=(number - 1) * ROWS))

    def step(page: int, start: int = start) -> str:
        pairs = [*([("from", str(start + 1))] if start else []), *([("page", str(page))] if page > 1 else [])]
        return params.address(url_for("pages.table", name=row.name, key=key), pairs)

    return render_template(
        "table.html",
        **about(row, file, seen),
        shown=[(columns[place], place) for place in places],
        rows=rows,
        first=(number - 1) * ROWS + 1,
        page_number=number,
        steps=steps_between(number, last, step),
        before=step(number, max(0, start - ACROSS)) if start else "",
        after=step(number, start + ACROSS) if start + ACROSS < len(columns) else "",
    )


def found(row: EntryRow, key: str) -> tuple[Distribution, Seen | None]:
    """A file of a dataset, and what was seen of it. Raises `NotFound`."""
    file = next((one for one in facts.files(row.entry) if file_key(one) == key), None)
    if file is None:
        raise NotFound(_("This dataset has no such file any more."))
    return file, catalogue().previews.of_entry(row.id).get(key)


def about(row: EntryRow, file: Distribution, seen: Seen | None) -> dict[str, Any]:
    """What every page of a file shows."""
    return {
        "row": row,
        "title": words.pick(row.entry.title),
        "file": file,
        "seen": seen,
        "links": catalogue().links.of_entry(row.id),
        "preview": seen.preview if seen else None,
        "why": file_words.why(seen) if seen else "",
        "rows_address": file_shapes.rows_address(seen) if seen else "",
        "columns_address": file_shapes.columns_address(seen) if seen else "",
        "most": file_shapes.most_rows(len(seen.preview.columns)) if seen and seen.preview else 0,
        "id": file_id(row.id, file_key(file)),
        "example": file_shapes.example(seen) if seen and seen.has_rows else "",
    }


def sample(preview: Preview) -> tuple[tuple[Any, ...], ...]:
    """The first rows, as wide as a page shows them."""
    return tuple(cells[:ACROSS] for cells in preview.sample)


def pictures(preview: Preview) -> dict[str, Any]:
    """What can be drawn of a table."""
    chart = preview.chart
    drawn = None if chart is None else drawings.line(chart) if chart.kind == "line" else drawings.bars(chart)
    return {
        "chart": chart if drawn else None,
        "drawn": drawn,
        "map": drawings.drawn_map(preview),
        "touched": drawings.touched(preview),
        "said": cast("list[str]", list(file_words.written(preview))),
    }
