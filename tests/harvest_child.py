"""What the kill tests run in a process of its own: one harvest, in small batches, so that death finds it anywhere."""

import threading
from multiprocessing.synchronize import Event
from typing import Any

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


def wait_when_saved(settings: Settings, source: str, saved: Event) -> None:
    """Harvests the source up to the first record that is saved, and waits there for its end."""
    harvesting.BATCH = 1

    def wait(event: dict[str, Any]) -> None:
        if event["event"] == "record":
            saved.set()
            threading.Event().wait()

    Catalogue(settings).runs.harvest(source, progress=wait)
