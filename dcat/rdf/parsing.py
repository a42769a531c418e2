"""Reading documents nobody has checked.

pyoxigraph hands out terms as they stand (`lenient`), each distinct one is checked here once, and a bad one costs its
own triple or value, never the document. Nothing here touches the network.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

import pyoxigraph as ox
from lxml import etree

from ..findings import Finding, finding
from ..namespaces import ANY_URI, PREFIXES, RDF_TYPE, compact, expand
from . import bases, jsonld, jsonld_slips, rdfxml, references, xml_slips
from .formats import (
    Format,
    ParseError,
    clean_text,
    excerpt,
    is_clean,
    may_hold_forbidden,
    record_before,
    sniff,
    to_utf8,
    without_lone_surrogates,
)
from .graph import Graph, Literal, Term
from .references import Reference
from .terms import blank, digest, is_iri, is_language

T = TypeVar("T")

_PARSED_AS = {
    Format.TURTLE: ox.RdfFormat.TRIG,  # every Turtle document is TriG, and some TriG is called Turtle
    Format.RDF_XML: ox.RdfFormat.RDF_XML,
    Format.JSON_LD: ox.RdfFormat.JSON_LD,
    Format.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.N_QUADS: ox.RdfFormat.N_QUADS,
}

_STRING = expand("xsd:string")

_RECORDS = frozenset(
    map(expand, ("dcat:Catalog", "dcat:CatalogRecord", "dcat:DataService", "dcat:Dataset", "dcat:DatasetSeries"))
)
"""Classes whose instances are nothing without their IRI."""


def parse(data: bytes, declared: str = "", base: str = "") -> Graph:
    """The triples of a document, all its named graphs together.

    `declared` is the media type or file ending that came with it, `base` the address that relative IRIs start from,
    unless the document names another; `dcat.rdf.references` says which do. What had to be left out or mended is in
    `Graph.findings`. Raises `ParseError` for a document that cannot be read as a whole.
    """
    document = _Document(data, declared, base)
    graph = document.read(lambda quads: _filled(quads, document))
    graph.findings += document.findings
    return graph


def parse_named(data: bytes, declared: str = "", base: str = "") -> dict[str, Graph]:
    """The graphs of a document by name; the one without a name, under the empty text, is always there."""
    document = _Document(data, declared, base)

    def sort(quads: Iterable[ox.Quad]) -> dict[str, list[ox.Quad]]:
        named: dict[str, list[ox.Quad]] = {"": []}
        for quad in quads:
            name = quad.graph_name
            named.setdefault("" if isinstance(name, ox.DefaultGraph) else str(name), []).append(quad)
        return named

    named = document.read(sort)
    graphs = {name.removeprefix("<").removesuffix(">"): _filled(quads, document) for name, quads in named.items()}
    graphs[""].findings += document.findings
    return graphs


def checked_graph(quads: Iterable[ox.Quad]) -> Graph:
    """A graph of statements that a strict parser gives."""
    return _filled(quads)


def _filled(quads: Iterable[ox.Quad], document: "_Document | None" = None) -> Graph:
    graph = Graph()
    _Filler(graph, document).fill(quads)
    return graph


class _Document:
    """A document made safe for the parser."""

    def __init__(self, data: bytes, declared: str, base: str) -> None:
        self.format = sniff(data, declared)
        self.given = data
        self.root: etree._Element | None = None
        if self.format is Format.RDF_XML:
            self.root, self.findings = rdfxml.prepare(data, declared)
            self.own_base = bases.of_rdf_xml(self.root)
            self.data = etree.tostring(self.root, encoding="utf-8")
        else:
            self.data, self.findings = to_utf8(data, declared)
            self.data, found = without_lone_surrogates(self.data)
            self.findings += found
            self.data, self.own_base = _OWN_BASES.get(self.format, _no_base)(self.data)
        given = base if is_iri(base) else ""
        self.base = references.resolved(given, self.own_base) or given
        if self.base and self.format in {Format.TURTLE, Format.TRIG}:
            self.data = bases.with_prefixes(self.data, partial(references.resolved, self.base))

    @property
    def is_suspect(self) -> bool:
        """True when texts in it may hold characters that no text may hold."""
        return self.root is None and may_hold_forbidden(self.data)

    def read(self, take: Callable[[Iterable[ox.Quad]], T]) -> T:
        """What `take` makes of the statements, unchecked: of the document as it is, else of the parts that can be read.

        Raises `ParseError` when a slip costs more than itself.
        """
        try:
            return take(self._quads(self.data))
        except SyntaxError as error:
            fault = self._explained(error)
            fault.__cause__ = error
        for data, found in self._mended():
            try:
                read = take(self._quads(data))
            except SyntaxError:
                continue
            if read:
                self.findings += found
                return read
        raise fault

    def _quads(self, data: bytes) -> Iterable[ox.Quad]:
        return ox.parse(data, _PARSED_AS[self.format], lenient=True)  # without a base references stay as written

    def _mended(self) -> Iterator[tuple[bytes, list[Finding]]]:
        """The document with foreseen slips mended, then without what cannot be read, with what became of it."""
        if self.root is not None and _is_ours(self.root):
            found = xml_slips.mend(self.root)
            yield etree.tostring(self.root, encoding="utf-8"), found
            found += xml_slips.prune(self.root, lambda root: self._is_read(etree.tostring(root, encoding="utf-8")))
            yield etree.tostring(self.root, encoding="utf-8"), found
        elif self.format is Format.JSON_LD:
            document = json.loads(self.data)
            found = jsonld_slips.mend(document)
            yield json.dumps(document).encode(), found
            document, more = jsonld_slips.prune(document, lambda part: self._is_read(json.dumps(part).encode()))
            yield json.dumps(document).encode(), [*found, *more]

    def _is_read(self, data: bytes) -> bool:
        try:
            return all(True for _ in self._quads(data))
        except SyntaxError:
            return False

    def _explained(self, error: SyntaxError) -> ParseError:
        reason = re.sub(r"^Parser error at line.*?: | \(line \d+\)$", "", error.msg)
        if self.root is not None:
            return rdfxml.explain(self.root, reason)
        line, column = error.lineno or 0, error.offset or 0
        if self.format is Format.JSON_LD:  # what is wrong outside of its contexts costs no more than itself
            context = self.given.find(b'"@context"')
            line, advice = (
                (self.given.count(b"\n", 0, context) + 1, " Look at the context.") if context >= 0 else (0, "")
            )
            return ParseError(f"This is not JSON-LD: {reason}.{advice}", line)
        near, record = excerpt(self.data, line, column), record_before(self.data, line, column)
        return ParseError(f"This is not {self.format.label}: {reason}.", line, column, near, record)


def _is_ours(root: etree._Element) -> bool:
    """False for XML of others, in which nothing can be a slip."""
    return etree.QName(root).namespace in {PREFIXES["rdf"], PREFIXES["dcat"]}


def _no_base(data: bytes) -> tuple[bytes, str]:
    return data, ""


_OWN_BASES: dict[Format, Callable[[bytes], tuple[bytes, str]]] = {
    Format.TURTLE: bases.of_turtle,
    Format.TRIG: bases.of_turtle,
    Format.JSON_LD: jsonld.prepare,
}
"""How a document is made ready, and its own base taken out of it."""


class _Checked(dict[str, str]):
    """Texts that were looked at once: what stands for each, empty when it is not valid."""

    LIMIT = 50_000

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


def _no_iri(_: str) -> str:
    return ""


def _checked_language(tag: str) -> str:
    """A tag in the form of BCP 47; `fr_BE`, as some write it, is `fr-be`."""
    usual = tag.replace("_", "-").lower()
    return usual if is_language(usual) else ""


_SLOT = ox.NamedNode | ox.BlankNode

_known = {"iris": _Checked(_checked_iri), "languages": _Checked(_checked_language)}
"""What was checked in earlier documents: records of one feed say much the same."""


class _Filler:
    """Fills a graph with statements nobody has checked."""

    def __init__(self, graph: Graph, document: _Document | None = None) -> None:
        self.graph = graph
        self.is_suspect = document is not None and document.is_suspect
        self.base = document.base if document else ""
        self.has_own_base = document is not None and bool(document.own_base)
        self.has_references = False
        self.resolved = _Checked(self._resolved)
        are_names = document is not None and document.format is Format.JSON_LD  # a term without context, not an address
        self.relative_properties = _Checked(_no_iri) if are_names else self.resolved
        self.iris = _known["iris"] = _known["iris"].kept()
        self.blanks = _Checked(blank)
        self.languages = _known["languages"] = _known["languages"].kept()
        self.nameless: dict[str, list[tuple[str, Term]]] = {}
        """Statements about subjects whose IRI is not valid, by that IRI."""
        self.properties: dict[str, _SLOT] = {}
        """Properties that are no IRIs, with the subject each was first seen on; what they say is lost."""

    def fill(self, quads: Iterable[ox.Quad]) -> None:
        """Adds the statements; what cannot be kept is dropped with a finding."""
        nodes, iris, blanks, languages = self.graph.nodes, self.iris, self.blanks, self.languages
        named, literal, plain = ox.NamedNode, ox.Literal, _STRING
        last = None
        for subject, predicate, object, _ in quads:  # a million times a feed: no call that can be spared
            kind = type(object)
            value: Term
            if kind is literal:
                if tag := object.language:
                    value = Literal(object.value, languages[tag]) if languages[tag] else self._untagged(subject, object)
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
            property = iris[predicate.value] or self.relative_properties[predicate.value]
            if not (name and property and value):
                self._set_aside(subject, predicate, object, value)
            elif property in statements:
                statements[property].append(value)
            else:
                statements[property] = [value]
        self._settle()

    def _reference(self, text: str) -> Literal:
        self.has_references = True
        return Reference(text, "", ANY_URI)

    def _resolved(self, text: str) -> str:
        return references.resolved(self.base, text) if self.base and references.is_relative(text) else ""

    def _untagged(self, subject: _SLOT, literal: ox.Literal) -> Literal:
        self._found("language-tag-invalid", subject, "", literal.language)
        return Literal(literal.value)

    def _typed(self, subject: _SLOT, literal: ox.Literal, datatype: str) -> Literal:
        if not self.iris[datatype]:
            self._found("datatype-invalid", subject, "", datatype)
            return Literal(literal.value)
        return Literal(literal.value, "", self.iris[datatype])

    def _set_aside(self, subject: _SLOT, predicate: ox.NamedNode, object: Any, value: Term) -> None:
        property = self.iris[predicate.value] or self.relative_properties[predicate.value]
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
        """Subjects without a valid IRI: a record is reported and left out, anything else lives on as a blank node."""
        for property, subject in self.properties.items():
            self._found("property-invalid", subject, "", property)
        renamed: dict[Term, Term] = {}
        for iri, statements in self.nameless.items():
            if any(property == RDF_TYPE and value in _RECORDS for property, value in statements):
                self.graph.findings.append(finding("subject-invalid", clean_text(iri), "", clean_text(iri)))
                continue
            self.graph.findings.append(finding("iri-invalid", clean_text(iri), "", clean_text(iri)))
            name = f"_:{digest(iri)}"
            renamed[Reference(iri, "", ANY_URI)] = name
            for property, value in statements:
                self.graph.add(name, property, value)
        if renamed:
            for predicates in self.graph.nodes.values():
                for property, values in predicates.items():
                    predicates[property] = [renamed.get(value, value) for value in values]
        if self.has_references:
            references.settle(self.graph, self.base, is_own=self.has_own_base)
        if self.is_suspect:
            self._clean()

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
