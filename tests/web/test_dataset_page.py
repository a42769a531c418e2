"""What the page of a dataset answers at once: is it fresh, is it good, what is lacking, and how to open a file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pages
import pytest
from factory import Feed, Memory, concept, file, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue import clock
from catalogue.service import Catalogue
from dcat import vocab
from dcat.model import Agent, Contact, Dataset, Date, Iri, Location, Period, RightsStatement, Text, Wkt
from web.app import create_app
from web.pages.entry_pages import FILES

URL = "https://a.example/"


class Portal:
    """A portal on 1 June 2026 with one source."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue, self.memory = catalogue, memory
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()

    def page(self, language: str = "en", **fields: Any) -> Any:
        """The page of a dataset with these fields."""
        entry = Dataset(**{"title": texts(fr="Bancs"), "description": texts(fr="Les bancs publics."), **fields})
        self.memory.feeds[URL] = Feed([record("bancs", entry)])
        self.catalogue.runs.harvest("agency")
        name = self.catalogue.entries.names(["dataset"])[0]
        return pages.read(self.client, f"/{language}/dataset/{name}")

    def said(self, **fields: Any) -> str:
        """Its words."""
        return pages.words(pages.one(self.page(**fields), "body/main"))


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 12, tzinfo=UTC))
    catalogue, memory = open_catalogue(tmp_path / "var", contact="opendata@example.brussels")
    catalogue.sources.add(URL, "memory", title="Agency")
    yield Portal(catalogue, memory)
    catalogue.close()


def every(code: str) -> Any:
    """An update frequency."""
    return concept(vocab.FREQUENCIES, code)


def letter(page: Any) -> tuple[str, str, str]:
    """Mailbox, subject and text of the ready letter."""
    (link,) = [one for one in pages.links(page) if "&body=" in one]
    asked = parse_qs(urlsplit(link).query)
    return urlsplit(link).path, asked["subject"][0], asked["body"][0].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("modified", "frequency", "words"),
    [
        ("2026-05-20", "MONTHLY", "✓ on time Next update expected by 20 June 2026"),
        ("2026-05-01", "WEEKLY", "! late by 24 days"),
        ("2026-05-30", "DAILY", "✓ on time Next update expected by 1 June 2026"),
        ("2026-05-29", "DAILY", "! late by 2 days"),
        ("2020-05-01", "NEVER", "(final version)"),
    ],
)
def test_it_is_fresh_late_by_so_many_days_or_final(portal: Portal, modified: str, frequency: str, words: str) -> None:
    page = portal.page(modified=Date(modified), frequency=every(frequency))
    said = pages.words(page)
    assert words in said
    assert ("Next update" in said) is ("on time" in words)
    brief = pages.words(pages.one(page, ".//p[@class='meta brief']"))
    short = words.strip("()").replace(" Next", ", next")
    assert brief.split(" · ")[-2:] == [short, "no licence given"], "what a phone shows first"


def test_of_a_rhythm_without_period_nothing_is_said(portal: Portal) -> None:
    page = portal.said(modified=Date("2020-01-01"), frequency=every("IRREG"))
    assert "late" not in page.split("Changes")[0]
    assert "Next update" not in page


def test_a_desk_is_reached_by_all_its_ways(portal: Portal) -> None:
    desk = Contact(
        name=(Text("Guichet", "fr"),),
        email=(Iri("mailto:data@commune.example"),),
        url=(Iri("https://www.commune.example/contact"),),
        telephone=(Iri("tel:+3221234567"),),
    )
    page = portal.page(contact=(desk,))
    assert "Contact Guichet, +3221234567, commune.example/contact" in pages.words(page)
    assert "https://www.commune.example/contact" in {link.get("href") for link in page.iter("a")}


def test_words_about_access_are_shown_as_they_were_written(portal: Portal) -> None:
    rights = RightsStatement(labels=(Text("Sur demande au greffe", "fr"),))
    page = pages.words(portal.page("fr", access_rights=rights)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Accès « Sur demande au greffe » (" in page


def test_what_is_not_given_is_asked_for_in_the_language_of_the_publisher(portal: Portal) -> None:
    contact = (Contact(email=(Iri("mailto:data@commune.example"),)),)
    page = portal.page("nl", contact=contact, modified=Date("2026-05-20"))
    box, subject, body = letter(page)
    assert box == "data@commune.example"
    assert subject.replace("\N{NO-BREAK SPACE}", " ") == "Question sur « Bancs »"
    assert "licence" in body.partition("n’indique pas : ")[2]
    assert "https://data.example.brussels/id/dataset/" in body
    assert "niet vermeld" in pages.words(page)


def test_without_a_mailbox_of_the_publisher_the_portal_is_asked(portal: Portal) -> None:
    box, subject, body = letter(portal.page(title=texts(nl="Banken"), description=texts(nl="De banken.")))
    assert box == "opendata@example.brussels"
    assert subject == "Vraag over “Banken”"
    assert "vermeldt niet:" in body


def test_who_gives_everything_is_asked_nothing(portal: Portal) -> None:
    page = portal.page(
        contact=(Contact(email=(Iri("mailto:data@commune.example"),)),),
        modified=Date("2026-05-20"),
        frequency=every("MONTHLY"),
        temporal=(Period(start="2020-01-01"),),
        spatial=(Location(labels=texts(fr="Ixelles")),),
        distribution=(file("https://a.example/bancs.csv", "CSV"),),
    )
    assert not [one for one in pages.links(page) if "&body=" in one]
    assert "not given" not in pages.words(page)


def test_three_ticks_and_two_crosses_tell_the_quality(portal: Portal) -> None:
    page = portal.page(
        modified=Date("2026-01-01"),
        frequency=every("WEEKLY"),
        keyword=(Text("banc", "fr"),),
        contact=(Contact(email=(Iri("mailto:data@commune.example"),)),),
        distribution=(file("https://a.example/bancs.csv", "CSV"),),
    )
    told = [pages.words(one) for one in page.iter("li") if pages.words(one)[:1] in {"✓", "✗"}]
    assert told == [
        "✓ Says what you may do with it",
        "✓ Files that programs can read",
        "✓ Names somebody to ask",
        "✗ Not updated as often as promised",
        "✗ Does not say which period it covers",
    ]


@pytest.mark.parametrize(
    ("format", "words"),
    [
        ("CSV", "a table: opens in Excel, LibreOffice or any text editor"),
        ("GEOJSON", "a map: opens in QGIS or geojson.io"),
        ("ZIP", "several files in one: unpack it first"),
    ],
)
def test_each_format_is_explained_beside_its_button(portal: Portal, format: str, words: str) -> None:
    assert words in portal.said(distribution=(file("https://a.example/bancs", format),))


def test_what_is_written_from_right_to_left_is_shown_so(portal: Portal) -> None:
    (heading,) = portal.page(title=(Text("مقاعد (2026)", "ar"),)).iter("h1")
    assert (heading.get("lang"), heading.get("dir")) == ("ar", "rtl")
    (heading,) = portal.page(language="nl").iter("h1")
    assert (heading.get("lang"), heading.get("dir")) == ("fr", None)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (
            "POLYGON((4.24 50.92,4.48 50.92,4.48 50.76,4.24 50.76,4.24 50.92))",
            "De 50,76° à 50,92° de latitude, de 4,24° à 4,48° de longitude.",
        ),
        (
            "POLYGON((177 -16,-178 -16,-178 -19,177 -19,177 -16))",
            "De -19° à -16° de latitude, de 177° à -178° de longitude.",
        ),
        (
            "POLYGON((4.35 50.85,4.35 50.85001,4.35001 50.85001,4.35001 50.85,4.35 50.85))",
            "De 50,85° à 50,85001° de latitude, de 4,35° à 4,35001° de longitude.",
        ),
        ("POINT(4.3517 50.8466)", "À 50,8466° de latitude et 4,3517° de longitude."),
    ],
)
def test_an_area_without_a_name_is_told_by_its_degrees(portal: Portal, box: str, words: str) -> None:
    where = Location(centroid=Wkt(box)) if box.startswith("POINT") else Location(bbox=Wkt(box))
    assert f"Territoire {words}" in pages.words(portal.page("fr", spatial=(where,)))
    named = portal.page("fr", spatial=(where, Location(labels=texts(fr="Quelque part"))))
    assert words not in pages.words(named)


def test_the_citation_has_version_and_day(portal: Portal) -> None:
    page = portal.said(version=Text("2.1"), issued=Date("2024-01-01"), publisher=Agent(name=texts(fr="Ville")))
    assert "Ville (2024). Bancs (version 2.1). https://data.example.brussels/id/dataset/" in page
    assert "Seen on 1 June 2026." in page
    assert "Bancs (updated on 3 May 2026)." in portal.said(modified=Date("2026-05-03"))


def test_very_many_files_are_put_in_order_and_on_pages(portal: Portal) -> None:
    days = [file(f"https://a.example/{day}.csv", "CSV", title=texts(fr=f"Jour {day}")) for day in range(700)]
    page = portal.page(distribution=tuple(sorted(days, key=lambda one: one.download_url)))
    names = [pages.words(one) for one in pages.one(page, ".//ul[@class='files']").iter("h3")]
    assert names == [f"Jour {day}" for day in range(len(names))]
    steps = pages.one(page, ".//nav[@class='paging']")
    assert pages.words(steps) == f"1 2 … {ceil(700 / FILES)} Next page"


def test_a_full_page_stays_light_enough_for_old_devices(portal: Portal) -> None:
    for number in range(4):
        page = portal.page(
            modified=Date("2026-01-01"),
            frequency=every("WEEKLY"),
            version=Text(str(number)),
            description=texts(fr="Les bancs publics de la commune. " * 20),
            keyword=tuple(Text(f"mot {one}", "fr") for one in range(20)),
            publisher=Agent(name=texts(fr="Ville")),
            theme=(concept(vocab.THEMES, "ENVI"),),
            distribution=tuple(
                file(
                    f"https://a.example/{one}.csv", "CSV", title=texts(fr=f"Fichier {one}"), description=texts(fr="Un.")
                )
                for one in range(30)
            ),
        )
    assert "Version: “2” became “3”" in pages.words(page)
    for number in range(6):
        other = Dataset(
            title=texts(fr=f"Parc {number}"),
            publisher=Agent(name=texts(fr="Ville")),
            theme=(concept(vocab.THEMES, "ENVI"),),
        )
        portal.catalogue.records.push("agency", f"p{number}", record(f"p{number}", other).body, "application/json")
    portal.catalogue.index.rebuild()
    page = pages.read(portal.client, "/en/dataset/bancs")
    assert "Same publisher and theme: Environment" in pages.words(page)
    assert pages.counted_elements(page) <= 390, pages.counted_elements(page)
    assert len(portal.client.get("/en/dataset/bancs").get_data()) <= 60_000
