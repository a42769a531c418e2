"""Links of a record as APIs of the web list them: files, services, pages, and what is no way to the data.

What a link is follows from its protocol and address first, then from its relation and media type (RFC 8288, IANA's link
relations, OGC API Records), since those are filled in at random.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from dcat.model import Concept, DataService, Distribution, Document, Integer, Iri, LicenseDocument, Standard, Text
from dcat.normalise.endpoints import told_apart
from dcat.normalise.formats import from_address

from .fields import Fields
from .nodes import concept, date, iris

_PROTOCOL = re.compile(r"\b(?:ogc|inspire)[ :_-]*(wmts|wms|wfs|wcs|csw|sos|wps|atom)\b", re.IGNORECASE)
_ASKING = re.compile(r"[?&]service=(wmts|wms|wfs|wcs|csw|sos|wps)\b", re.IGNORECASE)
_AT_END = re.compile(r"/(wmts|wms|wfs|wcs|csw)(?:server)?/?(?:\?|\Z)", re.IGNORECASE)
_RETURNS_DATA = re.compile(r"[?&]request=(?:getfeature|getcoverage|getmap)\b", re.IGNORECASE)
_SERVICE_TYPE = "http://www.opengis.net/def/serviceType/ogc/"
_OF_OGC = frozenset({"WMS", "WMTS", "WFS", "WCS", "CSW", "SOS", "WPS"})

_OF_CATALOGUE = frozenset(
    {
        *("self", "alternate", "canonical", "edit", "collection", "items", "root", "parent", "child", "derived_from"),
        *("next", "prev", "previous", "first", "last", "icon", "preview", "thumbnail", "queryables", "conformance"),
    }
)
"""Relations of what leads through the catalogue, or is shown and holds no data."""
_TO_DATA = frozenset({"enclosure", "item", "data", "download", "describes", "distribution", "access"})
_TO_LICENCE = frozenset({"license", "licence", "copyright", "terms-of-service"})
_TO_LANDING = frozenset({"landing-page", "landingpage", "about", "origin"})

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:\s*;.*)?", re.IGNORECASE)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_NO_DATA = frozenset({"documents", "media", "services"})
"""Families of formats that people read, or that a service answers in."""


class Offers(NamedTuple):
    """What the links of a record lead to."""

    files: tuple[Distribution, ...] = ()
    landing_pages: tuple[Document, ...] = ()
    pages: tuple[Document, ...] = ()
    licences: tuple[str, ...] = ()
    """Addresses of licences."""
    endpoints: tuple[str, ...] = ()
    """Addresses of services."""


class Link(NamedTuple):
    """One link, as it is written."""

    href: str
    relation: str
    type: str
    """A media type, or another word for what answers there (`OGC:WMS`, `download`)."""
    protocol: str
    title: str
    fields: Fields

    @property
    def service(self) -> str:
        """Code of the kind of service that answers there (`WMS`); empty for none."""
        said = f"{self.protocol} {'' if self.media_type else self.type} {self.title if ':' in self.title else ''}"
        address = self.href.partition("#")[0]
        for pattern, text in ((_PROTOCOL, said), (_ASKING, address), (_AT_END, address)):
            if found := pattern.search(text):
                return str(found[1]).upper()
        return ""

    @property
    def media_type(self) -> str:
        """Its media type; empty when it says none."""
        return self.type if _MEDIA_TYPE.fullmatch(self.type) else ""

    @property
    def is_page(self) -> bool:
        """True for what people read."""
        return self.media_type.partition(";")[0].strip().lower() in _PAGES


def link(fields: Fields, base: str = "") -> Link:
    """A link from its fields; some of them only say something of files. `base`: the address that it may begin at."""
    fields.ignore(("hreflang", "length", "templated", "description", "created", "updated", "format"))
    return Link(
        href=_absolute(fields.text("href", "url"), base),
        relation=fields.text("rel").rpartition("/")[2].lower(),
        type=fields.text("type", "mediaType", "media_type"),
        protocol=fields.text("protocol"),
        title=fields.text("title", "name"),
        fields=fields,
    )


def _absolute(href: str, base: str) -> str:
    try:
        return urljoin(base, href) if base and href else href
    except ValueError:
        return href


def offered(links: Iterable[Link], license: LicenseDocument | None, lang: str = "") -> Offers:
    """What links lead to, each address once. `license`: that of the files. `lang`: the language of titles."""
    files: dict[str, Distribution] = {}
    landing: dict[str, Document] = {}
    pages: dict[str, Document] = {}
    licences: dict[str, None] = {}
    endpoints: dict[str, None] = {}
    for one in links:
        if not _is_address(one.href):
            continue
        if one.relation in _TO_LICENCE:
            licences[one.href] = None
        elif one.service:
            files.setdefault(one.href, by_service(one, license, lang))
            endpoints[told_apart(one.href).address] = None
        elif one.relation in _TO_LANDING or one.type.lower() in _TO_LANDING:
            landing.setdefault(one.href, _document(one, lang))
        elif is_file(one):
            files.setdefault(one.href, file(one, license, lang))
        elif one.relation not in _OF_CATALOGUE:
            pages.setdefault(one.href, _document(one, lang))
    return Offers(
        tuple(files.values()), tuple(landing.values()), tuple(pages.values()), tuple(licences), tuple(endpoints)
    )


def _is_address(href: str) -> bool:
    try:
        return urlsplit(href).scheme in {"http", "https", "ftp"}
    except ValueError:
        return False


def is_file(one: Link) -> bool:
    """True for a link that leads to data rather than to words about it."""
    if one.relation in _OF_CATALOGUE:
        return False
    term, archive = from_address(one.href)
    if archive or (term is not None and term.extra["family"] not in _NO_DATA):
        return True
    if one.is_page or (term is not None and term.code == "HTML"):
        return False
    return one.relation in _TO_DATA or one.type.lower() in _TO_DATA or bool(one.media_type)


def file(one: Link, license: LicenseDocument | None, lang: str = "") -> Distribution:
    """The file that a link leads to."""
    term, archive = from_address(one.href)
    is_download = bool(term or archive or one.media_type or one.type.lower() == "download")
    size = one.fields.text("length", "file:size")
    return Distribution(
        access_url=iris([one.href]),
        download_url=iris([one.href]) if is_download else (),
        byte_size=Integer(size) if size else None,
        title=(Text(one.title, lang),) if one.title else (),
        description=one.fields.texts("description"),
        format=concept(one.fields.text("format")),
        media_type=concept(one.media_type),
        issued=date(one.fields.text("created")),
        modified=date(one.fields.text("updated")),
        license=license,
    )


def by_service(one: Link, license: LicenseDocument | None, lang: str = "") -> Distribution:
    """Access through a service. A whole request that answers with data is a file as well."""
    found = told_apart(one.href)
    title = (Text(one.title, lang),) if one.title else ()
    service = DataService(
        title=title,
        endpoint_url=(Iri(found.address),),
        endpoint_description=(Iri(found.description),) if found.description else (),
        conforms_to=service_standards(one.service),
        license=license,
    )
    return Distribution(
        access_url=iris([one.href]),
        download_url=iris([one.href]) if _RETURNS_DATA.search(one.href) else (),
        title=title,
        description=one.fields.texts("description"),
        format=Concept(labels=(Text(one.service),)),
        access_service=(service,),
        license=license,
    )


def service_standards(code: str) -> tuple[Standard, ...]:
    """The standard that a kind of service follows."""
    return (Standard(iri=Iri(f"{_SERVICE_TYPE}{code.lower()}")),) if code in _OF_OGC else ()


def _document(one: Link, lang: str) -> Document:
    return Document(iri=Iri(one.href), titles=(Text(one.title, lang),) if one.title else ())
