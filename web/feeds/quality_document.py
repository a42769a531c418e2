"""How good the descriptions in the catalogue are, as a document: scores, what was measured, which rules are broken."""

from itertools import chain

from flask import Response, request
from flask.typing import ResponseReturnValue

from catalogue.publishing.feed_pages import PER_PAGE
from catalogue.publishing.quality_shape import quality_shape
from catalogue.publishing.texts_by_language import by_language
from dcat import dqv
from dcat.findings import Finding
from dcat.messages import RULES

from ..current import catalogue, minted
from ..http import negotiate, params
from ..http.caching import cached
from ..json import quality_shapes
from . import hydra
from .documents import held, lines_of, rdf_document
from .entry_documents import json_document
from .formats import ENTRY, Format, by_accept, by_ending
from .redirects import see_other


@cached()
def document(ending: str) -> Response:
    """`/quality.ttl` and its neighbours; with `page` what is told of single entries."""
    format = by_ending(ending, ENTRY)
    if not format.rdf:
        return json_document(report())
    if "page" in request.args:
        return page_of_measures(format)
    groups = (Finding(rule, "", field) for rule, field, _, _ in catalogue().assessments.causes() if rule in RULES)
    rules = dqv.shapes(groups, minted(""))
    return held(rdf_document([lines_of(node) for node in (catalogue().feed.catalog(), *rules)], format))


def page_of_measures(format: Format) -> Response:
    """What was measured of a hundred entries, and what could be better: the feed of the catalogue leaves it out."""
    page, after = params.page_number(), params.word("after")
    found, is_last = catalogue().pieces.turned(page, PER_PAGE, after=after)
    place = hydra.Place(after, "" if is_last else found[-1].id)
    total = catalogue().pieces.count()
    paging = hydra.paging(f"/quality.{format.ending}", (), page, PER_PAGE, total, place=place)
    return held(rdf_document(chain([paging], catalogue().feed.measured(found)), format))


def choose() -> ResponseReturnValue:
    """To the page or the document that tells of it."""
    format = by_accept(ENTRY, html_first=True)
    return see_other(f"/{negotiate.language()}/quality" if format is None else f"/quality.{format.ending}")


def report() -> quality_shapes.CatalogueQuality:
    """The same as JSON."""
    assessed = catalogue().assessments.scores()
    return quality_shapes.CatalogueQuality(
        quality=quality_shapes.shape_with_hints(assessed.whole) if assessed.whole else None,
        publishers=tuple(
            quality_shapes.PublisherQuality(row.name, by_language(row.title), row.datasets, quality_shape(score))
            for row in catalogue().publishers.all()
            if (score := assessed.by_publisher.get(row.name))
        ),
        causes=quality_shapes.causes(catalogue().assessments.causes()),
    )
