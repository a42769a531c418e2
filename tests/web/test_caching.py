"""What the tag of an answer depends on: everything that is shown, and nothing else."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jinja2
import msgspec
import pytest
from factory import TOWNS, Feed, Memory, mobility, open_catalogue, record
from flask import Response
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.search.base import Query, Results, SearchUnavailable
from catalogue.service import Catalogue
from dcat.model import Dataset, Text
from web.app import create_app
from web.http.kept_pages import KeptPages

CSW = "/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory, FlaskClient]]:
    """A portal whose one source has three entries."""
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()[:3]])
    catalogue.runs.harvest(catalogue.sources.add(TOWNS, "memory", title="Towns").name)
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def tag(client: FlaskClient, path: str, **headers: str) -> str:
    """The tag of an answer."""
    return client.get(path, headers=headers).headers["ETag"]


@pytest.mark.parametrize("path", ["/search.json", "/fr/search", "/catalog.ttl", "/sitemap/1.xml", "/api/1/publishers/"])
def test_a_change_of_the_catalogue_changes_every_tag(portal: tuple[Catalogue, Memory, FlaskClient], path: str) -> None:
    catalogue, memory, client = portal
    before = tag(client, path)
    catalogue.runs.harvest("towns")
    assert tag(client, path) == before
    memory.feeds[TOWNS].records += [record(identifier, entry) for identifier, entry in mobility()[3:]]
    catalogue.runs.harvest("towns")
    assert tag(client, path) != before


SAME = ["/search.json?q=arbres", "/search.atom?q=arbres", "/fr/search", "/fr/", "/sitemap.xml", "/api/1/datasets/"]
PAGES_OF_FEEDS = ["/catalog.ttl?page=1", "/search.rdf", "/quality.ttl", "/quality.nt?page=1", "/ldes", "/ldes/0"]
MOMENTS = ["/oai?verb=ListRecords&metadataPrefix=oai_dc", "/ogc/collections/datasets/items", CSW]


def test_what_says_the_same_keeps_its_tag_whatever_the_index_did(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, _, client = portal
    before, now = {path: tag(client, path) for path in (*SAME, *PAGES_OF_FEEDS, *MOMENTS)}, clock.now()
    generation = catalogue.index.generation()
    catalogue.index.rebuild()
    assert catalogue.index.generation() != generation
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=9))
    with closing(Catalogue(catalogue.settings)) as other:
        elsewhere = create_app(other.settings, other).test_client()
        for path, known in before.items():
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", known), path
            assert tag(client, path, **{"Accept-Encoding": "gzip"}) == known, path
            assert tag(elsewhere, path, **{"Accept-Encoding": "gzip"}) == known, path


def test_what_was_made_while_something_was_published_has_not_the_tag_of_what_came_after(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, memory, client = portal
    memory.feeds[TOWNS].records += [record(identifier, entry) for identifier, entry in mobility()[3:]]
    search, asked = catalogue.index.search, iter((1, 2))

    def overtaken(query: Query) -> Results:
        """Of two who ask at the same time, the second is answered after a harvest that the first one did not see."""
        if next(asked) == 2:
            catalogue.runs.harvest("towns")
            return search(query)
        found = search(query)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(client.get, "/search.json").result().get_json()["count"] == 14
        return found

    with monkeypatch.context() as patched:
        patched.setattr(catalogue.index, "search", overtaken)
        early = client.get("/search.json")
    assert early.get_json()["count"] == 3
    late = client.get("/search.json", headers={"If-None-Match": early.headers["ETag"]})
    assert (late.status_code, late.get_json()["count"]) == (200, 14)


def test_whoever_has_the_newest_page_makes_nobody_render_it(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, _, client = portal
    held = tag(client, "/fr/search")
    catalogue.index.rebuild()
    assert client.get("/fr/search", headers={"If-None-Match": held}).status_code == 304
    monkeypatch.setattr(jinja2.Template, "render", lambda *_, **__: pytest.fail("made again"))
    assert client.get("/fr/search", headers={"If-None-Match": held}).status_code == 304


def test_a_search_changes_again_when_the_index_knows(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, memory, client = portal
    memory.feeds[TOWNS].records += [record(identifier, entry) for identifier, entry in mobility()[3:]]
    monkeypatch.setattr("catalogue.indexing.shadow.catch_up", lambda *_: 0)
    catalogue.runs.harvest("towns")
    early = client.get("/search.json")
    assert early.get_json()["count"] == 3
    monkeypatch.undo()
    catalogue.index.catch_up()
    late = client.get("/search.json", headers={"If-None-Match": early.headers["ETag"]})
    assert late.status_code == 200
    assert late.get_json()["count"] == 14


def test_a_page_under_the_tag_of_a_change_shows_the_change(
    tmp_path: Path, elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker writes; a second process shows, which otherwise looks for a newer index now and then only."""
    monkeypatch.setattr("catalogue.search.elastic.index.FRESH_SECONDS", 60.0)
    worker, memory = open_catalogue(tmp_path, search_url=f"{elasticsearch_url}/caching")
    worker.index.rebuild()
    name = worker.sources.add(TOWNS, "memory", title="Towns").name
    shown = Catalogue(worker.settings)
    client = create_app(shown.settings, shown).test_client()
    for count in (3, 8, 14):
        memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()[:count]])
        worker.runs.harvest(name)
        assert client.get("/search.json").get_json()["count"] == count
    shown.close()
    worker.close()


def test_pages_without_a_search_are_there_without_an_index(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, _, _ = portal
    with closing(Catalogue(replace(catalogue.settings, search_url="http://127.0.0.1:9/none"))) as away:
        client = create_app(away.settings, away).test_client()
        monkeypatch.setattr(away.index.engine, "generation", lambda: pytest.fail("the index was asked"))
        for path in ("/fr/sources", "/catalog.ttl", "/sitemap.xml"):
            assert client.get(path).status_code == 200, path
        monkeypatch.undo()
        answer = client.get("/search.json")
        assert (answer.status_code, answer.get_json()["reduced"], "ETag" in answer.headers) == (200, True, False)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_about_runs_change_with_every_run(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    catalogue, _, client = portal
    for path in ("/fr/sources", "/fr/source/towns"):
        before = client.get(path)
        assert before.status_code == 200, path
        assert before.headers["Cache-Control"] == "public, no-cache"
        catalogue.runs.request("towns")
        assert tag(client, path) != before.headers["ETag"]
        catalogue.runs.harvest("towns")


@pytest.mark.parametrize("form", ["/dataset/{}.ttl", "/dataset/{}.json", "/api/1/datasets/{}"])
def test_the_documents_of_an_entry_have_tags_of_their_own(
    portal: tuple[Catalogue, Memory, FlaskClient], form: str
) -> None:
    catalogue, memory, client = portal
    names = [row.name for row in catalogue.entries.after("", 10) if row.kind == "dataset"]
    before = {name: client.get(form.format(name)).headers["ETag"] for name in names}
    source, entries = memory.feeds[TOWNS], mobility()[:3]
    changed = [replace_title(entry) if isinstance(entry, Dataset) else entry for _, entry in entries]
    source.records = [record(key, entry) for (key, _), entry in zip(entries, changed, strict=True)]
    source.records += [record(key, entry) for key, entry in mobility()[3:]]
    catalogue.runs.harvest("towns")
    (told,) = names
    answer = client.get(form.format(told), headers={"If-None-Match": before[told]})
    assert answer.status_code == 200
    others = [row.name for row in catalogue.entries.after("", 50) if row.kind == "dataset" and row.name != told]
    tags = {name: client.get(form.format(name)).headers["ETag"] for name in others}
    source.records = [record(key, entry) for key, entry in mobility()]
    catalogue.runs.harvest("towns")
    for name, known in tags.items():
        again = client.get(form.format(name), headers={"If-None-Match": known})
        assert (again.status_code, again.data) == (304, b""), name


def replace_title(entry: Dataset) -> Dataset:
    """The dataset under another title."""
    return msgspec.structs.replace(entry, title=(Text("Autrement", "fr"),))


def test_another_day_is_another_state(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, client = portal
    before, today = tag(client, "/catalog.ttl"), clock.now()
    monkeypatch.setattr(clock, "now", lambda: today + timedelta(days=1))
    assert tag(client, "/catalog.ttl") != before


def test_only_headers_that_choose_are_in_the_tag(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    _, _, client = portal
    assert tag(client, "/catalog.ttl") == tag(client, "/catalog.ttl", Accept="text/turtle", Cookie="a=b")
    assert tag(client, "/catalog", Accept="text/turtle") != tag(client, "/catalog", Accept="application/n-triples")


# --- pages that are kept ---------------------------------------------------------------------------------------------

KEPT = ["/fr/", "/fr/quality", "/fr/publishers", "/fr/themes", "/fr/developers", "/fr/sources"]


@pytest.mark.parametrize("path", KEPT)
def test_a_page_that_many_ask_for_is_made_once(
    portal: tuple[Catalogue, Memory, FlaskClient], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, client = portal
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert first.status_code == 200
    with monkeypatch.context() as patched:
        patched.setattr(jinja2.Template, "render", lambda *_, **__: pytest.fail("made again"))
        again = client.get(path, headers={"Accept-Encoding": "gzip"})
    told = {name: value for name, value in first.headers.items() if name != "X-Request-ID"}
    assert again.data == first.data
    assert {name: value for name, value in again.headers.items() if name != "X-Request-ID"} == told


@pytest.mark.parametrize("path", KEPT)
def test_a_page_that_is_kept_is_another_one_in_each_language_and_at_each_address(
    portal: tuple[Catalogue, Memory, FlaskClient], path: str
) -> None:
    _, _, client = portal
    for lang in ("de", "fr", "nl", "en"):
        assert f'<html lang="{lang}"' in client.get(f"/{lang}{path[3:]}").text
    assert client.get("/fr/publishers?find=nobody").data != client.get("/fr/publishers").data


def test_what_another_process_publishes_is_on_the_page_at_once(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    catalogue, memory, client = portal
    with closing(Catalogue(catalogue.settings)) as other:
        elsewhere = create_app(other.settings, other).test_client()
        for count in (3, 8, 14, 2):
            memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()[:count]])
            catalogue.runs.harvest("towns")
            kept, made = elsewhere.get("/en/"), client.get("/en/?fresh=1")
            assert elsewhere.get("/en/").data == kept.data
            assert figures(kept.text) == figures(made.text) != ""


def figures(page: str) -> str:
    """How much there is, as the page says it."""
    found = re.search(r"[\d.,]+ datasets?[^.]*\.", page)
    return found.group() if found else ""


def test_what_is_said_without_the_index_is_not_kept(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, _, client = portal

    def away(*_: object) -> None:
        raise SearchUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(catalogue.index.engine, "search", away)
        reduced = client.get("/en/")
    assert reduced.headers["Cache-Control"] == "no-store"
    assert client.get("/en/").headers["Cache-Control"].startswith("public")


def test_few_pages_are_kept() -> None:
    pages = KeptPages(most_pages=3, most_bytes=1000)
    for name in "abc":
        pages.keep(name, Response(name * 100))
    assert pages.get("a")  # asked for last
    pages.keep("d", Response(b"d"))
    assert [name for name in "abcd" if pages.get(name)] == ["a", "c", "d"]
    pages.keep("e", Response(b"e" * 990))
    assert [name for name in "abcde" if pages.get(name)] == ["d", "e"]
    pages.keep("f", Response(b"f" * 1001))
    assert [name for name in "def" if pages.get(name)] == ["d", "e"]


def test_only_whole_pages_are_kept() -> None:
    pages = KeptPages()
    pages.keep("streamed", Response(iter([b"a", b"b"])))
    pages.keep("absent", Response(status=404))
    assert [pages.get(tag) for tag in ("streamed", "absent")] == [None, None]
