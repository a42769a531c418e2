"""Collections: what meets criteria that the page shows."""

from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.publishing import collections
from catalogue.search.base import Query

from ..current import searched, settings
from ..http.caching import cached
from ..wording.words import language
from . import listing, results


class Shown(NamedTuple):
    """A collection in a reader's language."""

    name: str
    title: str
    about: str
    entries: int
    criteria: tuple[tuple[str, str], ...]
    """What each criterion is called, with its values in words."""


@cached()
def index() -> ResponseReturnValue:
    """The collections that hold something."""
    found = [shown(one, count_of(one)) for one in collections.collections(settings())]
    return render_template("collections.html", collections=[one for one in found if one.entries])


@cached()
def show(name: str) -> ResponseReturnValue:
    """One of them, with its entries."""
    one = collections.named(settings(), name)
    return listing.narrowed("collection.html", one.criteria, ("theme", "publisher"), collection=shown(one))


def count_of(one: collections.Collection) -> int:
    """How many entries meet the criteria."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, value in one.criteria:
        filters[name] = (*filters.get(name, ()), value)
    return searched(Query(filters=filters, language=language(), per_page=10)).count


def shown(one: collections.Collection, entries: int = 0) -> Shown:
    """A collection with its criteria in words."""
    values: dict[str, list[str]] = {}
    for name, value in one.criteria:
        values.setdefault(name, []).append(results.name_of(name, value)[0])
    criteria = tuple((results.title_of(name), ", ".join(some)) for name, some in values.items())
    return Shown(one.name, one.title[language()], one.about[language()], entries, criteria)
