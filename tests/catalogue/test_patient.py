"""The server itself: slow clients cost no thread, long bodies end in time, and whether it lives is always answered."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.request import urlopen

import pytest
from commands import datastore, started

from catalogue.settings import Settings
from catalogue.work import patient
from web.http.security import headers

HEAD = b"GET /fr/ HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = (
    b"POST /fr/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\nurl="
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A portal, one process of it."""
    folder = tmp_path_factory.mktemp("served")
    datastore(folder, "init")
    with started(folder, "serve", "--port", "0", "--workers", "1", "--no-worker") as portal:
        found = int(portal.wait_for(r"The portal: http://127\.0\.0\.1:(\d+)/")[1])
        portal.wait_for("Booting worker")
        yield found
        assert portal.stop() == 0


def seconds(port: int, path: str) -> float:
    """How long an answer takes."""
    began = time.monotonic()
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        assert answer.read()
    return time.monotonic() - began


def said(client: socket.socket) -> bytes:
    """What the server says until it closes the connection."""
    client.settimeout(60)
    found = b""
    while more := client.recv(65536):
        found += more
    return found


@pytest.mark.parametrize("start", [b"", HEAD, BODY])
@pytest.mark.parametrize("number", [60, 500])
def test_half_open_connections_keep_nobody_waiting(port: int, start: bytes, number: int) -> None:
    seconds(port, "/fr/")
    with ExitStack() as open_ones:
        for _ in range(number):
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            client.sendall(start)
        assert max(seconds(port, path) for path in ("/healthz", "/fr/", "/healthz", "/fr/")) < 20


def test_whoever_was_answered_and_stays_keeps_nobody_waiting(port: int) -> None:
    with ExitStack() as open_ones:
        for _ in range(60):  # two seconds for each would be two minutes
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            client.sendall(b"GET /fr/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert seconds(port, "/healthz")
        assert b" 404 " in said(client).partition(b"\r\n")[0]


def test_a_connection_is_closed_in_the_end_without_waiting_for_the_client() -> None:
    ours, theirs = socket.socketpair()
    left: list[patient.Caller] = []
    with ours, theirs:
        caller = patient.Caller(left.append, None, ours, None, None)
        caller.close(graceful=True)  # gunicorn's own waits for two seconds, and closes it
        assert left == [caller]
        assert ours.fileno() >= 0


def test_a_head_that_does_not_come_in_time_is_sent_away(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(HEAD)
        assert said(client).startswith(b"HTTP/1.1 408 ")


def test_a_head_without_end_is_sent_away(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + b"x" * 2 * patient.HEAD_BYTES)
        assert said(client).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/9.1\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nBad Name<script>: 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 150 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: odd\r\n\r\n0\r\n\r\n", 501),
        (b"GET /" + b"x" * 2 * patient.HEAD_BYTES, 431),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 200),
    ],
)
def test_what_the_server_answers_by_itself_carries_our_headers_and_repeats_nothing(
    port: int, request_: bytes, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(request_)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        body = answer.read().decode()
    assert answer.status == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert headers(Settings(site_url="https://data.example.org")).items() <= dict(answer.headers).items()
    assert answer.headers["Server"] is None
    assert "script" not in body
    assert len(body) < 200


def test_pieces_however_small_make_a_request(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        for byte in b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
            client.sendall(bytes([byte]))
        assert said(client).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_used_again_and_again(port: int) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(3):
        client.request("POST", "/api/1/validate", b"", {"Content-Type": "text/turtle"})
        with client.getresponse() as answer:
            assert answer.read()
        client.request("GET", "/robots.txt")
        with client.getresponse() as answer:
            assert answer.read().startswith(b"User-agent")
    client.close()


@pytest.mark.parametrize("is_chunked", [True, False])
@pytest.mark.parametrize("size", [1_000, patient.BODY_BYTES * 3])
def test_bodies_of_every_size_arrive_whole(port: int, size: int, is_chunked: bool) -> None:
    body = b"# " + b"x" * size + b"\n<http://e.example/last> !"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = iter([body[:500], body[500:]]) if is_chunked else body
    client.request("POST", "/api/1/validate", sent, {"Content-Type": "text/turtle"}, encode_chunked=is_chunked)
    with client.getresponse() as answer:
        assert answer.status == 422
        assert "Line 2, column 25" in json.loads(answer.read())["detail"]
    client.close()


def test_what_is_announced_and_waited_for_is_taken(port: int) -> None:
    dataset = "<https://example.org/trees> a <http://www.w3.org/ns/dcat#Dataset>"
    body = f"{dataset}; <http://purl.org/dc/terms/title> 'Trees' .".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        head = b"POST /api/1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nConnection: close\r\n"
        client.sendall(head + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body))
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(body)
        assert b"HTTP/1.1 200 " in said(client)


def test_a_body_that_is_cut_at_the_limit_is_not_judged_as_if_it_were_whole(port: int) -> None:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    pieces = (b"# " + b"x" * 65_000 + b"\n" for _ in range(9 * 1024 * 1024 // 65_000))
    client.request("POST", "/api/1/validate", pieces, {"Content-Type": "text/turtle"}, encode_chunked=True)
    with client.getresponse() as answer:
        assert answer.status == 413
        assert len(answer.read()) < 1_000
    client.close()


@pytest.mark.parametrize("header", ["SCRIPT_NAME: /evil", "PATH_INFO: /evil", "X-Forwarded-Prefix: /evil"])
def test_a_neighbour_on_this_machine_is_believed_as_little_as_anybody(port: int, header: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET /fr/ HTTP/1.1\r\nHost: x\r\n{header}\r\nConnection: close\r\n\r\n".encode())
        assert b"evil" not in said(client)


def test_whether_it_lives_is_answered_while_every_thread_is_busy(port: int) -> None:
    with ExitStack() as open_ones:
        for _ in range(20):  # more than threads: readers of a page who take nothing of it
            client = open_ones.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(BODY.replace(b"100000", b"4") + b"x")
        for _ in range(20):
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert json.loads(answer.read()) == {"status": "ok"}


SMUGGLED = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"
TWO_LENGTHS = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 43\r\n\r\n",
    "a coding nobody knows": b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n",
    "chunked and something": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
}


@pytest.mark.against("TC-28")
@pytest.mark.parametrize("lengths", TWO_LENGTHS.values(), ids=TWO_LENGTHS)
def test_a_request_with_two_lengths_carries_no_second_one(port: int, lengths: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(
            b"POST /api/1/validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\n" + lengths + SMUGGLED
        )
        answers = said(client)
    assert answers.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), answers[:200]
    assert b"User-agent" not in answers
