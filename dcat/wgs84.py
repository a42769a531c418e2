"""Places whose degrees a source gives by themselves: in the words of WGS84 Geo or schema.org, as WKT.

`geo:lat` and `geo:long` (https://www.w3.org/2003/01/geo/) and `schema:latitude` and `schema:longitude` are a point, and
the `schema:box` of a `schema:GeoShape` names the southern, western, northern and eastern side.
"""

import re
from collections.abc import Iterator, Mapping

from .model import Location, Node
from .namespaces import expand
from .rdf import Graph, Literal, Term

Statements = Mapping[str, list[Term]]

_WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_AXES = (
    (f"{_WGS84}lat", f"{_WGS84}long"),
    (expand("schema:latitude"), expand("schema:longitude")),
    (expand("sdo:latitude"), expand("sdo:longitude")),
)
_BOXES = (expand("schema:box"), expand("sdo:box"))
_SHAPES = (expand("schema:geo"), expand("sdo:geo"))
_CENTROID, _BBOX = expand("dcat:centroid"), expand("dcat:bbox")
_BETWEEN = re.compile(r"[\s,]+")
_READ = frozenset({*(axis for axes in _AXES for axis in axes), *_BOXES, *_SHAPES})


def in_parts(graph: Graph, struct: type[Node], statements: Statements) -> Statements:
    """What is said of a place, with its point and box in the property that the profile has for each."""
    if struct is not Location or _READ.isdisjoint(statements):
        return statements
    made: dict[str, list[Term]] = {}
    for said in _with_shapes(graph, statements):
        for latitude, longitude in _AXES:
            for lat, lon in zip(_texts(said, latitude), _texts(said, longitude), strict=False):
                made.setdefault(_CENTROID, [Literal(f"POINT({lon} {lat})")])
        for box in (text for property in _BOXES for text in _texts(said, property)):
            south, west, north, east, *_ = (*_BETWEEN.split(box), "", "", "", "")
            made.setdefault(_BBOX, [Literal(f"BOX({west} {south},{east} {north})")])
    if not made:
        return statements  # what nobody understood is told
    return made | {property: terms for property, terms in statements.items() if property not in _READ}


def _with_shapes(graph: Graph, statements: Statements) -> Iterator[Statements]:
    yield statements
    for property in _SHAPES:
        yield from (
            graph.nodes[term] for term in statements.get(property, ()) if isinstance(term, str) and term in graph
        )


def _texts(statements: Statements, property: str) -> list[str]:
    return [term.value.strip() for term in statements.get(property, ()) if isinstance(term, Literal)]
