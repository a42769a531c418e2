"""A service: where it answers, what it follows, and which datasets it gives (SV_ServiceIdentification)."""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from dcat.model import Iri, Standard
from dcat.normalise.endpoints import Endpoint, told_apart

from .distribution import service_standards
from .online import Online, Role, online, role
from .tree import Item

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_IDS = frozenset({"id", "uuid", "identifier"})
_RECORDS = re.compile(r"/(?:records|metadata|xml\.metadata\.get/)/?([^/?#]+)")


class Endpoints(NamedTuple):
    """Where a service answers, and where it says what it can."""

    addresses: tuple[Iri, ...]
    descriptions: tuple[Iri, ...]
    standards: tuple[Standard, ...]


def endpoints(resource: Item, found: list[Online]) -> Endpoints:
    """By the online resources of the record that are services, else by the points that its operations connect to."""
    services = [one for one in found if role(one) is Role.SERVICE]
    points = services or _points(resource) or [one for one in found if role(one) is not Role.NONE][:1]
    told = [_told(one) for one in points]
    kinds = dict.fromkeys(one.service for one in points if one.service)
    return Endpoints(
        tuple(Iri(url) for url in dict.fromkeys(one.address for one in told))[:1],
        tuple(Iri(url) for url in dict.fromkeys(one.description for one in told if one.description)),
        tuple(standard for kind in kinds for standard in service_standards(kind)),
    )


def _told(one: Online) -> Endpoint:
    """An Atom feed describes itself."""
    return Endpoint(one.url, one.url) if one.service == "ATOM" else told_apart(one.url)


def _points(resource: Item) -> list[Online]:
    """Where its operations connect to, GetCapabilities first."""
    operations = resource.items("containsOperations")
    first = [one for one in operations if one.text("operationName").casefold() == "getcapabilities"]
    ordered = (*first, *(one for one in operations if one not in first))
    return [point for one in ordered for item in one.items("connectPoint") if (point := online(item))]


class Served(NamedTuple):
    """The datasets that a service names."""

    identifiers: tuple[str, ...]
    """By the identifiers of their records."""
    iris: tuple[Iri, ...]
    """By an IRI that holds none."""


def served(resource: Item) -> Served:
    """What it operates on: `uuidref`, or an address that holds the identifier of a record or is the dataset's own."""
    identifiers: dict[str, None] = {}
    iris: dict[Iri, None] = {}
    for one in resource.attributes("operatesOn"):
        reference, href = one.get("uuidref", "").strip(), one.get("href", "").strip()
        if reference and not _is_web(reference):
            identifiers[reference] = None
        elif id := identifier_in(href or reference):
            identifiers[id] = None
        elif _is_web(href or reference):
            iris[Iri(href or reference)] = None
    for value in resource.values("operatesOn/citation/identifier/code"):
        if _is_web(value.href or value.text):
            iris[Iri(value.href or value.text)] = None
    return Served(tuple(identifiers), tuple(iris))


def identifier_in(address: str) -> str:
    """The identifier of a record within an address that asks for it; empty when there is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    for name, value in parse_qsl(parts.query):
        if name.casefold() in _IDS and value:
            return value.rpartition("#")[2] if "#" in value else value
    if found := _RECORDS.search(parts.path) or _RECORDS.search(parts.fragment):
        return unquote(found[1])
    return found[0] if (found := _UUID.search(address)) else parts.fragment if not parts.netloc else ""


def _is_web(text: str) -> bool:
    return text.startswith(("http://", "https://"))
