"""A search as an Atom feed (RFC 4287), with links to its other pages (RFC 5005)."""

from datetime import datetime
from typing import NamedTuple

from flask import Response, g

from catalogue.search.base import Hit, Query, Results
from catalogue.store.rows import EntryRow

from ..current import absolute, catalogue
from ..http import params
from ..json.entry_shapes import page_address
from ..xml.rendered import rendered
from .formats import ATOM

EPOCH = "1970-01-01T00:00:00+00:00"
"""When an empty feed was last updated."""


class Item(NamedTuple):
    """One entry of the feed."""

    iri: str
    title: str
    lang: str
    summary: str
    summary_lang: str
    publisher: str
    published: str
    updated: str
    page: str
    data: str
    themes: tuple[str, ...]


def feed(query: Query, results: Results) -> Response:
    """The hits of this page."""
    found = items(results)
    return rendered(
        "feeds/search.atom.xml",
        ATOM.media_type,
        items=found,
        links=links(query, results),
        id=address(query, "/search.atom", 1),
        updated=max((one.updated for one in found), default=EPOCH),
        query=query,
        count=results.count,
    )


def items(results: Results) -> list[Item]:
    """The hits as entries of a feed."""
    rows = {row.id: row for row in catalogue().entries.with_ids(hit.document.id for hit in results.hits)}
    return [item(hit, rows[hit.document.id]) for hit in results.hits if hit.document.id in rows]


def links(
    query: Query, results: Results, path: str = "/search.atom", media_type: str = ATOM.media_type
) -> list[tuple[str, str, str]]:
    """(relation, media type, address) of this page, its neighbours and the same search for people."""
    last = max(1, -(-results.count // query.per_page))
    pages = {"self": query.page, "first": 1, "last": last}
    if query.page > 1:
        pages["previous"] = min(query.page - 1, last)
    if query.page < last:
        pages["next"] = query.page + 1
    turns = [(relation, media_type, address(query, path, page)) for relation, page in pages.items()]
    return [*turns, ("alternate", "text/html", address(query, f"/{g.lang}/search", query.page))]


def address(query: Query, path: str, page: int) -> str:
    """The absolute address of one page of this search; the language stays when it was chosen."""
    own = (("lang", g.lang),) if path.startswith("/search.") else ()
    return params.address(absolute(path), (*params.pairs(query, page), *own))


def item(hit: Hit, row: EntryRow) -> Item:
    """One hit as an entry."""
    found = hit.document
    return Item(
        iri=row.iri,
        title=hit.title.value or row.name,
        lang=hit.title.lang,
        summary=hit.snippet.value,
        summary_lang=hit.snippet.lang,
        publisher=found.publisher[0].value if found.publisher else "",
        published=stamp(row.created),
        updated=stamp(row.updated),
        page=page_address(row.kind, row.name, g.lang),
        data=absolute(f"/{row.kind}/{row.name}.ttl"),
        themes=found.theme,
    )


def stamp(moment: datetime) -> str:
    """A moment as Atom wants it."""
    return moment.isoformat(timespec="seconds")
