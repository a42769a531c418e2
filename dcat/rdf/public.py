"""The public graph, for people who script and for SHACL; never on the way of a record from source to page."""

from collections.abc import Iterable

import rdflib

from ..namespaces import PREFIXES
from .formats import clean_text
from .graph import Literal, Term, Triple

rdflib.NORMALIZE_LITERALS = False  # else rdflib writes "1e999999999"^^xsd:decimal out: 2 GB from 100 bytes


def to_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """An `rdflib.Graph` of triples, its prefixes bound."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for subject, predicate, object in triples:
        graph.add((_node(subject), rdflib.URIRef(predicate), _term(object)))
    return graph


def _node(name: str) -> rdflib.URIRef | rdflib.BNode:
    return rdflib.BNode(name[2:]) if name.startswith("_:") else rdflib.URIRef(name)


def _term(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, Literal):
        text = clean_text(term.value)
        return rdflib.Literal(text, lang=term.lang or None, datatype=term.datatype or None, normalize=False)
    return _node(term)
