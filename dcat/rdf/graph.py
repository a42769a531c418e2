"""A light graph in memory: subject → predicate → objects. What `dcat.rdf` parses into and `dcat.read` walks.

An IRI and a blank node are plain texts (a blank node's begins with `_:`, which no IRI does); a literal is a `Literal`.
Looking things up costs a dictionary access, which is what makes reading a feed some ten times faster than a walk over
an `rdflib.Graph`; `dcat.rdf.public.to_graph` gives that one to whoever wants to query.
"""

from collections.abc import Iterable, Iterator, MutableMapping

import msgspec

from ..findings import Finding
from ..namespaces import RDF_TYPE


class Literal(msgspec.Struct, frozen=True, order=True, gc=False):
    """A literal: its lexical form with a language tag, or with a datatype, or with neither (xsd:string)."""

    value: str
    lang: str = ""
    """BCP 47 tag in lower case."""
    datatype: str = ""
    """IRI; empty for xsd:string and for a text with a language."""


Term = str | Literal
"""An IRI, a blank node (`_:label`) or a literal."""

Triple = tuple[str, str, Term]
"""Subject, predicate, object."""

Statements = dict[str, list[Term]]
"""What is said of one subject: predicate → objects."""


def is_blank(term: Term) -> bool:
    """True for a blank node."""
    return isinstance(term, str) and term.startswith("_:")


class Graph:
    """Triples by subject and predicate, in the order in which they came, with what was found while reading them."""

    __slots__ = ("findings", "left", "lines", "nodes")

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self.nodes: MutableMapping[str, Statements] = {}
        self.findings: list[Finding] = []
        """Terms that could not be kept as they were."""
        self.lines: dict[str, list[str]] = {}
        """N-Triples of subjects that several records are made of, kept by `subgraph`."""
        self.left: int | None = None
        """Statements that records cut from it may still hold; None before the first one. Kept by `subgraph`."""
        for triple in triples:
            self.add(*triple)

    def add(self, subject: str, predicate: str, object: Term) -> None:
        """Adds a triple; one that is there already may stand twice."""
        self.lines.pop(subject, None)
        self.nodes.setdefault(subject, {}).setdefault(predicate, []).append(object)

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """The objects of a subject and predicate."""
        return self.nodes.get(subject, {}).get(predicate, [])

    def types(self, subject: str) -> list[Term]:
        """The classes of a subject."""
        return self.objects(subject, RDF_TYPE)

    def saying(self, *properties: str) -> Iterator[tuple[str, Statements]]:
        """The subjects of which something is said with one of these properties, and all that is said of them."""
        for subject, statements in self.nodes.items():
            if not statements.keys().isdisjoint(properties):
                yield subject, statements

    def triples(self) -> Iterator[Triple]:
        """All triples, subject by subject."""
        for subject, predicates in self.nodes.items():
            for predicate, objects in predicates.items():
                for object in objects:
                    yield subject, predicate, object

    def __contains__(self, subject: object) -> bool:
        return subject in self.nodes

    def __len__(self) -> int:
        return sum(len(objects) for predicates in self.nodes.values() for objects in predicates.values())
