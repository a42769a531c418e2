"""The OpenAPI document and the reference page say what the API does, no more and no less."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import msgspec
import pytest
from factory import Feed, Memory, concept, mobility, open_catalogue, record
from flask import Flask
from flask.testing import FlaskClient
from previewed import see
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.questions.questions import Asked
from catalogue.search.facets import FILTERS
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import OutcomeRow
from dcat import vocab
from dcat.model import Dataset, Iri
from harvesters import HARVESTERS
from web.api import OPERATIONS
from web.api.reports import item_shape
from web.app import create_app

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text("utf-8")
SITE = "http://127.0.0.1:5000"


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = app.test_client().get("/api/1/openapi.json").get_json()
    return document


def test_the_document_has_every_route_and_no_other(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (method, re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/1/")
    }
    said = {(method.upper(), path) for path, methods in described["paths"].items() for method in methods}
    assert said == routes
    assert len(said) == len(OPERATIONS)


def test_the_document_is_complete(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": "https://data.example.brussels"}]
    names = []
    for path, methods in described["paths"].items():
        for one in methods.values():
            names.append(one["operationId"])
            assert one["summary"]
            assert one["description"]
            steps = {parameter["name"] for parameter in one["parameters"] if parameter["in"] == "path"}
            assert steps == set(re.findall(r"{(\w+)}", path))
            assert any(status.startswith("2") for status in one["responses"])
            assert one["responses"]["404"]["content"].keys() == {"application/problem+json"}
    assert len(names) == len(set(names))


def test_every_reference_of_the_document_leads_somewhere(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    references = re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described))
    assert set(references) <= schemas.keys()
    assert {"Problem", "SearchAnswer", "NewSource", "ItemShape"} <= schemas.keys()


def test_what_needs_a_key_says_so(described: dict[str, Any]) -> None:
    for one in OPERATIONS:
        said = described["paths"][one.path][one.method.lower()]
        assert ("security" in said) == bool(one.scope)
        assert ("401" in said["responses"]) == bool(one.scope)


def test_search_takes_every_filter(described: dict[str, Any]) -> None:
    names = {one["name"] for one in described["paths"]["/api/1/search"]["get"]["parameters"]}
    assert FILTERS.keys() <= names


def test_what_comes_out_fits_its_description(client: FlaskClient, filled: Catalogue, described: dict[str, Any]) -> None:
    names = [row.name for row in filled.entries.after("", 100)]
    publishers = [row.name for row in filled.publishers.all()]
    asked = {
        "/api/1/datasets/": ["/api/1/datasets/?limit=100"],
        "/api/1/datasets/{name}": [f"/api/1/datasets/{name}" for name in names],
        "/api/1/publishers/": ["/api/1/publishers/"],
        "/api/1/publishers/{name}": [f"/api/1/publishers/{name}" for name in publishers[:5]],
        "/api/1/search": ["/api/1/search?q=budget"],
        "/api/1/changes": ["/api/1/changes"],
        "/api/1/quality": ["/api/1/quality"],
    }
    for path, addresses in asked.items():
        content = described["paths"][path]["get"]["responses"]["200"]["content"]
        schema = {**content["application/json"]["schema"], "components": described["components"]}
        check = jsonschema.Draft202012Validator(schema)
        for address in addresses:
            check.validate(client.get(address).get_json())
    known = described["components"]["schemas"]["Entry"]["properties"]
    for name in names:
        assert client.get(f"/api/1/datasets/{name}").get_json().keys() <= known.keys()


def test_what_a_dataset_says_never_hides_what_is_known_of_it(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    _, entry = next(one for one in mobility() if isinstance(one[1], Dataset))
    typed = msgspec.structs.replace(
        entry,
        type=(concept(vocab.DATASET_TYPES, next(iter(vocab.DATASET_TYPES.by_code))),),
        source=(Iri("https://elsewhere.example/d"),),
    )
    memory.feeds["https://a.example/feed"] = Feed([record("a", typed)])
    catalogue.runs.harvest(catalogue.sources.add("https://a.example/feed", "memory", title="A").name)
    (said,) = create_app(catalogue.settings, catalogue).test_client().get("/api/1/datasets/").get_json()["data"]
    catalogue.close()
    assert said["type"] == "dataset"
    assert said["source"] == {"name": "a", "identifier": "a"}
    assert said["dcat_type"][0]["iri"] == typed.type[0].iri
    assert said["derived_from"] == ["https://elsewhere.example/d"]


def test_bodies_have_a_shape(described: dict[str, Any]) -> None:
    for methods in described["paths"].values():
        for one in methods.values():
            for media_type, content in one.get("requestBody", {}).get("content", {}).items():
                assert content["schema"], (one["operationId"], media_type)


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_lists_every_operation() -> None:
    rows = re.findall(r"^\| ([A-Z]+) \| `([^`]+)` \| ([^|]+) \| (\w*) ?\|$", PAGE, re.MULTILINE)
    assert rows == [(one.method, one.path, one.summary, one.scope) for one in OPERATIONS]


def test_the_page_names_every_filter() -> None:
    part = PAGE.partition("## Search")[2].partition("## Keys")[0]
    assert set(FILTERS) <= set(re.findall(r"`(\w+)`", part))


class Example(NamedTuple):
    """One request of the page, with the answer that is shown for it."""

    command: str
    shown: Any


def examples() -> list[Example]:
    """Every request of the page. What is shown after a block is the answer to its first request."""
    found = []
    for block, shown in re.findall(r"```console\n(.*?)```(?:\n\n(?:[^`#]*\n\n)?```json\n(.*?)```)?", PAGE, re.DOTALL):
        for number, line in enumerate(block.strip().splitlines()):
            found.append(Example(line.removeprefix("$ "), json.loads(shown) if shown and not number else None))
    return found


class Stage(NamedTuple):
    """A portal on which the page's requests are played."""

    client: FlaskClient
    token: str
    pushed: OutcomeRow


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A catalogue with the source, the run and the record that the page speaks of."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("examples"), site_url=SITE)
    catalogue = Catalogue(settings, harvesters={**HARVESTERS, "memory": Memory()})
    catalogue.init()
    catalogue.sources.add("https://example.org/", "memory", title="Open data of Example", publisher="example")
    catalogue.runs.harvest("open-data-of-example")
    catalogue.sources.add("https://example.org/feed.ttl", "dcat", title="Our feed", publisher="example")
    token, _ = catalogue.keys.create("example")
    pushed = catalogue.records.push("open-data-of-example", "trees", trees(), "text/turtle")
    see(catalogue, catalogue.entries.named("dataset", "arbres-remarquables"), TREES)
    catalogue.index.catch_up()
    a_question(catalogue)
    yield Stage(create_app(settings, catalogue).test_client(), token, pushed)
    catalogue.close()


def a_question(catalogue: Catalogue) -> None:
    """A reader asks about the dataset of the page; the form was open for a minute."""
    id, opened = catalogue.entries.find("arbres-remarquables").id, clock.now() - timedelta(minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: opened)
        form = catalogue.questions.form(id)
    catalogue.questions.ask(id, Asked("Le tilleul manque.", language="fr"), form)


TREES = "espece;hauteur (m);commune\nTilia cordata;21,5;Jette\nPlatanus;30;Evere\nFagus;18;Jette\n"


def trees() -> bytes:
    """The file of the page."""
    (turtle,) = re.findall(r"```turtle\n(.*?)```", PAGE, re.DOTALL)
    return str(turtle).encode()


def play(command: str, stage: Stage) -> TestResponse:
    """Asks what a curl command asks."""
    words = iter(shlex.split(command.replace("$TOKEN", stage.token)))
    assert next(words) == "curl"
    method, headers, body, url = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words).encode()
        elif word == "--data-binary":
            assert next(words) == "@trees.ttl"
            body = trees()
        else:
            url = word
    assert url.startswith(SITE)
    return stage.client.open(url.removeprefix(SITE), method=method, headers=headers, data=body)


def same_shape(shown: Any, real: Any, place: str = "$") -> None:
    """What is shown has the keys of what is real; texts within the ellipsis may be anything."""
    if isinstance(shown, dict) and isinstance(real, dict):
        is_open = set(place.split(".")) & {"facets", "title"}
        assert shown.keys() <= real.keys() if is_open else shown.keys() == real.keys(), place
        for key, value in shown.items():
            same_shape(value, real[key], f"{place}.{key}")
    elif isinstance(shown, list) and isinstance(real, list):
        for value in shown[:1]:
            assert real, place
            same_shape(value, real[0], place)
    elif place.rpartition(".")[2] in {"status", "outcome", "name", "identifier", "iri", "id", "detail", "type"}:
        assert shown == real, place
    else:
        assert isinstance(real, type(shown)), place


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.command[5:80])
def test_every_request_of_the_page_works(stage: Stage, example: Example) -> None:
    answer = play(example.command, stage)
    wanted = example.shown.get("status") if isinstance(example.shown, dict) and "status" in example.shown else None
    assert answer.status_code == wanted if wanted else answer.status_code in {200, 201, 202, 303}, answer.data
    if example.shown is not None:
        same_shape(example.shown, answer.get_json())


def test_the_outcome_that_is_shown_is_the_real_one(stage: Stage) -> None:
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    (shown,) = [block for block in blocks if "outcome" in block]
    real = msgspec.to_builtins(item_shape(stage.pushed))
    (finding,) = shown["findings"]
    assert finding in real["findings"]
    assert {**shown, "findings": []} == {**real, "findings": []}


def test_the_page_has_examples_of_everything() -> None:
    assert len(examples()) >= 20
