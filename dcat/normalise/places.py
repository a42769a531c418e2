"""Places: known ones under their geonames IRI with the names and box of our table, all others as they are."""

import re
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import Catalog, DataService, Dataset, DatasetSeries, Iri, Location, Publication, Wkt
from ..order import ordered_nodes
from ..vocab import PLACES, Term
from .geometries import Box, box_of
from .notes import Log

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication, Catalog)

_REGISTERS = (
    re.compile(r"https?://(?:www\.|sws\.)?geonames\.org/(?P<geonames>\d+)(?:/.*)?\Z"),
    re.compile(r"https?://vocab\.belgif\.be/auth/refnis\d{4}/(?P<nis>\d{4,5})(?:#id)?\Z"),
    re.compile(r"https?://data\.vlaanderen\.be/id/gemeente/(?P<nis>\d{5})\Z"),
    re.compile(r"https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/(?P<wikidata>Q\d+)\Z"),
    re.compile(r"https?://(?:data\.europa\.eu/nuts/code|nuts\.geovocab\.org/id)/(?P<nuts>BE\w{0,3})\Z"),
    re.compile(r"(?:nuts ?:? ?|NUTS ?:? ?)?(?P<nuts>BE\d{0,3})\Z"),
)
_GEONAMES = "https://sws.geonames.org/{}/"
_ODS_CODE = re.compile(r"be_\d+_(\d{5})", re.IGNORECASE)
_SHARED = ("https://sws.geonames.org/", "http://publications.europa.eu/resource/authority/", "http://vocab.belgif.be/")


def name_places(entry: R, log: Log) -> R:
    """dct:spatial: known places under their geonames IRI; a box of the source's own is a place of its own."""
    if not entry.spatial:
        return entry
    kept: list[Location] = []
    for number, location in enumerate(entry.spatial, start=1):
        for place in _places(location, f"dct:spatial[{number}]", log):
            if place not in kept:
                kept.append(place)
    places = ordered_nodes(tuple(kept))
    return entry if places == entry.spatial else msgspec.structs.replace(entry, spatial=places)


def _places(location: Location, field: str, log: Log) -> tuple[Location, ...]:
    location = _with_box(location, field, log)
    term = known(location)
    if term is not None:
        return _known_place(location, term, field, log)
    iri = _canonical(location.iri)
    if iri != location.iri:
        log.note(field, location.iri, "place-rewritten", iri or "")
        location = msgspec.structs.replace(location, iri=iri)
    if iri and iri.startswith(_SHARED) and (location.bbox or location.centroid):
        return (Location(iri=iri, labels=location.labels), _own_box(location, iri))
    return (location,)


def _known_place(location: Location, term: Term, field: str, log: Log) -> tuple[Location, ...]:
    place = published(term)
    if location.iri != place.iri:
        log.note(field, location.iri or next((text.value for text in location.labels), ""), "place-mapped", place.iri)
    if location.bbox in {None, place.bbox}:
        return (place,)
    return (place, _own_box(location, place.iri))


def _own_box(location: Location, iri: Iri | None) -> Location:
    """The source's box as a place of its own: two boxes for one shared IRI would contradict each other."""
    match = (iri,) if iri else ()
    return Location(bbox=location.bbox, centroid=location.centroid, labels=location.labels, exact_match=match)


def _canonical(iri: Iri | None) -> Iri | None:
    found = _REGISTERS[0].match(iri) if iri else None
    return Iri(_GEONAMES.format(found["geonames"])) if found else iri


def known(location: Location) -> Term | None:
    """The place of our table that a location means by its IRI, a match in a register, or its name."""
    texts = (location.iri or "", *location.exact_match, *(text.value for text in location.labels))
    return next((term for text in texts if text and (term := place(text)) is not None and term.iri), None)


@lru_cache(maxsize=4_096)
def place(text: str) -> Term | None:
    """The place that a name, NIS code or IRI means."""
    for register in _REGISTERS:
        if found := register.match(text):
            ((name, code),) = found.groupdict().items()
            return _by_register().get((name, code.zfill(5) if name == "nis" else code))
    if (found := _ODS_CODE.fullmatch(text)) is not None:
        return PLACES.by_code.get(found[1])
    return PLACES.find(text) if len(text) <= 100 else None


@lru_cache(maxsize=1)
def _by_register() -> dict[tuple[str, str], Term]:
    found: dict[tuple[str, str], Term] = {}
    for term in PLACES:
        found["nis", term.code] = term
        if term.iri:
            found["geonames", term.iri.rstrip("/").rpartition("/")[2]] = term
        for register in ("nuts", "wikidata"):
            if code := term.extra.get(register):
                found[register, code] = term
    found["nuts", "BE10"] = found["nuts", "BE100"] = found["nuts", "BE1"]
    return found


@lru_cache(maxsize=64)
def published(term: Term) -> Location:
    """A place of our table as it is published."""
    box = Box(*map(float, term.words("bbox"))) if "bbox" in term.extra else None
    nuts = term.extra.get("nuts")
    matches = [Iri(f"http://data.europa.eu/nuts/code/{nuts}")] if nuts else []
    return Location(
        iri=term.iri,
        labels=term.labels,
        bbox=Wkt(box.wkt()) if box else None,
        centroid=Wkt(box.centre()) if box else None,
        exact_match=tuple(matches),
    )


def _with_box(location: Location, field: str, log: Log) -> Location:
    """locn:geometry is never published (no value satisfies both official shapes): its box is."""
    bbox, centroid = location.bbox, location.centroid
    for geometry in filter(None, (location.geometry, bbox)):
        if not geometry.startswith("POLYGON"):
            centroid, bbox = centroid or geometry, None if bbox == geometry else bbox
        elif bbox is None:
            bbox = geometry
    if bbox and centroid is None and (box := box_of(bbox)[0]) is not None:
        centroid = Wkt(box.centre())
    if centroid and not centroid.startswith("POINT"):
        box = box_of(centroid)[0]
        centroid = Wkt(box.centre()) if box else None
    if location.geometry is not None:
        log.note(f"{field}/locn:geometry", location.geometry, "geometry-boxed", bbox or centroid or "")
    if (bbox, centroid, None) == (location.bbox, location.centroid, location.geometry):
        return location
    return msgspec.structs.replace(location, bbox=bbox, centroid=centroid, geometry=None)
