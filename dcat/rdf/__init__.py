"""The one door to the RDF libraries.

In: `parse` reads Turtle, RDF/XML, JSON-LD, N-Triples, TriG and N-Quads that nobody has checked into a light `Graph`;
`subgraph` cuts one record out of it. Out: `ntriples`, `serialise` and `stream` write only what has been checked.
`public` gives an `rdflib.Graph` to whoever wants to query. Nothing here ever touches the network.
"""

from .apart import TooCostly, parse, parse_named, weigh_xml
from .formats import MEDIA_TYPES, Format, ParseError, clean_text, sniff
from .graph import Graph, Literal, Term, Triple, is_blank
from .ntriples import joined, lines, ntriples
from .serialising import WRITER, Form, form, parts, serialise, stream
from .subgraph import ENTRY_CLASSES, TooMuch, hand_on, remembered, subgraph, take_over
from .terms import digest, is_iri, is_language

__all__ = [
    "ENTRY_CLASSES",
    "MEDIA_TYPES",
    "WRITER",
    "Form",
    "Format",
    "Graph",
    "Literal",
    "ParseError",
    "Term",
    "TooCostly",
    "TooMuch",
    "Triple",
    "clean_text",
    "digest",
    "form",
    "hand_on",
    "is_blank",
    "is_iri",
    "is_language",
    "joined",
    "lines",
    "ntriples",
    "parse",
    "parse_named",
    "parts",
    "remembered",
    "serialise",
    "sniff",
    "stream",
    "subgraph",
    "take_over",
    "weigh_xml",
]
