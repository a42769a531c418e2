"""One entry as a document of its own, the names that lead to it, and what is left when it is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from factory import TOWNS, filled_catalogue
from flask.testing import FlaskClient
from graphs import ENDINGS, by_oxigraph, by_rdflib, subjects, values

from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow, PublisherRow
from dcat.namespaces import expand
from web.app import create_app

SITE = "https://data.example.brussels"


def entry(catalogue: Catalogue, identifier: str) -> EntryRow:
    """The entry that its source knows by that identifier."""
    rows = catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all())
    return next(row for row in rows if row.identifier.endswith(identifier))


def mobility(catalogue: Catalogue) -> PublisherRow:
    """The publisher that also has a service."""
    return next(one for one in catalogue.publishers.all() if one.services)


@pytest.fixture(scope="module")
def bikes(filled: Catalogue) -> EntryRow:
    return entry(filled, "bike-parking")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("read", [by_oxigraph, by_rdflib])
@pytest.mark.parametrize("identifier", ["bike-parking", "service/wfs", "series/counts", "uccle-budget"])
def test_a_document_holds_what_the_store_holds(
    client: FlaskClient, filled: Catalogue, ending, read, identifier
) -> None:
    row = entry(filled, identifier)
    answer = client.get(f"/{row.kind}/{row.name}.{ending}")
    assert answer.status_code == 200
    assert read(answer.data, ending) == by_oxigraph("".join(filled.feed.alone(row.id)).encode(), "nt")


def test_a_document_links_to_its_page_and_its_other_formats(client: FlaskClient, bikes: EntryRow) -> None:
    links = client.get(f"/dataset/{bikes.name}.ttl").headers["Link"]
    assert f'<{SITE}/fr/dataset/{bikes.name}>; rel="canonical"' in links
    for ending, media_type in (("ttl", "text/turtle"), ("rdf", "application/rdf+xml"), ("json", "application/json")):
        assert f'<{SITE}/dataset/{bikes.name}.{ending}>; rel="alternate"; type="{media_type}"' in links


def test_json_has_texts_by_language_and_the_names_of_the_model(client: FlaskClient, bikes: EntryRow) -> None:
    said = client.get(f"/dataset/{bikes.name}.json").get_json()
    assert said["title"] == {text.lang: text.value for text in bikes.entry.title}
    assert said["keyword"] == {"fr": ["parking", "vélo"]}
    assert bikes.entry.publisher
    assert said["publisher"]["name"] == {text.lang: text.value for text in bikes.entry.publisher.name}
    assert said["url"] == f"{SITE}/fr/dataset/{bikes.name}"
    assert said["source"]["identifier"] == bikes.identifier
    assert said["distribution"][0]["access_url"] == ["https://mobility.example.brussels/files/bike-parking"]
    assert "version" not in said


@pytest.mark.parametrize("kind", ["dataset", "service", "series", "publisher"])
def test_an_unknown_ending_names_those_there_are(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"/{kind}/whatever.docx")
    assert answer.status_code == 404
    assert ".ttl, .rdf, .xml, .jsonld, .nt, .json" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/dataset/nothing.ttl", "/publisher/nothing.ttl", "/dataset/nothing", "/id/dataset/x"]
)
def test_what_was_never_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_kind_in_the_address_must_be_right(client: FlaskClient, bikes: EntryRow) -> None:
    assert client.get(f"/service/{bikes.name}.ttl").status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_publisher_is_a_document_too(client: FlaskClient, filled: Catalogue, ending: str) -> None:
    row = mobility(filled)
    triples = by_oxigraph(client.get(f"/publisher/{row.name}.{ending}").data, ending)
    assert f"<{row.iri}>" in subjects(triples, expand("foaf:Agent"))
    names = {f'"{text.value}"@{text.lang}' for text in row.title}
    assert values(triples, f"<{row.iri}>", expand("foaf:name")) == names
    assert values(triples, f"<{row.iri}>", expand("foaf:homepage")) == {"<https://mobility.example.brussels/>"}
    (kind,) = values(triples, f"<{row.iri}>", expand("dct:type"))
    assert kind.endswith(f"/{row.type}>")


def test_a_publisher_in_json(client: FlaskClient, filled: Catalogue) -> None:
    row = mobility(filled)
    said = client.get(f"/publisher/{row.name}.json").get_json()
    assert (said["datasets"], said["services"], said["type"]) == (12, 1, row.type)
    assert said["title"] == {text.lang: text.value for text in row.title}


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/turtle", "/dataset/{name}.ttl"),
        ("application/rdf+xml", "/dataset/{name}.rdf"),
        ("application/xml", "/dataset/{name}.rdf"),
        ("application/ld+json", "/dataset/{name}.jsonld"),
        ("application/n-triples", "/dataset/{name}.nt"),
        ("application/json", "/dataset/{name}.json"),
        ("text/html;q=0.2, text/turtle;q=0.8", "/dataset/{name}.ttl"),
        ("text/html;q=0, */*;q=0.1", "/dataset/{name}.ttl"),
        ("text/turtle;q=0.2, text/html;q=0.8", "/nl/dataset/{name}"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "/nl/dataset/{name}"),
        ("*/*", "/nl/dataset/{name}"),
        ("", "/nl/dataset/{name}"),
    ],
)
def test_a_name_leads_to_what_is_asked_for(client: FlaskClient, bikes: EntryRow, accept: str, place: str) -> None:
    headers = {"Accept-Language": "nl", **({"Accept": accept} if accept else {})}
    for path in (f"/id/dataset/{bikes.id}", f"/id/record/{bikes.id}", f"/dataset/{bikes.name}"):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.location) == (303, place.format(name=bikes.name))
        assert {"Accept", "Accept-Language"} <= set(answer.vary)
        assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("languages", "lang"),
    [("de-AT,de;q=0.9", "de"), ("ja, en;q=0.1", "en"), ("ja", "fr"), ("", "fr"), ("fr;q=0,nl", "nl")],
)
def test_the_page_is_in_the_language_of_the_reader(
    client: FlaskClient, bikes: EntryRow, languages: str, lang: str
) -> None:
    answer = client.get(f"/id/dataset/{bikes.id}", headers={"Accept-Language": languages})
    assert answer.location == f"/{lang}/dataset/{bikes.name}"


def test_a_name_in_no_format_of_ours_is_not_acceptable(client: FlaskClient, bikes: EntryRow) -> None:
    answer = client.get(f"/id/dataset/{bikes.id}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/html, text/turtle" in answer.get_data(as_text=True)


def test_a_part_of_an_entry_leads_to_the_entry(client: FlaskClient, bikes: EntryRow) -> None:
    answer = client.get(f"/id/dataset/{bikes.id}/distribution/1", headers={"Accept": "text/turtle"})
    assert answer.location == f"/dataset/{bikes.name}.ttl"


def test_every_name_of_ours_in_the_catalogue_leads_somewhere(client: FlaskClient) -> None:
    triples = by_oxigraph(client.get("/catalog.nt").data, "nt")
    ours = {
        term.strip("<>").partition("#")[0] for triple in triples for term in triple if term.startswith(f"<{SITE}/id/")
    }
    assert len(ours) > 40
    for iri in ours:
        answer = client.get(iri.removeprefix(SITE), headers={"Accept": "text/turtle"})
        assert answer.status_code == 303, iri
        document = client.get(answer.location, headers={"Accept": "text/turtle"})
        assert f"<{iri}" in str(by_oxigraph(document.data, "ttl")), iri


# --- what is gone ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, EntryRow]]:
    """A portal from which a source was removed, and one of its entries as it was."""
    catalogue = filled_catalogue(Path(tmp_path_factory.mktemp("gone")))
    row = entry(catalogue, "uccle-contracts")
    source = next(one for one in catalogue.sources.all() if one.url == TOWNS)
    catalogue.sources.remove(source.name)
    catalogue.index.catch_up()
    yield create_app(catalogue.settings, catalogue).test_client(), row
    catalogue.close()


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_gone_says_so_in_rdf(gone: tuple[FlaskClient, EntryRow], ending: str) -> None:
    client, row = gone
    answer = client.get(f"/dataset/{row.name}.{ending}")
    triples = by_oxigraph(answer.data, ending)
    record = f"<{SITE}/id/record/{row.id}>"
    assert answer.status_code == 410
    assert answer.headers["Cache-Control"] == "no-store"
    assert values(triples, record, expand("foaf:primaryTopic")) == {f"<{row.iri}>"}
    assert values(triples, record, expand("dct:title")) == {
        '"Marchés publics – Uccle"@fr',
        '"Overheidsopdrachten – Ukkel"@nl',
    }
    (sentence,) = values(triples, record, expand("dct:description"))
    assert "Uccle" in sentence
    assert "SOURCE_REMOVED" in sentence


@pytest.mark.parametrize("path", ["/dataset/{name}.json", "/api/1/datasets/{name}"])
def test_what_is_gone_says_so_in_json(gone: tuple[FlaskClient, EntryRow], path: str) -> None:
    client, row = gone
    answer = client.get(path.format(name=row.name))
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    assert said["status"] == 410
    assert said["removed"]["title"]["nl"] == "Overheidsopdrachten – Ukkel"
    assert said["removed"]["publisher"]["fr"] == "Commune d’Uccle"
    assert said["removed"]["reason"] == "SOURCE_REMOVED"
    assert said["removed"]["date"].count("-") == 2


@pytest.mark.parametrize("path", ["/id/dataset/{id}", "/id/record/{id}", "/dataset/{name}", "/nl/dataset/{name}"])
def test_what_is_gone_says_so_to_people(gone: tuple[FlaskClient, EntryRow], path: str) -> None:
    client, row = gone
    answer = client.get(path.format(id=row.id, name=row.name), headers={"Accept": "text/html", "Accept-Language": "nl"})
    assert (answer.status_code, answer.mimetype) == (410, "text/html")
    page = answer.get_data(as_text=True)
    assert 'lang="nl"' in page
    assert "Overheidsopdrachten – Ukkel" in page
    assert "Gemeente Ukkel" in page


def test_a_name_of_what_is_gone_says_so_in_the_format_asked_for(gone: tuple[FlaskClient, EntryRow]) -> None:
    client, row = gone
    answer = client.get(f"/id/dataset/{row.id}", headers={"Accept": "application/rdf+xml"})
    assert (answer.status_code, answer.mimetype) == (410, "application/rdf+xml")
    assert by_oxigraph(answer.data, "rdf")


def test_what_is_gone_is_in_no_feed(gone: tuple[FlaskClient, EntryRow]) -> None:
    client, row = gone
    assert row.iri not in client.get("/catalog.nt").get_data(as_text=True)
    found = client.get("/search.json?q=overheidsopdrachten").get_json()["results"]
    assert row.name not in {one["name"] for one in found}
