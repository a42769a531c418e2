"""The whole catalogue as RDF: in one document, or a hundred entries a page.

pieces of the store → lines once each → serialisation → the network

The whole of it is sent from a file, where the worker has written that since something was published.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from urllib.parse import quote

import msgspec
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from catalogue.publishing.feed_pages import PER_PAGE
from catalogue.publishing.measures import Measures
from catalogue.search.base import BadQuery, Query
from catalogue.search.params import DEPTH_LIMIT, query_from_params
from catalogue.service import Catalogue
from catalogue.store.rows import Piece
from dcat import rdf
from dcat.model import DATA

from ..current import catalogue
from ..http import allowances, negotiate, params
from ..http.caching import PUBLIC, cached, digest
from ..http.codings import GZIP
from ..http.compression import chosen
from . import hydra, profiles
from .documents import held, rdf_document
from .formats import RDF, Format, by_accept, by_ending
from .lying_files import sent
from .redirects import see_other

PAGING = ("page", "per_page", "sort", "after", "measures", "profiles")
"""Parameters that a search understands and a feed fixes."""

SINCE, MEASURES = "modified_since", "measures"

QUERY_SAFE = "!$%&'()*+,-./:;=?@_~"
"""What may stand in a query string as it is (RFC 3986); the rest of what a client sends is escaped in our headers."""


class Selection(NamedTuple):
    """Which entries a feed is about."""

    query: Query
    page: int | None
    """None for all of them in one document."""
    after: str
    """Id of the entry after which the page begins; empty to count pages from the beginning."""
    measures: Measures
    """What is said of the quality of descriptions."""
    parameters: params.Pairs
    """The same as parameters of an address, without the page."""

    @property
    def is_search(self) -> bool:
        """True when words or facets choose among the entries: then the index must be asked."""
        return bool(self.query.text or self.query.filters.keys() - {SINCE})

    @property
    def modified_since(self) -> datetime | None:
        """The moment from which on news are wanted."""
        moments = self.query.filters.get(SINCE)
        return min(map(datetime.fromisoformat, moments)) if moments else None


def negotiated() -> ResponseReturnValue:
    """`/catalog`: the feed in the format asked for; the search page for a browser."""
    format = by_accept(RDF, html_first=False)
    if format is None:
        return see_other(f"/{negotiate.language()}/search")
    return negotiated_feed(format)


def negotiated_feed(format: Format) -> ResponseReturnValue:
    """The feed, with the address that always gives this format."""
    response = make_response(ready(format) or made_for(format))
    response.vary.add("Accept")
    query = quote(request.query_string, safe=QUERY_SAFE)
    response.content_location = f"/catalog.{format.ending}" + (f"?{query}" if query else "")
    return response


@cached("Accept")
def made_for(format: Format) -> ResponseReturnValue:
    """The feed, made now, for who named the format in a header."""
    return document(format)


def with_ending(ending: str) -> ResponseReturnValue:
    """`/catalog.ttl` and its neighbours."""
    return ready(by_ending(ending, RDF)) or made(ending)


@cached()
def made(ending: str) -> ResponseReturnValue:
    """The same, made now."""
    return document(by_ending(ending, RDF))


def ready(format: Format) -> Response | None:
    """The whole feed as it lies in the data folder; None for what is not all of it, and while there is no file of what
    is published now. It lies there in gzip too, and no request packs it anew in what its client would rather read."""
    if request.query_string:
        return None
    is_packed = chosen((GZIP,)) is not None
    found = catalogue().feed_files.find(format.rdf, packed=is_packed)
    if not found:
        return None
    name = f"catalog.{format.ending}"
    try:
        response = sent(found.path, format.media_type, tag=found.tag, written=found.written, name=name)
    except FileNotFoundError:  # something was published while we looked
        return None
    response.headers["Cache-Control"] = PUBLIC
    response.vary.add("Accept-Encoding")
    if is_packed and response.status_code != 304:
        response.content_encoding = GZIP.name
    return response


def document(format: Format) -> Response:
    """The entries asked for, as one graph with the node of the catalogue."""
    profiles.check()
    chosen = selection()
    if chosen.page is None:
        pieces = every(chosen, catalogue())
        is_news = chosen.modified_since is not None
        return rdf_document(catalogue().feed.joined(pieces, is_part=is_news, measures=chosen.measures), format)
    if not chosen.is_search and chosen.modified_since is None and chosen.measures is Measures.SCORE:
        return page_of_all(chosen, chosen.page, format)
    found, total, place = page_of(chosen, catalogue())
    paging = hydra.paging(f"/catalog.{format.ending}", chosen.parameters, chosen.page, PER_PAGE, total, place=place)
    lines = catalogue().feed.joined(found, is_part=True, measures=chosen.measures)
    return held(rdf_document(chain([paging], lines), format))


def page_of_all(asked: Selection, number: int, format: Format) -> Response:
    """A page of the whole feed: what stands on each, made now, and its entries, from their file if there is one. Who
    reads gzip is sent that as it lies there, whatever else is read."""
    source = catalogue()
    page = source.feed_pages.page(number, asked.after, PER_PAGE)
    place = hydra.Place(asked.after, "" if page.is_last else page.ids[-1])
    total, path = source.pieces.count(), f"/catalog.{format.ending}"
    paging = hydra.paging(path, asked.parameters, number, PER_PAGE, total, place=place)
    form = rdf.form(format.rdf)
    first = form.head + form.body(paging + source.feed.description())
    body = source.feed_pages.find(page, format.rdf)
    if body and chosen((GZIP,)):
        response = Response(body.behind(first), mimetype=format.media_type)
        response.content_encoding = GZIP.name
    else:
        plain = body.plain() if body else source.feed_pages.made(page, format.rdf)
        response = Response(first + plain, mimetype=format.media_type)
    response.set_etag(digest(first, page.name.encode()), weak=True)
    return response


def selection() -> Selection:
    """Which entries the address asks for; choosing among them is a search. Raises `BadQuery` with the parameter,
    `TooManyRequests`."""
    page = params.page_number() if "page" in request.args else None
    given = ((name, value) for name, value in request.args.items(multi=True) if name not in PAGING)
    query = params.taken_away(msgspec.structs.replace(query_from_params(given), per_page=PER_PAGE))
    after = params.word("after") if page else ""
    measures = Measures(params.choice(MEASURES, tuple(Measures)))
    kept = [pair for pair in params.pairs(query, page=1) if pair[0] not in PAGING]
    kept += [(MEASURES, measures.value)] if measures is not Measures.SCORE else []
    chosen = Selection(query, page, after, measures, tuple(kept))
    if chosen.is_search:
        allowances.search()
    return chosen


def page_of(chosen: Selection, source: Catalogue) -> tuple[list[Piece], int, hydra.Place | None]:
    """The entries of one page, how many there are on all pages, and where this one lies. A page beyond the last has
    none."""
    page = chosen.page or 1
    if not chosen.is_search:
        found, is_last = source.pieces.turned(page, PER_PAGE, chosen.modified_since, chosen.after)
        place = hydra.Place(chosen.after, "" if is_last else found[-1].id)
        return found, source.pieces.count(chosen.modified_since), place
    filters = {"type": DATA, **chosen.query.filters}  # publications only where they are asked for
    listing = source.index.listed(msgspec.structs.replace(chosen.query, page=page, filters=filters))
    return source.pieces.of(one.id for one in listing.documents), listing.count, None


def every(chosen: Selection, source: Catalogue) -> Iterator[Piece]:
    """All entries asked for."""
    if not chosen.is_search:
        yield from source.pieces.by_kind(modified_since=chosen.modified_since)
        return
    for page in range(1, DEPTH_LIMIT // PER_PAGE + 1):
        pieces, total, _ = page_of(chosen._replace(page=page), source)
        if total > DEPTH_LIMIT:
            raise BadQuery(
                "More than %(most)s entries match; choose further, or take the whole catalogue.", "q", most=DEPTH_LIMIT
            )
        yield from pieces
        if page * PER_PAGE >= total:
            return
