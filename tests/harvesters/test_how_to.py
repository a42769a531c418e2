"""The kind of source that docs/how-to/add-a-kind-of-source.md walks through, run as it stands there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import loopback
import pytest
from loopback import Answer, Request, Server

from catalogue.errors import Invalid
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow
from dcat.model import DataService
from harvesters import HARVESTERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-kind-of-source.md"
TEXT = PAGE.read_text("utf-8")
LONGEST = 70


def blocks(language: str) -> list[str]:
    """The code of that language in the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def kiosk() -> ModuleType:
    """The module that the page shows."""
    (code,) = blocks("python")
    module = ModuleType("kiosk")
    exec(compile(code, str(PAGE), "exec"), module.__dict__)
    return module


class Portal:
    """A Kiosk portal with the items of the page, and what was asked of it."""

    def __init__(self) -> None:
        first = json.loads(blocks("json")[1])
        second = {**first, "id": 8, "title": {"fr": "Bancs", "nl": "Banken"}, "api": "", "files": []}
        self.items: dict[int, Any] = {7: first, 8: second}
        self.changed = {7: "2026-05-01", 8: "2026-05-02"}
        self.asked: list[str] = []

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request.path)
        if request.path == "/api/items":
            start, count = (int(request.query[name]) for name in ("start", "count"))
            listed = [{"id": id, "changed": self.changed[id]} for id in sorted(self.items)][start : start + count]
            return self.json({"total": len(self.items), "items": listed})
        item = self.items.get(int(request.path.rpartition("/")[2]))
        return None if item is None else self.json(item)

    @staticmethod
    def json(said: object) -> Answer:
        return Answer(json.dumps(said).encode(), "application/json")


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def server(portal: Portal) -> Iterator[Server]:
    with loopback.running(loopback.site(portal.answer)) as server:
        yield server


@pytest.fixture
def catalogue(kiosk: ModuleType, server: Server, tmp_path: Path) -> Iterator[Catalogue]:
    """A catalogue that knows this kind, with the portal registered."""
    settings = Settings(data_dir=tmp_path, fetch_allow=loopback.LOOPBACK)
    opened = Catalogue(settings, harvesters={"kiosk": kiosk.Kiosk(), **HARVESTERS})
    opened.init()
    opened.sources.add(server.url(""), "kiosk", title="Kiosk", config={"count": 1})
    yield opened
    opened.close()


def test_the_code_is_as_short_as_the_page_says() -> None:
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line.strip()]) <= LONGEST


def test_a_dataset_and_its_api_are_published(catalogue: Catalogue) -> None:
    run = catalogue.runs.harvest("kiosk")
    assert run.complete
    assert (run.new, run.refused, run.failed) == (3, 0, 0)
    trees = catalogue.entries.named("dataset", "arbres")
    assert isinstance(trees, EntryRow)
    assert {text.lang: text.value for text in trees.entry.title} == {"fr": "Arbres", "nl": "Bomen"}
    (service,) = catalogue.entries.serving(trees.iri)
    assert isinstance(service.entry, DataService)
    assert service.entry.endpoint_url == ("https://kiosk.example/api/rows/7",)
    assert run.unread == {"likes": 2}


def test_what_did_not_change_is_not_asked_for_again(catalogue: Catalogue, portal: Portal) -> None:
    catalogue.runs.harvest("kiosk")
    portal.asked.clear()
    assert catalogue.runs.harvest("kiosk").writes == 0
    assert set(portal.asked) == {"/api/items"}
    portal.items[8]["title"]["fr"], portal.changed[8] = "Bancs publics", "2026-06-01"
    run = catalogue.runs.harvest("kiosk")
    assert (run.changed, run.same) == (1, 2)
    assert set(portal.asked) == {"/api/items", "/api/items/8"}


def test_one_bad_item_costs_itself(catalogue: Catalogue, portal: Portal) -> None:
    portal.items[8] = ["no", "item"]
    run = catalogue.runs.harvest("kiosk")
    assert (run.new, run.refused) == (2, 1)
    (refused,) = catalogue.runs.outcomes(run.id, outcome="REFUSED")
    assert "Expected an item of Kiosk" in refused.reason


def test_an_option_without_meaning_is_refused(catalogue: Catalogue, server: Server) -> None:
    with pytest.raises(Invalid, match="count"):
        catalogue.sources.add(server.url("/other"), "kiosk", config={"count": 0})
