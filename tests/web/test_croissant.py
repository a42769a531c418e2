"""Datasets with tables in the words of Croissant: what its specification demands of a document."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pages
import pytest
from factory import filled_catalogue
from flask.testing import FlaskClient
from previewed import see
from pyoxigraph import RdfFormat, parse

from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from web.app import create_app

TABLE = "rue;arbres;hauteur (m);planté le\nRue Haute;12;3,5;2020-01-02\nRue Basse;7;4,25;2021-03-04\n"
CR = "http://mlcommons.org/croissant/"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path_factory.mktemp("croissant"))
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def row(catalogue: Catalogue) -> EntryRow:
    """A dataset with a table that was looked into."""
    row = next(row for row in catalogue.entries.all() if row.kind == "dataset" and row.entry.distribution)
    see(catalogue, row, TABLE)
    return row


@pytest.fixture
def client(catalogue: Catalogue) -> FlaskClient:
    return create_app(catalogue.settings, catalogue).test_client()


@pytest.fixture
def said(client: FlaskClient, row: EntryRow) -> dict[str, Any]:
    answer = client.get(f"/dataset/{row.name}/croissant.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    document: dict[str, Any] = answer.get_json(force=True)
    return document


def test_it_has_what_the_specification_demands(said: dict[str, Any]) -> None:
    assert said["@type"] == "sc:Dataset"
    assert said["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert all(said[name] for name in ("name", "description", "url", "creator", "distribution", "recordSet"))
    file, rows = said["distribution"]
    assert all(file[name] for name in ("@id", "name", "contentUrl", "encodingFormat", "contentSize"))
    assert all(rows[name] for name in ("@id", "name", "contentUrl", "encodingFormat"))
    assert said["isLiveDataset"], "no sum of a file stays right that its publisher may change"


def test_each_column_is_a_field_that_leads_to_its_file(said: dict[str, Any]) -> None:
    (records,), (_, file) = said["recordSet"], said["distribution"]
    fields = {field["source"]["extract"]["column"]: field["dataType"] for field in records["field"]}
    types = {"rue": "sc:Text", "arbres": "sc:Integer", "hauteur (m)": "sc:Float", "planté le": "sc:Date"}
    assert fields == types
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} == {file["@id"]}
    ids = [file["@id"], records["@id"], *(field["@id"] for field in records["field"])]
    assert len(ids) == len(set(ids))
    assert all(field["@id"] == f"{records['@id']}/{field['name']}" for field in records["field"])


def test_programs_find_each_column_in_the_file_that_it_leads_to(seen: Catalogue) -> None:
    client = create_app(seen.settings, seen).test_client()
    for row in seen.entries.after("", 100):
        if not any(one.has_rows for one in seen.previews.of_entry(row.id).values()):
            continue
        document = client.get(f"/dataset/{row.name}/croissant.json").get_json(force=True)
        files = {one["@id"]: one for one in document["distribution"]}
        for records in document["recordSet"]:
            (key,) = {one["source"]["fileObject"]["@id"] for one in records["field"]}
            assert files[key]["encodingFormat"] == "text/csv", row.name
            table = list(csv.DictReader(io.StringIO(client.get(files[key]["contentUrl"]).get_data(as_text=True))))
            assert table, row.name
            assert all(one["source"]["extract"]["column"] in table[0] for one in records["field"]), row.name
            numbers = [one["source"]["extract"]["column"] for one in records["field"] if one["dataType"] == "sc:Float"]
            assert all(float(line[name] or "0") is not None for line in table for name in numbers), row.name


@pytest.mark.parametrize(("place", "columns", "decimal"), [(-1, ",", "."), (-2, ";", "."), (-3, ";", ",")])
def test_of_a_table_that_is_too_large_only_a_plain_file_has_records(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, place: int, columns: str, decimal: str
) -> None:
    row = [row for row in catalogue.entries.all() if row.kind == "dataset" and row.entry.distribution][place]
    see(catalogue, row, f"rue{columns}hauteur\nHaute{columns}3{decimal}5\nBasse{columns}4{decimal}25\n")
    monkeypatch.setattr("web.json.file_shapes.MOST_ROWS", 1)
    client = create_app(catalogue.settings, catalogue).test_client()
    said = client.get(f"/dataset/{row.name}/croissant.json").get_json(force=True)
    (file,) = said["distribution"]
    leads_to = {one["source"]["fileObject"]["@id"] for records in said["recordSet"] for one in records["field"]}
    assert leads_to == ({file["@id"]} if (columns, decimal) == (",", ".") else set())


def test_it_is_linked_data(client: FlaskClient, row: EntryRow) -> None:
    body = client.get(f"/dataset/{row.name}/croissant.json").data
    triples = list(parse(body, RdfFormat.JSON_LD, base_iri="https://data.example.brussels/"))
    types = {str(one.object) for one in triples if one.predicate.value.endswith("#type")}
    assert {f"<{CR}FileObject>", f"<{CR}RecordSet>", f"<{CR}Field>", "<https://schema.org/Dataset>"} <= types
    kinds = {str(one.object) for one in triples if one.predicate.value == f"{CR}dataType"}
    assert "<https://schema.org/Integer>" in kinds


def test_the_page_leads_there_when_there_is_something(client: FlaskClient, catalogue: Catalogue, row: EntryRow) -> None:
    other = next(one for one in catalogue.entries.all() if one.kind == "dataset" and one.id != row.id)
    for one, is_linked in ((row, True), (other, False)):
        page = pages.read(client, f"/en/dataset/{one.name}")
        linked = [link.get("href") for link in page.iter("link") if link.get("title") == "Croissant"]
        assert linked == ([f"/dataset/{one.name}/croissant.json"] if is_linked else [])
    assert client.get(f"/dataset/{other.name}/croissant.json").status_code == 404


def test_it_has_a_tag_of_its_own(client: FlaskClient, row: EntryRow) -> None:
    address = f"/dataset/{row.name}/croissant.json"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
