"""Links of a record: what each leads to."""

from typing import Any

import pytest

from dcat.model import Iri, LicenseDocument, Text
from harvesters.fields import Fields
from harvesters.links import Offers, link, offered

CC0 = LicenseDocument(iri=Iri("https://creativecommons.org/publicdomain/zero/1.0/"))


def offers(*links: dict[str, Any]) -> Offers:
    return offered([link(Fields(one)) for one in links], CC0, "nl")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"href": "https://g.example/ows", "protocol": "OGC:WMS"}, "WMS"),
        ({"href": "https://g.example/ows", "rel": "item", "type": "OGC:WFS"}, "WFS"),
        ({"href": "https://g.example/ows?SERVICE=WCS", "rel": "describes"}, "WCS"),
        ({"href": "https://g.example/x/MapServer/WMSServer", "rel": "item", "type": "OGC:WMS"}, "WMS"),
        ({"href": "https://g.example/geoserver/wfs", "rel": "item"}, "WFS"),
    ],
)
def test_a_service_is_told_by_its_protocol_or_address(said: dict[str, Any], code: str) -> None:
    found = offers(said)
    (file,) = found.files
    assert file.format
    assert file.format.labels == (Text(code),)
    (service,) = file.access_service
    assert found.endpoints == service.endpoint_url
    assert "service=" not in found.endpoints[0].lower()
    assert service.license == CC0


def test_a_request_that_answers_with_data_is_a_file_too() -> None:
    address = "https://g.example/wfs?service=WFS&request=GetFeature&outputFormat=csv"
    (file,) = offers({"href": address, "rel": "item"}).files
    assert file.download_url == (address,)


@pytest.mark.parametrize(
    "said",
    [
        {"href": "https://g.example/a.csv"},
        {"href": "https://g.example/a", "rel": "enclosure", "type": "application/zip"},
        {"href": "https://g.example/a", "rel": "item", "type": "download"},
        {"href": "https://g.example/a", "type": "text/csv"},
    ],
)
def test_a_file_is_told_by_its_ending_relation_or_type(said: dict[str, Any]) -> None:
    found = offers({**said, "title": "Bomen"})
    (file,) = found.files
    assert file.download_url == (said["href"],)
    assert (file.title, file.license) == ((Text("Bomen", "nl"),), CC0)
    assert found.pages == ()


@pytest.mark.parametrize("name", ["length", "file:size"])
def test_a_file_has_the_size_that_its_link_says(name: str) -> None:
    (file,) = offers({"href": "https://g.example/t.csv", "rel": "enclosure", name: 512}).files
    assert file.byte_size == "512"


def test_pages_landing_pages_and_licences_are_no_files() -> None:
    found = offers(
        {"href": "https://g.example/about", "rel": "related", "type": "text/html", "title": "Over"},
        {"href": "https://g.example/enclosed", "rel": "enclosure", "type": "text/html"},
        {"href": "https://g.example/land", "rel": "item", "type": "landingpage"},
        {"href": "https://g.example/terms", "rel": "license"},
    )
    assert [page.iri for page in found.pages] == ["https://g.example/about", "https://g.example/enclosed"]
    assert [page.iri for page in found.landing_pages] == ["https://g.example/land"]
    assert (found.licences, found.files) == (("https://g.example/terms",), ())


@pytest.mark.parametrize("relation", ["self", "alternate", "next", "thumbnail", "preview", "root", "queryables"])
def test_what_leads_through_the_catalogue_is_nothing(relation: str) -> None:
    assert offers({"href": "https://g.example/x.json", "rel": relation, "type": "application/json"}) == Offers()


@pytest.mark.parametrize("href", ["", "x.csv", "mailto:a@b.example", "https://[broken/x.csv", "javascript:alert(1)"])
def test_what_is_no_address_is_nothing(href: str) -> None:
    assert offers({"href": href, "rel": "enclosure"}) == Offers()


def test_an_address_counts_once() -> None:
    twice = {"href": "https://g.example/a.csv"}
    assert len(offers(twice, {**twice, "title": "again"}).files) == 1
