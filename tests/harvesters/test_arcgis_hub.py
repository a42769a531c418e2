"""ArcGIS Hub: by what a dataset is known, and what the feed and the search say."""

import json
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import Dataset, Document, Iri, Text
from dcat.normalise import Context, normalise
from harvesters import HARVESTERS
from harvesters.arcgis_hub import SEARCH, id_of
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace

KIND = HARVESTERS["arcgis-hub"]
ITEM = "0123456789abcdef0123456789abcdef"
BOX = "POLYGON((1.0 2.0, 3.0 2.0, 3.0 4.0, 1.0 4.0, 1.0 2.0))"
FEED = "/api/feed/dcat-us/1.1.json"


def fetched(answers: dict[str, Any], **config: Any) -> tuple[list[Fetched], Crawl]:
    def answer(request: Request) -> Answer | None:
        found = answers.get(request.path)
        found = found(request) if callable(found) else found
        return None if found is None else Answer(json.dumps(found).encode(), "application/json")

    crawl = Crawl()
    with loopback.running(loopback.site(answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl


def dataset(said: dict[str, Any], identifier: str = ITEM) -> Dataset:
    raw = RawRecord(identifier=identifier, body=json.dumps(said).encode(), media_type="application/json")
    entry = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://h.example/", kind="arcgis-hub")).entry
    assert isinstance(entry, Dataset)
    return entry


# --- identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ({"identifier": f"https://www.arcgis.com/home/item.html?id={ITEM}"}, ITEM),
        ({"identifier": f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=0"}, ITEM),
        ({"identifier": f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=3"}, f"{ITEM}_3"),
        ({"identifier": f"https://hub.arcgis.com/datasets/{ITEM}_0"}, ITEM),
        ({"identifier": f"https://h.example/datasets/{ITEM}_12/about"}, f"{ITEM}_12"),
        ({"id": f"{ITEM}_0"}, ITEM),
        ({"properties": {"id": ITEM.upper()}}, ITEM),
        ({"identifier": "urn:something:else"}, "urn:something:else"),
        ({"identifier": None}, ""),
        ("no object", ""),
    ],
)
def test_a_dataset_is_known_by_its_item_and_layer(said: Any, id: str) -> None:
    assert id_of(said) == id


def test_it_stays_the_same_when_it_is_renamed() -> None:
    """Title, address and the way its identifier is written all change; the item does not."""
    before = {
        "identifier": f"https://h.example/datasets/{ITEM}_0",
        "title": "Old",
        "landingPage": "https://h.example/old",
    }
    after = {"identifier": f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=0", "title": "New"}
    ids = [fetched({FEED: {"dataset": [one]}})[0][0].identifier for one in (before, after)]
    assert ids == [ITEM, ITEM]


# --- the site ---------------------------------------------------------------------------------------------------------


def test_a_site_from_before_2022_has_its_feed_elsewhere() -> None:
    raws, crawl = fetched({"/data.json": {"dataset": [{"identifier": ITEM, "title": "T"}]}})
    assert (len(raws), crawl.incomplete) == (1, [])


def test_an_item_as_a_whole_and_its_first_layer_are_one() -> None:
    both = [{"identifier": f"?id={ITEM}"}, {"identifier": f"?id={ITEM}&sublayer=0"}]
    raws, crawl = fetched({FEED: {"dataset": both}})
    assert (len(raws), [found.rule for found in crawl.findings]) == (1, ["duplicate-identifier"])


def test_a_feed_that_is_not_there_is_said() -> None:
    with pytest.raises(HarvestError, match="404"):
        fetched({})


def test_the_search_is_read_in_pages_from_one() -> None:
    items = [{"id": f"{number:032x}", "properties": {"title": "T", "modified": 250 - number}} for number in range(250)]

    def page(request: Request) -> Any:
        start, count = int(request.query["startindex"]) - 1, int(request.query["limit"])
        return {"features": items[start : start + count], "numberMatched": 250}

    raws, crawl = fetched({SEARCH: page}, read="search")
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (250, 250, [])
    assert crawl.validators


def test_one_bad_item_costs_itself() -> None:
    listed = [{"identifier": ITEM, "title": "T"}, {"title": "nameless"}]
    raws, crawl = fetched({FEED: {"dataset": listed}})
    assert (len(raws), len(crawl.incomplete)) == (1, 1)


# --- the feed ---------------------------------------------------------------------------------------------------------


def fed(**fields: Any) -> dict[str, Any]:
    whole = {"identifier": f"https://www.arcgis.com/home/item.html?id={ITEM}&sublayer=0", "title": "Trees"}
    return {**whole, **fields}


def test_templates_that_nobody_filled_in_are_no_texts() -> None:
    found = dataset(fed(description="{{default.description}}", keyword=[""]))
    clean = normalise(found, Context())
    assert found.keyword == ()
    assert not any("{{" in text.value for text in clean.entry.description)


def test_the_page_of_a_dataset_is_no_file_and_a_server_is_a_service() -> None:
    listed = [
        {"title": "Hub", "format": "Web Page", "mediaType": "text/html", "accessURL": "https://h.example/datasets/x"},
        {"title": "Service", "accessURL": "https://s.example/rest/services/T/FeatureServer/0"},
        {"title": "CSV", "format": "CSV", "accessURL": "https://h.example/x.csv"},
    ]
    found = dataset(fed(distribution=listed))
    service, file = found.distribution
    assert service.access_service[0].endpoint_url == ("https://s.example/rest/services/T/FeatureServer/0",)
    assert file.access_service == ()
    assert [page.iri for page in found.landing_page] == ["https://h.example/datasets/x"]


def test_the_address_of_the_item_is_no_iri_but_a_key() -> None:
    found = dataset(fed())
    assert (found.iri, found.identifier) == (None, (Text(ITEM),))
    assert found.other_identifier[0].notation == (Text(f"https://www.arcgis.com/home/item.html?id={ITEM}"),)
    assert dataset(fed(), f"{ITEM}_3").other_identifier == ()


# --- the search -------------------------------------------------------------------------------------------------------


def item(**properties: Any) -> dict[str, Any]:
    return {"id": ITEM, "properties": {"title": "Trees", "type": "Feature Layer", **properties}}


def test_a_layer_is_files_of_the_site_and_a_service() -> None:
    found = dataset(item(url="https://s.example/rest/services/T/FeatureServer/3"), f"{ITEM}_3")
    assert found.distribution[0].access_service
    assert found.distribution[1].download_url == (f"https://h.example/api/download/v1/items/{ITEM}/csv?layers=3",)


def test_what_a_producer_puts_beside_a_layer_belongs_to_it() -> None:
    """Without the server of the layer, which the hub lists there too."""
    server = "https://s.example/rest/services/T/FeatureServer"
    beside = [{"url": server}, {"name": "Regions", "url": "https://s.example/r.csv"}, {"name": "None"}, {"url": ""}]
    found = dataset(item(url=f"{server}/3", culture="en-us", additionalResources=beside))
    assert found.page == (Document(iri=Iri("https://s.example/r.csv"), titles=(Text("Regions", "en"),)),)


@pytest.mark.parametrize(
    ("extent", "bbox"),
    [
        ([[1, 2], [3, 4]], "POLYGON((1.0 2.0, 3.0 2.0, 3.0 4.0, 1.0 4.0, 1.0 2.0))"),
        (
            {"coordinates": [[1, 2], [3, 4]], "type": "envelope"},
            "POLYGON((1.0 2.0, 3.0 2.0, 3.0 4.0, 1.0 4.0, 1.0 2.0))",
        ),
        ([], None),
        ([[1, 2]], None),
        ("x", None),
        ([["a", 2], [3, 4]], None),
    ],
)
def test_an_extent_is_a_box(extent: Any, bbox: str | None) -> None:
    assert [place.bbox for place in dataset(item(extent=extent)).spatial] == ([bbox] if bbox else [])


def test_milliseconds_are_dates() -> None:
    found = dataset(item(created=1611934478000, modified=1e40))
    assert (found.issued, found.modified) == ("2021-01-29T15:34:38Z", None)


@pytest.mark.parametrize(
    ("said", "code"),
    [({"type": "Dashboard"}, "NOT_DATA"), ({"access": "org"}, "PRIVATE"), ({"access": "shared"}, "PRIVATE")],
)
def test_what_is_no_public_data_is_skipped(said: dict[str, Any], code: str) -> None:
    with pytest.raises(SkipRecord) as caught:
        dataset(item(**said))
    assert caught.value.code == code


def test_a_licence_with_an_address_goes_before_words() -> None:
    found = dataset(item(structuredLicense={"type": "cc", "url": "https://cc.example/"}, licenseInfo="Words"))
    assert found.distribution[0].license
    assert found.distribution[0].license.iri == "https://cc.example/"
    (words,) = {
        file.license for file in dataset(item(structuredLicense={"type": "none"}, licenseInfo="Words")).distribution
    }
    assert words
    assert words.titles == (Text("Words"),)
