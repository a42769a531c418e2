"""DKAN: how portals of both generations are read."""

import json
from collections.abc import Callable
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import Dataset, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, SkipRecord, Source, StillThere
from harvesters.http import Client, Pace

KIND = HARVESTERS["dkan"]
ITEMS = "/api/1/metastore/schemas/dataset/items"
UUID = "11111111-2222-4333-8444-{:012}"


def said(value: Any, **headers: str) -> Answer:
    return Answer(json.dumps(value).encode(), "application/json", headers=headers)


def fetched(
    answer: Callable[[Request], Answer | None], known: dict[str, str] | None = None
) -> tuple[list[Fetched], Crawl, list[str]]:
    crawl = Crawl(known=known or {})
    with loopback.running(loopback.site(answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl, server.asked()


def dataset(value: dict[str, Any]) -> Dataset:
    address = "https://d.example/dataset/x"
    raw = RawRecord(identifier="x", body=json.dumps(value).encode(), media_type="application/json", address=address)
    entry = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://d.example/", kind="dkan")).entry
    assert isinstance(entry, Dataset)
    return entry


# --- DKAN 2 -----------------------------------------------------------------------------------------------------------


def test_what_is_named_by_an_identifier_is_asked_for_once() -> None:
    file, agency = UUID.format(1), UUID.format(2)
    items = [
        {"identifier": f"d{number}", "title": "T", "publisher": agency, "distribution": [file]} for number in range(3)
    ]

    def answer(request: Request) -> Answer | None:
        if request.path == ITEMS:
            return said(items)
        if request.path.endswith(f"/distribution/items/{file}"):
            return said({"identifier": file, "data": {"downloadURL": "https://d.example/a.csv"}})
        return said({"identifier": agency, "data": {"name": "Agency"}}) if request.path.endswith(agency) else None

    raws, crawl, asked = fetched(answer)
    assert (len(raws), crawl.declared_total, crawl.incomplete, len(asked)) == (3, 3, [], 3)
    found = dataset(json.loads(raws[0].body if isinstance(raws[0], RawRecord) else b""))
    assert found.publisher
    assert found.publisher.name == (Text("Agency"),)
    assert found.distribution[0].download_url == ("https://d.example/a.csv",)


def test_a_list_that_names_things_by_identifiers_does_not_tell_whether_anything_changed() -> None:
    items = [{"identifier": "d", "title": "T", "distribution": [UUID.format(1)]}]

    def answer(request: Request) -> Answer | None:
        return said(items if request.path == ITEMS else {"data": {"title": "File"}}, ETag='"1"')

    assert fetched(answer)[1].validators == {}


def test_what_cannot_be_had_costs_itself_and_the_proof() -> None:
    items = [{"identifier": "d", "title": "T", "distribution": [UUID.format(9)]}]
    raws, crawl, _ = fetched(lambda request: said(items) if request.path == ITEMS else None)
    assert (len(raws), len(crawl.incomplete)) == (1, 1)


def test_a_metastore_may_say_that_nothing_changed() -> None:
    def answer(request: Request) -> Answer | None:
        if request.headers.get("if-none-match") == '"1"':
            return Answer(b"", "", 304)
        return said([{"identifier": "d", "title": "T"}], ETag='"1"') if request.path == ITEMS else None

    _, first, _ = fetched(answer)
    raws, again, asked = fetched(answer, first.validators)
    assert (raws, again.unchanged, len(asked)) == ([], True, 1)


def test_one_bad_dataset_costs_itself() -> None:
    items = [{"identifier": "a", "title": "T"}, "no dataset", {"title": "nameless"}, {"identifier": "b", "title": "T"}]
    raws, crawl, _ = fetched(lambda request: said(items) if request.path == ITEMS else None)
    assert [raw.identifier for raw in raws] == ["a", "b"]
    assert len(crawl.incomplete) == 2


def test_a_dataset_without_page_has_that_of_the_portal() -> None:
    (page,) = dataset({"identifier": "d", "title": "T"}).landing_page
    assert page.iri == "https://d.example/dataset/x"


def test_a_list_that_php_wrote_as_an_object_is_a_list() -> None:
    """It does so once something was taken out of it: the keys that are left have gaps."""
    listed = {
        "0": {"identifier": "a", "title": "A"},
        "2": {"identifier": 7, "title": "B", "keyword": {"0": "x", "3": "y"}},
    }
    raws, crawl, _ = fetched(lambda request: said(listed) if request.path == ITEMS else None)
    assert ([raw.identifier for raw in raws], crawl.incomplete) == (["a", "7"], [])
    assert dataset(listed["2"]).keyword == (Text("x"), Text("y"))


def test_what_is_no_list_is_said() -> None:
    with pytest.raises(HarvestError, match="in place of a list"):
        fetched(lambda request: said({"message": "closed"}) if request.path == ITEMS else None)


# --- DKAN 1 -----------------------------------------------------------------------------------------------------------


def package(**fields: Any) -> dict[str, Any]:
    whole = {"id": "p", "name": "p", "title": "T", "state": "Active", "type": "Dataset", "private": "Published"}
    return {**whole, "resources": [], **fields}


def test_packages_are_asked_for_one_by_one() -> None:
    def answer(request: Request) -> Answer | None:
        if request.path.endswith("/package_list"):
            return said({"success": True, "result": ["a", "gone", "b"]})
        id = request.query.get("id", "")
        return said({"success": True, "result": [package(id=id)]}) if id in {"a", "b"} else None

    raws, crawl, _ = fetched(answer)
    assert [raw.identifier for raw in raws] == ["a", "b"]
    assert (crawl.declared_total, len(crawl.incomplete)) == (3, 1)


def test_packages_that_did_not_change_are_not_sent_again() -> None:
    titles = {"a": "A", "b": "B"}

    def answer(request: Request) -> Answer | None:
        if request.path.endswith("/package_list"):
            return said({"success": True, "result": list(titles)})
        title = titles.get(request.query.get("id", ""))
        if title is None:
            return None
        if request.headers.get("if-none-match") == f'"{title}"':
            return Answer(b"", "", 304)
        one = package(id=f"id of {request.query['id']}", title=title)
        return said({"success": True, "result": [one]}, ETag=f'"{title}"')

    with loopback.running(loopback.site(answer)) as server, Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind)
        first = list(KIND.fetch(source, client, Crawl()))
        titles["b"] = "C"
        crawl = Crawl(versions={raw.identifier: raw.version for raw in first if isinstance(raw, RawRecord)})
        again = list(KIND.fetch(source, client, crawl))
    assert [(one.identifier, type(one)) for one in again] == [("id of a", StillThere), ("id of b", RawRecord)]
    assert (crawl.declared_total, crawl.incomplete) == (2, [])


def test_a_list_that_is_refused_is_said() -> None:
    refusal = {"success": False, "error": {"message": "Access denied"}}
    with pytest.raises(HarvestError, match="Access denied"):
        fetched(lambda request: said(refusal) if request.path.endswith("/package_list") else None)


@pytest.mark.parametrize("word", ["Unpublished", "Nicht veröffentlicht", True])
def test_what_is_private_is_skipped(word: Any) -> None:
    with pytest.raises(SkipRecord, match="private"):
        dataset(package(private=word))


@pytest.mark.parametrize("word", ["Published", "Veröffentlicht", "Publié", False, None, ""])
def test_other_words_say_that_it_is_public(word: Any) -> None:
    assert dataset(package(private=word)).title == (Text("T"),)


def test_a_package_is_read_as_one_of_ckan() -> None:
    resources = [
        {
            "id": "r",
            "name": "dataset/p/resource/r",
            "state": "Active",
            "url": "https://d.example/a.csv",
            "last_modified": "Date changed\t2015-01-21",
        }
    ]
    found = dataset(package(groups=[{"name": "group/x", "title": "Amt"}], resources=resources))
    assert found.publisher
    assert found.publisher.name == (Text("Amt"),)
    (file,) = found.distribution
    assert (file.title, file.modified) == ((), "2015-01-21")


@pytest.mark.parametrize("copied", ["https://d.example/", "https://d.example/dataset/x?y", "https://d.example/api/3/"])
def test_the_address_is_cut_to_that_of_the_portal(copied: str) -> None:
    assert KIND.site(copied) == "https://d.example"
