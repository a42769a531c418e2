"""Finding packages: in the store where nothing but dates narrows them, else in the index."""

from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import msgspec

from catalogue import clock
from catalogue.search.base import BadQuery, FacetCount, Listing, Query
from catalogue.search.conditions import Chosen, Condition, Each, Other
from catalogue.search.facets import FACETS
from catalogue.search.params import DEPTH_LIMIT, check
from catalogue.store.rows import EntryRow

from ..current import catalogue, settings
from ..finding.part import stretch, turned
from .moments import STEP
from .packages import TYPES, plain
from .queries import Question, Unsupported

WORDS = {
    "publisher": "organization",
    "theme": "groups",
    "keyword": "tags",
    "format": "res_format",
    "licence": "license_id",
}
"""Facet of ours → CKAN's field."""

SORTED_HERE = 1_000
"""Matches up to which they are put in an order that the index has not."""


class Order(NamedTuple):
    """In which order packages come."""

    said: str
    """As CKAN writes it."""
    field: str
    """`id`, `name`, `created` or `updated`: that of an entry; empty where only the index knows the order."""
    is_falling: bool = False
    sort: str = ""
    """That of the index; empty where it has not this one."""
    is_turned: bool = False
    """True where it is read from its other end."""


_FIELDS = {"id": "id", "name": "name", "metadata_created": "created", "metadata_modified": "updated"}
_IN_THE_INDEX = {
    ("score", True): "relevance",
    **dict.fromkeys((("relevance", False), ("relevance", True)), "relevance"),
    ("title_string", False): "title",
    ("title", False): "title",
    ("id", False): "id",
    ("metadata_modified", True): "-updated",
}
"""Relevance is best first, whatever is said: CKAN's own documentation called it `relevance asc` for long."""
_TURNED = {("title_string", True): "title", ("title", True): "title"}


def order(text: str, *, has_words: bool) -> Order:
    """The order asked for; only the first of several decides. Raises `Unsupported`."""
    said = text or ("score desc" if has_words else "metadata_modified desc")
    field, _, direction = said.partition(",")[0].strip().partition(" ")
    is_falling = direction.strip().lower() == "desc"
    if direction.strip().lower() not in {"", "asc", "desc"}:
        raise Unsupported(f"sort: {said[:60]!r} is no order: write a field and asc or desc.")
    if other_end := _TURNED.get((field, is_falling)):
        return Order(said, "", is_falling, other_end, is_turned=True)
    in_the_index = _IN_THE_INDEX.get((field, is_falling), "")
    if field in _FIELDS or in_the_index:
        return Order(said, _FIELDS.get(field, ""), is_falling, in_the_index)
    known = ", ".join((*_FIELDS, "score desc", "title_string"))
    raise Unsupported(f"sort: {said[:60]!r} cannot be sorted by. Known: {known}.")


class Found(NamedTuple):
    """What was found."""

    total: int
    rows: list[EntryRow]
    facets: dict[str, tuple[FacetCount, ...]]


def find(asked: Question, start: int, rows: int, sort: Order, facets: tuple[str, ...]) -> Found:
    """Packages from one place on. Raises `Unsupported` beyond what the index gives."""
    if asked.is_listing and sort.field and not facets:
        listed = catalogue().entries.listed(
            tuple(TYPES),
            start,
            rows,
            order=sort.field,
            is_falling=sort.is_falling,
            since=asked.since,
            until=asked.until,
        )
        return Found(listed.total, catalogue().entries.with_ids(listed.ids), {})
    query = _only_packages(asked, sort, facets)
    if not sort.sort:
        return _sorted_here(query, start, rows, sort)
    if sort.is_turned:
        return _turned(query, start, rows)
    return _found(_stretch(query, start, rows))


def first(number: int, *chosen: tuple[str, str]) -> list[EntryRow]:
    """The first packages with these values."""
    return _found(catalogue().index.listed(_chosen(*chosen, per_page=number))).rows


def count(*chosen: tuple[str, str]) -> int:
    """How many packages have these values."""
    return catalogue().index.listed(_chosen(*chosen)).count


def counts(name: str) -> tuple[FacetCount, ...]:
    """All values of a facet that packages have."""
    query = msgspec.structs.replace(_chosen(), facets=(name,), all_values=True)
    return tuple(one for one in catalogue().index.listed(query).facets[name] if one.count)


def facet(field: str) -> str:
    """Our facet for a field of CKAN's. Raises `Unsupported`."""
    for name, word in WORDS.items():
        if word == field:
            return name
    raise Unsupported(f"facet.field: {field[:40]!r} cannot be counted. Known: {', '.join(WORDS.values())}.")


def label(name: str, value: str) -> str:
    """What a value of a facet is called."""
    if name == "publisher":
        return plain(catalogue().publishers.titles([value]).get(value, ())) or value
    return FACETS[name].label(value, settings().languages[0]) or value


def _only_packages(asked: Question, sort: Order, facets: tuple[str, ...]) -> Query:
    filters = dict(asked.query.filters)
    kinds = tuple(kind for kind in filters.get("type", tuple(TYPES)) if kind in TYPES)
    if not kinds:
        raise Unsupported(f"type: packages are {' and '.join(TYPES.values())}.")
    filters["type"] = kinds
    if asked.since:
        filters["modified_since"] = (asked.since.isoformat(),)
    language = settings().languages[0]
    query = msgspec.structs.replace(
        asked.query,
        filters=filters,
        condition=_not_after(asked.until, asked.query.condition),
        sort=sort.sort or "relevance",
        facets=facets,
        language=language,
        all_values=bool(facets),
    )
    check(query)
    return query


def _not_after(until: datetime | None, condition: Condition | None) -> Condition | None:
    """The condition, for what has not changed since a moment: what changed at it is in."""
    if not until or until >= clock.now():
        return condition
    later = Chosen("modified_since", ((until + STEP).isoformat(),))
    return Each((condition, Other(later))) if condition else Other(later)


def _stretch(query: Query, start: int, rows: int) -> Listing:
    """What matches from one place on."""
    try:
        return stretch(query, start, rows)
    except BadQuery as error:  # all else of the query was checked
        raise Unsupported(
            f"start: only the first {DEPTH_LIMIT} matches can be had; all packages without q and fq."
        ) from error


def _found(listing: Listing) -> Found:
    """The packages of what matches."""
    return Found(listing.count, catalogue().entries.with_ids(one.id for one in listing.documents), listing.facets)


def _turned(query: Query, start: int, rows: int) -> Found:
    """The order of the index from its other end."""
    found = _found(_stretch(query, *turned(_matches(query), start, rows)))
    return found._replace(rows=found.rows[::-1])


def _sorted_here(query: Query, start: int, rows: int, sort: Order) -> Found:
    if (count := _matches(query)) > SORTED_HERE:  # told before any of them is read
        raise Unsupported(
            f"sort: {count} packages match; by {sort.said} only up to {SORTED_HERE} can be sorted. "
            "Choose further, or sort by id asc, metadata_modified desc, score desc or title_string."
        )
    found = _found(_stretch(query, 0, SORTED_HERE))
    ordered = sorted(found.rows, key=attrgetter(sort.field, "id"), reverse=sort.is_falling)
    return found._replace(rows=ordered[start : start + rows])


def _matches(query: Query) -> int:
    """How many packages match."""
    return stretch(msgspec.structs.replace(query, facets=()), 0, 0).count


def _chosen(*chosen: tuple[str, str], per_page: int = 1) -> Query:
    filters = {name: (value,) for name, value in chosen} | {"type": tuple(TYPES)}
    return Query(filters=filters, per_page=per_page, language=settings().languages[0])
