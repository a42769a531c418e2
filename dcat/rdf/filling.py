"""Statements that nobody has checked, made a graph: each distinct term is looked at once.

A bad term costs its own triple or value: what is no IRI stays as the text it is, a subject without one is nameless, and
characters that no text may hold are taken out.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..findings import finding
from ..namespaces import RDF_TYPE, compact, expand
from ..near_names import in_its_namespace
from . import inverses, lists, references
from .formats import clean_text, is_clean
from .graph import Graph, Literal, Term
from .references import reference
from .terms import blank, digest, is_iri, is_language

_STRING = expand("xsd:string")

_RECORDS = frozenset(
    map(expand, ("dcat:Catalog", "dcat:CatalogRecord", "dcat:DataService", "dcat:Dataset", "dcat:DatasetSeries"))
)
"""Classes whose instances are nothing without their IRI."""


class Origin(NamedTuple):
    """What is known of the document that statements come from."""

    base: str = ""
    """The address that its references start from; empty when it has none."""
    is_own: bool = False
    """True when the document itself declares it."""
    is_suspect: bool = False
    """True when texts in it may hold characters that no text may hold."""
    has_terms: bool = False
    """True when a property without scheme is a term that no context explains, and no address."""


def filled(quads: Iterable[ox.Quad], origin: Origin = Origin(), make: Callable[[], Graph] = Graph) -> Graph:  # noqa: B008 (it cannot be changed)
    """The graph of statements, which `make` makes; what cannot be kept is dropped with a finding."""
    graph = make()
    _Filler(graph, origin).fill(quads)
    return graph


class _Checked(dict[str, str]):
    """Texts that were looked at once: what stands for each, empty when it is not valid."""

    LIMIT = 10_000

    def __init__(self, check: Callable[[str], str]) -> None:
        self.check = check

    def kept(self) -> "_Checked":
        """This, or an empty one when it has grown beyond what is worth keeping for the next document."""
        return self if len(self) < self.LIMIT else _Checked(self.check)

    def __missing__(self, text: str) -> str:
        self[text] = checked = self.check(text)
        return checked


def _checked_iri(text: str) -> str:
    return text if is_iri(text) else ""


def _resolved(base: str, text: str) -> str:
    return references.resolved(base, text) if base and references.is_relative(text) else ""


def _no_iri(_: str) -> str:
    return ""


def _checked_language(tag: str) -> str:
    """A tag in the form of BCP 47; `fr_BE`, as some write it, is `fr-be`."""
    usual = tag.replace("_", "-").lower()
    return usual if is_language(usual) else ""


def _namespace_told(written: str, meant: str) -> str:
    """The namespace of a name as it was written, with the right one in brackets."""
    own = meant[: max(meant.rfind("#"), meant.rfind("/")) + 1]
    return f"{written[: len(own) - len(meant)]} ({own})"


_SLOT = ox.NamedNode | ox.BlankNode

_known = {"iris": _Checked(_checked_iri), "languages": _Checked(_checked_language)}
"""What was checked in earlier documents: records of one feed say much the same."""


def _checked_property(text: str) -> str:
    return in_its_namespace(text) if _known["iris"][text] else ""


class _Filler:
    """Fills a graph with statements nobody has checked."""

    def __init__(self, graph: Graph, origin: Origin) -> None:
        self.graph = graph
        self.origin = origin
        self.has_references = False
        self.resolved = _Checked(partial(_resolved, origin.base))  # no method of ours: a circle would keep the graph
        self.relative_properties = _Checked(_no_iri) if origin.has_terms else self.resolved
        self.iris = _known["iris"] = _known["iris"].kept()
        self.names = _Checked(_checked_property)
        self.blanks = _Checked(blank)
        self.languages = _known["languages"] = _known["languages"].kept()
        self.nameless: dict[str, list[tuple[str, Term]]] = {}
        """Statements about subjects whose IRI is not valid, by that IRI."""
        self.properties: dict[str, _SLOT] = {}
        """Properties that are no IRIs, with the subject each was first seen on; what they say is lost."""

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Adds the statements; what cannot be kept is dropped with a finding."""
        nodes, iris, blanks, languages = self.graph.nodes, self.iris, self.blanks, self.languages
        names = self.names
        named, literal, plain = ox.NamedNode, ox.Literal, _STRING
        last = None
        subject: Any
        object: Any
        for quad in quads:  # a million times a feed: no call that can be spared
            subject, predicate, object = quad.subject, quad.predicate, quad.object
            kind = type(object)
            value: Term
            if kind is literal:
                if tag := object.language:
                    known = languages[tag]
                    value = Literal(object.value, known) if known else self._untagged(subject, object)
                else:
                    datatype = object.datatype.value
                    value = Literal(object.value) if datatype == plain else self._typed(subject, object, datatype)
            elif kind is named:
                value = iris[object.value] or self._reference(object.value)
            else:
                value = blanks[object.value] if kind is ox.BlankNode else ""
            if subject.value != last:
                last = subject.value
                name = (iris[last] or self.resolved[last]) if type(subject) is named else blanks[last]
                statements = nodes.setdefault(name, {}) if name else {}
            property = names[predicate.value] or self.relative_properties[predicate.value]
            if not (name and property and value):
                self._set_aside(subject, predicate, object, value)
            elif property in statements:
                statements[property].append(value)
            else:
                statements[property] = [value]
        self._settle()

    def _reference(self, text: str) -> Literal:
        self.has_references = True
        return reference(text)

    def _untagged(self, subject: _SLOT, literal: ox.Literal) -> Literal:
        self._found("language-tag-invalid", subject, "", literal.language)
        return Literal(literal.value)

    def _typed(self, subject: _SLOT, literal: ox.Literal, datatype: str) -> Literal:
        if not self.iris[datatype]:
            self._found("datatype-invalid", subject, "", datatype)
            return Literal(literal.value)
        return Literal(literal.value, "", self.iris[datatype])

    def _set_aside(self, subject: _SLOT, predicate: ox.NamedNode, object: Any, value: Term) -> None:
        property = self.names[predicate.value] or self.relative_properties[predicate.value]
        if not property:
            self.properties.setdefault(predicate.value, subject)
        elif not value:
            self._found("term-unsupported", subject, property, object)
        else:
            self.nameless.setdefault(subject.value, []).append((property, value))

    def _found(self, rule: str, subject: _SLOT, property: str, value: object) -> None:
        name = subject.value if isinstance(subject, ox.NamedNode) else ""
        self.graph.findings.append(finding(rule, clean_text(name), compact(property), clean_text(str(value))))

    def _settle(self) -> None:
        """What can be told only when all statements are known."""
        for property, subject in self.properties.items():
            self._found("property-invalid", subject, "", property)
        self._tell_of_namespaces()
        self._keep_nameless()
        if self.has_references:
            references.settle(self.graph, self.origin.base, is_own=self.origin.is_own)
        if lists.are_among(self.names.values()):
            lists.unroll(self.graph)
        if inverses.are_among(self.names.values()):
            inverses.turn(self.graph)
        if self.origin.is_suspect:
            self._clean()

    def _keep_nameless(self) -> None:
        """Subjects without a valid IRI: a record is reported and left out, anything else lives on as a blank node."""
        renamed: dict[Term, Term] = {}
        for iri, statements in self.nameless.items():
            if any(property == RDF_TYPE and value in _RECORDS for property, value in statements):
                self.graph.findings.append(finding("subject-invalid", clean_text(iri), "", clean_text(iri)))
                continue
            self.graph.findings.append(finding("iri-invalid", clean_text(iri), "", clean_text(iri)))
            name = f"_:{digest(iri)}"
            renamed[reference(iri)] = name
            for property, value in statements:
                self.graph.add(name, property, value)
        if renamed:
            for predicates in self.graph.nodes.values():
                for property, values in predicates.items():
                    predicates[property] = [renamed.get(value, value) for value in values]

    def _tell_of_namespaces(self) -> None:
        """Namespaces that are written another way are told once each, and the classes in them are read as well."""
        slips = {written: name for written, name in self.names.items() if name and name != written}
        if not slips:
            return
        for statements in self.graph.nodes.values():
            if types := statements.get(RDF_TYPE):
                types[:] = [in_its_namespace(each) if isinstance(each, str) else each for each in types]
        told = {_namespace_told(written, name) for written, name in slips.items()}
        self.graph.findings += (finding("namespace-other", value=each) for each in sorted(told))

    def _clean(self) -> None:
        """Texts without the characters that no text may hold."""
        for subject, predicates in self.graph.nodes.items():
            for property, values in predicates.items():
                for at, value in enumerate(values):
                    if isinstance(value, Literal) and not is_clean(value.value):
                        text = clean_text(value.value)
                        values[at] = Literal(text, value.lang, value.datatype)
                        about = "" if subject.startswith("_:") else subject
                        self.graph.findings.append(finding("text-invalid", about, compact(property), text))
