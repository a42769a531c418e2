"""Where a service answers: its address and its description told apart, and both found where a source put them.

Many sources describe a service by files and pages alone, one of which holds the address of its GetCapabilities. A
service that names its address keeps it; else the first place that holds one is taken, and the producer is told.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from ..model import DataService, Distribution, Iri, Text
from .formats import is_service_format
from .iris import link
from .notes import Log


class Endpoint(NamedTuple):
    """Where a service answers, and where it says what it can."""

    address: str
    description: str = ""


FIELD = "dcat:endpointURL"

_KINDS = r"wms|wfs|wmts|wcs|wcps|csw|wps|ows|oai|oai-pmh|sparql|graphql|odata|ogcapi|oapif?|stac"
_ARCGIS = r"(?:wms|wfs|wcs|map|feature|image|vectortile|scene|geocode|geodata)server"
_SPEAKING = re.compile(
    rf"[?&]request=getcapabilities|[?&]service=(?:wms|wfs|wmts|wcs|csw|wps|sos)(?:&|\Z)|[?&]f=openapi"
    rf"|://(?:wms|wfs|wmts|wcs|csw|sparql|ows)\.|/(?:{_KINDS}|{_ARCGIS})(?:[/?]|\Z)"
    r"|/ogc[-_]?api|wmtscapabilities\.xml|\.wsdl|[?&](?:single)?wsdl\Z|/\$metadata"
    r"|/(?:openapi|swagger)\.(?:json|ya?ml)|/api-docs|opensearch|\.atom\Z|/atom[^/]*\.xml|/atom/[^?]*\.xml"
    r"|gtfs[-_]?(?:rt|realtime)|/(?:trip-?updates?|vehicle-?positions?|service-?alerts?)(?:[./?]|\Z)",
    re.IGNORECASE,
)
"""What only services have in their address: OGC, INSPIRE, ArcGIS, SPARQL, OData, OAI-PMH, GTFS-RT, OpenAPI."""
_ASKING = re.compile(r"[?&](?:request=getcapabilities|service=\w+)", re.IGNORECASE)
_LIKELY = re.compile(
    r"://(?:api|rest|services?|geoservices?|data-?services?)\.|/(?:api|rest)(?:[/?]|\Z)", re.IGNORECASE
)
_PAPER = re.compile(
    r"\.(?:pdf|html?|docx?|odt|txt|md|csv|tsv|xlsx?|ods|zip|gz|tar|7z|gpkg|shp|kmz?|png|jpe?g|gif|tiff?)\Z"
    r"|/(?:documentation|docs?|help|swagger-ui|redoc)/?\Z|/srv/(?:\w+/)?(?:api/records|catalog\.search)|/metadata/",
    re.IGNORECASE,
)
"""Documents, data files, and a catalogue's own pages: no service, whatever else stands in their address."""
_WORDS = re.compile(
    r"\b(?:w[mfc]s|wmts|csw|sparql|ogc api|gtfs[ -]?(?:rt|realtime)|rest|atom|opensearch|get ?capabilities|endpoint)\b",
    re.IGNORECASE,
)
_DESCRIBES = re.compile(
    r"[?&]request=getcapabilities|wmtscapabilities\.xml|\.wsdl\Z|[?&](?:single)?wsdl\Z|/\$metadata|[?&]f=openapi"
    r"|/(?:openapi|swagger)\.(?:json|ya?ml)|/api-docs|opensearch",
    re.IGNORECASE,
)
_OF_REQUEST = frozenset(
    (
        *("service", "request", "version", "acceptversions", "sections", "updatesequence", "outputformat", "format"),
        *("layers", "styles", "crs", "srs", "srsname", "bbox", "width", "height", "transparent", "typename"),
        *("typenames", "count", "maxfeatures", "wsdl", "singlewsdl", "query", "f"),
    )
)
"""Parameters that ask something of a service and are no part of its address (OGC 06-121r9, 11)."""
_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]{}|]+[^\s<>\"'()\[\]{}|.,;:!?]", re.IGNORECASE)
_MOST = 10_000
"""Characters of a description in which addresses are looked for."""


@lru_cache(maxsize=4_096)
def is_service(address: str) -> bool:
    """True when an address can only be that of a service, or of its description."""
    return _SPEAKING.search(address) is not None and not _PAPER.search(urlsplit(address).path)


@lru_cache(maxsize=4_096)
def told_apart(address: str) -> Endpoint:
    """The address of a service without what is asked of it, and its description when that is what is asked."""
    description = address if _DESCRIBES.search(address) else ""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in query if name.casefold() not in _OF_REQUEST]
    path = re.sub(r"/(?:\$metadata|collections(?:/.*)?)\Z", "", parts.path)
    asked = len(kept) < len(query) or path != parts.path or parts.fragment or address.endswith(("?", "&"))
    bare = urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept, safe="/:"), "")) if asked else address
    return Endpoint(bare, description)


def find_endpoint(service: DataService, log: Log) -> DataService:
    """dcat:endpointURL, also from the service's files, its description, its pages and its words.

    The profile has no files of a service: their addresses are looked at, and they are left out.
    """
    if service.endpoint_url:
        service = _described(service, log)
    elif found := _found(service):
        where, addresses = found
        service = with_endpoints(service, where, addresses, log)
    if not service.distribution:
        return service
    log.note("dcat:distribution", len(service.distribution), "service-files")
    licence = service.license or next((file.license for file in service.distribution if file.license), None)
    return msgspec.structs.replace(service, distribution=(), license=licence)


def with_endpoints(service: DataService, where: str, addresses: tuple[str, ...], log: Log) -> DataService:
    """The service with addresses that were found elsewhere."""
    endpoints = [told_apart(address) for address in addresses]
    urls = tuple(sorted({Iri(one.address) for one in endpoints}))
    described = {*service.endpoint_description, *(Iri(one.description) for one in endpoints if one.description)}
    log.note(FIELD, f"{where} {addresses[0]}", "endpoint-made", " ".join(urls))
    return msgspec.structs.replace(service, endpoint_url=urls, endpoint_description=tuple(sorted(described)))


def _described(service: DataService, log: Log) -> DataService:
    """A service whose address asks for its description says by it where that is."""
    described = tuple(address for address in service.endpoint_url if _DESCRIBES.search(address))
    if service.endpoint_description or not described:
        return service
    log.note("dcat:endpointDescription", "", "endpoint-description-copied", described[0])
    return msgspec.structs.replace(service, endpoint_description=described)


def _found(service: DataService) -> tuple[str, tuple[str, ...]] | None:
    """The first place that holds addresses of a service, and those."""
    for where, addresses in _places(service):
        if good := tuple(dict.fromkeys(one for one in addresses if link(one, allow_local=True).value == one)):
            return where, good
    return None


def _places(service: DataService) -> Iterator[tuple[str, list[str]]]:
    """Where an address may stand, the surest first."""
    yield "dcat:distribution", [one for file in service.distribution for one in of_file(file)]
    yield "dcat:endpointDescription", list(service.endpoint_description)
    pages = [str(page.iri) for page in (*service.landing_page, *service.page) if page.iri]
    yield "dcat:landingPage", [page for page in pages if is_service(page)]
    named = [text.value for text in service.identifier] + ([service.iri] if service.iri else [])
    yield "dct:identifier", [text for text in named if _ASKING.search(text)]
    spoken = list(dict.fromkeys(one for text in service.description for one in in_words(text)))
    yield "dct:description", spoken if len(spoken) == 1 else []
    files = [one for file in service.distribution for one in _addresses(file) if not _PAPER.search(urlsplit(one).path)]
    yield "dcat:distribution", [one for one in files if one not in pages]
    yield "dcat:landingPage", [one for one in pages if _LIKELY.search(one) and not _PAPER.search(urlsplit(one).path)]


def of_file(file: Distribution) -> list[str]:
    """The addresses of a file that are those of a service: by their look, or by what the file says it is."""
    says_so = is_service_format(file) or any(_WORDS.search(text.value) for text in file.title)
    addresses = _addresses(file)
    sure = [one for one in addresses if is_service(one)]
    return sure or [one for one in addresses if says_so and not _PAPER.search(urlsplit(one).path)]


def _addresses(file: Distribution) -> list[str]:
    return list(dict.fromkeys(map(str, (*file.access_url, *file.download_url))))


def in_words(text: Text) -> list[str]:
    """The addresses of services that stand in a text."""
    return [address for address in _ADDRESS.findall(text.value[:_MOST]) if is_service(address)]
