"""Socrata: how a portal is read, and what its fields mean."""

import json
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import DataService, Dataset, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, Normalised, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace

KIND = HARVESTERS["socrata"]

pytestmark = pytest.mark.usefixtures("no_source_is_small")


def asset(number: int, type: str = "dataset", **resource: Any) -> dict[str, Any]:
    """A small asset."""
    said = {"id": f"a-{number:04}", "name": f"Title {number}", "type": type, "updatedAt": f"2026-{number % 12 + 1:02}"}
    return {"resource": said | resource, "classification": {}, "metadata": {"domain": "d.example"}}


class Portal:
    """A portal over a list of assets."""

    def __init__(self, assets: list[dict[str, Any]], *, scrolls: bool = True, sorts: bool = True) -> None:
        self.assets, self.scrolls, self.sorts = assets, scrolls, sorts
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        query = request.query
        found = self.assets
        if "order" in query and self.sorts:
            found = sorted(found, key=lambda one: str(one["resource"].get("updatedAt")), reverse=True)
        if self.scrolls:
            found = [one for one in found if str(one["resource"].get("id")) > query.get("scroll_id", "")]
        said = {"results": found[: int(query["limit"])], "resultSetSize": len(self.assets)}
        return Answer(json.dumps(said).encode(), "application/json")


def fetched(portal: Portal, **config: Any) -> tuple[list[Fetched], Crawl]:
    crawl = Crawl()
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl


def read(said: dict[str, Any], **config: Any) -> Normalised:
    raw = RawRecord(identifier="x", body=json.dumps(said).encode(), media_type="application/json")
    return KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://d.example/", kind="o", config=config))


def dataset(said: dict[str, Any], **config: Any) -> Dataset:
    entry = read(said, **config).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the portal -------------------------------------------------------------------------------------------------------


def test_the_portal_is_scrolled_at_its_own_host() -> None:
    portal = Portal([asset(number) for number in range(250)])
    raws, crawl = fetched(portal, domain="d.example")
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (250, 250, [])
    assert {one.query["domains"] for one in portal.asked} == {"d.example"}
    assert {one.query["only"] for one in portal.asked} == {"dataset,file,link"}
    assert [one.query.get("scroll_id") for one in portal.asked[2:]] == ["a-0099", "a-0199", "a-0249"]


def test_a_portal_that_does_not_scroll_proves_nothing() -> None:
    raws, crawl = fetched(Portal([asset(number) for number in range(250)], scrolls=False))
    assert len(raws) == 100
    assert crawl.incomplete


def test_a_portal_that_ignores_how_it_is_to_sort_is_not_believed() -> None:
    assert fetched(Portal([asset(1), asset(2)], sorts=False))[1].validators == {}
    assert fetched(Portal([asset(1), asset(2)]))[1].validators == {"state": "2 2026-03"}


def test_one_bad_asset_costs_itself() -> None:
    raws, crawl = fetched(Portal([asset(1), {"resource": {"id": None}}, asset(3)], scrolls=False))
    assert [raw.identifier for raw in raws] == ["a-0001", "a-0003"]
    assert crawl.incomplete


def test_counters_are_no_change() -> None:
    before, _ = fetched(Portal([asset(1, page_views={"page_views_total": 1}, download_count=1)]))
    after, _ = fetched(Portal([asset(1, page_views={"page_views_total": 9}, download_count=7)]))
    assert [one.body for one in before if isinstance(one, RawRecord)] == [
        one.body for one in after if isinstance(one, RawRecord)
    ]


# --- fields -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", ["chart", "map", "filter", "story", "measure", "calendar"])
def test_what_shows_the_data_of_others_is_no_dataset(type: str) -> None:
    with pytest.raises(SkipRecord) as caught:
        read(asset(1, type))
    assert caught.value.code == "NOT_DATA"


def test_a_table_is_files_and_a_service() -> None:
    whole = read(asset(1))
    assert isinstance(whole.entry, Dataset)
    assert len(whole.entry.distribution) == 3
    (api,) = whole.parts
    assert isinstance(api.entry, DataService)
    assert api.entry.endpoint_url == ("https://d.example/resource/a-0001.json",)
    assert read(asset(1), services=False).parts == ()


@pytest.mark.parametrize("type", ["file", "href", "link"])
def test_a_file_or_a_link_is_one_file_without_service(type: str) -> None:
    whole = read(asset(1, type))
    assert isinstance(whole.entry, Dataset)
    assert (len(whole.entry.distribution), whole.parts) == (1, ())


def test_fields_that_the_portal_adds_are_read_by_their_names() -> None:
    said = asset(1)
    pairs = {"Common-Core_Publisher": "Ministry", "Common-Core_Update-Frequency": "Weekly", "Mine_Colour": "blue"}
    said["classification"]["domain_metadata"] = [{"key": key, "value": value} for key, value in pairs.items()]
    whole = read(said)
    assert isinstance(whole.entry, Dataset)
    assert whole.entry.publisher
    assert whole.entry.publisher.name == (Text("Ministry"),)
    assert whole.entry.frequency
    assert whole.unread == {"classification.domain_metadata.colour": 1}


def test_the_page_of_who_is_credited_is_not_that_of_who_publishes() -> None:
    said = asset(1, attribution="Unit", attribution_link="https://unit.example/this")
    credited = dataset(said).publisher
    assert credited
    assert (credited.name, bool(credited.homepage)) == ((Text("Unit"),), True)
    said["classification"]["domain_metadata"] = [{"key": "Common-Core_Publisher", "value": "Ministry"}]
    found = dataset(said)
    assert found.publisher
    assert (found.publisher.name, found.publisher.homepage) == ((Text("Ministry"),), None)
    assert [page.iri for page in found.page] == ["https://unit.example/this"]


def test_a_copy_is_known_by_the_address_at_its_own_domain() -> None:
    said = asset(1)
    said["metadata"]["domain"] = "other.example"
    (identifier,) = dataset(said).other_identifier
    assert identifier.notation == (Text("https://other.example/d/a-0001"),)
    with pytest.raises(SkipRecord, match=r"other\.example"):
        read(said, skip_harvested=True)


def test_what_is_no_asset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"resource\.id"):
        read({"resource": {"name": "x"}})
