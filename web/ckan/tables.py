"""The rows of files, as the clients of CKAN's data store ask for them: those of tables that were looked into.

https://docs.ckan.org/en/2.11/maintaining/datastore.html. Columns have the headings of the file; keys of our own API
(`/api/1/file/{file}/rows`) are taken too.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

from catalogue.errors import NotFound
from catalogue.previews.files import file_id, file_key
from catalogue.previews.preview import DAY, DECIMAL, MOMENT, TEXT, WHOLE, YES_NO, Column
from catalogue.previews.previews import Seen
from catalogue.store.kept_rows import Condition, Question
from dcat.model import Dataset

from ..api import files
from ..current import catalogue
from ..json.file_shapes import most_rows
from .packages import Json, live, resource_id
from .parameters import Invalid, Parameters

ROWS, MOST_ROWS = 100, 32_000
"""Rows of one answer, as in CKAN (`ckan.datastore.search.rows_max`)."""
TYPES = {WHOLE: "int", DECIMAL: "numeric", DAY: "date", MOMENT: "timestamp", YES_NO: "bool", TEXT: "text"}
"""Type of a column → CKAN's."""


def datastore_search(given: Parameters) -> Json:
    """Rows of a file. Parameters: `resource_id`, `filters` (an object of columns and values), `fields`, `sort`,
    `limit`, `offset`. Words (`q`), `distinct` and other forms than objects are refused."""
    for name, usual in (("q", ""), ("distinct", "false"), ("records_format", "objects")):
        if given.text(name, usual).lower() != usual:
            raise Invalid(name, f"{name} is not done here. `filters` narrows by values of columns.")
    id = given.needed("resource_id", "id")
    seen = _seen(id)
    columns = seen.preview.columns if seen.preview else ()
    names = _names(columns)
    headings = {one.key: place for place, one in enumerate(columns)} | {name: place for place, name in enumerate(names)}
    places = tuple(_place(headings, one, "fields") for one in _listed(given, "fields")) or tuple(range(len(columns)))
    most = min(MOST_ROWS, most_rows(len(places)))
    asked = Question(
        places=places,
        conditions=tuple(_condition(name, value, columns, headings) for name, value in _filters(given)),
        order=tuple(_order(one, headings) for one in _listed(given, "sort")),
        limit=min(given.whole("limit", ROWS), most),
        offset=given.whole("offset", 0),
    )
    total, rows = files.found(seen, asked)
    shown = [names[place] for place in places]
    return {
        "resource_id": id,
        "fields": [{"id": names[place], "type": TYPES[columns[place].type]} for place in places],
        "records": [dict(zip(shown, row, strict=True)) for row in rows],
        "records_format": "objects",
        "limit": asked.limit,
        "offset": asked.offset,
        "total": total,
    }


def _seen(id: str) -> Seen:
    """What was seen of a file, by its id here. Raises `NotFound`."""
    sought = f"resource {id[:100]!r}"
    row = live(id.partition("-")[0], sought)
    files_of = cast("Dataset", row.entry).distribution if row.kind == "dataset" else ()
    for place, file in enumerate(files_of):
        if resource_id(row, file, place) == id:
            return catalogue().previews.of_file(file_id(row.id, file_key(file)))
    raise NotFound(f"There is no {sought}.")


def _names(columns: Sequence[Column]) -> list[str]:
    """What columns are called: their headings, or their keys where another one has the same or none."""
    times = Counter(one.name for one in columns)
    return [one.name if one.name and times[one.name] == 1 else one.key for one in columns]


def _place(headings: dict[str, int], name: str, field: str) -> int:
    if name not in headings:
        raise Invalid(field, f"{field}: this table has no column {name[:80]!r}. It has {', '.join(headings)[:500]}.")
    return headings[name]


def _filters(given: Parameters) -> list[tuple[str, Any]]:
    """Columns with the value of each."""
    asked = given.mapping("filters")
    return [(name, value[0] if isinstance(value, list) and len(value) == 1 else value) for name, value in asked.items()]


def _condition(name: str, value: Any, columns: Sequence[Column], headings: dict[str, int]) -> Condition:
    if not isinstance(value, str | int | float):
        raise Invalid("filters", f"filters: {name[:80]!r} must be one text or number.")
    key = columns[_place(headings, name, "filters")].key
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return files.condition(f"{key}:eq:{said}", columns, {one.key: place for place, one in enumerate(columns)})


def _listed(given: Parameters, name: str) -> list[str]:
    """The items of a list, or of a text with commas between them."""
    return [one.strip() for text in given.texts(name) for one in text.split(",") if one.strip()]


def _order(said: str, headings: dict[str, int]) -> tuple[int, bool]:
    name, _, direction = said.rpartition(" ")
    if direction.lower() not in {"asc", "desc"}:
        name, direction = said, "asc"
    return _place(headings, name.strip().strip('"'), "sort"), direction.lower() == "desc"


ALL: tuple[Callable[[Parameters], Any], ...] = (datastore_search,)
"""The actions of this file."""
