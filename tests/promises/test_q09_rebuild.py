"""The index rebuilt while people search: the same documents byte for byte, and nobody notices."""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factory import filled_catalogue
from pages import HTML
from sampling import share

from catalogue.search.base import Query
from catalogue.service import Catalogue
from web.app import create_app


def documents(catalogue: Catalogue) -> str:
    """A sum over ids and documents, in the order of the ids."""
    found = catalogue.index.search(Query(per_page=100))
    assert found.count == len(found.hits)
    lines = sorted(msgspec.json.encode(hit.document) for hit in found.hits)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


@pytest.mark.against("F-41")
def test_a_rebuild_under_load_is_not_noticed(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    app, before, number = create_app(catalogue.settings, catalogue), documents(catalogue), share(200, 10_000)
    wrong: list[Any] = []
    asked, done = [0], threading.Event()

    def ask() -> None:
        client = app.test_client()
        while not done.is_set():
            answer = client.get("/nl/search?q=budget", headers=HTML)
            asked[0] += 1
            if answer.status_code != 200 or "/nl/dataset/" not in answer.text or "wordt hersteld" in answer.text:
                wrong.append((answer.status_code, len(answer.text)))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    rebuilt, began = 0, time.monotonic()
    while asked[0] < number or rebuilt < 3:
        catalogue.index.rebuild()
        rebuilt += 1
    done.set()
    for thread in threads:
        thread.join()
    is_same = documents(catalogue) == before
    catalogue.close()
    note(
        "Q9",
        f"{rebuilt} rebuilds under {asked[0]} of 10,000 searches in {time.monotonic() - began:.0f} s: {len(wrong)} "
        f"errors or empty pages; documents {'the same' if is_same else 'changed'}",
        holds=not wrong and is_same,
        wrong=wrong[:5],
    )
