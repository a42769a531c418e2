"""Paging in RDF feeds: what comes next, in the words of Hydra or in a `Link` header.

Both vocabularies are read (`hydra:PagedCollection` with `nextPage`, `hydra:PartialCollectionView` with `next`), as IRI
or as text. https://www.hydra-cg.com/spec/latest/core/#collections
"""

from collections.abc import Iterator
from itertools import chain

from dcat.namespaces import expand
from dcat.rdf import Graph, Literal

from .http import Response
from .pages import absolute

NEXT = tuple(map(expand, ("hydra:nextPage", "hydra:next")))
TOTAL = expand("hydra:totalItems")


def next_page(graph: Graph, response: Response) -> str:
    """The address of the next page as the feed gives it, made absolute; empty when this is the last one."""
    here = response.url
    found = next((text for property in NEXT for text in _values(graph, property, first=here)), response.next_link)
    return absolute(found, here) if found else ""


def total(graph: Graph) -> int | None:
    """How many items the collection says it has."""
    for text in _values(graph, TOTAL):
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
    return None


def _values(graph: Graph, property: str, first: str = "") -> Iterator[str]:
    """The values of a property, of one subject before all others."""
    said = (statements[property] for _, statements in graph.saying(property))
    for terms in chain((graph.objects(first, property),), said):
        for term in terms:
            value = term.value if isinstance(term, Literal) else term
            if value.strip() and not value.startswith("_:"):
                yield value.strip()
