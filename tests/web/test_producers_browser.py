"""The producers' pages in a real browser, without scripts: signed in by keyboard, each button, no barrier."""

import os
from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from browsing import NARROW, SCREENS, WIDE, barriers, served, sticks_out
from factory import Feed, open_catalogue, record, texts
from playwright.sync_api import Browser, Page

from catalogue.service import Catalogue
from catalogue.work.rehearsing import Rehearsing
from catalogue.work.worker import Worker
from dcat.model import Dataset
from web.app import create_app

URL = "https://agency.example/feed"
PICTURES = os.environ.get("DATASTORE_PICTURES", "")
"""Folder that pictures of the pages go to; none when empty."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalogue, str, str]]:
    """A portal without https over one source with a held run, a key, and where it is."""
    catalogue, memory = open_catalogue(
        tmp_path_factory.mktemp("var"), site_url="http://127.0.0.1", source_approval=True
    )
    source = catalogue.sources.add(URL, "memory", title="Ouvrages et parcs", publisher="Ville").name
    entries = [record(f"r{one}", Dataset(title=texts(fr=f"Jeu numéro {one}"))) for one in range(40)]
    memory.feeds[URL] = Feed([*entries, record("bad", Dataset())])
    catalogue.runs.harvest(source)
    memory.feeds[URL] = Feed(entries[:10])
    catalogue.runs.harvest(source)
    catalogue.rehearsals.request(source)
    Worker(catalogue, chores=(Rehearsing,)).once()
    catalogue.records.withdraw(source, "r1")
    catalogue.sources.add(f"{URL}/2", "memory", title="Parcs", publisher="Ville", by_producer=True)
    key, _ = catalogue.keys.create("Ville", ("harvest", "push", "operator"))
    with served(create_app(catalogue.settings, catalogue)) as site:
        yield catalogue, key, site
    catalogue.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab without scripts."""
    context = browser.new_context(viewport=WIDE)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, site: str, key: str, path: str) -> None:
    """Opens a page and shows the key, by keyboard."""
    page.goto(site + path)
    page.locator("#key").focus()
    page.keyboard.type(key)
    page.keyboard.press("Enter")
    page.locator("#tasks").wait_for()


def picture(page: Page, name: str) -> None:
    """A picture of the whole page."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("lang", pages.LANGUAGES)
def test_no_page_has_a_barrier(page: Page, stage: tuple[Catalogue, str, str], lang: str) -> None:
    catalogue, key, site = stage
    source = catalogue.sources.all("ville")[0].name
    run = catalogue.runs.of_source(source)[0].id
    base = f"/{lang}/producers"
    own = f"{base}/source/{source}"
    paths = [
        base,
        f"{base}/keys",
        own,
        f"{own}/change",
        f"{own}/trial",
        f"{own}/withdrawn",
        f"{base}/waiting",
        f"{base}/new",
    ]
    found = {}
    page.goto(site + base)
    found[base, "signed out"] = barriers(page)
    picture(page, f"{lang}-sign-in")
    sign_in(page, site, key, base)
    for path in (*paths, f"{base}/source/{source}/run/{run}"):
        page.goto(site + path)
        for size, scheme in SCREENS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            found[path, scheme, size["width"]] = [*barriers(page), *(["sticks out"] if sticks_out(page) else [])]
            picture(page, f"{lang}-{path.removeprefix(base).strip('/').replace('/', '-')}-{scheme}-{size['width']}")
    assert {place: said for place, said in found.items() if said} == {}


def test_a_producer_decides_changes_and_signs_out_without_scripts(
    browser: Browser, stage: tuple[Catalogue, str, str]
) -> None:
    catalogue, key, site = stage
    source = catalogue.sources.all("ville")[0].name
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, key, "/fr/producers")
    assert {cookie["path"] for cookie in context.cookies()} == {f"/{lang}/producers" for lang in pages.LANGUAGES}
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in context.cookies())
    page.locator("a[href*='/run/']", has_text="Décider").click()
    page.get_by_role("button", name="Garder 31 fiches publiées").click()
    assert page.get_by_role("button", name="Garder").count() == 0
    assert catalogue.runs.held(source) is None
    page.get_by_role("link", name="Ouvrages et parcs").click()
    page.get_by_role("button", name="Lire maintenant").click()
    assert page.locator("tbody tr").first.inner_text().count("En attente") == 1
    page.get_by_role("link", name="Modifier la source").click()
    page.get_by_label("Nom de la source").fill("Parcs")
    page.get_by_label("Quand elle est lue").select_option("0 3 * * *")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert page.locator("h1").inner_text() == "Parcs"
    assert catalogue.sources.named(source).schedule == "0 3 * * *"
    page.get_by_role("button", name="Se déconnecter").click()
    assert page.locator("#key").is_visible()
    assert context.cookies() == []
    context.close()
