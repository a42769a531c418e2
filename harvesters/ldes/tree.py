"""The pages of an event stream, each once: https://treecg.github.io/specification/."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import NamedTuple

from dcat import rdf
from dcat.findings import finding
from dcat.namespaces import RDF_TYPE
from dcat.rdf import Graph, Literal, Term

from ..base import MOST_PAGES, Crawl, HarvestError
from ..http import GZIP, Client, Response, gunzip, not_what_was_asked
from ..pages import absolute, on_same_server
from ..sniff import is_binary, is_empty, is_html
from .members import LDES, TREE, moment

ACCEPT = (
    "application/trig, application/n-quads;q=0.9, text/turtle;q=0.8, application/ld+json;q=0.7, "
    "application/n-triples;q=0.6, */*;q=0.1"
)

_BEFORE = {f"{TREE}LessThanRelation", f"{TREE}LessThanOrEqualToRelation"}
_ENDLESS = "~"
"""After every moment."""

Conditions = dict[str, str]
"""The header fields by which a page is sent only if it changed."""


class Leaf(NamedTuple):
    """One page, read."""

    url: str
    graphs: Mapping[str, Graph]
    may_change: bool
    """False when its server says that it never will (`Cache-Control: immutable`, RFC 8246)."""


class Tree:
    """The pages of one event stream during one run."""

    def __init__(self, start: str, client: Client, crawl: Crawl) -> None:
        self._start, self._client, self._crawl = start.partition("#")[0], client, crawl
        self._rewritten = False
        self._ends: dict[str, str] = {}
        """By the relations that lead to a page, the moment before which all of it lies."""
        self._may_change: dict[str, Conditions] = {}
        """The pages that were read, without those that never change."""
        self._sent: dict[str, Response] = {}
        """What came when it was asked whether anything changed: it is not asked for twice."""

    def is_as_before(self, pages: Mapping[str, Conditions]) -> bool:
        """True when none of these pages changed since; the first that did is kept for reading. Raises as `pages`."""
        for url, conditions in pages.items():
            response = self._client.get(url, accept=ACCEPT, headers=conditions)
            if response.status != HTTPStatus.NOT_MODIFIED:
                self._sent[url] = response
                return False
        return bool(pages)

    def open(self, since: str) -> dict[str, Conditions]:
        """The pages that were read in which something later than that may appear."""
        return {url: conditions for url, conditions in self._may_change.items() if self._ends[url] > since}

    def pages(self, first: list[str], since: str = "") -> Iterator[Leaf]:
        """Every page that can be reached from the first ones. `since`: leaves out those with nothing as late as that.

        Raises `HarvestError` for a page that cannot be had: without it nobody knows what holds now.
        """
        waiting = list(dict.fromkeys(first or [self._start]))
        seen = set(waiting)
        self._ends.update(dict.fromkeys(waiting, _ENDLESS))
        while waiting:
            here = waiting.pop()
            if self._crawl.pages >= MOST_PAGES:
                self._crawl.incomplete.append(f"Only {self._crawl.pages} pages were read, up to {here[:200]}.")
                return
            page = self._read(here)
            yield page
            fresh = [url for url in self._led(page, here, since) if url not in seen]
            seen.update(fresh)
            waiting += reversed(list(dict.fromkeys(fresh)))

    def _led(self, page: Leaf, here: str, since: str) -> Iterator[str]:
        for link, end in links(page, since):
            if url := self._here(link, here):
                self._ends[url] = max(end, self._ends.get(url, ""))
                yield url

    def _read(self, url: str) -> Leaf:
        response = self._sent.pop(url, None) or self._client.get(url, accept=ACCEPT)
        self._crawl.pages += 1
        if response.body.startswith(GZIP):
            body = gunzip([response.body], self._client.max_bytes, url)
            response = response._replace(body=body, proven=True)
        body = response.body
        if is_empty(body) or is_html(body) or is_binary(body):
            raise not_what_was_asked(response, "RDF")
        graphs = parsed(response)
        if not response.proven:
            self._crawl.incomplete.append(f"{url} does not say how long it is, so it may have been cut off.")
        if self._crawl.pages == 1 and not speaks_tree(graphs):
            raise not_what_was_asked(response, "an event stream (LDES)")
        self._crawl.findings += graphs[""].findings[:10]
        may_change = "immutable" not in response.headers.get("Cache-Control", "").lower()
        if may_change:
            self._may_change[url] = response.validators
        return Leaf(response.url, graphs, may_change)

    def _here(self, link: str, here: str) -> str:
        """A link on the server of the stream; empty for no web address."""
        target = absolute(link, here).partition("#")[0]
        address = on_same_server(target, here, self._start)
        if address != target and not self._rewritten:
            self._rewritten = True
            self._crawl.findings.append(finding("paging-rewritten", here, "tree:node", target))
        return address


def parsed(response: Response) -> dict[str, Graph]:
    """The graphs of a page. Raises `HarvestError` `NOT_WELL_FORMED`."""
    try:
        return rdf.parse_named(response.body, response.headers.get("Content-Type", ""), response.url)
    except rdf.ParseError as error:
        where = f"{response.url}, line {error.line}" if error.line else response.url
        raise HarvestError("NOT_WELL_FORMED", f"{response.url} cannot be read. {error}", where) from error


def speaks_tree(graphs: Mapping[str, Graph]) -> bool:
    """True for a page that is a part of a tree or stream."""
    for statements in graphs[""].nodes.values():
        types = {str(type) for type in statements.get(RDF_TYPE, ())}
        if types & {f"{TREE}Node", f"{LDES}EventStream"} or any(name.startswith(TREE) for name in statements):
            return True
    return False


def links(page: Leaf, since: str) -> Iterator[tuple[str, str]]:
    """The pages that a page leads to and the moments before which they lie, without those that are over; of several
    views of the whole stream the first."""
    graph = page.graphs[""]
    relations: dict[str, list[str]] = {}
    for statements in graph.nodes.values():
        for relation in map(str, statements.get(f"{TREE}relation", ())):
            for node in graph.objects(relation, f"{TREE}node"):
                relations.setdefault(_written(node), []).append(relation)
    for node, named in relations.items():
        end = min(_end(graph, relation) for relation in named)
        if end > since:
            yield node, end
    views = sorted(
        {absolute(_written(view), page.url) for one in graph.nodes.values() for view in one.get(f"{TREE}view", ())}
    )
    if views and not relations and page.url not in views:
        yield views[0], _ENDLESS


def _written(link: Term) -> str:
    """A link as it stands: a relative one to a page that is not described here was kept as its text."""
    return link.value if isinstance(link, Literal) else link


def _end(graph: Graph, relation: str) -> str:
    """The moment before which all lies that a relation leads to."""
    if not _BEFORE & {str(type) for type in graph.types(relation)}:
        return _ENDLESS
    values = [value for value in graph.objects(relation, f"{TREE}value") if isinstance(value, Literal)]
    return moment(list(values)) or _ENDLESS
