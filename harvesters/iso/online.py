"""One online resource (CI_OnlineResource): a service, a file, a page, or no more than an address.

What it is follows from its protocol and its address first, since functions are filled in at random, and from its
function where those say nothing. https://github.com/geonetwork/core-geonetwork/wiki/ (protocols)
"""

import re
from enum import Enum
from typing import NamedTuple
from urllib.parse import urlsplit

from dcat.model import Texts
from dcat.normalise.formats import from_address, meaning

from .tree import Item


class Role(Enum):
    """What an online resource is for a dataset."""

    SERVICE = "service"
    FILE = "file"
    ACCESS = "access"
    PAGE = "page"
    LANDING = "landing page"
    NONE = "none"


class Online(NamedTuple):
    """An online resource, as it is written."""

    url: str
    protocol: str
    name: Texts
    description: Texts
    function: str
    service: str
    """Code of its kind of service (`WMS`); empty for no service."""


_PROTOCOLS = re.compile(r"\b(?:ogc|inspire)[ :_-]*(wmts|wms|wfs|wcs|csw|sos|wps|atom)", re.IGNORECASE)
_TYPES = re.compile(r"/(?:serviceType/ogc|standards)/(wmts|wms|wfs|wcs|csw|sos|wps)\b", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp"})
_NAMES = {
    "web map service": "WMS",
    "web map tile service": "WMTS",
    "web feature service": "WFS",
    "web coverage service": "WCS",
    "catalogue service": "CSW",
    "ogc api features": "OGCAPI",
    "ogc api - features": "OGCAPI",
    "esri:rest": "REST",
    "arcgis rest": "REST",
    "rfc4287": "ATOM",
    "atom": "ATOM",
}
_ASKING = re.compile(r"[?&]service=(wmts|wms|wfs|wcs|csw|sos|wps)\b", re.IGNORECASE)
_ARCGIS = re.compile(r"/rest/services/.*/(?:Map|Feature|Image)Server\b", re.IGNORECASE)
_AT_END = re.compile(r"/(wmts|wms|wfs|wcs)/?(?:\?|\Z)", re.IGNORECASE)
_RETURNS_DATA = re.compile(
    r"(?=.*[?&]request=(?:getfeature|getcoverage)\b).*[?&](?:typenames?|coverage(?:id)?|identifier)=\w", re.IGNORECASE
)
_DOWNLOADS = re.compile(r"www:download|download-|\bfile\b|^ftp", re.IGNORECASE)
_LINKS = frozenset({"www:link-1.0-http--link", "www:link"})
_PAGE_ENDS = re.compile(r"\.x?html?\Z", re.IGNORECASE)
_PAGES = ("information", "search")
_SILENT = {"browseGraphic", "browsing", "upload", "emailService"}


def online(resource: Item) -> Online | None:
    """An online resource; None without an address on the net."""
    linkage = resource.value("linkage")
    url = (linkage.text or linkage.href).strip()
    if not url or not _is_address(url):
        return None
    protocol = resource.value("protocol")
    said = f"{protocol.text} {protocol.href}".strip()
    return Online(
        url=url,
        protocol=protocol.text,
        name=resource.texts("name"),
        description=resource.texts("description"),
        function=resource.code("function"),
        service=service_of(said, url),
    )


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in _SCHEMES
    except ValueError:
        return False


def service_of(protocol: str, url: str) -> str:
    """The kind of service that a protocol or an address names; empty for none."""
    address = url.partition("#")[0]
    for pattern, text in ((_TYPES, protocol), (_PROTOCOLS, protocol), (_ASKING, address)):
        if found := pattern.search(text):
            return str(found[1]).upper()
    named = next((code for name, code in _NAMES.items() if name in protocol.casefold()), "")
    if named:
        return named
    if address.casefold().endswith("wmtscapabilities.xml"):
        return "WMTS"
    if _ARCGIS.search(address):
        return "REST"
    is_silent = not protocol or protocol.casefold() in {"http", "https", "www:link"}
    at_end = _AT_END.search(address) if is_silent else None
    return at_end[1].upper() if at_end else ""


def role(one: Online) -> Role:
    """What it is for the dataset that names it."""
    if one.service:
        return Role.SERVICE
    if one.function == "download" or _DOWNLOADS.search(one.protocol) or is_file(one.url):
        if one.function == "download" and _is_page(one):
            return Role.ACCESS
        return Role.FILE if one.function in {"", "download", "fileAccess"} else _by_function(one.function)
    return Role.ACCESS if not one.function and _names_format(one.protocol) else _by_function(one.function)


def _is_page(one: Online) -> bool:
    """True for a page from which the data can be had: its protocol is that of a link, or its address ends as a page
    does. https://github.com/geonetwork/core-geonetwork/wiki/ (`WWW:LINK-1.0-http--link`: web address)"""
    if _DOWNLOADS.search(one.protocol) or is_file(one.url):
        return False
    return one.protocol.casefold() in _LINKS or _PAGE_ENDS.search(urlsplit(one.url).path) is not None


def _names_format(protocol: str) -> bool:
    """True for a protocol that says in what the data comes: `GLG:KML-2.0-http-get-map`."""
    found = meaning(protocol)
    return found is not None and found.term.extra["family"] in _DATA


_DATA = frozenset({"tables", "structured", "maps"})
"""Families of formats that hold data."""


def _by_function(function: str) -> Role:
    if function in _SILENT:
        return Role.NONE
    if function.startswith(_PAGES):
        return Role.PAGE
    return Role.ACCESS if function in {"order", "offlineAccess", "fileAccess"} else Role.LANDING


def returns_data(url: str) -> bool:
    """True for a whole request of a service that answers with data."""
    return _RETURNS_DATA.match(url) is not None


def is_file(url: str) -> bool:
    """True for an address that ends as a file with data does."""
    term, archive = from_address(url)
    return bool(archive) or (term is not None and term.extra["family"] not in _NO_DATA)


_NO_DATA = frozenset({"documents", "media", "services"})
"""Families of formats that people read, or that a service answers in."""
