"""Several requests for one record, and sources that are one document."""

import gzip
import socket
from collections.abc import Callable

import loopback
import pytest
from loopback import Answer, Request, Server

from harvesters import details, document
from harvesters.base import Crawl, HarvestError
from harvesters.details import one_by_one
from harvesters.http import Client, Pace


def failing(*bad: int, code: str = "HTTP_STATUS") -> tuple[Callable[[int], str], list[int]]:
    asked: list[int] = []

    def ask(number: int) -> str:
        asked.append(number)
        if number in bad:
            raise HarvestError(code, f"Record {number} is gone.", "https://s.example/")
        return f"record {number}"

    return ask, asked


def test_a_record_that_cannot_be_had_costs_itself_and_the_proof() -> None:
    crawl = Crawl()
    ask, _ = failing(1, 3)
    assert list(one_by_one(range(5), ask, crawl, "https://s.example/")) == ["record 0", "record 2", "record 4"]
    assert [(found.rule, found.field) for found in crawl.findings] == [
        ("record-unreadable", "1"),
        ("record-unreadable", "3"),
    ]
    assert len(crawl.incomplete) == 2


def test_a_source_that_breaks_down_stops_the_run() -> None:
    ask, asked = failing(*range(5, 100))
    with pytest.raises(HarvestError):
        list(one_by_one(range(100), ask, Crawl(), "https://s.example/"))
    assert len(asked) == 5 + details.LOST_IN_A_ROW + 1


@pytest.mark.parametrize("code", ["DEADLINE", "RETRY_LATER", "UNREACHABLE"])
def test_what_no_record_causes_stops_the_run_at_once(code: str) -> None:
    ask, asked = failing(2, code=code)
    with pytest.raises(HarvestError):
        list(one_by_one(range(100), ask, Crawl(), "https://s.example/"))
    assert len(asked) == 3


def test_no_run_reads_more_records_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "MOST_RECORDS", 3)
    crawl = Crawl()
    assert len(list(one_by_one(range(9), failing()[0], crawl, "https://s.example/"))) == 3
    assert crawl.incomplete == ["Only the first 3 records were read."]


# --- one document -----------------------------------------------------------------------------------------------------


def fetch(server: Server, crawl: Crawl, *, ends_itself: bool = True) -> bytes | None:
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
        url = server.url("/list.csv")
        found = document.fetched(url, client, crawl, accept="*/*", ends_itself=lambda _: ends_itself)
    return found.body if found else None


def test_a_document_is_asked_whether_it_changed() -> None:
    def routes(request: Request) -> Answer:
        same = request.headers.get("if-none-match") == '"1"'
        return Answer(b"", "", 304) if same else Answer(b"a;b", "text/csv", headers={"ETag": '"1"'})

    with loopback.running(loopback.site(routes)) as server:
        first = Crawl()
        assert fetch(server, first) == b"a;b"
        assert (first.pages, first.unchanged, first.validators) == (1, False, {"If-None-Match": '"1"'})
        again = Crawl(known=first.validators)
        assert fetch(server, again) is None
        assert again.unchanged


def test_a_packed_document_is_unpacked() -> None:
    with loopback.running(loopback.always(Answer(gzip.compress(b"a;b"), "application/gzip"))) as server:
        assert fetch(server, Crawl(), ends_itself=False) == b"a;b"


@pytest.mark.parametrize(("ends_itself", "reasons"), [(True, 0), (False, 1)])
def test_a_document_that_may_be_cut_proves_nothing(*, ends_itself: bool, reasons: int) -> None:
    def behave(server: Server, request: Request, sock: socket.socket) -> bool:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\na;b")
        return False

    with loopback.running(Server(behave)) as server:
        crawl = Crawl()
        fetch(server, crawl, ends_itself=ends_itself)
    assert len(crawl.incomplete) == reasons


def test_a_document_of_json_says_nothing_when_it_did_not_change() -> None:
    def routes(request: Request) -> Answer:
        return Answer(b"", "", 304) if "if-none-match" in request.headers else Answer(b'{"a": 1}', "application/json")

    with (
        loopback.running(loopback.site(routes)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client,
    ):
        assert document.fetched_json(server.url(), client, Crawl()) == {"a": 1}
        assert document.fetched_json(server.url(), client, Crawl(known={"If-None-Match": '"1"'})) is None
