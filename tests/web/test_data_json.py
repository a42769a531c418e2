"""`/data.json`: what Project Open Data 1.1 demands, and what our own harvester of such files makes of it."""

import json
from pathlib import Path
from typing import Any

import loopback
import pytest
from factory import open_catalogue
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from catalogue.service import Catalogue
from dcat.model import Dataset, DatasetSeries, Entry

TEXT = {"type": "string", "minLength": 1}
DAY = r"[+-]?\d{4}(-?(0[1-9]|1[0-2])(-?(0[1-9]|[12]\d|3[01]))?)?"
DATE = DAY + r"([T ]([01]\d|2[0-3])(:?[0-5]\d){0,2}([.,]\d+)?(Z|[+-]\d\d:?\d\d)?)?"
DURATION = r"P(?=.)(\d+(\.\d+)?[YMWD])*(T(\d+(\.\d+)?[HMS])+)?"
"""ISO 8601, as far as the specification takes it."""


def like(pattern: str) -> dict[str, Any]:
    """A text of this form, from end to end."""
    return {"type": "string", "pattern": f"^({pattern})$"}


def several(item: dict[str, Any]) -> dict[str, Any]:
    """A list of different values, at least one."""
    return {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}


URL, MEDIA_TYPE = like(r"https?://[^\s<>\"{}|\\^`]+"), like(r"[-\w]+/[-\w]+(\.[-\w]+)*(\+[-\w]+)?")
FILE = {
    "type": "object",
    "required": ["@type"],
    "anyOf": [{"required": ["downloadURL", "mediaType"]}, {"required": ["accessURL"]}],
    "dependentRequired": {"downloadURL": ["mediaType"]},
    "properties": {
        "@type": {"const": "dcat:Distribution"},
        **dict.fromkeys(("@id", "accessURL", "downloadURL", "license", "conformsTo", "describedBy"), URL),
        **dict.fromkeys(("title", "description", "format"), TEXT),
        "mediaType": MEDIA_TYPE,
    },
    "additionalProperties": False,
}
REQUIRED = ["title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"]
DATASET = {
    "type": "object",
    "required": ["@type", *REQUIRED],
    "properties": {
        "@type": {"const": "dcat:Dataset"},
        **dict.fromkeys(("title", "description", "identifier", "spatial", "isPartOf"), TEXT),
        **dict.fromkeys(("@id", "landingPage", "license", "conformsTo"), URL),
        **dict.fromkeys(("keyword", "theme"), several(TEXT)),
        **dict.fromkeys(("modified", "issued"), like(DATE)),
        "references": several(URL),
        "language": several(like(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")),
        "accrualPeriodicity": like(rf"R/{DURATION}|irregular"),
        "temporal": like(rf"({DATE}|{DURATION})/({DATE}|{DURATION})"),
        "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
        "publisher": {
            "type": "object",
            "required": ["name"],
            "properties": {"@type": {"const": "org:Organization"}, "name": TEXT},
            "additionalProperties": False,
        },
        "contactPoint": {
            "type": "object",
            "required": ["fn", "hasEmail"],
            "properties": {
                "@type": {"const": "vcard:Contact"},
                "fn": TEXT,
                "hasEmail": like(r"mailto:[\w~!$&'()*+,;=:.%-]+@[\w.-]+\.[\w.-]+"),
            },
            "additionalProperties": False,
        },
        "distribution": several(FILE),
    },
    "additionalProperties": False,
}
"""What https://resources.data.gov/resources/dcat-us/ says of a dataset outside the federal government, as JSON schema;
its own schema, in no package index, wants `bureauCode` and `programCode` besides, which are codes of that
government."""


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


@pytest.mark.parametrize("lang", ["fr", "nl", "de", "en"])
def test_every_dataset_is_as_the_schema_demands(client: FlaskClient, filled: Catalogue, lang: str) -> None:
    check, found, counts = Draft202012Validator(DATASET), listed(client, f"?lang={lang}"), filled.entries.counts()
    assert len({one["identifier"] for one in found}) == len(found) == counts.datasets + counts.series
    for one in found:
        assert [f"{error.json_path}: {error.message[:200]}" for error in check.iter_errors(one)] == []


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
