"""Where the things of a table are: the points and the extent of its geometries, of its columns with coordinates."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .preview import POINTS

Point = tuple[float, float]
Bounds = tuple[float, float, float, float]

_LATITUDE = re.compile(r"(lat(itude)?|breedtegraad|breitengrad)(_wgs84)?|y_wgs84|(wgs84|gps)_lat(itude)?")
_LONGITUDE = re.compile(r"(lon|lng|long(itude)?|lengtegraad|laengengrad)(_wgs84)?|x_wgs84|(wgs84|gps)_lon(gitude)?")
_BOTH = re.compile(r"geo_?point(_2d)?|coord(onnees|inates|inaten)(_geo)?|gps")
DEEPEST = 8
"""Lists within lists in which coordinates stand (RFC 7946 needs four)."""

_PAIR = re.compile(r"\[?\s*(-?\d{1,3}\.\d+)\s*[,;]\s*(-?\d{1,3}\.\d+)\s*\]?").fullmatch


def is_place(point: Sequence[float]) -> bool:
    """True for degrees on the globe; metres of a national grid are none."""
    return len(point) > 1 and all(map(math.isfinite, point[:2])) and abs(point[0]) <= 180 and abs(point[1]) <= 90


def positions(coordinates: Any, depth: int = 0) -> Iterator[Point]:
    """All positions in the coordinates of a geometry."""
    if not isinstance(coordinates, list) or depth > DEEPEST:
        return
    if len(coordinates) > 1 and all(type(one) in {int, float} for one in coordinates[:2]):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for one in coordinates:
        yield from positions(one, depth + 1)


def columns_of_places(keys: Sequence[str]) -> tuple[int, ...]:
    """The places of the columns that hold latitude and longitude, or of the one that holds both; nothing for none."""
    lat = [place for place, key in enumerate(keys) if _LATITUDE.fullmatch(key)]
    lon = [place for place, key in enumerate(keys) if _LONGITUDE.fullmatch(key)]
    if len(lat) == 1 and len(lon) == 1:
        return lat[0], lon[0]
    both = [place for place, key in enumerate(keys) if _BOTH.fullmatch(key)]
    return (both[0],) if len(both) == 1 else ()


def point_of(cells: Sequence[object]) -> Point | None:
    """The point that one or two cells say: latitude first, as people write it."""
    if len(cells) == 1:
        said = _PAIR(str(cells[0]))
        cells = (float(said[1]), float(said[2])) if said else ()
    if len(cells) != 2 or not all(type(one) in {int, float} for one in cells):
        return None
    point = float(str(cells[1])), float(str(cells[0]))
    return point if is_place(point) and point != (0.0, 0.0) else None


class Extent:
    """Grows with every point."""

    def __init__(self) -> None:
        self.bounds: Bounds | None = None

    def add(self, points: Iterable[Point]) -> None:
        """Takes in what is on the globe."""
        for east, north in points:
            if not is_place((east, north)):
                continue
            known = self.bounds or (east, north, east, north)
            self.bounds = min(known[0], east), min(known[1], north), max(known[2], east), max(known[3], north)


def some(points: Sequence[Point]) -> tuple[Point, ...]:
    """As many as a map shows, spread over all, each rounded to about ten metres."""
    step = max(1, -(-len(points) // POINTS))
    return tuple(dict.fromkeys((round(east, 4), round(north, 4)) for east, north in points[::step]))
