"""Articles and apps that were made with data: named, let through, shown, and their links asked."""

from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from commands import invoke
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.errors import Unavailable
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import addresses
from dcat.model import Agent, Dataset
from web.app import create_app

URL, APP = "https://a.example/", "https://bancs.example/app"
NEW = {"dataset": "bancs", "kind": "app", "title": "Bancs près de vous", "url": APP, "language": "fr"}
URLS = (
    "javascript:alert(1)",
    "http://a b",
    "https://",
    "https:///page",
    "https://a.example/\nb",
    "https://me@a.example/",
)
WRONG = [{"kind": "film"}, {"title": "a"}, {"language": "xx"}, *({"url": url} for url in URLS)]


class Stage:
    """A portal with one dataset, and keys of its publisher, another one and an operator."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.key, _ = catalogue.keys.create("Ville")
        self.other, _ = catalogue.keys.create("Autre")
        self.operator, _ = catalogue.keys.create("Region", ("harvest", "operator"))

    def ask(self, key: str, method: str, path: str = "", body: object = None) -> TestResponse:
        """The answer to a request with a key."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return self.client.open(f"/api/1/reuses/{path}", method=method, headers=headers, json=body)

    def said(self, path: str = "/fr/dataset/bancs") -> str:
        """The words of a page."""
        return pages.words(pages.one(pages.read(self.client, path), "body/main"))

    def asked(self) -> list[str]:
        """The addresses that are asked for the dataset."""
        self.catalogue.links.gather(lambda _: None, Stop())
        return list(self.catalogue.links.of_entry(self.catalogue.entries.named("dataset", "bancs").id))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    catalogue, memory = open_catalogue(tmp_path / "var")
    source = catalogue.sources.add(URL, "memory", title="Agency", publisher="Ville").name
    entry = Dataset(title=texts(fr="Bancs"), publisher=Agent(name=texts(fr="Ville")))
    memory.feeds[URL] = Feed([record("bancs", entry)])
    catalogue.runs.harvest(source)
    yield Stage(catalogue)
    catalogue.close()


def test_what_a_publisher_names_waits_for_an_operator(stage: Stage) -> None:
    told = stage.ask(stage.key, "POST", body=NEW)
    assert (told.status_code, told.get_json()["state"]) == (201, "waiting")
    assert "Bancs près de vous" not in stage.said()
    assert stage.ask("", "GET").get_json()["total"] == 0
    assert APP not in stage.asked()
    assert stage.ask(stage.key, "POST", "1/approve/").status_code == 403
    tag = stage.client.get("/fr/dataset/bancs").headers["ETag"]
    assert stage.ask(stage.operator, "POST", "1/approve/").get_json()["state"] == "shown"
    assert stage.client.get("/fr/dataset/bancs").headers["ETag"] != tag
    assert "Bancs près de vous" in stage.said()
    assert "App ou site, bancs.example" in stage.said("/fr/reuses")
    assert APP in stage.asked()
    (one,) = stage.ask("", "GET", "?dataset=bancs").get_json()["data"]
    assert (one["title"], one["url"], one["kind"]) == ("Bancs près de vous", APP, "app")


def test_it_is_named_with_its_link_or_not_at_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise Unavailable("The database is away.")

    with monkeypatch.context() as bad:
        bad.setattr(addresses, "replace_uses", away)
        assert stage.ask(stage.operator, "POST", body=NEW).status_code == 503
    assert stage.ask("", "GET").get_json()["total"] == 0
    assert APP not in stage.asked()
    assert stage.ask(stage.operator, "POST", body=NEW).status_code == 201
    assert APP in stage.asked()


def test_the_link_stays_asked_when_the_dataset_changes(stage: Stage) -> None:
    stage.ask(stage.operator, "POST", body=NEW)
    assert APP in stage.asked()
    stage.catalogue.records.push(
        "agency", "bancs", record("bancs", Dataset(title=texts(fr="Chaises"))).body, "application/json"
    )
    assert APP in stage.asked()
    assert stage.ask(stage.operator, "DELETE", "1/").status_code == 200
    assert APP not in stage.asked()
    assert "Bancs près de vous" not in stage.said()


def test_nobody_names_for_others(stage: Stage) -> None:
    assert stage.ask(stage.other, "POST", body=NEW).status_code == 404
    assert stage.ask("", "POST", body=NEW).status_code == 401
    stage.ask(stage.key, "POST", body=NEW)
    assert stage.ask(stage.other, "DELETE", "1/").status_code == 404
    assert stage.ask(stage.key, "POST", body=NEW).status_code == 409
    assert stage.ask(stage.key, "DELETE", "1/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    WRONG,
)
def test_what_cannot_be_shown_is_refused(stage: Stage, wrong: dict[str, str]) -> None:
    assert stage.ask(stage.operator, "POST", body=NEW | wrong).status_code == 422
    assert stage.ask("", "GET").get_json()["total"] == 0


def test_the_form_of_publishers_and_that_of_operators(stage: Stage) -> None:
    send(
        stage, stage.key, "/fr/producers/reuses", do="add", **NEW | {"dataset": "https://data.example/fr/dataset/bancs"}
    )
    assert "Bancs près de vous" in stage.said("/fr/producers/reuses")
    assert "Bancs près de vous" not in stage.said()
    send(stage, stage.operator, "/fr/producers/all-reuses", do="approve", id="1")
    assert "Bancs près de vous" in stage.said()
    send(stage, stage.operator, "/fr/producers/all-reuses", do="remove", id="1")
    assert "Bancs près de vous" not in stage.said()


def send(stage: Stage, key: str, path: str, **fields: str) -> None:
    """Signs in and sends a form of a page."""
    stage.client.post("/fr/producers", data={"key": key})
    page = pages.read(stage.client, path)
    code = next(one.get("value", "") for one in page.iter("input") if one.get("name") == "form")
    assert stage.client.post(path, data={"form": code, **fields}).status_code == 303


def test_the_command_adds_approves_and_removes(stage: Stage) -> None:
    folder = stage.catalogue.settings.data_dir.parent

    def said(*words: str) -> str:
        return invoke(folder, "reuses", *words)[0]

    assert "is shown with bancs" in said("add", "bancs", APP, "--title", "Bancs près de vous", "--kind", "app")
    stage.ask(stage.key, "POST", body=NEW | {"url": "https://other.example/"})
    assert "1 waiting" in said("list", "--state", "waiting")
    assert "is shown" in said("approve", "2")
    assert "2 shown" in said("list")
    assert "no more" in said("remove", "1")
    assert "1 shown" in said("list")
