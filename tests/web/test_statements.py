"""What the portal says of itself: figures of a test run, words explained once, every feed, every page, collections."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pages
import pytest
from flask import Flask
from flask.testing import FlaskClient

from catalogue.errors import SettingsError
from catalogue.publishing import collections
from catalogue.search.facets import FACETS
from catalogue.service import Catalogue
from catalogue.settings import Settings
from web.app import create_app
from web.pages.statements import NAMES, proof
from web.wording.glossary import WORDS

TABLE = """
[[collection]]
name = "a"
query = "{query}"
title = {{ fr = "a", nl = "a", de = "a"{en} }}
about = {{ fr = "a", nl = "a", de = "a", en = "a" }}
"""


def said(client: FlaskClient, path: str) -> str:
    """The words of a page."""
    return pages.words(pages.one(pages.read(client, path), "body/main"))


def test_the_figures_are_within_the_limits_and_of_every_page() -> None:
    found = proof()
    assert [one.page for one in found.pages] == list(NAMES)
    assert (found.violations, found.foreign_hosts, found.cookies, found.fonts) == (0, 0, 0, 0)
    for one in found.pages:
        assert one.elements <= found.budget_elements, one.page
        assert one.bytes <= found.budget_kilobytes * 1000, one.page
        assert one.requests <= found.budget_requests, one.page
        assert one.grade == "A", one.page


def test_the_statements_say_what_was_measured(client: FlaskClient) -> None:
    access = said(client, "/en/accessibility")
    cells = [pages.words(cell) for cell in pages.read(client, "/en/eco-design").iter("td")]
    assert cells[1::5] == [str(one.elements) for one in proof().pages]
    assert str(proof().states) in access.replace(",", "")
    assert f"found {proof().violations} barriers" in access
    assert "ombudsman" in access


def test_the_statement_names_the_body_that_hears_complaints(filled: Catalogue) -> None:
    settings = replace(filled.settings, accessibility_body="https://ombuds.example/")
    client = create_app(settings, filled).test_client()
    assert "https://ombuds.example/" in pages.links(pages.read(client, "/fr/accessibility"))
    assert "médiateur" not in said(client, "/fr/accessibility")


def test_each_word_is_explained_once(client: FlaskClient) -> None:
    page = pages.read(client, "/nl/help")
    ids = [one.get("id", "") for one in page.iter("dt")]
    assert ids == [one.id for one in WORDS]
    assert len(set(ids)) == len(ids)


def test_words_lead_to_what_they_mean(app: Flask, client: FlaskClient) -> None:
    known = {one.id for one in WORDS}
    written = Path(app.root_path, "templates", "entry.html").read_text("utf-8")
    used = set(re.findall(r"parts\.word\(\"([\w-]+)", written))
    assert len(used) >= 5
    assert used <= known
    assert any("/fr/help#" in one for one in pages.links(pages.read(client, "/fr/dataset/tunnels-routiers")))


def test_every_feed_of_the_outline_answers(client: FlaskClient) -> None:
    outline = client.get("/feeds.opml?lang=nl")
    assert outline.mimetype == "text/x-opml"
    feeds = ElementTree.fromstring(outline.data).findall("body/outline/outline")
    assert len(feeds) > 20
    for one in feeds:
        for name in ("xmlUrl", "htmlUrl"):
            address = one.get(name, "")
            assert address.startswith("https://data.example.brussels/"), address
            answer = client.get(address.removeprefix("https://data.example.brussels"), headers=pages.HTML)
            assert answer.status_code == 200, address
        assert one.get("text")


def test_the_page_of_feeds_lists_them(client: FlaskClient) -> None:
    links = pages.links(pages.read(client, "/fr/feeds"))
    assert "/feeds.opml?lang=fr" in links
    education, transport = (links.index(f"/search.atom?theme={code}&lang=fr") for code in ("EDUC", "TRAN"))
    assert education < transport, "Éducation comes before Transports"


def test_the_site_map_leads_to_every_page_without_a_step_of_its_own(app: Flask, client: FlaskClient) -> None:
    links = set(pages.links(pages.read(client, "/fr/sitemap")))
    plain = {
        rule.rule.replace("<any(fr, nl, de, en):lang>", "fr")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and rule.arguments == {"lang"} and "GET" in (rule.methods or ())
    }
    assert plain - links == {"/fr/search/follow"}, "that form is about the search of its address"


def test_a_collection_shows_its_criteria_and_what_meets_them(client: FlaskClient) -> None:
    assert "Données du moment" in said(client, "/fr/collections")
    criteria = [pages.words(one) for one in pages.read(client, "/fr/collection/maps-without-conditions").iter("dd")]
    assert criteria == ["Jeu de données", "Cartes", "Libre, sans condition"]
    page = said(client, "/fr/collection/maps-without-conditions")
    found = client.get("/search.json?type=dataset&format_family=maps&licence_family=free").get_json()["count"]
    assert re.search(rf"\b{found} résultats?\b|Aucun résultat" if found else "Aucun", page)
    assert client.get("/fr/collection/nothing", headers=pages.HTML).status_code == 404


@pytest.mark.parametrize(
    ("query", "en", "why"),
    [
        ("theme=TRAN", "", "has no words in en"),
        ("q=velo", ', en = "a"', "which is no facet"),
        ("updated=yesterday", ', en = "a"', "must be one of"),
    ],
)
def test_a_table_of_collections_that_cannot_be_used_is_told(tmp_path: Path, query: str, en: str, why: str) -> None:
    file = tmp_path / "collections.toml"
    file.write_text(TABLE.format(query=query, en=en))
    with pytest.raises(SettingsError, match=why):
        collections.collections(Settings(collections=str(file)))


def test_the_criteria_of_the_collections_are_facets() -> None:
    assert {name for one in collections.collections(Settings()) for name, _ in one.criteria} <= set(FACETS)
