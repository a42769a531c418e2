"""How good the descriptions in the catalogue are, as a document: scores, what was measured, which rules are broken."""

from flask import Response
from flask.typing import ResponseReturnValue

from catalogue.publishing.quality_shape import quality_shape
from catalogue.publishing.texts_by_language import by_language
from dcat import dqv
from dcat.findings import Finding
from dcat.messages import RULES

from ..current import catalogue, minted
from ..http import negotiate
from ..http.caching import cached
from ..json import quality_shapes
from .documents import lines_of, rdf_document
from .entry_documents import json_document
from .formats import ENTRY, by_accept, by_ending
from .redirects import see_other


@cached()
def document(ending: str) -> Response:
    """`/quality.ttl` and its neighbours."""
    format = by_ending(ending, ENTRY)
    if not format.rdf:
        return json_document(report())
    groups = (Finding(rule, "", field) for rule, field, _, _ in catalogue().assessments.causes() if rule in RULES)
    rules = dqv.shapes(groups, minted(""))
    return rdf_document([lines_of(node) for node in (catalogue().feed.catalog(), *rules)], format)


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
