"""The home page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.search.base import FacetCount, SearchUnavailable

from ..caching import cached
from ..current import catalogue, settings
from ..words import gettext as _
from ..words import pgettext
from . import themes

REGIONS = {
    "Brussels": lambda: pgettext("region", "Brussels"),
    "Flanders": lambda: pgettext("region", "Flanders"),
    "Wallonia": lambda: pgettext("region", "Wallonia"),
    "Belgium": lambda: pgettext("region", "Belgium"),
}
"""Regions whose name differs between the languages of the portal."""


@cached()
def show() -> ResponseReturnValue:
    """A search box, and ways in for those who do not know which words to type."""
    return render_template(
        "home.html",
        region=region(),
        counts=catalogue().counts(),
        examples=examples(),
        themes=counted_themes(),
        money=money(),
        recent=catalogue().recent(5),
    )


def region() -> str:
    """The name of the region in the reader's language."""
    name = settings().region
    return REGIONS.get(name, lambda: name)()


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


def counted_themes() -> tuple[FacetCount, ...]:
    """The themes that hold something; none while the index does not answer: the rest of the page stands without."""
    try:
        return themes.counted()
    except SearchUnavailable:
        return ()
