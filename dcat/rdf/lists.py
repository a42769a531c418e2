"""Lists and containers of RDF, in the place of what they hold.

DCAT says one thing many times where others make a list of them (`dcat:keyword ("a" "b")`, `@container: @list` in
JSON-LD, rdf:Bag in RDF/XML): what is said with a list is said of each of its members.
"""

from collections.abc import Collection, Iterator

from ..namespaces import PREFIXES, expand
from .graph import Graph, Statements, Term, is_blank

_FIRST, _REST, _NIL = (expand(f"rdf:{name}") for name in ("first", "rest", "nil"))
_OF_LISTS = (PREFIXES["sh"], PREFIXES["owl"])
"""Vocabularies whose properties lead to lists on purpose (`sh:or`)."""
_MEMBER = PREFIXES["rdf"] + "_"
"""How the properties of a container begin: rdf:_1, rdf:_2 …"""


def are_among(properties: Collection[str]) -> bool:
    """True when a document has lists or containers."""
    return _FIRST in properties or any(one.startswith(_MEMBER) for one in properties)


def unroll(graph: Graph) -> None:
    """Puts the members in the place of each list without IRI, where it is said first: said again and again, a long one
    would grow without end."""
    lists = {subject for subject, statements in graph.nodes.items() if is_blank(subject) and _is_list(statements)}
    left = {*lists, _NIL}
    for subject, statements in graph.nodes.items():
        if subject not in lists:
            for property, values in statements.items():
                if not property.startswith(_OF_LISTS) and not left.isdisjoint(
                    value for value in values if isinstance(value, str)
                ):
                    statements[property] = [member for value in values for member in _members(value, graph, left)]
            for property in [property for property, values in statements.items() if not values]:
                del statements[property]
    for subject in lists - left:
        del graph.nodes[subject]


def _is_list(statements: Statements) -> bool:
    return _FIRST in statements or any(property.startswith(_MEMBER) for property in statements)


def _members(value: Term, graph: Graph, left: set[str]) -> Iterator[Term]:
    """What a value stands for: itself, or the members of a list that is left, in their order."""
    while isinstance(value, str) and value in left and value != _NIL:
        left.remove(value)
        statements = graph.nodes[value]
        yield from statements.get(_FIRST, ())
        numbered = [property for property in statements if property.startswith(_MEMBER)]
        for property in sorted(numbered, key=lambda one: (len(one), one)):
            yield from statements[property]
        value = next(iter(statements.get(_REST, ())), _NIL)
    if value != _NIL:
        yield value
