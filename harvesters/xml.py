"""XML as sources send it: read within limits, and said in words when it is none.

Entities that multiply, depth, and documents that would fetch others are refused where RDF/XML is read
(`dcat.rdf.rdfxml`); slips that cost nothing but themselves (a bare `&`, a blank line before the declaration) are mended
there, and told.
"""

from collections.abc import Iterator
from http import HTTPStatus

import msgspec
from lxml import etree

from dcat.findings import Finding
from dcat.rdf import ParseError, rdfxml, weigh_xml
from dcat.vocab import LANGUAGES

from .base import Crawl, HarvestError
from .http import Client, Response, not_what_was_asked, status_error
from .sniff import is_binary, is_html, start_of

XML = "application/xml"

_NEUTRAL = frozenset({"zxx", "und", "mul", "mis"})
"""Codes of ISO 639 that name no language."""

ACCEPT = "application/xml, text/xml;q=0.9, */*;q=0.1"


def get(client: Client, url: str, crawl: Crawl, wanted: str) -> tuple[etree._Element, Response]:
    """What a GET of XML answers, whatever its status, since services explain their errors in XML.

    Raises `HarvestError`: what the client and `read` raise, `HTTP_STATUS` for an error that is explained in none.
    """
    response = client.ask(url, accept=ACCEPT)
    is_error = response.status >= HTTPStatus.BAD_REQUEST
    if is_error and not is_xml(response.body):
        raise status_error(response)
    try:
        return read(response, crawl, wanted), response
    except HarvestError as error:
        raise (status_error(response) if is_error else error) from None


def read(response: Response, crawl: Crawl, wanted: str) -> etree._Element:
    """The root of an answer. Raises `HarvestError` `NOT_A_FEED` (`wanted`: what it is not) or `NOT_WELL_FORMED`."""
    body = response.body
    if is_html(body) or is_binary(body) or not is_xml(body):
        raise not_what_was_asked(response, wanted)
    try:
        root, found = _prepared(body, response.headers.get("Content-Type", ""))
    except ParseError as error:
        where = f"{response.url}, line {error.line}" if error.line else response.url
        raise HarvestError("NOT_WELL_FORMED", f"{response.url} cannot be read. {error}", where) from error
    crawl.findings += (msgspec.structs.replace(one, subject=response.url) for one in found)
    return root


def opened(body: bytes, what: str) -> etree._Element:
    """The root of a raw record. Raises `ValueError` with a sentence; `what` names it: `an ISO record`."""
    if not is_xml(body):
        raise ValueError(f"Expected {what} in XML, found something else.")
    return _prepared(body)[0]


def _prepared(body: bytes, declared: str = "") -> tuple[etree._Element, list[Finding]]:
    """XML that is read only when it can be read for what it may cost."""
    weigh_xml(body, declared)
    return rdfxml.prepare(body, declared)


def language(code: str) -> str:
    """The BCP 47 tag for a language as records write it (`fre`, `fra`, `eng; USA`, `en-US`); empty for none."""
    bare = code.rpartition("/")[2].strip().lower()
    first = "".join(char if char.isalpha() else " " for char in bare).split()
    if not first or first[0] in _NEUTRAL:
        return ""
    term = LANGUAGES.find(first[0])
    return term.extra.get("tag", "") if term else first[0] if len(first[0]) == 2 else ""


def is_xml(body: bytes) -> bool:
    """True for what begins as markup does, in whichever encoding."""
    start = start_of(body)
    return start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<")) or b"<?xml" in start[:500]


def canonical(element: etree._Element) -> bytes:
    """An element alone, always in the same bytes, wherever it stood. https://www.w3.org/TR/xml-exc-c14n/

    One with a namespace that is no absolute address has no such form, and is written as it is.
    """
    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
    except etree.C14NError:
        return etree.tostring(element, encoding="utf-8", with_tail=False)


def name(element: etree._Element) -> str:
    """Its name without namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: etree._Element, wanted: str = "") -> Iterator[etree._Element]:
    """The elements directly in it, all or those of a name, in any namespace."""
    return element.iterchildren(f"{{*}}{wanted}" if wanted else "*")


def child(element: etree._Element, wanted: str) -> etree._Element | None:
    """The first element of that name directly in it."""
    return next(children(element, wanted), None)


def descendants(element: etree._Element, *wanted: str) -> Iterator[etree._Element]:
    """The elements of these names anywhere in it, in any namespace, in their order."""
    return element.iter(*(f"{{*}}{each}" for each in wanted))


def text(element: etree._Element | None) -> str:
    """All the text in it, without blanks around; empty for none."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()
