"""Producers at work: sources, runs, reports, pushes."""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import loopback
import pytest
from factory import TOWNS, Feed, Memory, mobility, record, texts
from flask.testing import FlaskClient
from graphs import by_oxigraph, values

from catalogue import clock
from catalogue.publishing.reuses import NewReuse
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import questions
from dcat.model import Dataset, Date, Text
from dcat.namespaces import expand
from harvesters import HARVESTERS
from harvesters.base import RawRecord
from harvesters.options import COMMON_OPTIONS
from web.api import OPERATIONS
from web.app import create_app
from web.feeds.formats import ENTRY, JSON, RDF, SEARCH
from web.http.caching import ASK_AGAIN

SITE = "https://data.example.brussels"
TREES = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.brussels/id/trees> a dcat:Dataset ;
  dct:title "Arbres remarquables"@fr, "Opmerkelijke bomen"@nl ;
  dct:description "Les arbres remarquables de la commune."@fr ;
  dct:modified "=1+1" ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://example.brussels/trees.csv> ] .
"""


class Desk(NamedTuple):
    """A producer at the API."""

    catalogue: Catalogue
    memory: Memory
    client: FlaskClient
    key: str
    source: str
    hook: int
    question: int
    """That somebody asked about an entry of the source."""
    reuse: int

    def ask(self, method: str, path: str, **more: object) -> object:
        """The answer to a request with the producer's key."""
        headers = {"Authorization": f"Bearer {self.key}", **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)


def open_desk(folder: Path) -> Desk:
    """A catalogue with one source of the commune, harvested once, and a key for it."""
    memory = Memory()
    settings = Settings(data_dir=folder, site_url=SITE, source_approval=True)
    catalogue = Catalogue(settings, harvesters={**HARVESTERS, "memory": memory})
    catalogue.init()
    entries = mobility()
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in entries])
    source = catalogue.sources.add(TOWNS, "memory", title="Open towns", publisher="commune").name
    catalogue.runs.harvest(source)
    key, _ = catalogue.keys.create("commune")
    hook, _ = catalogue.subscriptions.add("https://commune.example/in", publisher="commune")
    row = next(row for row in catalogue.entries.all() if row.kind == "dataset")
    with catalogue._database.write() as tx:
        asked = {"text": "How old are they?", "language": "en", "address": "", "nonce": b""}
        question = questions.add(tx, row.id, form=b"1", moment=clock.now(), **asked)
    app = NewReuse(kind="app", title="Around town", language="en", url="https://app.example.brussels/")
    reuse = catalogue.reuses.add(row, app, publisher="commune").id
    client = create_app(settings, catalogue).test_client()
    return Desk(catalogue, memory, client, key, source, hook.id, question, reuse)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A producer whose source was harvested; tests add to it, each under names of its own."""
    made = open_desk(tmp_path_factory.mktemp("desk"))
    yield made
    made.catalogue.close()


# --- sources ---------------------------------------------------------------------------------------------------------


def test_a_source_is_registered_for_the_publisher_of_the_key(desk: Desk) -> None:
    new = {"url": "https://new.example.brussels/feed", "kind": "memory", "title": "New", "schedule": "0 3 * * *"}
    answer = desk.ask("POST", "/api/1/harvest/sources/", json=new)
    made = answer.get_json()
    assert answer.status_code == 201
    assert answer.location == f"/api/1/harvest/source/{made['name']}/"
    assert (made["publisher"], made["kind"], made["schedule"], made["active"]) == (
        "commune",
        "memory",
        "0 3 * * *",
        True,
    )
    assert desk.ask("GET", answer.location).get_json() == made
    names = [one["name"] for one in desk.ask("GET", "/api/1/harvest/sources/").get_json()["data"]]
    assert made["name"] in names
    again = desk.ask("POST", "/api/1/harvest/sources/", json=new)
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")


def test_a_source_can_rest_and_go(desk: Desk) -> None:
    new = {"url": "https://short.example.brussels/feed", "kind": "memory", "title": "Short"}
    path = desk.ask("POST", "/api/1/harvest/sources/", json=new).location
    assert desk.ask("POST", f"{path}pause/").get_json()["active"] is False
    assert desk.ask("POST", f"{path}run/").status_code == 409
    assert desk.ask("POST", f"{path}resume/").get_json()["active"] is True
    assert desk.ask("DELETE", path).get_json() == {"removed": 0}
    assert desk.ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "memory"}, "url"),
        ({"url": "https://x.example/"}, ""),
        ({"kind": "push"}, "title"),
        ({"kind": "push", "title": "Sent", "url": "https://x.example/"}, "url"),
        ({"kind": "push", "title": "Sent", "schedule": "0 3 * * *"}, "schedule"),
        ({"url": 5, "kind": "memory"}, "url"),
        ({"url": "javascript:alert(1)", "kind": "memory"}, "url"),
        ({"url": "https://x.example/", "kind": "gopher"}, "kind"),
        ({"url": "https://x.example/", "kind": "memory", "schedule": "whenever"}, "schedule"),
        ({"url": "https://x.example/", "kind": "memory", "config": {"nope": 1}}, "config"),
        ({"url": "https://x.example/", "kind": "memory", "publisher": "other"}, ""),
        ({"url": "https://x.example/", "kind": "memory", "id": "1", "active": False}, ""),
        ([], ""),
    ],
)
def test_a_body_with_another_shape_is_refused(desk: Desk, body: object, field: str) -> None:
    answer = desk.ask("POST", "/api/1/harvest/sources/", json=body)
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert said.get("field", "") == field
    assert said["detail"].endswith(".")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://x.example/feed?format=ttl&apikey=hidden", 'credentials instead: {"query": {"apikey": "…"}}'),
        ("https://x.example/feed?Subscription-Key=hidden", "credentials instead"),
        ("https://x.example/open data.ttl", "has a blank in it"),
        ("https://x.example/" + "x" * 9_000, "is longer than"),
        ("https://x.example:99999/", "is not an address"),
    ],
)
def test_why_an_address_cannot_be_registered_is_said(desk: Desk, url: str, words: str) -> None:
    """Sources are shown to everybody: what lets us in has no place in their addresses."""
    answer = desk.ask("POST", "/api/1/harvest/sources/", json={"url": url, "kind": "memory", "title": "Shut"})
    assert (answer.status_code, words in answer.get_json()["detail"]) == (422, True), answer.data
    assert "hidden" not in answer.text


@pytest.mark.parametrize("word", ["key", "token_of_day", "keyword"])
def test_a_parameter_that_is_no_key_may_stand_in_an_address(desk: Desk, word: str) -> None:
    url = f"https://{word.replace('_', '-')}.example/feed?{word}=trees"
    answer = desk.ask("POST", "/api/1/harvest/sources/", json={"url": url, "kind": "memory", "title": word})
    assert answer.status_code == 201, answer.data


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b'{"a":' * 5_000, b"NaN", b"\xff\xfe", b'{"url": NaN}', b"\x00", b'{"url":"\xff"}'],
)
def test_what_is_no_json_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.ask("POST", "/api/1/harvest/sources/", data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) in {
        (400, "application/problem+json"),
        (422, "application/problem+json"),
    }


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/turtle", ""])
def test_a_body_of_another_format_is_refused(desk: Desk, media_type: str) -> None:
    answer = desk.ask("POST", "/api/1/harvest/sources/", data=b"{}", content_type=media_type)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")


@pytest.mark.against("TC-12", "TC-26")
def test_a_body_that_is_too_large_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(desk.client.application.config, "MAX_CONTENT_LENGTH", 1000)
    for path, method, media_type in (
        ("/api/1/harvest/sources/", "POST", "application/json"),
        (f"/api/1/dataset/{desk.source}/big", "PUT", "text/turtle"),
    ):
        answer = desk.ask(method, path, data=b"x" * 1001, content_type=media_type)
        assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
        assert "larger than 0.000954 MiB" in answer.get_json()["detail"]
    assert f"Many records go to /api/1/dataset/{desk.source}/ by POST" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "path", ["backends/", "sources/", "source/{}/", "source/{}/jobs/", "job/1/", "job/1/items/", "job/1/errors.csv"]
)
def test_scripts_of_other_sites_read_what_needs_no_key(desk: Desk, path: str) -> None:
    address = f"/api/1/harvest/{path.format(desk.source)}"
    assert desk.client.get(address).headers["Access-Control-Allow-Origin"] == "*"
    own = desk.ask("GET", address)
    assert (own.status_code, own.headers.get("Access-Control-Allow-Origin")) == (200, None)


def test_kinds_of_source_are_listed_with_their_options(desk: Desk) -> None:
    kinds = {one["id"]: one for one in desk.client.get("/api/1/harvest/backends/").get_json()}
    assert {"ckan", "dcat", "memory"} <= kinds.keys()
    own, *common = kinds["memory"]["options"]
    assert own == {"name": "color", "type": "str", "default": "", "help": "An option to test options with"}
    assert [one["name"] for one in common] == [option.name for option in COMMON_OPTIONS]


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_is_queued_once(desk: Desk) -> None:
    new = {"url": "https://queue.example.brussels/feed", "kind": "memory", "title": "Queue"}
    path = desk.ask("POST", "/api/1/harvest/sources/", json=new).location
    desk.catalogue.sources.approve("queue")
    first = desk.ask("POST", f"{path}run/", json={"job_type": "force_harvest"})
    assert (first.status_code, first.get_json()["state"]) == (202, "queued")
    assert desk.ask("POST", f"{path}run/").get_json()["id"] == first.get_json()["id"]
    assert desk.ask("GET", first.location).get_json()["job"]["state"] == "queued"
    assert [one["id"] for one in desk.ask("GET", f"{path}jobs/").get_json()["data"]] == [first.get_json()["id"]]
    assert desk.ask("POST", f"{path}run/", json={"job_type": "clear"}).status_code == 422


def test_a_report_tells_what_became_of_every_record(desk: Desk) -> None:
    job = desk.catalogue.runs.of_source(desk.source)[-1]
    path = f"/api/1/harvest/job/{job.id}/"
    report = desk.ask("GET", path).get_json()
    counted = report["job"]
    assert counted["seen"] == counted["new"] == 14
    assert counted["seen"] == sum(counted[one] for one in ("new", "changed", "same", "skipped", "refused", "failed"))
    items = desk.ask("GET", f"{path}items/").get_json()["data"]
    assert [one["outcome"] for one in items] == ["NEW"] * 14
    findings = [finding for one in items for finding in one["findings"]]
    assert findings
    assert report["causes"]
    for finding in findings:
        assert list(finding) == ["rule", "severity", "field", "value", "message", "fix", "section"]
        assert finding["severity"] in {"violation", "warning", "info"}
        assert finding["message"].keys() == finding["fix"].keys() == {"fr", "nl", "de", "en"}
    part = desk.ask("GET", f"{path}items/?offset=3&limit=2").get_json()["data"]
    assert part == items[3:5]
    assert desk.ask("GET", f"{path}items/?outcome=REFUSED").get_json()["data"] == []


@pytest.mark.parametrize(
    "query", ["offset=-1", "limit=0", "limit=1001", "limit=abc", "offset=" + "9" * 5000, "outcome=X", "limit=٣"]
)
def test_a_bad_value_names_its_parameter(desk: Desk, query: str) -> None:
    job = desk.catalogue.runs.of_source(desk.source)[-1]
    answer = desk.ask("GET", f"/api/1/harvest/job/{job.id}/items/?{query}")
    assert (answer.status_code, answer.get_json()["field"]) == (400, query.partition("=")[0])


@pytest.mark.parametrize("job", ["0", "999999", "-1", "abc", "٣", "9" * 5000, "1.0", "%00"])
def test_there_is_no_other_job(desk: Desk, job: str) -> None:
    assert desk.ask("GET", f"/api/1/harvest/job/{job}/").status_code == 404


def test_a_dry_run_publishes_nothing(desk: Desk) -> None:
    before = desk.catalogue.index.generation()
    url = "https://trial.example.brussels/feed"
    desk.memory.feeds[url] = Feed([record(f"t{n}", Dataset(title=texts(fr=f"Essai {n}"))) for n in range(30)])
    answer = desk.ask("POST", "/api/1/harvest/source/preview/", json={"url": url, "kind": "memory"})
    assert answer.status_code == 200
    assert len(answer.get_json()["items"]) == 20
    assert desk.catalogue.index.generation() == before
    known = desk.ask("GET", f"/api/1/harvest/source/{desk.source}/preview/").get_json()
    assert {one["outcome"] for one in known["items"]} == {"SAME"}


def test_a_table_of_findings_computes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://formula.example.brussels/feed"
    nasty = ("=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "＝1", " =1")
    records = [record(f"{value}{n}", Dataset(title=texts(fr="Titre"))) for n, value in enumerate(nasty)]
    desk.memory.feeds[url] = Feed([*records, record("=0", Dataset(title=(Text(" "),)))])
    source = desk.catalogue.sources.add(url, "memory", title="Formula", publisher="commune").name
    job = desk.catalogue.runs.harvest(source)
    monkeypatch.setattr("web.http.compression.BLOCK", 1)
    monkeypatch.setattr("web.api.table.BATCH", 2)
    answer = desk.ask("GET", f"/api/1/harvest/job/{job.id}/errors.csv?lang=nl")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    severities = [row["severity"] for row in rows]
    assert severities == sorted(severities)  # violation, warning
    assert set(severities) == {"violation", "warning"}
    assert ("beschrijving", "dct:description") in {(row["field"], row["property"]) for row in rows}
    every = desk.ask("GET", f"/api/1/harvest/job/{job.id}/errors.csv?lang=nl&all=1").data
    assert len(every) >= len(answer.data)
    assert {row["outcome"] for row in rows} == {"NEW", "REFUSED"}
    assert len({row["identifier"] for row in rows}) == 8
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")), cell


# --- pushing ---------------------------------------------------------------------------------------------------------


def put(desk: Desk, identifier: str, body: bytes = TREES, media_type: str = "text/turtle", **headers: str) -> object:
    """Pushes a record."""
    return desk.ask(
        "PUT", f"/api/1/dataset/{desk.source}/{identifier}", data=body, content_type=media_type, headers=headers
    )


def test_a_record_is_pushed_changed_and_withdrawn(desk: Desk) -> None:
    body = TREES.replace(b"id/trees", b"id/life")
    first = put(desk, "life", body)
    assert first.status_code == 201
    assert first.get_json()["outcome"] == "NEW"
    assert put(desk, "life", body).get_json()["outcome"] == "SAME"
    assert put(desk, "life", body).status_code == 200
    assert put(desk, "life", body.replace(b"remarquables", b"anciens")).get_json()["outcome"] == "CHANGED"
    name = first.get_json()["name"]
    triples = by_oxigraph(desk.client.get(f"/dataset/{name}.nt").data, "nt")
    assert '"Arbres anciens"@fr' in values(triples, "<https://example.brussels/id/life>", expand("dct:title"))
    gone = desk.ask("DELETE", f"/api/1/dataset/{desk.source}/life")
    assert (gone.status_code, gone.get_json()["outcome"]) == (200, "REMOVED")
    assert desk.client.get(f"/dataset/{name}.nt").status_code == 410
    assert desk.ask("DELETE", f"/api/1/dataset/{desk.source}/life").status_code == 404
    back = put(desk, "life", body)
    assert (back.status_code, back.get_json()["outcome"], back.get_json()["name"]) == (201, "RESTORED", name)


def test_findings_come_back_with_the_push(desk: Desk) -> None:
    findings = put(desk, "findings", TREES.replace(b"id/trees", b"id/findings")).get_json()["findings"]
    assert [one for one in findings if one["field"] == "dct:modified" and one["value"] == "=1+1"]
    assert desk.ask("GET", f"/api/1/dataset/{desk.source}/findings").get_json()["findings"] == findings


def test_every_door_says_the_same_of_one_finding(desk: Desk) -> None:
    body = TREES.replace(b"id/trees", b"id/doors")
    pushed = put(desk, "doors", body).get_json()["findings"]
    checked = desk.client.post("/api/1/validate", data=body, content_type="text/turtle").get_json()["findings"]
    by_place = {(one["rule"], one["field"], one["value"]): one for one in checked}
    both = [one for one in pushed if (one["rule"], one["field"], one["value"]) in by_place]
    assert both
    for one in both:
        other = by_place[one["rule"], one["field"], one["value"]]
        assert {**one, "subject": other["subject"]} == other
    assert not any("dct:" in sentence for one in both for sentence in one["message"].values()), "fields have names"


def test_every_serialisation_can_be_pushed(desk: Desk) -> None:
    put(desk, "first", TREES.replace(b"id/trees", b"id/many"))
    name = desk.ask("GET", f"/api/1/dataset/{desk.source}/first").get_json()["name"]
    for ending, media_type in (
        ("ttl", "text/turtle"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("nt", "application/n-triples"),
    ):
        body = desk.client.get(f"/dataset/{name}.{ending}").data.replace(b"id/many", b"id/as-" + ending.encode())
        answer = put(desk, f"as/{ending}", body, media_type)
        assert (answer.status_code, answer.get_json()["outcome"]) == (201, "NEW"), answer.data
        assert answer.get_json()["identifier"] == f"as/{ending}"


@pytest.mark.against("TC-01")
@pytest.mark.parametrize(
    "identifier",
    [
        "../../etc/passwd",
        "a/../b",
        "%252e%252e",
        "x" * 300,
        "x" * 3000,
        "é木 ?&#;",
        "http://example.org/a?b=c#d",
        "' OR 1=1 --",
    ],
)
def test_an_identifier_is_only_a_name(desk: Desk, identifier: str) -> None:
    iri = f"https://example.brussels/id/{quote('é木' + identifier[:40], safe='é木')}"
    place = quote(identifier, safe="")
    answer = put(desk, place, TREES.replace(b"https://example.brussels/id/trees", iri.encode()))
    assert (answer.status_code, answer.get_json()["outcome"]) == (201, "NEW")
    assert answer.headers["Link"].isascii()
    path = f"/api/1/dataset/{desk.source}/{place}"
    assert desk.ask("GET", path).headers["ETag"] == answer.headers["ETag"]
    assert put(desk, place, TREES, **{"If-Match": '"another"'}).status_code == 412
    assert desk.client.get(f"/dataset/{answer.get_json()['name']}.ttl").status_code == 200
    assert desk.ask("DELETE", path).status_code == 200


def test_an_identifier_that_is_not_in_utf_8_is_no_name(desk: Desk) -> None:
    """`café` and `cafè` in Latin-1 would be one record. The client of tests writes UTF-8 only, a server does not."""
    for method, body in (("PUT", TREES), ("GET", b""), ("DELETE", b"")):
        place = {"PATH_INFO": f"/api/1/dataset/{desk.source}/caf\xe9"}
        answer = desk.ask(method, "/", data=body, content_type="text/turtle", environ_overrides=place)
        assert (answer.status_code, "not in UTF-8" in answer.get_json()["detail"]) == (400, True)


def test_a_correction_may_call_itself_a_merge_patch(desk: Desk) -> None:
    put(desk, "patched", TREES.replace(b"id/trees", b"id/patched"))
    path, type = f"/api/1/dataset/{desk.source}/patched", "application/merge-patch+json"
    answer = desk.ask("PATCH", path, data=b'{"title[fr]": "Arbres de rue"}', content_type=type)
    assert (answer.status_code, answer.get_json()["outcome"]) == (200, "CHANGED")


def test_a_change_of_what_has_changed_is_refused(desk: Desk) -> None:
    body = TREES.replace(b"id/trees", b"id/tagged")
    tag = put(desk, "tagged", body, **{"If-None-Match": "*"}).headers["ETag"]
    assert put(desk, "tagged", body, **{"If-None-Match": "*"}).status_code == 412
    changed = put(desk, "tagged", body.replace(b"bomen", b"planten"), **{"If-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)
    stale = put(desk, "tagged", body, **{"If-Match": tag})
    assert (stale.status_code, stale.mimetype) == (412, "application/problem+json")
    assert desk.ask("DELETE", f"/api/1/dataset/{desk.source}/tagged", headers={"If-Match": tag}).status_code == 412
    now = desk.ask("GET", f"/api/1/dataset/{desk.source}/tagged").headers["ETag"]
    assert desk.ask("DELETE", f"/api/1/dataset/{desk.source}/tagged", headers={"If-Match": now}).status_code == 200
    assert put(desk, "absent", body, **{"If-Match": "*"}).status_code == 412


def test_a_record_that_cannot_be_published_comes_back_as_a_problem(desk: Desk) -> None:
    answer = put(desk, "untitled", b"<https://example.brussels/id/u> a <http://www.w3.org/ns/dcat#Dataset> .")
    said = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (said["status"], said["outcome"], said["identifier"]) == (422, "REFUSED", "untitled")
    assert "title" in said["detail"]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"this is no Turtle", "text/turtle", 422),
        (b"", "text/turtle", 422),
        (b"<x", "application/rdf+xml", 422),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>', "application/rdf+xml", 422),
        (b"[" * 50_000, "application/ld+json", 422),
        (b"{}", "application/ld+json", 422),
        (b"x", "image/png", 415),
        (b"x", "", 415),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(desk: Desk, body: bytes, media_type: str, status: int) -> None:
    answer = put(desk, "unreadable", body, media_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert b"root:" not in answer.data


def test_an_empty_body_is_called_so(desk: Desk) -> None:
    assert put(desk, "empty", b" ").get_json()["detail"].startswith("The body is empty")
    together = desk.ask("POST", f"/api/1/dataset/{desk.source}/", data=b"", content_type="text/turtle")
    told = "The body is empty; the records stand in it. curl sends a file with --data-binary @FILE."
    assert (together.status_code, together.get_json()["detail"]) == (422, told)


def test_a_compressed_body_is_refused(desk: Desk) -> None:
    assert put(desk, "packed", TREES, **{"Content-Encoding": "gzip"}).status_code == 415
    for body, what in ((gzip.compress(TREES), "packed with gzip"), (b"PK\3\4 and more", "a ZIP archive")):
        answer = put(desk, "packed", body)
        assert (answer.status_code, what in answer.get_json()["detail"]) == (415, True)


def test_several_entries_in_one_record_are_told_where_they_go(desk: Desk) -> None:
    second = TREES.replace(b"id/trees", b"id/parks")
    answer = put(desk, "both", TREES + second)
    assert answer.status_code == 422
    assert f"POST /api/1/dataset/{desk.source}/" in answer.get_json()["detail"]


# --- keys ------------------------------------------------------------------------------------------------------------


class Keys(NamedTuple):
    """One key of each kind."""

    anonymous: str
    other: str
    narrow: str
    revoked: str
    expired: str
    nonsense: str


@pytest.fixture(scope="module")
def keys(desk: Desk) -> Keys:
    """Keys that must not open what is the commune's."""
    make = desk.catalogue.keys.create
    revoked, row = make("commune")
    desk.catalogue.keys.revoke(row.id)
    other, _ = make("somebody-else")
    narrow, _ = make("commune", ("push",))
    return Keys("", other, narrow, revoked, expired_key(desk), "odc_" + "x" * 36)


def expired_key(desk: Desk) -> str:
    """A key whose day is over."""
    before, clock.now = clock.now, lambda: before() - timedelta(days=3)
    try:
        return desk.catalogue.keys.create("commune", days=1)[0]
    finally:
        clock.now = before


CLOSED = [one for one in OPERATIONS if one.scope]


def address(one, desk: Desk) -> str:
    """The operation's address for something that the commune owns."""
    job = desk.catalogue.runs.of_source(desk.source)[-1].id
    item = desk.catalogue.runs.outcomes(job)[0].id
    own = {"hook": desk.hook, "question": desk.question, "reuse": desk.reuse}
    return one.path.format(source=desk.source, job=job, item=item, identifier="air", **own)


@pytest.mark.parametrize("who", ["anonymous", "revoked", "expired", "nonsense"])
@pytest.mark.parametrize("one", CLOSED, ids=lambda one: one.name)
def test_without_a_valid_key_nothing_is_told(desk: Desk, keys: Keys, one, who: str) -> None:
    key = getattr(keys, who)
    before = desk.catalogue.index.generation()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    answer = desk.client.open(address(one, desk), method=one.method, headers=headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert desk.catalogue.index.generation() == before


def test_unknown_expired_and_revoked_keys_are_refused_in_the_same_words(desk: Desk, keys: Keys) -> None:
    path = f"/api/1/harvest/source/{desk.source}/run/"
    asked = [
        desk.client.post(path, headers={"X-API-KEY": key}).data for key in (keys.revoked, keys.expired, keys.nonsense)
    ]
    assert len(set(asked)) == 1


@pytest.mark.against("TC-02")
@pytest.mark.parametrize(
    "one", [one for one in CLOSED if "{" in one.path and one.scope != "operator"], ids=lambda one: one.name
)
def test_what_is_anothers_is_not_there(desk: Desk, keys: Keys, one) -> None:
    headers = {"Authorization": f"Bearer {keys.other}"}
    bodies = {"data": TREES, "content_type": "text/turtle"} if one.media_types else {}
    before = desk.catalogue.index.generation()
    theirs = desk.client.open(address(one, desk), method=one.method, headers=headers, **bodies)
    none = dict.fromkeys(("job", "item", "hook", "question", "reuse"), 999_999)
    nobodys = one.path.format(source="no-such-source", identifier="air", **none)
    absent = desk.client.open(nobodys, method=one.method, headers=headers, **bodies)
    assert (theirs.status_code, theirs.mimetype) == (404, "application/problem+json")
    assert absent.status_code == 404
    words = [
        re.sub(r"\d+", "N", answer.get_json()["detail"].replace(name, "X"))
        for answer, name in ((theirs, desk.source), (absent, "no-such-source"))
    ]
    assert words[0] == words[1]
    assert desk.catalogue.index.generation() == before


@pytest.mark.parametrize("one", [one for one in OPERATIONS if "harvest" in one.path and not one.scope])
def test_everybody_may_read_sources_and_reports(desk: Desk, keys: Keys, one) -> None:
    answers = [
        desk.client.get(address(one, desk), headers={"Authorization": f"Bearer {key}"} if key else {}) for key in keys
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert "max-age" not in answers[0].headers["Cache-Control"]


def test_only_its_publisher_sees_the_options_of_a_source(desk: Desk, keys: Keys) -> None:
    new = {"url": "https://options.example.brussels/feed", "kind": "memory", "config": {"color": "hush"}}
    path = desk.ask("POST", "/api/1/harvest/sources/", json=new).location
    assert desk.ask("GET", path).get_json()["config"] == {"color": "hush"}
    for key in keys:
        for asked in (path, "/api/1/harvest/sources/"):
            answer = desk.client.get(asked, headers={"Authorization": f"Bearer {key}"} if key else {})
            assert answer.status_code == 200
            assert "hush" not in answer.text
    assert desk.client.get(path).get_json()["config"] is None
    desk.ask("DELETE", path)


def test_sources_of_nobody_show_no_options_to_a_key_of_nobody(desk: Desk) -> None:
    source = desk.catalogue.sources.add("https://free.example/feed", "memory", config={"color": "hush"})
    path = f"/api/1/harvest/source/{source.name}/"
    assert desk.client.get(path).get_json()["config"] is None
    desk.catalogue.sources.remove(source.name)


def test_a_list_can_be_that_of_one_publisher(desk: Desk) -> None:
    every = desk.client.get("/api/1/harvest/sources/").get_json()
    own = desk.client.get("/api/1/harvest/sources/?publisher=commune").get_json()
    assert own["total"] == len(own["data"]) == sum(one["publisher"] == "commune" for one in every["data"])
    assert desk.client.get("/api/1/harvest/sources/?publisher=nobody").get_json() == {"total": 0, "data": []}


@pytest.mark.parametrize("one", [one for one in CLOSED if one.scope != "push"], ids=lambda one: one.name)
def test_a_key_opens_only_what_it_was_made_for(desk: Desk, keys: Keys, one) -> None:
    answer = desk.client.open(address(one, desk), method=one.method, headers={"Authorization": keys.narrow})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


@pytest.mark.parametrize("header", ["Authorization", "X-API-KEY", "X-CKAN-API-Key"])
@pytest.mark.parametrize("form", ["{}", "Bearer {}", "bearer  {} "])
def test_a_key_is_found_where_clients_put_it(desk: Desk, header: str, form: str) -> None:
    path = f"/api/1/harvest/source/{desk.source}/preview/"
    answer = desk.client.get(path, headers={header: form.format(desk.key)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent", ["Basic {}", "Bearer", "Bearer  ", "Token {}", "Bearer {}x", "x" * 100_000, "Bearer é"]
)
def test_a_key_in_another_form_is_none(desk: Desk, sent: str) -> None:
    path = f"/api/1/harvest/source/{desk.source}/preview/"
    assert desk.client.get(path, headers={"Authorization": sent.format(desk.key)}).status_code == 401


def test_a_key_in_the_address_is_none(desk: Desk) -> None:
    path = f"/api/1/harvest/source/{desk.source}/run/"
    assert desk.client.post(f"{path}?apikey={desk.key}&token={desk.key}").status_code == 401


@pytest.mark.parametrize("one", [one for one in CLOSED if one.method == "GET"], ids=lambda one: one.name)
def test_what_a_key_opens_is_kept_by_no_cache(desk: Desk, one) -> None:
    answer = desk.ask("GET", address(one, desk))
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code == 200:
        assert "Access-Control-Allow-Origin" not in answer.headers


# --- reading ---------------------------------------------------------------------------------------------------------


def test_search_is_the_same_as_the_feed(desk: Desk) -> None:
    assert desk.client.get("/api/1/search?q=vélo").data == desk.client.get("/search.json?q=vélo").data


def test_everything_can_be_listed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.reading.LISTED", 5)
    path, found = "/api/1/datasets/", []
    while path:
        said = desk.client.get(path).get_json()
        found += [one["id"] for one in said["data"]]
        path = (said["next"] or "").removeprefix(SITE)
    assert found == [piece.id for piece in desk.catalogue.pieces.all()]


def test_one_entry_is_found_by_name_and_by_id(desk: Desk) -> None:
    piece = next(iter(desk.catalogue.pieces.all()))
    by_name = desk.client.get(f"/api/1/datasets/{piece.name}")
    assert by_name.get_json() == desk.client.get(f"/api/1/datasets/{piece.id}").get_json()
    assert by_name.get_json() == desk.client.get(f"/{piece.kind}/{piece.name}.json").get_json()
    tag = by_name.headers["ETag"]
    assert desk.client.get(f"/api/1/datasets/{piece.name}", headers={"If-None-Match": tag}).status_code == 304


def test_publishers_are_listed(desk: Desk) -> None:
    said = desk.client.get("/api/1/publishers/").get_json()["data"]
    assert [one["name"] for one in said] == [row.name for row in desk.catalogue.publishers.all()]
    one = desk.client.get(f"/api/1/publishers/{said[0]['name']}").get_json()
    assert one["quality"].pop("hints")
    assert one == said[0]


def test_a_publisher_without_entries_is_a_document_too(desk: Desk) -> None:
    desk.catalogue.keys.create("Quiet office")
    said = desk.client.get("/publisher/quiet-office.json").get_json()
    assert (said["iri"], said["datasets"]) == (f"{SITE}/id/agent/quiet-office", 0)
    triples = by_oxigraph(desk.client.get("/publisher/quiet-office.ttl").data, "ttl")
    assert values(triples, f"<{said['iri']}>", expand("foaf:name")) == {'"Quiet office"'}
    answer = desk.client.get("/id/agent/quiet-office", headers={"Accept": "text/turtle"})
    assert answer.location == "/publisher/quiet-office.ttl"


OPEN = (
    "/catalog",
    "/catalog.{rdf}",
    "/catalog.{rdf}?page=1",
    "/search.{search}",
    "/dataset/{dataset}.{entry}",
    "/publisher/{publisher}.{entry}",
    "/opensearch.xml",
    "/sitemap.xml",
    "/sitemap/pages.xml",
    "/sitemap/1.xml",
    *(
        one.path
        for one in OPERATIONS
        if one.method == "GET" and not one.scope and "harvest" not in one.path and "{file}" not in one.path
    ),
)
"""Every public address that answers with data of the catalogue, but for those of files (`test_file_api`)."""


@pytest.mark.parametrize("pattern", OPEN)
def test_every_public_answer_has_a_tag_and_is_not_sent_twice(desk: Desk, pattern: str) -> None:
    dataset = next(piece.name for piece in desk.catalogue.pieces.all() if piece.kind == "dataset")
    publisher = desk.catalogue.publishers.all()[0].name
    endings = {"rdf": RDF, "search": SEARCH, "entry": ENTRY}
    for format in next((known for word, known in endings.items() if f"{{{word}}}" in pattern), [JSON]):
        words = dict.fromkeys(endings, format.ending) | {"dataset": dataset, "publisher": publisher}
        path = pattern.format(name=publisher if "publishers" in pattern else dataset, **words)
        first = desk.client.get(path)
        assert first.status_code == 200, path
        assert first.headers["Cache-Control"].startswith(("public, max-age=", ASK_AGAIN)), path
        again = desk.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        assert set(again.vary) == set(first.vary)
        for name in ("ETag", "Cache-Control", "Access-Control-Allow-Origin"):
            assert again.headers[name] == first.headers[name], (path, name)


def test_an_entry_that_took_another_identifier_is_confirmed(desk: Desk, keys: Keys) -> None:
    url = "https://moving.example.brussels/feed"
    others = [record(f"m{number}", Dataset(title=texts(fr=f"Reste {number}"))) for number in range(10)]
    source = desk.catalogue.sources.add(url, "memory", title="Moving", publisher="commune").name
    names = []
    for identifier in ("old", "new"):
        desk.memory.feeds[url] = Feed([*others, record(identifier, Dataset(title=texts(fr="Peupliers")))])
        run = desk.catalogue.runs.harvest(source)
        names.append(desk.catalogue.records.outcome(source, identifier).name)
    old, new = names
    path = f"/api/1/harvest/source/{source}/moved/"
    assert desk.client.post(path, json={"old": old, "new": new}).status_code == 401
    assert desk.client.post(path, json={"old": old, "new": new}, headers={"X-API-KEY": keys.other}).status_code == 404
    assert desk.ask("POST", path, json={"old": new, "new": old}).status_code == 409
    assert desk.ask("POST", path, json={"old": old, "new": "nobody"}).status_code == 404
    assert desk.ask("POST", path, json={"old": old}).status_code == 422
    answer = desk.ask("POST", path, json={"old": old, "new": new})
    assert (answer.status_code, answer.get_json()) == (200, {"old": old, "new": new})
    moved = desk.client.get(f"/fr/dataset/{old}")
    assert (moved.status_code, moved.location) == (301, f"/fr/dataset/{new}")
    document = desk.client.get(f"/dataset/{old}.ttl")
    assert document.status_code == 301
    assert document.location.endswith(f"/dataset/{new}.ttl")
    assert run.state in {"done", "done-with-findings"}


def test_a_list_is_read_in_stretches(client: FlaskClient) -> None:
    every = [one["id"] for one in client.get("/api/1/datasets/").json["data"]]
    assert [one["id"] for one in client.get("/api/1/datasets/?limit=3&offset=2").json["data"]] == every[2:5]
    following = client.get("/api/1/datasets/?limit=3").json["next"].partition("/api/")[2]
    assert [one["id"] for one in client.get(f"/api/{following}").json["data"]] == every[3:6]
    names = [one["name"] for one in client.get("/api/1/publishers/").json["data"]]
    assert [one["name"] for one in client.get("/api/1/publishers/?limit=1&offset=1").json["data"]] == names[1:2]


@pytest.mark.parametrize("path", ["/search.json", "/catalog.ttl", "/fr/publishers", "/nl/search", "/api/1/quality"])
@pytest.mark.parametrize("name", ["limit", "offset"])
def test_what_pages_a_list_otherwise_is_refused(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(f"{path}?{name}=2")
    assert answer.status_code == 400
    assert {name, "page"} <= set(re.findall(r"\w+", answer.get_data(as_text=True)))


@pytest.mark.parametrize("name", ["q", "theme", "publisher", "modified_since", "sort"])
def test_the_list_of_everything_refuses_what_a_search_is_narrowed_by(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/api/1/datasets/?{name}=x")
    assert (answer.status_code, answer.json["field"]) == (400, name)


@pytest.mark.parametrize("name", ["page", "page_size", "per_page"])
@pytest.mark.parametrize(
    "path", ["/api/1/datasets/", "/api/1/publishers/", "/api/1/changes", "/api/1/harvest/sources/"]
)
def test_a_list_without_pages_refuses_them(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(f"{path}?{name}=2")
    assert answer.status_code == 400
    assert name in answer.json["detail"]
    assert "limit" in answer.json["detail"]


def test_pages_are_taken_where_there_are_pages(client: FlaskClient) -> None:
    assert client.get("/api/1/search?page=1&per_page=25").json["per_page"] == 25
    assert client.get("/search.json?page_size=25").status_code == 200
    assert client.get("/fr/search?page=1&per_page=25").status_code == 200
    assert client.get("/api/3/action/package_search?rows=1&start=2").status_code == 200


@pytest.mark.parametrize("path", ["/search.json", "/catalog.ttl", "/api/1/datasets/", "/sitemap.xml"])
def test_a_browser_is_told_beforehand_that_scripts_may_read(client: FlaskClient, path: str) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers=asked)
    assert answer.status_code in {200, 204}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "PUT" not in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.options("/fr/search", headers=asked).headers


# --- who changed what ------------------------------------------------------------------------------------------------


def test_operators_read_who_changed_what(desk: Desk) -> None:
    desk.ask("POST", f"/api/1/harvest/source/{desk.source}/pause/")
    desk.ask("POST", f"/api/1/harvest/source/{desk.source}/resume/")
    key, _ = desk.catalogue.keys.create("region", ("operator",))

    def read(query: str) -> dict:
        return desk.client.get(f"/api/1/audit{query}", headers={"Authorization": f"Bearer {key}"}).get_json()

    found = read("?limit=3")
    assert (found["offset"], found["limit"]) == (0, 3)
    made, resumed, paused = found["data"]
    assert (made["what"], made["who"]) == ("key.create", "datastore")
    assert [one["what"] for one in (paused, resumed)] == ["source.pause", "source.resume"]
    assert paused["who"] == resumed["who"] == f"key {desk.key[:10]}…"
    assert (paused["before"], paused["after"]) == ({"active": True}, {"active": False})
    assert desk.key not in str(found)
    assert read("?offset=1&limit=1")["data"] == [resumed]
    assert read(f"?since={paused['at'].replace('+', '%2B')}&limit=1000")["data"] == [made, resumed, paused]
    assert read("?since=2999-01-01") == {"total": 0, "offset": 0, "limit": 100, "data": []}
    assert read("?since=yesterday")["status"] == 400


def test_a_producer_may_not_read_who_changed_what(desk: Desk) -> None:
    assert desk.ask("GET", "/api/1/audit").status_code == 403


# --- held removals ---------------------------------------------------------------------------------------------------


def held_job(desk: Desk, title: str) -> tuple[str, str]:
    """A commune of twelve records that lost six at once: its source, and the address of the job that holds them."""
    url = f"https://{title.lower()}.example.brussels/feed"
    records = [record(f"{title}{n}", Dataset(title=texts(fr=f"{title} {n}"))) for n in range(12)]
    desk.memory.feeds[url] = Feed(records)
    source = desk.catalogue.sources.add(url, "memory", title=title, publisher="commune").name
    desk.catalogue.runs.harvest(source)
    desk.memory.feeds[url] = Feed(records[6:])
    run = desk.catalogue.runs.harvest(source)
    assert (run.state, run.held) == ("held", 6)
    return source, f"/api/1/harvest/job/{run.id}/"


def test_a_producer_releases_what_a_job_holds_and_nothing_else(desk: Desk, keys: Keys) -> None:
    source, job = held_job(desk, "Halved")
    path = f"{job}approve-deletions"
    assert desk.client.post(path).status_code == 401
    assert desk.client.post(path, headers={"X-API-KEY": keys.other}).status_code == 404
    assert desk.client.post(path, headers={"X-API-KEY": keys.narrow}).status_code == 403
    held = [one["name"] for one in desk.client.get(f"{job}items/?outcome=HELD").get_json()["data"]]
    answer = desk.ask("POST", path)
    assert (answer.status_code, answer.get_json()["removed"]) == (200, 6)
    assert {desk.client.get(f"/dataset/{name}.ttl").status_code for name in held} == {410}
    assert desk.catalogue.sources.named(source).entries == 6
    again = desk.ask("POST", path)
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
    assert desk.catalogue.runs.harvest(source).held == 0


def test_a_producer_keeps_what_a_job_holds(desk: Desk) -> None:
    source, job = held_job(desk, "Kept")
    answer = desk.ask("POST", f"{job}keep-deletions")
    assert (answer.status_code, answer.get_json()["kept"]) == (200, 6)
    run = desk.catalogue.runs.harvest(source)
    assert (run.held, desk.catalogue.sources.named(source).entries) == (0, 12)
    assert desk.ask("POST", f"{job}approve-deletions").status_code == 409


# --- before and after ------------------------------------------------------------------------------------------------


def altered(number: int, title: str) -> RawRecord:
    """A record with this title."""
    return record(f"altered{number}", Dataset(title=texts(fr=title), description=texts(fr="Un jeu.")))


def test_a_job_tells_what_it_changed_in_slices(desk: Desk) -> None:
    url = "https://altered.example.brussels/feed"
    desk.memory.feeds[url] = Feed([altered(number, f"Altéré {number}") for number in range(3)])
    source = desk.catalogue.sources.add(url, "memory", title="Altered", publisher="commune").name
    first = desk.catalogue.runs.harvest(source)
    desk.memory.feeds[url] = Feed([altered(0, "Remanié 0"), altered(1, "Remanié 1"), altered(2, "Altéré 2")])
    job = f"/api/1/harvest/job/{desk.catalogue.runs.harvest(source).id}/"
    found = desk.client.get(f"{job}changes").get_json()
    assert (found["total"], [one["identifier"] for one in found["data"]]) == (2, ["altered0", "altered1"])
    assert found["data"][1] == {
        "identifier": "altered1",
        "name": "altere-1",
        "field": "dct:title",
        "before": "Altéré 1@fr",
        "after": "Remanié 1@fr",
    }
    sliced = desk.client.get(f"{job}changes?offset=1&limit=1").get_json()
    assert sliced == {"total": 2, "offset": 1, "limit": 1, "data": found["data"][1:]}
    assert desk.client.get(f"/api/1/harvest/job/{first.id}/changes").get_json()["data"] == []
    assert desk.client.get(f"{job}changes?limit=0").status_code == 400
    run = job.split("/")[-2]
    for lang, said in {
        "fr": "Ce qui a changé",
        "nl": "Wat er veranderd is",
        "de": "Was sich ge",
        "en": "What ch",
    }.items():
        page = desk.client.get(f"/{lang}/source/{source}/run/{run}").text
        assert said in page
        assert '<td lang="">Altéré 1@fr</td><td lang="">Remanié 1@fr</td>' in page
        assert f'href="{job}changes"' in page
    assert desk.client.get("/api/1/harvest/job/999999/changes").status_code == 404


# --- being told ------------------------------------------------------------------------------------------------------


def test_a_producer_lets_a_program_be_told(desk: Desk) -> None:
    with loopback.running(loopback.always(loopback.Answer(status=204))) as receiver:
        made = desk.ask("POST", "/api/1/hooks/", json={"url": receiver.url("/in"), "when": "always"})
        hook = made.get_json()
        path = made.location
        assert (made.status_code, path) == (201, f"/api/1/hooks/{hook['id']}/")
        assert hook["secret"].startswith("odh_")
        assert desk.ask("POST", "/api/1/hooks/", json={"url": receiver.url("/in")}).status_code == 409
        seen = {key: value for key, value in hook.items() if key != "secret"} | {"secret": None}
        assert desk.ask("GET", path).get_json() == seen
        assert desk.ask("GET", "/api/1/hooks/").get_json()[1:] == [seen]
        changed = desk.ask("PATCH", path, json={"when": "on_error", "language": "de"}).get_json()
        assert (changed["when"], changed["language"]) == ("on_error", "de")
        tried = desk.ask("POST", f"{path}try/").get_json()
        assert tried["state"] == "given-up"  # this machine may not be sent to, unless the settings say so
        assert "not allowed" in tried["answer"] or "may not" in tried["answer"]
        assert receiver.requests == []
        assert desk.ask("GET", f"{path}deliveries/").get_json() == [tried]
        assert desk.ask("DELETE", path).status_code == 200
        assert desk.ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [({"url": "ftp://x.example/"}, "url"), ({"url": "https://x.example/", "when": "daily"}, "when"), ({}, "")],
)
def test_what_cannot_be_told(desk: Desk, body: dict, field: str) -> None:
    answer = desk.ask("POST", "/api/1/hooks/", json=body)
    assert (answer.status_code, answer.get_json().get("field", "")) == (422, field)


def test_without_a_mail_server_no_mailbox_is_taken(desk: Desk) -> None:
    answer = desk.ask("POST", "/api/1/hooks/", json={"url": "mailto:anna@commune.example"})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert "mail" in answer.get_json()["detail"]


# --- changing a source -----------------------------------------------------------------------------------------------


def test_a_source_that_somebody_else_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    new = {"url": "https://towns.example.brussels/of-two", "kind": "memory", "title": "Of two"}
    path = desk.ask("POST", "/api/1/harvest/sources/", json=new).location
    tag = desk.client.get(path).headers["ETag"]
    mine = desk.ask("PATCH", path, json={"schedule": "0 4 * * *"}, headers={"If-Match": tag})
    assert (mine.status_code, mine.headers["ETag"] != tag) == (200, True)
    theirs = desk.ask("PATCH", path, json={"schedule": "0 5 * * *"}, headers={"If-Match": tag})
    assert (theirs.status_code, desk.client.get(path).get_json()["schedule"]) == (412, "0 4 * * *")
    assert desk.ask("DELETE", path, headers={"If-Match": tag}).status_code == 412
    assert desk.ask("PATCH", path, json={"title": "Trees"}, headers={"If-Match": "*"}).status_code == 200
    now = desk.client.get(path).headers["ETag"]
    assert desk.ask("DELETE", path, headers={"If-Match": now}).status_code == 200


# --- correcting by hand ----------------------------------------------------------------------------------------------


def test_a_producer_corrects_single_fields(desk: Desk) -> None:
    put(desk, "mistaken", TREES.replace(b"id/trees", b"id/mistaken"))
    path = f"/api/1/dataset/{desk.source}/mistaken"
    tag = desk.ask("GET", path).headers["ETag"]
    answer = desk.ask("PATCH", path, json={"title[fr]": "Vieux arbres", "licence": "CC0"}, headers={"If-Match": tag})
    said = answer.get_json()
    assert (answer.status_code, said["outcome"]) == (200, "CHANGED")
    assert {"dct:title", "dct:license"} == {
        one["field"] for one in said["findings"] if one["rule"] == "corrected-by-hand"
    }
    document = desk.client.get(f"/dataset/{said['name']}.json").get_json()
    assert document["title"] == {"fr": "Vieux arbres", "nl": "Opmerkelijke bomen"}
    assert desk.ask("PATCH", path, json={"licence": "CC0"}, headers={"If-Match": tag}).status_code == 412
    wrong = desk.ask("PATCH", path, json={"licence": "abcdef"})
    assert (wrong.status_code, wrong.get_json()["field"]) == (422, "licence")
    back = desk.ask("PATCH", path, json={"title[fr]": None, "licence": None})
    assert (back.status_code, back.get_json()["outcome"]) == (200, "CHANGED")
    page = desk.client.get(f"/fr/dataset/{said['name']}/checks")
    assert "corrigée ici à la main" not in page.text


# --- many records at once --------------------------------------------------------------------------------------------


def linked(title: str) -> dict[str, object]:
    """A record in JSON-LD."""
    context = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    said = {"@language": "fr", "@value": title}
    return {"@context": context, "@type": "dcat:Dataset", "dct:title": said, "dct:description": said}


def test_many_records_are_sent_as_lines_and_a_bad_one_leaves_the_others_alone(desk: Desk) -> None:
    new = {"kind": "push", "title": "Sent in lines"}
    source = desk.ask("POST", "/api/1/harvest/sources/", json=new).get_json()["name"]
    lines = [
        {"identifier": "one", "record": linked("Un")},
        {"identifier": "two", "record": linked("Deux")},
        {"identifier": "two", "record": linked("Deux encore")},
        {"identifier": "three", "record": {"@type": "nothing"}},
        {"identifier": "four", "record": linked("Quatre") | {"@type": "dcat:DataService"}},
        {"no": "record"},
    ]
    body = "\n".join(map(json.dumps, lines)) + "\nnot json\n"
    path = f"/api/1/dataset/{source}/"
    answer = desk.ask("POST", path, data=body.encode(), content_type="application/x-ndjson")
    said = answer.get_json()
    assert (answer.status_code, said["total"], said["taken"]) == (200, 7, 2)
    outcomes = [(one["identifier"], one["outcome"]) for one in said["data"]]
    assert outcomes[-3:] == [("one", "NEW"), ("two", "NEW"), ("four", "REFUSED")]
    assert {outcome for _, outcome in outcomes[:-3]} == {"REFUSED"}
    assert {"two", "three", "line 6", "line 7"} == {name for name, _ in outcomes[:-3]}
    assert all(one["reason"] for one in said["data"] if one["outcome"] == "REFUSED")
    again = desk.ask("POST", path, data=body.encode(), content_type="application/x-ndjson").get_json()
    assert [one["outcome"] for one in again["data"][-3:-1]] == ["SAME", "SAME"]
    listed = desk.ask("GET", f"{path}?limit=2").get_json()
    assert (listed["total"], [one["identifier"] for one in listed["data"]]) == (3, ["four", "one"])
    assert desk.ask("GET", f"{path}?offset=2").get_json()["data"][0]["name"] == "deux"


def test_many_records_are_sent_as_one_graph(desk: Desk) -> None:
    source = desk.ask("POST", "/api/1/harvest/sources/", json={"kind": "push", "title": "Sent as graph"}).get_json()
    two = b"".join(TREES.replace(b"id/trees", b"id/graph-%d" % number) for number in (1, 2))
    path = f"/api/1/dataset/{source['name']}/"
    said = desk.ask("POST", path, data=two, content_type="text/turtle").get_json()
    assert [(one["identifier"], one["outcome"]) for one in said["data"]] == [
        (f"https://example.brussels/id/graph-{number}", "NEW") for number in (1, 2)
    ]
    for body, media_type in ((b"<x", "text/turtle"), (b"", "application/x-ndjson"), (b"\n\n", "application/jsonl")):
        answer = desk.ask("POST", path, data=body, content_type=media_type)
        assert (answer.status_code, answer.get_json()["field"]) == (422, "body")
    assert desk.ask("POST", path, data=b"x", content_type="text/csv").status_code == 415


def test_a_job_that_waits_is_cancelled_by_its_producer(desk: Desk, keys: Keys) -> None:
    new = {"url": "https://cancelled.example.brussels/feed", "kind": "memory", "title": "Cancelled"}
    source = desk.ask("POST", "/api/1/harvest/sources/", json=new).location
    desk.catalogue.sources.approve("cancelled")
    job = desk.ask("POST", f"{source}run/").location
    assert desk.client.post(f"{job}cancel", headers={"X-API-KEY": keys.other}).status_code == 404
    answer = desk.ask("POST", f"{job}cancel")
    assert (answer.status_code, answer.get_json()["state"]) == (200, "aborted")
    assert answer.get_json()["error_code"] == "CANCELLED"
    assert desk.ask("POST", f"{job}cancel").status_code == 409


# --- one record of a report ------------------------------------------------------------------------------------------


def test_a_record_of_a_report_is_shown_raw_mapped_and_traced(desk: Desk) -> None:
    url = "https://items.example.brussels/feed"
    dirty = Dataset(title=texts(fr="Jeu"), description=texts(fr="Un jeu."), modified=Date("01/05/2023"))
    desk.memory.feeds[url] = Feed([record("dirty", dirty), record("bad", Dataset(title=(Text(" "),)))])
    source = desk.catalogue.sources.add(url, "memory", title="Items", publisher="commune").name
    job = desk.catalogue.runs.harvest(source).id
    items = {one["identifier"]: one for one in desk.client.get(f"/api/1/harvest/job/{job}/items/").get_json()["data"]}
    path = f"/api/1/harvest/item/{items['dirty']['id']}"
    raw = desk.ask("GET", f"{path}/raw")
    assert (raw.data, raw.headers["Cache-Control"]) == (record("dirty", dirty).body, "no-store")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    mapped = desk.ask("GET", f"{path}/mapped").get_json()
    assert (mapped["name"], mapped["modified"]) == (items["dirty"]["name"], "2023-05-01")
    changes = desk.ask("GET", f"{path}/trace").get_json()["changes"]
    assert ("dct:modified", "01/05/2023", "2023-05-01") in {
        (one["field"], one["raw"], one["published"]) for one in changes
    }
    assert desk.client.get(f"{path}/raw").status_code == 401
    refused = f"/api/1/harvest/item/{items['bad']['id']}"
    assert desk.ask("GET", f"{refused}/raw").status_code == 200
    for number in ("0", "-1", "x", "9" * 5000, "999999"):
        assert desk.ask("GET", f"/api/1/harvest/item/{number}/trace").status_code == 404
    desk.catalogue.records.withdraw(source, "dirty")
    assert desk.ask("GET", f"{path}/mapped").status_code == 404
