"""Reading the catalogue: search, entries, publishers. Open to everybody."""

from typing import Any

import msgspec
from flask import Response, request

from catalogue.search.base import BadQuery
from catalogue.search.facets import FILTERS
from catalogue.search.filters import Filter
from catalogue.search.params import FILTER_LIMIT, PER_PAGE, SORTS, TEXT_LIMIT
from dcat.our_languages import OUR_LANGUAGES

from ..current import absolute, catalogue, searched
from ..feeds import entry_documents, quality_document, search
from ..feeds.entry_documents import json_document
from ..http import params
from ..http.caching import cached, of_its_own
from ..json import copies, entry_types
from ..json.entry_shapes import publisher_shape, whole_publisher_shape
from ..json.quality_shapes import CatalogueQuality
from .operations import Operation, Parameter, one_of, path, text, whole_number

LISTED = 100
"""Entries in one answer."""
SEARCHED = frozenset({"q", "sort", *FILTERS})
"""What a search is narrowed by: who gives it to the list of everything would take that for what was found."""
MOST = 100_000
"""Publishers in one answer."""


class EntryList(msgspec.Struct, frozen=True):
    """Entries in order of id."""

    data: tuple[msgspec.Raw, ...]
    next: str | None
    """Address of the next ones; null at the end."""


class PublisherList(msgspec.Struct, frozen=True):
    """All publishers."""

    data: tuple[dict[str, Any], ...]


@cached()
def search_entries() -> Response:
    """The same answer as `/search.json`."""
    query = search.asked(with_facets=True)
    return search.as_json(query, searched(query))


class UnansweredWords(msgspec.Struct, frozen=True):
    """Words that found nothing."""

    words: str
    times: int
    first: str
    last: str


class UnansweredList(msgspec.Struct, frozen=True):
    """Words that found nothing on at least three different days, most asked for first."""

    data: tuple[UnansweredWords, ...]


def published_words() -> tuple[UnansweredWords, ...]:
    """The words as programs are told of them."""
    return tuple(UnansweredWords(*one) for one in catalogue().unanswered.published())


@cached(also=published_words)
def list_unanswered() -> Response:
    """What people looked for on the search page and did not find, counted without anything about who asked."""
    return json_document(UnansweredList(published_words()))


@cached(moment=copies.CHECKED)
def list_entries() -> Response:
    """Everything in the catalogue, a hundred entries at a time, in an order that does not shift while one reads."""
    if searched_by := next((name for name in request.args if name in SEARCHED), ""):
        raise BadQuery("%(name)s narrows nothing here: this is the list of everything. Ask /api/1/search.", searched_by)
    after = request.args.get("after", "")
    if len(after) > 40 or not (after == "" or (after.isascii() and after.isalnum())):
        raise BadQuery("after must be the id of an entry, as the last answer's `next` has it.", "after")
    limit, offset = params.whole("limit", LISTED, 1, LISTED), params.whole("offset", 0, 0, 10**9)
    rows = catalogue().entries.after(after, limit, offset)
    again = [("after", rows[-1].id), *([("limit", str(limit))] if limit != LISTED else [])] if rows else []
    following = absolute(params.address("/api/1/datasets/", again)) if len(rows) == limit else None
    return json_document(EntryList(copies.written(rows), following))


@of_its_own(copies.CHECKED)
def show_entry(name: str) -> Response:
    """One dataset, service or series, by its name or id."""
    row = entry_documents.there(catalogue().entries.find(name))
    return json_document(entry_documents.whole_shape(row))


@cached()
def list_publishers() -> Response:
    """Publishers with at least one entry."""
    scores = catalogue().assessments.scores().by_publisher
    limit, offset = params.whole("limit", MOST, 1, MOST), params.whole("offset", 0, 0, 10**9)
    found = catalogue().publishers.all()[offset : offset + limit]
    rows = (publisher_shape(row, scores.get(row.name)) for row in found)
    return json_document(PublisherList(tuple(rows)))


@of_its_own()
def show_publisher(name: str) -> Response:
    """One publisher."""
    score = catalogue().assessments.scores().by_publisher.get(name)
    return json_document(whole_publisher_shape(catalogue().publishers.named(name), score))


@cached()
def show_quality() -> Response:
    """How good the descriptions are: of all datasets, and of those of each publisher; what is most often the matter."""
    return json_document(quality_document.report())


def several(one: Filter) -> dict[str, Any]:
    """Schema of a parameter that may be given more than once."""
    return {"type": "array", "maxItems": FILTER_LIMIT, "items": text(examples=[one.example], **one.parse.schema)}


SEARCH = (
    Parameter("q", "Words, as typed.", text(maxLength=TEXT_LIMIT)),
    *(Parameter(one.name, f"{one.help} Given twice: any of them.", several(one)) for one in FILTERS.values()),
    Parameter("sort", "Order of the results.", one_of(SORTS)),
    Parameter("page", "Page, from 1.", whole_number(1, 1000, 1)),
    Parameter("per_page", "Results on a page.", {"type": "integer", "enum": list(PER_PAGE), "default": PER_PAGE[0]}),
    Parameter("lang", "Language of labels and addresses.", one_of(OUR_LANGUAGES)),
)

SLICE = (
    Parameter("offset", "Entries to pass over.", whole_number(0, 10**9, 0)),
    Parameter("limit", "Entries to give.", whole_number(1, LISTED, LISTED)),
)

OPERATIONS = (
    Operation(
        "GET", "/api/1/search", search_entries, "Search", "", SEARCH, answers={200: search.SearchAnswer},
        is_limited=True,
    ),
    Operation(
        "GET", "/api/1/search/unanswered", list_unanswered, "Words that found nothing", answers={200: UnansweredList}
    ),
    Operation(
        "GET", "/api/1/datasets/", list_entries, "Everything, a hundred at a time", "",
        (Parameter("after", "Id of the last entry that you have.", text("[A-Za-z0-9]{0,40}")), *SLICE),
        answers={200: entry_types.EntryList},
    ),
    Operation(
        "GET", "/api/1/datasets/{name}", show_entry, "One dataset, service or series", "",
        (path("name", "Its name or id."),), answers={200: entry_types.Entry},
    ),
    Operation("GET", "/api/1/publishers/", list_publishers, "All publishers", "",
        (Parameter("offset", "Publishers to pass over.", whole_number(0, 10**9, 0)),
         Parameter("limit", "Publishers to give.", whole_number(1, MOST, MOST))),
        answers={200: entry_types.PublisherTypes},
    ),
    Operation(
        "GET", "/api/1/publishers/{name}", show_publisher, "One publisher", "", (path("name", "Its name."),),
        answers={200: entry_types.PublisherType},
    ),
    Operation(
        "GET", "/api/1/quality", show_quality, "How good the descriptions are",
        answers={200: CatalogueQuality},
    ),
)  # fmt: skip
"""Operations of this file."""
