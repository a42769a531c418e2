"""Who publishes what, the communes, and the letter that asks for what is missing: as people and programs read them."""

import csv
import io
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pages
import pytest
from factory import Feed, open_catalogue, record, texts
from flask import Flask
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.coverage.communes import communes
from catalogue.search.subjects import subjects
from catalogue.service import Catalogue
from dcat.model import Agent, Contact, Dataset, Entry, Iri
from web.app import create_app

URL = "https://towns.example.brussels/feed"
FULL = range(clock.now().year - 4, clock.now().year + 1)


def everything() -> Iterator[tuple[str, Entry]]:
    """Budget, accounts and contracts of every commune and its CPAS, for each year and once without year."""
    for commune in communes():
        french, dutch = commune.names
        names = {
            f"c{commune.code}": texts(fr=f"Commune de {french}", nl=f"Gemeente {dutch}"),
            f"w{commune.code}": texts(fr=f"CPAS de {french}", nl=f"OCMW {dutch}"),
        }
        for key, name in names.items():
            for title in ("Budget", "Comptes annuels", "Marchés publics"):
                for year in ("", *FULL):
                    said = texts(fr=f"{title} {year}".strip())
                    yield f"{key}-{title}-{year}", Dataset(title=said, publisher=Agent(name=name))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A portal where nothing is missing."""
    catalogue, memory = open_catalogue(tmp_path_factory.mktemp("full"), contact="opendata@example.brussels")
    memory.feeds[URL] = Feed([record(identifier, entry) for identifier, entry in everything()])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Towns").name)
    yield create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def rows(page: Element) -> dict[str, list[str]]:
    """The rows of the table of a page by their heading."""
    found = (row for body in page.findall(".//table/tbody") for row in body.findall("tr"))
    return {pages.words(pages.one(row, "th")): [pages.words(cell) for cell in row.findall("td")] for row in found}


def test_a_table_shows_who_publishes_and_who_does_not(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/coverage/budget?until=2024")
    table = rows(page)
    assert len(table) == 19
    assert table["Ixelles"] == ["", "manque", "2023", "manque"]
    assert table["Jette"] == ["", "manque", "manque", "manque"]
    assert "4 communes sur 19, 0 CPAS sur 19" in pages.words(page)
    assert "CPAS Jette" in rows(pages.read(client, "/fr/coverage/budget?bodies=cpas"))


def test_where_nothing_is_due_by_year_the_state_of_today_counts(client: FlaskClient) -> None:
    table = rows(pages.read(client, "/nl/coverage/playgrounds"))
    assert table["Elsene"][0] == "ja"
    assert table["Ukkel"][0] == "ja"
    assert table["Jette"][0] == "ontbreekt"
    assert table["Jette"][1:] == ["", "", ""]


def test_a_gap_leads_to_a_letter_in_a_language_of_the_body(client: FlaskClient) -> None:
    for lang, written in (("fr", "fr"), ("nl", "nl"), ("de", "fr"), ("en", "fr")):
        page = pages.read(client, f"/{lang}/coverage/budget?until=2024")
        (link,) = {href for href in pages.links(page) if "ixelles-elsene#ask" in href}
        asking = pages.read(client, link)
        assert pages.one(asking, ".//section[@aria-labelledby='ask']/div").get("lang") == written
        (letter,) = {href for href in pages.links(asking) if href.startswith("mailto:")} - {
            "mailto:opendata@example.brussels"
        }
        asked = parse_qs(urlsplit(letter).query)
        assert str(clock.now().year) in asked["body"][0]
        assert "/coverage/budget/ixelles-elsene" in asked["body"][0]
        assert ("Ixelles" if written == "fr" else "Elsene") in asked["subject"][0]


def test_a_letter_goes_to_the_body_itself_where_its_mailbox_is_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    catalogue, memory = open_catalogue(tmp_path_factory.mktemp("boxes"))
    box = Contact(name=texts(fr="Données"), email=(Iri("mailto:data@uccle.example"),))
    entry = Dataset(title=texts(fr="Budget 2020"), publisher=Agent(name=texts(fr="Commune d’Uccle")), contact=(box,))
    memory.feeds[URL] = Feed([record("a", entry)])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Towns").name)
    client = create_app(catalogue.settings, catalogue).test_client()
    known = pages.links(pages.read(client, "/fr/coverage/budget/uccle-ukkel"))
    assert any(href.startswith("mailto:data@uccle.example?subject=") for href in known)
    unknown = pages.read(client, "/fr/coverage/budget/jette")
    assert not any(href.startswith("mailto:") for href in pages.links(unknown))
    assert "Bonjour" in pages.words(unknown)
    catalogue.close()


def test_money_shows_every_body_and_every_kind(client: FlaskClient) -> None:
    table = rows(pages.read(client, "/en/money?until=2024"))
    assert len(table) == 38
    assert table["Ixelles"] == ["–", "–", "Budget", "–"]
    assert table["CPAS Ixelles"] == ["–", "–", "–", "–"]


@pytest.mark.parametrize("name", ["1050", "Elsene", "ixelles", "21009", "IXELLES"])
def test_names_and_numbers_of_a_commune_lead_to_its_page(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/nl/commune/{name}")
    assert (answer.status_code, answer.location) == (301, "/nl/commune/ixelles-elsene")


def test_the_page_of_a_commune_shows_money_and_data(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/commune/ixelles-elsene")
    assert "Ixelles / Elsene · code postal 1050" in pages.words(page)
    table = rows(page)
    assert set(table) == {
        f"{body}, {subject}"
        for body in ("Ixelles", "CPAS Ixelles")
        for subject in ("Budget", "Comptes", "Marchés publics")
    }
    assert table["Ixelles, Marchés publics"][0] == "oui"
    found = pages.links(page)
    assert "/fr/publisher/ixelles" in found
    assert "/search.atom?area=21009" in found
    assert client.get("/search.atom?area=21009").status_code == 200
    assert client.get("/fr/commune/atlantis").status_code == 404


@pytest.mark.parametrize("words", ["1050", "budget elsene", "Ixelles"])
def test_a_search_that_names_a_commune_offers_its_page(client: FlaskClient, words: str) -> None:
    assert "/fr/commune/ixelles-elsene" in pages.links(pages.read(client, f"/fr/search?q={words}"))
    assert "/fr/commune/ixelles-elsene" not in pages.links(pages.read(client, "/fr/search?q=budget"))


def test_the_map_has_every_commune_once_and_the_list_too(client: FlaskClient) -> None:
    page = pages.read(client, "/fr/area")
    links = (link.get("href") or "" for link in page.iter() if str(link.tag).rpartition("}")[2] == "a")
    shown = [href for href in links if href.startswith("/fr/commune/")]
    assert len(shown) == 2 * 19
    assert len(set(shown)) == 19
    places = [(tile.get("x"), tile.get("y")) for tile in page.iter() if str(tile.tag).endswith("rect")]
    assert len(set(places)) == 19


@pytest.mark.parametrize(
    "address", ["/money", "/coverage/budget", "/coverage/budget?bodies=cpas", "/coverage/accounts"]
)
def test_tables_without_a_gap_stay_light(full: FlaskClient, address: str) -> None:
    for lang in pages.LANGUAGES:
        answer = full.get(f"/{lang}{address}", headers=pages.HTML)
        assert pages.counted_elements(pages.tree(answer)) <= 375
        assert len(answer.data) <= 40_000
        assert "#ask" not in answer.text


@pytest.mark.parametrize("address", ["/commune/ixelles-elsene", "/coverage/budget/cpas-jette", "/coverage", "/area"])
def test_pages_of_a_full_catalogue_stay_light(full: FlaskClient, address: str) -> None:
    answer = full.get(f"/fr{address}", headers=pages.HTML)
    assert pages.counted_elements(pages.tree(answer)) <= 375
    assert len(answer.data) <= 40_000


def test_the_table_of_money_is_one_file(client: FlaskClient, filled: Catalogue) -> None:
    answer = client.get("/money.csv")
    assert answer.mimetype == "text/csv"
    lines = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {line["subject"] for line in lines} == {one.id for one in subjects().values() if one.is_money}
    (published,) = (
        line for line in lines if (line["subject"], line["body"], line["year"]) == ("budget", "ixelles-elsene", "2023")
    )
    assert (published["state"], published["own"], published["name_nl"]) == ("published", "yes", "Elsene")
    assert client.get(published["url"].removeprefix("https://data.example.brussels")).status_code == 200
    missing = [line for line in lines if line["body"] == "jette" and line["year"] == "2024"]
    assert {line["state"] for line in missing} == {"missing"}


def test_programs_read_the_same(client: FlaskClient) -> None:
    budget = client.get("/coverage/budget.json").json
    by_body = {row["body"]: row for row in budget["rows"]}
    assert [answer["years"] for answer in by_body["ixelles-elsene"]["answers"]] == [[2023]]
    assert 2024 in by_body["ixelles-elsene"]["missing"]
    assert [one["title"]["fr"] for one in budget["others"]] == ["Budget mobilité"]
    assert [one["subject"] for one in client.get("/money.json").json["subjects"]] == [
        "budget",
        "accounts",
        "public-contracts",
    ]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fr/coverage/nothing", 404),
        ("/fr/coverage/budget/atlantis", 404),
        ("/fr/coverage/budget?until=soon", 400),
        ("/fr/coverage/trees?bodies=cpas", 400),
        ("/coverage/nothing.csv", 404),
        ("/coverage/budget.xlsx", 404),
        ("/fr/coverage/trees/cpas-jette", 404),
    ],
)
def test_what_cannot_be_asked_is_refused(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_the_site_map_has_them(client: FlaskClient, app: Flask) -> None:
    listed = client.get("/sitemap/pages.xml").text
    for path in ("/fr/money", "/nl/area", "/fr/coverage/trees", "/nl/commune/ixelles-elsene"):
        assert f"https://data.example.brussels{path}<" in listed
