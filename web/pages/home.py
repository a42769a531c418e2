"""The home page."""

from functools import lru_cache

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.indexing.followed_index import FollowedIndex
from catalogue.publishing.region import region_name
from catalogue.search.base import Query, Results, SearchUnavailable
from catalogue.search.standing import has_been
from catalogue.store.rows import Counts

from ..current import catalogue, is_reduced, searched, settings
from ..http.caching import cached
from ..json import schema_org
from ..wording.words import gettext as _
from ..wording.words import language, ngettext, pgettext
from ..wording.writing import number
from . import themes


@cached(kept=True)
def show() -> ResponseReturnValue:
    """A search box, and ways in for those who do not know which words to type."""
    newest = latest()
    return render_template(
        "home.html",
        region=region_name(settings().region, language()),
        holdings=(said := holdings(catalogue().entries.counts())),
        structured=schema_org.whole_catalog(said),
        examples=[words for words in examples() if finds(words)] if newest else (),
        themes=themes.sorted_by_name(newest.facets.get("theme", ())) if newest else (),
        money=[(words, text) for words, text in money() if finds(words)] if newest else (),
        recent=[hit for hit in newest.hits if hit.document.modified and has_been(hit.document.modified, hit.document)][
            :5
        ]
        if newest
        else (),
    )


def latest() -> Results | None:
    """What changed last, and the themes; None while the index does not answer: the rest of the page stands without."""
    try:
        return searched(Query(sort="-modified", language=language(), facets=("theme",)))
    except SearchUnavailable:
        return None


def holdings(counts: Counts) -> str:
    """How much there is, in one sentence."""
    datasets = ngettext("%(n)s dataset", "%(n)s datasets", counts.datasets, n=number(counts.datasets))
    services = ngettext("%(n)s service", "%(n)s services", counts.services, n=number(counts.services))
    bodies = ngettext("%(n)s public body", "%(n)s public bodies", counts.publishers, n=number(counts.publishers))
    if not counts.services:
        return _("%(datasets)s from %(bodies)s.", datasets=datasets, bodies=bodies)
    return _("%(datasets)s and %(services)s from %(bodies)s.", datasets=datasets, services=services, bodies=bodies)


def finds(words: str) -> bool:
    """True when the catalogue has something with these words: no link leads to nothing. While the index does not
    answer nobody knows, and the page stands all the same."""
    index = catalogue().index
    return is_reduced() or _finds(index, index.generation(), words, language())


@lru_cache(maxsize=256)
def _finds(index: FollowedIndex, _generation: str, words: str, lang: str) -> bool:
    return index.search(Query(text=words, language=lang)).count > 0


def examples() -> list[str]:
    """Words that people type."""
    return [
        pgettext("search", "trees"),
        pgettext("search", "budget"),
        pgettext("search", "bicycle"),
        pgettext("search", "schools"),
    ]


def money() -> list[tuple[str, str]]:
    """The searches that the law on open administration makes interesting: words to search, words to read."""
    return [
        (pgettext("search", "budget"), _("Budgets")),
        (pgettext("search", "accounts"), _("Accounts")),
        (pgettext("search", "public contract"), _("Public contracts")),
        (pgettext("search", "subsidies"), _("Subsidies")),
    ]
