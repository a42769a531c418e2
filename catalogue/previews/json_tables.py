"""Tables in JSON: lists of objects, lines of objects, features on a map (GeoJSON, RFC 7946)."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .geography import Extent, Point, is_place, positions, some
from .preview import Preview, Unseen
from .table import Table
from .values import as_text

DEEPEST = 3
"""Objects within objects whose fields become columns; deeper ones stay JSON."""
MOST_FIELDS = 2_000
"""Different fields of all objects together."""

Record = Mapping[str, object]
_NO_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b')
"""Texts, which stay, and what Python and R write where there is no number, which JSON has not."""


def json_table(file: Path) -> Table:
    """The table in a document of JSON or JSON lines. Raises `Unseen`."""
    body = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        body = body.decode("utf-16", "replace").encode()
    if b"NaN" in body or b"Infinity" in body:
        body = _NO_NUMBER.sub(lambda found: found[0] if found[0].startswith(b'"') else b"null", body)
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lines(body)
    except RecursionError as error:
        raise Unseen("damaged") from error
    if isinstance(found, dict) and found.get("type") in {"FeatureCollection", "Feature"}:
        return _features(found)
    return _table("JSON", _records(found))


def _lines(body: bytes) -> Table:
    """Lines that are objects each (https://jsonlines.org). Raises `Unseen` when a line is none."""
    try:
        found = [msgspec.json.decode(line) for line in body.splitlines() if line.strip()]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unseen("damaged") from error
    if len(found) < 2:
        raise Unseen("damaged")
    return _table("JSON", found)


def _records(found: Any) -> Sequence[Any]:
    """The list of what the document tells: itself, or the longest list of objects in it."""
    if isinstance(found, list):
        return found
    lists = [one for one in _lists(found, 0) if one and isinstance(one[0], dict | list)]
    return max(lists, key=len, default=[])


def _lists(found: object, depth: int) -> Iterator[list[Any]]:
    if isinstance(found, list):
        yield found
    elif isinstance(found, dict) and depth <= DEEPEST:
        for one in found.values():
            yield from _lists(one, depth + 1)


def _table(format: str, found: Sequence[Any]) -> Table:
    if not found:
        raise Unseen("no-table")
    if all(isinstance(one, list) for one in found):
        return Table(Preview(format=format), [[_cell(cell) for cell in one] for one in found])
    records = [dict(_flat(one)) for one in found if isinstance(one, dict)]
    if len(records) < len(found) / 2:
        raise Unseen("no-table")
    names = _names(records)
    return Table(Preview(format=format), Records(records, names), names)


def _features(found: dict[str, Any]) -> Table:
    features = [found] if found["type"] == "Feature" else found.get("features")
    if not isinstance(features, list):
        raise Unseen("damaged")
    extent, points, records = Extent(), list[Point](), []
    for one in features:
        if not isinstance(one, dict):
            raise Unseen("damaged")
        geometry = _object(one.get("geometry"))
        here = list(_positions(geometry))
        extent.add(here)
        records.append(_feature(one, geometry, here))
        points += here if geometry.get("type") in {"Point", "MultiPoint"} else []
    if not records:
        raise Unseen("empty")
    names = _names(records)
    shown = some(points) if extent.bounds else ()
    return Table(Preview(format="GEOJSON"), Records(records, names), names, list(shown), extent.bounds)


def _positions(geometry: Mapping[str, Any]) -> Iterator[Point]:
    yield from positions(geometry.get("coordinates"))
    parts = geometry.get("geometries")
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict):
            yield from positions(part.get("coordinates"))


def _feature(one: dict[str, Any], geometry: Mapping[str, Any], here: list[Point]) -> dict[str, object]:
    """The properties of a feature, and where it is: of a point both degrees, or metres where it has those of a national
    grid; of another one which kind it is."""
    said = dict(_flat(_object(one.get("properties"))))
    if geometry.get("type") == "Point" and len(here) == 1:
        east, north = ("longitude", "latitude") if is_place(here[0]) else ("x", "y")
        return {**said, east: here[0][0], north: here[0][1]}
    return {**said, "geometry": geometry.get("type")}


def _object(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _flat(record: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[tuple[str, object]]:
    for name, cell in record.items():
        if isinstance(cell, dict) and cell and depth < DEEPEST:
            yield from _flat(cell, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", cell


def _names(records: Iterable[Record]) -> list[str]:
    names: dict[str, None] = {}
    for record in records:
        if len(names) < MOST_FIELDS:
            names.update(dict.fromkeys(record))
    return list(names)


class Records:
    """Objects as rows, which can be gone through again."""

    def __init__(self, records: Sequence[Record], names: Sequence[str]) -> None:
        self._records, self._names = records, names

    def __iter__(self) -> Iterator[list[str]]:
        for record in self._records:
            yield [_cell(record.get(name)) for name in self._names]


def _cell(cell: object) -> str:
    if isinstance(cell, dict | list):
        return msgspec.json.encode(cell).decode()
    if isinstance(cell, float) and not math.isfinite(cell):
        return ""
    return as_text(cell)
