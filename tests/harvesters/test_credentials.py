"""Credentials of a source: they reach its server, and nothing else."""

from collections.abc import Iterator
from typing import Any

import loopback
import pytest
from loopback import Answer, Request, Server

from harvesters.base import HarvestError
from harvesters.http import Client, Pace
from harvesters.http.credentials import HIDDEN, Credentials, parse

SECRET = "s3cret-Key/42"
FORMS: list[dict[str, Any]] = [
    {"bearer": SECRET},
    {"basic": f"reader:{SECRET}"},
    {"header": {"X-API-Key": SECRET}},
    {"query": {"apikey": SECRET}},
]


def wanting(credentials: Credentials) -> Server:
    """A server that lets in who shows them; it leads to another server and repeats what it is asked."""

    def routes(request: Request) -> Answer | None:
        shown = {name: request.headers.get(name.lower()) for name in credentials.headers}
        asked = {name: request.query.get(name) for name in credentials.query}
        if (shown, asked) != (credentials.headers, credentials.query):
            return Answer(b"who are you", status=401)
        if request.path == "/away":
            return Answer(b"", "", 302, {"Location": request.query["to"]})
        if request.path == "/within":
            return Answer(b"", "", 302, {"Location": f"/again?x=1&{request.target.partition('?')[2]}"})
        return Answer(b"come in", headers={"Link": f'<{request.target}>; rel="next"'})

    return loopback.site(routes)


@pytest.fixture(params=FORMS, ids=lambda form: next(iter(form)))
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Server, Credentials]]:
    with loopback.running(wanting(parse(request.param, "http://x.example/"))) as running:
        yield running, parse(request.param, running.url("/api"))


def client(credentials: Credentials | None = None) -> Client:
    return Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5, credentials=credentials)


def test_who_shows_them_is_let_in(server: tuple[Server, Credentials]) -> None:
    site, credentials = server
    with client() as web, pytest.raises(HarvestError, match="401"):
        web.get(site.url("/data?page=1"))
    with client(credentials) as web:
        answer = web.get(site.url("/data?page=1"))
        assert (answer.body, answer.url) == (b"come in", site.url("/data?page=1"))
        assert web.start(site.url("/data"), 4).body == b"come"


def test_no_other_server_sees_them(server: tuple[Server, Credentials]) -> None:
    site, credentials = server
    with loopback.running(loopback.always(Answer(b"elsewhere"))) as other, client(credentials) as web:
        web.get(site.url(f"/away?to={other.url('/there')}"))
        web.get(other.url("/directly"))
        for request in other.requests:
            assert SECRET not in request.target
            assert not credentials.headers.keys() & {name.title() for name in request.headers}
            assert all(SECRET not in value for value in request.headers.values())
            assert "authorization" not in request.headers


def test_an_answer_and_a_fault_tell_nothing_of_them(server: tuple[Server, Credentials]) -> None:
    site, credentials = server
    with client(credentials) as web:
        answer = web.get(site.url("/within?y=2"))
        assert answer.url.startswith(site.url("/again?x=1"))
        assert credentials.hide(answer.url) == answer.url
        repeated = web.get(credentials.on(site.url("/data")))  # as paging links of some sources repeat them
        assert repeated.url == site.url("/data")
    with client(credentials) as web, pytest.raises(HarvestError) as caught:
        web.get(site.url("/data").replace(str(site.port), "1"))
    assert credentials.hide(f"{caught.value} {caught.value.where}") == f"{caught.value} {caught.value.where}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: next(iter(form)))
def test_a_text_is_freed_of_them(form: dict[str, Any]) -> None:
    credentials = parse(form, "https://s.example/")
    for said in (SECRET, "s3cret-Key%2F42", *credentials.headers.values()):
        hidden = credentials.hide(f"https://s.example/?k={said} said {said}")
        assert SECRET not in hidden
        assert "s3cret-Key%2F42" not in hidden
        assert HIDDEN in hidden
    assert SECRET not in repr(credentials)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"token": "x"},
        {"bearer": ""},
        {"bearer": ["x"]},
        {"bearer": "two words"},
        {"basic": "no-colon"},
        {"header": {"Host": "inside"}},
        {"header": {"User-Agent": "x"}},
        {"header": {"X Key": "v"}},
        {"header": {"X-Key": "v\r\nHost: inside"}},
        {"header": {"X-Key": ""}},
        {"header": "X-Key: v"},
        {"query": {"": "v"}},
        {"query": ["v"]},
    ],
    ids=str,
)
def test_what_are_no_credentials_is_refused_with_a_sentence_that_repeats_none(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.\Z") as caught:
        parse(said, "https://s.example/")
    assert "inside" not in str(caught.value)
