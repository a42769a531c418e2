"""What a page with search results shows beside them: facets, active filters, sorting and page numbers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
from flask import g

from catalogue.search.base import FacetCount, Query, Results
from catalogue.search.facets import FACETS, FILTERS
from catalogue.search.params import SORTS
from dcat.model import Texts

from ..current import catalogue
from ..http.params import Pairs, address, pairs
from ..wording.words import gettext as _
from ..wording.words import language, ngettext, pgettext, pick
from ..wording.writing import number

SHOWN = ("theme", "publisher", "type", "format_family", "licence_family", "updated")
"""Facets beside the results, in their order."""
FINER = {"format_family": "format"}
"""Facets whose values are kinds of the values of another: people think of a table first, of CSV later."""
OPEN = SHOWN[:3]
"""Facets that are open before anything is chosen."""
MORE = ("area", "frequency", "language", "format", "licence", "hvd", "quality", "subject", "keyword")
"""Facets on the page of all filters."""
VALUES = 5
"""Values of a facet beside the results; all of them are on a page of their own."""


class Value(NamedTuple):
    """One value of a facet."""

    value: str
    name: str
    lang: str
    results: int
    selected: bool


class Group(NamedTuple):
    """A facet with the values that are shown of it."""

    facet: str
    title: str
    values: tuple[Value, ...]
    more: str
    """The facet whose page of all values has what is not shown here; empty when there is no more."""
    is_open: bool


class Chip(NamedTuple):
    """A chosen filter and the address without it."""

    title: str
    name: str
    lang: str
    address: str


class Step(NamedTuple):
    """A page number; number 0 is a gap."""

    number: int
    address: str


def groups(results: Results, shown: tuple[str, ...] = SHOWN, limit: int = VALUES) -> list[Group]:
    """The facets that offer a choice, each with its most frequent values and those chosen."""
    return [group for name in shown if (group := group_of(name, results, limit))]


def group_of(name: str, results: Results, limit: int) -> Group | None:
    """One facet; None when it has no value."""
    counted = _most_results_first(name, results)
    chosen = [count for count in counted[limit:] if count.selected]
    if name == "publisher":
        titles_of([count.value for count in (*counted[:limit], *chosen)])
    lang = language()
    values = tuple(
        Value(count.value, *name_of(name, count.value, lang), count.count - count.folded, count.selected)
        for count in (*counted[:limit], *chosen)
    )
    is_open = name in OPEN or any(value.selected for value in values)
    more = FINER.get(name) or (name if len(counted) > len(values) else "")
    return Group(name, title_of(name), values, more, is_open) if values else None


def _most_results_first(name: str, results: Results) -> list[FacetCount]:
    """The values of a facet; near-duplicates are one result, as they will be on the page of whoever chooses a value."""
    counted = [count for count in results.facets.get(name, ()) if count.count or count.selected]
    return counted if FACETS[name].options else sorted(counted, key=lambda one: one.folded - one.count)


def title_of(name: str) -> str:
    """What a filter is called."""
    return FILTERS[name].title[language()]


def name_of(name: str, value: str, lang: str = "") -> tuple[str, str]:
    """What a value is called for a reader of `lang` (default: of this page), and in which language that is; of a
    publisher its slug when nothing more is known."""
    lang = lang or language()
    if name == "publisher":
        known = pick(titles_of([value])[value], lang)
        return (known.text.value, known.text.lang) if known else (value, "")
    if name == "keyword":
        return value, ""
    if name == "similar":
        return _("same title, same publisher"), lang
    facet = FACETS.get(name)
    return (facet.label(value, lang) if facet else value), lang


def titles_of(publishers: Sequence[str]) -> dict[str, Texts]:
    """What publishers are called, by slug; each is asked for once a page."""
    known: dict[str, Texts] = g.setdefault("titles", {})
    if missing := [slug for slug in publishers if slug not in known]:
        known |= dict.fromkeys(missing, ()) | catalogue().publishers.titles(missing)
    return known


def chips(asked: Query, path: str, fixed: Pairs = ()) -> list[Chip]:
    """The filters chosen, each with the address that lacks only it."""
    return [
        Chip(title_of(name), *name_of(name, value), address(path, without(asked, name, value, fixed)))
        for name, values in asked.filters.items()
        for value in values
        if (name, value) not in fixed
    ]


def without(asked: Query, name: str, value: str = "", fixed: Pairs = ()) -> Pairs:
    """The parameters without one value, or without a whole filter."""
    kept = tuple(other for other in asked.filters.get(name, ()) if value and other != value)
    return without_fixed(msgspec.structs.replace(asked, filters={**asked.filters, name: kept}, page=1), fixed)


def toggled(asked: Query, facet: str, value: Value) -> Pairs:
    """The parameters with this value chosen, or no longer."""
    if value.selected:
        return without(asked, facet, value.value)
    chosen = {**asked.filters, facet: (*asked.filters.get(facet, ()), value.value)}
    return pairs(msgspec.structs.replace(asked, filters=chosen, page=1))


def without_fixed(asked: Query, fixed: Pairs, page: int | None = None) -> Pairs:
    """The parameters that belong into the address: what the page itself narrows by is left out."""
    return tuple(pair for pair in pairs(asked, page) if pair not in fixed)


def pages(asked: Query, results: Results) -> int:
    """How many pages the results fill; near-duplicates fill one place."""
    return max(1, -(-(results.groups or results.count) // asked.per_page))


def steps(asked: Query, last: int, path: str, fixed: Pairs = ()) -> list[Step]:
    """The first, the last and the neighbouring pages, with gaps between."""
    return steps_between(asked.page, last, lambda page: address(path, without_fixed(asked, fixed, page)))


def steps_between(current: int, last: int, address_of: Callable[[int], str]) -> list[Step]:
    """The same for any list that has pages."""
    near = {1, last, *range(max(1, current - 1), min(last, current + 1) + 1)}
    pages: list[int] = []
    for page in sorted(near):
        if pages and page - pages[-1] == 2:
            pages.append(page - 1)
        elif pages and page - pages[-1] > 2:
            pages.append(0)
        pages.append(page)
    return [Step(page, address_of(page) if page else "") for page in pages]


def heading(asked: Query, found: Results, last: int) -> str:
    """The heading above the results."""
    if not found.count:
        return _("No results")
    places = found.groups or found.count
    words = ngettext("%(n)s result", "%(n)s results", places, n=number(places))
    if folded := found.count - places:
        alike = ngettext("%(n)s more alike", "%(n)s more alike", folded, n=number(folded))
        words = f"{words}, {alike}"
    if last == 1:
        return words
    return _("%(results)s, page %(page)s of %(last)s", results=words, page=number(asked.page), last=number(last))


def sorts() -> list[tuple[str, str]]:
    """The orders that results can have, with their names."""
    names = {
        "relevance": pgettext("sort", "Best match"),
        "-modified": pgettext("sort", "Newest update"),
        "-issued": pgettext("sort", "Recently added"),
        "title": _("Title A–Z"),
    }
    return [(code, names[code]) for code in SORTS if code in names]
