"""The search as data: JSON, RDF and Atom with the query string of the page."""

import re
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from factory import Feed, mobility, open_catalogue, record, texts
from flask.testing import FlaskClient
from graphs import by_oxigraph, subjects, values
from lxml import etree
from msgspec.structs import replace

from dcat.model import Dataset
from dcat.namespaces import expand
from web.app import create_app

SITE = "https://data.example.brussels"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_shape_that_programs_rely_on(client: FlaskClient) -> None:
    said = client.get("/search.json?q=vélo&theme=TRAN&per_page=10").get_json()
    assert list(said) == [
        "count", "page", "per_page", "results", "facets", "also_searched", "did_you_mean", "looser",
        "folded",
    ]  # fmt: skip
    assert (said["page"], said["per_page"]) == (1, 10)
    assert said["count"] == len(said["results"]) >= 2
    first = said["results"][0]
    assert list(first) == [
        "id", "iri", "name", "type", "title", "publisher", "themes", "formats", "modified", "score", "url",
        "has_all_words", "found_in",
    ]  # fmt: skip
    assert first["title"].keys() == {"fr", "nl"}
    assert first["publisher"].keys() == {"name", "title"}
    assert (
        client.get(f"/publisher/{first['publisher']['name']}.json").get_json()["title"] == first["publisher"]["title"]
    )
    assert first["themes"] == ["TRAN"]
    assert first["url"] == f"{SITE}/fr/dataset/{first['name']}"
    assert first["score"] > 0


def test_facets_have_names_in_the_language_asked_for(client: FlaskClient) -> None:
    for lang, transport in (("fr", "Transports"), ("nl", "Vervoer"), ("de", "Verkehr"), ("en", "Transport")):
        said = client.get(f"/search.json?theme=TRAN&lang={lang}").get_json()
        (chosen,) = [one for one in said["facets"]["theme"] if one["selected"]]
        assert (chosen["value"], chosen["label"], chosen["count"]) == ("TRAN", transport, said["count"])
    for one in client.get("/search.json?lang=nl").get_json()["facets"]["publisher"]:
        assert one["label"] == client.get(f"/publisher/{one['value']}.json").get_json()["title"]["nl"]


def test_the_page_and_its_data_agree(client: FlaskClient) -> None:
    said = client.get("/search.json?theme=ENVI&sort=title&lang=fr").get_json()
    page = client.get("/fr/search?theme=ENVI&sort=title").get_data(as_text=True)
    places = [page.index(one["title"]["fr"].replace("’", "’")) for one in said["results"]]
    assert places == sorted(places)
    assert said["count"] == 3


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_the_results_as_rdf(client: FlaskClient, ending: str) -> None:
    body = client.get(f"/search.{ending}?theme=GOVE&page=2&per_page=10").data
    triples = by_oxigraph(body, ending)
    here = f"<{SITE}/search.{ending}?theme=GOVE&page=2>"
    assert subjects(triples, expand("hydra:PagedCollection")) == {here}
    assert len(values(triples, f"<{SITE}/catalog>", expand("dcat:dataset"))) == 3
    assert not values(triples, here, expand("hydra:next"))


def atom(client: FlaskClient, path: str) -> etree._Element:
    """The feed at a path."""
    answer = client.get(path)
    assert answer.mimetype == "application/atom+xml"
    return etree.fromstring(answer.data, etree.XMLParser(resolve_entities=False, no_network=True))


def text_of(node: etree._Element, name: str) -> str:
    """The text of a child that must be there once."""
    (child,) = node.findall(f"{ATOM}{name}")
    return child.text or ""


def test_an_atom_feed_has_what_the_standard_asks_for(client: FlaskClient) -> None:
    feed = atom(client, "/search.atom?q=vélo&lang=nl")
    assert text_of(feed, "id") == f"{SITE}/search.atom?q=v%C3%A9lo&lang=nl"
    assert datetime.fromisoformat(text_of(feed, "updated")).tzinfo
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for entry in entries:
        assert text_of(entry, "id").startswith("https://mobility.example.brussels/id/dataset/")
        assert datetime.fromisoformat(text_of(entry, "updated")) <= datetime.fromisoformat(text_of(feed, "updated"))
        assert text_of(entry, "title")
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        (page,) = [link for link in entry.findall(f"{ATOM}link") if link.get("type") == "text/html"]
        assert page.get("rel") == "alternate"
        assert client.get(page.get("href").removeprefix(SITE)).status_code == 200


def test_a_title_carries_its_own_language(client: FlaskClient) -> None:
    feed = atom(client, "/search.atom?theme=GOVE&lang=fr&per_page=50")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {entry.find(f"{ATOM}title").get(lang) for entry in feed.findall(f"{ATOM}entry")} == {"fr", "nl"}


def test_following_next_reads_every_entry_once(client: FlaskClient) -> None:
    path, found = "/search.atom?theme=GOVE", []
    while path:
        feed = atom(client, path)
        found += [text_of(entry, "id") for entry in feed.findall(f"{ATOM}entry")]
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert {"self", "first", "last", "alternate"} <= links.keys()
        path = links.get("next", "").removeprefix(SITE)
    assert len(found) == len(set(found)) == 13


@pytest.mark.parametrize("asked", ["", "?sort=-modified", "?q=vélo"])
def test_a_feed_is_in_the_order_of_what_it_says(tmp_path: Path, asked: str) -> None:
    """Whatever the dates of the data say: what came last stands first."""
    catalogue, memory = open_catalogue(tmp_path)
    entries = [entry for _, entry in mobility() if isinstance(entry, Dataset)]
    oldest_last = sorted(entries, key=lambda one: one.modified or "", reverse=True)[:3]
    url = "https://new.example.brussels/feed"
    name = catalogue.sources.add(url, "memory", title="New").name
    for number in range(1, 4):
        some = (replace(one, title=texts(fr=f"Vélo {one.iri}")) for one in oldest_last[:number])
        memory.feeds[url] = Feed([record(str(one.iri), one) for one in some])
        catalogue.runs.harvest(name)
    feed = atom(create_app(catalogue.settings, catalogue).test_client(), f"/search.atom{asked}")
    catalogue.close()
    told = [text_of(entry, "updated") for entry in feed.findall(f"{ATOM}entry")]
    assert told == sorted(told, reverse=True)
    assert [text_of(entry, "id") for entry in feed.findall(f"{ATOM}entry")] == [
        str(one.iri) for one in oldest_last[::-1]
    ]


def test_readers_of_feeds_find_the_same_in_both(client: FlaskClient) -> None:
    read = feedparser.parse(client.get("/search.atom?q=vélo&lang=nl").data)
    assert not read.bozo, read.get("bozo_exception")
    assert int(read.feed.opensearch_totalresults) >= len(read.entries) >= 2
    answer = client.get("/search.feed.json?q=vélo&lang=nl")
    assert answer.mimetype == "application/feed+json"
    said = answer.get_json()
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert [one["id"] for one in said["items"]] == [one.id for one in read.entries]
    assert [one["title"] for one in said["items"]] == [one.title for one in read.entries]
    assert [one["date_modified"] for one in said["items"]] == [one.updated for one in read.entries]
    assert said["feed_url"] == f"{SITE}/search.feed.json?q=v%C3%A9lo&lang=nl"
    assert said["home_page_url"] == f"{SITE}/nl/search?q=v%C3%A9lo"
    for one in said["items"]:
        assert one["content_text"]
        assert client.get(one["url"].removeprefix(SITE)).status_code == 200


HALF = "comptages+vélos+piscine"
"""Words that nothing has together."""
DOORS = {
    "JSON": (f"/search.json?q={HALF}", rb'"count":(\d+)'),
    "Atom": (f"/search.atom?q={HALF}", rb"totalResults>(\d+)"),
    "RDF": (f"/search.ttl?q={HALF}", rb"totalItems (\d+)"),
    "feed": (f"/catalog.nt?page=1&q={HALF}", rb'totalItems> "(\d+)"'),
    "CKAN": (f"/api/3/action/package_search?q={HALF}", rb'"count":(\d+)'),
    "CKAN, counted": (f"/api/3/action/package_search?q={HALF}&rows=0&sort=name+asc", rb'"count":(\d+)'),
    "OGC": (f"/ogc/collections/datasets/items?q={HALF}", rb'"numberMatched":(\d+)'),
    "CSW": (f"/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&q={HALF}", rb'Matched="(\d+)"'),
}
"""How programs ask, and where they read how much there is."""


@pytest.mark.parametrize("door", DOORS)
def test_every_door_counts_what_has_all_the_words(client: FlaskClient, door: str) -> None:
    address, counted = DOORS[door]
    found = client.get(address).data
    assert [int(number) for number in re.findall(counted, found)[:1]] == [0], found[:500]
    whole = client.get(address.replace("+piscine", "")).data
    entries = client.get("/search.json?q=comptages+vélos&type=dataset").get_json()["count"]
    assert int(re.findall(counted, whole)[0]) >= entries > 0


def test_following_next_url_reads_every_entry_once(client: FlaskClient) -> None:
    path, found = "/search.feed.json?theme=GOVE", []
    while path:
        said = client.get(path).get_json()
        found += [one["id"] for one in said["items"]]
        path = said.get("next_url", "").removeprefix(SITE)
    assert len(found) == len(set(found)) == 13


def test_an_empty_feed_is_valid(client: FlaskClient) -> None:
    feed = atom(client, "/search.atom?q=xyzzyplugh")
    assert not feed.findall(f"{ATOM}entry")
    assert text_of(feed, "updated")


def test_a_feed_cannot_be_broken_by_what_was_asked(client: FlaskClient) -> None:
    feed = atom(client, "/search.atom?q=%3C/title%3E%26%3Cscript%3E%0b%1b]]%3E")
    assert "<script>" in text_of(feed, "title")


@pytest.mark.parametrize("ending", ["json", "ttl", "rdf", "jsonld", "atom"])
def test_results_that_have_not_changed_are_not_sent_again(client: FlaskClient, ending: str) -> None:
    path = f"/search.{ending}?q=vélo"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "query", ["page=abc", "per_page=7", "sort=_script", "lang=xx", "theme=NOPE", "page=1001", "bbox=1,2"]
)
def test_a_bad_value_names_its_parameter(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/search.json?{query}")
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert said["field"] == query.partition("=")[0]
    assert said["status"] == 400
    assert said["detail"].endswith(".")


def test_an_unknown_ending_names_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/search.csv")
    assert answer.status_code == 404
    assert ".json" in answer.get_data(as_text=True)
