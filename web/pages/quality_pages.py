"""How good the descriptions are: of the whole catalogue, of each publisher, and what is most often the matter."""

from typing import NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.search.base import Query
from dcat import quality as method
from dcat.findings import Severity
from dcat.quality import BANDS, MAXIMUM, Score

from ..current import catalogue, searched
from ..http import params
from ..http.caching import cached
from ..json import quality_shapes
from ..wording import measured, run_words, words
from ..wording.writing import folded
from .entry_pages import page_of
from .publishers import Named, named

CAUSES = 10
ADVICE = 5
PUBLISHERS = 20
"""Rows of a page: more of them would make it heavy."""


class Rated(NamedTuple):
    """A publisher with its score."""

    publisher: Named
    score: Score


class Band(NamedTuple):
    """Datasets of one band, and the search that finds them."""

    name: str
    least: int
    datasets: int
    address: str


@cached(kept=True)
def show() -> ResponseReturnValue:
    """The page."""
    assessed = catalogue().assessments.scores()
    publishers = rated(assessed.by_publisher)
    page, last = page_of(len(publishers), PUBLISHERS)
    return render_template(
        "quality.html",
        score=assessed.whole,
        maximum=MAXIMUM,
        links=measured.share(catalogue().links.counts()),
        dimensions=dimensions(assessed.whole) if assessed.whole else [],
        advice=list(quality_shapes.advice(assessed.whole))[:ADVICE] if assessed.whole else [],
        bands=bands(),
        rated=publishers[(page - 1) * PUBLISHERS : page * PUBLISHERS],
        page=page,
        last=last,
        causes=[one for one in causes() if one.severity is not Severity.INFO][:CAUSES],
    )


def dimensions(score: Score) -> list[tuple[str, method.Dimension]]:
    """The five aspects by name."""
    return [(method.dimension_names()[one.code][words.language()], one) for one in score.dimensions]


def bands() -> list[Band]:
    """The bands, best first, each with the number of datasets that a search for it finds."""
    found = searched(Query(facets=("quality",), per_page=10)).facets["quality"]
    number = {one.value: one.count for one in found}
    search = url_for("pages.search")
    return [
        Band(quality_shapes.band(code), least, number.get(code, 0), params.address(search, (("quality", code),)))
        for least, code in BANDS
    ]


def rated(scores: dict[str, Score]) -> list[Rated]:
    """Publishers that have datasets, by name: a list to find oneself in, not a contest."""
    rows = [Rated(named(row), scores[row.name]) for row in catalogue().publishers.all() if row.name in scores]
    return sorted(rows, key=lambda one: folded(one.publisher.name.value))


def causes() -> list[run_words.Cause]:
    """What was found, the worst and most frequent first."""
    return run_words.causes(catalogue().assessments.causes(), words.language())
