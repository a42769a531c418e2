"""The ways to the data of an entry, as ISO 19139 lists them (gmd:MD_Distribution)."""

from dcat import vocab
from dcat.model import Concept, DataService, Distribution, Entry, Texts

from . import dublin_core
from .iso_values import add_code, add_plain, add_text
from .tree import Element, add

PAGE, FILE = "WWW:LINK-1.0-http--link", "WWW:DOWNLOAD-1.0-http--download"
_SERVICES = "http://www.opengis.net/def/serviceType/ogc/"


def add_distribution(top: Element, entry: Entry, language: str, page: str) -> None:
    """Formats, and each address with what it is. `page`: where the entry stands here, when it has no other page."""
    made = add(add(top, "gmd:distributionInfo"), "gmd:MD_Distribution")
    for name in filter(None, map(_format, dublin_core.formats(entry))):
        format = add(add(made, "gmd:distributionFormat"), "gmd:MD_Format")
        add_plain(format, "gmd:name", name)
        add(format, "gmd:version", **{"{http://www.isotc211.org/2005/gco}nilReason": "unknown"})
    if isinstance(entry, DataService):
        for address in entry.endpoint_url:
            _add_online(made, address, _protocol(entry), entry.title, language)
    else:
        for file in entry.distribution:
            _add_file(made, file, language)
    for one in entry.landing_page:
        _add_online(made, str(one.iri), PAGE, one.titles, language)
    for one in entry.page:
        _add_online(made, str(one.iri), PAGE, one.titles, language, function="information")
    if not entry.landing_page:
        _add_online(made, page, PAGE, (), language, function="information")


def _add_file(parent: Element, file: Distribution, language: str) -> None:
    size = file.byte_size or ""
    megabytes = f"{int(size) / 1_000_000:.6f}" if size.isascii() and size.isdigit() else ""
    for address in file.download_url:
        _add_online(parent, address, FILE, file.title, language, function="download", megabytes=megabytes, about=file)
    for service in file.access_service:
        for address in service.endpoint_url:
            if protocol := _protocol(service, file.format):
                _add_online(parent, address, protocol, service.title or file.title, language)
    if not file.download_url:
        for address in file.access_url:
            _add_online(parent, address, PAGE, file.title, language, function="offlineAccess", about=file)


def _add_online(
    parent: Element,
    address: str,
    protocol: str,
    name: Texts,
    language: str,
    *,
    function: str = "",
    megabytes: str = "",
    about: Distribution | None = None,
) -> None:
    transfer = add(add(parent, "gmd:transferOptions"), "gmd:MD_DigitalTransferOptions")
    if megabytes:
        add(add(transfer, "gmd:transferSize"), "gco:Real", megabytes)
    made = add(add(transfer, "gmd:onLine"), "gmd:CI_OnlineResource")
    add(add(made, "gmd:linkage"), "gmd:URL", address)
    if protocol:
        add_plain(made, "gmd:protocol", protocol)
    add_text(made, "gmd:name", name, language)
    add_text(made, "gmd:description", about.description if about else (), language)
    if function:
        add_code(made, "gmd:function", "CI_OnLineFunctionCode", function)


def _protocol(service: DataService, format: Concept | None = None) -> str:
    """`OGC:WMS` for what says to be one; empty when nobody knows."""
    said = [(one.iri or "").removeprefix(_SERVICES) for one in service.conforms_to if one.iri]
    kinds = [kind.upper() for kind in said if kind.isalpha()]
    term = vocab.FORMATS.by_iri.get(format.iri or "") if format else None
    if term and term.code.endswith("_SRVC"):
        kinds.append(term.code.removesuffix("_SRVC"))
    return f"OGC:{kinds[0]}" if kinds else ""


def _format(term: Concept) -> str:
    known = vocab.FORMATS.by_iri.get(term.iri or "")
    return known.code if known else next((text.value for text in term.labels), "")
