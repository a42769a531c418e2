"""What things are: classes that are kinds of others, and names of which our tables know what they stand for."""

from collections.abc import Iterator
from functools import cache

from .namespaces import expand
from .vocab import HVD_REGULATION, MEDIA_TYPES, PLACES, concepts, scheme_titles

KINDS_OF = {
    "dcat:Resource": ("dcat:Catalog", "dcat:DataService", "dcat:Dataset", "dcat:DatasetSeries"),
    "dct:MediaType": ("dct:FileFormat",),
    "dct:MediaTypeOrExtent": ("dct:FileFormat", "dct:MediaType", "dct:SizeOrDuration"),
    "dct:RightsStatement": ("dct:LicenseDocument",),
    "foaf:Agent": (
        "foaf:Group",
        "foaf:Organization",
        "foaf:Person",
        "org:FormalOrganization",
        "org:Organization",
        "org:OrganizationalUnit",
        "schema:Organization",
    ),
    "odrl:Policy": ("odrl:Agreement", "odrl:Offer", "odrl:Set"),
    "vcard:Kind": ("vcard:Group", "vcard:Individual", "vcard:Location", "vcard:Organization"),
}
"""Classes with those that are kinds of them, as their own vocabularies say."""


ENTRIES = {
    "dcat:catalog": "dcat:Catalog",
    "dcat:dataset": "dcat:Dataset",
    "dcat:inSeries": "dcat:DatasetSeries",
    "dcat:record": "dcat:CatalogRecord",
    "dcat:servesDataset": "dcat:Dataset",
    "dcat:service": "dcat:DataService",
    "foaf:primaryTopic": "dcat:Resource",
}
"""Properties that lead to entries, with the class of those."""


@cache
def accepted(curie: str) -> tuple[str, ...]:
    """The IRIs of a class and of those that are kinds of it; empty for no class."""
    return tuple(map(expand, (curie, *KINDS_OF.get(curie, ())))) if curie else ()


def subclasses() -> Iterator[tuple[str, str]]:
    """Each class with the one it is a kind of, as IRIs."""
    for general, kinds in KINDS_OF.items():
        yield from ((expand(kind), expand(general)) for kind in kinds)


def is_known(iri: str) -> bool:
    """True for what a table says what it is, so that a feed need not say it."""
    return (
        iri in concepts()
        or iri in PLACES.by_iri
        or iri in scheme_titles()
        or iri == HVD_REGULATION
        or iri.startswith(_MEDIA_TYPES)
    )


_MEDIA_TYPES = (MEDIA_TYPES, MEDIA_TYPES.replace("https:", "http:"))
