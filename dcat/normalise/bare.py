"""Nodes of which a source gave only a text: an address that stands in the title, an interval in the start date."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ..model import (
    Concept,
    Date,
    Document,
    Instant,
    Iri,
    LicenseDocument,
    Location,
    Node,
    Period,
    RightsStatement,
    Standard,
    Text,
)
from ..rdf import is_iri
from .dates import date, duration, in_address
from .iris import KNOWN

_BETWEEN = re.compile(r"\s+(?:-|–|to|tot|tot en met|à|au|jusqu'à|bis|until|till|t/m)\s+", re.IGNORECASE)
_INTERVAL = re.compile(r"\s*(?:/|–|--|;|(?<=\b\d{4})-(?=\d{4}\b))\s*")
_FROM = re.compile(
    r"\A\s*(?:from|since|van|vanaf|sinds|de|du|depuis|dès|von|vom|ab|seit)\s+(?=.*\d)", re.IGNORECASE | re.DOTALL
)
_EPSG = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})(?:\b.*)?", re.IGNORECASE)
_CRS = "http://www.opengis.net/def/crs/EPSG/0/"
_LONGEST = 200
"""Characters of a period in words."""
_OPEN = frozenset(
    (
        "",
        *("..", "...", "now", "present", "today", "ongoing", "unknown", "none", "null"),
        *("aujourd'hui", "présent", "en cours", "à ce jour", "heden", "vandaag", "nu", "lopend"),
        *("heute", "jetzt", "laufend"),
    )
)
"""What stands where a span has no end."""
_NAMED_ENDS = re.compile(
    r"[\"']?\b(?P<end>start|begin|end)(?:[ _]?date)?[\"']?\s*[:=]\s*[\"']?(?P<date>[^\"';,}]*)", re.IGNORECASE
)
"""`start=2018-01-01; end=2018-12-31` (https://www.dublincore.org/specifications/dublin-core/dcmi-period/), or JSON."""


def interval(period: Period) -> Period:
    """`2019-01-01/2026-12-31` as one text; an end that is open, far away or repeated (`R/P1Y`) is left out."""
    if period.iri and period == Period(iri=period.iri) and (named := in_address(period.iri)):
        return Period(iri=period.iri, start=Date(named), end=Date(named))
    if period.start is None or period.end is not None or date(period.start).value is not None:
        return _open_end(period)
    text = _FROM.sub("", period.start[:_LONGEST]).strip()
    if date(text).value is not None:
        return _open_end(msgspec.structs.replace(period, start=Date(text)))
    parts = _ends(text)
    if len(parts) != 2 or not all(_is_end(part) for part in parts):
        return period
    start, end = (Date(part) if date(part).value else None for part in parts)
    return _open_end(msgspec.structs.replace(period, start=start, end=end))


def _ends(text: str) -> list[str]:
    """The first and last day that a text names, as they are written."""
    named = {found["end"].casefold(): found["date"].strip() for found in _NAMED_ENDS.finditer(text)}
    if named:
        return [named.get("start", named.get("begin", "")), named.get("end", "")]
    parts = _BETWEEN.split(text, maxsplit=2)
    return [part.strip() for part in (parts if len(parts) == 2 else _INTERVAL.split(text, maxsplit=2))]


def _is_end(text: str) -> bool:
    return text.casefold() in _OPEN or date(text).value is not None or duration(text).value is not None


def _open_end(period: Period) -> Period:
    """A span that ends in the year 9999, or `now`, has no end."""
    end = period.end
    is_open = end is not None and (end.startswith("9999-") or end == "9999" or end.casefold() in _OPEN - {""})
    return msgspec.structs.replace(period, end=None) if is_open else period


def instant(moment: Instant) -> Instant:
    """A moment that is only named, by an address that says which."""
    if moment.date_time or moment.date or not moment.iri or not (named := in_address(moment.iri)):
        return moment
    return msgspec.structs.replace(moment, date=Date(named))


def page(document: Document) -> Document:
    """A page whose address was written as its title."""
    address = _address(document.titles) if document.iri is None else None
    return Document(iri=address) if address else document


def standard(given: Standard) -> Standard:
    """A standard whose address, or whose EPSG number, was written as its title."""
    if given.iri is not None:
        return given
    texts = given.titles or given.labels
    if address := _address(texts):
        return Standard(iri=address)
    found = _EPSG.fullmatch(texts[0].value.strip()) if len(texts) == 1 else None
    return msgspec.structs.replace(given, iri=Iri(_CRS + found[1])) if found else given


def location(given: Location) -> Location:
    """A place whose address was written as its name."""
    address = _address(given.labels) if given.iri is None else None
    return msgspec.structs.replace(given, iri=address, labels=()) if address else given


def _address(texts: tuple[Text, ...]) -> Iri | None:
    if len(texts) != 1:
        return None
    text = texts[0].value.strip()
    return Iri(text) if text.startswith(("http://", "https://", "www.")) and " " not in text else None


def words_for_iri(node: Any) -> Any:
    """A concept, licence or statement whose IRI is none (`csv`, `CC BY`, `zip:csv`) means what the word says."""
    if node.iri is None or node.iri.strip().startswith(("http:", "https:", "www.")):
        return node
    if is_iri(node.iri) and node.iri.partition(":")[0].lower() in KNOWN:
        return node
    return msgspec.structs.replace(node, iri=None, labels=node.labels or (Text(node.iri),))


PREPARE: dict[type[Node], Callable[[Any], Any]] = {
    Period: interval,
    Instant: instant,
    Document: page,
    Standard: standard,
    Location: location,
    Concept: words_for_iri,
    LicenseDocument: words_for_iri,
    RightsStatement: words_for_iri,
}
"""What is done to a node before its values are cleaned."""
