"""A publisher as JSON, what was found in an entry, and where pages stand."""

from collections.abc import Iterable
from typing import Any

from catalogue.checking.finding_report import described
from catalogue.publishing.quality_shape import quality_shape
from catalogue.publishing.texts_by_language import by_language
from catalogue.store.rows import EntryRow, PublisherRow
from dcat.findings import Finding
from dcat.quality import Score

from ..current import absolute, minted, settings
from . import quality_shapes


def assessment_shape(row: EntryRow, findings: Iterable[Finding]) -> dict[str, Any]:
    """What was found in the description of an entry, and what would improve it."""
    told = {"findings": [described(finding) for finding in findings]}
    return told | ({"quality": quality_shapes.shape_with_hints(row.score)} if row.score else {})


def publisher_shape(row: PublisherRow, score: Score | None = None) -> dict[str, Any]:
    """One publisher with the number of its entries, and how good their descriptions are."""
    given = {"type": row.type, "homepage": row.homepage, "mbox": row.mbox}
    return {
        "name": row.name,
        "iri": publisher_iri(row),
        "title": by_language(row.title),
        "datasets": row.datasets,
        "services": row.services,
        "updated": row.updated,
        "url": page_address("publisher", row.name),
        **{name: text for name, text in given.items() if text},
        **({"quality": quality_shape(score)} if score else {}),
    }


def whole_publisher_shape(row: PublisherRow, score: Score | None) -> dict[str, Any]:
    """The same with what would improve its descriptions."""
    return publisher_shape(row) | ({"quality": quality_shapes.shape_with_hints(score)} if score else {})


def publisher_iri(row: PublisherRow) -> str:
    """The publisher's IRI; for one that no source has described yet, the one that ingest would give."""
    return row.iri or minted(f"/id/agent/{row.name}")


def page_address(kind: str, name: str, lang: str = "") -> str:
    """The absolute address of a page, in the first language of the portal unless another is given."""
    return absolute(f"/{lang or settings().languages[0]}/{kind}/{name}")
