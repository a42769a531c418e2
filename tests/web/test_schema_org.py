"""What search engines and language models are told: read back by our own harvester of such sites."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import loopback
import pages
from browsing import served
from factory import TOWNS, Feed, mobility, open_catalogue, record
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from dcat.model import (
    Agent,
    Concept,
    DataService,
    Dataset,
    Date,
    Document,
    Iri,
    Location,
    Period,
    RightsStatement,
    Text,
    Wkt,
)
from web.app import create_app


def test_our_own_harvester_finds_the_entries_in_our_pages(tmp_path: Path) -> None:
    first, memory = open_catalogue(tmp_path / "first")
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()[:6]])
    first.runs.harvest(first.sources.add(TOWNS, "memory", title="Towns").name)
    second, _ = open_catalogue(tmp_path / "second", fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    app = create_app(first.settings, first)
    with served(app) as address:
        app.extensions["settings"] = replace(first.settings, site_url=address)
        run = second.runs.harvest(second.sources.add(address, "schema-org", title="First").name)
    theirs = {row.iri: row.entry for row in first.entries.after("", 100) if not isinstance(row.entry, DataService)}
    mine = {row.iri: row.entry for row in second.entries.after("", 100)}
    first.close()
    second.close()
    assert (run.refused, run.failed) == (0, 0)
    assert mine.keys() == theirs.keys()
    for iri, entry in theirs.items():
        assert {text.value for text in mine[iri].title} & {text.value for text in entry.title}
        assert mine[iri].modified == entry.modified
        assert {file.download_url for file in getattr(mine[iri], "distribution", ())} == {
            file.download_url for file in getattr(entry, "distribution", ())
        }


def test_language_models_are_told_where_to_ask(client: FlaskClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.mimetype == "text/markdown"
    assert answer.text.startswith("# Datastore\n\n> Open data of the public bodies of ")
    links = re.findall(r"\]\((https://data\.example\.brussels[^)]*)\)", answer.text)
    assert len(links) >= 8
    for link in links:
        path = link.removeprefix("https://data.example.brussels")
        assert client.get(path).status_code == (405 if path == "/mcp" else 200), path


def test_the_page_says_the_same_as_the_feed(client: FlaskClient, filled: Catalogue) -> None:
    row = next(row for row in filled.entries.after("", 100) if row.kind == "dataset")
    said = json.loads(pages.one(pages.read(client, f"/fr/dataset/{row.name}"), "head/script").text or "")
    assert said["@id"] == row.iri
    assert re.fullmatch(r"[\w.+-]+/[\w.+-]+", said["distribution"][0]["encodingFormat"])


def test_search_engines_are_told_where_when_by_whom_and_as_what(tmp_path: Path) -> None:
    said = _told(
        tmp_path,
        Dataset(
            iri=Iri("https://agency.example/trees"),
            title=(Text("Arbres", "fr"),),
            description=(Text("Court.", "fr"),),
            identifier=(Text("https://doi.org/10.1234/trees"),),
            creator=(Agent(name=(Text("Bureau des arbres", "fr"),)),),
            language=(Concept(labels=(Text("nl"),)),),
            landing_page=(Document(iri=Iri("https://agency.example/page")),),
            access_rights=RightsStatement(labels=(Text("restricted"),)),
            temporal=(Period(start=Date("2023-01-01")), Period(start=Date("2020-01-01"), end=Date("2021-12-31"))),
            spatial=(Location(bbox=Wkt("POLYGON((4.2 50.7,4.5 50.7,4.5 50.9,4.2 50.9,4.2 50.7))")),),
        ),
    )
    assert said["identifier"][1:] == ["https://doi.org/10.1234/trees"]
    assert said["creator"] == [{"@type": "Organization", "name": "Bureau des arbres"}]
    assert said["inLanguage"] == ["nl"]
    assert said["sameAs"] == ["https://agency.example/page"]
    assert said["temporalCoverage"] == ["2020-01-01/2021-12-31", "2023-01-01/.."]
    assert said["spatialCoverage"] == [{"@type": "Place", "geo": {"@type": "GeoShape", "box": "50.7 4.2 50.9 4.5"}}]
    assert "isAccessibleForFree" not in said


def test_a_description_that_search_engines_would_not_take_says_what_is_known(tmp_path: Path) -> None:
    title = "Comptages des passages à vélo au carrefour de la gare"
    said = _told(tmp_path, Dataset(title=(Text(title, "fr"),), description=(Text("Voir titre.", "fr"),)))
    assert said["description"].startswith(f"Voir titre. – {title}")


def _told(folder: Path, entry: Dataset) -> dict[str, Any]:
    """What the French page of an entry tells search engines."""
    catalogue, memory = open_catalogue(folder)
    memory.feeds[TOWNS] = Feed([record("one", entry)])
    catalogue.runs.harvest(catalogue.sources.add(TOWNS, "memory", title="Towns").name)
    row = catalogue.entries.after("", 1)[0]
    page = pages.read(create_app(catalogue.settings, catalogue).test_client(), f"/fr/dataset/{row.name}")
    catalogue.close()
    found: dict[str, Any] = json.loads(pages.one(page, "head/script").text or "")
    return found
