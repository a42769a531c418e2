"""Nodes of which a source gave only a text: an address that stands in the title, an interval in the start date."""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from ..model import (
    Agent,
    Concept,
    Contact,
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
    Texts,
    Wkt,
)
from ..rdf import is_iri
from .dates import date, duration, in_address
from .geometries import is_drawn
from .iris import KNOWN, NO_SCHEME, telephones
from .spans import ending, quarter, years

_BETWEEN = re.compile(r"\s+(?:-|–|to|tot|tot en met|à|au|jusqu'à|bis|until|till|t/m)\s+", re.IGNORECASE)
_INTERVAL = re.compile(r"\s*(?:/|–|--|;|(?<=\b\d{4})-(?=\d{4}\b))\s*")
_FROM = re.compile(
    r"\A\s*(?:from|since|van|vanaf|sinds|de|du|depuis|dès|von|vom|ab|seit)\s+(?=.*\d)", re.IGNORECASE | re.DOTALL
)
_YEAR_OF = re.compile(
    r"\A\s*(?:(?:school|academic) year|schooljaar|academiejaar|année (?:scolaire|académique)|schuljahr)\s+(?=.*\d)",
    re.IGNORECASE | re.DOTALL,
)
_UNTIL = re.compile(
    r"\A\s*(?:until|till|up to|tot(?: en met)?|t/m|jusqu['’](?:à|en|au)|bis(?: zum?)?)\s+(?=.*\d)",
    re.IGNORECASE | re.DOTALL,
)
_EPSG = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})(?:\b.*)?", re.IGNORECASE)
_GEO_URI = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)(?=[,;]|\Z)", re.IGNORECASE | re.ASCII)
"""Latitude and longitude (https://www.rfc-editor.org/rfc/rfc5870#section-3.4.2)."""
_FIGURES = re.compile(r"[\d\s.,;:/+-]*\d[\d\s.,;:/+-]*")
"""What stands in the place of an IRI and is a box or a period."""
_NOTHING = re.compile(r"(?!)")
_CRS = "http://www.opengis.net/def/crs/EPSG/0/"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LONGEST = 200
"""Characters of a period in words."""
_LONGEST_WAY = 1_000
"""Characters of a text in which mailboxes and telephones are looked for, which takes the square of them."""
_MAILBOX = re.compile(r"(?:mailto:)?[^@\s;,<>()]+@[^@\s;,<>()]+\.[a-z]{2,24}", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\A(?:(?:e-?)?mail|contact)?[\s<>()\[\],;:–-]*|[\s<>()\[\],;:–-]*(?:(?:e-?)?mail)?[\s:]*\Z", re.IGNORECASE
)
"""What stands around a name that is followed by a mailbox."""
_TELEPHONE = re.compile(r"(?:tel:\s*)?\+?[\d().\s/-]{8,30}", re.IGNORECASE)
_BESIDE = re.compile(
    r"[\s,;–-]*(?:\b(?:t[ée]l[a-zé]*\.?|phone|gsm)[\s:]*)?(\+?[\d(][\d().\s/-]{7,30})\Z", re.IGNORECASE
)
"""A telephone number that follows a name and its mailbox."""
_PAGE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
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
    """`2019-01-01/2026-12-31` as one text; an end that is open, far away or repeated (`R/P1Y`) is left out.

    A single text is a period that ends as it begins, so that `2019` alone is that year.
    """
    if period.iri and period == Period(iri=period.iri) and (named := in_address(period.iri)):
        return Period(iri=period.iri, start=Date(named), end=Date(named))
    if period.start is None or period.end not in (None, period.start) or _is_a_date(period.start):
        return _open_end(_ended(period))
    whole = _YEAR_OF.sub("", period.start[:_LONGEST]).strip()
    whole = _in_brackets(whole) if whole.startswith("[") else whole
    text = _FROM.sub("", whole).strip()
    last = _UNTIL.sub("", text)
    if last != text and date(last).value is not None:
        return msgspec.structs.replace(period, start=None, end=Date(last))
    if date(text).value is not None:
        return msgspec.structs.replace(period, start=Date(text), end=Date(text) if text == whole else None)
    parts = quarter(text) or years(text) or _ends(text)
    if len(parts) != 2 or not all(_is_end(part) for part in parts):
        return msgspec.structs.replace(period, end=None)
    start, end = (Date(part) if date(part).value else None for part in parts)
    length = Date(parts[1]) if end is None and parts[1] else None
    return _open_end(_ended(msgspec.structs.replace(period, start=start, end=end or length)))


def _is_a_date(text: str) -> bool:
    """True for a date, and not for what is from one on or until one (`tot 12 mei 2021`)."""
    return date(text).value is not None and not (_FROM.match(text) or _UNTIL.match(text))


def _in_brackets(text: str) -> str:
    """What stands in brackets; two dates are an interval there, more are a list."""
    inner = text.strip("[]")
    return inner.replace(",", "/") if inner.count(",") == 1 else inner


def _ends(text: str) -> list[str]:
    """The first and last day that a text names, as they are written."""
    named = {found["end"].casefold(): found["date"].strip() for found in _NAMED_ENDS.finditer(text)}
    if named:
        return [named.get("start", named.get("begin", "")), named.get("end", "")]
    parts = _BETWEEN.split(text, maxsplit=2)
    return [part.strip() for part in (parts if len(parts) == 2 else _INTERVAL.split(text, maxsplit=2))]


def _is_end(text: str) -> bool:
    return text.casefold() in _OPEN or date(text).value is not None or duration(text).value is not None


def _ended(period: Period) -> Period:
    """A span whose end is said by its length (`2010-01-01`, `P1Y`)."""
    length = duration(period.end).value if period.end and period.end[:1] in "Pp" else None
    start = date(period.start).value if length and period.start else None
    end = ending(start, length) if start and length else None
    return msgspec.structs.replace(period, end=Date(end)) if end else period


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


_AMONG_WORDS = re.compile(r"[\s(\[]https?://", re.IGNORECASE)


def page(document: Document) -> Document:
    """A page whose address was written as its title, alone or among words."""
    if document.iri is not None or len(document.titles) != 1:
        return document
    text = document.titles[0].value.strip()
    is_address = _address(document.titles) or (NO_SCHEME.match(text) and " " not in text) or _AMONG_WORDS.search(text)
    return Document(iri=Iri(text)) if is_address else document


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
    """A place whose address, or whose coordinates, were written as its name."""
    if given.iri and (found := _GEO_URI.match(given.iri)):
        return msgspec.structs.replace(given, iri=None, centroid=given.centroid or Wkt(f"POINT({found[2]} {found[1]})"))
    address = _address(given.labels) if given.iri is None else None
    if address:
        return msgspec.structs.replace(given, iri=address, labels=())
    drawn = tuple(text for text in given.labels if is_drawn(text.value))
    if not drawn:
        return given
    names = tuple(text for text in given.labels if text not in drawn)
    box = given.bbox or given.geometry or given.centroid or Wkt(drawn[0].value)
    is_new = not (given.bbox or given.geometry or given.centroid)
    return msgspec.structs.replace(given, labels=names, bbox=box if is_new else given.bbox)


def agent(given: Agent) -> Agent:
    """A body whose mailbox was written as its name, or stands where its IRI should; a page says at least who it is."""
    found = _reached(given.iri, given.name)
    if found is None:
        return given
    mbox = given.mbox or next(iter(found.mails), None)
    names = found.names or tuple(map(Text, found.pages))
    return msgspec.structs.replace(given, iri=found.iri, name=names, mbox=mbox)


def contact(given: Contact) -> Contact:
    """A contact whose mailbox, telephone or page was written as its name, or stands where its IRI should; a page in the
    place of the mailbox is a page."""
    if pages := tuple(one for one in given.email if "@" not in one and _PAGE.fullmatch(one.strip())):
        mails = tuple(one for one in given.email if one not in pages)
        given = msgspec.structs.replace(given, email=mails, url=given.url or pages)
    mails, numbers = _parted(given.email, _MAILBOX.findall), _parted(given.telephone, telephones)
    if (mails, numbers) != (given.email, given.telephone):
        given = msgspec.structs.replace(given, email=mails, telephone=numbers)
    found = _reached(given.iri, given.name)
    if found is None:
        return given
    return msgspec.structs.replace(
        given,
        iri=found.iri,
        name=found.names,
        email=given.email or found.mails,
        telephone=given.telephone or found.telephones,
        url=given.url or found.pages,
    )


def _parted(values: tuple[Iri, ...], find: Callable[[str], Iterable[str]]) -> tuple[Iri, ...]:
    """The values, those in which several stand parted."""
    found = [(value, tuple(find(value)) if len(value) <= _LONGEST_WAY else ()) for value in values]
    return tuple(Iri(part) for value, parts in found for part in (parts if len(parts) > 1 else (value,)))


class _Reached(NamedTuple):
    """What an IRI and names say of how somebody is reached."""

    iri: Iri | None
    names: Texts
    mails: tuple[Iri, ...]
    telephones: tuple[Iri, ...]
    pages: tuple[Iri, ...]


def _reached(iri: Iri | None, names: Texts) -> _Reached | None:
    """The mailboxes, telephones and pages among an IRI and names; None when there are none."""
    is_way = iri is not None and iri.strip().casefold().startswith(("mailto:", "tel:"))
    found = _Reached(None if is_way else iri, (), (), (), ())
    for text in (*((Text(iri),) if iri and is_way else ()), *names):
        found = _with(found, text)
    return found if is_way or found.names != names else None


def _with(found: _Reached, text: Text) -> _Reached:
    value = text.value.strip()
    if len(value) > _LONGEST_WAY:
        return found._replace(names=(*found.names, text))
    if mails := _MAILBOX.findall(value):
        rest = _MAILBOX.sub(" ", value)
        beside = _BESIDE.search(rest)
        name = _NO_NAME.sub("", rest[: beside.start()] if beside else rest)
        names = (*found.names, Text(name, text.lang)) if name else found.names
        numbers = map(Iri, telephones(beside[1]) if beside else ())
        return found._replace(
            names=names, mails=(*found.mails, *map(Iri, mails)), telephones=(*found.telephones, *numbers)
        )
    if _TELEPHONE.fullmatch(value):
        return found._replace(telephones=(*found.telephones, Iri(value)))
    if _PAGE.fullmatch(value):
        return found._replace(pages=(*found.pages, Iri(value)))
    return found._replace(names=(*found.names, text))


def license_document(given: LicenseDocument) -> LicenseDocument:
    """A licence whose address was written as its title."""
    given = words_for_iri(given)
    address = _address(given.titles or given.labels) if given.iri is None else None
    return msgspec.structs.replace(given, iri=address, titles=(), labels=()) if address else given


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


def worded(
    field: str, prepare: Callable[[Any], Any] = lambda node: node, also: re.Pattern[str] = _NOTHING
) -> Callable[[Any], Any]:
    """A node whose IRI is a word or sentence, or of the form `also`, is called so in the field of that name; then it is
    prepared as others."""

    def prepared(node: Any) -> Any:
        if node.iri is None or getattr(node, field):
            return prepare(node)
        if is_wording(node.iri) or also.fullmatch(node.iri.strip()):
            text = node.iri.strip()
            named = {"start": text, "end": text} if field == "start" else {field: (Text(text),)}
            node = msgspec.structs.replace(node, iri=None, **named)
        return prepare(node)

    return prepared


def is_wording(text: str) -> bool:
    """True for what stands in the place of an IRI and says something: no path, no part of an address, no number."""
    bare = text.strip()
    if _SCHEME.match(bare) or NO_SCHEME.match(bare) or bare[:1] in {"#", "/", ".", "?"}:
        return False
    return any(map(str.isalpha, bare)) and ("/" not in bare or " " in bare)


PREPARE: dict[type[Node], Callable[[Any], Any]] = {
    Period: worded("start", interval, _FIGURES),
    Instant: instant,
    Document: page,
    Standard: worded("titles", standard, _EPSG),
    Agent: worded("name", agent),
    Contact: worded("name", contact),
    Location: worded("labels", location, _FIGURES),
    Concept: words_for_iri,
    LicenseDocument: license_document,
    RightsStatement: words_for_iri,
}
"""What is done to a node before its values are cleaned."""
