"""The pages of datasets, services and series: what they say, in which language, and what is left when one is gone."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import msgspec
import pages
import pytest
from factory import Feed, concept, file, licence, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.service import Catalogue
from dcat import vocab
from dcat.model import (
    Agent,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Distribution,
    Duration,
    Integer,
    Iri,
    LicenseDocument,
    Period,
    Text,
    properties,
)
from web.app import create_app
from web.pages.entry_pages import FILES
from web.wording import facts, sheet

URL = "https://agency.example/feed"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
Open = Callable[..., FlaskClient]


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the portal over the entries given; called again, over the entries that are left."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    catalogue, memory = open_catalogue(tmp_path / "var", contact="https://data.example.brussels/help")
    source = catalogue.sources.add(URL, "memory", title="Agence").name

    def show(*entries: Any) -> FlaskClient:
        memory.feeds[URL] = Feed([record(f"r{number}", entry) for number, entry in enumerate(entries) if entry])
        catalogue.runs.harvest(source)
        return create_app(catalogue.settings, catalogue).test_client()

    yield show
    catalogue.close()


def facts_of(page: Element) -> dict[str, str]:
    """The key facts: name → words."""
    box = next(element for element in page.iter("dl") if element.get("class") == "facts")
    return dict(zip(map(pages.words, box.iter("dt")), map(pages.words, box.iter("dd")), strict=True))


def main(page: Element) -> str:
    """The words of the page itself."""
    return pages.words(pages.one(page, "body/main"))


TREES = Dataset(
    title=texts(fr="Arbres", nl="Bomen"),
    description=texts(fr="Les arbres.\n\n- **espèce**\n- [carte](https://arbres.example/carte)", nl="De bomen."),
    publisher=Agent(name=texts(fr="Ville", nl="Stad")),
    theme=(concept(vocab.THEMES, "ENVI"),),
    keyword=texts(fr="arbre", nl="boom"),
    frequency=concept(vocab.FREQUENCIES, "MONTHLY"),
    modified=Date("2026-05-10"),
    temporal=(Period(start=Date("2018-01-01")),),
    language=(concept(vocab.LANGUAGES, "FRA"),),
    contact=(Contact(name=texts(fr="Bureau"), email=(Iri("mailto:bureau@ville.example"),)),),
    distribution=(
        file("https://ville.example/arbres.csv", "CSV", "CC0", title=texts(fr="Liste"), byte_size=Integer("2400000")),
        file("https://ville.example/arbres.json", "GEOJSON", "CC0", title=texts(nl="Kaart")),
    ),
)


def test_a_dataset_says_what_people_ask_first(portal: Open) -> None:
    page = pages.read(portal(TREES), "/fr/dataset/arbres")
    assert facts_of(page) == {
        "Producteur": "Ville",
        "Dernière mise à jour": "10 mai 2026",
        "Rythme de mise à jour": "mensuel ✓ à jour",
        "Prochaine mise à jour": "attendue pour le 10 juin 2026",
        "Territoire": "non indiqué",
        "Période": "1er janvier 2018 – aujourd’hui",
        "Licence": "Utilisation libre, sans condition (Creative Commons CC0 1.0 Universel)",
        "Accès": "public",
        "Langues des données": "français",
        "Thèmes": "Environnement",
        "Contact": "Bureau",
    }
    text = main(page)
    assert "Ville (2026). Arbres (mis à jour le 10 mai 2026). https://data.example.brussels/id/dataset/" in text
    assert "Signaler un problème ou poser une question" in text


def test_a_download_says_format_and_size(portal: Open) -> None:
    page = pages.read(portal(TREES), "/fr/dataset/arbres")
    buttons = {link.get("data-address"): pages.words(link) for link in page.iter("a") if link.get("class") == "button"}
    assert buttons == {
        "https://ville.example/arbres.csv": "Télécharger (CSV, 2,4 Mo): Liste",
        "https://ville.example/arbres.json": "Télécharger (GeoJSON): Kaart",
    }
    assert {pages.words(h3): h3.get("lang") for h3 in page.iter("h3")} == {"Liste": None, "Kaart": "nl"}


def test_each_file_has_a_page_with_all_its_fields(portal: Open) -> None:
    client = portal(TREES)
    page = pages.read(client, "/nl/dataset/arbres")
    address = next(link for link in pages.links(page) if "/file/" in link)
    text = main(pages.read(client, address))
    assert "Liste" in text
    assert "dcat:byteSize 2400000" in text
    assert "dct:license Creative Commons CC0" in text
    assert client.get("/nl/dataset/arbres/file/0000000000", headers=pages.HTML).status_code == 404


def test_texts_of_another_language_say_so(portal: Open) -> None:
    client = portal(TREES)
    page = pages.read(client, "/en/dataset/arbres")
    assert pages.one(page, "body/main//h1").get("lang") == "fr"
    assert "Described in French and Dutch only." in main(page)
    notice = next(p for p in page.iter("p") if p.get("class") == "notice")
    assert [(a.get("lang"), a.get("href")) for a in notice.iter("a")] == [
        ("fr", "/fr/dataset/arbres"),
        ("nl", "/nl/dataset/arbres"),
    ]
    keywords = next(ul for ul in page.iter("ul") if ul.get("class") == "keywords")
    assert {(pages.words(a), a.get("lang")) for a in keywords.iter("a")} == {("arbre", "fr"), ("boom", "nl")}
    dutch = pages.read(client, "/nl/dataset/arbres")
    assert pages.one(dutch, "body/main//h1").get("lang") is None
    assert not [p for p in dutch.iter("p") if p.get("class") == "notice"]


def test_a_description_is_shown_with_its_lists_and_links(portal: Open) -> None:
    page = pages.read(portal(TREES), "/fr/dataset/arbres")
    prose = next(div for div in page.iter("div") if div.get("class") == "prose")
    assert [pages.words(item) for item in prose.iter("li")] == ["espèce", "carte"]
    assert [(a.get("href"), a.get("rel")) for a in prose.iter("a")] == [
        ("https://arbres.example/carte", "nofollow noopener")
    ]


MACHINE = Dataset(
    title=(Text("Bomenregister", "nl"), Text("Registre des arbres", "fr-t-nl")),
    description=(Text("De bomen.", "nl"), Text("Les arbres.", "fr-t-nl")),
    distribution=(file("https://x.example/1.csv", "CSV"),),
)


def test_a_machines_translation_never_stands_in_for_a_human_text(portal: Open) -> None:
    client = portal(MACHINE)
    page = pages.read(client, "/fr/dataset/bomenregister")
    assert pages.words(pages.one(page, "body/main//h1")) == "Bomenregister"
    assert "Traduction automatique du titre : Registre des arbres" in main(page).replace("\N{NO-BREAK SPACE}", " ")
    marked = [pages.words(e) for e in page.iter() if e.get("lang") == "fr-t-nl"]
    assert marked[:2] == ["Registre des arbres", "Les arbres."]
    assert "Lire une traduction automatique de la description" in main(page)
    assert "Registre" not in main(pages.read(client, "/en/dataset/bomenregister")).partition("Technical details")[0]
    cards = pages.read(client, "/fr/search").findall("body//ol[@class='cards']/li/h3/a")
    assert [pages.words(card) for card in cards] == ["Bomenregister"]


def test_only_a_machines_text_is_shown_as_such(portal: Open) -> None:
    only = Dataset(title=(Text("Registre des arbres", "fr-t-nl"),))
    page = pages.read(portal(only), "/en/dataset/registre-des-arbres")
    assert "This title is an automatic translation." in main(page)


def test_what_is_missing_is_said(portal: Open) -> None:
    client = portal(
        Dataset(title=texts(en="Ponds"), description=(), distribution=()),
        Dataset(title=texts(en="Lakes"), distribution=(Distribution(access_url=(Iri("https://x.example/"),)),)),
        DataService(title=texts(en="Doors"), endpoint_url=(Iri("https://doors.example/api"),)),
        DatasetSeries(title=texts(en="Years"), description=texts(en="Each year.")),
    )
    ponds = main(pages.read(client, "/en/dataset/ponds"))
    for sentence in (
        "The publisher has not described this yet.",
        "There is no file to download. Ask the publisher.",
        "No licence given. Ask the publisher before you use the data.",
        "The publisher does not say how often",
        "The publisher does not say when",
    ):
        assert sentence in ponds
    assert "No licence given." in main(pages.read(client, "/en/dataset/lakes"))
    doors = main(pages.read(client, "/en/service/doors"))
    assert "does not say which datasets" in doors
    assert "No dataset is part of this series yet." in main(pages.read(client, "/en/series/years"))


def test_a_service_and_its_datasets_lead_to_each_other(portal: Open) -> None:
    iri = Iri("https://ville.example/id/arbres")
    client = portal(
        Dataset(iri=iri, title=texts(fr="Arbres")),
        DataService(
            iri=Iri("https://ville.example/id/wfs"),
            title=texts(fr="WFS"),
            endpoint_url=(Iri("https://ville.example/wfs"),),
            serves_dataset=(iri,),
            license=licence("CC0"),
        ),
    )
    service = pages.read(client, "/fr/service/wfs")
    assert "/fr/dataset/arbres" in pages.links(service)
    assert "https://ville.example/wfs" in pages.links(service)
    assert facts_of(service)["Licence"].startswith("Utilisation libre, sans condition")
    assert "/fr/service/wfs" in pages.links(pages.read(client, "/fr/dataset/arbres"))


def test_a_series_lists_its_issues_newest_first(portal: Open) -> None:
    series = Iri("https://ville.example/id/budgets")
    issues = [
        Dataset(
            title=texts(fr=f"Budget {year}"),
            in_series=(series,),
            temporal=(Period(start=Date(f"{year}-01-01"), end=Date(f"{year}-12-31")),),
        )
        for year in range(1980, 2025)
    ]
    client = portal(DatasetSeries(iri=series, title=texts(fr="Budgets"), description=texts(fr="Tous.")), *issues)
    page = pages.read(client, "/fr/series/budgets")
    names = [pages.words(link) for link in page.findall("body//tbody/tr/td/a")]
    assert names == [f"Budget {year}" for year in range(2024, 1994, -1)]
    second = pages.read(client, "/fr/series/budgets?page=2")
    assert len(second.findall("body//tbody/tr")) == 15
    assert pages.counted_elements(page) <= 390
    assert "/fr/series/budgets" in pages.links(pages.read(client, "/fr/dataset/budget-1990"))


def test_a_series_shows_its_own_files_and_an_entry_without_files_its_licence(portal: Open) -> None:
    licence = vocab.LICENCES.by_code["CC0"].iri
    terms = {"license": LicenseDocument(iri=Iri(licence))}
    files = (Distribution(title=texts(fr="Tout"), access_url=(Iri("https://ville.example/tout.zip"),), **terms),)
    client = portal(
        DatasetSeries(title=texts(fr="Budgets"), description=texts(fr="Tous."), distribution=files),
        Dataset(title=texts(fr="Archives"), **terms),
    )
    series = pages.read(client, "/fr/series/budgets")
    assert "https://ville.example/tout.zip" in pages.links(series)
    for page in (series, pages.read(client, "/fr/dataset/archives")):
        assert facts_of(page)["Licence"].startswith("Utilisation libre, sans condition")


def test_many_files_are_paged(portal: Open) -> None:
    files = tuple(
        file(f"https://x.example/{n}.csv", "CSV", title=texts(fr=f"Fichier {n:02d}"), iri=Iri(f"https://x.example/{n}"))
        for n in range(40)
    )
    client = portal(Dataset(title=texts(fr="Gros"), distribution=files))
    seen = []
    for number in range(1, ceil(40 / FILES) + 1):
        page = pages.read(client, f"/fr/dataset/gros?page={number}")
        assert pages.counted_elements(page) <= 390
        seen += [pages.words(h3) for h3 in page.iter("h3")]
    assert sorted(seen) == [f"Fichier {n:02d}" for n in range(40)]
    assert client.get("/fr/dataset/gros?page=9", headers=pages.HTML).status_code == 200


def test_the_technical_sheet_has_every_field_that_is_filled(portal: Open, filled: Catalogue) -> None:
    page = pages.read(portal(TREES), "/nl/dataset/arbres")
    shown = {pages.words(code) for code in page.findall("body//dl[@class='sheet']/dt/code")}
    assert shown >= {"dct:title", "dct:publisher", "dcat:keyword", "dcat:theme", "dct:temporal", "dcat:contactPoint"}
    for struct in (Dataset, DataService, DatasetSeries, Distribution):
        for field in properties(struct):
            assert field.name in sheet.NAMES.keys() | sheet.SHOWN_ABOVE, field.name


# --- fresh or late ---------------------------------------------------------------------------------------------------


def test_a_late_dataset_says_so(portal: Open) -> None:
    old = Dataset(title=texts(fr="Vieux"), frequency=concept(vocab.FREQUENCIES, "WEEKLY"), modified=Date("2026-01-01"))
    assert (
        facts_of(pages.read(portal(old), "/fr/dataset/vieux"))["Rythme de mise à jour"]
        == "hebdomadaire ! 144 jours de retard"
    )


# --- licences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words", "address"),
    [
        ("CC0", "Free to use, no conditions", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC_BY_4_0", "Free to use, name the source", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC_BYSA_4_0", "Free to use, name the source, share", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("CC_BYNC_4_0", "Limited use", "https://creativecommons.org/licenses/by-nc/4.0/"),
    ],
)
def test_a_licence_is_told_in_plain_words(client: FlaskClient, given: str, words: str, address: str) -> None:
    with client.application.test_request_context("/en/"):
        known = facts.licence(licence(given))
    assert known.words.startswith(words)
    assert known.address == address


def test_an_own_licence_is_named_and_linked(portal: Open) -> None:
    own = LicenseDocument(iri=Iri("https://ville.example/conditions"), titles=texts(fr="Conditions de la Ville"))
    entry = Dataset(
        title=texts(fr="A"), distribution=(Distribution(access_url=(Iri("https://ville.example/a"),), license=own),)
    )
    page = pages.read(portal(entry), "/fr/dataset/a")
    assert "Conditions propres au producteur" in facts_of(page)["Licence"]
    assert "https://ville.example/conditions" in pages.links(page)


# --- for machines ----------------------------------------------------------------------------------------------------


def test_search_engines_read_schema_org(portal: Open) -> None:
    page = pages.read(portal(TREES), "/nl/dataset/arbres")
    said = json.loads(pages.one(page, "head/script").text or "")
    assert said["@type"] == "Dataset"
    assert said["name"] == "Bomen"
    assert said["publisher"] == {"@type": "Organization", "name": "Stad"}
    assert said["license"] == "http://publications.europa.eu/resource/authority/licence/CC0"
    assert said["temporalCoverage"] == ["2018-01-01/.."]
    assert said["distribution"][0]["contentUrl"] == "https://ville.example/arbres.csv"
    assert said["distribution"][0]["encodingFormat"] == "text/csv"
    assert said["url"] == "https://data.example.brussels/nl/dataset/arbres"


def test_the_home_page_is_that_of_a_catalogue(portal: Open) -> None:
    client = portal(TREES)
    home = json.loads(pages.one(pages.read(client, "/nl/"), "head/script").text or "")
    assert home["@type"] == "DataCatalog"
    assert home["license"] == "http://publications.europa.eu/resource/authority/licence/CC0"
    entry = json.loads(pages.one(pages.read(client, "/nl/dataset/arbres"), "head/script").text or "")
    assert entry["includedInDataCatalog"].items() <= home.items()


def test_a_date_to_come_is_announced_and_no_date_of_anything_done(portal: Open) -> None:
    client = portal(msgspec.structs.replace(TREES, issued=None, modified=Date("2030-05-10")))
    page = pages.read(client, "/en/dataset/arbres")
    assert facts_of(page)["Last update"] == "announced for 10 May 2030"
    assert "dateModified" not in json.loads(pages.one(page, "head/script").text or "")
    assert "2030)" not in main(page)
    assert "announced for 10 May 2030" in main(pages.read(client, "/en/search"))


def test_the_page_leads_to_the_same_as_data(portal: Open) -> None:
    client = portal(TREES)
    page = pages.read(client, "/nl/dataset/arbres")
    offered = {link.get("type"): link.get("href", "") for link in page.findall("head/link[@rel='alternate']")}
    assert offered.keys() >= {"text/turtle", "application/ld+json", "application/rdf+xml"}
    body = [link for link in pages.links(page) if link.startswith("/dataset/arbres.")]
    assert len(body) == 4
    for address in body:
        assert client.get(address).status_code == 200
    default = page.findall("head/link[@hreflang='x-default']")[0].get("href", "")
    answer = client.get(default.removeprefix("https://data.example.brussels"), headers={"Accept-Language": "de"})
    assert answer.status_code == 303


# --- gone ------------------------------------------------------------------------------------------------------------


def test_a_removed_dataset_keeps_its_title_publisher_date_and_reason(
    portal: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Dataset(title=texts(fr=f"Autre {number}")) for number in range(9)]
    portal(TREES, *others)
    for days in (10, 20, 30):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        client = portal(None, *others)
    page = pages.read(client, "/nl/dataset/arbres", 410)
    assert pages.words(pages.one(page, "body/main//h1")) == "Deze dataset is verwijderd"
    facts_ = facts_of(page)
    assert facts_["Titel"] == "Bomen"
    assert facts_["Aanbieder"] == "Stad"
    assert facts_["Reden"] == "De catalogus van de aanbieder vermeldt het niet meer."
    assert "2026" in facts_["Verwijderd op"]
    assert "/fr/dataset/arbres" in pages.links(page)


def test_a_name_of_old_leads_to_the_new_one(
    client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("dataset", "service", "series"):
        row = next(
            row for row in filled.entries.with_ids(piece.id for piece in filled.pieces.all()) if row.kind == kind
        )
        monkeypatch.setattr(filled.entries, "named", lambda _kind, _name, row=row: row)
        answer = client.get(f"/nl/{kind}/an-older-name")
        assert (answer.status_code, answer.location) == (301, f"/nl/{kind}/{row.name}")


def test_a_form_field_of_a_contact_cannot_write_the_mail(portal: Open) -> None:
    sly = Contact(email=(Iri("mailto:a@ville.example?body=x&bcc=evil@example.com"),))
    client = portal(Dataset(title=texts(fr="A"), contact=(sly,)))
    letter = next(link for link in pages.links(pages.read(client, "/fr/dataset/a")) if "subject=" in link)
    assert letter.startswith("mailto:a@ville.example?subject=Question")
    assert not [link for link in pages.links(pages.read(client, "/fr/dataset/a/questions")) if "evil" in link]


def test_durations_dates_and_periods_are_in_the_words_of_the_reader(portal: Open) -> None:
    period = Period(start=Date("2018-01-01"), end=Date("2018-12-31"))
    entry = Dataset(
        title=texts(fr="A"), temporal_resolution=Duration("PT15M"), issued=Date("2020-05-03"), temporal=(period,)
    )
    page = pages.read(portal(entry), "/nl/dataset/a")
    said = main(page)
    assert "15 minuten" in said
    assert "PT15M" not in said
    unknown = [pages.words(one) for one in page.iter("span") if one.get("lang") == ""]
    assert not [one for one in unknown if "2018" in one or "2020" in one]
