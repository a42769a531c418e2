"""The pages of files: the first rows, what columns hold, drawings, and all rows page by page."""

import re
from collections.abc import Iterator

import pages
import pytest
from browsing import NARROW, SCREENS, barriers, served, sticks_out
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from previewed import FILES, id_of, previewed
from sampling import SOAK
from tables_made import COUNTS

from catalogue.previews.preview import REASONS, REMARKS, Preview
from catalogue.service import Catalogue
from web.app import create_app
from web.pages import drawings
from web.wording import file_words

WIDE = ";".join(f"Colonne {n}" for n in range(45)) + "\n" + "".join(";".join("9" * 45) + "\n" for _ in range(30))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    files = {**FILES, "wide.csv": (WIDE.encode(), "CSV"), "long.csv": ((COUNTS * 3).encode(), "CSV")}
    catalogue = previewed(tmp_path_factory.mktemp("previewed"), files, contact="opendata@example.brussels")
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def client(seen: Catalogue) -> FlaskClient:
    return create_app(seen.settings, seen).test_client()


def path(seen: Catalogue, name: str, lang: str = "fr") -> str:
    """The address of the page of a file."""
    entry, key = id_of(seen, name).rsplit("-", 1)
    return f"/{lang}/dataset/{seen.entries.find(entry).name}/file/{key}"


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_dataset_says_how_large_the_table_is(seen: Catalogue, client: FlaskClient) -> None:
    page = text_of(client, path(seen, "counts.csv").partition("/file/")[0])
    assert "20 lignes, 5 colonnes" in page
    assert "Voir les données" in page


def test_the_first_rows_are_a_table_with_caption_and_scopes(seen: Catalogue, client: FlaskClient) -> None:
    html = client.get(path(seen, "counts.csv")).text
    page = pages.read(client, path(seen, "counts.csv"))
    first, columns = page.findall(".//{*}table")
    assert "".join(first.find("{*}caption").itertext()) == "Les 10 premières lignes sur 20, 5 colonnes sur 5"
    assert [cell.get("scope") for cell in first.findall("{*}thead/{*}tr/{*}th")] == ["col"] * 5
    rows = [["".join(cell.itertext()) for cell in row] for row in first.findall("{*}tbody/{*}tr")]
    assert rows[0] == ["2026-03-01", "Schærbeek", "1030", "1001", "1,5"]
    assert len(rows) == 10
    assert [cell.get("scope") for cell in columns.findall("{*}tbody/{*}tr/{*}th")] == ["row"] * 5
    assert "Windows-1252" in html
    assert "Des points-virgules séparent les cellules." in html
    assert "Les décimales s’écrivent avec une virgule." in html


def test_each_way_to_take_the_table_leads_somewhere(seen: Catalogue, client: FlaskClient) -> None:
    html = client.get(path(seen, "counts.csv")).text
    for part in ("/table", "rows?format=excel", "rows?limit="):
        (address,) = set(re.findall(rf'href="([^"]*{re.escape(part)}[^"]*)"', html))
        assert client.get(address.replace("&amp;", "&")).status_code == 200


DRAWN = {"line.csv": "polyline", "bars.csv": "rect", "trees.geojson": "circle"}


@pytest.mark.parametrize("name", DRAWN)
def test_what_the_table_is_clear_about_is_drawn_and_told(seen: Catalogue, client: FlaskClient, name: str) -> None:
    page = pages.read(client, path(seen, name))
    (figure,) = page.findall(".//{*}figure")
    assert figure.findall(f".//{{*}}{DRAWN[name]}")
    assert figure.find("{*}svg").get("aria-label")
    said = "".join(figure.find("{*}figcaption").itertext())
    assert (
        said
        == {
            "line.csv": "passages\N{NO-BREAK SPACE}: maximum pour 1er janvier 2026 (7), "
            "minimum pour 3 janvier 2026 (5).",
            "bars.csv": (
                "habitants\N{NO-BREAK SPACE}: maximum pour Uccle (85\N{NARROW NO-BREAK SPACE}000), "
                "minimum pour Evere (43\N{NARROW NO-BREAK SPACE}000)."
            ),
            "trees.geojson": "De 50,8° à 50,85° de latitude, de 4,35° à 4,4° de longitude.",
        }[name]
    )


def test_communes_in_or_next_to_which_things_are_lead_to_their_pages(seen: Catalogue, client: FlaskClient) -> None:
    page = pages.read(client, path(seen, "trees.geojson"))
    assert "/fr/commune/ixelles-elsene" in pages.links(page)
    assert "Dans ou à côté de" in pages.words(page)


def test_a_commune_is_only_named_where_something_may_be_in_it() -> None:
    jette = (4.33, 50.88)
    point = Preview(format="GEOJSON", bounds=(*jette, *jette), points=(jette,))
    assert "Jette" in (named := {one.name("fr") for one in drawings.touched(point)})
    assert not named & {"Uccle", "Anderlecht", "Woluwe-Saint-Pierre"}
    region = Preview(format="GEOJSON", bounds=(4.2, 50.7, 4.5, 50.95))
    assert len(drawings.touched(region)) > 12
    assert drawings.touched(Preview(format="GEOJSON", bounds=(2.2, 48.8, 2.4, 48.9))) == []


def test_what_cannot_be_seen_is_said_in_the_words_of_the_reader(seen: Catalogue, client: FlaskClient) -> None:
    assert "Ce lien mène à une page web, pas à un fichier." in text_of(client, path(seen, "page.csv"))
    assert "Deze link leidt naar een webpagina" in text_of(client, path(seen, "page.csv", "nl"))
    assert client.get(path(seen, "page.csv") + "/table").status_code == 404


def test_every_reason_and_remark_has_words() -> None:
    assert set(file_words.REASONS) == set(REASONS)
    assert set(file_words.REMARKS) == set(REMARKS)


def test_an_archive_with_several_tables_lists_them(seen: Catalogue, client: FlaskClient) -> None:
    page = text_of(client, path(seen, "several.zip"))
    assert "Une archive de 2 fichiers" in page
    assert "a.csv" in page


def test_all_rows_are_there_page_by_page(seen: Catalogue, client: FlaskClient) -> None:
    address = path(seen, "long.csv") + "/table"
    assert "Lignes 1 à 20 sur 62" in text_of(client, address)
    assert "Lignes 61 à 62 sur 62" in text_of(client, f"{address}?page=4")
    assert "Lignes 61 à 62 sur 62" in text_of(client, f"{address}?page=9")


def test_a_wide_table_is_shown_some_columns_at_a_time(seen: Catalogue, client: FlaskClient) -> None:
    page = text_of(client, path(seen, "wide.csv") + "/table?from=9")
    assert "Colonne 8 Colonne 9" in page
    assert "Colonne 16" not in page
    assert "Colonnes suivantes" in page
    assert client.get(path(seen, "wide.csv") + "/table?from=46").status_code == 400
    columns = text_of(client, path(seen, "wide.csv") + "?page=5")
    assert "Colonne 44" in columns


@pytest.mark.against("TC-09")
def test_cells_are_text_and_nothing_else(tmp_path, seen: Catalogue) -> None:  # type: ignore[no-untyped-def]
    body = 'nom;"<b>x</b>"\n<script>alert(1)</script>;"""><img src=x onerror=alert(1)>"\n<i>;2\n'
    catalogue = previewed(tmp_path, {"evil.csv": (body.encode(), "CSV")})
    html = create_app(catalogue.settings, catalogue).test_client().get(path(catalogue, "evil.csv")).text
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    catalogue.close()


SHOWN = ("counts.csv", "wide.csv", "wide.csv/table", "trees.geojson", "line.csv", "several.zip", "page.csv")


def test_pages_of_files_are_light_and_accessible(seen: Catalogue, browser: Browser) -> None:
    count = "document.querySelectorAll('*').length - document.querySelectorAll('svg *').length"
    with served(create_app(seen.settings, seen)) as site:
        for number, name in enumerate(SHOWN):
            stem, slash, rest = name.partition("/")
            for size, scheme in SCREENS if SOAK else (SCREENS[number % len(SCREENS)], SCREENS[-1 - number % 2]):
                context = browser.new_context(viewport=size, color_scheme=scheme)
                tab = context.new_page()
                answer = tab.goto(site + path(seen, stem, "nl") + slash + rest)
                assert answer
                assert tab.evaluate(count) <= 390, name
                assert len(answer.body()) < 60_000, name
                assert not sticks_out(tab), (name, size)
                assert barriers(tab) == [], (name, scheme)
                context.close()


def test_from_a_search_over_the_table_to_the_download(seen: Catalogue, browser: Browser) -> None:
    with served(create_app(seen.settings, seen)) as site:
        context = browser.new_context(viewport=NARROW, java_script_enabled=False)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"{site}/fr/")
        page.get_by_role("searchbox").fill("counts-csv")
        page.get_by_role("button", name="Chercher").click()
        page.get_by_role("link", name="Données counts-csv").click()
        button = page.get_by_role("link", name="Télécharger (CSV")
        there = button.get_attribute("data-address")
        page.get_by_role("link", name="Voir les données").click()
        assert page.get_by_role("table").first.get_by_role("cell", name="Schærbeek").first.is_visible()
        whole = page.get_by_role("link", name="Télécharger").first.get_attribute("href")
        answer = page.request.get(f"{site}{whole}", max_redirects=0)
        assert (answer.status, answer.headers["location"]) == (302, there)
        with page.expect_download() as begun:
            page.get_by_role("link", name="en CSV pour Excel").click()
        assert begun.value.suggested_filename.startswith("donnees-counts-csv-")
        assert begun.value.path().read_text("utf-8-sig").startswith("date;commune;")
        context.close()
