"""The ears of the catalogue: one file per kind of source. Nothing here knows the store or the index."""

from .base import Harvester
from .ckan import Ckan
from .dcat_feed import DcatFeed

HARVESTERS: dict[str, Harvester] = {
    "ckan": Ckan(),
    "dcat": DcatFeed(),
}
"""Every kind of source, by the word for it in `--kind`."""
