"""The stored pieces joined into one graph: every entry as a member of the catalogue, shared nodes once."""

from collections.abc import Iterable, Iterator
from itertools import islice

from dcat.namespaces import expand
from dcat.write import own_and_shared

from .service import Catalogue
from .store.rows import Piece

MEMBERSHIP = {"dataset": "dcat:dataset", "service": "dcat:service", "series": "dcat:resource"}
"""How the catalogue names each kind of entry. The profile has no property for series; `dcat:resource` is DCAT 3's."""
BATCH = 100
"""Pieces whose shared nodes are asked for together."""


def whole(catalogue: Catalogue, site_url: str) -> Iterator[str]:
    """The description of the catalogue and everything in it, as N-Triples, an entry at a time."""
    return joined(catalogue, catalogue.pieces(), site_url)


def joined(catalogue: Catalogue, pieces: Iterable[Piece], site_url: str) -> Iterator[str]:
    """A description of the catalogue and some pieces as one graph: memory holds the shared nodes and a few pieces."""
    description = "".join(own_and_shared(catalogue.catalog()))
    yield description
    told = set(description.split("\n"))
    known: set[int] = set()
    waiting = iter(pieces)
    while batch := list(islice(waiting, BATCH)):
        yield "".join(text for piece in batch for text in (membership(piece, site_url), piece.own))
        fresh = {key for piece in batch for key in piece.shared} - known
        known |= fresh
        yield from _untold(catalogue.shared(fresh), told)


def _untold(nodes: Iterable[str], told: set[str]) -> Iterator[str]:
    """The lines of nodes that were not told yet: sources may say the same of a node in part."""
    for lines in nodes:
        fresh = [line for line in lines.split("\n") if line not in told]
        told.update(fresh)
        yield "".join(f"{line}\n" for line in fresh)


def membership(piece: Piece, site_url: str) -> str:
    """What the catalogue says of an entry: that it is in it, and where its record is."""
    catalog, record = f"{site_url}/catalog", f"{site_url}/id/record/{piece.id}"
    return link(catalog, MEMBERSHIP[piece.kind], piece.iri) + link(catalog, "dcat:record", record)


def link(subject: str, property: str, target: str) -> str:
    """A triple between two IRIs, which are known to be valid."""
    return f"<{subject}> <{expand(property)}> <{target}> .\n"
