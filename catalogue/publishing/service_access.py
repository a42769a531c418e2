"""Services as distributions of the datasets that they serve: the way to a service for whoever looks at files.

A service says which datasets it serves; a dataset leads to its services through a distribution (DCAT-AP 3.0.1,
dcat:accessService). Where sources say only the first, we say the second when both are published.
"""

from collections.abc import Container, Iterable, Iterator

from dcat.model import DataService, Distribution, Iri
from dcat.namespaces import expand
from dcat.vocab import HVD_REGULATION
from dcat.write import own_and_shared

from ..ingest import identity
from ..store.rows import Piece
from .entries import Entries


def distribution(service: DataService, base: Iri) -> Distribution:
    """What a service is to each dataset that it serves. `base` is the IRI of its record: we say it, not the source."""
    return Distribution(
        iri=Iri(f"{base}#access"),
        title=service.title,
        access_url=service.endpoint_url,
        access_service=(DataService(iri=service.iri),),
        format=service.format[0] if len(service.format) == 1 else None,
        license=service.license,
        rights=service.rights[:1],
        applicable_legislation=service.applicable_legislation,
    )


class Doors:
    """The services that serve datasets of one graph."""

    def __init__(self, entries: Entries, site_url: str) -> None:
        self._entries, self._site_url = entries, site_url
        self._known: dict[str, tuple[Iri | None, bool]] = {}
        """IRI of a service → the distribution that it is, and whether it is of high value."""

    def described(self, pieces: Iterable[Piece], known: Container[str]) -> Iterator[str]:
        """The distributions by which these datasets can be had, a text for each that was not described yet; with the
        name and address of a service that is none of the entries of the graph."""
        wanted = {service for piece in pieces for service in _serving(piece)} - self._known.keys()
        for iri, row in sorted(self._entries.with_iris(wanted).items()) if wanted else ():
            if isinstance(service := row.entry, DataService):
                made = distribution(service, identity.minted_iri(self._site_url, "record", row.id))
                self._known[iri] = made.iri, HVD_REGULATION in {law.iri for law in made.applicable_legislation}
                own, shared = own_and_shared(made)
                brief = DataService(iri=service.iri, title=service.title, endpoint_url=service.endpoint_url)
                yield own + (_without(iri, shared) if iri in known else shared + own_and_shared(brief)[0])

    def to(self, piece: Piece) -> Iterator[str]:
        """Those by which a dataset can be had and that it does not name itself.

        One of high value leads only to services of high value: all its distributions must be under that law.
        """
        for service in _serving(piece):
            node, is_valued = self._known.get(service, (None, False))
            is_said = f" <{_ACCESS_SERVICE}> <{service}> .\n" in piece.own
            if node and not is_said and (is_valued or not _is_valued(piece)):
                yield node


_ACCESS_SERVICE, _LEGISLATION = expand("dcat:accessService"), expand("dcatap:applicableLegislation")


def _without(iri: str, lines: str) -> str:
    """The lines but those about a node that says itself what it is."""
    return "".join(f"{line}\n" for line in lines.split("\n")[:-1] if not line.startswith(f"<{iri}> "))


def _serving(piece: Piece) -> list[str]:
    return list(dict.fromkeys(one.subject for one in piece.references if one.property == "serves_dataset"))


def _is_valued(piece: Piece) -> bool:
    """True for a dataset that is called high-value; one that waits for a service to be called so has one."""
    return f"<{piece.iri}> <{_LEGISLATION}> <{HVD_REGULATION}> .\n" in piece.own + piece.pending
