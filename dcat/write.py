"""Model → RDF. The gate: what is no valid IRI, date or number is written as a plain text, never as what it is not.

Every node is typed, with the class of its struct and the class its property wants, so that validators need nothing but
the document. The order is the model's: a resource first, then the nodes it is made of, type before title.

`read(write(x)) == x`, except that a node whose IRI is not valid keeps either its content or, when it has none, its IRI.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from . import rdf, vocab
from .datatypes import TYPED
from .model import (
    Activity,
    Attribution,
    Checksum,
    Concept,
    Contact,
    Distribution,
    Document,
    Field,
    Identifier,
    Instant,
    Iri,
    LicenseDocument,
    Node,
    Period,
    ProvenanceStatement,
    Relationship,
    RightsStatement,
    Text,
    properties,
)
from .namespaces import ANY_URI, RDF_TYPE, expand
from .rdf import Literal, Term, Triple, clean_text, is_iri, is_language

OWN = (
    Distribution,
    Document,
    Period,
    Instant,
    Checksum,
    Identifier,
    Relationship,
    Attribution,
    ProvenanceStatement,
    Activity,
)
"""Nodes that belong to one entry, whatever their IRI. All others, agents, contacts, concepts, licences, places, laws,
standards, services, are shared between entries once they have an IRI that does not begin with the entry's own."""


def write(node: Node) -> list[Triple]:
    """The triples of an entry, a catalogue or a catalogue record, and of everything it is made of, each once."""
    return list(dict.fromkeys(triple for block in _blocks(node) for triple in block.triples))


def own_and_shared(node: Node) -> tuple[str, str]:
    """The same as N-Triples in two parts: about the node and what only it uses, and about what others use as well.

    Shared are nodes with an IRI of their own whose class is not in `OWN`, and whatever they are made of.
    """
    own: dict[Triple, None] = {}
    shared: dict[Triple, None] = {}
    for block in _blocks(node):
        (shared if block.is_shared else own).update(dict.fromkeys(block.triples))
    return rdf.ntriples(own), rdf.ntriples(triple for triple in shared if triple not in own)


def to_graph(node: Node) -> "rdf.PublicGraph":
    """The same as an `rdflib.Graph`, for people who script."""
    return rdf.to_graph(write(node))


class _Block(NamedTuple):
    triples: list[Triple]
    is_shared: bool


class _Waiting(NamedTuple):
    subject: str
    node: Node
    range: str
    is_shared: bool


def _blocks(root: Node) -> Iterator[_Block]:
    """The triples of a node and its parts, one block a node."""
    writer = _Writer(root)
    while writer.waiting:
        waiting = writer.waiting.popleft()
        yield _Block(writer.node_to_rdf(waiting), waiting.is_shared)
    if writer.named:
        yield _Block(list(writer.named), is_shared=True)


class _Writer:
    """Writes one node and all it is made of."""

    def __init__(self, root: Node) -> None:
        self.root = root.iri if root.iri and is_iri(root.iri) else ""
        self.waiting: deque[_Waiting] = deque()
        self.named: dict[Triple, None] = {}
        """What is said of IRIs that are not described: the classes their properties want."""
        self._seed = rdf.digest(self.root or msgspec.json.encode(root).decode())
        self._count = 0
        self.refer(root, "", is_shared=False)

    def refer(self, node: Node, range: str, *, is_shared: bool) -> Term:
        """What stands for a node; the node itself is written later."""
        if node.iri and is_iri(node.iri):
            subject = str(node.iri)
            is_shared = is_shared or self._is_shared(node)
        elif node.iri and node == type(node)(iri=node.iri):
            return iri_to_rdf(node.iri)
        else:
            self._count += 1
            subject = f"_:{self._seed}n{self._count}"
        self.waiting.append(_Waiting(subject, node, range, is_shared))
        return subject

    def _is_shared(self, node: Node) -> bool:
        if isinstance(node, OWN) or node.iri == self.root:
            return False
        return not (self.root and node.iri and node.iri.startswith((f"{self.root}#", f"{self.root}/")))

    def node_to_rdf(self, waiting: _Waiting) -> list[Triple]:
        """The triples whose subject is the node."""
        subject, node, range, is_shared = waiting
        triples: list[Triple] = [(subject, RDF_TYPE, expand(curie)) for curie in classes(node, range)]
        for field in properties(type(node)):
            value = getattr(node, field.name)
            if value is None or value == ():
                continue
            predicate = expand(field.property.curie)
            items = value if field.many else (value,)
            triples += [(subject, predicate, self._value(item, field, is_shared=is_shared)) for item in items]
        return triples

    def _value(self, value: Any, field: Field, *, is_shared: bool) -> Term:
        if isinstance(value, Text):
            return text_to_rdf(value)
        if isinstance(value, Node):
            return self.refer(value, field.property.range, is_shared=is_shared)
        if field.item is not Iri:
            return TYPED[field.item](clean_text(value))
        term = iri_to_rdf(value)
        if field.property.range and isinstance(term, str):
            self._name(term, field.property.range)
        return term

    def _name(self, iri: str, range: str) -> None:
        """Says the class of an IRI, and the title of a concept scheme."""
        self.named[iri, RDF_TYPE, expand(range)] = None
        for title in vocab.scheme_titles().get(Iri(iri), ()) if range == "skos:ConceptScheme" else ():
            self.named[iri, _TITLE, text_to_rdf(title)] = None


_TITLE = expand("dct:title")


def classes(node: Node, range: str = "") -> tuple[str, ...]:
    """The classes a node is typed with, where its property wants `range`.

    A term is called a skos:Concept only when it has a label, which the profile demands of one.
    """
    if isinstance(node, Concept) and range:
        return (node.CLASS, range) if node.labels else (range,)
    if isinstance(node, RightsStatement | LicenseDocument) and node.pref_labels:
        return (Concept.CLASS, node.CLASS)
    if isinstance(node, Contact) and node.is_individual:
        return (node.CLASS, "vcard:Individual")
    return (node.CLASS, range) if range else (node.CLASS,)


def text_to_rdf(text: Text) -> Literal:
    """A literal with its language, when that is one."""
    return Literal(clean_text(text.value), text.lang.lower() if is_language(text.lang) else "")


def iri_to_rdf(iri: str) -> Term:
    """The IRI, or the text it is when it is not valid, typed xsd:anyURI to say what it was meant to be."""
    return iri if is_iri(iri) else Literal(clean_text(iri), "", ANY_URI)
