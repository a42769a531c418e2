"""What is said when something goes wrong, and the headers that hold even then."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.errors import Conflict, Forbidden, Invalid, NotFound, SettingsError, Unavailable
from catalogue.search.base import BadQuery, SearchUnavailable
from catalogue.service import Catalogue
from web.app import create_app
from web.errors import translate
from web.http import security

PASSWORD = "hunter2"
"""What must never be read by anybody."""
INSIDE = f"postgresql://datastore:{PASSWORD}@10.0.0.7/catalogue"

PLACES = (
    "/",
    "/fr/",
    "/fr/search",
    "/nl/nothing",
    "/catalog.nt",
    "/catalog.docx",
    "/catalog",
    "/search.json",
    "/search.atom",
    "/search.json?page=abc",
    "/id/dataset/nothing",
    "/dataset/nothing.ttl",
    "/publisher/nothing",
    "/robots.txt",
    "/sitemap.xml",
    "/healthz",
    "/readyz",
    "/api/1/search",
    "/api/1/openapi.json",
    "/api/1/nothing",
    "/api/1/harvest/sources/",
    "/api/1/harvest/backends/",
)


@pytest.fixture
def broken(app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A portal whose every question to database and index fails with an error that says too much."""

    def fail(*_: object, **__: object) -> None:
        raise Unavailable(f"could not connect to {INSIDE}")

    for noun, verb in (
        (filled.index, "generation"),
        (filled.entries, "named"),
        (filled.entries, "counts"),
        (filled.pieces, "all"),
        (filled.pieces, "page"),
        (filled.publishers, "all"),
        (filled.feed, "catalog"),
        (filled.keys, "authenticate"),
    ):
        monkeypatch.setattr(noun, verb, fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (Forbidden("x"), 403),
        (BadQuery("x", "page"), 400),
        (SearchUnavailable("x"), 503),
        (Unavailable("x"), 503),
        (SettingsError("x"), 500),
        (RecursionError("x"), 500),
        (KeyError("x"), 500),
    ],
)
def test_every_error_has_one_meaning(app: Flask, error: Exception, status: int) -> None:
    with app.test_request_context("/"):
        assert translate(error).problem.status == status


def test_a_bad_value_in_a_body_is_another_thing_than_in_an_address(app: Flask) -> None:
    with app.test_request_context("/", method="GET"):
        assert translate(Invalid("x", "page")).problem.status == 400
    with app.test_request_context("/", method="POST"):
        assert translate(Invalid("x", "url")).problem.status == 422
        assert translate(Invalid("x", "url")).problem.field == "url"


@pytest.mark.against("TC-10", "F-35")
@pytest.mark.parametrize(
    "path", ["/fr/", "/nl/dataset/x", "/catalog.ttl", "/catalog.ttl?page=1", "/search.json", "/api/1/search"]
)
def test_a_database_that_does_not_answer_is_503_and_says_nothing_of_the_inside(broken: FlaskClient, path: str) -> None:
    answer = broken.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert PASSWORD not in answer.get_data(as_text=True)
    assert "10.0.0.7" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/search.ttl", "/catalog.ttl?page=1&q=x", "/fr/search?bbox=4,50,5,51"])
def test_what_only_the_index_can_answer_is_never_an_empty_result(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail(*_: object) -> None:
        raise SearchUnavailable(f"https://elastic:{PASSWORD}@10.0.0.9:9200 refused")

    monkeypatch.setattr(filled.index, "search", fail)
    monkeypatch.setattr(filled.index, "listed", fail)
    answer = app.test_client().get(path)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert PASSWORD not in answer.get_data(as_text=True)
    assert app.test_client().get("/catalog.nt").status_code == 200


@pytest.mark.parametrize("path", ["/fr/", "/search.json", "/api/1/search", "/catalog.ttl"])
def test_a_fault_of_ours_is_one_sentence(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def fail() -> None:
        raise ZeroDivisionError(f"/srv/datastore/{PASSWORD}.py")

    monkeypatch.setattr(filled.index, "generation", fail)
    answer = app.test_client().get(path)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert PASSWORD not in text
    assert "Traceback" not in text
    assert "ZeroDivision" not in text


def test_a_feed_that_breaks_half_way_does_not_end_as_if_it_were_whole(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = list(filled.pieces.all())

    def break_off(**_: object) -> Iterator[object]:
        for number in range(1000):
            yield from pieces
            if number == 900:
                raise Unavailable("gone")

    monkeypatch.setattr(filled.pieces, "by_kind", break_off)
    answer = app.test_client().get("/catalog.nt", buffered=False)
    assert answer.status_code == 200
    with pytest.raises(Unavailable):
        b"".join(answer.response)


@pytest.mark.parametrize(
    "accept", ["*/*", "text/html", "application/json", "text/turtle", "image/png", "nonsense", "a/b/c;q=x"]
)
@pytest.mark.parametrize("path", ["/nothing", "/fr/nothing", "/api/1/nothing", "/catalog.docx"])
def test_what_is_not_there_is_404_whatever_is_accepted(client: FlaskClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.data


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/fr/search", "/catalog.ttl", "/api/1/search", "/id/dataset/x"])
def test_a_method_that_is_not_taken_names_those_that_are(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    forms = {"/api/1/search": "application/problem+json", "/catalog.ttl": "text/plain"}
    assert answer.mimetype == forms.get(path, "text/html")


# --- headers ---------------------------------------------------------------------------------------------------------


def check_headers(answer: TestResponse) -> None:
    """The list of robustness, section 5."""
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.against("TC-17")
@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_is_protected(client: FlaskClient, path: str, method: str) -> None:
    check_headers(client.open(path, method=method))


@pytest.mark.parametrize("path", PLACES)
def test_every_answer_of_a_broken_portal_is_protected(broken: FlaskClient, path: str) -> None:
    check_headers(broken.get(path))


@pytest.mark.parametrize("path", ["/catalog.nt", "/search.json", "/api/1/search", "/api/1/nothing", "/sitemap.xml"])
def test_data_is_open_to_scripts_of_other_sites(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_what_leads_from_a_name_to_data_is_open_too(client: FlaskClient, filled: Catalogue) -> None:
    (row,) = filled.entries.after("", 1)
    for path in (f"/id/{row.kind}/{row.id}", f"/{row.kind}/{row.name}", "/catalog", "/dumps"):
        answer = client.get(path, headers={"Accept": "text/html", "Origin": "https://elsewhere.example"})
        assert answer.status_code == 303
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


@pytest.mark.parametrize("path", ["/nowhere.ttl", "/sitemap/9.xml", "/source/x/runs.atom", "/search.docx"])
def test_at_addresses_of_data_there_is_no_page_where_nothing_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "*/*"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("/FR", "/fr/"),
        ("/Nl/search?q=v%C3%A9lo", "/nl/search?q=v%C3%A9lo"),
        ("/nl-BE/themes", "/nl/themes"),
        ("/de_DE/dataset/tunnels-routiers", "/de/dataset/tunnels-routiers"),
    ],
)
def test_a_language_written_otherwise_leads_to_the_page(client: FlaskClient, written: str, ours: str) -> None:
    answer = client.get(written, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (301, ours)


@pytest.mark.parametrize("path", ["/FR/nowhere/at/all", "/ES/search", "/france/search", "/EN/search.json"])
def test_what_is_no_page_in_any_spelling_leads_nowhere(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 404


@pytest.mark.parametrize("name", ["start", "rows", "skip", "startindex", "limit", "offset"])
@pytest.mark.parametrize("path", ["/search.json", "/fr/search", "/search.atom", "/api/1/datasets/"])
def test_who_would_read_the_first_page_for_ever_is_told(client: FlaskClient, path: str, name: str) -> None:
    answer = client.get(f"{path}?{name}=10")
    if path == "/api/1/datasets/" and name in {"limit", "offset"}:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, name in answer.text) == (400, True)


@pytest.mark.parametrize("page", ["0", "1000000", "99999999", "-1", "x"])
def test_a_page_that_cannot_be_is_refused_with_those_that_can(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/catalog.ttl?page={page}")
    assert answer.status_code == 400
    assert f"from 1 to 999999, not “{page}”" in answer.text
    assert client.get("/catalog.nt?page=999999").status_code == 200


def test_pages_are_not_open_to_scripts_of_other_sites(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/fr/search").headers


def test_over_https_browsers_are_told_to_stay_there(filled: Catalogue) -> None:
    app = create_app(replace(filled.settings, site_url="https://data.example.org"), filled)
    answer = app.test_client().get("/healthz")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert answer.headers["Content-Security-Policy"].endswith("; upgrade-insecure-requests")


def test_over_plain_http_they_are_not(filled: Catalogue) -> None:
    app = create_app(replace(filled.settings, site_url="http://127.0.0.1:5000"), filled)
    answer = app.test_client().get("/healthz")
    assert "Strict-Transport-Security" not in answer.headers
    assert "upgrade" not in answer.headers["Content-Security-Policy"]
    assert security.policy(over_https=False) == answer.headers["Content-Security-Policy"]


# --- a Host header that lies -----------------------------------------------------------------------------------------

LIE = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "gopher",
    "Forwarded": "host=evil.example",
}


@pytest.mark.parametrize("path", [*PLACES, "/catalog.ttl?page=1", "//evil.example/..", "/api/1/harvest/sources", "/fr"])
def test_no_answer_repeats_a_host_that_lies(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers=LIE)
    assert b"evil.example" not in answer.data.replace(b"//evil.example/..", b"")
    assert not re.match(r"(https?:)?//", answer.headers.get("Location", ""))


@pytest.mark.parametrize("path", ["/catalog.nt", "/search.json?q=vélo", "/fr/search?q=vélo", "/sitemap.xml"])
def test_headers_outside_the_key_of_caches_change_nothing(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    odd = client.get(
        path, headers={**LIE, "User-Agent": "x", "Cookie": "lang=de", "X-Original-URL": "/admin", "Referer": "y"}
    )
    assert plain.data == odd.data
    assert plain.headers["ETag"] == odd.headers["ETag"]


# --- hostile requests ------------------------------------------------------------------------------------------------


@pytest.mark.against("TC-04")
@pytest.mark.parametrize(
    "path",
    [
        "/dataset/%00.ttl",
        "/dataset/..%2f..%2fetc%2fpasswd.ttl",
        "/dataset/" + "a" * 5000 + ".ttl",
        "/id/dataset/%0d%0aX-Evil:1",
        "/id/" + "x" * 3000 + "/1",
        "/id/dataset/'%20OR%201=1--",
        "/publisher/%ff%fe.json",
        "/fr/dataset/x;.js",
        "/dataset/x.css",
        "/search.json?q=%00",
        "/search.json?q=" + "(" * 250,
        "/search.json?q[]=x&q[$ne]=y",
        "/search.json?facet=_source&size=1000000&from=1000000000",
        "/catalog.ttl?" + "&".join(f"theme=T{n}" for n in range(1000)),
        "/api/1/datasets/?after=" + "x" * 5000,
        "/api/1/datasets/?after=%0d%0a",
        "/api/1/datasets/%00",
        "/fr/source/open-towns/run/" + "9" * 30,
        "/fr/source/open-towns/run/٣",
    ],
)
def test_hostile_addresses_are_refused_calmly(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code < 500
    assert "X-Evil" not in answer.headers
