"""The whole catalogue as RDF, in one document and in pages."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient
from graphs import ENDINGS, Triples, by_oxigraph, by_rdflib, subjects, values

from catalogue.service import Catalogue
from dcat.model import Dataset
from dcat.namespaces import expand
from web.app import create_app
from web.feeds import catalog

SITE = "https://data.example.brussels"
URL = "https://agency.example/feed"
CATALOG = f"<{SITE}/catalog>"
HYDRA = expand("hydra:next").removesuffix("next")
MEDIA_TYPES = {
    "ttl": "text/turtle; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "xml": "application/rdf+xml; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


@pytest.fixture(scope="module")
def stored(filled: Catalogue) -> Triples:
    """The triples of the store."""
    return by_oxigraph("".join(filled.feed.whole()).encode(), "nt")


@pytest.fixture
def three_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pages, so that few entries fill several."""
    monkeypatch.setattr(catalog, "PER_PAGE", 3)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("read", [by_oxigraph, by_rdflib])
def test_every_serialisation_holds_the_triples_of_the_store(client: FlaskClient, stored: Triples, ending, read) -> None:
    answer = client.get(f"/catalog.{ending}")
    assert answer.status_code == 200
    assert answer.content_type == MEDIA_TYPES[ending]
    assert read(answer.data, ending) == stored


def test_the_catalogue_lists_every_entry_and_its_record(filled: Catalogue, stored: Triples) -> None:
    counts = filled.entries.counts()
    assert len(values(stored, CATALOG, expand("dcat:dataset"))) == counts.datasets > 30
    assert len(values(stored, CATALOG, expand("dcat:service"))) == counts.services == 1
    assert len(values(stored, CATALOG, expand("dcat:resource"))) == counts.series == 1
    records = values(stored, CATALOG, expand("dcat:record"))
    assert records == subjects(stored, expand("dcat:CatalogRecord"))
    assert len(records) == counts.datasets + counts.services + counts.series


def test_documents_begin_as_the_federal_portal_recognises_them(client: FlaskClient) -> None:
    assert client.get("/catalog.ttl").data.startswith(b"@prefix")
    assert client.get("/catalog.rdf").data.startswith(b"<?xml")
    assert isinstance(json.loads(client.get("/catalog.jsonld").data), dict)


def test_shared_lines_stand_once(client: FlaskClient) -> None:
    lines = client.get("/catalog.nt").get_data(as_text=True).splitlines()
    assert any("<http://xmlns.com/foaf/0.1/name>" in line for line in lines)
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.9", "text/turtle"),
        ("application/ld+json; profile=compact", "application/ld+json"),
        ("*/*", "text/turtle"),
        ("", "text/turtle"),
    ],
)
def test_the_format_follows_accept(client: FlaskClient, accept: str, media_type: str) -> None:
    answer = client.get("/catalog?page=1", headers={"Accept": accept} if accept else {})
    assert answer.mimetype == media_type
    assert "Accept" in answer.vary
    assert answer.headers["Content-Location"].startswith("/catalog.")
    assert answer.headers["Content-Location"].endswith("?page=1")


def test_the_place_of_the_content_is_a_header_whatever_was_asked(client: FlaskClient) -> None:
    for query in ("q=%E2%82%AC&page=1", "q=€&page=1", "q=%0d%0aX-Evil:1&page=1", 'x=<>"&page=1'):
        answer = client.get(f"/catalog?{query}")
        assert answer.headers["Content-Location"].isascii()
        assert "X-Evil" not in answer.headers
        assert client.get(answer.headers["Content-Location"]).data == answer.data


def test_a_browser_at_the_catalogue_is_led_to_the_search(client: FlaskClient) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get("/catalog", headers={"Accept": accept, "Accept-Language": "nl-BE,nl;q=0.9,en;q=0.5"})
    assert (answer.status_code, answer.location) == (303, "/nl/search")


def test_a_format_that_does_not_exist_is_not_acceptable(client: FlaskClient) -> None:
    answer = client.get("/catalog", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.get_data(as_text=True)


def test_an_unknown_ending_names_those_there_are(client: FlaskClient) -> None:
    answer = client.get("/catalog.docx")
    assert answer.status_code == 404
    assert ".ttl, .rdf, .xml, .jsonld, .nt" in answer.get_data(as_text=True)


# --- pages -----------------------------------------------------------------------------------------------------------


def walk(client: FlaskClient, path: str, ending: str) -> Iterator[tuple[str, Triples]]:
    """Reads a paged feed as the European data portal does, and hands out every page with its address.

    It looks for the hydra:PagedCollection, breaks without totalItems and follows nextPage, nothing else.
    """
    while path:
        body = client.get(path).data
        triples = by_oxigraph(body, ending)
        (page,) = subjects(triples, f"{HYDRA}PagedCollection")
        (total,) = values(triples, page, f"{HYDRA}totalItems")
        assert int(total.split('"')[1]) >= 0
        yield page.strip("<>"), triples
        following = values(triples, page, f"{HYDRA}nextPage")
        assert following == values(triples, page, f"{HYDRA}next")
        path = next(iter(following)).strip("<>").removeprefix(SITE) if following else ""


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_pages_together_are_the_whole(client: FlaskClient, stored: Triples, three_a_page, ending: str) -> None:
    union: set[tuple[str, str, str]] = set()
    pages = []
    for page, triples in walk(client, f"/catalog.{ending}?page=1", ending):
        pages.append(page)
        union |= {triple for triple in triples if triple[0] != f"<{page}>"}
    assert len(pages) == len(set(pages)) == 12
    assert union == stored


def test_a_page_says_where_it_stands(client: FlaskClient, three_a_page) -> None:
    pages = list(walk(client, "/catalog.ttl?page=1", "ttl"))
    address, triples = pages[1]
    (before,) = values(pages[0][1], f"<{pages[0][0]}>", f"{HYDRA}next")
    assert f"<{address}>" == before
    assert address.startswith(f"{SITE}/catalog.ttl?page=2&after=")
    here = f"<{address}>"
    assert subjects(triples, f"{HYDRA}PartialCollectionView") == {here}
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert values(triples, here, f"{HYDRA}totalItems") == {f'"34"^^<{integer}>'}
    assert values(triples, here, f"{HYDRA}itemsPerPage") == {f'"3"^^<{integer}>'}
    for step, page in (("first", 1), ("previous", 1), ("last", 12)):
        assert values(triples, here, f"{HYDRA}{step}") == {f"<{SITE}/catalog.ttl?page={page}>"}, step
    assert values(triples, here, f"{HYDRA}next") == values(triples, here, f"{HYDRA}nextPage") == {f"<{pages[2][0]}>"}


def test_the_last_page_has_no_next_one(client: FlaskClient, three_a_page) -> None:
    address, triples = list(walk(client, "/catalog.ttl?page=1", "ttl"))[-1]
    assert not values(triples, f"<{address}>", f"{HYDRA}next")
    assert not values(triples, f"<{address}>", f"{HYDRA}nextPage")
    assert values(triples, f"<{address}>", f"{HYDRA}previous") == {f"<{SITE}/catalog.ttl?page=11>"}


@pytest.mark.parametrize("gone", range(1, 12))
def test_no_entry_that_was_there_all_the_time_is_missed_while_others_are_removed(
    tmp_path: Path, three_a_page: None, gone: int
) -> None:
    """Offsets would jump over as many live entries as were removed before them; who harvests us would remove those."""
    catalogue, memory = open_catalogue(tmp_path, site_url=SITE)
    memory.feeds[URL] = Feed([record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"))) for n in range(20)])
    name = catalogue.sources.add(URL, "memory", title="Agency").name
    catalogue.runs.harvest(name)
    client = create_app(catalogue.settings, catalogue).test_client()
    found: list[str] = []
    removed: set[str] = set()
    for page, triples in walk(client, "/catalog.nt?page=1", "nt"):
        found += sorted(subjects(triples, expand("dcat:Dataset")))
        if page.endswith("page=1"):
            for row in catalogue.entries.after("", gone):
                catalogue.records.withdraw(name, row.identifier)
                removed.add(f"<{row.iri}>")
    stayed = {f"<{row.iri}>" for row in catalogue.entries.after("", 100)}
    assert len(found) == len(set(found))
    assert stayed <= set(found)
    catalogue.close()


def test_a_page_beyond_the_last_is_empty_and_valid(client: FlaskClient) -> None:
    answer = client.get("/catalog.ttl?page=999")
    triples = by_oxigraph(answer.data, "ttl")
    here = f"<{SITE}/catalog.ttl?page=999>"
    assert answer.status_code == 200
    assert not subjects(triples, expand("dcat:Dataset"))
    assert not values(triples, here, f"{HYDRA}next")
    assert values(triples, here, f"{HYDRA}last") == {f"<{SITE}/catalog.ttl?page=1>"}


def test_each_page_describes_all_that_its_entries_need(client: FlaskClient, three_a_page) -> None:
    for _, triples in walk(client, "/catalog.ttl?page=1", "ttl"):
        described = {subject for subject, _, _ in triples}
        for predicate in ("dct:publisher", "dcat:contactPoint", "dcat:distribution", "dct:license", "dcat:theme"):
            wanted = {object for _, p, object in triples if p == f"<{expand(predicate)}>"}
            assert wanted <= described, predicate


def test_every_entry_has_an_identifier(stored: Triples) -> None:
    for kind in ("dcat:Dataset", "dcat:DataService", "dcat:DatasetSeries"):
        for subject in subjects(stored, expand(kind)):
            assert len(values(stored, subject, expand("dct:identifier"))) == 1, subject


def test_no_node_is_blank(stored: Triples) -> None:
    assert not [term for triple in stored for term in triple if term.startswith("_:")]


def test_pages_are_ordered_by_id(client: FlaskClient, filled: Catalogue, three_a_page) -> None:
    ids = []
    for _, triples in walk(client, "/catalog.nt?page=1", "nt"):
        ids.append(sorted(one.rpartition("/")[2] for one in values(triples, CATALOG, expand("dcat:record"))))
    flat = [id for page in ids for id in page]
    assert flat == sorted(flat)


# --- choosing --------------------------------------------------------------------------------------------------------


def datasets(answer_body: bytes) -> set[str]:
    """The datasets of a document of N-Triples."""
    return values(by_oxigraph(answer_body, "nt"), CATALOG, expand("dcat:dataset"))


def test_facets_and_words_choose(client: FlaskClient) -> None:
    both = datasets(client.get("/catalog.nt?theme=ENVI&page=1").data)
    assert both == datasets(client.get("/catalog.nt?theme=ENVI").data)
    assert {iri.rpartition("/")[2] for iri in both} == {"air>", "noise>", "trees>"}
    assert len(datasets(client.get("/catalog.nt?theme=ENVI&q=bruit").data)) == 1
    some_have_one_of_them = client.get("/search.json?q=comptages+vélo&type=dataset").get_json()
    assert len(datasets(client.get("/catalog.nt?q=comptages+vélo").data)) == some_have_one_of_them["count"] > 0


def test_a_chosen_feed_keeps_its_choice_from_page_to_page(client: FlaskClient, three_a_page) -> None:
    pages = list(walk(client, "/catalog.nt?theme=GOVE&page=1", "nt"))
    assert [address for address, _ in pages] == [
        f"{SITE}/catalog.nt?theme=GOVE&page={n}" for n in range(1, len(pages) + 1)
    ]
    found = set().union(*(values(triples, CATALOG, expand("dcat:dataset")) for _, triples in pages))
    assert found == datasets(client.get("/catalog.nt?theme=GOVE").data)
    assert len(found) == 13


def test_a_chosen_feed_is_streamed_to_its_end(client: FlaskClient, three_a_page, monkeypatch) -> None:
    whole = client.get("/catalog.nt?theme=GOVE").data
    monkeypatch.setattr("web.http.compression.BLOCK", 1)
    monkeypatch.setattr("dcat.rdf.serialising.LARGEST", 1)
    answer = client.get("/catalog.nt?theme=GOVE", buffered=False)
    assert b"".join(answer.response) == whole


def test_only_what_changed_since(client: FlaskClient, filled: Catalogue) -> None:
    newest = filled.entries.recent(1)[0].updated
    assert len(datasets(client.get("/catalog.nt?modified_since=2020-01-01").data)) == filled.entries.counts().datasets
    later = (newest + timedelta(seconds=1)).isoformat()
    for written in (later, later.replace("+00:00", "Z"), later.replace("+", "%2B")):
        assert datasets(client.get(f"/catalog.nt?modified_since={written}").data) == set(), written


def test_only_what_changed_since_among_what_is_searched(client: FlaskClient, filled: Catalogue) -> None:
    newest = filled.entries.recent(1)[0].updated
    changed = {f"<{row.iri}>" for row in filled.entries.recent(100) if row.updated >= newest and row.kind == "dataset"}
    chosen = datasets(client.get("/catalog.nt?theme=GOVE").data)
    since = newest.isoformat().replace("+00:00", "Z")
    assert datasets(client.get("/catalog.nt?theme=GOVE&modified_since=2020-01-01").data) == chosen
    assert datasets(client.get(f"/catalog.nt?theme=GOVE&modified_since={since}").data) == chosen & changed
    assert datasets(client.get("/catalog.nt?q=budget&page=1&modified_since=9000-01-01").data) == set()
    answer = client.get(f"/catalog.ttl?q=budget&page=1&modified_since={since}")
    assert f"modified_since={since}".replace(":", "%3A") in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=0",
        "page=-1",
        "page=" + "9" * 5000,
        "page=%D9%A3",
        "page=1_0",
        "page=1e3",
        "page=1%0d%0aX-Evil:%201",
        "page=%00",
        "modified_since=yesterday",
        "modified_since=2024-13-01",
        "modified_since=0001-01-01T00:00:00%2B14:00",
        "modified_since=9999-12-31T23:59:59-12:00",
        "modified_since=" + "1" * 50_000,
        "modified_since=%D9%A2%D9%A0%D9%A2%D9%A4-01-01",
        "theme=NOPE",
        "theme=%00",
        "q=" + "x" * 300,
        "type=catalog",
    ],
)
def test_a_bad_value_is_refused_in_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/catalog.ttl?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) < 400


def test_parameters_that_mean_nothing_are_ignored(client: FlaskClient) -> None:
    assert client.get("/catalog.nt?nothing=x&utm_source=y").status_code == 200


# --- caching ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/catalog.ttl", "/catalog.nt?page=1", "/catalog"])
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "max-age=300" in first.headers["Cache-Control"]


def test_a_head_request_has_the_headers_only(client: FlaskClient) -> None:
    answer = client.head("/catalog.ttl")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == client.get("/catalog.ttl").headers["ETag"]


def test_each_page_has_a_tag_of_its_own(client: FlaskClient) -> None:
    tags = {client.get(path).headers["ETag"] for path in ("/catalog.ttl", "/catalog.nt", "/catalog.ttl?page=1")}
    assert len(tags) == 3


@pytest.mark.parametrize("profile", ["dcat-ap", "geodcat-ap", "euro_dcat_ap_3", "euro_dcat_ap_3,euro_dcat_ap"])
def test_the_profiles_of_the_feed_are_known_by_their_names(client: FlaskClient, profile: str) -> None:
    assert client.get(f"/catalog.nt?page=1&profiles={profile}").status_code == 200


@pytest.mark.parametrize("profile", ["schemaorg", "dcat-us"])
@pytest.mark.parametrize("path", ["/catalog.ttl", "/search.ttl", "/dataset/{}.ttl"])
def test_another_profile_is_refused(client: FlaskClient, filled: Catalogue, path: str, profile: str) -> None:
    name = next(row.name for row in filled.entries.all() if row.kind == "dataset")
    answer = client.get(f"{path.format(name)}?profiles={profile}")
    assert answer.status_code == 400
    assert "geodcat-ap" in answer.text
    assert "dcat-us (/data.json)" in answer.text


def test_dcat_us_stands_in_a_document_of_its_own(client: FlaskClient) -> None:
    assert client.get("/data.json?profiles=dcat-us").data == client.get("/data.json").data
    assert client.get("/data.json?profiles=geodcat-ap").status_code == 400
