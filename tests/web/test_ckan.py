"""The door of CKAN's action API, through its own client, through our harvester of CKAN portals, and by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import loopback
import pytest
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError, NotFound, ValidationError
from factory import MEDIA_TYPE, Feed, mobility, open_catalogue, record
from flask import Flask
from flask.testing import FlaskClient

from catalogue.indexing.followed_index import FollowedIndex
from catalogue.search.base import Listing, Query
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat.model import Dataset, DatasetSeries, Entry
from harvesters.base import RawRecord
from web.app import create_app
from web.ckan import harvesting, searching


@pytest.fixture
def ckan(site: str) -> RemoteCKAN:
    return RemoteCKAN(site)


def packages(catalogue: Catalogue) -> list[EntryRow]:
    return [row for row in catalogue.entries.after("", 1000) if row.kind != "service"]


def called(client: FlaskClient, action: str, **parameters: Any) -> Any:
    answer = client.get(f"/api/3/action/{action}", query_string=parameters).get_json()
    assert answer["success"], answer
    return answer["result"]


def refusal(client: FlaskClient, action: str, **parameters: Any) -> tuple[int, str, str]:
    answer = client.get(f"/api/3/action/{action}", query_string=parameters)
    said = answer.get_json()
    assert said["success"] is False
    assert said["help"].startswith("https://data.example.brussels/")
    return answer.status_code, said["error"]["__type"], said["error"]["message"]


# --- its own client --------------------------------------------------------------------------------------------------


def test_its_client_dumps_everything(ckan: RemoteCKAN, filled: Catalogue) -> None:
    names = ckan.action.package_list()
    assert sorted(names) == sorted(row.name for row in packages(filled))
    dumped = [ckan.action.package_show(id=name) for name in names]
    assert {each["uri"] for each in dumped} == {row.iri for row in packages(filled)}
    assert ckan.action.site_read() is True
    assert ckan.action.status_show()["site_title"] == filled.settings.title


def test_its_client_searches_with_words_and_filters(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(
        q="budget",
        fq='groups:gove AND res_format:(CSV OR "XLSX")',
        rows=1,
        start=1,
        **{"facet.field": ["organization"]},
    )
    assert found["count"] > len(found["results"]) == 1
    assert "gove" in {group["name"] for group in found["results"][0]["groups"]}
    assert sum(found["facets"]["organization"].values()) == found["count"]
    assert found["search_facets"]["organization"]["items"][0]["display_name"]


def test_its_client_is_given_what_is_counted(ckan: RemoteCKAN) -> None:
    found = ckan.action.package_search(q="comptages vélo", rows=100)
    assert found["count"] == len(found["results"]) > 0  # others have one of the words


def test_its_client_is_offered_packages_while_somebody_types(ckan: RemoteCKAN) -> None:
    whole = {one["name"] for one in ckan.action.package_autocomplete(q="budget", limit=100)}
    begun = {one["name"] for one in ckan.action.package_autocomplete(q="bud", limit=100)}
    assert whole
    assert whole <= begun


def test_its_client_searches_an_area(ckan: RemoteCKAN) -> None:
    every = ckan.action.package_search(rows=0)["count"]
    here = ckan.action.package_search(rows=0, ext_bbox="4.2,50.7,4.5,51")["count"]
    assert 0 < here < every
    assert ckan.action.package_search(rows=0, extras={"ext_bbox": "4.2,50.7,4.5,51"})["count"] == here
    assert ckan.action.package_search(rows=0, ext_bbox="-40,-50,-39,-49")["count"] == 0
    with pytest.raises(CKANAPIError):
        ckan.action.package_search(ext_bbox="4.2,50.7")


def test_its_client_understands_refusals(ckan: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        ckan.action.package_show(id="nobody")
    with pytest.raises(ValidationError):
        ckan.action.package_show()
    with pytest.raises(CKANAPIError):
        ckan.action.package_create(name="x")


def test_our_own_harvester_finds_the_same_entries_here(site: str, filled: Catalogue, tmp_path: Path) -> None:
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    run = second.runs.harvest(second.sources.add(site, "ckan", title="First").name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    mine = {row.iri: row.entry for row in packages(second)}
    theirs = {row.iri: row.entry for row in packages(filled)}
    assert mine.keys() == theirs.keys()
    for iri, entry in theirs.items():
        assert gist(mine[iri]) == gist(entry), iri
    second.close()


def gist(entry: Entry) -> dict[str, Any]:
    """What must come through."""
    assert isinstance(entry, Dataset | DatasetSeries)
    return {
        "title": set(entry.title),
        "description": set(entry.description),
        "keyword": set(entry.keyword),
        "theme": {theme.iri for theme in entry.theme},
        "publisher": entry.publisher.iri if entry.publisher else None,
        "identifier": entry.identifier[:1],
        "issued": entry.issued,
        "modified": entry.modified,
        "frequency": entry.frequency.iri if entry.frequency else None,
        "temporal": {(period.start, period.end) for period in entry.temporal},
        "spatial": {(place.bbox, place.labels) for place in entry.spatial},
        "hvd": {category.iri for category in entry.hvd_category},
        "files": {
            (file.iri, file.access_url, file.download_url, file.title, file.byte_size) for file in entry.distribution
        },
        "formats": {file.format.iri for file in entry.distribution if file.format},
        "licences": {file.license.iri for file in entry.distribution if file.license},
    }


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_both_addresses_take_questions_and_bodies_and_never_redirect(client: FlaskClient) -> None:
    for path in ("/api/3/action/package_list", "/api/action/package_list", "/api/3/action/package_list/"):
        for answer in (
            client.get(path),
            client.post(path),
            client.post(path, json={}),
            client.post(path, data={"limit": "2"}),
        ):
            assert (answer.status_code, answer.get_json()["success"]) == (200, True)
    assert len(client.post("/api/action/package_list", json={"limit": 3}).get_json()["result"]) == 3
    whole = called(client, "package_list")
    assert called(client, "package_list", limit=3, offset=2) == whole[2:5]
    assert called(client, "package_list", offset=2) == whole[2:]


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ("id asc", "id"),
        ("name desc", "name"),
        ("metadata_modified desc", "metadata_modified"),
        ("name asc, id desc", "name"),
    ],
)
@pytest.mark.parametrize("narrowed", [{}, {"fq": "type:dataset"}])
def test_pages_give_each_package_once_in_the_order_asked_for(
    client: FlaskClient, order: str, field: str, narrowed: dict[str, str]
) -> None:
    whole = called(client, "package_search", rows=1000, sort=order, **narrowed)
    paged = [
        package["id"]
        for start in range(0, whole["count"], 7)
        for package in called(client, "package_search", rows=7, start=start, sort=order, **narrowed)["results"]
    ]
    assert paged == [package["id"] for package in whole["results"]]
    assert len(set(paged)) == whole["count"] == len(paged)
    values = [package[field] for package in whole["results"]]
    assert values == sorted(values, reverse="desc" in order.partition(",")[0])


def test_a_span_of_changes_is_listed(client: FlaskClient, filled: Catalogue) -> None:
    everything = called(client, "package_search", rows=0)["count"]
    assert (
        called(client, "package_search", q="metadata_modified:[2020-01-01T00:00:00Z TO *]", rows=0)["count"]
        == everything
    )
    assert called(client, "package_search", fq="metadata_modified:[* TO 2020-01-01T00:00:00Z]", rows=0)["count"] == 0


@pytest.mark.parametrize(
    "query",
    ["title:budget", "a OR b", "bud*get~2", "(a", "tags:[a TO b]", "metadata_modified:[x TO *]", "*:a", "-*:*",
     "metadata_modified:2020", "state:deleted", "-state:active", "type:harvest", "tags:a AND tags:b OR tags:c",
     "tags:a OR b", "tags:a OR", "OR tags:a", "tags:(a b)", "tags:(a AND b)", 'tags:""', "-(tags:a)",
     "-metadata_modified:[2020-01-01 TO *]", "tags:a OR metadata_modified:[2020-01-01 TO *]",
     "metadata_modified:[2020-01-01 TO *] metadata_modified:[2021-01-01 TO *]", "(tags:a AND tags:b) OR tags:c",
     "tags:a tree OR tags:b"],
)  # fmt: skip
def test_what_is_not_spoken_here_is_refused_and_never_ignored(client: FlaskClient, query: str) -> None:
    for name in ("q", "fq"):
        status, kind, message = refusal(client, "package_search", **{name: query})
        assert (status, kind) == (400, "Search Query Error")
        assert message


@pytest.mark.parametrize(
    ("fq", "kept"),
    [
        ("-res_format:CSV", lambda one: "CSV" not in one[1]),
        ("NOT groups:(gove OR tran)", lambda one: not {"gove", "tran"} & one[0]),
        ("groups:envi OR res_format:JSON", lambda one: "envi" in one[0] or "JSON" in one[1]),
        ("(groups:envi OR groups:educ) AND res_format:CSV", lambda one: {"envi", "educ"} & one[0] and "CSV" in one[1]),
        ("groups:envi OR groups:tran -res_format:CSV", lambda one: {"envi", "tran"} & one[0] and "CSV" not in one[1]),
        ("res_format:CSV res_format:JSON", lambda one: {"CSV", "JSON"} <= one[1]),
        ("+groups:gove +(*:* OR tags:x) -dataset_type:harvest", lambda one: "gove" in one[0]),
    ],
)
def test_clauses_are_put_together_as_clients_write_them(
    client: FlaskClient, fq: str, kept: Callable[[tuple[set[str], set[str]]], bool]
) -> None:
    every = called(client, "package_search", rows=1000)["results"]
    known = {
        one["id"]: ({group["name"] for group in one["groups"]}, {file["format"] for file in one["resources"]})
        for one in every
    }
    found = {one["id"] for one in called(client, "package_search", fq=fq, rows=1000)["results"]}
    assert found == {id for id, one in known.items() if kept(one)}
    assert 0 < len(found) < len(every)


def test_a_licence_is_found_by_what_ckan_calls_it(client: FlaskClient) -> None:
    def count(fq: str) -> int:
        return int(called(client, "package_search", fq=fq, rows=0)["count"])

    shown = called(client, "package_search", rows=1000)["results"]
    zero = sum("CC0" in {file.get("license_id") for file in one["resources"]} for one in shown)
    assert count("license_id:cc-zero") == count("license_id:CC0") == zero > 0
    assert count("-license_id:cc-zero") == len(shown) - zero
    assert count("license_id:notspecified") == count("license_id:NONE")
    assert count("license_id:(other-open OR cc-zero)") == count("license_id:OTHER OR license_id:CC0") >= zero


def test_every_refusal_has_the_form_of_ckan(client: FlaskClient) -> None:
    assert refusal(client, "package_destroy")[:2] == (400, "Bad Request")
    assert refusal(client, "package_show", id="x")[:2] == (404, "Not Found Error")
    assert refusal(client, "package_search", rows="-1")[:2] == (409, "Validation Error")
    assert refusal(client, "package_search", sort="size desc")[:2] == (400, "Search Query Error")
    assert refusal(client, "package_search", **{"facet.field": "[1"})[:2] == (409, "Validation Error")
    assert refusal(client, "resource_show", id="x-y")[:2] == (404, "Not Found Error")
    for body in (b"[1", b"[]", b"\xff", b"7"):
        answer = client.post("/api/3/action/package_list", data=body)
        assert (answer.status_code, answer.get_json()["error"]["__type"]) == (409, "Validation Error")
    assert client.post("/api/3/action/package_list", data=b"[" * 2_000_000).status_code == 409


def test_too_much_to_be_sorted_here_is_refused_before_any_of_it_is_read(
    client: FlaskClient, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches = called(client, "package_search", fq="res_format:CSV", rows=0)["count"]
    read: list[int] = []

    def listed(query: Query) -> Listing:
        found = FollowedIndex.listed(filled.index, query)
        read.append(len(found.documents))
        return found

    monkeypatch.setattr(filled.index, "listed", listed)
    monkeypatch.setattr(searching, "SORTED_HERE", matches)
    assert called(client, "package_search", fq="res_format:CSV", sort="name asc")["count"] == matches > 1
    assert max(read) == matches
    read.clear()
    monkeypatch.setattr(searching, "SORTED_HERE", matches - 1)
    status, _, message = refusal(client, "package_search", fq="res_format:CSV", sort="name asc")
    assert (status, f"{matches} packages match" in message, max(read) <= 1) == (400, True, True)


def test_where_nothing_is_the_door_says_so_in_its_own_form(client: FlaskClient) -> None:
    for path, kind in (("/api/3/nothing", "Not Found Error"), ("/api/action", "Method Not Allowed")):
        answer = client.get(path) if kind == "Not Found Error" else client.delete(f"{path}/package_list")
        said = answer.get_json()
        assert answer.status_code in {404, 405}
        assert (said["success"], said["error"]["__type"]) == (False, kind)
    assert "GET" in answer.headers["Allow"]


def test_scripts_of_other_sites_may_ask_with_a_body(client: FlaskClient) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/3/action/package_search", headers=asked)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    told = client.post("/api/3/action/package_search", json={"q": "budget"})
    assert told.headers["Access-Control-Allow-Origin"] == "*"


def test_organisations_groups_tags_and_licences_lead_to_packages(client: FlaskClient) -> None:
    for list_action, show, field in (
        ("organization_list", "organization_show", "organization"),
        ("group_list", "group_show", "groups"),
        ("tag_list", "tag_show", "tags"),
    ):
        for name in called(client, list_action):
            shown = called(client, show, id=name, include_datasets="true")
            count = called(client, "package_search", fq=f'{field}:"{name}"', rows=0)["count"]
            assert min(10, count) == len(shown["packages"]) > 0
            assert shown.get("package_count", count) == count
    assert "CC0" in {one["id"] for one in called(client, "license_list")}


def test_a_file_is_found_by_its_id(client: FlaskClient) -> None:
    for package in called(client, "package_search", rows=20)["results"]:
        ids = [file["id"] for file in package["resources"]]
        assert len(ids) == len(set(ids))
        assert [called(client, "resource_show", id=id) for id in ids] == package["resources"]


def test_answers_by_get_are_kept_by_caches_and_open_to_scripts(client: FlaskClient) -> None:
    first = client.get("/api/3/action/package_list")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/api/3/action/package_list", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_help_is_there_for_every_action(app: Flask, client: FlaskClient) -> None:
    assert "rows" in called(client, "help_show", name="package_search")


def test_harvests_are_told_as_ckanext_harvest_does(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    url = "https://town.example/feed"
    memory.feeds[url] = Feed([record("a", mobility()[2][1]), record("b", mobility()[3][1])])
    memory.feeds[url].records.append(RawRecord(identifier="c", body=b"fault", media_type=MEDIA_TYPE, address=""))
    name = catalogue.sources.add(url, "memory", title="Town", schedule="0 3 * * 1").name
    catalogue.runs.harvest(name)
    client = create_app(catalogue.settings, catalogue).test_client()
    (source,) = called(client, "harvest_source_list")
    assert (source["url"], source["source_type"], source["frequency"]) == (url, "memory", "WEEKLY")
    assert "config" not in source
    status = called(client, "harvest_source_show", id=name)["status"]
    assert (status["job_count"], status["total_datasets"]) == (1, 2)
    (job,) = called(client, "harvest_job_list", source_id=name, status="Finished")
    assert job == called(client, "harvest_job_show", id=job["id"])
    assert job["stats"] == {"added": 2, "updated": 0, "not modified": 0, "errored": 1, "deleted": 0}
    report = called(client, "harvest_job_report", id=job["id"])
    assert report["object_errors"].keys() == {"c"}
    assert called(client, "harvest_job_list", source_id=name, status="Running") == []
    assert {"name", "title"} <= called(client, "harvesters_info_show")[0].keys()
    assert refusal(client, "harvest_job_show", id="99")[:2] == (404, "Not Found Error")
    assert refusal(client, "harvest_job_show", id="x")[:2] == (404, "Not Found Error")
    (told,) = called(client, "harvest_log_list")
    assert (told["level"], f"job {job['id']}: done-with-findings. 3 seen, 2 new" in told["content"]) == (
        "WARNING",
        True,
    )
    assert called(client, "harvest_log_list", level="info") == called(client, "harvest_log_list", offset=1) == []
    assert refusal(client, "harvest_log_list", level="loud")[:2] == (409, "Validation Error")
    catalogue.runs.request(name)
    assert called(client, "harvest_source_show_status", id=name)["last_job"]["status"] == "New"
    catalogue.close()


@pytest.mark.parametrize(
    ("schedule", "frequency"),
    [
        ("", "MANUAL"),
        ("0 3 * * *", "DAILY"),
        ("0 3 * * 1", "WEEKLY"),
        ("5 3 1 * *", "MONTHLY"),
        ("*/20 * * * *", "ALWAYS"),
    ],
)
def test_schedules_have_the_words_of_ckan(schedule: str, frequency: str) -> None:
    assert harvesting.frequency(schedule) == frequency
