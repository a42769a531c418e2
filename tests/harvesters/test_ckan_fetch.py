"""Fetching from CKAN portals, those that work and those that do not."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import loopback
import portals
import pytest
from loopback import Answer, Server
from portals import envelope, package, refusal

from harvesters import HARVESTERS
from harvesters.base import Crawl, HarvestError, RawRecord, Source
from harvesters.ckan.harvester import site_of
from harvesters.http import Client, Pace


def fetch(server: Server, path: str = "/", **config: Any) -> tuple[list[RawRecord], Crawl]:
    """Everything that a source gives, with what the crawl learnt."""
    crawl = Crawl()
    source = Source(id="s", name="s", title="S", url=server.url(path), kind="ckan", config=config)
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
        return list(HARVESTERS["ckan"].fetch(source, client, crawl)), crawl


def ids(raws: list[RawRecord]) -> list[str]:
    return [raw.identifier for raw in raws]


def rules(crawl: Crawl) -> list[str]:
    return [found.rule for found in crawl.findings]


def asked(server: Server, action: str) -> list[Mapping[str, str]]:
    """The parameters of the calls of an action."""
    return [request.query for request in server.requests if request.path == portals.ACTION + action]


PACKAGES = [package(number) for number in range(25)]


def test_pages_go_on_by_what_was_returned() -> None:
    with loopback.running(portals.ckan(PACKAGES, rows_max=10)) as server:
        raws, crawl = fetch(server, rows=100)
    assert ids(raws) == [f"id-{number:03}" for number in range(25)]
    assert [call["start"] for call in asked(server, "package_search")] == ["0", "10", "20"]
    assert {call["sort"] for call in asked(server, "package_search")} == {"id asc"}
    assert {call["rows"] for call in asked(server, "package_search")} == {"100"}
    assert (crawl.declared_total, crawl.pages, crawl.incomplete, crawl.findings) == (25, 3, [], [])


def test_a_record_is_the_package_without_counters_and_in_one_order() -> None:
    counted = package(1, tracking_summary={"total": 5}, resources=[{"id": "r", "tracking_summary": {"total": 1}}])
    with loopback.running(portals.ckan([counted])) as server:
        raws, _ = fetch(server)
    assert json.loads(raws[0].body) == package(1, resources=[{"id": "r"}])
    assert raws[0].body == json.dumps(json.loads(raws[0].body), sort_keys=True, separators=(",", ":")).encode()
    assert raws[0].media_type == "application/json"
    assert raws[0].address == server.url("/dataset/package-1")


@pytest.mark.parametrize(
    "path", ["", "/", "/api", "/api/3/", "/api/3/action/package_search?q=*:*", "/dataset", "/dataset/?q=x", "/?lang=fr"]
)
def test_the_portal_is_found_from_every_address_people_give(path: str) -> None:
    assert site_of(f"https://portal.example/data{path}") == "https://portal.example/data"


def test_an_empty_portal_is_a_complete_crawl() -> None:
    with loopback.running(portals.ckan([])) as server:
        raws, crawl = fetch(server)
    assert (raws, crawl.declared_total, crawl.incomplete) == ([], 0, [])


def test_nothing_in_the_place_of_no_packages_is_an_empty_list() -> None:
    with loopback.running(loopback.always(envelope({"count": 0, "results": None}))) as server:
        raws, crawl = fetch(server)
    assert (raws, crawl.declared_total, crawl.incomplete) == ([], 0, [])


def test_a_portal_that_counts_what_came_is_read_to_its_end() -> None:
    def counted(action: str, query: Mapping[str, str]) -> Answer | None:
        results = PACKAGES[int(query["start"]) : int(query["start"]) + 10]
        return envelope({"count": len(results), "results": results})

    with loopback.running(portals.ckan([], instead=counted)) as server:
        raws, crawl = fetch(server)
    assert ids(raws) == [f"id-{number:03}" for number in range(25)]
    assert (crawl.declared_total, crawl.incomplete, crawl.findings) == (None, [], [])


def test_a_package_that_slips_onto_two_pages_counts_once() -> None:
    def shifted(action: str, query: Mapping[str, str]) -> Answer | None:
        start = int(query.get("start", "0"))
        results = PACKAGES[max(0, start - 2) : start + 8]
        return envelope({"count": 25, "results": results}) if action == "package_search" else None

    with loopback.running(portals.ckan([], instead=shifted)) as server:
        raws, crawl = fetch(server)
    assert len(ids(raws)) == len(set(ids(raws)))
    assert crawl.declared_total == 25
    assert set(rules(crawl)) == {"duplicate-identifier"}


@pytest.mark.against("F-14")
def test_a_package_that_stands_twice_on_one_page_is_no_missing_one() -> None:
    """F-14: the first wins, the other is reported, and the crawl is still complete."""
    with loopback.running(portals.ckan([*PACKAGES, package(7, title="Again")])) as server:
        raws, crawl = fetch(server)
    assert len(raws) == 25
    assert json.loads(raws[7].body)["title"] == "Title 7"
    assert (crawl.declared_total, rules(crawl), crawl.incomplete) == (25, ["duplicate-identifier"], [])


def test_a_portal_that_ignores_the_start_does_not_hold_us() -> None:
    def same(action: str, query: Mapping[str, str]) -> Answer | None:
        return envelope({"count": 25, "results": PACKAGES[:10]})

    with loopback.running(portals.ckan([], instead=same)) as server:
        raws, crawl = fetch(server)
    assert len(raws) == 10
    assert len(server.requests) == 2
    assert "the same records again" in crawl.incomplete[0]


def test_a_portal_that_gives_fewer_than_it_says_is_incomplete() -> None:
    def fewer(action: str, query: Mapping[str, str]) -> Answer | None:
        return envelope({"count": 30, "results": PACKAGES[int(query["start"]) :]})

    with loopback.running(portals.ckan([], instead=fewer)) as server:
        raws, crawl = fetch(server)
    assert len(raws) == 25
    assert "no more records" in crawl.incomplete[0]


def closed(answer: Answer) -> Callable[[str, Mapping[str, str]], Answer | None]:
    """Refuses the search, whatever the sort."""

    def instead(action: str, query: Mapping[str, str]) -> Answer | None:
        return answer if action == "package_search" else None

    return instead


@pytest.mark.parametrize(
    "answer",
    [
        refusal("Authorization Error"),
        refusal("Not Found Error", status=404),
        refusal("Search Error", "Solr is down", 409),
        refusal("Search Index Error", "Solr is down", 500),
        Answer(b'"Bad request - Action name not known: package_search"', "application/json", 400),
        Answer(loopback.PAGE, "text/html", 403),
    ],
)
def test_a_closed_search_falls_back_to_the_list(answer: Answer) -> None:
    with loopback.running(portals.ckan(PACKAGES, instead=closed(answer))) as server:
        raws, crawl = fetch(server)
    assert sorted(ids(raws)) == [f"id-{number:03}" for number in range(25)]
    assert (crawl.declared_total, crawl.incomplete) == (25, [])


def test_a_portal_that_cannot_sort_is_asked_without() -> None:
    def unsorted(action: str, query: Mapping[str, str]) -> Answer | None:
        return refusal("Search Query Error", "Cannot sort by id", 400) if "sort" in query else None

    with loopback.running(portals.ckan(PACKAGES, rows_max=10, instead=unsorted)) as server:
        raws, crawl = fetch(server)
    assert (len(raws), crawl.incomplete) == (25, [])
    assert asked(server, "package_list") == []


def test_the_list_cannot_filter_so_a_filter_and_a_closed_search_fail() -> None:
    portal = portals.ckan(PACKAGES, instead=closed(refusal("Authorization Error")))
    with loopback.running(portal) as server, pytest.raises(HarvestError) as caught:
        fetch(server, filter="tags:open")
    assert caught.value.code == "NOT_AUTHORISED"


def test_filters_reach_the_portal() -> None:
    with loopback.running(portals.ckan(PACKAGES)) as server:
        fetch(server, filter="tags:open", organisations=["ville", 'x") OR (y'])
    assert asked(server, "package_search")[0]["fq"] == '(tags:open) AND (organization:("ville" OR "x) OR (y"))'


def test_a_package_that_cannot_be_shown_leaves_the_crawl_incomplete() -> None:
    def partly(action: str, query: Mapping[str, str]) -> Answer | None:
        if action == "package_search":
            return refusal("Authorization Error")
        if action == "package_show" and query["id"] in {"package-3", "package-5"}:
            return Answer(loopback.PAGE, "text/html", 500) if query["id"] == "package-3" else refusal("Not Found Error")
        return None

    with loopback.running(portals.ckan(PACKAGES, instead=partly)) as server:
        raws, crawl = fetch(server)
    assert len(raws) == 23
    assert len(crawl.incomplete) == 2
    assert rules(crawl) == ["record-unreadable"] * 2


def test_a_portal_that_breaks_down_meanwhile_stops_the_run() -> None:
    def broken(action: str, query: Mapping[str, str]) -> Answer | None:
        if action == "package_list":
            return None
        return refusal("Authorization Error") if action == "package_search" else Answer(b"{}", "application/json", 500)

    with loopback.running(portals.ckan(PACKAGES, instead=broken)) as server, pytest.raises(HarvestError) as caught:
        fetch(server)
    assert caught.value.code == "API_ERROR"
    assert len(asked(server, "package_show")) < 25 * 3


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(loopback.PAGE, "application/json"), "NOT_A_FEED"),  # F-06: a page with 200
        (Answer(b"", "application/json"), "NOT_A_FEED"),
        (Answer(b"[]", "application/json"), "NOT_A_FEED"),
        (Answer(b'{"success": false}', "application/json"), "API_ERROR"),  # F-08: an error with 200
        (Answer(b'{"success": true}', "application/json"), "API_ERROR"),
        (Answer(b'{"success": false, "error": "no"}', "application/json"), "API_ERROR"),
        (envelope([]), "NOT_A_FEED"),
        (envelope({"count": "many", "results": []}), "NOT_A_FEED"),
        (envelope({"count": 3}), "NOT_A_FEED"),
        (Answer(b'{"success": true, "result": {"count": 1, "resu', "application/json"), "API_ERROR"),  # F-09: cut
        (Answer(b'{"result": ' + b"[" * 100_000, "application/json"), "NOT_A_FEED"),  # B7: deep
        (Answer(b"gone", "text/plain", 410), "HTTP_STATUS"),
        (Answer(b"wait", "text/plain", 429, {"Retry-After": "600"}), "RETRY_LATER"),
        (Answer(b"nothing here", "text/html", 404), "HTTP_STATUS"),
        (refusal("Authorization Error"), "NOT_AUTHORISED"),
    ],
)
def test_an_answer_that_is_no_catalogue_fails_the_run(answer: Answer, code: str) -> None:
    with loopback.running(loopback.always(answer)) as server, pytest.raises(HarvestError) as caught:
        fetch(server)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (refusal("Authorization Error", "Access denied"), "(Access denied)"),
        (refusal("Not Found Error", "No such action", 404), "(No such action)"),
        (refusal("Internal", "Oops", 409), '"message": "Oops"'),
        (Answer(b'{"success": true}', "application/json"), "(it holds no 'result')"),
        (Answer(b'{"success": false, "error": {}}', "application/json"), '({"success": false, "error": {}})'),
    ],
)
def test_an_error_of_the_portal_is_told_in_its_words(answer: Answer, said: str) -> None:
    with loopback.running(loopback.always(answer)) as server, pytest.raises(HarvestError) as caught:
        fetch(server)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "odd", [None, "text", 5, [], {"title": "no id"}, package(7, id={"type": "string"}), {"id": " "}]
)
def test_a_record_that_cannot_be_told_apart_costs_itself_and_the_proof(odd: Any) -> None:
    def mixed(action: str, query: Mapping[str, str]) -> Answer | None:
        return envelope({"count": "3", "results": [package(1), odd, package(2)]})

    with loopback.running(portals.ckan([], instead=mixed)) as server:
        raws, crawl = fetch(server)
    assert ids(raws) == ["id-001", "id-002"]
    assert rules(crawl) == ["record-unreadable"]
    assert "could not be told apart" in crawl.incomplete[0]


def test_bytes_in_another_encoding_are_read_and_reported() -> None:
    body = envelope({"count": 1, "results": [package(1)]}).body.replace(b"Title 1", "Été".encode("cp1252"))
    answer = Answer(body, "application/json; charset=utf-8")
    with loopback.running(loopback.always(answer)) as server:
        raws, crawl = fetch(server)
    assert json.loads(raws[0].body)["title"] == "Été"
    assert rules(crawl) == ["encoding-invalid"]


def test_half_characters_and_other_oddities_stay_inside_their_record() -> None:
    body = (
        b'{"success": true, "result": {"count": 2, "results": ['
        b'{"id": "a", "title": "half \\ud800"}, {"id": "b", "n": NaN, "big": 1000000000000000000000000000000}]}}'
    )
    with loopback.running(loopback.always(Answer(body, "application/json"))) as server:
        raws, crawl = fetch(server)
    assert ids(raws) == ["a", "b"]
    assert rules(crawl) == ["text-invalid"]
    for raw in raws:
        json.loads(raw.body.decode())


def test_a_redirect_into_the_inside_is_refused() -> None:
    answer = Answer(b"", "", 302, {"Location": "http://10.0.0.1/api/3/action/package_search"})
    with loopback.running(loopback.always(answer)) as server, pytest.raises(HarvestError) as caught:
        fetch(server)
    assert caught.value.code == "ADDRESS_NOT_ALLOWED"
