"""Actions for somebody who types: organisations, groups, tags and formats with what was typed so far in them."""

from collections.abc import Callable
from typing import Any

from ..current import catalogue
from . import searching
from .packages import Json, group, plain, tag
from .parameters import Parameters

OFFERED = 20
"""Things of one answer, unless told otherwise."""
MOST = 1_000


def organization_autocomplete(given: Parameters) -> list[Json]:
    """Publishers with these letters in their title or name. Parameters: `q`, `limit`."""
    counted = {one.value for one in searching.counts("publisher")}
    titles = {row.name: plain(row.title) for row in catalogue().publishers.all() if row.name in counted}
    return _named(titles, given)


def group_autocomplete(given: Parameters) -> list[Json]:
    """Themes that hold something, with these letters in their title or name. Parameters: `q`, `limit`."""
    groups = (group(one.value) for one in searching.counts("theme"))
    return _named({one["name"]: one["title"] for one in groups}, given)


def tag_search(given: Parameters) -> Json:
    """Keywords with these letters in them. Parameters: `query` or `q`, `limit`, `offset`."""
    found = sorted(_values("keyword", given))
    limit, offset = given.whole("limit", 0), given.whole("offset", 0)
    some = found[offset : offset + limit if limit else None]
    return {"count": len(found), "results": [tag(text) for text in some]}


def tag_autocomplete(given: Parameters) -> list[str]:
    """Keywords with these letters in them, those of most packages first. Parameters: `query` or `q`, `limit`."""
    return _values("keyword", given)[: given.whole("limit", OFFERED, 1, MOST)]


def format_autocomplete(given: Parameters) -> list[str]:
    """Formats of files with these letters in them, those of most packages first. Parameters: `q`, `limit`."""
    return [one.lower() for one in _values("format", given)][: given.whole("limit", OFFERED, 1, MOST)]


def _values(facet: str, given: Parameters) -> list[str]:
    typed = given.needed("q", "query").casefold()
    return [one.value for one in searching.counts(facet) if typed in one.value.casefold()]


def _named(titles: dict[str, str], given: Parameters) -> list[Json]:
    typed, limit = given.needed("q").casefold(), given.whole("limit", OFFERED, 1, MOST)
    found = (name for name, title in titles.items() if typed in title.casefold() or typed in name)
    return [{"id": name, "name": name, "title": titles[name]} for name in list(found)[:limit]]


ALL: tuple[Callable[[Parameters], Any], ...] = (
    organization_autocomplete,
    group_autocomplete,
    tag_search,
    tag_autocomplete,
    format_autocomplete,
)
"""The actions of this file."""
