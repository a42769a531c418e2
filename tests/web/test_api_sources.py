"""Harvest sources at the API: changed by their producer, their secrets never given back."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import loopback
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient
from loopback import Answer

from catalogue.service import Catalogue
from catalogue.work.rehearsing import Rehearsing
from catalogue.work.worker import Worker
from dcat.model import Dataset, Iri
from harvesters.base import HarvestError, RawRecord
from web.app import create_app
from web.http import trial

URL = "https://agency.example/feed"
SOURCES = "/api/1/harvest/sources/"
SECRET = "s3cret-Key-of-the-source"


class Desk:
    """A producer at the API."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue, self.memory = catalogue, memory
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.key, _ = catalogue.keys.create("commune")

    def ask(self, method: str, path: str, body: object = None, *, key: str | None = None, status: int = 200) -> dict:
        """The answer to a request with the producer's key, or another one."""
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        answer = self.client.open(path, method=method, headers=headers, json=body)
        assert answer.status_code == status, answer.text
        assert SECRET not in answer.text
        return answer.get_json()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    catalogue, memory = open_catalogue(tmp_path / "var", fetch_allow=loopback.LOOPBACK, source_approval=True)
    memory.feeds[URL] = Feed([record("d1", Dataset(title=texts(fr="Jeu")))])
    yield Desk(catalogue, memory)
    catalogue.close()


def test_a_source_is_changed_by_its_producer_alone(desk: Desk) -> None:
    new = {"url": URL, "kind": "memory", "title": "Feed", "credentials": {"basic": f"me:{SECRET}"}}
    made = desk.ask("POST", SOURCES, new, status=201)
    path = f"/api/1/harvest/source/{made['name']}/"
    assert made["credentials"] == "basic"
    assert desk.client.get(path).get_json()["credentials"] is None
    changed = desk.ask("PATCH", path, {"title": "Our feed", "config": {"color": "red"}, "schedule": "0 3 * * *"})
    same = {"id", "name", "url", "kind", "publisher", "credentials", "created", "active"}
    assert {name: changed[name] for name in same} == {name: made[name] for name in same}
    assert (changed["title"], changed["config"], changed["schedule"]) == ("Our feed", {"color": "red"}, "0 3 * * *")
    assert desk.ask("PATCH", path, {"config": {"color": None}})["config"] == {}
    assert desk.ask("PATCH", path, {"url": "https://elsewhere.example/feed"})["credentials"] == ""
    shown = desk.ask("PATCH", path, {"credentials": {"header": {"X-API-Key": SECRET}}})
    assert shown["credentials"] == "header X-API-Key"
    assert desk.ask("PATCH", path, {"credentials": None})["credentials"] == ""
    other, _ = desk.catalogue.keys.create("somebody-else")
    desk.ask("PATCH", path, {"title": "Mine"}, key=other, status=404)
    assert desk.client.get(path).get_json()["title"] == "Our feed"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"publisher": "somebody-else"}, ""),
        ({"kind": "dcat"}, ""),
        ({"approved": True}, ""),
        ({"url": None}, "url"),
        ({"credentials": {"bearer": f"{SECRET} {SECRET}"}}, "credentials"),
        ({"credentials": SECRET}, "credentials"),
        ({"config": {"colour": 1}}, "config"),
    ],
)
def test_what_may_not_be_changed_is_refused(desk: Desk, body: dict, field: str) -> None:
    desk.ask("POST", SOURCES, {"url": URL, "kind": "memory", "title": "Feed"}, status=201)
    refused = desk.ask("PATCH", "/api/1/harvest/source/feed/", body, status=422)
    assert field in str(refused)


def test_a_source_waits_for_an_operator(desk: Desk) -> None:
    made = desk.ask("POST", SOURCES, {"url": URL, "kind": "memory", "title": "Feed"}, status=201)
    path = "/api/1/harvest/source/feed/"
    assert (made["approved"], made["next_run"]) == (False, None)
    assert "approval" in desk.ask("POST", f"{path}run/", status=409)["detail"]
    assert "waits for approval" in desk.client.get("/en/source/feed").text
    assert "(waits for approval)" in desk.client.get("/en/sources").text
    desk.ask("POST", f"{path}approve/", status=403)
    operator, _ = desk.catalogue.keys.create("region", ("operator",))
    assert desk.ask("POST", f"{path}approve/", key=operator)["approved"] is True
    desk.ask("POST", "/api/1/harvest/source/nobody/approve/", key=operator, status=404)
    desk.ask("POST", f"{path}run/", status=202)
    sent = desk.ask("POST", SOURCES, {"url": "", "kind": "push", "title": "Sent"}, status=201)
    assert sent["approved"] is True  # nobody is asked for what a producer sends
    assert desk.ask("PATCH", f"/api/1/harvest/source/{sent['name']}/", {"config": {"language": "fr"}})["config"]
    too_often = {"url": f"{URL}/2", "kind": "memory", "schedule": "*/5 * * * *"}
    assert "15 minutes" in desk.ask("POST", SOURCES, too_often, status=422)["detail"]
    assert desk.ask("PATCH", path, {"url": "https://elsewhere.example/"})["approved"] is False


def test_a_source_is_found_by_a_page_of_it(desk: Desk) -> None:
    feed = b'<http://e/t> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Arbres"@fr .'
    path, pages = "/api/1/harvest/source/find/", {"/feed": Answer(feed, "text/turtle")}
    with loopback.running(loopback.site(lambda request: pages.get(request.path))) as server:
        found = desk.ask("POST", path, {"url": server.url("/feed")})
        why = "This is a DCAT feed."
        assert found == {"kind": "dcat", "url": server.url("/feed"), "config": {}, "why": why}
        assert "404" in desk.ask("POST", path, {"url": server.url("/nowhere")}, status=422)["detail"]
    desk.ask("POST", path, {"url": "ftp://e.example/"}, status=422)


def test_a_portal_with_another_host_is_confirmed_at_once(desk: Desk) -> None:
    def portal(host: str) -> Feed:
        iris = [Iri(f"https://{host}/dataset/{number}") for number in range(3)]
        return Feed([record(iri, Dataset(iri=iri, title=texts(fr=f"Jeu {iri[-1]}"))) for iri in iris])

    desk.ask("POST", SOURCES, {"url": URL, "kind": "memory", "title": "Feed"}, status=201)
    desk.catalogue.sources.approve("feed")
    for host in ("old.example", "new.example"):
        desk.memory.feeds[URL] = portal(host)
        desk.catalogue.runs.harvest("feed")
    path = "/api/1/harvest/source/feed/moved/"
    proposed = desk.client.get(path).get_json()
    assert proposed["total"] == 3
    other, _ = desk.catalogue.keys.create("somebody-else")
    desk.ask("POST", f"{path}all/", key=other, status=404)
    assert desk.ask("POST", f"{path}all/") == proposed
    assert desk.client.get(path).get_json() == {"total": 0, "data": []}


def test_a_trial_shows_credentials_and_gives_none_back(desk: Desk) -> None:
    wanted = {"url": URL, "kind": "memory", "credentials": {"query": {"apikey": SECRET}}}
    assert desk.ask("POST", "/api/1/harvest/source/preview/", wanted)["job"]["seen"] == 1
    wanted["credentials"] = {"query": {"": SECRET}}
    desk.ask("POST", "/api/1/harvest/source/preview/", wanted, status=422)


def test_dry_runs_of_a_source_that_drips_leave_room_for_readers(desk: Desk) -> None:
    may_end, begun = threading.Event(), threading.Semaphore(0)

    class Dripping(list[RawRecord]):
        def __iter__(self) -> Iterator[RawRecord]:
            begun.release()
            may_end.wait(60)
            return super().__iter__()

    def tried(_: int) -> int:
        client = desk.client.application.test_client()
        body, headers = {"url": URL, "kind": "memory"}, {"Authorization": f"Bearer {desk.key}"}
        return client.post("/api/1/harvest/source/preview/", json=body, headers=headers).status_code

    desk.memory.feeds[URL] = Feed(Dripping(desk.memory.feeds[URL].records))
    with ThreadPoolExecutor(9) as pool:
        long = [pool.submit(tried, n) for n in range(trial.AT_ONCE)]
        for _ in long:
            assert begun.acquire(timeout=60)
        assert [tried(n) for n in range(9 - trial.AT_ONCE)] == [429] * (9 - trial.AT_ONCE)
        assert desk.client.get("/healthz").status_code == 200
        may_end.set()
        assert [one.result(60) for one in long] == [200] * trial.AT_ONCE


def test_the_description_says_that_secrets_are_only_written(desk: Desk) -> None:
    schemas = desk.client.get("/api/1/openapi.json").get_json()["components"]["schemas"]
    for name in ("NewSource", "SourceChange", "Trial"):
        assert '"writeOnly": true' in str(schemas[name]["properties"]["credentials"]).replace("'", '"').replace(
            "True", "true"
        )


def test_all_of_a_source_is_tried_by_a_worker(desk: Desk) -> None:
    desk.catalogue.sources.add(URL, "memory", title="Feed", publisher="commune")
    desk.catalogue.runs.harvest("feed")
    path = "/api/1/harvest/source/feed/rehearsal/"
    desk.ask("GET", path, status=404)
    bad = RawRecord(identifier="bad", body=b"{", media_type="application/x-memory")
    desk.memory.feeds[URL] = Feed([record("d1", Dataset(title=texts(fr="Parcs"))), bad])
    asked = desk.ask("POST", path, status=202)
    assert (asked["state"], asked["job"]) == ("waiting", None)
    assert desk.ask("POST", path, status=202)["asked"] == asked["asked"]
    other, _ = desk.catalogue.keys.create("somebody-else")
    desk.ask("GET", path, key=other, status=404)
    Worker(desk.catalogue, chores=(Rehearsing,)).once()
    told = desk.ask("GET", path)
    assert (told["state"], told["job"]["changed"], told["job"]["refused"]) == ("done", 1, 1)
    assert [(one["before"], one["after"]) for one in told["changes"]] == [("Jeu@fr", "Parcs@fr")] * 2
    assert [one["identifier"] for one in told["refused"]] == ["bad"]
    assert desk.catalogue.runs.of_source("feed")[0].seen == 1


def test_a_try_keeps_to_what_may_be_read(desk: Desk) -> None:
    desk.ask("POST", SOURCES, {"url": URL, "kind": "memory", "title": "Feed"}, status=201)
    path = "/api/1/harvest/source/feed/rehearsal/"
    assert "waits for the approval" in desk.ask("POST", path, status=409)["detail"]
    desk.catalogue.sources.approve("feed")
    elsewhere = {"url": "https://elsewhere.example/feed"}
    assert "on another server" in desk.ask("POST", path, elsewhere, status=409)["detail"]
    assert desk.ask("POST", path, {"config": {"colour": 1}}, status=422)["field"] == "config"
    desk.memory.feeds[URL] = Feed([], error=HarvestError("HTTP_STATUS", f"{URL} answered 503."))
    desk.ask("POST", path, {"config": {"color": "red"}}, status=202)
    Worker(desk.catalogue, chores=(Rehearsing,)).once()
    told = desk.ask("GET", path)
    assert (told["state"], told["change"]) == ("failed", {"config": {"color": "red"}})
    assert told["job"]["error_code"] == "HTTP_STATUS"


def test_an_operator_declines_a_source_and_it_waits_again_once_it_is_changed(desk: Desk) -> None:
    desk.ask("POST", SOURCES, {"url": URL, "kind": "memory", "title": "Feed"}, status=201)
    operator, _ = desk.catalogue.keys.create("region", ("operator",))
    path = "/api/1/harvest/source/feed/"
    desk.ask("POST", f"{path}decline/", {"reason": "No."}, status=403)
    desk.ask("POST", f"{path}decline/", {"reason": ""}, key=operator, status=422)
    assert desk.ask("POST", f"{path}decline/", {"reason": "Too far away."}, key=operator)["approved"] is False
    assert desk.ask("GET", path)["declined"] == "Too far away."
    assert desk.client.get(path).get_json()["declined"] is None
    assert "Too far away." in desk.ask("POST", f"{path}run/", status=409)["detail"]
    assert desk.ask("PATCH", path, {"title": "Nearer"})["declined"] == ""
    assert desk.ask("POST", f"{path}approve/", key=operator)["approved"] is True
    desk.ask("POST", f"{path}decline/", {"reason": "No."}, key=operator, status=409)


def test_withdrawn_records_are_listed_and_put_back(desk: Desk) -> None:
    desk.catalogue.sources.add(URL, "memory", title="Feed", publisher="commune")
    desk.catalogue.runs.harvest("feed")
    desk.ask("DELETE", "/api/1/dataset/feed/d1")
    path = "/api/1/harvest/source/feed/"
    told = desk.ask("GET", f"{path}withdrawn/")
    assert (told["total"], [one["identifier"] for one in told["data"]]) == (1, ["d1"])
    assert desk.ask("POST", f"{path}put-back/", {"identifier": "d1"}) == {"identifier": "d1"}
    desk.ask("POST", f"{path}put-back/", {"identifier": "d1"}, status=404)
    assert desk.ask("GET", f"{path}withdrawn/")["total"] == 0
    assert desk.catalogue.runs.harvest("feed").restored == 1
