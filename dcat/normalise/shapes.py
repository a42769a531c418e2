"""Geometries: the box around whatever a source wrote, as WKT in longitude, latitude order."""

import json
import math
import re
from functools import lru_cache
from typing import Any, NamedTuple

from .notes import Repair

LONGEST = 200_000
"""Characters of a geometry that are looked at."""

_NUMBER = r"[+-]?\d{1,12}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?"
_PAIR = re.compile(rf"({_NUMBER})[ \t]+({_NUMBER})")
_NUMBERS = re.compile(_NUMBER)
_WKT = re.compile(
    r"\s*(?:<[^<>]{0,300}>\s*)?(?:SRID=\d+;)?\s*(POLYGON|MULTIPOLYGON|POINT|MULTIPOINT|LINESTRING|MULTILINESTRING"
    r"|ENVELOPE|BOX|BBOX)\s*(?:Z|M|ZM)?\s*\(",
    re.IGNORECASE,
)
_GML = re.compile(r"<(?:\w+:)?(?:lowerCorner|upperCorner|pos|posList|coordinates)\b[^<>]*>([^<>]{3,100000})</")
_LATITUDE_FIRST = re.compile(r"urn:ogc:def:crs:EPSG:[\d.]*:(?:4326|4258)|/def/crs/EPSG/0/(?:4326|4258)")
"""Reference systems whose axes are latitude, longitude."""
_EXACT = re.compile(r"POLYGON\(\((-?[\d.]+ -?[\d.]+)(?:,-?[\d.]+ -?[\d.]+){2,3},\1\)\)")


class Box(NamedTuple):
    """A box in degrees."""

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
        return f"POINT({_short((self.west + self.east) / 2)} {_short((self.south + self.north) / 2)})"


def _short(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=4_096)
def geometry(text: str) -> Repair:
    """The value as WKT: a POINT when it is one, else the box around it; None when it is no place on earth."""
    if _EXACT.fullmatch(text) and _box(_pairs(text)) is not None:
        return Repair(text)
    box, rule = box_of(text)
    if box is None:
        return Repair(None, rule)
    value = box.centre() if box.is_point else box.wkt()
    return Repair(value, rule if value != text else "")


@lru_cache(maxsize=4_096)
def box_of(text: str) -> tuple[Box | None, str]:
    """The box around WKT, GeoJSON, GML, `west,south,east,north` or `ENVELOPE(w,e,n,s)`, and the rule that says so."""
    bare = text.strip()
    if len(bare) > LONGEST:
        return None, "geometry-invalid"
    points = _points(bare)
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
    numbers = [float(number) for number in _NUMBERS.findall(text[:200])]
    if len(numbers) == 4 and re.fullmatch(r"[\d\s.,;|+-]+", text):
        return [(numbers[0], numbers[1]), (numbers[2], numbers[3])]
    return []


def _pairs(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in _PAIR.findall(text)]


def _wkt_points(kind: str, coordinates: str) -> list[tuple[float, float]]:
    if kind in {"ENVELOPE", "BBOX", "BOX"}:
        numbers = [float(number) for number in _NUMBERS.findall(coordinates[:200])]
        if len(numbers) != 4:
            return []
        west, second, third, fourth = numbers
        return [(west, fourth), (second, third)] if kind == "ENVELOPE" else [(west, second), (third, fourth)]
    return _pairs(coordinates)


def _gml_points(text: str) -> list[tuple[float, float]]:
    numbers = [float(number) for part in _GML.findall(text) for number in _NUMBERS.findall(part)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _json_points(text: str) -> list[tuple[float, float]]:
    if text.count("[") > 20_000:
        return []
    try:
        document = json.loads(text, parse_int=float)
    except (ValueError, RecursionError):
        return []
    if isinstance(document, list) and len(document) == 4 and all(isinstance(value, float) for value in document):
        return [(document[0], document[1]), (document[2], document[3])]
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
    """The box around points in degrees; None when there are none or they are in other units."""
    if not points or not _is_degrees(points):
        return None
    longitudes, latitudes = [lon for lon, _ in points], [lat for _, lat in points]
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def is_swapped_belgium(box: Box) -> bool:
    """True when the box would lie in Belgium if longitude and latitude changed places; as it stands it is at sea."""
    return box.west >= 49 and box.east <= 52 and box.south >= 2 and box.north <= 7
