"""Model → RDF. The gate: what is no valid IRI, date or number is written as a plain text, never as what it is not.

Every node is typed, with the class of its struct and the class its property wants, so that validators need nothing but
the document. The order is the model's: a resource first, then the nodes it is made of, type before title.

`read(write(x)) == x`, except that a node whose IRI is not valid keeps either its content or, when it has none, its IRI.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from . import rdf, vocab
from .datatypes import TYPED
from .model import (
    Activity,
    Agent,
    Annotation,
    Attribution,
    Checksum,
    Concept,
    Contact,
    Dataset,
    Distribution,
    Document,
    Identifier,
    Instant,
    Iri,
    LegalResource,
    LicenseDocument,
    Measurement,
    Metric,
    Node,
    Period,
    ProvenanceStatement,
    Publication,
    Relationship,
    Resource,
    RightsStatement,
    Shape,
    Standard,
    Text,
    properties,
    references,
)
from .namespaces import ANY_URI, RDF_TYPE, expand
from .rdf import Literal, Term, Triple, is_iri, is_language

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
    Measurement,
    Annotation,
)
"""Nodes that belong to one entry, whatever their IRI. All others, agents, contacts, concepts, licences, places, laws,
standards, services, are shared between entries once they have an IRI that does not begin with the entry's own."""


def write(node: Node) -> list[Triple]:
    """The triples of an entry, a catalogue or a catalogue record, and of everything it is made of, each once."""
    blocks = _Writer(node).blocks()
    return list(dict.fromkeys((subject, *statement) for subject, statements in blocks for statement in statements))


class Reference(NamedTuple):
    """One entry, or a service within it, names another entry."""

    subject: str
    property: str
    """Name of the field: a key of `dcat.model.references()`."""
    target: str


class Parts(NamedTuple):
    """What is said of an entry, cut so that it can be joined with what is said of others."""

    own: str
    """About the node and what only it uses."""
    shared: str
    """About what others use as well: nodes with an IRI of their own whose class is not in `OWN`, and what they are made
    of."""
    pending: str
    """That the data are of high value, which may only be said of a dataset that some service gives."""
    references: tuple[Reference, ...]
    """To other entries, which may only be said where those are described."""
    named: tuple[str, ...]
    """IRIs that the source gave to nodes in `own`, where more is said of them than their class: another entry may
    describe the same ones."""

    @property
    def whole(self) -> tuple[str, str]:
        """Everything, in two parts."""
        said = {name: expand(property.curie) for name, property in references().items()}
        lines = (f"<{one.subject}> <{said[one.property]}> <{one.target}> .\n" for one in self.references)
        return "".join((self.own, self.pending, rdf.joined(lines))), self.shared


def own_and_shared(node: Node) -> tuple[str, str]:
    """The same as N-Triples in two parts: about the node and what only it uses, and about what others use as well."""
    return parts(node).whole


def parts(node: Node, base: str = "") -> Parts:
    """The same as N-Triples, cut so that it can be joined with others.

    `base`: what begins the IRIs that were given to nodes of this entry and of no other.
    """
    own: dict[str, None] = {}
    shared: list[str] = []
    named: dict[str, None] = {}
    writer = _Writer(node, apart=True, base=base)
    for waiting in writer.parts():
        if waiting.is_shared and isinstance(waiting.node, _REPEATED) and not rdf.is_blank(waiting.subject):
            shared += _repeated(waiting.node, waiting.range)
            continue
        lines = rdf.lines(waiting.subject, writer.node_to_rdf(waiting))
        if waiting.is_shared:
            shared += lines
            continue
        own.update(dict.fromkeys(lines))
        if len(lines) > 1 and waiting.subject != writer.root and not writer.is_given(waiting.subject):
            named[waiting.subject] = None
    for (iri, _), statements in writer.named.items():
        shared += rdf.lines(iri, statements)
    pending = [line for line in own if line.endswith(_CLAIM)] if awaits_service(node) else []
    return Parts(
        own="".join([line for line in own if line not in pending] if pending else own),
        shared="".join([line for line in dict.fromkeys(shared) if line not in own]),
        pending="".join(pending),
        references=tuple(dict.fromkeys(writer.references)),
        named=tuple(named),
    )


def awaits_service(node: Node) -> bool:
    """True for a high-value dataset whose files name no service: a service of the catalogue must name it.

    DCAT-AP HVD 3.0.0, "APIs are mandatory".
    """
    return isinstance(node, Dataset) and _is_hvd(node) and not any(file.access_service for file in node.distribution)


def _is_hvd(node: Node) -> bool:
    return any(law.iri == vocab.HVD_REGULATION for law in getattr(node, "applicable_legislation", ()))


_CLAIM = f" <{expand('dcatap:applicableLegislation')}> <{vocab.HVD_REGULATION}> .\n"


Statement = tuple[str, Term]
"""Predicate and object."""


class _Waiting(NamedTuple):
    subject: str
    node: Node
    range: str
    is_shared: bool


_REPEATED = (Agent, Concept, LegalResource, LicenseDocument, Metric, RightsStatement, Shape, Standard)
"""Nodes of which a catalogue has a few hundred and says each of them thousands of times."""


@lru_cache(maxsize=4096)
def _repeated(node: Node, range: str) -> tuple[str, ...]:
    """The lines of such a node and of what it is made of."""
    return tuple(line for block in _Writer(node, range).blocks() for line in rdf.lines(*block))


class _Writer:
    """Writes one node and all it is made of."""

    def __init__(self, root: Node, range: str = "", *, apart: bool = False, base: str = "") -> None:
        self.root = root.iri if root.iri and is_iri(root.iri) else ""
        self.waiting: deque[_Waiting] = deque()
        self.named: dict[tuple[str, str], list[Statement]] = {}
        """What is said of IRIs that are not described: the class their property wants, by IRI and class."""
        self.references: list[Reference] = []
        """References between IRIs, when they are to be kept apart from the other statements."""
        self._apart = apart
        self._base = base
        self._is_hvd = _is_hvd(root)
        self._referred: dict[tuple[str, str], Node] = {}
        self._seed = ""
        self._count = 0
        self._root_node = root
        self.refer(root, range, is_shared=False)

    def parts(self) -> Iterator[_Waiting]:
        """The node, then the nodes it is made of; writing one (`node_to_rdf`) brings up the next."""
        while self.waiting:
            yield self.waiting.popleft()

    def blocks(self) -> Iterator[tuple[str, list[Statement]]]:
        """All statements by subject; one may come twice."""
        for waiting in self.parts():
            yield waiting.subject, self.node_to_rdf(waiting)
        yield from ((iri, statements) for (iri, _), statements in self.named.items())

    def refer(self, node: Node, range: str, *, is_shared: bool) -> Term:
        """What stands for a node; the node itself is written later."""
        if node.iri and is_iri(node.iri):
            subject = str(node.iri)
            if self._referred.get((subject, range)) == node:
                return subject
            self._referred[subject, range] = node
            is_shared = is_shared or self._is_shared(node)
        elif node.iri is not None and node == type(node)(iri=node.iri):
            return iri_to_rdf(node.iri)
        else:
            subject = self._new_blank()
        self.waiting.append(_Waiting(subject, node, range, is_shared))
        return subject

    def _new_blank(self) -> str:
        self._seed = self._seed or rdf.digest(self.root or msgspec.json.encode(self._root_node).decode())
        self._count += 1
        return f"_:{self._seed}n{self._count}"

    def _is_shared(self, node: Node) -> bool:
        if isinstance(node, OWN) or node.iri == self.root:
            return False
        if node.iri and self.is_given(node.iri):
            return False
        return not (self.root and node.iri and node.iri.startswith((f"{self.root}#", f"{self.root}/")))

    def is_given(self, iri: str) -> bool:
        """True for an IRI that no other entry has: one of ours, or a blank node."""
        return rdf.is_blank(iri) or bool(self._base and iri.startswith(self._base))

    def node_to_rdf(self, waiting: _Waiting) -> list[Statement]:
        """What is said of the node, its classes first."""
        subject, node, range, is_shared = waiting
        statements: list[Statement] = [(RDF_TYPE, iri) for iri in _class_iris(classes(node, range))]
        for way in _ways(type(node)):
            value = getattr(node, way.name)
            if value is None or value == ():
                continue
            for item in value if way.many else (value,):
                if self._apart and way.is_reference and is_iri(item) and not rdf.is_blank(subject):
                    self.references.append(Reference(subject, way.name, item))
                    continue
                term = way.to_rdf(item) if way.to_rdf else self.refer(item, way.range, is_shared=is_shared)
                if way.is_iri and isinstance(term, str):
                    self._name(term, way)
                statements.append((way.predicate, term))
        return statements

    def _name(self, iri: str, way: "_Way") -> None:
        """Says the class of an IRI, and the title of a concept scheme."""
        range = "rdfs:Resource" if self._is_hvd and way.predicate in _RESOURCES else way.range
        if range and (iri, range) not in self.named:
            titles = vocab.scheme_titles().get(Iri(iri), ()) if range == "skos:ConceptScheme" else ()
            self.named[iri, range] = [(RDF_TYPE, expand(range)), *((_TITLE, text_to_rdf(title)) for title in titles)]


class _Way(NamedTuple):
    """How one field is written."""

    name: str
    predicate: str
    many: bool
    to_rdf: Callable[[Any], Term] | None
    """Writes a value; None for a node."""
    range: str
    is_iri: bool
    is_reference: bool


@cache
def _ways(struct: type[Node]) -> tuple[_Way, ...]:
    """How the fields of a struct are written, in its order."""
    return tuple(
        _Way(
            field.name,
            expand(field.property.curie),
            field.many,
            _WRITERS.get(field.item),
            field.property.range,
            field.item is Iri,
            bool(field.property.target),
        )
        for field in properties(struct)
    )


@cache
def _class_iris(curies: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(expand, curies))


_TITLE = expand("dct:title")
_RESOURCES = frozenset(
    map(expand, ("dcat:accessURL", "dcat:endpointURL", "dcat:endpointDescription", "vcard:hasEmail", "vcard:hasURL"))
)
"""Properties whose values the shapes of DCAT-AP HVD want to be called an rdfs:Resource in so many words."""


def classes(node: Node, range: str = "") -> tuple[str, ...]:
    """The classes a node is typed with, where its property wants `range`.

    A term is called a skos:Concept only when it has a label, which the profile demands of one. A publication is a
    dcat:Resource too, as what a catalogue lists must be.
    """
    if isinstance(node, Concept) and range:
        return (node.CLASS, range) if node.labels else (range,)
    if isinstance(node, RightsStatement | LicenseDocument) and node.pref_labels:
        return (Concept.CLASS, node.CLASS)
    if isinstance(node, Agent) and node.is_individual:
        return (node.CLASS, "foaf:Person")
    if isinstance(node, Contact) and node.is_individual:
        return (node.CLASS, "vcard:Individual")
    if isinstance(node, Publication):
        return (node.CLASS, Resource.CLASS)
    return (node.CLASS, range) if range else (node.CLASS,)


def text_to_rdf(text: Text) -> Literal:
    """A literal with its language, when that is one."""
    return Literal(text.value, _language(text.lang)) if text.lang else Literal(text.value)


@lru_cache(maxsize=1024)
def _language(tag: str) -> str:
    return tag.lower() if is_language(tag) else ""


def iri_to_rdf(iri: str) -> Term:
    """The IRI, or the text it is when it is not valid, typed xsd:anyURI to say what it was meant to be."""
    return str(iri) if is_iri(iri) else Literal(iri, "", ANY_URI)


_WRITERS: Mapping[Any, Callable[[Any], Term]] = {Text: text_to_rdf, Iri: iri_to_rdf, **TYPED}
"""How a value that is no node is written."""
