"""`/data.json`: what Project Open Data 1.1 demands, and what our own harvester of such files makes of it."""

import json
import re
from pathlib import Path
from typing import Any

import loopback
import pytest
from factory import open_catalogue
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from dcat.model import Dataset, DatasetSeries, Entry

DAY = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?")
ADDRESS = re.compile(r"https?://\S+")


def listed(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/data.json{query}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    found: list[dict[str, Any]] = json.loads(answer.data)["dataset"]
    return found


def test_the_catalogue_says_what_it_conforms_to(client: FlaskClient) -> None:
    said = client.get("/data.json").get_json()
    assert said["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert said["@type"] == "dcat:Catalog"
    assert said["describedBy"] == "https://project-open-data.cio.gov/v1.1/schema/catalog.json"


def test_every_dataset_has_what_the_schema_demands(client: FlaskClient, filled: Catalogue) -> None:
    """https://resources.data.gov/resources/dcat-us/, fields that are always required outside the federal government."""
    found = listed(client)
    counts = filled.entries.counts()
    assert len(found) == counts.datasets + counts.series
    assert len({one["identifier"] for one in found}) == len(found)
    for one in found:
        assert one["title"]
        assert one["description"]
        assert one["keyword"]
        assert all(isinstance(word, str) for word in one["keyword"])
        assert DAY.fullmatch(one["modified"])
        assert one["publisher"]["name"]
        assert one["contactPoint"]["fn"]
        assert one["contactPoint"]["hasEmail"].startswith("mailto:")
        assert one["accessLevel"] in {"public", "restricted public", "non-public"}
        assert ADDRESS.fullmatch(one["landingPage"])
        for file in one.get("distribution", []):
            assert ADDRESS.fullmatch(file.get("accessURL") or file["downloadURL"])
            assert "downloadURL" not in file or re.fullmatch(r"[\w.+-]+/[\w.+-]+", file["mediaType"])
        assert re.fullmatch(r"R/P\S+|irregular", one.get("accrualPeriodicity", "irregular"))


def test_texts_are_in_the_language_asked_for(client: FlaskClient) -> None:
    french, dutch = (
        next(one for one in listed(client, f"?lang={lang}") if one["identifier"].endswith("/bike-counts"))
        for lang in ("fr", "nl")
    )
    assert french["title"] != dutch["title"]
    assert french["theme"] == ["Transports"]
    assert dutch["theme"] == ["Vervoer"]
    assert client.get("/data.json?lang=es").status_code == 400


def test_it_can_be_narrowed_as_any_feed(client: FlaskClient, filled: Catalogue) -> None:
    some = listed(client, "?theme=TRAN")
    assert 0 < len(some) < len(listed(client))
    assert {tuple(one["theme"]) for one in some} == {("Transports",)}
    assert listed(client, "?q=xyzzyplugh") == []


def test_our_own_harvester_finds_the_same_entries_here(site: str, filled: Catalogue, tmp_path: Path) -> None:
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    run = second.runs.harvest(second.sources.add(f"{site}/data.json", "data-json", title="First").name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    theirs = {row.iri: row.entry for row in filled.entries.after("", 1000) if row.kind != "service"}
    mine = {row.iri: row.entry for row in second.entries.after("", 1000) if row.iri in theirs}
    second.close()
    assert mine.keys() == theirs.keys()
    for iri, entry in theirs.items():
        assert gist(mine[iri]) == gist(entry), iri
        assert mine[iri].modified == entry.modified or not entry.modified, "the schema demands a date"


def gist(entry: Entry) -> dict[str, Any]:
    """What must come through: everything but the other languages and what the schema has no word for."""
    assert isinstance(entry, Dataset | DatasetSeries)
    return {
        "kind": type(entry),
        "title": min(text.value for text in entry.title if text.lang in {"fr", ""} or len(entry.title) == 1),
        "theme": {theme.iri for theme in entry.theme},
        "issued": entry.issued,
        "frequency": entry.frequency.iri if entry.frequency else None,
        "files": {(file.iri, file.access_url, file.download_url) for file in entry.distribution if file.iri},
        "addresses": {(file.access_url, file.download_url) for file in entry.distribution},
        "formats": {file.format.iri for file in entry.distribution if file.format},
        "licences": {file.license.iri for file in entry.distribution if file.license},
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_is_conditional_and_open(client: FlaskClient, method: str) -> None:
    answer = client.open("/data.json", method=method)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/data.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
