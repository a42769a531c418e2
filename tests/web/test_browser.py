"""The pages in a real browser: barriers, keyboard, small screens, weight, journeys without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pages
import pytest
from browsing import NARROW, SCREENS, WIDE, barriers, served, sticks_out
from factory import TOWNS, Feed, open_catalogue, record
from playwright.sync_api import Browser, Page
from sampling import SOAK

from catalogue.service import Catalogue
from dcat.model import Dataset, Text
from web.app import create_app

ASKING = "/dataset/tunnels-routiers/questions"
ECOINDEX_ELEMENTS, KILOBYTES, REQUESTS = 390, 60, 4


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab of a fresh browser profile; a parameter may change its settings."""
    context = browser.new_context(**{"viewport": WIDE, **getattr(request, "param", {})})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def every_page(filled: Catalogue, lang: str) -> list[str]:
    """The path of every kind of page, of removed and of missing ones."""
    return ["/", *(f"/{lang}{path}" for path in [*pages.paths_of(filled), ASKING, "/nowhere", "/search?page=abc"])]


LOOKED_AT = len(SCREENS) if SOAK else 1
"""Screens on which axe looks at a page; the next page has the next ones, so that each kind of screen has its turn."""


def test_axe_finds_no_barrier_and_nothing_sticks_out(page: Page, site: str, filled: Catalogue) -> None:
    found = {}
    for number, path in enumerate(every_page(filled, "fr")):
        page.goto(site + path)
        for turn, (size, scheme) in enumerate(SCREENS):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            if (turn - number) % len(SCREENS) < LOOKED_AT and (said := barriers(page)):
                found[path, scheme, size["width"]] = said
            if sticks_out(page):
                found[path, scheme, size["width"]] = ["sticks out"]
    assert found == {}


def test_axe_really_looks(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/")
    page.evaluate(
        """() => {
          const picture = document.createElement('img');
          picture.src = 'data:,';
          document.querySelector('main').append(picture);
          document.querySelector('section h2').style.color = '#bbb';
        }"""
    )
    assert {line.partition(":")[0] for line in barriers(page)} >= {"image-alt", "color-contrast"}


@pytest.mark.parametrize("lang", ["nl", "de", "en"])
def test_axe_finds_no_barrier_in_the_other_languages(page: Page, site: str, lang: str) -> None:
    for path in ("/", "/search?q=budget", "/dataset/tunnels-routiers", "/about"):
        page.goto(f"{site}/{lang}{path}")
        assert barriers(page) == [], path


SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
"""What a reader may set (WCAG 1.4.12)."""


@pytest.mark.parametrize("page", [{"viewport": NARROW, "bypass_csp": True}], indirect=True)
def test_wide_letter_spacing_breaks_nothing(page: Page, site: str) -> None:
    for path in ("/de/", "/de/search?q=budget&theme=GOVE", "/de/dataset/tunnels-routiers", "/nl/sources"):
        page.goto(site + path)
        page.add_style_tag(content=SPACED)
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).wordSpacing") != "0px"
        assert not sticks_out(page), path


DOUBLED = "html { font-size: 200% !important }"
"""Text twice as large (WCAG 1.4.4), on a phone."""
CROWDED = """() => {
  const boxes = [...document.querySelectorAll('.brand, .languages li, .top .main li, .find input, .find button')]
    .map(it => it.getBoundingClientRect()).filter(box => box.width > 2);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const field = document.querySelector('.find input[type=search]').getBoundingClientRect();
  return boxes.some(a => boxes.some(b => a !== b && meet(a, b))) || field.width < innerWidth / 3
    || document.querySelector('.skip').getBoundingClientRect().right > 0;
}"""
"""Whether something of the header lies on something else, the field of the search has no room, or what is hidden
shows."""


@pytest.mark.parametrize("page", [{"viewport": NARROW, "bypass_csp": True}], indirect=True)
@pytest.mark.parametrize("lang", pages.LANGUAGES)
def test_large_text_leaves_room_on_a_phone(page: Page, site: str, lang: str) -> None:
    for path in ("/", "/search?q=budget", "/publishers", "/area", "/quality", "/dataset/tunnels-routiers"):
        page.goto(f"{site}/{lang}{path}")
        page.add_style_tag(content=DOUBLED)
        assert not page.evaluate(CROWDED), path
        assert not sticks_out(page), path


STOP = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect(), style = getComputedStyle(it);
  return {
    text: (it.innerText || it.name || it.tagName).trim().slice(0, 60),
    order: [...document.querySelectorAll('*')].indexOf(it),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.left >= 0,
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 3,
  };
}"""


@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/search?q=budget&theme=GOVE", "/fr/dataset/tunnels-routiers", "/fr/about"]
)
def test_the_keyboard_reaches_everything_in_order_and_visibly(page: Page, site: str, path: str) -> None:
    page.goto(site + path)
    stops: list[dict[str, Any]] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop["order"] <= stops[-1]["order"]):
            break
        stops.append(stop)
    assert stops[0]["text"] == "Aller au contenu"
    assert [stop for stop in stops if not (stop["seen"] and stop["outline"])] == []
    reachable = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
               .filter(one => one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true})).length"""
    )
    assert len(stops) == reachable


def test_the_skip_link_moves_the_focus(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=budget")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"{site}/fr/search?q=tunnel")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"


def test_a_first_visit_is_light_and_asks_nobody_else(browser: Browser, site: str) -> None:
    for path in (
        "/nl/",
        "/nl/search?q=budget",
        "/nl/dataset/tunnels-routiers",
        "/nl/publishers",
        "/nl/about",
        "/nl/no",
    ):
        context = browser.new_context(viewport=WIDE)
        tab = context.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        tab.on("request", lambda request, asked=asked: asked.append(request.url))
        tab.on("console", lambda message, complaints=complaints: complaints.append(message.text))
        tab.on("pageerror", lambda error, complaints=complaints: complaints.append(str(error)))
        tab.goto(site + path)
        weight = tab.evaluate(
            """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                     .reduce((sum, one) => sum + one.transferSize, 0)"""
        )
        elements = tab.evaluate("document.querySelectorAll('*').length - document.querySelectorAll('svg *').length")
        assert len(asked) <= REQUESTS, path
        assert all(url.startswith((site, "data:")) for url in asked), path
        assert weight <= KILOBYTES * 1000, (path, weight)
        assert elements <= ECOINDEX_ELEMENTS, (path, elements)
        assert [line for line in complaints if "status of 4" not in line] == [], path
        assert context.cookies() == [], path
        context.close()


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_a_journey_without_scripts(page: Page, site: str) -> None:
    page.goto(f"{site}/nl/")
    page.get_by_label("Zoek in alle data").fill("budget")
    page.get_by_role("button", name="Zoeken").click()
    before = int(re.findall(r"\d+", page.locator("#count").inner_text())[0])
    page.get_by_role("checkbox", name="Overheid").check()
    page.get_by_role("button", name="Filters toepassen").click()
    assert "theme=GOVE" in page.url
    after = int(re.findall(r"\d+", page.locator("#count").inner_text())[0])
    assert 0 < after <= before
    page.get_by_label("Sorteren op").select_option("title")
    page.get_by_role("button", name="Sorteren").click()
    assert "sort=title" in page.url
    assert "theme=GOVE" in page.url
    page.get_by_role("link", name="Filter verwijderen Thema").click()
    assert "theme" not in page.url
    title = page.locator(".card h3 a").first.inner_text()
    page.locator(".card h3 a").first.click()
    assert page.locator("h1").inner_text() == title
    page.get_by_role("link", name="Français").click()
    assert "/fr/dataset/" in page.url
    page.get_by_role("link", name="Tous les détails").first.click()
    assert "/file/" in page.url


@pytest.mark.parametrize("page", [{"java_script_enabled": False, "viewport": NARROW}], indirect=True)
def test_filters_are_folded_on_a_small_screen_and_open_on_a_wide_one(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=budget")
    button = page.get_by_role("button", name="Appliquer les filtres")
    assert not button.is_visible()
    page.get_by_text("Filtres", exact=False).locator("visible=true").first.click()
    assert button.is_visible()
    page.set_viewport_size(WIDE)
    page.goto(f"{site}/fr/search?q=budget")
    assert button.is_visible()


def test_paper_shows_what_matters(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/dataset/tunnels-routiers")
    sheet = page.locator(".technical dl").first
    assert not sheet.is_visible()
    page.emulate_media(media="print")
    assert page.locator("aside dl").is_visible()
    assert sheet.is_visible(), "what is folded on a screen stands open on paper"
    assert not page.locator("footer").is_visible()
    assert not page.locator("header nav").first.is_visible()


@pytest.mark.parametrize("page", [{"viewport": NARROW}], indirect=True)
def test_the_first_download_stands_on_the_first_screen_of_a_phone(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/dataset/tunnels-routiers")
    button = page.locator(".files .button").first.bounding_box()
    facts = page.locator("aside dl").bounding_box()
    assert button
    assert facts
    assert button["y"] + button["height"] <= NARROW["height"]
    assert button["y"] < facts["y"]
    assert not sticks_out(page)


@pytest.mark.parametrize("page", [{"java_script_enabled": False, "viewport": NARROW}], indirect=True)
def test_from_a_commune_over_its_budget_and_a_gap_to_a_letter(page: Page, site: str) -> None:
    page.goto(f"{site}/fr/search?q=1050")
    page.get_by_role("link", name="Tout sur Ixelles / Elsene").click()
    assert page.locator("h1").inner_text() == "Ixelles"
    page.get_by_role("link", name="Comparer avec les autres communes").click()
    assert page.locator("h1").inner_text() == "Argent public"
    page.get_by_role("link", name="Budget", exact=True).first.click()
    page.get_by_role("link", name="Années précédentes").click()
    row = page.locator("tr", has=page.get_by_role("link", name="Jette", exact=True))
    row.get_by_role("link", name="manque").first.click()
    assert page.url.endswith("/coverage/budget/jette#ask")
    letter = page.locator("section", has=page.get_by_role("heading", name="Le demander"))
    assert "Budget" in letter.inner_text()
    assert "Jette" in letter.inner_text()
    address = letter.get_by_role("link", name="Écrire cet e-mail").get_attribute("href")
    assert address
    assert address.startswith("mailto:opendata@example.brussels?subject=")
    assert not sticks_out(page)


def test_a_tile_of_the_map_leads_to_its_commune(page: Page, site: str) -> None:
    page.goto(f"{site}/nl/area")
    page.locator("svg a", has_text="1050").click()
    assert page.url == f"{site}/nl/commune/ixelles-elsene"


def test_one_long_word_or_a_wide_table_makes_no_page_scroll_sideways(page: Page, tmp_path: Path) -> None:
    word = "https://agency.example/" + "metadata_without_any_blank_" * 6
    table = "| a | b | c | d |\n|---|---|---|---|\n" + "| Donaudampfschifffahrt" * 4 + " |"
    odd = Dataset(title=(Text(word, "fr"),), description=(Text(f"Un tableau.\n\n{table}", "fr"),))
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[TOWNS] = Feed([record("odd", odd)])
    catalogue.runs.harvest(catalogue.sources.add(TOWNS, "memory", title="Towns").name)
    name = catalogue.entries.after("", 1)[0].name
    page.set_viewport_size(NARROW)
    with served(create_app(catalogue.settings, catalogue)) as address:
        for path in ("", "/changes", "/checks", "/questions"):
            page.goto(f"{address}/fr/dataset/{name}{path}")
            assert not sticks_out(page), path
    catalogue.close()
