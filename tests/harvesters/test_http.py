"""The way out: what it fetches, and how it gives up."""

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import loopback
import pytest
from loopback import Answer, Request, Server

from harvesters.errors import HarvestError
from harvesters.http import Client, Pace, Response
from harvesters.http.answers import not_what_was_asked, retry_after


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with loopback.running(loopback.evil()) as running:
        yield running


FOREVER = 30
"""Seconds after which something hangs, however busy the machine is."""


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(
        allow=loopback.LOOPBACK, read_timeout=0.5, page_deadline=0.7, backoff=0.01, max_bytes=2_000_000, pace=Pace(0)
    ) as client:
        yield client


@pytest.fixture
def patient() -> Iterator[Client]:
    """One that a busy machine does not make give up: for what is about answers and not about time."""
    with Client(allow=loopback.LOOPBACK, backoff=0.01, max_bytes=2_000_000, pace=Pace(0)) as client:
        yield client


def refused(client: Client, url: str) -> HarvestError:
    with pytest.raises(HarvestError) as caught:
        client.get(url)
    return caught.value


def test_an_answer_has_its_body_and_says_whether_its_end_is_proven(client: Client, server: Server) -> None:
    response = client.get(server.url("/fine"))
    assert (response.status, response.body, response.media_type) == (200, loopback.HELLO, "text/turtle")
    assert response.proven
    assert not client.get(server.url("/until-close")).proven


def test_we_say_who_we_are_and_ask_for_gzip_only(client: Client, server: Server) -> None:
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), user_agent="Portal\r\nX-Evil: 1 (+mailto:a@b.be)") as named:
        named.get(server.url("/fine"), accept="text/turtle")
    headers = server.requests[-1].headers
    assert headers["user-agent"] == "Portal X-Evil: 1 (+mailto:a@b.be)"
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept"] == "text/turtle"


def test_packed_answers_are_unpacked(client: Client, server: Server) -> None:
    assert client.get(server.url("/gzip")).body == loopback.HELLO


@pytest.mark.against("F-05")
@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("drip-body", "DEADLINE"),
        ("drip-body-without-length", "DEADLINE"),
        ("drip-headers", "DEADLINE"),
        ("hang", "DEADLINE"),
        ("cut-body", "BROKEN_OFF"),
        ("cut-chunked", "BROKEN_OFF"),
        ("cut-gzip", "BROKEN_OFF"),
        ("reset", "BROKEN_OFF"),
        ("bad-status", "BROKEN_OFF"),
        ("http-0.9", "BROKEN_OFF"),
        ("many-headers", "BROKEN_OFF"),
        ("long-header", "BROKEN_OFF"),
        ("broken-gzip", "NOT_GZIP"),
        ("brotli", "ENCODING"),
        ("two-codings", "ENCODING"),
        ("br-bomb", "ENCODING"),
        ("zstd-bomb", "ENCODING"),
        ("gzip-bomb", "TOO_LARGE"),
        ("endless", "TOO_LARGE"),
        ("piece-to-the-end", "BROKEN_OFF"),
        ("piece-less-than-nothing", "BROKEN_OFF"),
        ("two-lengths", "BROKEN_OFF"),
        ("500", "HTTP_STATUS"),
        ("404", "HTTP_STATUS"),
        ("403", "HTTP_STATUS"),
        ("redirect-loop", "TOO_MANY_REDIRECTS"),
        ("redirect-chain/30", "TOO_MANY_REDIRECTS"),
        ("redirect-nowhere", "REDIRECT"),
    ],
)
def test_a_bad_server_is_one_error_in_bounded_time(
    client: Client, patient: Client, server: Server, behaviour: str, code: str
) -> None:
    """A busy machine makes nobody give up who is not asked to: only what never ends has the short deadline."""
    client = client if code == "DEADLINE" else patient
    url = server.url(f"/{behaviour}")
    start = time.monotonic()
    error = refused(client, url)
    assert error.code == code
    assert error.where.startswith(server.url())
    assert str(error).endswith(".")
    assert time.monotonic() - start < FOREVER


@pytest.mark.against("F-05")
@pytest.mark.parametrize("behaviour", ["drip-headers", "drip-body", "hang"])
def test_the_deadline_is_kept_even_when_every_read_is_quick(server: Server, behaviour: str) -> None:
    with Client(allow=loopback.LOOPBACK, read_timeout=30, page_deadline=0.6, pace=Pace(0)) as client:
        start = time.monotonic()
        assert refused(client, server.url(f"/{behaviour}")).code == "DEADLINE"
        assert time.monotonic() - start < FOREVER


def test_a_run_has_a_deadline_of_its_own(server: Server) -> None:
    with Client(allow=loopback.LOOPBACK, deadline=0.2, pace=Pace(0)) as client:
        assert refused(client, server.url("/drip-body")).code == "DEADLINE"
        before = len(server.requests)
        assert refused(client, server.url("/fine")).code == "DEADLINE"
        assert len(server.requests) == before


def test_a_client_works_on_after_a_deadline(client: Client, server: Server) -> None:
    refused(client, server.url("/hang"))
    assert client.get(server.url("/fine")).body == loopback.HELLO


@pytest.mark.against("F-02")
def test_a_fault_that_passes_is_tried_again(patient: Client, server: Server) -> None:
    assert patient.get(server.url("/500-twice")).status == 200
    assert patient.get(server.url("/cut-once")).status == 200


@pytest.mark.against("F-03")
def test_a_refusal_for_good_is_not_tried_again(patient: Client, server: Server) -> None:
    assert refused(patient, server.url("/404?once")).status == 404
    assert server.asked().count("/404?once") == 1


def test_a_part_that_nobody_asked_for_is_not_taken_for_the_whole(patient: Client) -> None:
    part = Answer(b"<a> <b> <c> .", "text/turtle", 206, {"Content-Range": "bytes 0-12/90"})
    with loopback.running(loopback.always(part)) as server:
        error = refused(patient, server.url("/feed"))
    assert (error.code, "(206)" in str(error)) == ("BROKEN_OFF", True)


def test_five_redirects_are_followed_and_not_six(patient: Client, server: Server) -> None:
    assert patient.get(server.url("/redirect-chain/5")).url == server.url("/fine")
    assert refused(patient, server.url("/redirect-chain/6")).code == "TOO_MANY_REDIRECTS"


def test_a_cookie_holds_from_one_redirect_to_the_next_and_no_longer(patient: Client) -> None:
    """Servers that look whether cookies come back redirect for ever when they do not."""
    to_itself = Answer(status=302, headers={"Location": "/feed", "Set-Cookie": "seen=1; Path=/"})

    def routes(request: Request) -> Answer:
        return Answer(loopback.HELLO) if request.headers.get("cookie") == "seen=1" else to_itself

    with loopback.running(loopback.site(routes)) as site:
        for _ in range(2):
            assert patient.get(site.url("/feed")).body == loopback.HELLO
        assert ["cookie" in request.headers for request in site.requests] == [False, True, False, True]


def test_a_redirect_to_a_name_with_a_blank_is_followed(patient: Client) -> None:
    there = Answer(status=302, headers={"Location": "/open data.ttl"})
    with loopback.running(loopback.pages({"/feed": there, "/open%20data.ttl": Answer(loopback.HELLO)})) as site:
        assert patient.get(site.url("/feed")).body == loopback.HELLO


def test_a_redirect_to_no_address_says_so(patient: Client) -> None:
    with loopback.running(loopback.always(Answer(status=302, headers={"Location": "http://[feed"}))) as site:
        assert "redirects to 'http://[feed'" in str(refused(patient, site.url("/feed")))


@pytest.mark.parametrize("coding", ["utf-8", "none", "UTF8"])
def test_a_charset_in_the_place_of_the_coding_is_none(patient: Client, coding: str) -> None:
    with loopback.running(loopback.always(Answer(loopback.HELLO, headers={"Content-Encoding": coding}))) as site:
        assert patient.get(site.url("/feed")).body == loopback.HELLO


def test_what_is_still_being_made_is_asked_for_again(patient: Client) -> None:
    making = Answer(b'{"status": "pending"}', "application/json", 202, {"Retry-After": "90"})
    with loopback.running(loopback.always(making)) as site:
        error = not_what_was_asked(patient.get(site.url("/feed")), "a feed")
    assert (error.code, error.status) == ("RETRY_LATER", 202)
    assert error.retry_at
    assert 60 < (error.retry_at - datetime.now(UTC)).total_seconds() < 91


def test_who_asks_too_often_is_told_to_ask_more_slowly(patient: Client) -> None:
    with loopback.running(loopback.always(Answer(status=429))) as site:
        assert "`pace`" in str(refused(patient, site.url("/feed")))


@pytest.mark.against("TC-23")
@pytest.mark.parametrize("behaviour", ["redirect-with-bomb", "redirect-with-endless-body"])
def test_the_body_of_a_redirect_is_never_read(patient: Client, server: Server, behaviour: str) -> None:
    assert patient.get(server.url(f"/{behaviour}")).body == loopback.HELLO


FETCH_AND_WEIGH = """
import resource, sys
from harvesters.errors import HarvestError
from harvesters.http import Client, Pace
with Client(allow=["127.0.0.0/8"], pace=Pace(0)) as client:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        client.get(sys.argv[1])
    except HarvestError as error:
        assert error.code in {"TOO_LARGE", "BROKEN_OFF", "ENCODING"}, error
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.against("TC-23")
@pytest.mark.parametrize(
    "behaviour",
    [
        "gzip-bomb",
        "br-bomb",
        "zstd-bomb",
        "redirect-with-bomb",
        "redirect-with-zstd-bomb",
        "endless",
        "piece-to-the-end",
    ],
)
def test_a_bomb_costs_little_memory(server: Server, behaviour: str) -> None:
    run = [sys.executable, "-c", FETCH_AND_WEIGH, server.url(f"/{behaviour}")]
    grown = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)  # kilobytes
    assert grown < 50_000


WITHOUT_ROOM = """import resource, sys
from harvesters.errors import HarvestError
from harvesters.http import unpack

resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
unpack.IN_MEMORY = 10
try:
    unpack.gather([b"x" * 15] * 3, 1_000, "http://e.example/feed")
except HarvestError as error:
    print(error.code, error)
"""
"""In a process of its own, whose output is a pipe: no file of it may grow beyond a few bytes, as on a full disk."""


@pytest.mark.against("F-34")
def test_a_body_that_there_is_no_room_for_is_a_sentence() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT_ROOM], check=True, capture_output=True, text=True).stdout
    assert said.startswith("NO_ROOM http://e.example/feed could not be kept")
    assert "Make room there." in said


@pytest.mark.against("F-04")
@pytest.mark.parametrize("value", ["3600", "999999999", "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_long_retry_after_is_told_and_not_slept(client: Client, server: Server, value: str) -> None:
    start = time.monotonic()
    error = refused(client, server.url(f"/retry-after?value={value.replace(' ', '%20')}"))
    assert error.code == "RETRY_LATER"
    assert error.retry_at is not None
    hours = (error.retry_at - datetime.now(UTC)).total_seconds() / 3600
    assert 0.9 < hours <= 24
    assert time.monotonic() - start < FOREVER


@pytest.mark.parametrize("value", ["-5", "soon", "", "1.5", "Fri, 31 Dec 99999 23:59:59 GMT"])
def test_a_senseless_retry_after_is_ignored(patient: Client, server: Server, value: str) -> None:
    target = f"/retry-after?value={value.replace(' ', '%20')}&"
    assert refused(patient, server.url(target)).code == "HTTP_STATUS"
    assert server.asked().count(target) == 3


@pytest.mark.against("F-04")
def test_a_retry_after_is_seconds_or_a_date() -> None:
    now = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Thu, 01 Jan 2026 12:01:00 GMT", now) == 60
    assert retry_after("Thu, 01 Jan 2026 11:00:00 GMT", now) == 0
    assert retry_after(None, now) is None


def test_a_host_is_asked_at_its_pace(server: Server) -> None:
    with Client(allow=loopback.LOOPBACK, pace=Pace(0.2)) as client:
        start = time.monotonic()
        client.get(server.url("/fine"))
        client.get(server.url("/fine"))
        assert 0.2 <= time.monotonic() - start < FOREVER


@pytest.mark.against("F-26")
def test_two_runs_never_ask_one_host_at_once() -> None:
    """F-26: the sources of one host wait for each other, whichever client asks."""
    busy, most = [0], [0]

    def routes(request: Request) -> Answer:
        busy[0] += 1
        most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        busy[0] -= 1
        return Answer(b"ok")

    def run(url: str, pace: Pace) -> None:
        with Client(allow=loopback.LOOPBACK, pace=pace) as client:
            for _ in range(3):
                client.get(url)

    with loopback.running(loopback.site(routes)) as site:
        pace = Pace(0.01)
        threads = [threading.Thread(target=run, args=(site.url("/a"), pace)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(site.requests) == 12
    assert most == [1]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'<meta http-equiv="refresh" content="0; url=/other">', "text/html"),  # S73
        Answer(b"<script>location = '/other'</script>", "text/html"),
        Answer(b"ok", headers={"Refresh": "0; url=/other", "Location": "/other", "Link": "</other>; rel=next"}),  # S77
    ],
)
def test_only_redirects_redirect(client: Client, answer: Answer) -> None:
    with loopback.running(loopback.always(answer)) as site:
        assert client.get(site.url("/here")).url == site.url("/here")
        assert site.asked() == ["/here"]


def test_a_json_library_gets_json_and_nothing_else(client: Client) -> None:
    answers = {
        "/good": Answer(b'\xef\xbb\xbf{"a": "\xc3\xa9"}', "text/plain; charset=latin-1"),
        "/error": Answer(b'{"success": false}', "application/json", 409),
        "/page": Answer(loopback.PAGE, "application/json"),
        "/forbidden": Answer(loopback.PAGE, "text/html", 403),
        "/list": Answer(b"[]", "application/json"),
        "/empty": Answer(b"", "application/json"),
        "/controls": Answer(b'{\n"a": "x\ty\x01"}', "application/json"),
        "/packed": Answer(gzip.compress(b'{"a": "\xc3\xa9"}'), "application/json"),
    }
    with loopback.running(loopback.pages(answers)) as site, client.json_session() as session:
        assert session.get(site.url("/good")).json() == session.get(site.url("/packed")).json() == {"a": "é"}
        assert session.get(site.url("/controls")).json() == {"a": "x y "}
        assert session.get(site.url("/error")).status_code == 409
        for path, code in [("/page", "NOT_A_FEED"), ("/forbidden", "HTTP_STATUS"), ("/list", "NOT_A_FEED")]:
            with pytest.raises(HarvestError) as caught:
                session.get(site.url(path))
            assert caught.value.code == code
        with pytest.raises(HarvestError, match="answered with nothing"):
            session.get(site.url("/empty"))
        with pytest.raises(HarvestError, match="only reads"):
            session.post(site.url("/good"))


def test_the_media_type_has_no_parameters() -> None:
    response = Response("http://e/", 200, {"Content-Type": "Text/Turtle; charset=utf-8"}, b"", proven=True)
    assert response.media_type == "text/turtle"


@pytest.mark.parametrize(
    ("name", "begins"), [("endless", b"xxx"), ("gzip-bomb", b"\0\0\0"), ("fine", b"<ht"), ("gzip", b"<ht")]
)
def test_of_what_is_looked_into_only_the_beginning_is_fetched(server: Server, name: str, begins: bytes) -> None:
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), max_bytes=100, tries=1) as client:
        answer = client.start(server.url(f"/{name}"), 3)
    assert (answer.body, answer.proven) == (begins, False)


def test_the_beginning_of_what_cannot_be_had_is_a_fault(server: Server, patient: Client) -> None:
    for name, code in [("404", "HTTP_STATUS"), ("broken-gzip", "NOT_GZIP"), ("brotli", "ENCODING")]:
        with pytest.raises(HarvestError) as caught:
            patient.start(server.url(f"/{name}"), 100)
        assert caught.value.code == code
