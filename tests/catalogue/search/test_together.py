"""What some write together, some apart and some with a sign between, is found by either."""

from typing import Any

import pytest
from searchables import document

from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.elastic.words import to_query
from catalogue.search.language.together import apart, cuts
from catalogue.search.plan import plan
from dcat.model import Text

KINDS = {
    "covid": (("COVID-19", "covid19", "covid 19"), ("covid19", "covid-19", "Covid 19", "COVID–19", "covid‑19")),
    "scale": (
        ("1:10 000", "1/10.000", "1:10000", "1:10\N{NARROW NO-BREAK SPACE}000"),
        ("10 000", "10.000", "10000", "10,000", "10'000", "1/10.000"),
    ),
    "dust": (("PM2,5", "PM2.5", "PM 2.5", "PM₂.₅", "PM₂,₅"), ("pm2.5", "PM2,5", "pm 2.5", "pm 2,5", "PM₂.₅", "pm-2.5")),
    "gas": (("CO₂", "CO2", "CO 2"), ("co2", "CO₂", "CO 2", "CO-2")),
    "portal": (
        ("Geoportaal", "Geo portaal", "Geo-portaal"),
        ("geoportaal", "geo portaal", "geo-portaal", "GeoPortaal"),
    ),
    "bikes": (("Bike sharing", "Bikesharing", "Bike-sharing"), ("bike sharing", "bikesharing", "bike-sharing")),
    "radio": (("Wifi", "Wi-Fi", "WiFi"), ("wifi", "wi-fi", "Wi‑Fi", "WIFI", "wi fi")),
    "owners": (("Copropriétés", "Co-propriétés"), ("copropriété", "co-propriété", "co propriété")),
    "motorway": (("E40", "E 40", "E-40"), ("e40", "E 40", "E-40")),
    "stops": (("BusStops", "bus_stops", "Bus stops"), ("bus stops", "busstops", "bus_stops", "BusStops", "stops")),
    "century": (("19e siècle", "19ème siècle"), ("19e siècle", "19ème siècle", "19ᵉ siècle")),
    "meeting": (("Rendez-vous", "Rendezvous"), ("rendezvous", "rendez-vous")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_of_writing_finds_the_others(empty: SearchIndex, kind: str) -> None:
    empty.put([*(document(f"{kind}{at}", fr=title) for at, title in enumerate(KINDS[kind][0])), *_others(kind)])
    for text in KINDS[kind][1]:
        found = {hit.document.id for hit in empty.search(Query(text=text, partly="left")).hits}
        assert found == {f"{kind}{at}" for at in range(len(KINDS[kind][0]))}, text


def _others(kind: str) -> list[Document]:
    """Two titles of each other kind."""
    return [
        document(f"{other}{at}", fr=title)
        for other, (titles, _) in KINDS.items()
        for at, title in enumerate(titles[:2])
        if other != kind
    ]


@pytest.mark.parametrize("text", ["covid19", "co-propriété", "PM 2,5"])
def test_descriptions_and_names_of_files_are_read_so_too(empty: SearchIndex, text: str) -> None:
    said = Text("Cas de covid 19, PM2.5, copropriété.", "fr")
    empty.put([document("told", fr="A", description=(said,)), document("file", fr="B", file=(said,))])
    assert {hit.document.id for hit in empty.search(Query(text=text, partly="left")).hits} == {"told", "file"}


def test_what_is_left_out_is_what_would_be_found(empty: SearchIndex) -> None:
    empty.put(
        [document("one", fr="Usage: bikesharing"), document("two", fr="Bike sharing"), document("other", fr="Arbres")]
    )
    found = empty.search(Query(text='-"bikesharing"', partly="left")).hits
    assert [hit.document.id for hit in found] == ["other"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("avenir", "Événements à venir"),
        ("parterre", "Par terre"),
        ("2015 2020", "Accidents 20152020"),
        ("2019-05", "201905"),
        ("A12", "Enfants de moins à 12 ans"),
        ("10 20", "1020"),
    ],
)
def test_what_is_written_so_by_accident_is_not_found(empty: SearchIndex, text: str, title: str) -> None:
    empty.put([document("a", fr=title)])
    assert empty.search(Query(text=text, partly="left")).count == 0


def test_a_word_left_out_many_times_makes_no_deep_query() -> None:
    """Elasticsearch refuses more than thirty `bool` one in the other."""
    [left_out] = plan(Query(text=f'arbre -"{" ".join("q" * 120)}"')).filters.values()
    assert _depth(to_query(left_out)) < 30


def _depth(query: Any) -> int:
    inner = query.values() if isinstance(query, dict) else query if isinstance(query, list) else ()
    return ("bool" in query if isinstance(query, dict) else 0) + max(map(_depth, inner), default=0)


def test_other_spellings_are_marked(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Cas de covid19 par jour")])
    [hit] = empty.search(Query(text="covid-19")).hits
    assert hit.title_marks == ((7, 14),)


def test_names_are_cut_at_their_capitals() -> None:
    assert apart("ZonesInondables et WiFi") == ["zones", "inondables"]
    assert apart("x" * 500_000) == []
    assert cuts("opendata") == [("ope", "ndata"), ("open", "data"), ("opend", "ata")]
