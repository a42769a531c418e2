"""Paging in RDF feeds: what comes next, in the words of Hydra or in a `Link` header.

Both vocabularies are read (`hydra:PagedCollection` with `nextPage`, `hydra:PartialCollectionView` with `next`), as IRI
or as text. https://www.hydra-cg.com/spec/latest/core/#collections
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dcat.namespaces import expand
from dcat.rdf import Graph, Literal, Term

from .http import Response
from .pages import absolute

NEXT = tuple(map(expand, ("hydra:nextPage", "hydra:next")))
TOTAL = expand("hydra:totalItems")


class Paging(NamedTuple):
    """What a page says of the others."""

    next: str
    """The address of the next page as the feed gives it, made absolute; empty when this is the last one."""
    total: int | None
    """How many items the collection says it has."""


def paging(graph: Graph, response: Response) -> Paging:
    """What a page says of the others. Of several subjects that name a next page, the page itself is asked first."""
    here, total = response.url, None
    named: dict[tuple[str, bool], str] = {}
    for subject, statements in graph.saying(TOTAL, *NEXT):
        if total is None:
            counts = (text for text in _texts(statements, TOTAL) if text.isascii() and text.isdigit())
            total = next((int(text) for text in counts if len(text) < 10), None)
        for property in NEXT:
            for text in _texts(statements, property):
                named.setdefault((property, subject == here), text)
    said = (named.get((property, is_here)) for property in NEXT for is_here in (True, False))
    found = next(filter(None, said), response.next_link)
    return Paging(absolute(found, here) if found else "", total)


def _texts(statements: Mapping[str, list[Term]], property: str) -> Iterator[str]:
    """The values of a property that say something."""
    for term in statements.get(property, ()):
        value = (term.value if isinstance(term, Literal) else term).strip()
        if value and not value.startswith("_:"):
            yield value
