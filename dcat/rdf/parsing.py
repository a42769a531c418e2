"""Reading documents nobody has checked.

pyoxigraph hands out terms as they stand (`lenient`), `filling` checks them, and a slip in the document costs what it
spoils and not the rest. Nothing here touches the network.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import pyoxigraph as ox
from lxml import etree

from ..findings import Finding
from ..namespaces import PREFIXES
from . import bases, jsonld, jsonld_slips, nesting, rdfxml, references, turtle_slips, xml_slips
from .filling import Origin, filled
from .formats import (
    Format,
    ParseError,
    excerpt,
    may_hold_forbidden,
    record_before,
    sniff,
    to_utf8,
    without_lone_surrogates,
)
from .graph import Graph
from .terms import is_iri

T = TypeVar("T")

_PARSED_AS = {
    Format.TURTLE: ox.RdfFormat.TRIG,  # every Turtle document is TriG, and some TriG is called Turtle
    Format.RDF_XML: ox.RdfFormat.RDF_XML,
    Format.JSON_LD: ox.RdfFormat.JSON_LD,
    Format.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    Format.TRIG: ox.RdfFormat.TRIG,
    Format.N_QUADS: ox.RdfFormat.N_QUADS,
}


def parse(data: bytes, declared: str = "", base: str = "", make: Callable[[], Graph] = Graph) -> Graph:
    """The triples of a document, all its named graphs together, in a graph that `make` makes.

    `declared` is the media type or file ending that came with it, `base` the address that relative IRIs start from,
    unless the document names another; `dcat.rdf.references` says which do. What had to be left out or mended is in
    `Graph.findings`. Raises `ParseError` for a document that cannot be read as a whole.
    """
    document = _Document(data, declared, base)
    graph = document.read(lambda quads: filled(quads, document.origin, make))
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

    named, origin = document.read(sort), document.origin
    graphs = {name.removeprefix("<").removesuffix(">"): filled(quads, origin) for name, quads in named.items()}
    graphs[""].findings += document.findings
    return graphs


def checked_graph(quads: Iterable[ox.Quad]) -> Graph:
    """A graph of statements that a strict parser gives."""
    return filled(quads)


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
            self.own_base = ""
            if self.format in {Format.TURTLE, Format.TRIG}:
                nesting.check(self.data)
                bases.check_prefixes(self.data)
                self.data, self.own_base = bases.of_turtle(self.data)
            elif self.format is Format.JSON_LD:
                self.data, self.own_base, found = jsonld.prepare(self.data)
                self.findings += found
        given = base if is_iri(base) else ""
        self.base = references.resolved(given, self.own_base) or given
        if self.base and self.format in {Format.TURTLE, Format.TRIG}:
            self.data = bases.with_prefixes(self.data, partial(references.resolved, self.base))

    @property
    def origin(self) -> Origin:
        """What its statements are read by."""
        is_suspect = self.root is None and may_hold_forbidden(self.data)
        return Origin(self.base, bool(self.own_base), is_suspect, self.format is Format.JSON_LD)

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
            try:
                found += xml_slips.prune(self.root, lambda root: self._is_read(etree.tostring(root, encoding="utf-8")))
            except ValueError:  # a name that lxml reads and does not write
                return
            yield etree.tostring(self.root, encoding="utf-8"), found
        elif self.format is Format.JSON_LD:
            document = json.loads(self.data, strict=False)
            found = jsonld_slips.mend(document)
            yield json.dumps(document).encode(), found
            document, more = jsonld_slips.prune(document, lambda part: self._is_read(json.dumps(part).encode()))
            yield json.dumps(document).encode(), [*found, *more]
        elif self.format is not Format.RDF_XML:
            data, found = turtle_slips.mend(self.data)
            if found:
                yield data, found

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
