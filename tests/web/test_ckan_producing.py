"""CKAN's harvest actions that write, through its own client: what a producer does with a source from first to last."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import served
from ckanapi import RemoteCKAN
from ckanapi.errors import NotAuthorized, NotFound, ValidationError
from factory import Feed, mobility, open_catalogue, record
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from web.app import create_app
from web.ckan.producing import PRODUCING

URL = "https://town.example/feed"
TOWN = {"url": URL, "source_type": "memory", "title": "Town", "name": "town"}


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    settings = {"source_approval": False, "writes_per_minute": 0}
    catalogue, memory = open_catalogue(tmp_path, **settings)
    memory.feeds[URL] = Feed([record("a", mobility()[2][1]), record("b", mobility()[3][1])])
    yield catalogue
    catalogue.close()


@pytest.fixture
def site(catalogue: Catalogue) -> Iterator[str]:
    with served(create_app(catalogue.settings, catalogue)) as address:
        yield address


@pytest.fixture
def ckan(site: str, catalogue: Catalogue) -> RemoteCKAN:
    return RemoteCKAN(site, apikey=catalogue.keys.create("town-hall")[0])


def refused(call: Any, **given: Any) -> dict[str, Any]:
    """The fields that are wrong, as CKAN's client raises them."""
    with pytest.raises(ValidationError) as caught:
        call(**given)
    said = caught.value.error_dict
    assert said.pop("__type") == "Validation Error"
    assert said.pop("message")
    return dict(said)


def test_a_source_from_first_to_last(ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    made = ckan.action.harvest_source_create(**TOWN, frequency="WEEKLY", owner_org="town-hall", config="{}", notes="")
    assert (made["name"], made["frequency"], made["owner_org"], made["config"]) == ("town", "WEEKLY", "town-hall", "")
    assert catalogue.sources.named("town").schedule == "0 4 * * 1"
    job = ckan.action.harvest_job_create(source_id="town")
    assert (job["status"], job["source_id"]) == ("New", "town")
    assert ckan.action.harvest_job_abort(id=job["id"])["status"] == "Aborted"
    catalogue.runs.harvest("town")
    assert ckan.action.harvest_source_show(id="town")["status"]["total_datasets"] == 2
    assert ckan.action.harvest_source_delete(id="town") == {"id": "town", "deleted": 2}
    with pytest.raises(NotFound):
        ckan.action.harvest_source_show(id="town")


def test_what_is_shown_can_be_changed_and_given_back(ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    ckan.action.harvest_source_create(**TOWN, config={"exclude": {"title": "x"}})
    shown = ckan.action.harvest_source_show(id="town")
    assert json.loads(shown["config"]) == {"exclude": {"title": "x"}}
    assert ckan.action.harvest_source_update(**shown) == {key: shown[key] for key in shown if key != "status"}
    changed = ckan.action.harvest_source_update(**shown | {"title": "The town", "frequency": "BIWEEKLY", "config": ""})
    assert (changed["title"], changed["frequency"], changed["config"]) == ("The town", "BIWEEKLY", "")
    assert ckan.action.harvest_source_patch(id="town", active=False)["active"] is False
    row = catalogue.sources.named("town")
    assert (row.url, row.title, row.config, row.active, row.schedule) == (URL, "The town", {}, False, "0 4 1,15 * *")


def test_an_update_that_forgets_something_loses_nothing(ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    ckan.action.harvest_source_create(**TOWN, frequency="DAILY")
    assert refused(ckan.action.harvest_source_update, id="town", **TOWN).keys() == {"frequency"}
    assert catalogue.sources.named("town").schedule == "0 4 * * *"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"frequency": "HOURLY"}, "frequency"),
        ({"source_type": "spatial"}, "source_type"),
        ({"url": "town.example"}, "url"),
        ({"url": ""}, "url"),
        ({"config": "{"}, "config"),
        ({"config": {"no-such-option": 1}}, "config"),
        ({"notes": "About trees"}, "notes"),
        ({"private": True}, "private"),
        ({"name": "A Town"}, "name"),
    ],
)
def test_what_cannot_be_said_here_is_refused(ckan: RemoteCKAN, given: dict[str, Any], field: str) -> None:
    assert refused(ckan.action.harvest_source_create, **TOWN | given).keys() == {field}
    assert ckan.action.harvest_source_list() == []


def test_what_cannot_be_done_here_is_refused(ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    ckan.action.harvest_source_create(**TOWN)
    refused(ckan.action.harvest_source_create, **TOWN)
    assert refused(ckan.action.harvest_source_clear, id="town").keys() == {"id"}
    assert refused(ckan.action.harvest_source_patch, id="town", source_type="ckan").keys() == {"source_type"}
    assert refused(ckan.action.harvest_source_patch, id="town", name="village").keys() == {"name"}
    assert refused(ckan.action.harvest_job_create, source_id="town", run=False).keys() == {"run"}
    catalogue.runs.harvest("town")
    refused(ckan.action.harvest_job_abort, id="town")
    ckan.action.harvest_source_patch(id="town", active=False)
    refused(ckan.action.harvest_job_create, source_id="town")
    assert len(catalogue.runs.of_source("town")) == 1


@pytest.mark.parametrize("header", ["Authorization", "X-CKAN-API-Key"])
def test_a_key_is_read_where_clients_of_ckan_put_it(catalogue: Catalogue, header: str) -> None:
    client, (key, _) = create_app(catalogue.settings, catalogue).test_client(), catalogue.keys.create("town-hall")
    answer = client.post("/api/3/action/harvest_source_create", json=TOWN, headers={header: key})
    assert (answer.status_code, answer.get_json()["success"]) == (200, True)


@pytest.mark.against("TC-02")
@pytest.mark.parametrize("action", PRODUCING)
def test_nobody_changes_what_is_not_his(site: str, catalogue: Catalogue, action: str) -> None:
    source = catalogue.sources.add(URL, "memory", title="Town", publisher="town-hall")
    run = catalogue.runs.request(source.name)
    given = {"id": str(run.id) if action == "harvest_job_abort" else source.name}
    if "create" in action:
        given = TOWN | {"owner_org": "town-hall"} if "source" in action else {"source_id": source.name}
    for key in (None, "nonsense", catalogue.keys.create("town-hall", ("push",))[0]):
        with pytest.raises(NotAuthorized):
            RemoteCKAN(site, apikey=key).call_action(action, given)
    with pytest.raises(NotAuthorized if action == "harvest_source_create" else NotFound):
        RemoteCKAN(site, apikey=catalogue.keys.create("village")[0]).call_action(action, given)
    assert catalogue.sources.named(source.name).last_run == run


@pytest.mark.parametrize("action", PRODUCING)
def test_nothing_is_changed_by_get(catalogue: Catalogue, action: str) -> None:
    client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
    key = {"Authorization": catalogue.keys.create("town-hall")[0]}
    answer = client.get(f"/api/3/action/{action}", query_string=TOWN | {"id": "town"}, headers=key)
    assert (answer.status_code, answer.get_json()["success"], answer.headers["Allow"]) == (405, False, "POST")
    assert catalogue.sources.all() == []


def test_options_are_shown_to_their_own_publisher_alone(site: str, ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    ckan.action.harvest_source_create(**TOWN, config={"exclude": {"title": "x"}})
    for other in (RemoteCKAN(site), RemoteCKAN(site, apikey=catalogue.keys.create("village")[0])):
        assert "config" not in other.action.harvest_source_show(id="town")
        assert "config" not in other.action.harvest_source_list()[0]


def test_records_are_shown_as_harvest_objects(site: str, ckan: RemoteCKAN, catalogue: Catalogue) -> None:
    ckan.action.harvest_source_create(**TOWN)
    catalogue.runs.harvest("town")
    ids = ckan.action.harvest_object_list(source_id="town")
    shown = [ckan.action.harvest_object_show(id=id) for id in ids]
    assert [(one["guid"], one["report_status"], one["current"], one["state"]) for one in shown] == [
        ("a", "added", True, "COMPLETE"),
        ("b", "added", True, "COMPLETE"),
    ]
    assert json.loads(shown[0]["content"])["kind"] == "dataset"
    package = ckan.action.package_show(id=shown[0]["package_id"])
    assert ckan.action.harvest_object_show(dataset_id=package["name"]) == shown[0]
    assert ckan.action.harvest_job_show(id=shown[0]["job"])["source_id"] == shown[0]["source"] == "town"
    public = RemoteCKAN(site).action.harvest_object_show(id=ids[0])
    assert public == {key: value for key, value in shown[0].items() if key != "content"}
    catalogue.records.withdraw("town", "a")
    assert ckan.action.harvest_object_show(id=ids[0])["current"] is False
    assert ckan.action.harvest_object_list(source_id="town") == ids[1:]
    for given in ({"id": "0"}, {"id": "x"}, {"dataset_id": "nothing"}):
        with pytest.raises(NotFound):
            ckan.action.harvest_object_show(**given)
    assert refused(ckan.action.harvest_object_list).keys() == {"source_id"}
    assert refused(ckan.action.harvest_object_list, source_id="town", only_current=False).keys() == {"only_current"}
    assert refused(ckan.action.harvest_object_show).keys() == {"dataset_id"}
