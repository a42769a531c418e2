"""The search page, and the pages with all values of one facet."""

from functools import partial
from typing import Any

import msgspec
from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.coverage.communes import in_query
from catalogue.search import operators
from catalogue.search.base import Hit, Query, Results
from catalogue.search.facets import FACETS
from catalogue.search.near_duplicates import group
from catalogue.search.view import ALL_BUCKETS
from catalogue.store.unanswered import Unanswered

from ..current import catalogue, searched
from ..http import params
from ..http.caching import cached
from ..http.visitors import is_person
from ..wording.words import gettext as _
from ..wording.words import language, ngettext, pgettext
from ..wording.writing import folded, number
from . import frame, results

VALUES = 100
"""Values of a facet on one page: more of them would make it heavy."""


@cached()
def show() -> ResponseReturnValue:
    """Results for what the address asks."""
    asked = params.asked(language(), results.SHOWN)
    path = url_for("pages.search")
    if params.has_empty():
        return redirect(params.address(path, params.pairs(asked)), 303)
    found = searched(msgspec.structs.replace(asked, collapse=is_folding(asked)))
    note(asked, found)
    last = results.pages(asked, found)
    if asked.page > last:
        return redirect(params.address(path, params.pairs(asked, last)), 303)
    frame.keep(params.pairs(asked), indexed=not asked.text and len(asked.filters) < 2)
    return render_template("search.html", path=path, last=last, **beside(asked, found, path, last))


def is_folding(asked: Query) -> bool:
    """True when near-duplicates are one result: unless they are what was asked for."""
    return "similar" not in asked.filters


def counting_alike(asked: Query) -> Query:
    """The question whose counts are those of the page with the results."""
    return msgspec.structs.replace(asked, count_alike=is_folding(asked))


def note(asked: Query, found: Results) -> None:
    """Counts words that find nothing, however they are narrowed and spelt: what the catalogue lacks."""
    is_all = not (asked.filters or asked.only or found.reduced)
    comes_close = found.count if len(asked.text.split()) > 1 else found.count_all_words
    if asked.text and is_all and not (comes_close or found.did_you_mean) and is_person():
        catalogue().unanswered.note(asked.text)


def asked_in_vain() -> list[Unanswered]:
    """What people looked for and did not find."""
    return catalogue().unanswered.published()


@cached(also=asked_in_vain)
def unanswered() -> ResponseReturnValue:
    """The page that tells of it."""
    return render_template("unanswered.html", asked=asked_in_vain())


def beside(asked: Query, found: Results, path: str, last: int) -> dict[str, Any]:
    """What stands around the results."""
    groups, typed = results.groups(found), operators.read(asked.text)
    return {
        "asked": asked,
        "found": found,
        "name": page_name(asked),
        "heading": results.heading(asked, found, last),
        "commune": in_query(typed.text, language()) if typed.text and asked.page == 1 else None,
        "some_words": some_words(asked, found),
        "looser": looser(asked, found, path),
        "groups": groups,
        "title_of": results.title_of,
        "unseen": unseen(asked, groups),
        "chips": results.chips(asked, path),
        "steps": results.steps(asked, last, path),
        "clear": params.pairs(msgspec.structs.replace(asked, filters={}, page=1)),
        "relaxed": relaxed(asked, found, path),
        "nearby": nearby(found, path),
        "broken": catalogue().links.broken_in(hit.document.id for hit in found.hits),
        "similar": lambda hit: similar(asked, hit, path) if hit.similar else "",
        "again": partial(again, asked, path),
        "unsigned": typed.unsigned,
        "sorts": results.sorts(),
        "suffix": params.address("", params.pairs(asked)),
    }


def again(asked: Query, path: str, **otherwise: Any) -> str:
    """The address of the same question, asked otherwise."""
    return params.address(path, params.pairs(msgspec.structs.replace(asked, page=1, **otherwise)))


def relaxed(asked: Query, found: Results, path: str) -> list[tuple[str, int, str]]:
    """When nothing was found: each filter with what there would be without it."""
    if found.count:
        return []
    return [
        (results.title_of(name), found.without[name], params.address(path, results.without(asked, name)))
        for name in asked.filters
        if found.without.get(name)
    ]


def nearby(found: Results, path: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Facets with values of what is near to words that nothing has: name, language and address of each."""
    return [
        (
            results.title_of(name),
            [(*results.name_of(name, value), params.address(path, ((name, value),))) for value in values],
        )
        for name, values in found.nearby.items()
        if values
    ]


def similar(asked: Query, hit: Hit, path: str) -> str:
    """The address of a result together with those that are folded under it."""
    return again(asked, path, filters={**asked.filters, "similar": (group(hit.document),)})


def page_name(asked: Query) -> str:
    """The name of this page in the window, in history and in bookmarks."""
    words = asked.text or _("Find data")
    if asked.page > 1:
        words = _("%(words)s, page %(page)s", words=words, page=number(asked.page))
    section = pgettext("page", "Search")
    return f"{words} – {section}" if asked.text else words


def some_words(asked: Query, found: Results) -> str:
    """How many results have all the words, where those are listed too that have only some of them."""
    more = found.count - found.count_all_words
    if more <= 0 or asked.sort != "relevance":
        return ""
    if len(asked.text.split()) < 2:
        return "" if found.count_all_words else _("Nothing has exactly this word. These come close.")
    if not found.count_all_words:
        return _("Nothing has all your words. These have some of them.")
    full = found.count_all_words
    first = ngettext("%(n)s result has all your words,", "%(n)s results have all your words,", full, n=number(full))
    rest = ngettext("%(n)s more has some of them.", "%(n)s more have some of them.", more, n=number(more))
    return f"{first} {rest}"


def looser(asked: Query, found: Results, path: str) -> tuple[str, str]:
    """What more has some of the words, and where it is listed; empty when it is listed here, or there is none."""
    more = found.looser
    if not more or found.count > found.count_all_words or not found.count_all_words:
        return "", ""
    n = number(more)
    if len(asked.text.split()) < 2:
        words = ngettext("%(n)s more comes close", "%(n)s more come close", more, n=n)
    else:
        words = ngettext("%(n)s more has part of your words", "%(n)s more have part of your words", more, n=n)
    return words, again(asked, path, partly="listed")


def unseen(asked: Query, groups: list[results.Group]) -> list[tuple[str, str]]:
    """Chosen filters without a box on the page: the form sends them along."""
    seen = {(group.facet, value.value) for group in groups for value in group.values}
    chosen = [(name, value) for name, values in asked.filters.items() for value in values]
    return ([("only", "1")] if asked.only else []) + [pair for pair in chosen if pair not in seen]


@cached()
def filters() -> ResponseReturnValue:
    """Every facet with its most frequent values, for those that the search page has no room for."""
    asked = params.asked(language(), results.MORE)
    frame.keep(params.pairs(asked), indexed=False)
    found = searched(counting_alike(asked))
    groups = results.groups(found, results.MORE)
    return render_template(
        "filters.html",
        asked=asked,
        groups=groups,
        title_of=results.title_of,
        unseen=unseen(asked, groups),
        suffix=params.address("", params.pairs(asked)),
    )


@cached()
def values(facet: str) -> ResponseReturnValue:
    """All values of a facet, narrowed to those whose name holds what was typed; capitals and accents do not matter."""
    if facet not in FACETS:
        abort(404)
    asked = params.asked(language(), (facet,))
    wanted = params.word("find")
    state = params.pairs(asked, page=1)
    kept = (*state, *((("find", wanted),) if wanted else ()))
    frame.keep(on_page(kept, asked.page), indexed=False)
    found = searched(msgspec.structs.replace(counting_alike(asked), page=1, all_values=True))
    group = results.group_of(facet, found, limit=ALL_BUCKETS)
    sought = folded(wanted)
    named = [value for value in (group.values if group else ()) if sought in folded(value.name)]
    last = max(1, -(-len(named) // VALUES))
    page = min(asked.page, last)
    search, here = url_for("pages.search"), url_for("pages.values", facet=facet)
    return render_template(
        "values.html",
        facet=facet,
        title=results.title_of(facet),
        values=[
            (value, params.address(search, results.toggled(asked, facet, value)))
            for value in named[(page - 1) * VALUES : page * VALUES]
        ],
        state=state,
        wanted=wanted,
        back=params.address(search, state),
        page=page,
        steps=results.steps_between(page, last, lambda number: params.address(here, on_page(kept, number))),
    )


def on_page(kept: params.Pairs, number: int) -> params.Pairs:
    """The parameters of one page of the values."""
    return (*kept, *((("page", str(number)),) if number > 1 else ()))
