"""Paging in RDF feeds: what comes next, in the words of Hydra or in a `Link` header, and when to stop.

Both vocabularies are read (`hydra:PagedCollection` with `nextPage`, `hydra:PartialCollectionView` with `next`), as IRI
or as text. https://www.hydra-cg.com/spec/latest/core/#collections
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from dcat.namespaces import expand
from dcat.rdf import Graph, Literal

from .http import Response
from .http.addresses import origin

NEXT = tuple(map(expand, ("hydra:nextPage", "hydra:next")))
TOTAL = expand("hydra:totalItems")

PATIENCE = 3
"""Pages without a new record, one after the other, before a feed is said to go round in circles."""


def next_page(graph: Graph, response: Response) -> str:
    """The address of the next page as the feed gives it, made absolute; empty when this is the last one."""
    here = response.url
    subjects = (here, *graph.nodes)  # the page itself first, if it describes itself
    found = next((text for property in NEXT for text in _values(graph, subjects, property)), response.next_link)
    try:
        return urljoin(here, found) if found else ""
    except ValueError:
        return found


def total(graph: Graph) -> int | None:
    """How many items the collection says it has."""
    for text in _values(graph, graph.nodes, TOTAL):
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
    return None


def on_same_server(target: str, here: str, start: str) -> str:
    """A paging link, kept on the server of this page or of the first; empty when it is no web address.

    Another host or scheme in it is a mistake of the feed (an internal name, http for https), and must not lead us
    elsewhere.
    """
    try:
        parts = urlsplit(target)
        if parts.scheme not in {"http", "https"}:
            return ""
        if origin(target) in {origin(here), origin(start)}:
            return target
        own = urlsplit(here)
        return parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    except ValueError:
        return ""


class Trail:
    """Where a crawl has been: it recognises the page it has seen before, by address and by content."""

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._contents: set[bytes] = set()
        self._barren = 0

    def has_seen(self, url: str, body: bytes) -> bool:
        """Notes a page that was read; true when one with the same address or content was read before."""
        content = blake2b(body, digest_size=16).digest()
        seen = url in self._addresses or content in self._contents
        self._addresses.add(url)
        self._contents.add(content)
        return seen

    def knows(self, url: str) -> bool:
        """True for the address of a page that was read."""
        return url in self._addresses

    def is_lost(self, new: int) -> bool:
        """Notes how many new records a page brought; true after several pages without any."""
        self._barren = 0 if new else self._barren + 1
        return self._barren >= PATIENCE


def _values(graph: Graph, subjects: Iterable[str], property: str) -> Iterator[str]:
    for subject in subjects:
        for term in graph.objects(subject, property):
            value = term.value if isinstance(term, Literal) else term
            if value.strip() and not value.startswith("_:"):
                yield value.strip()
