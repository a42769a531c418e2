"""The tables in files: what their columns hold, and some of their rows."""

from typing import Any

from ..errors import NotFound
from ..previews.preview import TEXT, Column
from ..previews.previews import Seen
from ..service import Catalogue
from ..store.kept_rows import Condition, Question, TooSlow, folded
from ..store.rows import Tombstone
from .refusing import BadArguments
from .telling import Teller

Json = dict[str, Any]

MOST_ROWS = 50


def read_file(catalogue: Catalogue, given: Json) -> Json:
    """Columns and rows of the table in a file, with the dataset that it is of."""
    teller = Teller(catalogue, given.get("language", ""))
    seen = catalogue.previews.of_file(given["file"])
    row = catalogue.entries.find(seen.entry_id)
    if isinstance(row, Tombstone):
        raise NotFound("The dataset of this file was removed.")
    columns = seen.preview.columns if seen.preview else ()
    told = {
        "dataset": row.name,
        "title": teller.title(row),
        "address": seen.address,
        "looked_into_on": seen.at.date().isoformat(),
        **teller.source(row),
        "columns": [column(one) for one in columns],
    }
    return told | (rows(catalogue, seen, given) if seen.has_rows else {"total": 0, "rows": []})


def rows(catalogue: Catalogue, seen: Seen, given: Json) -> Json:
    """The rows asked for. Raises `BadArguments`."""
    columns = seen.preview.columns if seen.preview else ()
    asked = Question(
        places=tuple(range(len(columns))),
        conditions=conditions(columns, given.get("column", ""), given.get("contains", "")),
        limit=given["limit"],
        offset=given["offset"],
    )
    try:
        total, found = catalogue.previews.rows(seen, asked)
    except TooSlow as error:
        raise BadArguments("The answer takes too long to find. Ask without contains.") from error
    return {"total": total, "rows": [dict(zip([one.key for one in columns], each, strict=True)) for each in found]}


def conditions(columns: tuple[Column, ...], key: str, words: str) -> tuple[Condition, ...]:
    """That a column of words contains some. Raises `BadArguments`."""
    if not (key or words):
        return ()
    place = next((place for place, one in enumerate(columns) if one.key == key and one.type == TEXT), None)
    if place is None or not words:
        known = ", ".join(one.key for one in columns if one.type == TEXT) or "none"
        raise BadArguments(f"contains goes with a column of words. Those are: {known}.")
    return (Condition(place, "contains", folded(words)),)


def column(one: Column) -> Json:
    """A column."""
    told = {
        "key": one.key,
        "name": one.name,
        "type": one.type,
        "unit": one.unit,
        "least": one.least,
        "most": one.most,
        "examples": list(one.examples),
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}
