"""OGC API Records: how services of several makes are read, and what the fields of a record mean."""

import json
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import DataService, Dataset, Iri, Period, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, Normalised, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace

KIND = HARVESTERS["ogc-records"]

TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://g.example/id/{0}> a dcat:Dataset ; dct:title "Title {0}"@en .
"""


def feature(number: int, **properties: Any) -> dict[str, Any]:
    """A small record."""
    said = {"type": "dataset", "title": f"Title {number}", "updated": f"2026-01-{28 - number % 28:02}", **properties}
    return {"id": f"r-{number:03}", "type": "Feature", "geometry": None, "properties": said, "links": []}


class Make:
    """A service over one collection."""

    def __init__(self, count: int, position: str = "offset", *, links: str = "", most: int = 10, **says: Any) -> None:
        """`position`: the only name that it knows. `links`: how it leads on (`position`, `token`), or not."""
        self.features = [feature(number) for number in range(count)]
        self.position, self.links, self.most = position, links, most
        self.total, self.sorts = says.get("total", count), says.get("sorts", True)
        self.empty = says.get("empty", -1)
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        query = request.query
        if request.path == "/collections":
            said: Any = {"collections": [{"id": "c", "itemType": "record"}, {"id": "f", "itemType": "feature"}]}
            return Answer(json.dumps(said).encode(), "application/json")
        if request.path != "/collections/c/items":
            return None
        if "sortby" in query and not self.sorts:
            return Answer(b'{"code": "InvalidParameterValue", "description": "no sorting"}', "application/json", 400)
        start = int(query.get(self.position, query.get("token", "0")))
        page = self.features[start : start + min(int(query.get("limit", "10")), self.most)]
        page = [] if start == self.empty else page
        if query.get("f") == "dcat":
            return Answer("".join(TURTLE.format(one["id"]) for one in page).encode(), "text/turtle")
        said = {"type": "FeatureCollection", "features": page, "links": []}
        said |= {} if self.total is None else {"numberMatched": self.total}
        if self.links and start + len(page) < len(self.features):
            name = "token" if self.links == "token" else self.position
            said["links"] = [
                {"rel": "next", "type": "text/html", "href": f"{request.path}?f=html&{name}={start + len(page)}"},
                {"rel": "next", "href": f"http://inside.local{request.path}?{name}={start + len(page)}&limit=100"},
            ]
        return Answer(json.dumps(said).encode(), "application/geo+json")


def fetched(make: Make, path: str = "", **config: Any) -> tuple[list[Fetched], Crawl]:
    crawl = Crawl()
    with loopback.running(loopback.site(make.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(path), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl


def read(said: dict[str, Any]) -> Normalised:
    body = json.dumps(said).encode()
    raw = RawRecord(identifier="x", body=body, media_type="application/json", address="https://g.example/items/x")
    return KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://g.example/", kind="ogc-records"))


def dataset(said: dict[str, Any]) -> Dataset:
    entry = read(said).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the service ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", ["offset", "startindex", "startIndex"])
@pytest.mark.parametrize("total", [25, None])
def test_pages_are_asked_for_by_the_position_of_the_links(position: str, total: int | None) -> None:
    raws, crawl = fetched(Make(25, position, links="position", total=total))
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (25, total, [])


@pytest.mark.parametrize("position", ["offset", "startindex"])
def test_without_links_the_name_of_the_position_is_found_out(position: str) -> None:
    raws, crawl = fetched(Make(25, position))
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (25, 25, [])


def test_links_that_say_no_position_are_followed_on_the_same_server() -> None:
    make = Make(25, links="token")
    raws, crawl = fetched(make)
    assert (len(raws), crawl.incomplete) == (25, [])
    assert {finding.rule for finding in crawl.findings} == {"paging-rewritten"}


def test_an_empty_page_in_the_middle_is_not_the_end() -> None:
    raws, crawl = fetched(Make(30, links="position", empty=10))
    assert len(raws) == 20
    assert crawl.incomplete or crawl.declared_total == 30


def test_a_total_that_lies_proves_nothing() -> None:
    raws, crawl = fetched(Make(5, links="position", total=9))
    assert len(raws) == 5
    assert crawl.incomplete or crawl.declared_total != 5


def test_a_service_that_cannot_sort_is_read_whole() -> None:
    raws, crawl = fetched(Make(5, sorts=False))
    assert (len(raws), crawl.validators) == (5, {})


def test_a_service_that_ignores_how_it_is_to_sort_is_not_believed() -> None:
    make = Make(5)
    make.features.reverse()
    assert fetched(make)[1].validators == {}


def test_a_dcat_format_of_the_server_is_read_as_such() -> None:
    raws, crawl = fetched(Make(25, "startindex", links="position"), format="dcat")
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (25, 25, [])
    first = raws[0]
    assert isinstance(first, RawRecord)
    assert first.identifier == "https://g.example/id/r-000"
    entry = KIND.normalise(first, Source(id="s", name="s", title="S", url="https://g.example/", kind="o")).entry
    assert entry.title == (Text("Title r-000", "en"),)


def test_one_bad_record_costs_itself() -> None:
    make = Make(12)
    make.features[3] = {"id": None}
    raws, crawl = fetched(make)
    assert (len(raws), len(crawl.incomplete)) == (11, 1)


def test_a_filter_goes_into_every_page() -> None:
    make = Make(15)
    fetched(make, filter="type=dataset&q=water")
    asked = [one.query for one in make.asked if one.path.endswith("/items")]
    assert {(one["type"], one["q"]) for one in asked} == {("dataset", "water")}


def test_collections_without_records_are_named() -> None:
    with pytest.raises(HarvestError, match="Its collections: c, f"):
        fetched(Make(1), collections=["x"])


@pytest.mark.parametrize(
    ("copied", "site"),
    [
        ("https://g.example/api/", "https://g.example/api"),
        ("https://g.example/api/collections?f=html", "https://g.example/api"),
        ("https://g.example/api/collections/main", "https://g.example/api/collections/main"),
        ("https://g.example/api/collections/main/items?limit=5", "https://g.example/api/collections/main"),
        ("https://g.example/api/collections/main/items/abc#x", "https://g.example/api/collections/main"),
        ("https://g.example/conformance", "https://g.example"),
    ],
)
def test_the_address_is_cut_to_that_of_the_service_or_collection(copied: str, site: str) -> None:
    assert KIND.site(copied) == site


# --- the record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "period"),
    [
        ({"interval": ["2019-01-01", ".."]}, Period(start="2019-01-01")),  # type: ignore[arg-type]
        ({"interval": [None, "2020"]}, Period(end="2020")),  # type: ignore[arg-type]
        ({"date": "2023-05-05"}, Period(start="2023-05-05", end="2023-05-05")),  # type: ignore[arg-type]
        ({"interval": [None, None]}, None),
        (None, None),
    ],
)
def test_times_are_open_where_nothing_is_said(time: Any, period: Period | None) -> None:
    assert dataset({**feature(1), "time": time}).temporal == ((period,) if period else ())


def test_the_publisher_is_the_contact_whose_role_comes_nearest() -> None:
    contacts = [
        {"name": "A person", "organization": "Desk", "roles": ["pointOfContact"], "emails": [{"value": "a@g.example"}]},
        {"organization": "Ministry", "roles": [{"name": "owner"}]},
    ]
    found = dataset(feature(1, contacts=contacts, language={"code": "en"}))
    assert found.publisher
    assert found.publisher.name == (Text("Ministry", "en"),)
    assert found.contact[0].email == ("a@g.example",)


def test_concepts_of_known_lists_are_themes_and_others_keywords() -> None:
    themes = [{"concepts": [{"id": "environment"}, {"id": "KAARTBOEK"}]}]
    found = dataset(feature(1, themes=themes))
    assert [theme.labels[0].value for theme in found.theme] == ["environment"]
    assert [word.value for word in found.keyword] == ["environment", "KAARTBOEK"]


@pytest.mark.parametrize("said", ["other", "various", None])
def test_a_licence_that_is_elsewhere_is_that_of_the_link(said: str | None) -> None:
    record = feature(1, license=said)
    record["links"] = [{"rel": "license", "href": "https://g.example/terms"}, {"href": "https://g.example/a.csv"}]
    (file,) = dataset(record).distribution
    assert file.license
    assert file.license.iri == "https://g.example/terms"


def test_a_service_is_a_service() -> None:
    record = feature(1, type="service")
    record["links"] = [{"href": "https://g.example/wfs?service=WFS&request=GetCapabilities", "protocol": "OGC:WFS"}]
    entry = read(record).entry
    assert isinstance(entry, DataService)
    assert entry.endpoint_url == (Iri("https://g.example/wfs"),)
    assert entry.conforms_to[0].iri == "http://www.opengis.net/def/serviceType/ogc/wfs"


def test_what_describes_no_data_is_skipped() -> None:
    with pytest.raises(SkipRecord, match="application"):
        read(feature(1, type="application"))


def test_a_collection_that_is_not_there_is_told_with_those_that_are() -> None:
    server = loopback.site(Make(1).answer)
    with loopback.running(server), Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
        assert KIND.lacks(server.url(""), {"collections": ["c"]}, client) == ""
        assert "It has: c, f." in KIND.lacks(server.url(""), {"collections": ["x"]}, client)
