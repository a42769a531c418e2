"""What the web's conventions expect of a site."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from factory import filled_catalogue, open_catalogue
from flask.testing import FlaskClient
from lxml import etree

from catalogue.errors import Unavailable
from catalogue.search.base import SearchUnavailable
from catalogue.service import Catalogue
from web.app import create_app
from web.feeds import site

SITE = "https://data.example.brussels"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def xml(client: FlaskClient, path: str) -> etree._Element:
    """The document at a path."""
    answer = client.get(path)
    assert answer.status_code == 200
    return etree.fromstring(answer.data, etree.XMLParser(resolve_entities=False, no_network=True))


def test_every_address_of_the_site_map_is_a_page(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "SITEMAP_ENTRIES", 20)
    client = create_app(filled.settings, filled).test_client()  # nobody asked it for the list before
    maps = [one.text.removeprefix(SITE) for one in xml(client, "/sitemap.xml").iter(f"{MAP}loc")]
    assert maps == ["/sitemap/pages.xml", "/sitemap/1.xml", "/sitemap/2.xml"]
    pages = [one.text.removeprefix(SITE) for part in maps for one in xml(client, part).iter(f"{MAP}loc")]
    assert len(pages) == len(set(pages)) > 4 * 34
    for page in pages[::7]:
        assert client.get(page).status_code == 200, page


def test_a_page_names_its_other_languages(client: FlaskClient) -> None:
    for url in xml(client, "/sitemap/1.xml").iter(f"{MAP}url"):
        assert {link.get("hreflang") for link in url.iter(LINK)} == {"fr", "nl", "de", "en"}
        assert url.find(f"{MAP}loc").text in {link.get("href") for link in url.iter(LINK)}
        assert url.find(f"{MAP}lastmod").text


@pytest.mark.parametrize("part", ["0", "9", "-1", "x", "٣", "1" * 5000])
def test_there_is_no_other_site_map(client: FlaskClient, part: str) -> None:
    assert client.get(f"/sitemap/{part}.xml").status_code == 404


def test_robots_are_told_where_not_to_walk(client: FlaskClient) -> None:
    rules = client.get("/robots.txt").get_data(as_text=True)
    assert "Disallow: /*/search?" in rules
    assert f"Sitemap: {SITE}/sitemap.xml" in rules


def test_the_icon_is_also_where_it_used_to_be(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico", follow_redirects=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_a_browser_learns_how_to_search(client: FlaskClient) -> None:
    document = xml(client, "/opensearch.xml")
    urls = {one.get("type"): one.get("template") for one in document.iter("{http://a9.com/-/spec/opensearch/1.1/}Url")}
    assert urls["text/html"] == f"{SITE}/fr/search?q={{searchTerms}}&page={{startPage?}}"
    assert urls["application/atom+xml"].startswith(f"{SITE}/search.atom?")


def test_a_weakness_can_be_reported(client: FlaskClient) -> None:
    lines = dict(
        line.split(": ") for line in client.get("/.well-known/security.txt").get_data(as_text=True).splitlines()
    )
    assert lines["Contact"] == "mailto:opendata@example.brussels"
    assert datetime.fromisoformat(lines["Expires"]) > datetime.now(UTC)
    assert lines["Canonical"] == f"{SITE}/.well-known/security.txt"


def test_without_a_contact_the_page_about_us_is_it(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var", contact="")
    told = create_app(catalogue.settings, catalogue).test_client().get("/.well-known/security.txt").text
    assert told.startswith(f"Contact: {catalogue.settings.site_url}/fr/about\n")
    catalogue.close()


def test_the_process_is_healthy_and_the_portal_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json().items() >= {"database": "ok", "index": "ok", "workers": 0}.items()
    assert client.get("/readyz").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("noun", "verb", "error", "part"),
    [
        ("entries", "counts", Unavailable("postgresql://user:secret@db/x"), "database"),
        ("index", "search", SearchUnavailable("es:9200"), "index"),
    ],
)
def test_a_part_that_does_not_answer_is_named(
    client: FlaskClient,
    filled: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
    noun: str,
    verb: str,
    error: Exception,
    part: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(getattr(filled, noun), verb, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()[part] == "does not answer"
    assert "secret" not in answer.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize(("ending", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_template_of_a_list_can_be_downloaded(
    client: FlaskClient, language: str, ending: str, start: bytes
) -> None:
    page = client.get(f"/{language}/check").get_data(as_text=True)
    assert f'href="/list-template/{language}.{ending}"' in page
    answer = client.get(f"/list-template/{language}.{ending}")
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    assert f"datasets-{language}.{ending}" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["/list-template/it.csv", "/list-template/fr.ods"])
def test_there_is_no_other_template_of_a_list(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.against("TC-31")
def test_metrics_are_what_prometheus_reads_with_labels_of_a_closed_list(client: FlaskClient, filled: Catalogue) -> None:
    answer = client.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = answer.get_data(as_text=True).splitlines()
    line = re.compile(r'[a-z_]+(\{[a-z]+="[a-z]+"\})? [0-9.]+(e\+[0-9]+)?')
    assert [one for one in lines if not one.startswith(("# HELP ", "# TYPE ")) and not line.fullmatch(one)] == []
    assert f'datastore_entries{{kind="dataset"}} {filled.entries.counts().datasets}' in lines
    assert f'datastore_sources{{state="well"}} {len(filled.sources.all())}' in lines
    assert "datastore_workers 0" in lines


def test_the_queue_is_told(client: FlaskClient, filled: Catalogue) -> None:
    due = client.get("/readyz").get_json()["due"]
    said = client.get("/metrics").get_data(as_text=True)
    for name in ("tidy", "compare"):  # what is done once a day waits in a catalogue that has no worker
        assert due[name] == 1
        assert f'datastore_due_pieces{{chore="{name}"}} 1' in said


def test_a_long_queue_is_counted_to_a_bound_where_it_is_asked_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.feeds.site.MOST_COUNTED", 3)
    catalogue = filled_catalogue(tmp_path, preview_mb=1)
    client, datasets = create_app(catalogue.settings, catalogue).test_client(), catalogue.entries.counts().datasets
    assert datasets > 3
    assert client.get("/readyz").get_json()["due"]["previews"] == 3
    said = client.get("/metrics").get_data(as_text=True)
    assert f'datastore_due_pieces{{chore="previews"}} {datasets}' in said
    catalogue.close()
