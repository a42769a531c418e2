"""The functions that `dcat.rules` checks entries with: those made for any field, and those of their own.

Each looks at one node and gives remarks about it; where the node stands is not its business.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from .model import (
    Concept,
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Location,
    Node,
    Publication,
    Text,
    properties,
)
from .rdf import is_language
from .vocab import HVD_CATEGORIES, HVD_REGULATION, LICENCES, THEMES, Vocabulary, scheme_titles


class Remark(NamedTuple):
    """What a check says of a node; `check` adds where it stands."""

    rule: str
    field: str
    value: str = ""


Check = Callable[[Any], Iterator[Remark]]


# --- kinds of checks --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class must:  # noqa: N801 (made as the other checks are, and told from them)
    """A mandatory field: sh:minCount 1, sh:Violation."""

    name: str

    def __call__(self, node: Any) -> Iterator[Remark]:
        """Says that it is missing."""
        if not getattr(node, self.name):
            yield Remark("required-missing", curie(node, self.name))


def should(name: str, rule: str = "recommended-missing") -> Check:
    """A recommended field: sh:minCount 1, sh:Warning."""

    def is_there(node: Any) -> Iterator[Remark]:
        if not getattr(node, name):
            yield Remark(rule, curie(node, name))

    return is_there


def among(name: str, vocabulary: Vocabulary, rule: str = "term-unlisted") -> Check:
    """Terms of a table: sh:inScheme in the cv shapes, which cannot tell a wrong code; here the code must exist."""

    def are_terms(node: Any) -> Iterator[Remark]:
        value = getattr(node, name)
        for term in value if isinstance(value, tuple) else (value,):
            if term is not None and term.iri not in vocabulary.by_iri:
                yield Remark(rule, curie(node, name), _said(term))

    return are_terms


def at_most_one(name: str) -> Check:
    """A field that the official shapes allow once, although the text of 3.0.1 says 0..*."""

    def is_one(node: Any) -> Iterator[Remark]:
        values = getattr(node, name)
        if len(values) > 1:
            yield Remark("value-repeated", curie(node, name), _said(values[1]))

    return is_one


def matching(name: str, pattern: str, rule: str) -> Check:
    """Texts or IRIs of a form: sh:pattern."""
    form = re.compile(pattern, re.IGNORECASE)

    def match(node: Any) -> Iterator[Remark]:
        value = getattr(node, name)
        for text in value if isinstance(value, tuple) else (value,):
            if text is not None and not form.match(text.iri or "" if isinstance(text, Node) else text):
                yield Remark(rule, curie(node, name), _said(text))

    return match


def spoken(name: str, *, once: bool = True) -> Check:
    """Free text: a language tag is mandatory, and but for keywords there is one value per language."""

    def are_tagged(node: Any) -> Iterator[Remark]:
        seen: set[str] = set()
        for text in getattr(node, name):
            if not is_language(text.lang):
                yield Remark("language-missing", curie(node, name), text.value)
            elif once and text.lang in seen:
                yield Remark("language-repeated", curie(node, name), text.lang)
            seen.add(text.lang)

    return are_tagged


@cache
def _curies(struct: type[Node]) -> dict[str, str]:
    return {field.name: field.property.curie for field in properties(struct)}


def curie(node: Node, name: str) -> str:
    """The property of a field."""
    return _curies(type(node))[name]


def _said(value: Any) -> str:
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Node):
        labels = next((getattr(value, name) for name in ("labels", "name", "titles") if getattr(value, name, ())), ())
        return value.iri or (labels[0].value if labels else "")
    return str(value)


# --- checks of their own ----------------------------------------------------------------------------------------------


def are_labelled(name: str) -> Check:
    """Every skos:Concept has a skos:prefLabel."""

    def have_labels(node: Any) -> Iterator[Remark]:
        value = getattr(node, name)
        for term in value if isinstance(value, tuple) else (value,):
            if term is not None and not term.labels:
                yield Remark("term-unlabelled", f"{curie(node, name)}/skos:prefLabel", _said(term))

    return have_labels


def has_titled_scheme(node: Concept) -> Iterator[Remark]:
    """Every skos:ConceptScheme has a dct:title; a graph can give that of our tables only."""
    if node.scheme is not None and node.scheme not in scheme_titles():
        yield Remark("scheme-untitled", "skos:inScheme", node.scheme)


def has_eu_theme(node: Dataset | DataService | Publication) -> Iterator[Remark]:
    """At least one theme of the EU table."""
    if node.theme and not any(theme.iri in THEMES.by_iri for theme in node.theme):
        yield Remark("theme-missing", "dcat:theme", _said(node.theme[0]))


def has_one_identifier(node: Dataset) -> Iterator[Remark]:
    """data.gov.be skips a dataset with an identifier that it saw before."""
    if len(node.identifier) != 1:
        yield Remark("identifier-not-one", "dct:identifier", " ".join(text.value for text in node.identifier))


def has_no_geometry(node: Location) -> Iterator[Remark]:
    """The base shape wants a literal in locn:geometry, the generated one a node: no value satisfies both."""
    if node.geometry is not None:
        yield Remark("geometry-unpublishable", "locn:geometry", node.geometry)


def has_boxes(node: Location) -> Iterator[Remark]:
    """dcat:bbox is a POLYGON as well-known text: data.gov.be keeps nothing else."""
    if node.bbox is not None and not node.bbox.startswith("POLYGON"):
        yield Remark("bbox-invalid", "dcat:bbox", node.bbox)


def has_public_license(node: Distribution | DataService) -> Iterator[Remark]:
    """A licence that is of no table tells people little."""
    if node.license is not None and node.license.iri not in LICENCES.by_iri:
        yield Remark("licence-unlisted", "dct:license", _said(node.license))


# --- high-value data --------------------------------------------------------------------------------------------------

_is_hvd_category = among("hvd_category", HVD_CATEGORIES)


def is_hvd(node: Any) -> bool:
    """True when the regulation on high-value datasets is named."""
    return any(law.iri == HVD_REGULATION for law in node.applicable_legislation)


def hvd_category(node: Dataset | DataService | DatasetSeries) -> Iterator[Remark]:
    """A category of the HVD table is mandatory, and none that is of another."""
    if not is_hvd(node):
        return
    if not any(category.iri in HVD_CATEGORIES.by_iri for category in node.hvd_category):
        yield Remark("hvd-incomplete", "dcatap:hvdCategory")
        return
    yield from _is_hvd_category(node)


def hvd_files(node: Dataset) -> Iterator[Remark]:
    """A high-value dataset has files, each with the law and with terms of use; a bulk download and an API."""
    if not is_hvd(node):
        return
    if not node.distribution:
        yield Remark("hvd-incomplete", "dcat:distribution")
    for number, file in enumerate(node.distribution, start=1):
        place = f"dcat:distribution[{number}]"
        if not is_hvd(file):
            yield Remark("hvd-incomplete", f"{place}/dcatap:applicableLegislation")
        yield from _terms_of_use(file, f"{place}/")
    if not any(file.access_service for file in node.distribution):
        yield Remark("hvd-recommended", "dcat:accessService")
    if not any(file.download_url for file in node.distribution):
        yield Remark("hvd-recommended", "dcat:downloadURL")


def hvd_service(node: DataService) -> Iterator[Remark]:
    """A service that gives high-value data has a contact, documentation and terms of use."""
    if not is_hvd(node):
        return
    for name in ("contact", "page"):
        if not getattr(node, name):
            yield Remark("hvd-incomplete", curie(node, name))
    yield from _terms_of_use(node, "")


def _terms_of_use(node: Distribution | DataService, place: str) -> Iterator[Remark]:
    if node.license is None and not node.rights:
        yield Remark("hvd-incomplete", f"{place}dct:license")
    term = LICENCES.by_iri.get(node.license.iri or "") if node.license else None
    if term is not None and term.extra.get("hvd") == "no":
        yield Remark("hvd-unlawful", f"{place}dct:license", term.code)


def hvd_contact(node: Dataset | DataService | DatasetSeries) -> Iterator[Remark]:
    """At most one mail address and one page for each contact point."""
    if not is_hvd(node):
        return
    for contact in node.contact:
        for name in ("email", "url"):
            if len(getattr(contact, name)) > 1:
                yield Remark("hvd-several", f"dcat:contactPoint/{curie(contact, name)}", getattr(contact, name)[1])
