"""Where and when: bounding boxes, polygons, named places, periods (EX_Extent)."""

import re
from decimal import Decimal

from dcat.model import Iri, Location, Period, Text, Wkt

from ..nodes import date, is_iri
from .tree import Item

_BOUNDS = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,30})?")


def places(resource: Item) -> tuple[Location, ...]:
    """Areas covered, each once. A description and the only box beside it are one place, and so is a box with the
    polygon that it is drawn around."""
    found: dict[Location, None] = {}
    for extent in resource.items("extent"):
        parts = extent.items("geographicElement")
        polygons = [Wkt("".join(drawn)) for part in parts if (drawn := part.markup("polygon"))]
        boxes = [box for box in map(_box, parts) if box] or polygons
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
        west, east, south, north = said
        return Wkt(f"{west},{south},{east},{north}") if all(said) else None  # of a map in metres: it will be told
    w, e, s, n = map(Decimal, said)
    if s > n:
        s, n = n, s
    return Wkt(f"POLYGON(({w} {n},{e} {n},{e} {s},{w} {s},{w} {n}))")


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
        end=date(_moment(time, "endPosition", "end/timePosition") or time.text("duration")),
    )


def _moment(time: Item, *paths: str) -> str:
    """A date, also where it says to lie before or after it; nothing for `now`."""
    said = [one.get("indeterminatePosition", "") for path in paths for one in time.attributes(path)]
    return "" if "now" in said else time.text(*paths)
