"""Paging in RDF feeds: what comes next, in the words of Hydra or in a `Link` header.

Both vocabularies are read (`hydra:PagedCollection` with `nextPage`, `hydra:PartialCollectionView` with `next`), as IRI
or as text. https://www.hydra-cg.com/spec/latest/core/#collections
"""

from collections.abc import Iterable, Iterator

from dcat.namespaces import expand
from dcat.rdf import Graph, Literal

from .http import Response
from .pages import absolute

NEXT = tuple(map(expand, ("hydra:nextPage", "hydra:next")))
TOTAL = expand("hydra:totalItems")


def next_page(graph: Graph, response: Response) -> str:
    """The address of the next page as the feed gives it, made absolute; empty when this is the last one."""
    here = response.url
    subjects = (here, *graph.nodes)  # the page itself first, if it describes itself
    found = next((text for property in NEXT for text in _values(graph, subjects, property)), response.next_link)
    return absolute(found, here) if found else ""


def total(graph: Graph) -> int | None:
    """How many items the collection says it has."""
    for text in _values(graph, graph.nodes, TOTAL):
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
    return None


def _values(graph: Graph, subjects: Iterable[str], property: str) -> Iterator[str]:
    for subject in subjects:
        for term in graph.objects(subject, property):
            value = term.value if isinstance(term, Literal) else term
            if value.strip() and not value.startswith("_:"):
                yield value.strip()
