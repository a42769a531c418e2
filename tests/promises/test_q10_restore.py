"""The drill: a catalogue saved, restored on an empty machine, and its index built: the same, and how long it takes."""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import Feed, file, open_catalogue, record, texts
from sampling import share

from catalogue.service import Catalogue
from dcat import rdf
from dcat.model import Agent, Dataset

URL = "https://agency.example/feed"


def dataset(n: int) -> Dataset:
    """One of many."""
    return Dataset(
        title=texts(fr=f"Jeu {n}", nl=f"Gegevens {n}"),
        description=texts(fr=f"Les données {n} de la région, mises à jour chaque semaine."),
        publisher=Agent(name=texts(fr=f"Service {n % 50}")),
        distribution=(file(f"https://agency.example/{n}.csv", "CSV"),),
    )


def hash_of(catalogue: Catalogue) -> str:
    """Of every byte that the whole catalogue is published with."""
    return hashlib.sha256(b"".join(rdf.stream(catalogue.feed.whole(), "nt"))).hexdigest()


@pytest.mark.against("F-43")
def test_the_same_catalogue_stands_on_an_empty_machine(tmp_path: Path, note: Callable[..., None]) -> None:
    number = share(300, 20_000)
    catalogue, memory = open_catalogue(tmp_path / "ours")
    memory.feeds[URL] = Feed([record(f"r{n}", dataset(n)) for n in range(number)])
    assert catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name).new == number
    before, began = hash_of(catalogue), time.monotonic()
    catalogue.backups.save(tmp_path / "saved.zip")
    saved, began = time.monotonic() - began, time.monotonic()
    catalogue.close()
    restored, _ = open_catalogue(tmp_path / "theirs")
    restored.backups.restore(tmp_path / "saved.zip")
    indexed = restored.index.rebuild()
    took, is_same = time.monotonic() - began, hash_of(restored) == before
    restored.close()
    note(
        "Q10",
        f"{number} of 20,000 datasets: saved in {saved:.1f} s, restored and indexed in {took:.1f} s, the catalogue "
        f"{'is the same byte for byte' if is_same else 'differs'}",
        holds=is_same and indexed == number and took < 3600,
    )
