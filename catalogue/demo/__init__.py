"""Example agencies: small catalogues of invented public bodies, served over real HTTP so that real harvesters run.

Everything in `data/` is made up, and some of it is dirty on purpose, except one dataset: FixMyStreet Brussels,
incidents by category from January to 15 November 2023. The communes of `local/` exist, their data do not. Names under
`.example` do not exist (RFC 2606); addresses that begin with `http://agencies.example` are replaced by the address of
the running server.
"""

from typing import NamedTuple


class Agency(NamedTuple):
    """One example catalogue, as it is registered as a source."""

    kind: str
    """Key of `HARVESTERS`."""
    path: str
    """Where it is, after the base address."""
    title: str
    publisher: str
    """Slug of the publisher that answers for it; empty when it holds the data of several."""


AGENCIES = (
    Agency("ckan", "/communes", "Communes – Gemeenten", ""),
    Agency("dcat", "/mobility/catalog.ttl", "Mobilité – Mobiliteit", ""),
    Agency("dcat", "/finances/catalogue.rdf", "Budget – Begroting", ""),
    Agency("dcat", "/local/catalogue.ttl", "Données locales – Lokale gegevens", ""),
)
