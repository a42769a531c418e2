"""An entry that several catalogues list: what its pages and its JSON say."""

from collections.abc import Iterator
from typing import Any

import pages
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from dcat.model import Agent, Dataset, Text
from web.app import create_app

SITE = "https://data.example.brussels"
DOI = "https://doi.org/10.5281/zenodo.12"
COPY, ORIGINAL, LOOKALIKE = "copie-des-arbres", "arbres-remarquables", "parcs"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Trees, listed by the region and then by the commune itself; parks, which look the same in both."""
    catalogue, memory = open_catalogue(tmp_path_factory.mktemp("copies"))
    commune = Agent(name=texts(fr="Commune d’Ixelles"))
    doi = (Text("doi:10.5281/zenodo.12"),)
    give(
        catalogue,
        memory,
        "Région",
        "",
        Dataset(title=texts(fr="Copie des arbres"), publisher=commune, identifier=doi),
        Dataset(title=texts(fr="Parcs"), publisher=commune),
        Dataset(title=texts(fr="Seul"), publisher=commune),
    )
    give(
        catalogue,
        memory,
        "Ixelles",
        "Commune d’Ixelles",
        Dataset(title=texts(fr="Arbres remarquables"), publisher=commune, identifier=doi),
        Dataset(title=texts(fr="Parcs"), publisher=commune),
    )
    yield catalogue
    catalogue.close()


def give(catalogue: Catalogue, memory: Memory, title: str, publisher: str, *entries: Dataset) -> None:
    """A source with entries, harvested."""
    url = f"https://{title.lower()}.example/feed".replace("é", "e")
    memory.feeds[url] = Feed([record(str(number), entry) for number, entry in enumerate(entries)])
    catalogue.runs.harvest(catalogue.sources.add(url, "memory", title=title, publisher=publisher).name)


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> FlaskClient:
    """Somebody who reads the portal."""
    return create_app(catalogue.settings, catalogue).test_client()


def canonical(page: Any) -> list[str]:
    """The canonical addresses of a page."""
    return [link.get("href") for link in page.iter("link") if link.get("rel") == "canonical"]


def notices(page: Any) -> str:
    """What the page says beside its content."""
    return " ".join(pages.words(one) for one in page.iter() if one.get("class") == "notice")


def test_a_copy_leads_to_the_one_that_counts(client: FlaskClient) -> None:
    page = pages.read(client, f"/en/dataset/{COPY}")
    assert canonical(page) == [f"{SITE}/en/dataset/{ORIGINAL}"]
    assert not [link for link in page.iter("link") if link.get("hreflang")]
    assert f"/en/dataset/{ORIGINAL}" in pages.links(page)
    assert "Also published in: Ixelles." in notices(page)
    assert "We count the entry of Ixelles, the publisher’s own catalogue" in notices(page)


def test_the_one_that_counts_names_the_others(client: FlaskClient) -> None:
    page = pages.read(client, f"/en/dataset/{ORIGINAL}")
    assert canonical(page) == [f"{SITE}/en/dataset/{ORIGINAL}"]
    assert f"/en/dataset/{COPY}" in pages.links(page)
    assert "Also published in: Région." in notices(page)
    assert "We count" not in notices(page)


def test_an_entry_of_one_catalogue_says_nothing(client: FlaskClient) -> None:
    page = pages.read(client, "/en/dataset/seul")
    assert "published in" not in notices(page)
    assert canonical(page) == [f"{SITE}/en/dataset/seul"]


def test_what_only_looks_the_same_stays_its_own(client: FlaskClient) -> None:
    page = pages.read(client, f"/en/dataset/{LOOKALIKE}")
    assert canonical(page) == [f"{SITE}/en/dataset/{LOOKALIKE}"]
    assert "May be the same data, with the same title and publisher: Ixelles." in notices(page)


def test_both_pages_are_reachable_in_every_format(client: FlaskClient) -> None:
    for name in (COPY, ORIGINAL):
        for ending in ("ttl", "jsonld", "json", "nt", "rdf"):
            assert client.get(f"/dataset/{name}.{ending}").status_code == 200


def test_json_says_who_else_lists_it(client: FlaskClient) -> None:
    [other] = client.get(f"/dataset/{COPY}.json").get_json()["duplicates"]
    assert (other["name"], other["source"], other["canonical"], other["shared"]) == (ORIGINAL, "ixelles", True, [DOI])
    assert other["iri"].startswith(f"{SITE}/id/dataset/")
    assert other["url"] == f"{SITE}/fr/dataset/{ORIGINAL}"
    [other] = client.get(f"/api/1/datasets/{ORIGINAL}").get_json()["duplicates"]
    assert (other["name"], other["canonical"]) == (COPY, False)
    alone = client.get("/api/1/datasets/seul").get_json()
    assert (alone["duplicates"], alone["suggested"]) == ([], [])
    [alike] = client.get(f"/api/1/datasets/{LOOKALIKE}").get_json()["suggested"]
    assert alike.keys() == {"id", "iri", "name", "url", "source"}
    assert alike["source"] == "ixelles"


def test_a_list_says_it_of_each(client: FlaskClient) -> None:
    listed = {one["name"]: one for one in client.get("/api/1/datasets/").get_json()["data"]}
    assert [one["name"] for one in listed[COPY]["duplicates"]] == [ORIGINAL]
    assert listed["seul"]["duplicates"] == []


def test_all_clusters_are_listed(client: FlaskClient) -> None:
    found = client.get("/api/1/duplicates/").get_json()
    assert (found["total"], found["entries"], found["offset"], found["limit"]) == (1, 2, 0, 100)
    [cluster] = found["data"]
    assert (cluster["kind"], cluster["reason"]) == ("dataset", "own-source")
    assert [(one["name"], one["canonical"]) for one in cluster["entries"]] == [(ORIGINAL, True), (COPY, False)]
    assert client.get("/api/1/duplicates/?offset=1").get_json()["data"] == []
    alike = client.get("/api/1/duplicates/?kind=alike").get_json()
    assert (alike["total"], alike["entries"], len(alike["data"][0]["entries"])) == (1, 2, 2)


@pytest.mark.parametrize(("query", "field"), [("kind=x", "kind"), ("limit=0", "limit"), ("offset=-1", "offset")])
def test_a_bad_value_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/1/duplicates/?{query}")
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)
