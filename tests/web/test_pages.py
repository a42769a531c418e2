"""What holds for every page, in every language."""

import gzip
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pages
import pytest
from flask import Flask
from flask.testing import FlaskClient

import web
from catalogue.service import Catalogue

FOLDER = Path(web.__file__).parent
SITE = "https://data.example.brussels"
ERRORS = {"/dataset/nothing": 404, "/search?page=abc": 400, "/theme/NONE": 404, "/nowhere/at/all": 404}


@pytest.fixture(scope="module")
def read(app: Flask, filled: Catalogue) -> dict[tuple[str, str], Element]:
    """Every page by language and path."""
    client = app.test_client()
    return {
        (lang, path): pages.read(client, f"/{lang}{path}")
        for lang in pages.LANGUAGES
        for path in pages.paths_of(filled)
    }


@pytest.fixture(scope="module")
def failed(app: Flask) -> dict[tuple[str, str], Element]:
    """Every page of an error by language and path."""
    client = app.test_client()
    return {
        (lang, path): pages.read(client, f"/{lang}{path}", status)
        for lang in pages.LANGUAGES
        for path, status in ERRORS.items()
    }


@pytest.fixture(scope="module")
def everything(
    read: dict[tuple[str, str], Element], failed: dict[tuple[str, str], Element]
) -> dict[tuple[str, str], Element]:
    """All of them; each was parsed strictly, so its HTML is valid."""
    return read | failed


def test_it_says_its_language_and_has_a_title_of_its_own(read: dict[tuple[str, str], Element]) -> None:
    for lang in pages.LANGUAGES:
        titles = [pages.words(pages.one(page, "head/title")) for (own, _), page in read.items() if own == lang]
        assert {title for title in titles if titles.count(title) > 1} == set()
        assert all(title.endswith(" – Datastore") for title in titles)
    for (lang, _), page in read.items():
        assert page.get("lang") == lang


def test_who_shares_it_shows_what_it_is(read: dict[tuple[str, str], Element]) -> None:
    for where, page in read.items():
        shown = {e.get("property"): e.get("content") for e in page.findall("head/meta[@property]")}
        assert sorted(shown) == ["og:description", "og:site_name", "og:title"], where
        title = " ".join(f"{shown['og:title']} – {shown['og:site_name']}".split())
        assert title == pages.words(pages.one(page, "head/title")), where
        assert shown["og:description"], where


def test_its_headings_make_an_outline(everything: dict[tuple[str, str], Element]) -> None:
    for where, page in everything.items():
        levels = [int(element.tag[1]) for element in page.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
        assert levels.count(1) == 1, where
        assert all(next_ - level <= 1 for level, next_ in pairwise([1, *levels[levels.index(1) + 1 :]])), (
            where,
            levels,
        )


def test_ids_are_unique_and_labels_lead_to_fields(everything: dict[tuple[str, str], Element]) -> None:
    for where, page in everything.items():
        ids = [element.get("id") for element in page.iter() if element.get("id")]
        assert len(ids) == len(set(ids)), where
        pointed = {label.get("for") for label in page.iter("label") if label.get("for")}
        pointed |= {element.get("aria-labelledby") for element in page.iter() if element.get("aria-labelledby")}
        pointed |= {element.get("form") for element in page.iter() if element.get("form")}
        assert pointed <= set(ids), where
        named = {field.get("id") for field in page.iter("input") if field.get("type") == "search"}
        assert named <= {label.get("for") for label in page.iter("label")}, where


def test_every_link_has_words(everything: dict[tuple[str, str], Element]) -> None:
    for where, page in everything.items():
        for link in page.findall("body//a"):
            assert pages.words(link), (where, link.get("href"))
            assert link.get("href"), (where, pages.words(link))


def test_it_is_light(everything: dict[tuple[str, str], Element], app: Flask) -> None:
    client = app.test_client()
    for (lang, path), page in everything.items():
        assert pages.counted_elements(page) <= 390, (path, pages.counted_elements(page))
        assert len(client.get(f"/{lang}{path}", headers=pages.HTML).data) < 40_000, path


def test_it_needs_nothing_from_elsewhere_and_no_script(everything: dict[tuple[str, str], Element]) -> None:
    for where, page in everything.items():
        loaded = [e.get("href", "") for e in page.iter("link") if e.get("rel") in {"stylesheet", "icon"}]
        assert len(loaded) == 2, where
        assert all(address.startswith("/static/") for address in loaded), where
        assert all(e.get("type") == "application/ld+json" for e in page.iter("script")), where
        assert not list(page.iter("img")), where
        handlers = [name for e in page.iter() for name in e.attrib if name.startswith("on") or name == "style"]
        assert not handlers, where


def test_it_lists_its_other_languages_and_its_canonical_address(read: dict[tuple[str, str], Element]) -> None:
    for (lang, path), page in read.items():
        robots = page.findall("head/meta[@name='robots']")
        alternates = {e.get("hreflang"): e.get("href", "") for e in page.findall("head/link[@hreflang]")}
        if robots:
            assert "?" in path or path.startswith(("/search/", "/theme/INTR")), path
            continue
        assert set(alternates) - {"x-default"} == set(pages.LANGUAGES), path
        assert alternates[lang] == pages.one(page, "head/link[@rel='canonical']").get("href"), path
        assert all(address.startswith(f"{SITE}/") for address in alternates.values()), path


@pytest.mark.parametrize("spelling", ["Budget", "BUDGET", "%20budget"])
def test_a_keyword_however_written_is_the_same_search(app: Flask, spelling: str) -> None:
    page = pages.read(app.test_client(), f"/fr/keyword/{spelling}")
    there = [pages.one(page, f"head/link[@hreflang='{lang}']").get("href", "") for lang in pages.LANGUAGES]
    assert [address for address in there if "?" in address] == []


def test_what_is_around_pages_is_of_their_language_and_place_alone(
    everything: dict[tuple[str, str], Element],
) -> None:
    said: dict[str, set[tuple[str, ...]]] = {lang: set() for lang in pages.LANGUAGES}
    for (lang, path), page in everything.items():
        menu, footer = (page.findall(f"body/{place}//a") for place in ("header/nav[@class='main']", "footer/nav"))
        places = [link.get("href") for link in menu]
        own = f"/{lang}{path.partition('?')[0]}"
        current = [own] if own in places else []
        assert [link.get("href") for link in menu if link.get("aria-current") == "page"] == current, own
        assert {str(link.get("href")).split("/")[1] for link in (*menu, *footer)} == {lang}, own
        said[lang].add(tuple(map(pages.words, (*menu, *footer))))
    assert [len(of_one) for of_one in said.values()] == [1] * len(said)
    assert len(set.union(*said.values())) == len(said)


def test_the_language_switch_keeps_page_and_question(read: dict[tuple[str, str], Element], app: Flask) -> None:
    client = app.test_client()
    for (lang, path), page in read.items():
        switch = page.findall("body/header/nav[@class='languages']//a")
        assert [link.get("lang") for link in switch] == list(pages.LANGUAGES)
        assert [link.get("lang") for link in switch if link.get("aria-current")] == [lang]
        for link in switch:
            address = link.get("href", "")
            assert read.keys() >= {(link.get("lang"), path)}
            assert address.partition("?")[0] == f"/{link.get('lang')}{path.partition('?')[0]}", path
            if lang == "fr":
                assert pages.words(pages.one(pages.read(client, address), "head/title")) == pages.words(
                    pages.one(read[str(link.get("lang")), path], "head/title")
                ), path


def test_the_pages_of_errors_are_not_indexed(failed: dict[tuple[str, str], Element]) -> None:
    for where, page in failed.items():
        assert page.findall("head/meta[@name='robots']"), where
        assert len([link for link in page.findall("body/main//a") if link.get("href")]) >= 3, where


def test_no_page_sets_a_cookie_and_all_carry_the_headers(app: Flask, filled: Catalogue) -> None:
    client = app.test_client()
    for path in [*pages.paths_of(filled), *ERRORS]:
        answer = client.get(f"/nl{path}", headers=pages.HTML)
        assert "Set-Cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert bool(answer.cache_control.no_store) == (answer.status_code >= 400)


def test_an_unchanged_page_is_not_made_a_second_time(client: FlaskClient, filled: Catalogue) -> None:
    for path in pages.paths_of(filled):
        first = client.get(f"/de{path}")
        assert "public, " in first.headers["Cache-Control"], path
        again = client.get(f"/de{path}", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert client.get(f"/fr{path}").headers["ETag"] != first.headers["ETag"], path


def test_addresses_come_from_the_settings_and_not_from_the_request(client: FlaskClient) -> None:
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "ftp"}
    for path in ("/fr/", "/fr/search?q=fiets", "/fr/nowhere"):
        poisoned = client.get(path, headers={**pages.HTML, **evil})
        assert "evil" not in poisoned.text
        assert poisoned.text == client.get(path, headers=pages.HTML).text


def test_what_is_not_in_the_address_does_not_change_the_page(client: FlaskClient) -> None:
    plain = client.get("/en/search?q=fiets", headers=pages.HTML).text
    for header in ({"Accept-Language": "nl"}, {"User-Agent": "x"}, {"Cookie": "lang=nl"}, {"X-Original-URL": "/nl/"}):
        assert client.get("/en/search?q=fiets", headers={**pages.HTML, **header}).text == plain


# --- the front door --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "lang"),
    [("nl-BE,nl;q=0.9,fr;q=0.5", "nl"), ("de", "de"), ("pt,en;q=0.4", "en"), ("fr-CA;q=0.1, *;q=0", "fr")],
)
def test_the_front_door_leads_to_the_readers_language(client: FlaskClient, asked: str, lang: str) -> None:
    answer = client.get("/", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.location) == (303, f"/{lang}/")
    assert "Accept-Language" in answer.vary


def test_the_front_door_offers_all_languages_when_none_fits(client: FlaskClient) -> None:
    page = pages.read(client, "/")
    assert pages.links(page) == [f"/{lang}/" for lang in pages.LANGUAGES]
    assert [link.get("hreflang") for link in page.findall("body//a")] == list(pages.LANGUAGES)


def test_a_final_slash_does_not_matter(client: FlaskClient) -> None:
    assert client.get("/fr/themes/").status_code in {200, 308}
    assert client.get("/fr").status_code in {200, 308}


# --- static files ----------------------------------------------------------------------------------------------------


def test_static_files_may_be_kept_for_ever(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/")
    for link in page.iter("link"):
        if link.get("rel") in {"stylesheet", "icon"}:
            answer = client.get(link.get("href", ""))
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/static/site.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_the_style_sheet_is_small_and_every_class_in_it_is_used() -> None:
    sheet = (FOLDER / "static/site.css").read_text("utf-8")
    assert len(gzip.compress(sheet.encode())) < 6 * 1024
    templates = "".join(path.read_text("utf-8") for path in (FOLDER / "templates").rglob("*.html"))
    used = {name for value in re.findall(r'class="([^"{]*)"', templates) for name in value.split()}
    styled = set(re.findall(r"\.([a-z][a-z-]*)(?=[\s,.:>{\[])", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))
    used |= {"figure", "when"}  # of cells, by what stands in them (`web/wording/file_words.py`)
    assert styled - used == set()
    assert "@import" not in sheet
    assert "url(" not in sheet


def addresses_of(pages_: Iterator[Element]) -> set[str]:
    """Where the links of pages lead on this site."""
    return {link for page in pages_ for link in pages.links(page) if link.startswith("/")}


def test_no_link_of_a_page_leads_nowhere(read: dict[tuple[str, str], Element], app: Flask) -> None:
    client = app.test_client()
    for address in sorted(addresses_of(page for (lang, _), page in read.items() if lang == "en")):
        assert client.get(address, headers={"Accept": "*/*"}).status_code in {200, 302, 303}, address
