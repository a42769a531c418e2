"""What DCAT-AP 3.0.1 and HVD 3.0.0 demand (violations) and recommend (warnings), said of the model.

They say what the official SHACL files say of the RDF that `dcat.write` makes, without making it: sets base, range, rec,
cv and hvd, and our own extra shapes, which check what the official files forget. Two things are left to others: nodes
without IRI get one when an entry is published, and whether a reference leads to an entry of the catalogue only the
catalogue knows.

Shapes: https://semiceu.github.io/DCAT-AP/releases/3.0.1/html/shacl/ and
https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/html/shacl/.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from .checks import (
    Check,
    Remark,
    among,
    are_labelled,
    at_most_one,
    has_boxes,
    has_eu_theme,
    has_no_geometry,
    has_one_identifier,
    has_public_license,
    has_titled_scheme,
    hvd_category,
    hvd_contact,
    hvd_files,
    hvd_service,
    matching,
    must,
    should,
    spoken,
)
from .datatypes import TYPED
from .findings import Finding, finding
from .messages import RULES, explain
from .model import (
    Agent,
    Catalog,
    CatalogRecord,
    Checksum,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Decimal,
    Distribution,
    Duration,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    Node,
    Period,
    Publication,
    Relationship,
    Wkt,
    properties,
)
from .rdf import is_iri
from .vocab import (
    ACCESS_RIGHTS,
    AVAILABILITIES,
    DATASET_TYPES,
    DISTRIBUTION_STATUSES,
    FORMATS,
    FREQUENCIES,
    LANGUAGES,
    LICENCE_TYPES,
    PUBLISHER_TYPES,
    scheme_titles,
)

__all__ = ["CHECKS", "RULES", "check", "explain", "is_violated", "lacking", "musts", "refusal"]

WEB_ADDRESS = r"(https?|ftp)://[^\s<>\"{}|\\^`][^\s<>\"{}|\\^`.]*+\.[^\s<>\"{}|\\^`]++\Z"
MEDIA_TYPE = r"https?://www\.iana\.org/assignments/media-types/."
MAIL = r"mailto:[^@\s;,]+@[^@\s;,]+\.[a-z]+\Z"
CHECKSUM_ALGORITHM = r"https://spdx\.org/rdf/terms"

RESOURCE: tuple[Check, ...] = (
    must("title"),
    spoken("title"),
    spoken("description"),
    among("frequency", FREQUENCIES),
    should("publisher"),
    should("contact"),
    hvd_category,
    hvd_contact,
)

CHECKS: dict[type[Node], tuple[Check, ...]] = {
    Dataset: (
        *RESOURCE,
        must("description"),
        spoken("keyword", once=False),
        are_labelled("theme"),
        are_labelled("type"),
        among("language", LANGUAGES),
        among("access_rights", ACCESS_RIGHTS, "term-uncommon"),
        among("type", DATASET_TYPES, "term-uncommon"),
        at_most_one("spatial_resolution"),
        has_one_identifier,
        has_eu_theme,
        should("distribution"),
        should("keyword"),
        should("theme", "theme-missing"),
        should("spatial"),
        should("temporal"),
        hvd_files,
    ),
    DatasetSeries: (*RESOURCE, must("description")),
    Publication: (*RESOURCE, has_eu_theme),
    DataService: (
        *RESOURCE,
        must("endpoint_url"),
        spoken("keyword", once=False),
        are_labelled("theme"),
        among("format", FORMATS),
        among("access_rights", ACCESS_RIGHTS, "term-uncommon"),
        has_eu_theme,
        has_public_license,
        should("endpoint_description"),
        should("serves_dataset"),
        should("keyword"),
        should("theme", "theme-missing"),
        should("conforms_to"),
        hvd_service,
    ),
    Distribution: (
        must("access_url"),
        spoken("title"),
        spoken("description"),
        matching("access_url", WEB_ADDRESS, "iri-not-web"),
        matching("download_url", WEB_ADDRESS, "iri-not-web"),
        among("format", FORMATS),
        matching("media_type", MEDIA_TYPE, "term-unlisted"),
        matching("compress_format", MEDIA_TYPE, "term-unlisted"),
        matching("package_format", MEDIA_TYPE, "term-unlisted"),
        among("status", DISTRIBUTION_STATUSES),
        among("availability", AVAILABILITIES),
        among("language", LANGUAGES),
        are_labelled("status"),
        are_labelled("availability"),
        at_most_one("rights"),
        has_public_license,
        should("license", "licence-missing"),
        should("format"),
        should("description"),
        should("availability"),
    ),
    Catalog: (
        must("title"),
        must("description"),
        must("publisher"),
        spoken("title"),
        spoken("description"),
        among("language", LANGUAGES),
        at_most_one("rights"),
        should("issued"),
        should("modified"),
        should("language"),
        should("license", "licence-missing"),
        should("spatial"),
        should("homepage"),
        should("theme_taxonomy"),
    ),
    CatalogRecord: (
        must("primary_topic"),
        must("modified"),
        at_most_one("conforms_to"),
        should("issued"),
        should("conforms_to"),
        should("status"),
    ),
    Agent: (must("name"), among("type", PUBLISHER_TYPES, "term-uncommon"), are_labelled("type"), should("type")),
    Contact: (matching("email", MAIL, "email-invalid"),),
    LicenseDocument: (among("type", LICENCE_TYPES), are_labelled("type")),
    Checksum: (must("algorithm"), must("value"), matching("algorithm", CHECKSUM_ALGORITHM, "checksum-algorithm")),
    Relationship: (must("relation"), must("role")),
    Identifier: (at_most_one("notation"),),
    Concept: (has_titled_scheme,),
    Location: (has_no_geometry, has_boxes),
    Period: (should("start"), should("end")),
}
"""What is checked of each kind of node, besides the form of every value."""


# --- the form of every value ------------------------------------------------------------------------------------------

_FORMS = {
    Date: "date-invalid",
    Duration: "duration-invalid",
    Decimal: "number-invalid",
    Integer: "size-invalid",
    Hex: "checksum-invalid",
    Wkt: "bbox-invalid",
}


def _values(node: Node, name: str, rule: str, item: Any, curie: str) -> Iterator[Remark]:
    value = getattr(node, name)
    for text in value if isinstance(value, tuple) else (value,):
        if text is not None and not (is_iri(text) if item is Iri else TYPED[item](text).datatype):
            yield Remark(rule, curie, text)


@cache
def _forms(struct: type[Node]) -> tuple[tuple[str, str, Any, str], ...]:
    """The fields that hold IRIs, dates and numbers, with the rule for a value that is none."""
    forms = _FORMS | {Iri: "iri-invalid"}
    return tuple(
        (field.name, forms[field.item], field.item, field.property.curie)
        for field in properties(struct)
        if field.item in forms
    )


@cache
def _parts(struct: type[Node]) -> tuple[tuple[str, str, bool], ...]:
    """The fields that hold nodes."""
    return tuple(
        (field.name, field.property.curie, field.many)
        for field in properties(struct)
        if isinstance(field.item, type) and issubclass(field.item, Node)
    )


# --- running them -----------------------------------------------------------------------------------------------------


def check(node: Node, subject: str = "") -> tuple[Finding, ...]:
    """Everything that the profile demands or recommends and a node, or a node within it, does not give."""
    subject = subject or node.iri or ""
    return tuple(finding(rule, subject, place or node.CLASS, value) for rule, place, value in _check(node))


def lacking(node: Node) -> tuple[str, ...]:
    """The mandatory properties that a node has not, whatever the nodes within it have: nothing can be said without."""
    return tuple(remark.field for one in musts(type(node)) for remark in one(node))


@cache
def musts(struct: type[Node]) -> tuple[must, ...]:
    """What is mandatory of a kind of node."""
    return tuple(one for one in CHECKS.get(struct, ()) if isinstance(one, must))


def refusal(findings: tuple[Finding, ...]) -> Finding | None:
    """What forbids to publish a node of which `check` found this; None when it can be published.

    It is asked after all repairs: what the profile forbids then would make the whole catalogue invalid.
    """
    return next((found for found in findings if is_violated((found,))), None)


def is_violated(findings: tuple[Finding, ...]) -> bool:
    """True when one of the findings is a violation."""
    return any(RULES[remark.rule].severity == "violation" for remark in findings)


def _check(node: Node) -> list[Remark]:
    """Remarks about a node and those within it, with their place in it: none for itself."""
    remarks = [] if node.iri is None or is_iri(node.iri) else [Remark("iri-invalid", "", node.iri)]
    remarks += _own(node)
    for name, curie, many in _parts(type(node)):
        if value := getattr(node, name):
            for number, part in enumerate(value if many else (value,), start=1):
                if found := _within(part):
                    remarks += _placed(found, f"{curie}[{number}]" if many else curie)
    return remarks


def _placed(remarks: Iterable[Remark], place: str) -> Iterator[Remark]:
    for rule, field, value in remarks:
        yield Remark(rule, f"{place}/{field}" if field else place, value)


def _within(part: Node) -> Sequence[Remark]:
    if is_known(part):
        return ()
    is_shared = type(part) in _SHARED and not (isinstance(part, Location) and part.geometry)
    return _remembered(part) if is_shared else _check(part)


_SHARED = frozenset({Agent, Contact, Location, LicenseDocument})
"""What is said again in record after record, and in file after file: looked at once. A shape that is drawn, as only a
source sends it, may be as large as a document and is let go."""


@lru_cache(maxsize=4_096)
def _remembered(part: Node) -> tuple[Remark, ...]:
    return tuple(_check(part))


def _own(node: Node) -> Iterator[Remark]:
    struct = type(node)
    for name, rule, item, curie in _forms(struct):
        if getattr(node, name):
            yield from _values(node, name, rule, item, curie)
    for one in CHECKS.get(struct, ()):
        yield from one(node)


def is_known(node: Node) -> bool:
    """True for a concept that says where it comes from and has a name: nothing within it can be wrong."""
    if not isinstance(node, Concept):
        return False
    return node.scheme in scheme_titles() and node.iri is not None and bool(node.labels) and is_iri(node.iri)
