"""The stored pieces joined into one graph: every entry as a member of the catalogue, shared nodes once."""

from collections.abc import Iterable, Iterator

from dcat.model import Catalog
from dcat.namespaces import expand
from dcat.write import own_and_shared

from .service import Catalogue
from .store.rows import Piece

MEMBERSHIP = {"dataset": "dcat:dataset", "service": "dcat:service", "series": "dcat:resource"}
"""How the catalogue names each kind of entry. The profile has no property for series; `dcat:resource` is DCAT 3's."""


def whole(catalogue: Catalogue, site_url: str) -> Iterator[str]:
    """The description of the catalogue and everything in it, as N-Triples, an entry at a time."""
    return joined(catalogue.catalog(), catalogue.pieces(), site_url)


def joined(catalog: Catalog, pieces: Iterable[Piece], site_url: str) -> Iterator[str]:
    """A description of the catalogue and some pieces as one graph: memory holds the shared lines and one piece."""
    description = "".join(own_and_shared(catalog))
    yield description
    seen = set(description.split("\n"))
    for piece in pieces:
        fresh = [line for line in piece.shared.split("\n") if line not in seen]
        seen.update(fresh)
        yield "".join([membership(piece, site_url), piece.own, *(f"{line}\n" for line in fresh)])


def membership(piece: Piece, site_url: str) -> str:
    """What the catalogue says of an entry: that it is in it, and where its record is."""
    catalog, record = f"{site_url}/catalog", f"{site_url}/id/record/{piece.id}"
    return link(catalog, MEMBERSHIP[piece.kind], piece.iri) + link(catalog, "dcat:record", record)


def link(subject: str, property: str, target: str) -> str:
    """A triple between two IRIs, which are known to be valid."""
    return f"<{subject}> <{expand(property)}> <{target}> .\n"
