"""Where an entry leads: to files, to pages for people, to services."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from dcat import vocab
from dcat.model import DataService, Distribution, Entry
from harvesters.http.addresses import URL_LIMIT

FILE, PAGE, SERVICE = "file", "page", "service"
"""What an address leads to. A file is looked at more closely than the others."""

SERVICES = frozenset({"REST", "SPARQLQ"})
"""Codes of formats that are services, besides those whose code says so."""

_RANK = (PAGE, SERVICE, FILE)


def of_entry(entry: Entry) -> dict[str, str]:
    """The addresses that can be asked, each with what it leads to; one that is given as several things counts as the
    one that is looked at most closely."""
    found: dict[str, str] = {}
    for address, use in _given(entry):
        if _RANK.index(use) >= _RANK.index(found.get(address, PAGE)) and host(address):
            found[address] = use
    return found


def host(address: str) -> str:
    """The name of the host that answers for an address; empty for what is no http(s) address."""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return ""
    return name.rstrip(".") if parts.scheme in {"http", "https"} and len(address) <= URL_LIMIT else ""


def _given(entry: Entry) -> Iterator[tuple[str, str]]:
    for page in (*entry.landing_page, *entry.page):
        yield page.iri or "", PAGE
    if isinstance(entry, DataService):
        for address in (*entry.endpoint_url, *entry.endpoint_description):
            yield address, SERVICE
        return
    for file in entry.distribution:
        for address in file.access_url:
            yield address, _access(file)
        for address in file.download_url:
            yield address, FILE


def _access(file: Distribution) -> str:
    """What the access address of a distribution leads to: without another one it is that of the file."""
    term = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    if file.access_service or (term and (term.code.endswith("_SRVC") or term.code in SERVICES)):
        return SERVICE
    return PAGE if file.download_url else FILE
