"""Addresses asked: a real server that behaves as servers do, through the door that the worker uses."""

import hashlib
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import loopback
import msgspec
import pytest
from commands import invoke
from factory import Memory, concept, open_catalogue, record, texts
from loopback import Answer, Request, Server

from catalogue import clock
from catalogue.links.real_format import real_format
from catalogue.links.rhythm import rhythm
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.addresses import AddressRow
from catalogue.work.asking import Asking, Gathering
from catalogue.work.worker import Worker
from dcat import vocab
from dcat.model import DataService, Dataset, Distribution, Document, Iri

CSV = b"name;value\nIxelles;1\n"
DATED = {"Last-Modified": "Mon, 04 May 2026 10:00:00 GMT", "ETag": '"a"'}


class Site:
    """A site whose answers a test sets by path; HEAD is answered as RFC 9110 wants it unless a test says otherwise."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.no_head: set[str] = set()
        self.no_range: set[str] = set()
        self.before: dict[str, Callable[[], None]] = {}
        """What a test does when an address (path) is asked for, before it is answered."""
        self.server = Server(self.behave)

    def behave(self, server: Server, request: Request, sock: socket.socket) -> bool:
        self.before.get(request.path, lambda: None)()
        if (name := request.path.strip("/").partition("/")[0]) in loopback.BEHAVIOURS:
            loopback.BEHAVIOURS[name](server, request, sock)
            return False
        answer = self.answers.get(request.path, Answer(b"nothing here", status=404))
        if request.method == "HEAD" and request.path in self.no_head:
            answer = Answer(status=405)
        part = self.part(answer, request)
        encoded = part.encode()
        sock.sendall(encoded[: len(encoded) - len(part.body)] if request.method == "HEAD" else encoded)
        return True

    def part(self, answer: Answer, request: Request) -> Answer:
        wanted = request.headers.get("range", "").removeprefix("bytes=0-")
        if not wanted or answer.status != 200 or request.path in self.no_range:
            return answer
        if not answer.body:
            return Answer(status=416, headers={"Content-Range": "bytes */0"})
        body = answer.body[: int(wanted) + 1]
        told = {"Content-Range": f"bytes 0-{len(body) - 1}/{len(answer.body)}"}
        return Answer(body, answer.media_type, 206, {**answer.headers, **told})

    def asked(self, path: str) -> list[str]:
        return [request.method for request in self.server.requests if request.path == path]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with loopback.running(made.server):
        yield made


@pytest.fixture
def links(tmp_path: Path, database_url: str, move_clock: object) -> Iterator[tuple[Catalogue, Memory]]:
    catalogue, memory = open_catalogue(
        tmp_path / "var", database_url=database_url, check_links=True, fetch_allow=loopback.LOOPBACK
    )
    catalogue.sources.add("https://agency.example/feed", "memory", title="Agency")
    yield catalogue, memory
    catalogue.close()


Ask = Callable[..., AddressRow]


@pytest.fixture
def ask(links: tuple[Catalogue, Memory], site: Site) -> Ask:
    """Publishes a dataset with a file at a path of the site, or asks again, and gives what is known of it then."""

    def once(path: str, format: str = "CSV") -> AddressRow:
        publish(links[0], path, file(site.server.url(path), format))
        work(links[0])
        return known(links[0], path)[site.server.url(path)]

    return once


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that never end are left after seconds; long enough for a good answer on a busy machine."""
    monkeypatch.setattr("catalogue.links.asking.SECONDS", 6.0)
    monkeypatch.setattr("catalogue.links.asking.STEP", 3.0)


def file(url: str, format: str) -> Distribution:
    return Distribution(access_url=(Iri(url),), download_url=(Iri(url),), format=concept(vocab.FORMATS, format))


def publish(catalogue: Catalogue, path: str, *files: Distribution, **more: Any) -> None:
    name = path.strip("/").replace("/", "-").replace(".", "-") or "root"
    entry = Dataset(title=texts(fr=name), description=texts(fr=f"Les {name}."), distribution=files, **more)
    catalogue.records.push("agency", name, record(name, entry).body, "application/json")


def work(catalogue: Catalogue) -> None:
    Worker(catalogue, chores=(Gathering, Asking)).once()


def known(catalogue: Catalogue, path: str) -> Mapping[str, AddressRow]:
    name = path.strip("/").replace("/", "-").replace(".", "-") or "root"
    return catalogue.links.of_entry(catalogue.entries.named("dataset", name).id)


def facts(row: AddressRow) -> tuple[str, str]:
    return row.state, row.code


def test_a_small_file_is_measured(site: Site, ask: Ask) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv", headers=DATED)
    row = ask("/a.csv")
    assert facts(row) == ("works", "")
    assert (row.size, row.media_type, row.format) == (len(CSV), "text/csv", "CSV")
    assert row.checksum == hashlib.sha256(CSV).hexdigest()
    assert row.modified == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert (row.since, row.worked, row.failures) == (datetime(2026, 6, 1, 12, tzinfo=UTC),) * 2 + (0,)
    assert site.asked("/a.csv") == ["HEAD", "GET"]


def test_of_a_large_file_only_the_beginning_is_fetched(site: Site, ask: Ask) -> None:
    site.answers["/large.csv"] = Answer(CSV * 100_000, "text/csv", headers=DATED)
    row = ask("/large.csv")
    assert (row.size, row.format, row.checksum) == (len(CSV) * 100_000, "CSV", "")
    assert site.server.requests[-1].headers["range"] == "bytes=0-4095"
    assert site.server.requests[-1].headers["accept-encoding"] == "identity"


def test_a_file_that_the_head_proves_to_be_the_same_is_not_fetched_again(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv", headers=DATED)
    ask("/a.csv")
    moment = move_clock(timedelta(days=8))
    work(links[0])
    row = known(links[0], "/a.csv")[site.server.url("/a.csv")]
    assert site.asked("/a.csv") == ["HEAD", "GET", "HEAD"]
    assert (row.worked, row.asked, row.changes) == (moment, moment, ())
    assert row.checksum
    assert row.since == datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_it_is_asked_once_a_week_and_a_broken_one_sooner(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    ask("/a.csv")
    assert facts(ask("/404/b.csv")) == ("broken", "HTTP_404")
    before = len(site.asked("/a.csv")), len(site.asked("/404/b.csv"))
    move_clock(timedelta(hours=2))
    work(links[0])
    assert (len(site.asked("/a.csv")), len(site.asked("/404/b.csv"))) > before
    assert len(site.asked("/a.csv")) == before[0]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("path", "code"), [("/500/x", "HTTP_500"), ("/reset/x", "BROKEN_OFF"), ("/hang/x", "TIMEOUT")])
def test_what_may_pass_is_believed_the_second_time(
    links: tuple[Catalogue, Memory],
    ask: Ask,
    site: Site,
    path: str,
    code: str,
    move_clock: Callable[[timedelta], datetime],
) -> None:
    first = ask(path)
    assert facts(first) == ("", code)
    move_clock(timedelta(hours=2))
    work(links[0])
    row = known(links[0], path)[site.server.url(path)]
    assert facts(row) == ("broken", code)
    assert (row.since, row.worked) == (first.failed, None)


def test_what_works_again_says_since_when(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    assert ask("/a.csv").state == "broken"
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    moment = move_clock(timedelta(hours=2))
    work(links[0])
    row = known(links[0], "/a.csv")[site.server.url("/a.csv")]
    assert (row.state, row.since, row.failures, row.failed) == ("works", moment, 0, None)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/redirect-loop", "TOO_MANY_REDIRECTS"),
        ("/redirect-nowhere", "REDIRECT"),
        ("/drip-headers/x", "DEADLINE"),
        ("/bad-status/x", "BROKEN_OFF"),
    ],
)
def test_what_leads_nowhere_has_its_reason(ask: Ask, path: str, code: str) -> None:
    assert ask(path).code == code


def test_a_server_that_knows_no_head_is_asked_for_the_beginning(site: Site, ask: Ask) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    site.no_head.add("/a.csv")
    row = ask("/a.csv")
    assert (row.state, row.size, row.checksum) == ("works", len(CSV), hashlib.sha256(CSV).hexdigest())


def test_a_server_that_knows_no_ranges_is_left_after_the_beginning(site: Site, ask: Ask) -> None:
    site.answers["/large.csv"] = Answer(CSV * 100_000, "text/csv")
    site.no_range.add("/large.csv")
    site.no_head.add("/large.csv")
    row = ask("/large.csv")
    assert (row.state, row.size, row.checksum) == ("works", len(CSV) * 100_000, "")


def test_a_file_shorter_than_it_says_has_no_checksum(ask: Ask) -> None:
    assert facts(ask("/cut-body/x")) == ("", "BROKEN_OFF")


def test_an_empty_file_is_there(site: Site, ask: Ask) -> None:
    site.answers["/empty.csv"] = Answer(b"", "text/csv")
    row = ask("/empty.csv")
    assert (row.state, row.size) == ("works", 0)


def test_a_page_in_place_of_the_file_is_told_by_its_format(site: Site, ask: Ask) -> None:
    site.answers["/a.csv"] = Answer(loopback.PAGE, "text/csv")
    assert ask("/a.csv").format == "HTML"


@pytest.mark.parametrize("status", [401, 403])
def test_who_lets_no_program_in_is_not_broken(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, status: int, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.answers["/a.csv"] = Answer(b"no", status=status)
    ask("/a.csv")
    move_clock(timedelta(hours=2))
    work(links[0])
    assert facts(known(links[0], "/a.csv")[site.server.url("/a.csv")]) == ("blocked", f"HTTP_{status}")


def test_a_robots_file_is_obeyed(site: Site, ask: Ask) -> None:
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /private/\n")
    site.answers["/private/a.csv"] = Answer(CSV, "text/csv")
    assert facts(ask("/private/a.csv")) == ("blocked", "ROBOTS")
    assert site.asked("/private/a.csv") == []


def test_a_robots_file_that_cannot_be_read_keeps_us_out(site: Site, ask: Ask) -> None:
    site.answers["/robots.txt"] = Answer(b"oops", status=500)
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    assert facts(ask("/a.csv")) == ("blocked", "NO_ROBOTS")
    assert site.asked("/a.csv") == []


def test_a_host_that_wants_a_pause_gets_it_for_all_its_addresses(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    for path in ("/1.csv", "/2.csv", "/3.csv"):
        site.answers[path] = Answer(b"", status=429, headers={"Retry-After": "7200"})
    publish(links[0], "/x", *(file(site.server.url(path), "CSV") for path in ("/1.csv", "/2.csv", "/3.csv")))
    work(links[0])
    move_clock(timedelta(minutes=90))
    work(links[0])
    assert [request.path for request in site.server.requests].count("/robots.txt") == 1
    assert len(site.server.requests) == 2
    assert {row.state for row in known(links[0], "/x").values()} == {""}


def test_a_host_that_is_gone_is_asked_once_for_all(links: tuple[Catalogue, Memory], ask: Ask, site: Site) -> None:
    closed = loopback.always(Answer())
    closed.server_close()
    publish(links[0], "/x", *(file(closed.url(f"/{number}.csv"), "CSV") for number in range(3)))
    work(links[0])
    assert {facts(row) for row in known(links[0], "/x").values()} == {("", "UNREACHABLE")}


def test_what_may_not_be_fetched_from_here_is_not_called_broken(links: tuple[Catalogue, Memory]) -> None:
    publish(links[0], "/x", file("http://10.1.2.3/a.csv", "CSV"))
    work(links[0])
    assert facts(known(links[0], "/x")["http://10.1.2.3/a.csv"]) == ("", "ADDRESS_NOT_ALLOWED")


def test_pages_and_services_are_asked_with_a_head_alone(links: tuple[Catalogue, Memory], site: Site, ask: Ask) -> None:
    site.answers["/about"] = Answer(loopback.PAGE, "text/html")
    site.answers["/wfs"] = Answer(b"which request?", status=400)
    publish(links[0], "/x", landing_page=(Document(iri=Iri(site.server.url("/about"))),))
    service = DataService(
        title=texts(fr="wfs"), description=texts(fr="Le wfs."), endpoint_url=(Iri(site.server.url("/wfs")),)
    )
    links[0].records.push("agency", "wfs", record("wfs", service).body, "application/json")
    work(links[0])
    assert known(links[0], "/x")[site.server.url("/about")].state == "works"
    assert site.asked("/about") == ["HEAD"]
    assert [row.state for row in links[0].links.of_entry(links[0].entries.named("service", "wfs").id).values()] == [
        "works"
    ]


def test_an_address_that_nobody_leads_to_any_more_is_forgotten(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask
) -> None:
    ask("/404/a.csv")
    assert links[0].links.counts() == {"broken": 1}
    links[0].records.withdraw("agency", "404-a-csv")
    work(links[0])
    assert links[0].links.counts() == {}


def test_the_quality_score_counts_what_answers(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    publish(links[0], "/a.csv", file(site.server.url("/a.csv"), "CSV"))
    assert measures(links[0], "a-csv") == {"access-url-status": (0, 0), "download-url-status": (0, 0)}
    work(links[0])
    assert measures(links[0], "a-csv") == {"access-url-status": (1, 1), "download-url-status": (1, 1)}
    del site.answers["/a.csv"]
    move_clock(timedelta(days=8))
    work(links[0])
    assert measures(links[0], "a-csv") == {"access-url-status": (0, 1), "download-url-status": (0, 1)}


def test_a_record_that_comes_again_keeps_what_is_known_of_its_addresses(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    ask("/a.csv")
    before = links[0].entries.named("dataset", "a-csv")
    publish(links[0], "/a.csv", file(site.server.url("/a.csv"), "CSV"))
    after = links[0].entries.named("dataset", "a-csv")
    assert after.revision == before.revision
    assert measures(links[0], "a-csv")["access-url-status"] == (1, 1)


def test_what_is_measured_changes_nothing_that_the_source_said(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv", headers=DATED)
    publish(links[0], "/a.csv", file(site.server.url("/a.csv"), "CSV"))
    before = links[0].entries.named("dataset", "a-csv").entry
    work(links[0])
    assert links[0].entries.named("dataset", "a-csv").entry == before


def measures(catalogue: Catalogue, name: str) -> dict[str, tuple[int, int]]:
    """Fulfilled and counted of what asks whether addresses answer."""
    score = catalogue.entries.named("dataset", name).score
    assert score is not None
    return {one.code: (one.fulfilled, one.counted) for one in score.measures if one.code.endswith("-status")}


def test_changes_are_seen_and_make_a_rhythm(
    links: tuple[Catalogue, Memory], site: Site, ask: Ask, move_clock: Callable[[timedelta], datetime]
) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv")
    ask("/a.csv")
    for month in range(4):
        site.answers["/a.csv"] = Answer(CSV + b"x" * (month + 1), "text/csv")
        move_clock(timedelta(days=30))
        work(links[0])
    row = known(links[0], "/a.csv")[site.server.url("/a.csv")]
    assert len(row.changes) == 4
    assert rhythm(row.changes) == "MONTHLY"


def test_too_few_or_uneven_changes_make_no_rhythm() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert rhythm([start, start + timedelta(days=30), start + timedelta(days=60)]) == ""
    assert rhythm([start + timedelta(days=day) for day in (0, 1, 90, 91, 200)]) == ""
    assert rhythm([start + timedelta(days=91 * number) for number in range(5)]) == "QUARTERLY"


@pytest.mark.parametrize(
    ("start", "media_type", "code"),
    [
        (b"%PDF-1.7", "text/csv", "PDF"),
        (b"PK\x03\x04....xl/workbook.xml", "application/zip", "XLSX"),
        (b"PK\x03\x04....roads.shp", "", "ZIP"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "", "ODS"),
        (b'\xef\xbb\xbf{"type": "FeatureCollection"', "application/json", "GEOJSON"),
        (b'{"a": 1}', "text/plain", "JSON"),
        (b"<?xml version='1.0'?><kml>", "text/xml", "KML"),
        (b"<!DOCTYPE html><html>", "text/csv", "HTML"),
        (b"a;b\n1;2", "text/csv", "CSV"),
        (b"a;b\n1;2", "application/octet-stream", ""),
        (b"PAR1", "", "PARQUET"),
        (b"", "application/pdf", "PDF"),
        (b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel", "XLS"),
    ],
)
def test_the_real_format_is_told_from_the_bytes(start: bytes, media_type: str, code: str) -> None:
    assert real_format(start, media_type) == code
    assert not code or code in vocab.FORMATS.by_code


def test_nothing_is_asked_when_the_settings_say_so(tmp_path: Path, site: Site) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=loopback.LOOPBACK)
    catalogue.sources.add("https://agency.example/feed", "memory", title="Agency")
    publish(catalogue, "/a.csv", file(site.server.url("/a.csv"), "CSV"))
    work(catalogue)
    assert site.server.requests == []
    catalogue.close()


def test_asking_now_makes_the_addresses_of_an_entry_due(links: tuple[Catalogue, Memory], site: Site, ask: Ask) -> None:
    site.answers["/a.csv"] = Answer(CSV, "text/csv", headers=DATED)
    ask("/a.csv")
    assert links[0].links.ask_now(links[0].entries.named("dataset", "a-csv").id) == 1
    work(links[0])
    assert site.asked("/a.csv") == ["HEAD", "GET", "HEAD"]


@pytest.mark.usefixtures("impatient")
def test_an_answer_of_one_that_never_ends_is_left(ask: Ask) -> None:
    row = ask("/endless/x")
    assert row.state == "works"
    assert row.size is None
    assert msgspec.json.encode(row)


def test_told_to_stop_while_it_asks_it_ends_quietly_and_what_is_left_stays_due(
    links: tuple[Catalogue, Memory], site: Site
) -> None:
    catalogue, paths = links[0], ("/hang/a", "/hang/b")
    publish(catalogue, "/both", *(file(site.server.url(path), "CSV") for path in paths))
    worker = Worker(catalogue, chores=(Gathering, Asking))
    site.before.update(dict.fromkeys(paths, worker.stop.ask))
    worker.once()
    assert len([path for path in paths if site.asked(path)]) == 1
    assert {row.state for row in known(catalogue, "/both").values()} == {""}
    due = catalogue.links.due(clock.now())
    assert due
    assert due[0] == 2
    assert catalogue.links.due(clock.now(), 1) == (1, due[1])


def test_the_command_lists_what_is_broken_and_asks_again(tmp_path: Path, site: Site) -> None:
    options = {"CHECK_LINKS": "true"}
    invoke(tmp_path, "init", **options)
    invoke(tmp_path, "source", "add", "--kind", "push", "--title", "Agency", "--publisher", "agency", **options)
    turtle = f"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://a.example/d> a dcat:Dataset ; dct:title "Bancs"@fr ; dct:description "Les bancs."@fr ;
          dcat:distribution [ a dcat:Distribution ; dcat:accessURL <{site.server.url("/bancs.csv")}> ] ."""
    catalogue = Catalogue(
        Settings(data_dir=tmp_path / "var", site_url="https://data.example.org", fetch_allow=loopback.LOOPBACK)
    )
    catalogue.records.push("agency", "d", turtle.encode(), "text/turtle")
    catalogue.close()
    invoke(tmp_path, "worker", "--once", **options)
    shown, _ = invoke(tmp_path, "links", "list", **options)
    assert "1 broken" in shown
    assert "HTTP_404" in shown
    told, _ = invoke(tmp_path, "links", "list", "agency", "--json", **options)
    assert json.loads(told)["links"][0]["url"] == site.server.url("/bancs.csv")
    site.answers["/bancs.csv"] = Answer(CSV, "text/csv")
    assert invoke(tmp_path, "links", "ask", "bancs", **options)[0] == "1 address will be asked.\n"
    invoke(tmp_path, "worker", "--once", **options)
    assert "1 works, 0 broken" in invoke(tmp_path, "links", "list", **options)[0]
