"""Getting records out of a service of OGC API - Records.

Pages are asked for by position, under the name that the first link to a next page gives it (`offset`, `startindex`),
and by the links where those say something else. https://docs.ogc.org/is/20-004r1/20-004r1.html
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from dcat import rdf
from dcat.entries import entries

from .. import json
from ..base import Crawl, Fetched, HarvestError, RawRecord
from ..http import Client, Response, not_what_was_asked
from ..news import believed, nothing_changed
from ..pages import Page, Pages

MOST_AT_ONCE = 100
"""Records asked for at once; many servers give fewer."""

N_TRIPLES = "application/n-triples"

WHOSE = "a service of OGC API Records"

_JSON_FORMATS = frozenset({"json", "geojson"})

_RDF = "application/rdf+xml, text/turtle;q=0.9, application/ld+json;q=0.8, */*;q=0.1"

_POSITIONS = ("offset", "startindex")
"""Names of the number of records before the first one of a page."""


class _Newest(NamedTuple):
    """What a service says of a collection at first."""

    total: int | None
    dates: list[str]
    """The newest date of change; nothing where it cannot sort."""
    position: str
    """The name of a page's position, empty when no link says it."""
    is_linked: bool
    """True when pages can only be had by their links."""


class Service:
    """One service, or one collection of it, during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._site, self._client, self._crawl = site, client, crawl
        self._names, self._format = config["collections"], config["format"]
        self._filter = dict(parse_qsl(config["filter"]))

    def records(self) -> Iterator[Fetched]:
        """Every record of every collection."""
        found = [_Collection(url, self._client, self._crawl, self._format, self._filter) for url in self.collections()]
        if all(one.can_tell for one in found) and self._are_as_before(found):
            return
        declared: int | None = 0
        for one in found:
            yield from one.records()
            total = self._crawl.declared_total
            declared = None if total is None or declared is None else declared + total
        self._crawl.declared_total = declared

    def _are_as_before(self, found: list["_Collection"]) -> bool:
        totals = [one.total for one in found]
        total = None if None in totals else sum(number or 0 for number in totals)
        return nothing_changed(self._crawl, total, *(part for one in found for part in one.state()))

    def collections(self) -> list[str]:
        """The addresses of the collections to be read. Raises `HarvestError` when there is none."""
        if "/collections/" in self._site:
            return [self._site]
        where = f"{self._site}/collections"
        found = json.listed(json.get(self._client, where, self._crawl, f="json"), "collections", where, WHOSE)
        known = {str(one["id"]): one.get("itemType") for one in found if isinstance(one, Mapping) and one.get("id")}
        ids = [id for id, type in known.items() if type == "record"] or [id for id, type in known.items() if not type]
        if self._names:
            ids = [name for name in self._names if name in known]
        if not ids:
            names = ", ".join(known) or "none"
            raise HarvestError("NOT_A_FEED", f"{where} has no collection of records. Its collections: {names}.", where)
        return [f"{where}/{quote(id, safe='')}" for id in ids]


class _Collection:
    """One collection during one run."""

    def __init__(self, url: str, client: Client, crawl: Crawl, format: str, filter: Mapping[str, Any]) -> None:
        self._url, self._client, self._crawl = f"{url}/items", client, crawl
        self._format, self._filter = format, filter
        self._newest = self._ask_newest()
        self._position = self._newest.position or _POSITIONS[0]
        self._first = ""
        """Identifier of the first record, by which a server is found out that does not know the name."""

    @property
    def can_tell(self) -> bool:
        """True when it says by what it can be told that nothing changed."""
        return bool(self._newest.dates)

    @property
    def total(self) -> int | None:
        """How many records it has; None when it does not say."""
        return self._newest.total

    def state(self) -> list[object]:
        """By what it can be told that nothing changed."""
        return [self._newest.total, *self._newest.dates]

    def records(self) -> Iterator[Fetched]:
        """Every record once."""
        pages = Pages(self._crawl, self._url, id_of)
        if self._newest.is_linked and self._format in _JSON_FORMATS:
            start = json.address(self._url, limit=MOST_AT_ONCE, f=self._format, **self._filter)
            found = pages.by_link(self._linked, start)
        else:
            found = pages.by_position(self._window, MOST_AT_ONCE)
        for id, item in believed(found, self._crawl, self._newest.dates, lambda item: [updated(item)]):
            address = f"{self._url}/{quote(id, safe='')}"
            yield item if isinstance(item, RawRecord) else json.record(id, item, self._crawl, address=address)

    def _ask_newest(self) -> _Newest:
        """One record, the one that changed last if the service can sort."""
        can_sort = True
        try:
            said = self._json(limit=1, sortby="-updated")
        except HarvestError as error:
            if not 400 <= error.status < 600 or error.status in {401, 403, 404}:
                raise
            said, can_sort = self._json(limit=1), False
        features = json.listed(said, "features", self._url, WHOSE)
        next = next_link(said)
        named = [name for name in parse_qs(urlsplit(next).query) if name.lower() in _POSITIONS]
        dates = [updated(item) for item in features] if can_sort and self._format in _JSON_FORMATS else []
        dates = dates[:1] if all(dates) else []
        return _Newest(json.number(said, "numberMatched"), dates, named[0] if named else "", bool(next and not named))

    def _json(self, **asked: Any) -> Any:
        found = json.get(self._client, self._url, self._crawl, f="json", **asked, **self._filter)
        return found if isinstance(found, Mapping) else {}

    def _linked(self, url: str) -> Page:
        return self._opened(json.get(self._client, url, self._crawl), url)

    def _window(self, start: int, count: int) -> Page:
        page = self._page(start, count)
        first = id_of(page.items[0]) if page.items else ""
        if start and first and first == self._first and not self._newest.position:
            self._position = next(name for name in _POSITIONS if name != self._position)
            page = self._page(start, count)
        elif not start:
            self._first = first
        return page

    def _page(self, start: int, count: int) -> Page:
        asked: dict[str, Any] = {"limit": count, self._position: start or None, "f": self._format, **self._filter}
        if self._format in _JSON_FORMATS:
            return self._opened(json.get(self._client, self._url, self._crawl, **asked), self._url)
        response = self._client.get(json.address(self._url, **asked), accept=_RDF)
        return Page(described(response), self._newest.total)

    def _opened(self, said: Any, url: str) -> Page:
        features = json.listed(said, "features", url, WHOSE)
        total = json.number(said, "numberMatched")
        return Page(features, self._newest.total if total is None else total, next_link(said))


def id_of(item: Any) -> str:
    """What tells a record from others; empty for what is none."""
    if isinstance(item, RawRecord):
        return item.identifier
    return json.identifier(item, "id")


def updated(item: Any) -> str:
    """When a record last changed, as it says."""
    found = item.get("properties") if isinstance(item, Mapping) else None
    return str(found.get("updated") or "") if isinstance(found, Mapping) else ""


def next_link(said: Any) -> str:
    """The address of the next page in JSON; empty when there is none."""
    links = said.get("links") if isinstance(said, Mapping) else None
    listed = links if isinstance(links, list) else []
    found = [one for one in listed if isinstance(one, Mapping) and one.get("rel") == "next" and one.get("href")]
    in_json = [one for one in found if "html" not in str(one.get("type", ""))]
    return str(in_json[0]["href"]) if in_json else ""


def described(response: Response) -> list[RawRecord]:
    """The entries of a page in RDF. Raises `HarvestError`."""
    try:
        graph = rdf.parse(response.body, response.headers.get("Content-Type", ""), response.url)
    except rdf.ParseError as error:
        raise HarvestError("NOT_WELL_FORMED", f"{response.url} cannot be read. {error}", response.url) from error
    if not graph.nodes and not rdf.sniff(response.body, response.media_type):
        raise not_what_was_asked(response, "RDF")
    return [
        RawRecord(
            identifier="" if rdf.is_blank(subject) else subject,
            body=rdf.subgraph(graph, subject, kind),
            media_type=N_TRIPLES,
            address=response.url,
        )
        for subject, kind in entries(graph).items()
    ]
