"""The serialisations that feeds come in: endings of addresses, media types, and which of them a request gets."""

from collections.abc import Iterable
from typing import NamedTuple

from werkzeug.exceptions import NotFound

from dcat import rdf

from ..current import absolute
from ..http import negotiate


class Format(NamedTuple):
    """One way to write a document."""

    ending: str
    media_type: str
    aliases: tuple[str, ...] = ()
    """Other media types that ask for it."""
    rdf: str = ""
    """The serialisation in `dcat.rdf`; empty when it is not RDF."""


TURTLE = Format("ttl", "text/turtle", ("text/n3", "application/x-turtle"), rdf.Format.TURTLE)
RDF_XML = Format("rdf", "application/rdf+xml", ("application/xml", "text/xml"), rdf.Format.RDF_XML)
XML = RDF_XML._replace(ending="xml")
JSON_LD = Format("jsonld", "application/ld+json", (), rdf.Format.JSON_LD)
N_TRIPLES = Format("nt", "application/n-triples", ("text/plain",), rdf.Format.N_TRIPLES)
JSON = Format("json", "application/json")
ATOM = Format("atom", "application/atom+xml")
CSV = Format("csv", "text/csv")
JSON_FEED = Format("feed.json", "application/feed+json")

RDF = (TURTLE, RDF_XML, XML, JSON_LD, N_TRIPLES)
"""The four serialisations of RDF; `.xml` is another ending for RDF/XML."""
ENTRY = (*RDF, JSON)
"""What one entry or publisher can be had as."""
SEARCH = (TURTLE, RDF_XML, JSON_LD, JSON, ATOM, JSON_FEED)
"""What a search can be had as."""


def by_ending(ending: str, known: Iterable[Format]) -> Format:
    """The format with that ending. Raises 404 with the list of endings there are."""
    found = {format.ending: format for format in known}
    if ending not in found:
        raise NotFound(f"There is no .{ending[:20]} here. There is {', '.join('.' + known for known in found)}.")
    return found[ending]


def by_accept(known: Iterable[Format], html_first: bool) -> Format | None:
    """The format that the request asks for; None when it would rather have a page.

    `html_first` says what a client gets that takes anything: the page, or the first format. Raises 406.
    """
    offered: dict[str, Format] = {}
    for format in known:
        for media_type in (format.media_type, *format.aliases):
            offered.setdefault(media_type, format)
    types = [negotiate.HTML, *offered] if html_first else [*offered, negotiate.HTML]
    return offered.get(negotiate.media_type(types))


def links(path: str, known: Iterable[Format], page: str) -> str:
    """The `Link` header (RFC 8288) of a document: its page as canonical, and its other formats."""
    others = {format.media_type: f"<{absolute(f'{path}.{format.ending}')}>" for format in reversed(tuple(known))}
    alternates = [f'{address}; rel="alternate"; type="{media_type}"' for media_type, address in others.items()]
    return ", ".join([f'<{page}>; rel="canonical"', *reversed(alternates)])
