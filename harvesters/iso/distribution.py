"""How the data can be had: files, services and pages among the online resources (MD_Distribution)."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from dcat.model import (
    Concept,
    DataService,
    Distribution,
    Document,
    Integer,
    Iri,
    LicenseDocument,
    RightsStatement,
    Standard,
    Text,
    Texts,
)
from dcat.normalise.endpoints import told_apart
from dcat.normalise.formats import meaning

from .online import Online, Role, is_file, online, returns_data, role
from .tree import Item, Value

SERVICE_TYPES = "http://www.opengis.net/def/serviceType/ogc/"
_OF_OGC = frozenset({"WMS", "WMTS", "WFS", "WCS", "CSW", "SOS", "WPS"})
_MEGABYTE = 1_000_000


class Terms(NamedTuple):
    """What holds for each file of a dataset."""

    license: LicenseDocument | None
    rights: tuple[RightsStatement, ...]


class Access(NamedTuple):
    """The ways to the data."""

    files: tuple[Distribution, ...]
    landing_pages: tuple[Document, ...]
    pages: tuple[Document, ...]


class _Offer(NamedTuple):
    """An online resource with what is said around it."""

    online: Online
    formats: list[Value]
    size: str
    """Megabytes; empty when it is not said of this resource alone."""


def access(record: Item, terms: Terms) -> Access:
    """Everything that a dataset can be had by, each address once for what it is."""
    files: dict[Distribution, None] = {}
    services: dict[tuple[str, str, Texts], list[Online]] = {}
    landing: dict[str, Document] = {}
    pages: dict[str, Document] = {}
    for offer in _offers(record):
        one, kind = offer.online, role(offer.online)
        if kind is Role.LANDING:
            landing.setdefault(one.url, _page(one))
        elif kind is Role.PAGE:
            pages.setdefault(one.url, _page(one))
        elif kind is Role.SERVICE:
            services.setdefault((one.service, told_apart(one.url).address, one.name), []).append(one)
        elif kind is not Role.NONE:
            files[_file(offer, terms, is_download=kind is Role.FILE)] = None
    files |= dict.fromkeys(_by_service(each, terms) for each in services.values())
    for linkage in record.values("metadataLinkage/linkage"):
        if linkage.text.startswith("http"):
            pages.setdefault(linkage.text, Document(iri=Iri(linkage.text)))
    return Access(tuple(files), tuple(landing.values()), tuple(pages.values()))


def onlines(record: Item) -> list[Online]:
    """All online resources of a record."""
    return [offer.online for offer in _offers(record)]


def _offers(record: Item) -> Iterator[_Offer]:
    for distribution in record.items("distributionInfo"):
        formats = _formats(distribution, "distributionFormat")
        for transfer in distribution.items("transferOptions"):
            yield from _transferred(transfer, formats)
        for distributor in distribution.items("distributor"):
            own = _formats(distributor, "distributorFormat") or formats
            for transfer in distributor.items("distributorTransferOptions"):
                yield from _transferred(transfer, own)


def _formats(item: Item, path: str) -> list[Value]:
    """Names of formats; ISO 19115-3 keeps them in a citation."""
    found = (one.value("name", "formatSpecificationCitation/title") for one in item.items(path))
    return [value for value in found if value.texts or value.href]


def _transferred(transfer: Item, formats: list[Value]) -> Iterator[_Offer]:
    own = _formats(transfer, "distributionFormat") or formats
    found = list(filter(None, map(online, transfer.items("onLine"))))
    size = transfer.text("transferSize") if len(found) == 1 else ""
    return (_Offer(one, own, size) for one in found)


def _page(one: Online) -> Document:
    return Document(iri=Iri(one.url), titles=one.name or one.description)


def _by_service(given: list[Online], terms: Terms) -> Distribution:
    """Access through a service, of which a record may give several addresses: its base, its GetCapabilities, whole
    requests. One that answers with data is a file as well."""
    first = given[0]
    told = [told_apart(one.url) for one in given]
    descriptions = tuple(dict.fromkeys(Iri(one.description) for one in told if one.description))
    service = DataService(
        title=first.name or first.description,
        endpoint_url=(Iri(told[0].address),),
        endpoint_description=descriptions,
        conforms_to=service_standards(first.service),
        license=terms.license,
    )
    data = tuple(dict.fromkeys(Iri(one.url) for one in given if returns_data(one.url)))
    return Distribution(
        access_url=descriptions[:1] or (Iri(first.url),),
        download_url=data,
        title=first.name,
        description=first.description if first.description != first.name else (),
        format=_term(first.service),
        access_service=(service,),
        license=terms.license,
        rights=terms.rights,
    )


def service_standards(service: str) -> tuple[Standard, ...]:
    """The standard that a kind of service follows, by OGC's name for it."""
    return (Standard(iri=Iri(SERVICE_TYPES + service.lower())),) if service in _OF_OGC else ()


def _file(offer: _Offer, terms: Terms, *, is_download: bool) -> Distribution:
    one, address = offer.online, Iri(offer.online.url)
    return Distribution(
        access_url=(address,),
        download_url=(address,) if is_download else (),
        title=one.name,
        description=one.description if one.description != one.name else (),
        format=_format(offer),
        byte_size=_bytes(offer.size),
        license=terms.license,
        rights=terms.rights,
    )


def _format(offer: _Offer) -> Concept | None:
    """What the protocol says; else the only format that is named; of several, one that the resource's own words name;
    else its address tells."""
    if said := _term(offer.online.protocol):
        return said
    named = [concept for value in offer.formats if (concept := _concept(value))]
    if len(named) == 1 and (not is_file(offer.online.url) or _is_packed(offer.online.url)):
        return named[0]
    words = sorted({text.value.strip() for text in (*offer.online.name, *offer.online.description)})
    return next((term for text in words if (term := _term(text))), None)


def _is_packed(url: str) -> bool:
    """True for an archive, whose ending does not tell what is in it."""
    return urlsplit(url).path.lower().endswith((".zip", ".7z", ".gz", ".rar"))


def _concept(value: Value) -> Concept | None:
    if value.href.startswith("http"):
        return Concept(iri=Iri(value.href), labels=value.texts)
    return Concept(labels=_first(value.texts)) if value.texts else None


def _first(texts: Texts) -> Texts:
    return (Text(texts[0].value),)


def _term(text: str) -> Concept | None:
    found = meaning(text)
    return Concept(iri=found.term.iri) if found else None


def _bytes(megabytes: str) -> Integer | None:
    try:
        return Integer(str(round(float(megabytes.replace(",", ".")) * _MEGABYTE)))
    except (ValueError, OverflowError):
        return None
