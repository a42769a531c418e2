"""The ears of the catalogue: one file per kind of source. Nothing here knows the store or the index."""

from .base import Harvester
from .ckan import Ckan
from .dcat_feed import DcatFeed
from .http import Response

LINGUA_FRANCA = "dcat"
"""The kind that reads what is written in the language of the catalogue itself: a document that no other kind
recognises, and a record that a producer sends in RDF, whatever the kind of its source."""

HARVESTERS: dict[str, Harvester] = {
    "ckan": Ckan(),
    "dcat": DcatFeed(),
}
"""Every kind of source, by the word for it in `--kind`."""


def reader_of(document: Response) -> Harvester:
    """The kind that reads a document; the lingua franca says what is wrong with one that no kind recognises."""
    known = (harvester for harvester in HARVESTERS.values() if harvester.recognises(document))
    return next(known, HARVESTERS[LINGUA_FRANCA])
