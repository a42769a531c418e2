"""An entry and a publisher as JSON: the names of the model, texts by language, nothing that is empty."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from catalogue.checking.finding_report import described
from catalogue.store.rows import EntryRow, PublisherRow
from dcat.findings import Finding
from dcat.model import Node, Text, Texts
from dcat.quality import Score

from ..current import absolute, minted, settings
from . import quality_shapes
from .texts import by_language, lists_by_language, values

OWN_SHAPE: dict[str, Callable[[Texts], Any]] = {
    "keyword": lists_by_language,
    "identifier": values,
    "notation": values,
}
"""Fields whose texts are several of one language, or have none."""


def entry_shape(row: EntryRow) -> dict[str, Any]:
    """One entry: what the catalogue knows of it, then its fields under the names of the model."""
    return {
        "id": row.id,
        "iri": row.iri,
        "name": row.name,
        "type": row.kind,
        "url": page_address(row.kind, row.name),
        "source": {"name": row.source, "identifier": row.identifier},
        "publisher_name": row.publisher_name,
        "created": row.created,
        "updated": row.updated,
        "checked": row.checked,
        **({"quality": quality_shapes.shape(row.score)} if row.score else {}),
        **node_shape(row.entry),
    }


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
        **({"quality": quality_shapes.shape(score)} if score else {}),
    }


def whole_publisher_shape(row: PublisherRow, score: Score | None) -> dict[str, Any]:
    """The same with what would improve its descriptions."""
    return publisher_shape(row) | ({"quality": quality_shapes.shape_with_hints(score)} if score else {})


def publisher_iri(row: PublisherRow) -> str:
    """The publisher's IRI; for one that no source has described yet, the one that ingest would give."""
    return row.iri or minted(f"/id/agent/{row.name}")


def node_shape(node: Node) -> dict[str, Any]:
    """The fields of a node that say something."""
    fields = ((name, getattr(node, name)) for name in node.__struct_fields__)
    return {name: _value_shape(name, value) for name, value in fields if value not in (None, (), False)}


def page_address(kind: str, name: str, lang: str = "") -> str:
    """The absolute address of a page, in the first language of the portal unless another is given."""
    return absolute(f"/{lang or settings().languages[0]}/{kind}/{name}")


def _value_shape(name: str, value: Any) -> Any:
    if isinstance(value, Node):
        return node_shape(value)
    if isinstance(value, Text):
        return value.value
    if isinstance(value, tuple):
        if isinstance(value[0], Text):
            return OWN_SHAPE.get(name, by_language)(value)
        return [_value_shape(name, one) for one in value]
    return msgspec.to_builtins(value)
