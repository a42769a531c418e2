"""Folders of metadata files: what servers list, files that cannot be read, and no more than what changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from benchmarks.xml_portals import apache
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow
from dcat.rdf import TooCostly
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source
from harvesters.http import Client, Pace, Response
from harvesters.waf.listing import links

DATA = Path(__file__).parents[1] / "data"
RECORD = b"<http://e.example/good> a <http://www.w3.org/ns/dcat#Dataset>; <http://purl.org/dc/terms/title> 'T' ."
ISO = (DATA / "iso" / "dataset.xml").read_bytes()
BASE = "https://w.example/meta/"

LISTINGS = {
    "apache, a table": (
        (
            '<html><head><title>Index of /meta</title></head><table><tr><td><a href="?C=N;O=D">Name</a></td></tr>'
            '<tr><td><a href="/">Parent Directory</a></td><td> - </td></tr>'
            '<tr><td><a href="a%20b.xml">a b.xml</a></td><td>2026-01-31 10:00  </td><td>1.2K</td></tr>'
            '<tr><td><a href="sub/">sub/</a></td><td>2026-02-01 11:00  </td><td>  - </td></tr></table>'
            "<address>Apache/2.4 Server at w.example Port 443</address>"
        ),
        ["2026-01-31 10:00 1.2K", "2026-02-01 11:00 -"],
    ),
    "apache, plain": (
        (
            "<html><head><title>Index of /meta</title></head><pre>Name  Last modified  Size<hr>"
            '<a href="/">Parent Directory</a>  -\n<a href="a%20b.xml">a b.xml</a>  2026-01-31 10:00  1.2K\n'
            '<a href="sub/">sub/</a>  2026-02-01 11:00    -\n</pre>'
        ),
        ["2026-01-31 10:00 1.2K", "2026-02-01 11:00 -"],
    ),
    "nginx": (
        (
            '<html><head><title>Index of /meta/</title></head><h1>Index of /meta/</h1><pre><a href="../">../</a>\n'
            '<a href="a%20b.xml">a b.xml</a>   31-Jan-2026 10:00   1234\n'
            '<a href="sub/">sub/</a>  01-Feb-2026 11:00  -\n</pre>'
        ),
        ["31-Jan-2026 10:00 1234", "01-Feb-2026 11:00 -"],
    ),
    "iis": (
        (
            '<html><head><title>w.example - /meta/</title></head><H1>w.example - /meta/</H1><pre><A HREF="/">'
            "[To Parent Directory]</A><br><br> 1/31/2026 10:00 AM   1234 "
            '<A HREF="/meta/a%20b.xml">a b.xml</A><br> 2/1/2026 11:00 AM  &lt;dir&gt; '
            '<A HREF="/meta/sub/">sub</A><br></pre>'
        ),
        ["1/31/2026 10:00 AM 1234", "2/1/2026 11:00 AM <dir>"],
    ),
    "undated": ('<html><ul><li><a href="a%20b.xml">a b.xml</a><li><a href="./sub/">sub</a></ul></html>', ["", ""]),
}


def page(text: str) -> Response:
    return Response(BASE, 200, {"Content-Type": "text/html"}, text.encode(), True)


@pytest.mark.parametrize("server", LISTINGS)
def test_what_each_server_lists(server: str) -> None:
    text, dates = LISTINGS[server]
    found = links(page(text))
    assert [link.url for link in found] == [f"{BASE}a%20b.xml", f"{BASE}sub/"]
    assert [link.is_folder for link in found] == [False, True]
    assert [link.said for link in found] == dates


def test_names_are_addresses_as_browsers_follow_them() -> None:
    text = (
        '<html><title>Index of /meta</title><a href="a b.xml">a b</a><a href="./a%20b.xml">a b</a><a href="é.xml">é</a>'
    )
    assert [link.url for link in links(page(text))] == [f"{BASE}a%20b.xml", f"{BASE}é.xml"]


@pytest.mark.parametrize(
    "href",
    [
        "../x.xml",
        "/x.xml",
        "https://other.example/meta/x.xml",
        "http://w.example/meta/x.xml",
        "x.xml?v=1",
        "#a",
        "http://[",
        "%2e%2e/x.xml",
    ],
)
def test_what_lies_elsewhere_is_not_followed(href: str) -> None:
    assert links(page(f'<html><title>Index of /</title><a href="{href}">x</a></html>')) == []


def test_an_empty_folder_is_a_folder_and_a_page_is_none() -> None:
    assert links(page('<html><title>Index of /meta</title><a href="../">Parent</a></html>')) == []
    with pytest.raises(HarvestError, match="a page for people"):
        links(page('<html><title>Welcome</title><a href="/login">Log in</a></html>'))


# --- folders ----------------------------------------------------------------------------------------------------------


class Site:
    """Files on a loopback server, listed as Apache lists them, each with a date."""

    def __init__(self, **files: bytes) -> None:
        self.files = {
            name.replace("_", "/").replace("/xml", ".xml").replace("/ttl", ".ttl"): body for name, body in files.items()
        }
        self.dates: dict[str, str] = {}
        self.broken: dict[str, Answer] = {}

    def answer(self, request: Request) -> Answer | None:
        path = request.path.removeprefix("/")
        if path in self.broken:
            return self.broken[path]
        if path in self.files:
            return Answer(self.files[path], "application/octet-stream")
        if path and not path.endswith("/"):
            return None
        inside = [name.removeprefix(path) for name in self.files if name.startswith(path)]
        names = dict.fromkeys(f"{name.partition('/')[0]}/" if "/" in name else name for name in inside)
        listed = {name: self.dates.get(path + name, "2026-01-01 00:00") for name in names}
        return Answer(apache(listed, request.path), "text/html") if inside else None


def crawled(site: Site, crawl: Crawl | None = None, **config: Any) -> tuple[list[Fetched], Crawl, list[str]]:
    crawl = crawl or Crawl()
    with loopback.running(loopback.site(site.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url("/"), kind="waf", config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
            found = list(HARVESTERS["waf"].fetch(source, client, crawl))
        return found, crawl, server.asked()


def identifiers(found: list[Fetched]) -> list[str]:
    return [each.identifier for each in found]


def test_a_file_that_cannot_be_read_for_what_it_may_cost_is_refused_by_name_and_the_others_are_read() -> None:
    bomb = b"<http://e.example/> <http://e.example/p> (" + b"1 " * 500_000 + b")."
    found, crawl, _ = crawled(Site(bomb_ttl=bomb, good_ttl=RECORD))
    assert identifiers(found) == ["bomb.ttl", "good.ttl"]
    (lost,) = crawl.incomplete
    assert "/bomb.ttl cannot be read" in lost
    source = Source(id="s", name="s", title="S", url="http://e.example/", kind="waf", config={})
    with pytest.raises(TooCostly, match="Reading it took more than"):
        HARVESTERS["waf"].normalise(found[0], source)
    read = HARVESTERS["waf"].normalise(found[1], source).entry
    assert read is not None
    assert read.iri == "http://e.example/good"


def test_files_are_found_in_folders_as_deep_as_is_said() -> None:
    site = Site(a_xml=ISO, sub_b_xml=ISO, sub_sub_c_xml=ISO)
    assert identifiers(crawled(site)[0]) == ["a.xml", "sub/b.xml", "sub/sub/c.xml"]
    assert identifiers(crawled(site, depth=1)[0]) == ["a.xml", "sub/b.xml"]
    assert identifiers(crawled(site, depth=0)[0]) == ["a.xml"]


def test_names_that_are_not_wanted_are_left() -> None:
    found, crawl, asked = crawled(Site(a_xml=ISO, b_xml=ISO), only="b*")
    assert (identifiers(found), crawl.incomplete) == (["b.xml"], [])
    assert "/a.xml" not in asked


def test_a_file_that_does_not_answer_costs_itself_and_the_proof() -> None:
    site = Site(a_xml=ISO, b_xml=ISO, c_xml=ISO)
    site.broken["b.xml"] = Answer(b"no", status=404)
    found, crawl, _ = crawled(site)
    assert identifiers(found) == ["a.xml", "c.xml"]
    assert "b.xml" in crawl.incomplete[0]
    site.broken["b.xml"] = Answer(loopback.PAGE, "text/html")
    assert "a page for people" in crawled(site)[1].incomplete[0]


def test_a_folder_that_does_not_answer_costs_itself_and_the_proof() -> None:
    site = Site(a_xml=ISO, sub_b_xml=ISO)
    site.broken["sub/"] = Answer(b"no", status=403)
    found, crawl, _ = crawled(site)
    assert identifiers(found) == ["a.xml"]
    assert "403" in crawl.incomplete[0]


def test_several_records_of_one_file_are_told_apart() -> None:
    both = b"<all>" + ISO.split(b"?>")[1] + ISO.split(b"?>")[1].replace(b"arbres-2026", b"parcs-2026") + b"</all>"
    found, _, _ = crawled(Site(all_xml=both))
    assert identifiers(found) == ["all.xml#arbres-2026", "all.xml#parcs-2026"]
    versions = {each.identifier: each.version for each in found if isinstance(each, RawRecord)}
    again, _, asked = crawled(Site(all_xml=both), Crawl(versions=versions))
    assert identifiers(again) == identifiers(found)
    assert asked == ["/"]
    del versions["all.xml#arbres-2026"]
    again, _, asked = crawled(Site(all_xml=both), Crawl(versions=versions))
    assert identifiers(again) == identifiers(found)
    assert asked == ["/", "/all.xml"]


@pytest.mark.parametrize(
    ("copied", "folder"), [("/meta", "/meta/"), ("/meta/index.html", "/meta/"), ("/meta/?C=M", "/meta/")]
)
def test_an_address_is_cut_to_that_of_the_folder(copied: str, folder: str) -> None:
    assert HARVESTERS["waf"].site(f"https://w.example{copied}") == f"https://w.example{folder}"


def test_a_folder_is_known_by_files_of_metadata() -> None:
    with loopback.running(loopback.site(Site(a_xml=ISO, sub_x_png=b"").answer)) as server:
        client = Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0)
        assert HARVESTERS["waf"].answers(server.url("/"), client)
        assert not HARVESTERS["waf"].answers(server.url("/other/"), client)
        client.close()


@pytest.mark.parametrize(("path", "within"), [("sub/{}.xml", "sub/{}.xml"), ("{}", "{}"), ("wms.xml", "")])
def test_what_a_record_names_is_known_by_its_file_where_files_are_called_as_records(path: str, within: str) -> None:
    body = (DATA / "iso" / "service.xml").read_bytes()
    source = Source(id="s", name="s", title="S", url="https://s.example/", kind="waf")

    def linked(path: str, kind: str) -> tuple[str, ...]:
        raw = RawRecord(identifier=path, body=body, media_type="application/xml")
        return HARVESTERS[kind].normalise(raw, source).linked["serves_dataset"]

    named = linked("any", "csw")
    assert named
    assert linked(path.format("carte-wms"), "waf") == tuple((within or "{}").format(one) for one in named)


# --- what changed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def site() -> Site:
    def named(number: int) -> bytes:
        return ISO.replace(b"arbres-2026", b"set-%d" % number).replace(b"/id/trees", b"/id/%d" % number)

    return Site(**{f"f{number}_xml": named(number) for number in range(10, 40)}, bad_xml=b"<cut")


@pytest.fixture
def catalogue(site: Site, tmp_path: Path) -> Iterator[Catalogue]:
    with loopback.running(loopback.site(site.answer)) as server:
        opened = Catalogue(Settings(data_dir=tmp_path, fetch_allow=loopback.LOOPBACK))
        opened.init()
        opened.sources.add(server.url("/"), "waf", title="Folder")
        server.requests.clear()
        opened.sent = server  # type: ignore[attr-defined]
        yield opened
        opened.close()


def harvest(catalogue: Catalogue, **how: Any) -> tuple[RunRow, list[str]]:
    """A run, and what it asked for."""
    requests = catalogue.sent.requests  # type: ignore[attr-defined]
    requests.clear()
    return catalogue.runs.harvest("folder", **how), [request.path for request in requests]


def test_what_cannot_be_read_is_refused_by_name_and_the_rest_is_published(catalogue: Catalogue) -> None:
    run, _ = harvest(catalogue)
    assert (run.new, run.refused, run.complete) == (30, 1, True)
    reasons = {row.identifier: row.reason for row in catalogue.runs.outcomes(run.id, outcome="REFUSED")}
    assert "This XML ends too early" in reasons["bad.xml"]


def test_an_unchanged_folder_costs_its_list(catalogue: Catalogue) -> None:
    harvest(catalogue)
    run, asked = harvest(catalogue)
    assert (run.same, run.refused, run.writes, run.complete) == (30, 1, 0, True)
    assert asked == ["/"]


def test_a_file_that_changed_is_all_that_is_fetched(catalogue: Catalogue, site: Site) -> None:
    harvest(catalogue)
    site.files["f11.xml"] = site.files["f11.xml"].replace(b"Arbres remarquables", b"Arbustes")
    site.dates["f11.xml"] = "2026-05-05 05:05"
    del site.files["f12.xml"]
    run, asked = harvest(catalogue)
    assert (run.changed, run.same, run.held + run.removed, run.complete) == (1, 28, 1, True)
    assert asked == ["/", "/f11.xml"]


def test_a_file_has_one_address_for_life(catalogue: Catalogue, site: Site) -> None:
    harvest(catalogue)
    row = catalogue.entries.named("dataset", "arbres-remarquables")
    assert isinstance(row, EntryRow)
    run, asked = harvest(catalogue, full=True)
    assert (run.same, run.writes, len(asked)) == (30, 0, 32)
