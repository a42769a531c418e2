"""Services whose address stands in a file or page, and entries that are called something without a title."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dcat.model import (
    Concept,
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Document,
    Entry,
    Iri,
    LicenseDocument,
    Text,
)
from dcat.normalise import Context, normalise
from dcat.normalise.endpoints import is_service, told_apart
from dcat.normalise.titles import LONGEST, first_sentence, readable
from dcat.rules import check, refusal
from dcat.write import own_and_shared

ASKED = "https://geo.a.be/ows?service=WFS&request=GetCapabilities&version=2.0.0"


def mended(entry: Entry) -> tuple[Any, list[str]]:
    """The entry after normalising, and what was told of its title and address."""
    result = normalise(entry, Context(language="en"), "id-1")
    return result.entry, [found.rule for found in result.findings if found.rule.endswith("-made")]


def service(**fields: Any) -> DataService:
    return DataService(iri=Iri("https://a.be/id/s"), title=(Text("Trees", "en"),), **fields)


def page(address: str) -> tuple[Document, ...]:
    return (Document(iri=Iri(address)),)


def file(address: str, **fields: Any) -> tuple[Distribution, ...]:
    return (Distribution(access_url=(Iri(address),), **fields),)


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        ({"distribution": file(ASKED)}, "https://geo.a.be/ows"),
        ({"landing_page": page(ASKED)}, "https://geo.a.be/ows"),
        ({"page": page("https://geo.a.be/geoserver/wms?map=trees")}, "https://geo.a.be/geoserver/wms?map=trees"),
        ({"endpoint_description": (Iri(ASKED),)}, "https://geo.a.be/ows"),
        (
            {"distribution": file("https://a.be/arcgis/rest/services/T/MapServer?f=json")},
            "https://a.be/arcgis/rest/services/T/MapServer",
        ),
        ({"distribution": file("https://a.be/gtfs-rt/trip-updates")}, "https://a.be/gtfs-rt/trip-updates"),
        ({"distribution": file("https://a.be/sparql?query=ASK")}, "https://a.be/sparql"),
        ({"distribution": file("https://a.be/ogc-api/collections/trees/items")}, "https://a.be/ogc-api"),
        ({"distribution": file("https://a.be/inspire/ATOM/trees-en.xml")}, "https://a.be/inspire/ATOM/trees-en.xml"),
        ({"distribution": file("https://a.be/opensearch.xml")}, "https://a.be/opensearch.xml"),
        ({"distribution": file("https://a.be/x", format=Concept(labels=(Text("WMS"),)))}, "https://a.be/x"),
        ({"distribution": file("https://a.be/x", title=(Text("GetCapabilities", "en"),))}, "https://a.be/x"),
        ({"distribution": file("https://a.be/v2/trees")}, "https://a.be/v2/trees"),
        ({"landing_page": page("https://api.a.be/trees")}, "https://api.a.be/trees"),
        ({"description": (Text(f"The trees, at {ASKED}.", "en"),)}, "https://geo.a.be/ows"),
    ],
)
def test_a_service_without_address_gets_the_one_that_its_record_holds(fields: dict[str, Any], endpoint: str) -> None:
    entry, told = mended(service(**fields))
    assert entry.endpoint_url == (endpoint,)
    assert told == ["endpoint-made"]
    assert refusal(check(entry)) is None
    assert "dcat#distribution" not in "".join(own_and_shared(entry))


def test_the_description_of_a_service_is_told_apart_from_its_address() -> None:
    entry, _ = mended(service(distribution=file(ASKED)))
    assert (entry.endpoint_url, entry.endpoint_description) == (("https://geo.a.be/ows",), (ASKED,))


def test_an_address_that_asks_for_the_description_stays_and_is_given_as_such_too() -> None:
    entry, told = mended(service(endpoint_url=(Iri(ASKED),)))
    assert (entry.endpoint_url, entry.endpoint_description, told) == ((ASKED,), (ASKED,), [])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"landing_page": page("https://a.be/catalogue/details/12")},
        {"landing_page": page("https://a.be/wms/manual.pdf")},
        {"landing_page": page("https://a.be/geonetwork/srv/api/records/12/attachments/wms")},
        {"distribution": file("https://a.be/trees.csv")},
        {"description": (Text(f"See {ASKED} and https://other.be/wms for more.", "en"),)},
    ],
)
def test_what_is_no_address_of_a_service_is_not_taken_for_one(fields: dict[str, Any]) -> None:
    entry, told = mended(service(**fields))
    assert (entry.endpoint_url, told) == ((), [])
    found = refusal(check(entry))
    assert found is not None
    assert found.field == "dcat:endpointURL"


def test_the_licence_of_its_files_is_that_of_a_service_without_one() -> None:
    licence = LicenseDocument(titles=(Text("CC0"),))
    entry, _ = mended(service(distribution=file(ASKED, license=licence)))
    assert entry.license is not None
    assert entry.license.iri == "http://publications.europa.eu/resource/authority/licence/CC0"


@pytest.mark.parametrize(
    ("address", "kept"), [("https://a.be/wms?request=GetCapabilities", True), ("https://a.be/trees.csv", False)]
)
def test_a_service_within_a_file_answers_where_the_file_is_had(address: str, kept: bool) -> None:
    given_file = file(address, access_service=(DataService(title=(Text("Trees", "en"),)),))
    entry, _ = mended(Dataset(title=(Text("T", "en"),), distribution=given_file))
    services = entry.distribution[0].access_service
    assert [one.endpoint_url for one in services] == ([("https://a.be/wms",)] if kept else [])


@given(st.text(max_size=40).map("https://a.be/wms?request=GetCapabilities&x=".__add__))
def test_what_is_asked_of_a_service_never_stays_in_its_address(address: str) -> None:
    assert "request=" not in told_apart(address).address.casefold().partition("&x=")[0]


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://a.be/wfs?", "https://a.be/wfs"),
        ("https://a.be/wfs?service=WFS&", "https://a.be/wfs"),
        ("https://a.be/wfs?map=trees&", "https://a.be/wfs?map=trees"),
        ("https://a.be/wfs?map", "https://a.be/wfs?map"),
    ],
)
def test_an_address_that_waits_for_a_question_is_the_same_without_its_mark(address: str, bare: str) -> None:
    assert told_apart(address).address == bare


@pytest.mark.parametrize("address", ["https://a.be/", "https://a.be/wmsstore", "https://a.be/news/wfs.html"])
def test_ordinary_pages_are_no_services(address: str) -> None:
    assert not is_service(address)


# --- titles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        (Dataset(distribution=file("https://a.be/x", title=(Text("Street trees", "en"),))), Text("Street trees", "en")),
        (
            Dataset(
                distribution=file("https://a.be/x", title=(Text("CSV", "en"),)), identifier=(Text("street-trees"),)
            ),
            Text("Street trees", "en"),
        ),
        (Dataset(description=(Text("All trees. And more.", "en"),)), Text("All trees", "en")),
        (
            Dataset(landing_page=(Document(iri=Iri("https://a.be/1"), titles=(Text("Our trees"),)),)),
            Text("Our trees", "en"),
        ),
        (Dataset(landing_page=page("https://a.be/data/street_trees")), Text("Street trees", "en")),
        (Dataset(iri=Iri("https://a.be/id/street-trees")), Text("Street trees", "en")),
        (
            DatasetSeries(description=(Text("Les arbres de la ville et des rues", "fr"),)),
            Text("Les arbres de la ville et des rues", "fr"),
        ),
        (
            DataService(endpoint_url=(Iri("https://a.be/wms"),), identifier=(Text("street-trees"),)),
            Text("Street trees", "en"),
        ),
    ],
)
def test_an_entry_without_title_is_called_what_it_is_called_elsewhere(entry: Entry, title: Text) -> None:
    entry, told = mended(entry)
    assert (entry.title, told) == ((title,), ["title-made"])
    assert refusal(check(entry)) is None


@pytest.mark.parametrize("identifier", ["12345", "0f4970f0-1fac-11ec-86de-7478273ff935", "https://a.be/d/1", "r12"])
def test_an_entry_that_nothing_names_is_refused(identifier: str) -> None:
    entry = normalise(Dataset(identifier=(Text(identifier),)), Context(), identifier).entry
    found = refusal(check(entry))
    assert found is not None
    assert found.field == "dct:title"


@given(st.text(max_size=300))
def test_a_made_title_fits_on_a_line(text: str) -> None:
    assert len(first_sentence(text)) <= LONGEST
    assert len(readable(text)) <= LONGEST
    assert "\n" not in first_sentence(text)
