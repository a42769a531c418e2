"""STAC: how an API and a catalogue of files are read, and what the fields of a collection mean."""

import json
from collections.abc import Callable
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import Dataset, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source, StillThere
from harvesters.http import Client, Pace

KIND = HARVESTERS["stac"]


def collection(id: str, **fields: Any) -> dict[str, Any]:
    """A small collection."""
    extent = {"spatial": {"bbox": [[1, 2, 3, 4]]}, "temporal": {"interval": [["2020-01-01", None]]}}
    return {"type": "Collection", "id": id, "stac_version": "1.0.0", "license": "CC0-1.0", "extent": extent, **fields}


def catalog(*links: tuple[str, str]) -> dict[str, Any]:
    return {"type": "Catalog", "stac_version": "1.0.0", "id": "c", "links": [{"rel": r, "href": h} for r, h in links]}


def fetched(
    documents: dict[str, Any] | Callable[[Request], Answer | None], path: str = "", known: dict[str, str] | None = None
) -> tuple[list[Fetched], Crawl, list[str]]:
    def answer(request: Request) -> Answer | None:
        if callable(documents):
            return documents(request)
        found = documents.get(request.path)
        return None if found is None else Answer(json.dumps(found).encode(), "application/json")

    crawl = Crawl(known=known or {})
    with loopback.running(loopback.site(answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(path), kind=KIND.kind)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl, server.asked()


def dataset(said: dict[str, Any], address: str = "https://s.example/collections/x") -> Dataset:
    raw = RawRecord(identifier="x", body=json.dumps(said).encode(), media_type="application/json", address=address)
    entry = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://s.example/", kind="stac")).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_files_that_lead_in_circles_are_read_once() -> None:
    files = {
        "/a/catalog.json": catalog(("child", "./b/catalog.json"), ("child", "./c.json")),
        "/a/b/catalog.json": catalog(("child", "../catalog.json"), ("child", "../c.json"), ("item", "./i.json")),
        "/a/c.json": collection("c", links=[{"rel": "child", "href": "./catalog.json"}]),
    }
    raws, crawl, asked = fetched(files, "/a/catalog.json")
    assert [raw.identifier for raw in raws] == ["c"]
    assert (crawl.incomplete, sorted(asked)) == ([], sorted(files))


def test_a_file_that_is_missing_costs_itself_and_the_proof() -> None:
    files = {"/catalog.json": catalog(("child", "./gone.json"), ("child", "./c.json")), "/c.json": collection("c")}
    raws, crawl, _ = fetched(files, "/catalog.json")
    assert [raw.identifier for raw in raws] == ["c"]
    assert len(crawl.incomplete) == 1


def test_a_next_page_that_cannot_be_asked_for_leaves_the_crawl_unproven() -> None:
    """Lists may name the next page by a POST, with what to send."""
    onward = {"rel": "next", "method": "POST", "href": "./collections", "body": {"token": "next:b"}}
    api = {"/": catalog(("data", "./collections")), "/collections": {"collections": [collection("a")]}}
    whole, proven, _ = fetched(api, "/")
    assert (len(whole), proven.incomplete) == (1, [])
    api["/collections"]["links"] = [onward]
    raws, crawl, _ = fetched(api, "/")
    assert ([raw.identifier for raw in raws], len(crawl.incomplete)) == (["a"], 1)
    assert "GET cannot ask for" in crawl.incomplete[0]


def test_files_that_did_not_change_are_not_sent_again() -> None:
    """But for those that lead on to others, which may have changed."""
    files = {
        "/catalog.json": catalog(("child", "./a.json"), ("child", "./b.json")),
        "/a.json": collection("a"),
        "/b.json": collection("b", links=[{"rel": "child", "href": "./c.json"}]),
        "/c.json": collection("c"),
    }

    def answer(request: Request) -> Answer | None:
        body = json.dumps(files[request.path]).encode()
        etag = f'"{len(body)}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(b"", "", 304)
        return Answer(body, "application/json", headers={"ETag": etag})

    with loopback.running(loopback.site(answer)) as server:

        def run(versions: dict[str, str]) -> dict[str, Fetched]:
            crawl = Crawl(versions=versions)
            source = Source(id="s", name="s", title="S", url=server.url("/catalog.json"), kind=KIND.kind)
            with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
                found = {one.identifier: one for one in KIND.fetch(source, client, crawl)}
            assert crawl.incomplete == []
            return found

        versions = {id: raw.version for id, raw in run({}).items() if isinstance(raw, RawRecord) and raw.version}
        assert versions.keys() == {"a", "c"}
        files["/c.json"] = collection("c", title="Another")
        again = run(versions)
    assert {id: type(one) for id, one in again.items()} == {"a": StillThere, "b": RawRecord, "c": RawRecord}


def test_a_collection_may_be_the_root() -> None:
    raws, _, _ = fetched({"/c.json": collection("c")}, "/c.json")
    assert [raw.identifier for raw in raws] == ["c"]


def test_one_bad_collection_costs_itself() -> None:
    listed = {"collections": [collection("a"), {"id": [5]}, collection("b")], "links": []}
    raws, crawl, _ = fetched({"/": catalog(("data", "/collections")), "/collections": listed}, "/")
    assert [raw.identifier for raw in raws] == ["a", "b"]
    assert len(crawl.incomplete) == 1


def test_paging_that_goes_round_in_circles_is_told() -> None:
    listed = {"collections": [collection("a")], "links": [{"rel": "next", "href": "/collections?limit=100"}]}
    raws, crawl, _ = fetched({"/": catalog(("data", "/collections")), "/collections": listed}, "/")
    assert len(raws) == 1
    assert "circles" in crawl.incomplete[0]


def test_a_list_in_one_answer_may_say_that_nothing_changed() -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/":
            return Answer(json.dumps(catalog(("data", "/collections"))).encode(), "application/json")
        if request.headers.get("if-none-match") == '"1"':
            return Answer(b"", "", 304)
        said = json.dumps({"collections": [collection("a")], "links": []}).encode()
        return Answer(said, "application/json", headers={"ETag": '"1"'})

    first = fetched(answer, "/")[1]
    raws, crawl, _ = fetched(answer, "/", first.validators)
    assert (raws, crawl.unchanged, crawl.incomplete) == ([], True, [])


def test_what_is_no_stac_is_said() -> None:
    with pytest.raises(HarvestError, match="no STAC catalogue"):
        fetched({"/": {"title": "something else"}}, "/")


@pytest.mark.parametrize(
    ("copied", "site"),
    [
        ("https://s.example/stac/", "https://s.example/stac"),
        ("https://s.example/stac/collections/a/items?limit=1", "https://s.example/stac"),
        ("https://s.example/stac/search", "https://s.example/stac"),
        ("https://s.example/data/catalog.json", "https://s.example/data/catalog.json"),
        ("https://s.example/collections/a.json?x", "https://s.example/collections/a.json"),
    ],
)
def test_the_address_is_cut_to_that_of_the_api(copied: str, site: str) -> None:
    assert KIND.site(copied) == site


# --- the collection ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "period"),
    [
        ([["2020-01-01", None], ["2021-01-01", None]], ("2020-01-01", None)),
        ([[None, "2020-01-01"]], (None, "2020-01-01")),
        ([[None, None]], None),
        ([], None),
        ("x", None),
    ],
)
def test_intervals_are_open_where_they_are_null(interval: Any, period: Any) -> None:
    found = dataset(collection("a", extent={"temporal": {"interval": interval}})).temporal
    assert [(one.start, one.end) for one in found] == ([period] if period else [])


@pytest.mark.parametrize("bbox", [[[1, 2, 3, 4]], [[1, 2, 0, 3, 4, 9], [1, 2, 0, 2, 3, 9]], [1, 2, 3, 4]])
def test_the_first_box_is_that_of_the_whole(bbox: Any) -> None:
    (place,) = dataset(collection("a", extent={"spatial": {"bbox": bbox}})).spatial
    assert place.bbox == "POLYGON((1 2, 3 2, 3 4, 1 4, 1 2))"


@pytest.mark.parametrize("bbox", [[], [[1, 2]], [["a", 2, 3, 4]], None])
def test_what_is_no_box_is_none(bbox: Any) -> None:
    assert dataset(collection("a", extent={"spatial": {"bbox": bbox}})).spatial == ()


@pytest.mark.parametrize("word", ["various", "proprietary", "other"])
def test_a_licence_that_is_none_is_that_of_the_link_or_words_about_rights(word: str) -> None:
    linked = dataset(collection("a", license=word, links=[{"rel": "license", "href": "https://s.example/terms"}]))
    (file,) = linked.distribution
    assert file.license
    assert (file.license.iri, file.rights) == ("https://s.example/terms", ())
    (file,) = dataset(collection("a", license=word)).distribution
    assert file.license is None
    assert [one.labels for one in file.rights] == ([(Text(word),)] if word != "other" else [])


def test_the_licensor_publishes_and_the_producer_is_the_creator() -> None:
    providers = [
        {"name": "Host", "roles": ["host"]},
        {"name": "Maker", "roles": ["producer", "processor"]},
        {"name": "Owner", "roles": ["licensor"]},
    ]
    found = dataset(collection("a", providers=providers))
    assert found.publisher
    assert found.publisher.name == (Text("Owner"),)
    assert [agent.name for agent in found.creator] == [(Text("Maker"),)]


def test_items_are_no_files_and_assets_are() -> None:
    found = dataset(
        collection(
            "a",
            links=[{"rel": "item", "href": "./i.json"}],
            assets={
                "x": {"href": "./x.zip", "type": "application/zip"},
                "t": {"href": "t.png", "roles": ["thumbnail"]},
            },
        ),
        "https://s.example/data/a/collection.json",
    )
    assert [file.access_url[0] for file in found.distribution] == [
        "https://s.example/data/a/collection.json",
        "https://s.example/data/a/x.zip",
    ]


def test_items_of_an_api_are_had_through_it() -> None:
    found = dataset(collection("a", links=[{"rel": "items", "href": "https://s.example/collections/a/items"}]))
    (file,) = found.distribution
    assert file.access_service[0].endpoint_url == ("https://s.example",)


def test_a_collection_without_title_is_called_by_its_id() -> None:
    assert dataset(collection("sentinel")).title == (Text("sentinel"),)
    with pytest.raises(ValueError, match="id"):
        dataset({"type": "Collection"})
