"""`POST /api/1/validate`: a feed is checked before anybody registers it."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from commands import invoke, last_json
from flask import Flask
from flask.testing import FlaskClient
from loopback import LOOPBACK, Answer, Server, evil, pages, running
from tables_made import workbook
from werkzeug.test import TestResponse

from catalogue.checking.feed_check import Limits
from catalogue.checking.finding_report import CheckReport
from catalogue.demo.server import DATA
from catalogue.settings import Settings
from web.app import create_app
from web.http import trial

PROBLEM = "application/problem+json"
TREES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://example.org/trees> a dcat:Dataset ;
    dct:identifier "trees" ;
    dct:title "Arbres"@fr, "Bomen"@nl ;
    dct:description "Les arbres des rues."@fr, "De straatbomen."@nl ;
    dct:issued "no date" ;
    dct:accrualPeriodicity "monthly" .
"""
PACKAGE = {"id": "trees-1", "name": "trees", "title": "Arbres", "notes": "Les arbres.", "resources": [{"url": "x"}]}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("nothing"), fetch_allow=LOOPBACK)


@pytest.fixture(scope="module")
def client(settings: Settings) -> FlaskClient:
    """A producer without a key, at a portal whose database does not even exist."""
    return create_app(settings).test_client()


def sent(client: FlaskClient, body: bytes | str, media_type: str = "text/turtle") -> TestResponse:
    return client.post("/api/1/validate", data=body, content_type=media_type)


def named(client: FlaskClient, url: str, **more: Any) -> TestResponse:
    return client.post("/api/1/validate", json={"url": url, **more})


def refused(answer: TestResponse, status: int) -> str:
    """What a problem says."""
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM), answer.text
    assert answer.get_json()["status"] == status
    return str(answer.get_json()["detail"])


def test_scripts_of_other_sites_may_check_a_feed(client: FlaskClient) -> None:
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    beforehand = client.options("/api/1/validate", headers=asked).headers
    assert "POST" in beforehand["Access-Control-Allow-Methods"]
    answer = sent(client, TREES)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    change = client.options("/api/1/harvest/sources/", headers=asked).headers
    assert "POST" not in change["Access-Control-Allow-Methods"]


LIST = "titre;description;adresse de téléchargement\nÉcoles;Les écoles de la ville;https://a.example/e.csv\n"
PAGE = """<html><script type="application/ld+json">{"@context": "https://schema.org/", "@type": "Dataset",
"name": "Écoles", "description": "Les écoles de la ville."}</script></html>"""


@pytest.fixture
def feeds() -> Iterator[Server]:
    """Feeds on the network."""
    answers = {
        "/trees.ttl": Answer(TREES.encode(), "text/turtle"),
        "/page.html": Answer(b"<html><body>Log in</body></html>", "text/html"),
        **{
            f"/mobility/{path.name}": Answer(path.read_bytes().replace(b"{{base}}", b""), "text/turtle")
            for path in (DATA / "mobility").glob("*.ttl")
        },
    }
    with running(pages(answers)) as server:
        yield server


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (b'{"@context":{"a":"http://e.example/a"},"a":[' + b"{}," * 700_000 + b"{}]}", "application/ld+json"),
        (b"<http://e.example/> <http://e.example/p> (" + b"1 " * 700_000 + b").", "text/turtle"),
    ],
)
def test_a_document_that_costs_too_much_is_refused_and_the_next_one_is_read(
    client: FlaskClient, document: bytes, media_type: str
) -> None:
    said = refused(sent(client, document, media_type), 422)
    assert "The document cannot be read. Reading it took more than" in said
    assert "Split it into pages" in said
    assert sent(client, TREES).status_code == 200


# --- what is found ----------------------------------------------------------------------------------------------------


def test_a_feed_that_is_sent_is_reported_on(client: FlaskClient) -> None:
    answer = sent(client, TREES)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    report = msgspec.json.decode(answer.data, type=CheckReport)
    assert (report.resources, report.left_out, report.incomplete, report.refused) == (1, 0, (), ())
    assert report.violations == sum(one.severity == "violation" for one in report.findings)
    assert report.score is not None
    assert [hint.points for hint in report.hints] == sorted((hint.points for hint in report.hints), reverse=True)
    (dropped,) = [one for one in report.findings if one.field == "dct:issued"]
    assert (dropped.rule, dropped.value, dropped.subject) == ("date-invalid", "no date", "https://example.org/trees")
    assert dropped.message.keys() == dropped.fix.keys() == {"fr", "nl", "de", "en"}
    assert dropped.section


def test_a_repair_that_runs_do_not_mention_is_told(client: FlaskClient) -> None:
    findings = sent(client, TREES).get_json()["findings"]
    assert [one["value"] for one in findings if one["rule"] == "term-mapped"] == ["monthly"]


def test_the_answer_is_that_of_the_command(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "trees.ttl").write_text(TREES, "utf-8")
    told = last_json(invoke(tmp_path, "check", "trees.ttl", "--json", expect=1)[0])
    over_the_web = sent(client, TREES).get_json()
    assert {**told, "findings": []} == {**over_the_web, "findings": []}
    assert sorted(map(str, told["findings"])) == sorted(map(str, over_the_web["findings"]))


def test_a_feed_on_the_network_is_fetched(client: FlaskClient, feeds: Server) -> None:
    assert named(client, feeds.url("/trees.ttl")).get_json() == sent(client, TREES).get_json()
    assert feeds.asked() == ["/trees.ttl"]


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded"]
)
def test_a_vague_media_type_lets_the_first_bytes_decide(client: FlaskClient, media_type: str) -> None:
    assert sent(client, TREES, media_type).get_json()["resources"] == 1
    assert sent(client, json.dumps(PACKAGE), media_type).get_json()["resources"] == 1


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/csv", LIST.encode()),
        ("text/csv; charset=iso-8859-1", LIST.encode("latin-1")),
        ("application/vnd.ms-excel", LIST.encode("utf-16")),
        ("text/tab-separated-values", LIST.replace(";", "\t").encode()),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            workbook([line.split(";") for line in LIST.splitlines()]),
        ),
        ("text/html; charset=utf-8", PAGE.encode()),
    ],
)
def test_lists_and_pages_are_taken_by_their_own_names(client: FlaskClient, media_type: str, body: bytes) -> None:
    answer = sent(client, body, media_type)
    assert (answer.status_code, answer.get_json().get("resources")) == (200, 1), answer.text


def test_a_packed_feed_is_unpacked(client: FlaskClient) -> None:
    assert sent(client, gzip.compress(TREES.encode()), "application/gzip").get_json()["resources"] == 1


@pytest.mark.parametrize(
    "document",
    [
        PACKAGE,
        [PACKAGE],
        {"success": True, "result": PACKAGE},
        {"success": True, "result": {"count": 1, "results": [PACKAGE]}},
    ],
)
def test_packages_of_ckan_are_checked_as_such(client: FlaskClient, document: object) -> None:
    report = client.post("/api/1/validate", json=document).get_json()
    assert report["resources"] == 1
    assert {one["subject"] for one in report["findings"]} == {"trees-1"}


def test_a_private_package_is_skipped_and_no_fault(client: FlaskClient) -> None:
    report = client.post("/api/1/validate", json=[PACKAGE, {**PACKAGE, "id": "two", "private": True}]).get_json()
    assert [one["identifier"] for one in report["skipped"]] == ["two"]
    assert report["refused"] == []


def test_json_ld_is_no_package(client: FlaskClient) -> None:
    document = {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@id": "https://example.org/trees",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": "Bomen", "@language": "nl"},
    }
    assert sent(client, json.dumps(document), "application/json").get_json()["resources"] == 1


def test_the_description_of_the_catalogue_is_checked_too(client: FlaskClient) -> None:
    catalog = "<https://example.org/> a dcat:Catalog ; dcat:dataset <https://example.org/trees> ."
    findings = sent(client, TREES + catalog).get_json()["findings"]
    missing = {one["field"] for one in findings if one["subject"] == "https://example.org/"}
    assert {"dct:title", "dct:description", "dct:publisher"} <= missing


# --- limits -----------------------------------------------------------------------------------------------------------


def test_only_so_many_records_are_checked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LIMITS", Limits(records=2, bytes=100_000))
    three = "".join(TREES.replace("trees", f"trees{number}") for number in range(3))
    report = sent(client, three).get_json()
    assert report["resources"] == 2
    assert report["incomplete"] == ["Only the first 2 records were checked."]
    assert sent(client, TREES + TREES.replace("trees", "two")).get_json()["incomplete"] == []


def test_the_worst_findings_are_listed_when_there_are_many(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sent(client, TREES).get_json()
    monkeypatch.setattr("web.api.validate.MOST_FINDINGS", 3)
    cut = sent(client, TREES).get_json()
    assert cut["left_out"] == len(whole["findings"]) - 3
    assert (cut["violations"], cut["warnings"]) == (whole["violations"], whole["warnings"])
    assert [one["severity"] for one in cut["findings"]] == [one["severity"] for one in whole["findings"]][:3]
    assert "info" not in {one["severity"] for one in cut["findings"]}


@pytest.mark.against("TC-12")
def test_a_body_that_is_too_large_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LIMITS", Limits(bytes=1_000))
    assert refused(sent(client, TREES + "#" * 1_000), 413)
    bomb = gzip.compress(b"#" * 100_000)
    assert len(bomb) < 1_000
    assert "is larger than" in refused(sent(client, bomb, "application/gzip"), 422)


def test_a_feed_that_takes_too_long_is_a_clear_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "LIMITS", Limits(seconds=0.5))
    with running(evil()) as server:
        answer = named(client, server.url("/drip-body"))
    assert "not complete after" in refused(answer, 422)
    assert answer.get_json()["field"] == "url"


def test_more_checks_than_one_process_makes_are_asked_to_come_back(client: FlaskClient) -> None:
    with trial.turn(), trial.turn():
        answer = sent(client, TREES)
        assert "Try again" in refused(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0
    assert sent(client, TREES).status_code == 200


# --- what cannot be checked -------------------------------------------------------------------------------------------


@pytest.mark.against("TC-03")
def test_addresses_inside_are_never_asked(settings: Settings) -> None:
    strict = create_app(Settings(data_dir=settings.data_dir)).test_client()
    with running(pages({"/trees.ttl": Answer(TREES.encode(), "text/turtle")})) as inside:
        for url in (
            inside.url("/trees.ttl"),
            f"http://localhost:{inside.port}/trees.ttl",
            f"http://[::ffff:127.0.0.1]:{inside.port}/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
        ):
            assert "may not be fetched" in refused(named(strict, url), 422), url
        assert inside.connections == 0


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "trees.ttl", "", "http://user:pw@example.org/"]
)
def test_what_is_no_web_address_is_refused(client: FlaskClient, url: str) -> None:
    answer = named(client, url)
    assert refused(answer, 422)
    assert answer.get_json()["field"] == "url"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": 5}, "url"),
        ({"url": "https://example.org/", "kind": "gopher"}, "kind"),
        ({"url": "https://example.org/", "depth": 3}, ""),
        ({"url": ["https://example.org/"]}, "url"),
    ],
)
def test_an_order_with_another_shape_is_refused(client: FlaskClient, body: object, field: str) -> None:
    answer = client.post("/api/1/validate", json=body)
    assert refused(answer, 422)
    assert answer.get_json().get("field", "") == field


def test_what_answers_no_feed_is_told(client: FlaskClient, feeds: Server) -> None:
    assert "HTML" in refused(named(client, feeds.url("/page.html")), 422)
    assert "404" in refused(named(client, feeds.url("/nowhere")), 422)


@pytest.mark.parametrize(
    ("body", "media_type", "words"),
    [
        ("", "text/turtle", "is empty"),
        ("@prefix x <", "text/turtle", "Line 1"),
        ("hello", "text/plain", "This is not Turtle"),
        ("{", "application/json", "This is not JSON"),
        ('{"a": 1}', "application/json", "describes no datasets"),
        ("[]", "application/json", "describes no datasets"),
        ("[[[[" * 100_000, "application/json", "cannot be read"),
        ("<html><body>Log in</body></html>", "text/html", "is a page for people"),
        ("<html><body>Log in</body></html>", "", "is a page for people"),
        ("x", "multipart/form-data", "Send text/turtle"),
        (
            "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>",
            "application/rdf+xml",
            "cannot be read",
        ),
    ],
)
def test_a_document_that_is_no_feed_is_told(client: FlaskClient, body: str, media_type: str, words: str) -> None:
    answer = sent(client, body, media_type)
    assert words in refused(answer, 415 if words.startswith("Send") else 422)
    assert "passwd" not in answer.text


def test_a_compressed_transfer_is_refused(client: FlaskClient) -> None:
    body = gzip.compress(TREES.encode())
    headers = {"Content-Encoding": "gzip"}
    assert refused(client.post("/api/1/validate", data=body, content_type="text/turtle", headers=headers), 415)


def test_it_only_takes_post(client: FlaskClient) -> None:
    assert refused(client.get("/api/1/validate"), 405)


def test_the_api_says_that_it_is_limited(app: Flask) -> None:
    said = app.test_client().get("/api/1/openapi.json").get_json()["paths"]["/api/1/validate"]["post"]
    assert {"200", "413", "415", "422", "429"} <= said["responses"].keys()
    assert {"text/turtle", "application/json"} <= said["requestBody"]["content"].keys()
    assert "security" not in said


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle", b"x" * 1_000_000),
        ("text/turtle", b"<a> a " + b"x" * 1_000_000 + b":y ."),
        ("application/json", b'{"url": "' + b"x" * 9_000 + b'"}'),
        ("application/json", b'{"url": "http://x.example/", "kind": "' + b"x" * 9_000 + b'"}'),
    ],
)
def test_what_was_sent_is_quoted_in_part(client: FlaskClient, media_type: str, body: bytes) -> None:
    answer = client.post("/api/1/validate", data=body, content_type=media_type)
    assert answer.status_code == 422
    assert re.search("x{190,200}…", answer.get_json()["detail"])
    assert len(answer.data) < 1_000


@pytest.mark.parametrize("body", [b'"', b'"never closed', b'null{"a"'])
def test_what_could_be_a_broken_table_is_told_to_be_no_feed(client: FlaskClient, body: bytes) -> None:
    refused(sent(client, body), 422)
