"""A part of what is found, from any place on."""

from typing import NamedTuple

import msgspec

from catalogue.search.base import Listing, Query
from catalogue.search.conditions import Condition
from catalogue.search.facets import TYPES
from catalogue.search.params import DEPTH_LIMIT, check, query_from_params
from catalogue.store.rows import EntryRow

from ..current import catalogue, settings
from ..http import allowances, params
from .narrowing import Pairs
from .tree import Unsupported

MOST = 100
"""Entries of one part, and results that the index gives at once."""

TURNED = {"-title": "title"}
"""Orders that the index has not → the one of which each is the other end."""


class Part(NamedTuple):
    """Some of all that was found."""

    total: int
    ids: list[str]

    @property
    def rows(self) -> list[EntryRow]:
        """The entries; those that went meanwhile are left out."""
        return catalogue().entries.with_ids(self.ids)


def found(pairs: Pairs, start: int, count: int, sort: str = "relevance", *, condition: Condition | None = None) -> Part:
    """At most `count` entries that match, after the first `start` ones. Raises `BadQuery`, `Unsupported`,
    `SearchUnavailable`, `TooManyRequests`."""
    allowances.search()
    if sort in TURNED:
        return _turned(pairs, start, count, TURNED[sort], condition)
    if start + count > DEPTH_LIMIT:
        raise Unsupported(f"Only the first {DEPTH_LIMIT} matches can be had; choose further.", "offset")
    query = msgspec.structs.replace(query_from_params(pairs, settings().languages[0]), sort=sort, condition=condition)
    check(query)
    some = stretch(query, start, count)
    return Part(some.count, [one.id for one in some.documents])


def stretch(query: Query, start: int, count: int) -> Listing:
    """At most `count` documents after the first `start` ones, with what is counted of all: from one page where they
    are one, else from pages of `MOST`. Raises `BadQuery` beyond what can be paged to, `SearchUnavailable`."""
    query = params.taken_away(query)
    size = max(count, 1)
    if size > MOST or start % size or start + size > DEPTH_LIMIT:
        size = MOST
    first = _page(query, start // size, size)
    documents, uncounted = first.documents[start % size :], msgspec.structs.replace(query, facets=())
    for number in range(start // size + 1, -(-(start + count) // size)):
        if number * size >= first.count:
            break
        documents += _page(uncounted, number, size).documents
    return msgspec.structs.replace(first, documents=documents[:count])


def turned(total: int, start: int, count: int) -> tuple[int, int]:
    """Where the same part lies for who reads from the other end, and how long it is."""
    end = max(0, total - start)
    begin = max(0, end - count)
    return begin, end - begin


def _turned(pairs: Pairs, start: int, count: int, sort: str, condition: Condition | None) -> Part:
    total = found(pairs, 0, 0, sort, condition=condition).total
    part = found(pairs, *turned(total, start, count), sort, condition=condition)
    return Part(part.total, part.ids[::-1])


def listed(start: int, count: int, order: str = "id", *, is_falling: bool = False) -> Part:
    """At most `count` of all entries, in order of `id`, `created` or `updated`."""
    found = catalogue().entries.listed(TYPES, start, count, order=order, is_falling=is_falling)
    return Part(found.total, found.ids)


def _page(query: Query, number: int, size: int) -> Listing:
    return catalogue().index.listed(msgspec.structs.replace(query, page=number + 1, per_page=size))
