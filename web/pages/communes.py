"""The communes: all of them as a list and a map, and the page of one."""

from typing import NamedTuple

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.coverage import communes
from catalogue.coverage.bodies import KINDS, Body
from catalogue.coverage.communes import Commune
from catalogue.errors import NotFound
from catalogue.search.base import Query, Results

from ..current import catalogue, searched
from ..http.caching import cached
from ..wording import words
from ..wording.writing import folded
from . import coverage

SHOWN = 5
"""Entries of each list on the page of a commune."""
TILES = (
    "      21008 21010       21006       ",
    "21003 21011 21004 21014 21015 21018 ",
    "      21012 21013 21009 21005 21019 ",
    "      21001 21007 21016 21017 21002 ",
)
"""Where each commune lies, roughly: tiles of equal size, named by NIS codes. Outlines would be somebody else's map."""
TILE = 6


class Tile(NamedTuple):
    """A commune on the map, in columns and rows from the north-west."""

    commune: Commune
    column: int
    row: int


@cached()
def index() -> ResponseReturnValue:
    """All communes, with how much is about each."""
    found = searched(Query(language=words.language(), facets=("area",), all_values=True))
    about = {one.value: one.count for one in found.facets.get("area", ())}
    ordered = sorted(communes.communes(), key=lambda one: folded(one.name(words.language())))
    return render_template("area.html", communes=ordered, about=about, tiles=tiles())


def tiles() -> list[Tile]:
    """The map."""
    by_code = {one.code: one for one in communes.communes()}
    places = [
        (line[at : at + TILE].strip(), at // TILE, row)
        for row, line in enumerate(TILES)
        for at in range(0, len(line), TILE)
    ]
    return [Tile(by_code[code], column, row) for code, column, row in places if code]


@cached()
def show(name: str) -> ResponseReturnValue:
    """What is published by a commune, about it, and of its money. Every name and number of it leads here."""
    commune = communes.commune(name)
    if commune is None:
        raise NotFound(f"There is no commune {name[:60]!r}.")
    if commune.slug != name:
        return redirect(url_for("pages.commune", name=commune.slug), 301)
    tables, among = catalogue().coverage.money(), coverage.years(coverage.this_year(), coverage.OF_MONEY)
    bodies = [Body(kind, commune) for kind in KINDS]
    publishers = {body: coverage.publishers_of(body) for body in bodies}
    slugs = tuple(row.name for rows in publishers.values() for row in rows)
    by_it = newest("publisher", slugs, facets=("subject",)) if slugs else None
    return render_template(
        "commune.html",
        commune=commune,
        publishers=[row for rows in publishers.values() for row in rows],
        money=[
            (body, [(one.subject, coverage.line(one.row(body), one.subject, among)) for one in tables])
            for body in bodies
        ],
        years=among,
        by_it=by_it,
        by_it_query=[("publisher", slug) for slug in slugs],
        about=newest("area", (commune.code,)),
        subjects=by_it.facets.get("subject", ()) if by_it else (),
    )


def newest(filter: str, values: tuple[str, ...], facets: tuple[str, ...] = ()) -> Results:
    """The last updated entries with one of these values."""
    return searched(
        Query(language=words.language(), filters={filter: values}, sort="-modified", per_page=10, facets=facets)
    )
