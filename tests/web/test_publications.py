"""Publications: entries of their own, which lead to the data they use and are in no feed of datasets."""

from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from factory import Feed, Memory, file, open_catalogue, record, texts
from flask.testing import FlaskClient
from shapes import forbidden

from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat.model import Agent, Dataset, Date, Document, Entry, Iri, Publication
from dcat.read import read_entry
from web.app import create_app

URL = "https://library.example.brussels/feed"
COUNTS, REPORT, CITED = (Iri(f"https://doi.org/10.5281/zenodo.{number}") for number in (1, 2, 3))
TOWN = Agent(name=texts(fr="Ville de Bruxelles"))
ENTRIES: dict[str, Entry] = {
    "counts": Dataset(
        iri=COUNTS,
        title=texts(fr="Comptages vélos"),
        description=texts(fr="Par jour."),
        publisher=TOWN,
        is_referenced_by=(CITED,),
    ),
    "report": Publication(
        iri=REPORT,
        title=texts(fr="Rapport sur le vélo", nl="Verslag over de fiets"),
        creator=(Agent(name=texts(fr="Institut bruxellois")),),
        publisher=TOWN,
        issued=Date("2024-05-01"),
        uses=(COUNTS, Iri("https://elsewhere.example/data")),
        distribution=(file("https://library.example.brussels/report.pdf", "PDF"),),
    ),
    "article": Publication(
        iri=CITED,
        title=texts(fr="Article cité"),
        publisher=TOWN,
        landing_page=(Document(iri=Iri("https://library.example.brussels/3")),),
    ),
}


def harvested(folder: Path) -> tuple[Catalogue, Memory, str]:
    catalogue, memory = open_catalogue(folder, contact="opendata@example.brussels")
    memory.feeds[URL] = Feed([record(identifier, entry) for identifier, entry in ENTRIES.items()])
    source = catalogue.sources.add(URL, "memory", title="Library").name
    catalogue.runs.harvest(source)
    return catalogue, memory, source


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue, _, _ = harvested(tmp_path_factory.mktemp("library"))
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def client(library: Catalogue) -> FlaskClient:
    return create_app(library.settings, library).test_client()


def row(catalogue: Catalogue, iri: Iri) -> EntryRow:
    return catalogue.entries.with_iris([iri])[iri]


def test_it_has_a_page_of_its_own_in_every_language(client: FlaskClient, library: Catalogue) -> None:
    report = row(library, REPORT)
    assert (report.kind, report.name) == ("publication", "rapport-sur-le-velo")
    for lang in pages.LANGUAGES:
        page = pages.read(client, f"/{lang}/publication/{report.name}")
        said = pages.words(pages.one(page, "body/main"))
        assert "Institut bruxellois" in said
        assert "https://library.example.brussels/report.pdf" in pages.links(page)
        assert f"/{lang}/dataset/{row(library, COUNTS).name}" in pages.links(page)
        assert pages.counted_elements(page) <= 390
    for part in ("checks", "changes"):
        pages.read(client, f"/fr/publication/{report.name}/{part}")
    assert client.get(f"/fr/dataset/{report.name}").status_code == 404


def test_what_has_no_file_is_read_at_its_page(client: FlaskClient, library: Catalogue) -> None:
    page = pages.read(client, f"/fr/publication/{row(library, CITED).name}")
    assert "https://library.example.brussels/3" in pages.links(page)


def test_the_data_lead_back_to_who_uses_them_and_whom_they_name(client: FlaskClient, library: Catalogue) -> None:
    found = pages.links(pages.read(client, f"/fr/dataset/{row(library, COUNTS).name}"))
    assert f"/fr/publication/{row(library, REPORT).name}" in found
    assert f"/fr/publication/{row(library, CITED).name}" in found


def test_it_is_found_and_told_apart_by_its_type(client: FlaskClient) -> None:
    assert client.get("/search.json?q=rapport+vélo").json["results"][0]["type"] == "publication"
    found = client.get("/search.json?type=publication").json
    assert {one["iri"] for one in found["results"]} == {REPORT, CITED}
    assert {one["value"]: one["count"] for one in found["facets"]["type"]} == {"publication": 2, "dataset": 1}
    page = pages.read(client, "/nl/search?type=publication")
    assert "Publicatie" in pages.words(page)


@pytest.mark.parametrize(
    "path",
    ["/catalog.nt", "/catalog.ttl?page=1", "/data.json", "/api/3/action/package_search"],
)
def test_no_feed_of_datasets_has_it(client: FlaskClient, path: str) -> None:
    text = client.get(path).text
    assert COUNTS in text
    assert REPORT not in text


def test_counts_of_data_leave_it_out(library: Catalogue) -> None:
    counts = library.entries.counts()
    assert (counts.datasets, counts.publications, counts.entries) == (1, 2, 3)
    assert library.pieces.count() == 1
    assert [piece.kind for piece in library.pieces.page(1, 10)] == ["dataset"]


def test_it_is_a_document_of_rdf_that_reads_back(client: FlaskClient, library: Catalogue) -> None:
    report = row(library, REPORT)
    answer = client.get(f"/publication/{report.name}.nt")
    entry, _, _ = read_entry(answer.data)
    assert isinstance(entry, Publication)
    assert (entry.title, entry.issued, entry.uses) == (report.entry.title, "2024-05-01", (COUNTS,))
    assert client.get(f"/id/publication/{report.id}", headers={"Accept": "text/turtle"}).location.endswith(".ttl")
    assert client.get(f"/publication/{report.name}.json").json["type"] == "publication"


def test_what_is_told_of_the_data_is_valid(client: FlaskClient, library: Catalogue) -> None:
    for path in (
        "/catalog.nt",
        f"/dataset/{row(library, COUNTS).name}.nt",
        "/catalog.nt?type=publication",
        f"/publication/{row(library, REPORT).name}.nt",
    ):
        assert forbidden(client.get(path).text) == set(), path


def test_other_doors_have_it_in_their_words(client: FlaskClient) -> None:
    told = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc").text
    assert "<dc:type>Text</dc:type>" in told
    features = client.get("/ogc/collections/datasets/items").json["features"]
    assert sorted(one["properties"]["type"] for one in features) == ["dataset", "publication", "publication"]
    asked = "service=CSW&version=2.0.2&request=GetRecords&resultType=results&elementSetName=full"
    iso = client.get(f"/csw?{asked}&typeNames=gmd:MD_Metadata&outputSchema=http://www.isotc211.org/2005/gmd").text
    assert "nonGeographicDataset" in iso
    assert client.get("/sitemap/1.xml").text.count("<loc>") == 3 * len(pages.LANGUAGES)


def test_what_is_gone_is_told_so(tmp_path: Path) -> None:
    catalogue, memory, source = harvested(tmp_path)
    name = row(catalogue, REPORT).name
    memory.feeds[URL] = Feed([record(identifier, ENTRIES[identifier]) for identifier in ("counts", "article")])
    for _ in range(3):
        catalogue.runs.harvest(source)
    answer = create_app(catalogue.settings, catalogue).test_client().get(f"/nl/publication/{name}")
    assert answer.status_code == 410
    assert "Deze publicatie is verwijderd" in answer.text
    catalogue.close()
