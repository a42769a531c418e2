"""What the kill tests run in a process of its own: one harvest, in small batches, so that death finds it anywhere."""

from multiprocessing.synchronize import Event

from catalogue.harvesting import run as harvesting
from catalogue.indexing import shadow
from catalogue.service import Catalogue
from catalogue.settings import Settings


def run(settings: Settings, source: str, ready: Event) -> None:
    """Harvests the source and indexes what changed."""
    harvesting.BATCH = shadow.BATCH = 15
    catalogue = Catalogue(settings)
    ready.set()
    catalogue.runs.harvest(source)
    catalogue.close()
