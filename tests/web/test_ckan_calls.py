"""What clients of CKAN's action API write in other ways than its documentation: forms, lists, patterns, dates."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient

from dcat.model import Dataset
from web.app import create_app

SEARCH = "/api/3/action/package_search"
FORM = "application/x-www-form-urlencoded"


def found(client: FlaskClient, **parameters: Any) -> Any:
    answer = client.get(SEARCH, query_string=parameters).get_json()
    assert answer["success"], answer
    return answer["result"]


def refused(client: FlaskClient, action: str, **parameters: Any) -> tuple[int, str]:
    answer = client.get(f"/api/3/action/{action}", query_string=parameters)
    return answer.status_code, answer.get_json().get("error", {}).get("__type", "")


def test_what_is_given_more_than_once_is_a_list(client: FlaskClient) -> None:
    both = found(client, fq_list=json.dumps(["res_format:CSV", "groups:gove"]), rows=0)["count"]
    assert 0 < both < found(client, fq="res_format:CSV", rows=0)["count"]
    assert client.get(f"{SEARCH}?fq=res_format:CSV&fq=groups:gove&rows=0").get_json()["result"]["count"] == both
    form = {"fq": ["res_format:CSV", "groups:gove"], "rows": "0"}
    assert client.post(SEARCH, data=form).get_json()["result"]["count"] == both
    counted = client.get(f"{SEARCH}?facet.field=tags&facet.field=groups&rows=0").get_json()["result"]["facets"]
    assert counted["tags"]
    assert counted["groups"]
    assert client.get(f"{SEARCH}?q=a&q=b").status_code == 409


@pytest.mark.parametrize("written", [str, quote])
def test_a_body_in_json_that_curl_calls_a_form_is_read(client: FlaskClient, written: Any) -> None:
    body = written(json.dumps({"q": "budget", "fq": "groups:gove", "rows": 0}))
    answer = client.post(SEARCH, data=body, content_type=FORM).get_json()["result"]
    assert answer["count"] == found(client, q="budget", fq="groups:gove", rows=0)["count"] > 0


def test_a_script_names_the_function_that_takes_the_answer(client: FlaskClient) -> None:
    answer = client.get(f"{SEARCH}?rows=0&callback=app.show")
    assert answer.mimetype == "text/javascript"
    assert answer.text.startswith("/**/app.show({")
    whole = client.get(f"{SEARCH}?rows=0").get_json()
    assert json.loads(answer.text.removeprefix("/**/app.show(").removesuffix(");")) == whole
    assert refused(client, "package_search", callback="alert(1)//") == (409, "Validation Error")
    assert client.post(f"{SEARCH}?callback=show", json={"rows": 0}).mimetype == "application/json"


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("package_search", {"limit": 5}),
        ("package_search", {"offset": 5}),
        ("package_search", {"page": 2}),
        ("package_list", {"rows": 5}),
        ("package_list", {"start": 5}),
        ("current_package_list_with_resources", {"page": 2}),
        ("license_list", {"offset": 5}),
    ],
)
def test_a_part_that_an_action_does_not_give_is_refused(
    client: FlaskClient, action: str, given: dict[str, int]
) -> None:
    assert refused(client, action, **given) == (400, "Search Query Error")


def test_only_the_fields_that_are_wanted_are_given(client: FlaskClient) -> None:
    for fields in ("id,name", "id name", '["id", "name"]'):
        assert all(one.keys() == {"id", "name"} for one in found(client, fl=fields)["results"])
    assert found(client, fl="*")["results"] == found(client)["results"]


@pytest.mark.parametrize("narrowed", [{}, {"fq": "res_format:CSV"}])
def test_titles_are_sorted_from_both_ends(client: FlaskClient, narrowed: dict[str, str]) -> None:
    def ids(sort: str, start: int = 0, rows: int = 1000) -> list[str]:
        return [one["id"] for one in found(client, sort=sort, start=start, rows=rows, **narrowed)["results"]]

    rising, falling = ids("title_string asc"), ids("title_string desc")
    assert falling == rising[::-1]
    assert [id for start in range(0, len(rising) + 8, 4) for id in ids("title desc", start, 4)] == falling
    assert ids("relevance asc", rows=5) == ids("score desc", rows=5)


def test_facets_are_counted_on_every_page(client: FlaskClient) -> None:
    first = found(client, **{"facet.field": "groups"})["facets"]
    assert found(client, start=100, **{"facet.field": "groups"})["facets"] == first
    assert found(client, sort="title desc", start=7, **{"facet.field": "groups"})["facets"] == first


def test_spans_are_written_as_sums_and_end_beside_other_clauses(client: FlaskClient) -> None:
    every, csv = found(client, rows=0)["count"], found(client, rows=0, fq="res_format:CSV")["count"]
    for span in ("NOW-1YEAR TO NOW", "NOW/DAY-7DAYS TO NOW+1DAY", "NOW-2MONTHS/MONTH TO *"):
        assert found(client, rows=0, fq=f"metadata_modified:[{span}]")["count"] == every
        assert found(client, rows=0, fq=f"metadata_modified:[{span}] AND res_format:CSV")["count"] == csv
    assert found(client, rows=0, fq="metadata_modified:[* TO NOW-10YEARS] res_format:CSV")["count"] == 0
    moments = sorted(one["metadata_modified"] for one in found(client, rows=1000, fq="res_format:CSV")["results"])
    early = found(client, rows=0, fq=f"metadata_modified:[* TO {moments[0]}Z] res_format:CSV")["count"]
    assert early == moments.count(moments[0])
    before = datetime.fromisoformat(moments[0]).replace(tzinfo=UTC) - timedelta(microseconds=1)
    assert found(client, rows=0, fq=f"metadata_modified:[* TO {before.isoformat()}] res_format:CSV")["count"] == 0
    at = f'"{moments[0]}Z"'
    counted = [
        found(client, rows=0, fq=f"metadata_modified:{begin}* TO {at}{end} res_format:CSV")["count"]
        for begin, end in ("[]", "[}", "{}", "{]")
    ]
    assert counted == [early, 0, 0, early]
    assert found(client, rows=0, fq=f"metadata_modified:{{{at} TO *}} res_format:CSV")["count"] == csv - early
    answer = client.get(SEARCH, query_string={"fq": "metadata_modified:[NOW-1DAY TO *]"})
    assert answer.headers["Cache-Control"] == "no-cache"
    for wrong in ("NOW-1WEEK", "NOW-99999YEARS", "NOWDAY", "now"):
        assert refused(client, "package_search", fq=f"metadata_modified:[{wrong} TO *]") == (400, "Search Query Error")


def test_patterns_of_values_are_refused_and_brackets_around_words_mean_nothing(client: FlaskClient) -> None:
    for pattern in ("tags:bud*", "organization:(bru* OR x)", "res_format:CS?"):
        assert refused(client, "package_search", fq=pattern) == (400, "Search Query Error")
    assert found(client, q="budget (2024)", rows=0)["count"] == found(client, q="budget 2024", rows=0)["count"]
    assert refused(client, "package_search", fq="(budget)") == (400, "Search Query Error")
    assert refused(client, "package_search", q="tags:a OR (budget)") == (400, "Search Query Error")


def given(client: FlaskClient, action: str, **parameters: Any) -> Any:
    answer = client.get(f"/api/3/action/{action}", query_string=parameters).get_json()
    assert answer["success"], answer
    return answer["result"]


def test_organisations_and_groups_come_in_the_order_asked_for(client: FlaskClient) -> None:
    for action in ("organization_list", "group_list"):
        whole = given(client, action, all_fields="true")
        by_count = given(client, action, sort="package_count", all_fields="true")
        counts = [one["package_count"] for one in by_count]
        assert counts == sorted((one["package_count"] for one in whole), reverse=True)
        names = given(client, action, sort="name desc")
        assert names == sorted((one["name"] for one in whole), reverse=True)
        assert given(client, action, sort="name desc", limit=1, offset=1) == names[1:2]
        assert given(client, action, order_by="packages", all_fields="true") == by_count
        assert refused(client, action, sort="size") == (409, "Validation Error")
    assert given(client, "group_list", groups=json.dumps(["gove"])) == ["gove"]


def test_what_somebody_types_is_completed(client: FlaskClient) -> None:
    for action, words, start in (
        ("tag_autocomplete", given(client, "tag_list"), 0),
        ("organization_autocomplete", given(client, "organization_list"), 1),
        ("group_autocomplete", given(client, "group_list"), 0),
    ):
        word = words[0]
        offered = given(client, action, q=word[start : start + 3].upper(), limit=1000)
        assert word in [one["name"] if action != "tag_autocomplete" else one for one in offered]
        assert refused(client, action) == (409, "Validation Error")
    assert "csv" in given(client, "format_autocomplete", q="CS")
    whole = given(client, "tag_list", query="e")
    found_tags = given(client, "tag_search", query="e", limit=2, offset=1)
    assert (found_tags["count"], [one["name"] for one in found_tags["results"]]) == (len(whole), whole[1:3])


def test_what_changed_last_and_the_packages_of_a_group_are_listed(client: FlaskClient) -> None:
    told = given(client, "recently_changed_packages_activity_list", limit=3)
    last = found(client, sort="metadata_modified desc", rows=3)["results"]
    assert [one["data"]["package"] for one in told] == last
    assert {one["activity_type"] for one in told} <= {"new package", "changed package"}
    ids = {one["id"] for one in found(client, fq="groups:gove", rows=1000)["results"]}
    assert {one["id"] for one in given(client, "group_package_show", id="gove")} == ids
    assert refused(client, "group_package_show", id="none") == (404, "Not Found Error")


def test_a_tag_is_found_as_its_package_writes_it(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    words = ("R&D", 'l\'"essentiel"', "a\\b", "Eau/Air", "espace public")
    memory.feeds["https://town.example/feed"] = Feed(
        [record("a", Dataset(title=texts(fr="Mots"), keyword=tuple(texts(fr=word)[0] for word in words)))]
    )
    catalogue.runs.harvest(catalogue.sources.add("https://town.example/feed", "memory", title="Town").name)
    client = create_app(catalogue.settings, catalogue).test_client()
    (package,) = found(client)["results"]
    assert {one["name"] for one in package["tags"]} == set(words)
    for word in words:
        (shown,) = given(client, "tag_show", id=word, include_datasets="true")["packages"]
        assert shown["id"] == package["id"]
        escaped = word.replace("\\", "\\\\").replace('"', '\\"')
        assert found(client, fq=f'tags:"{escaped}"')["count"] == 1, word
        assert found(client, fq=f'(tags:"{escaped}" OR tags:x)')["count"] == 1, word
        bare = "".join(f"\\{letter}" for letter in word)
        assert found(client, fq=f"tags:{bare}")["count"] == 1, word
    assert refused(client, "tag_show", id="nothing") == (404, "Not Found Error")
    catalogue.close()
