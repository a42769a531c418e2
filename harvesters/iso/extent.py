"""Where and when: bounding boxes, named places, periods (EX_Extent)."""

import re
from decimal import Decimal

from dcat.model import Iri, Location, Period, Text, Wkt

from ..nodes import date, is_iri
from .tree import Item

_BOUNDS = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,30})?")
_OPEN = frozenset({"now", "unknown", "after", "before"})


def places(resource: Item) -> tuple[Location, ...]:
    """Areas covered, each once. A description and the only box beside it are one place."""
    found: dict[Location, None] = {}
    for extent in resource.items("extent"):
        parts = extent.items("geographicElement")
        boxes = [box for box in map(_box, parts) if box]
        names = extent.texts("description")
        if names and len(boxes) == 1:
            found[Location(labels=names, bbox=boxes[0])] = None
        else:
            found |= dict.fromkeys(Location(bbox=box) for box in boxes)
            found |= {Location(labels=names): None} if names else {}
        found |= dict.fromkeys(filter(None, map(_named, parts)))
    return tuple(found)


def _box(part: Item) -> Wkt | None:
    if part.kind != "EX_GeographicBoundingBox":
        return None
    said = [part.text(bound).replace(",", ".") for bound in _BOUNDS]
    if not all(map(_NUMBER.fullmatch, said)):
        return None
    west, east, south, north = map(Decimal, said)
    if south > north:
        south, north = north, south
    return Wkt(f"POLYGON(({west} {north},{east} {north},{east} {south},{west} {south},{west} {north}))")


def _named(part: Item) -> Location | None:
    """A place by its identifier: an IRI, or a name."""
    code = part.value("geographicIdentifier/code")
    where = code.href if is_iri(code.href) else code.text
    if not where:
        return None
    return Location(iri=Iri(where), labels=()) if is_iri(where) else Location(labels=code.texts or (Text(where),))


def periods(resource: Item) -> tuple[Period, ...]:
    """Times covered; open where the source says `now` or nothing."""
    times = resource.items("extent/temporalElement/extent")
    return tuple(dict.fromkeys(period for period in map(_period, times) if period != Period()))


def _period(time: Item) -> Period:
    if time.kind == "TimeInstant":
        moment = date(time.text("timePosition"))
        return Period(start=moment, end=moment)
    return Period(
        start=date(_moment(time, "beginPosition", "begin/timePosition")),
        end=date(_moment(time, "endPosition", "end/timePosition")),
    )


def _moment(time: Item, *paths: str) -> str:
    said = [one.get("indeterminatePosition", "") for path in paths for one in time.attributes(path)]
    return "" if _OPEN.intersection(said) else time.text(*paths)
