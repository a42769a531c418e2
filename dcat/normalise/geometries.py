"""Geometries: the box around whatever a source wrote, as WKT in longitude, latitude order."""

import json
import math
import re
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from .notes import Repair

LONGEST = 200_000
"""Characters of a geometry that are looked at."""

_NUMBER = r"[+-]?\d{1,12}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?"
_PAIR = re.compile(rf"({_NUMBER})[ \t]+({_NUMBER})")
_NUMBERS = re.compile(_NUMBER)
_POSITION = re.compile(rf"\s*{_NUMBER}\s+{_NUMBER}(?:\s+{_NUMBER}){{0,2}}\s*")
_BETWEEN_POSITIONS = re.compile(r"[(),]+")
_WKT = re.compile(
    r"\s*(?:<[^<>]{0,300}>\s*)?(?:SRID=\d+;)?\s*(POLYGON|MULTIPOLYGON|POINT|MULTIPOINT|LINESTRING|MULTILINESTRING"
    r"|GEOMETRYCOLLECTION|ENVELOPE|BOX|BBOX)\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY\b)",
    re.IGNORECASE,
)
_BARE = re.compile(r"[\[(]?[\d\s.,;|+-]+[\])]?", re.ASCII)
_LONGEST_BARE = 200
_GML = re.compile(r"<(?:\w+:)?(?:lowerCorner|upperCorner|pos|posList|coordinates)\b[^<>]*>([^<>]{3,100000})</")
_LATITUDE_FIRST = re.compile(r"urn:ogc:def:crs:EPSG:[\d.]*:(?:4326|4258)|/def/crs/EPSG/0/(?:4326|4258)")
"""Reference systems whose axes are latitude, longitude."""
_CORNERS = 3
"""Of a polygon, at least: fewer are what is left of one that was cut off."""
_EXACT = re.compile(r"POLYGON\(\((-?[\d.]+ -?[\d.]+)(?:,-?[\d.]+ -?[\d.]+){2,3},\1\)\)")


class Box(NamedTuple):
    """A box in degrees. One that lies across 180° has its west east of its east, as in RFC 7946, 5.2."""

    west: float
    south: float
    east: float
    north: float

    @property
    def is_point(self) -> bool:
        """True when it has no extent."""
        return self.west == self.east and self.south == self.north

    def wkt(self) -> str:
        """As dcat:bbox wants it: a POLYGON, which is what data.gov.be keeps."""
        w, s, e, n = (_short(value) for value in self)
        return f"POLYGON(({w} {n},{e} {n},{e} {s},{w} {s},{w} {n}))"

    def centre(self) -> str:
        """As dcat:centroid wants it."""
        middle = (self.west + self.east + (360 if self.west > self.east else 0)) / 2
        return f"POINT({_short(middle - 360 if middle > 180 else middle)} {_short((self.south + self.north) / 2)})"


def _short(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=4_096)
def geometry(text: str) -> Repair:
    """The value as WKT: a POINT when it is one, else the box around it; None when it is no place on earth."""
    exact = _box(_pairs(text)) if _EXACT.fullmatch(text) else None
    if exact is not None and not is_swapped_belgium(exact):
        return Repair(text)
    box, rule = box_of(text)
    if box is None:
        return Repair(None, rule)
    value = box.centre() if box.is_point else box.wkt()
    return Repair(value, rule if value != text else "")


def is_drawn(text: str) -> bool:
    """True for coordinates in any notation, also four numbers that nobody can place: they are no place's name."""
    bare = text.strip()
    if _BARE.fullmatch(bare[: _LONGEST_BARE + 1]):
        return len(_NUMBERS.findall(bare)) >= 4 or box_of(bare)[0] is not None
    return bool(bare.startswith(("{", "[")) or "<gml:" in bare or _WKT.match(bare) or corners(bare))


@lru_cache(maxsize=4_096)
def box_of(text: str) -> tuple[Box | None, str]:
    """The box around WKT, GeoJSON, GML, `west,south,east,north` or `ENVELOPE(w,e,n,s)`, and the rule that says so."""
    bare = text.strip()
    if len(bare) > LONGEST:
        return None, "geometry-invalid"
    points = _points(bare) or corners(bare)
    turned = [(lon, lat) for lat, lon in points]
    if _LATITUDE_FIRST.search(bare):
        points, turned = turned, points
    box = _box(points)
    if box is not None and not is_swapped_belgium(box):
        return box, "geometry-rewritten"
    swapped = _box(turned)
    return (swapped, "geometry-swapped") if swapped is not None else (None, "geometry-invalid")


def _points(text: str) -> list[tuple[float, float]]:
    if text.startswith(("{", "[")):
        return _json_points(text)
    if found := _WKT.match(text):
        return _wkt_points(found[1].upper(), text[found.end() :])
    if "<" in text:
        return _gml_points(text)
    return _bare_points(text)


def _bare_points(text: str) -> list[tuple[float, float]]:
    """`west,south,east,north`, or the two numbers of a point; the numbers may have a decimal comma."""
    if len(text) > _LONGEST_BARE or not _BARE.fullmatch(text):
        return []
    for written in (text, text.replace(",", ".")):
        numbers = [float(number) for number in _NUMBERS.findall(written)]
        if len(numbers) == 6:
            return _without_heights(numbers)
        if len(numbers) in {2, 4}:
            return list(zip(numbers[::2], numbers[1::2], strict=True))
    return []


def _without_heights(numbers: list[float]) -> list[tuple[float, float]]:
    """The corners of a box in three dimensions (RFC 7946, 5); none where the second is not above the first: six
    numbers may be a line of three points."""
    west, south, low, east, north, high = numbers
    return [(west, south), (east, north)] if south <= north and low <= high else []


def _pairs(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in _PAIR.findall(text)]


def _wkt_points(kind: str, coordinates: str) -> list[tuple[float, float]]:
    if kind in {"ENVELOPE", "BBOX", "BOX"}:
        numbers = [float(number) for number in _NUMBERS.findall(coordinates[:200])]
        if len(numbers) != 4:
            return []
        west, second, third, fourth = numbers
        return [(west, fourth), (second, third)] if kind == "ENVELOPE" else [(west, second), (third, fourth)]
    points = _pairs(coordinates) if _are_positions(coordinates) else []
    return points if len(points) >= _CORNERS or not kind.endswith("POLYGON") else []


def _are_positions(coordinates: str) -> bool:
    """True when there are positions alone between the commas: a decimal comma (`4,35 50,85`) leaves lone numbers."""
    parts = _BETWEEN_POSITIONS.split(coordinates)
    return all(_POSITION.fullmatch(part) for part in parts if any(map(str.isdigit, part)))


def _gml_points(text: str) -> list[tuple[float, float]]:
    numbers = [float(number) for part in _GML.findall(text) for number in _NUMBERS.findall(part)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


_SIDES = re.compile(
    r"(?P<side>west|east|south|north|[xy]_?min|[xy]_?max|min_?[xy]|max_?[xy]|(?:min|max)_?l(?:at|on)|lat(?:itude)?"
    r"|lon(?:gitude)?|lng)(?:_?bound_?)?(?:longitude|latitude|limit)?[\"']?\s*[:=]\s*[\"']?"
    rf"(?P<number>{_NUMBER})",
    re.IGNORECASE,
)
"""`westlimit=4.24; southlimit=50.76; …` (DCMI Box), `"xmin": 4.24, …`, `lat: 50.85, lon: 4.35`."""
_SIDE_OF = {
    **dict.fromkeys(("west", "xmin", "minx", "minlon"), ("west",)),
    **dict.fromkeys(("east", "xmax", "maxx", "maxlon"), ("east",)),
    **dict.fromkeys(("south", "ymin", "miny", "minlat"), ("south",)),
    **dict.fromkeys(("north", "ymax", "maxy", "maxlat"), ("north",)),
    **dict.fromkeys(("lon", "longitude", "lng"), ("west", "east")),
    **dict.fromkeys(("lat", "latitude"), ("south", "north")),
}


def corners(text: str) -> list[tuple[float, float]]:
    """The south-western and north-eastern corner of a box, or of a point, whose sides are named."""
    sides: dict[str, float] = {}
    for found in _SIDES.finditer(text[: 5 * _LONGEST_BARE]):
        for side in _SIDE_OF[found["side"].casefold().replace("_", "")]:
            sides.setdefault(side, float(found["number"]))
    if sides.keys() == {"east", "north"}:  # a DCMI Point
        sides |= {"west": sides["east"], "south": sides["north"]}
    if len(sides) != 4:
        return []
    return [(sides["west"], sides["south"]), (sides["east"], sides["north"])]


def _json_points(text: str) -> list[tuple[float, float]]:
    if text.count("[") > 20_000:
        return []
    try:
        document = json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return []
    if isinstance(document, list) and len(document) == 4 and all(isinstance(value, float) for value in document):
        return [(document[0], document[1]), (document[2], document[3])]
    if isinstance(document, list) and len(document) == 6 and all(isinstance(value, float) for value in document):
        return _without_heights(document)
    return _positions(document)


def _positions(document: Any) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend(
                part.get(name) for name in ("coordinates", "geometry", "geometries", "features") if name in part
            )
        elif isinstance(part, list):
            if len(part) >= 2 and all(isinstance(value, float) for value in part[:2]):
                found.append((part[0], part[1]))
            else:
                waiting.extend(part)
    return found


def _is_degrees(points: list[tuple[float, float]]) -> bool:
    return all(
        math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points
    )


def _box(points: list[tuple[float, float]]) -> Box | None:
    """The box around points in degrees; None when there are none, when they are in other units, and when all of them
    are the zero of both axes, which programs write for nothing."""
    if not points or not _is_degrees(points) or not any(map(any, points)):
        return None
    latitudes = [lat for _, lat in points]
    west, east = _span([lon for lon, _ in points])
    return Box(west, min(latitudes), east, max(latitudes))


def _span(longitudes: list[float]) -> tuple[float, float]:
    """The first and last longitude, eastward; the east is the smaller number where the way there crosses 180°.

    Corners, and the ring of a box, begin in the west. Of other shapes no step is longer than half the way round.
    """
    plain = min(longitudes), max(longitudes)
    if plain[1] - plain[0] <= 180:
        return plain
    if len(set(longitudes)) == 2:
        return plain if longitudes[0] == plain[0] or plain == (-180, 180) else (plain[1], plain[0])
    unrolled = _unrolled(longitudes)
    west, east = min(unrolled), max(unrolled)
    return (_degree(west), _degree(east)) if east - west <= 180 else plain


def _unrolled(longitudes: list[float]) -> list[float]:
    """The longitudes as if degrees went on beyond 180."""
    found, turns = [longitudes[0]], 0
    for before, after in pairwise(longitudes):
        turns += 360 * ((before - after > 180) - (after - before > 180))
        found.append(after + turns)
    return found


def _degree(longitude: float) -> float:
    return (longitude + 180) % 360 - 180 if not -180 <= longitude <= 180 else longitude


def is_swapped_belgium(box: Box) -> bool:
    """True when the box would lie in Belgium if longitude and latitude changed places; as it stands it is at sea."""
    return box.west >= 49 and box.east <= 52 and box.south >= 2 and box.north <= 7
