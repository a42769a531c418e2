"""Statements that a document makes from their other end, said of the one that they belong to.

DCAT 3 has names for both ends of some relations, and wants the inverse beside the property itself (section 7, "Use of
inverse properties"). Some feeds say the inverse only: a series names its members, a distribution its dataset. Records
are cut out of a feed by what is said of them, so such a statement is turned round before; it means the same.
"""

from collections.abc import Collection
from typing import NamedTuple

from ..namespaces import RDF_TYPE, expand
from .graph import Graph, Statements


class _Inverse(NamedTuple):
    """What says the same from the other end."""

    property: str
    other: str
    """Class of the end that says the inverse. What the inverse leads to is none, or the ends were taken for each other.
    """


_INVERSES = {
    expand(inverse): _Inverse(expand(property), expand(other))
    for inverse, property, other in (
        ("dcat:seriesMember", "dcat:inSeries", "dcat:DatasetSeries"),
        ("dcat:first", "dcat:inSeries", "dcat:DatasetSeries"),
        ("dcat:last", "dcat:inSeries", "dcat:DatasetSeries"),
        ("dcat:isDistributionOf", "dcat:distribution", "dcat:Distribution"),
        ("dcat:isVersionOf", "dcat:hasVersion", "dcat:Distribution"),
        ("dct:isVersionOf", "dct:hasVersion", "dcat:Distribution"),
    )
}


_SERIES = expand("dcat:DatasetSeries")
_IN_SERIES, _MEMBER = expand("dcat:inSeries"), expand("dcat:seriesMember")
_ENDS = frozenset({expand("dcat:first"), expand("dcat:last")})
"""What a member may say as well: they name the ends of the series "to which the current resource belongs" (DCAT 3)."""
_PART_OF, _HAS_PART = expand("dct:isPartOf"), expand("dct:hasPart")
_READ = frozenset({*_INVERSES, _PART_OF, _HAS_PART})


def are_among(properties: Collection[str]) -> bool:
    """True when one of the properties is an inverse that is turned round, or may say that something is of a series."""
    return not _READ.isdisjoint(properties)


def turn(graph: Graph) -> None:
    """Turns what is said from the other end of something that the graph describes; what leads elsewhere stays.

    What has no more than its class is only mentioned, and would be taken for described.
    """
    _part_series(graph)
    said = _said(graph)
    turned: dict[str, set[tuple[str, str]]] = {}
    for object, statements in graph.nodes.items():
        if object in said and not statements.keys() <= {RDF_TYPE}:
            for inverse, subject in _added(statements, said[object]):
                turned.setdefault(subject, set()).add((inverse, object))
    for subject, statements in graph.saying(*_INVERSES):
        if subject in turned:
            _take_out(statements, turned[subject])


def _part_series(graph: Graph) -> None:
    """The parts of a series are its members: before DCAT 3 there was no other word for them."""
    for _, statements in graph.saying(_PART_OF):
        if series := [one for one in statements[_PART_OF] if isinstance(one, str) and _SERIES in graph.types(one)]:
            _move(statements, _PART_OF, _IN_SERIES, series)
    for _, statements in graph.saying(_HAS_PART):
        if _SERIES in statements.get(RDF_TYPE, ()):
            _move(statements, _HAS_PART, _MEMBER, [one for one in statements[_HAS_PART] if isinstance(one, str)])


def _move(statements: Statements, property: str, other: str, objects: list[str]) -> None:
    statements[other] = list(dict.fromkeys((*statements.get(other, ()), *objects)))
    statements[property] = [one for one in statements[property] if one not in objects]
    if not statements[property]:
        del statements[property]


def _said(graph: Graph) -> dict[str, list[tuple[str, str]]]:
    """What inverses lead to, each with the inverse and who says it."""
    said: dict[str, list[tuple[str, str]]] = {}
    for subject, statements in graph.saying(*_INVERSES):
        is_series = _SERIES in statements.get(RDF_TYPE, ())
        for inverse in filter(statements.__contains__, _INVERSES):
            if inverse in _ENDS and not is_series:
                continue
            for object in statements[inverse]:
                if isinstance(object, str) and object != subject:
                    said.setdefault(object, []).append((inverse, subject))
    return said


def _added(statements: Statements, said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Says of a node what was said from the other end; gives what was."""
    types = statements.get(RDF_TYPE, ())
    taken = [one for one in said if _INVERSES[one[0]].other not in types]
    found: dict[str, list[str]] = {}
    for inverse, subject in taken:
        found.setdefault(_INVERSES[inverse].property, []).append(subject)
    for property, subjects in found.items():
        statements[property] = list(dict.fromkeys((*statements.get(property, ()), *subjects)))
    return taken


def _take_out(statements: Statements, turned: set[tuple[str, str]]) -> None:
    for inverse in {inverse for inverse, _ in turned}:
        statements[inverse] = [object for object in statements[inverse] if (inverse, object) not in turned]
        if not statements[inverse]:
            del statements[inverse]
