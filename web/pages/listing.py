"""A list of results under a heading of its own: what a publisher, a theme or a keyword holds."""

from typing import Any, NamedTuple

import msgspec
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue.search.base import Query, Results

from ..current import catalogue, searched
from ..http import params
from ..wording.words import language
from . import frame, results


class Narrower(NamedTuple):
    """A value of a facet with the search that it leads to."""

    value: results.Value
    address: str


def show(template: str, fixed: tuple[str, str], facets: tuple[str, ...] = (), **context: Any) -> ResponseReturnValue:
    """Results that all have the fixed filter; the page's form narrows them."""
    return narrowed(template, (fixed,), facets, **context)


def narrowed(template: str, own: params.Pairs, facets: tuple[str, ...] = (), **context: Any) -> ResponseReturnValue:
    """The same with several filters."""
    asked = params.asked(language(), facets, fixed=own)
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    if params.has_empty():
        return redirect(params.address(path, results.without_fixed(asked, own)), 303)
    counted = searched(msgspec.structs.replace(asked, count_alike=bool(facets)))
    found = msgspec.structs.replace(counted, groups=0)  # here every entry has a place of its own
    last = results.pages(asked, found)
    if asked.page > last:
        return redirect(params.address(path, results.without_fixed(asked, own, last)), 303)
    frame.keep(results.without_fixed(asked, own), indexed=not asked.text and found.count > 0)
    return render_template(
        template,
        asked=asked,
        found=found,
        heading=results.heading(asked, found, last),
        path=path,
        steps=results.steps(asked, last, path, own),
        suffix=params.address("", params.pairs(asked)),
        narrower=narrower(asked, found, facets),
        broken=catalogue().links.broken_in(hit.document.id for hit in found.hits),
        **context,
    )


def narrower(asked: Query, found: Results, facets: tuple[str, ...]) -> list[tuple[str, list[Narrower]]]:
    """For each facet, searches that narrow these results further, with how many each would find."""
    search = url_for("pages.search")

    def value(name: str, one: results.Value) -> Narrower:
        return Narrower(one, params.address(search, results.toggled(asked, name, one)))

    groups = results.groups(found, facets, limit=10)
    return [(group.title, [value(group.facet, one) for one in group.values]) for group in groups]
