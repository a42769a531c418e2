"""The tools: what an assistant can ask, what it must say, and what it gets."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from dcat.our_languages import OUR_LANGUAGES

from .. import clock
from ..errors import NotFound
from ..publishing.texts_by_language import by_language
from ..search.base import Hit, Results
from ..search.facets import FILTERS
from ..search.params import SORTS, TEXT_LIMIT, query_from_params
from ..service import Catalogue
from ..store.outcome import Outcome
from ..store.rows import ChangeRow, EntryRow, PublisherRow, Tombstone
from .refusing import BadArguments
from .tables import MOST_ROWS, read_file
from .telling import Teller

Json = dict[str, Any]

MOST = 20
"""Results of one answer: an assistant reads every word of them."""
CHOSEN = ("type", "theme", "publisher", "format", "licence_family", "area", "updated", "hvd")
"""Filters of the search that are offered."""


class Tool(NamedTuple):
    """One tool."""

    name: str
    title: str
    description: str
    properties: Mapping[str, Json]
    """JSON schema of each argument."""
    required: tuple[str, ...]
    run: Callable[[Catalogue, Json], Json]
    """Is given what was asked, with the defaults of the rest."""

    def told(self) -> Json:
        """The tool, as a client lists it."""
        schema = {
            "type": "object",
            "properties": dict(self.properties),
            "required": list(self.required),
            "additionalProperties": False,
        }
        hints = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "inputSchema": schema,
            "annotations": hints,
        }

    def call(self, catalogue: Catalogue, given: Json) -> Json:
        """What the tool gives. Raises `BadArguments`, `BadQuery`, `NotFound`, `SearchUnavailable`."""
        for name in self.required:
            if name not in given:
                raise BadArguments(f"{name} is missing.")
        for name, value in given.items():
            if name not in self.properties:
                raise BadArguments(f"There is no argument {name[:60]!r}. Known: {', '.join(self.properties)}.")
            _check(name, value, self.properties[name])
        usual = {name: schema["default"] for name, schema in self.properties.items() if "default" in schema}
        return self.run(catalogue, usual | given)


def _check(name: str, value: Any, schema: Json) -> None:
    kind = {"string": str, "integer": int}[schema["type"]]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadArguments(f"{name} must be of the type {schema['type']}.")
    if "enum" in schema and value not in schema["enum"]:
        raise BadArguments(f"{name} must be one of {', '.join(schema['enum'])}.")
    if kind is int and not schema["minimum"] <= value <= schema["maximum"]:
        raise BadArguments(f"{name} must be from {schema['minimum']} to {schema['maximum']}.")


def search_datasets(catalogue: Catalogue, given: Json) -> Json:
    """Searches as the search page does."""
    teller = Teller(catalogue, given.get("language", ""))
    pairs = [("q", given["query"]), *((name, given[name]) for name in (*CHOSEN, "sort") if name in given)]
    query = query_from_params(pairs, teller.language)
    page, size = given["page"], given["limit"]
    catalogue.index.generation()  # what others wrote meanwhile is looked at too
    found = catalogue.index.search(msgspec.structs.replace(query, page=page, per_page=size, collapse=True))
    return {
        "count": found.count_all_words,
        "looser": found.looser,
        "page": page,
        "results": _results(catalogue, teller, found.hits),
        **_instead(catalogue, teller, found),
        "also_searched": list(found.also_searched),
        "did_you_mean": found.did_you_mean or None,
        "asked_on": clock.now().date().isoformat(),
        "search_page": teller.address("/search", [(name, str(value)) for name, value in pairs if value]),
    }


def _instead(catalogue: Catalogue, teller: Teller, found: Results) -> Json:
    """What can be asked instead where words are not all there; nothing where they are."""
    said = {
        "closest": _results(catalogue, teller, found.closest),
        "wider": found.wider,
        "near_words": list(found.nearest),
        "near_filters": {name: list(values) for name, values in found.nearby.items() if values},
        "without_filter": found.without,
    }
    return {name: value for name, value in said.items() if value}


def _results(catalogue: Catalogue, teller: Teller, hits: tuple[Hit, ...]) -> list[Json]:
    rows = {row.id: row for row in catalogue.entries.with_ids(hit.document.id for hit in hits)}
    found = [(rows[hit.document.id], hit) for hit in hits if hit.document.id in rows]
    return [teller.result(row) | {"has_all_words": hit.has_all_words} for row, hit in found]


def get_dataset(catalogue: Catalogue, given: Json) -> Json:
    """One entry with its files."""
    teller, name = Teller(catalogue, given.get("language", "")), given["dataset"].strip()
    row = catalogue.entries.with_iris([name]).get(name) if "://" in name else catalogue.entries.find(name)
    if row is None:
        raise NotFound(f"There is no entry with the IRI {name[:200]!r}.")
    if isinstance(row, Tombstone):
        title = next((text.value for text in row.title), row.name)
        raise NotFound(f"“{title}” was removed on {row.removed.date().isoformat()} ({row.reason}).")
    return teller.whole(row)


def list_publishers(catalogue: Catalogue, given: Json) -> Json:
    """Publishers by their names."""
    teller, wanted = Teller(catalogue, given.get("language", "")), given.get("name", "").casefold()
    found = [row for row in catalogue.publishers.all() if _is_called(row, wanted)]
    return {"count": len(found), "publishers": [teller.publisher(row) for row in found[: given["limit"]]]}


def _is_called(row: PublisherRow, wanted: str) -> bool:
    return any(wanted in name.casefold() for name in (row.name, *by_language(row.title).values()))


def list_changes(catalogue: Catalogue, given: Json) -> Json:
    """What changed, by cursor."""
    since, limit = given["since"], given["limit"]
    rows = catalogue.entries.changes(since, limit + 1)
    teller = Teller(catalogue, given.get("language", ""))
    some = rows[:limit]
    live = {row.id: row for row in catalogue.entries.with_ids(one.id for one in some if one.what != Outcome.REMOVED)}
    return {
        "changes": [_change(one, live.get(one.id), teller) for one in some],
        "next": some[-1].number if some else since,
        "more": len(rows) > limit,
    }


def _change(one: ChangeRow, row: EntryRow | None, teller: Teller) -> Json:
    told = {"what": one.what, "at": one.at.isoformat(), "dataset": one.name, "iri": one.iri}
    return told | ({"title": teller.title(row), "url": teller.page(row)} if row else {})


def _text(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


def _number(description: str, least: int, most: int, default: int) -> Json:
    return {"type": "integer", "description": description, "minimum": least, "maximum": most, "default": default}


LANGUAGE = _text("Language of titles and descriptions in the answer.", enum=list(OUR_LANGUAGES))
LIMIT = _number("How many to give.", 1, MOST, 10)

_ALL = (
    Tool(
        "search_datasets",
        "Search open data",
        "Finds datasets, data services and series by words in any of the four languages, with filters. Each result has "
        "its publisher, licence, date, address and a citation. `count` have all the words, `looser` more have some of "
        "them, and each result says which (`has_all_words`). Where nothing is found, `closest` comes nearest: say that "
        "it is not what was asked for. Then search for `wider` (the words without their place) or `near_words` (near "
        "in meaning, and there), with `near_filters`, or without a filter (`without_filter` counts).",
        {
            "query": _text(f"Words, at most {TEXT_LIMIT} characters; empty for everything.", maxLength=TEXT_LIMIT),
            **{name: _text(f"{FILTERS[name].help} Such as {FILTERS[name].example}.") for name in CHOSEN},
            "sort": _text("Order of the results.", enum=list(SORTS)),
            "page": _number("Page of the results.", 1, 50, 1),
            "limit": LIMIT,
            "language": LANGUAGE,
        },
        ("query",),
        search_datasets,
    ),
    Tool(
        "get_dataset",
        "Read one dataset",
        "Everything that is known of one dataset, service or series: description, files with addresses and formats, "
        "licence, dates, contact, where the description comes from, and a citation.",
        {"dataset": _text("Its name or id as a search gives it, or its IRI.", maxLength=2000), "language": LANGUAGE},
        ("dataset",),
        get_dataset,
    ),
    Tool(
        "read_file",
        "Read the table in a file",
        "The columns of a table in a file, with what they hold, and some of its rows. `file` is that of a file of "
        "get_dataset; files without one were not looked into.",
        {
            "file": _text("Id of the file.", maxLength=200),
            "column": _text("Key of a column of words that `contains` looks into.", maxLength=200),
            "contains": _text("Only rows whose column contains this, whatever its capitals.", maxLength=200),
            "limit": _number("How many rows to give.", 1, MOST_ROWS, 10),
            "offset": _number("Rows to pass over.", 0, 10**9, 0),
            "language": LANGUAGE,
        },
        ("file",),
        read_file,
    ),
    Tool(
        "list_publishers",
        "List publishers",
        "Public bodies that publish data here, with the number of their datasets. A search takes their `name`.",
        {"name": _text("Part of the name.", maxLength=200), "limit": _number("How many to give.", 1, 200, MOST),
         "language": LANGUAGE},
        (),
        list_publishers,
    ),
    Tool(
        "list_changes",
        "List changes",
        "What came in, changed and went, in the order in which it did. Begin without `since`, go on with `next`.",
        {"since": _number("`next` of the last answer.", 0, 10**18, 0), "limit": LIMIT, "language": LANGUAGE},
        (),
        list_changes,
    ),
)  # fmt: skip

TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _ALL}
"""Every tool by its name."""
