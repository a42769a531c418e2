"""The index away: pages, feeds and interfaces go on, search says that it is limited, and all is well by itself."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import filled_catalogue
from pages import HTML
from sampling import share

from catalogue.work.worker import Worker
from web.app import create_app

LIMITED = "De zoekfunctie wordt hersteld"
"""What the Dutch page says of a search without its index."""


@pytest.mark.against("F-37", "F-40", "TC-10")
def test_everything_goes_on_without_the_index(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    client = create_app(catalogue.settings, catalogue).test_client()
    rows = list(catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all()))
    shutil.rmtree(catalogue.settings.data_dir / "search")
    pages = [f"/nl/{row.kind}/{row.name}" for row in rows[: share(8, len(rows))]]
    feeds = ["/catalog.nt", "/catalog.ttl?page=1", "/catalog.jsonld?page=1", "/api/1/datasets/", "/nl/", "/sitemap.xml"]
    broken = [path for path in (*pages, *feeds) if client.get(path, headers=HTML).status_code != 200]
    slowest, searches = 0.0, ("/nl/search?q=fiets", "/nl/search", "/nl/search?theme=TRAN", "/nl/search?q=budget")
    silent = []
    for path in searches:
        began = time.monotonic()
        answer = client.get(path, headers=HTML)
        slowest = max(slowest, time.monotonic() - began)
        silent += [] if answer.status_code == 200 and LIMITED in answer.text else [(path, answer.status_code)]
        silent += [path] if str(tmp_path) in answer.text else []
    began = time.monotonic()
    Worker(catalogue).once()
    mended = time.monotonic() - began
    is_well = LIMITED not in client.get("/nl/search?q=fiets", headers=HTML).text
    catalogue.close()
    note(
        "Q11",
        f"{len(pages) + len(feeds)} pages and feeds, {len(broken)} not 200; {len(searches)} searches limited and said "
        f"so, the slowest in {slowest:.1f} s; well again {mended:.1f} s after the worker looked",
        holds=not broken and not silent and is_well,
        worse=slowest >= 20 or mended >= 60,
        wrong=[*broken, *silent],
    )
