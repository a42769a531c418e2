"""What the kill tests run in a process of its own, in small batches, so that death finds it anywhere."""

import threading
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from catalogue.harvesting import run as harvesting
from catalogue.indexing import shadow
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work.worker import Worker

RECORD = (
    "<https://agency.example/id/pushed-{n}> a <http://www.w3.org/ns/dcat#Dataset> ; "
    '<http://purl.org/dc/terms/title> "Jeu {n}"@fr ; <http://purl.org/dc/terms/description> "Un jeu."@fr .'
)

PUSHES = 50
"""Records that one push after the other sends: each is a commit of its own, so that a few are as good as many."""


def run(settings: Settings, source: str, ready: Event, what: str = "harvest", acknowledged: str = "") -> None:
    """Does one of `DONE` with the source; what a push was answered for is noted in a file."""
    harvesting.BATCH = shadow.BATCH = 15
    catalogue = Catalogue(settings)
    ready.set()
    DONE[what](catalogue, source, acknowledged)
    catalogue.close()


def wait_when_saved(settings: Settings, source: str, saved: Event) -> None:
    """Harvests the source up to the first record that is saved, and waits there for its end."""
    harvesting.BATCH = 1

    def wait(event: dict[str, Any]) -> None:
        if event["event"] == "record":
            saved.set()
            threading.Event().wait()

    Catalogue(settings).runs.harvest(source, progress=wait)


def _harvest(catalogue: Catalogue, source: str, _: str) -> None:
    catalogue.runs.harvest(source)


def _work(catalogue: Catalogue, source: str, _: str) -> None:
    catalogue.runs.request(source)
    Worker(catalogue).once()


def _rebuild(catalogue: Catalogue, _source: str, _: str) -> None:
    catalogue.index.rebuild()


def _push(catalogue: Catalogue, source: str, acknowledged: str) -> None:
    with Path(acknowledged).open("a", encoding="ascii") as notes:
        for n in range(PUSHES):
            catalogue.records.push(source, f"pushed-{n}", RECORD.format(n=n).encode(), "text/turtle")
            notes.write(f"pushed-{n}\n")
            notes.flush()


DONE = {"harvest": _harvest, "worker": _work, "rebuild": _rebuild, "push": _push}
"""What can be killed."""
