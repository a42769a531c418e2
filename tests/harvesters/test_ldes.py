"""Event streams: which pages are read, which change counts, and what an entry is made of."""

import tracemalloc
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import loopback
import pytest
from factory import open_catalogue
from loopback import Answer, Request

from dcat.model import Dataset, Text
from dcat.namespaces import RDF_TYPE, expand
from dcat.rdf import Literal
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source, StillThere
from harvesters.http import Client, Pace
from harvesters.ldes.members import Change
from harvesters.ldes.spool import Spool

KIND = HARVESTERS["ldes"]
PREFIXES = """\
@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix tree: <https://w3id.org/tree#> .
@prefix ldes: <https://w3id.org/ldes#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix x: <https://x.example/> .
"""
Pages = dict[str, str]


def node(name: str, *relations: str) -> str:
    return f"<{name}> a tree:Node . " + "".join(f"<{name}> tree:relation [ {one} ] . " for one in relations)


def act(number: int, what: str, object: str, day: int, graph: str = "") -> str:
    """An activity on a day of May, with what its graph says."""
    published = f'"2026-05-{day:02}T00:00:00Z"^^xsd:dateTime'
    said = f"x:a{number} {{ {graph} }}" if graph else ""
    return f"x:a{number} a as:{what} ; as:object {object} ; as:published {published} . {said} "


def dataset(name: str, title: str, more: str = "") -> str:
    return f'x:{name} a dcat:Dataset ; dct:title "{title}"@en {more} .'


def fetch(
    pages: Pages, crawl: Crawl | None = None, headers: Callable[[str], dict[str, str]] = lambda _: {}
) -> tuple[list[Fetched], list[str]]:
    """What is fetched of a stream, and the pages that were asked for."""

    def routes(request: Request) -> Answer | None:
        name = request.path.strip("/")
        if name not in pages:
            return None
        told = headers(name)
        if told.get("ETag") and told["ETag"] == request.headers.get("if-none-match"):
            return Answer(b"", status=304)
        return Answer((PREFIXES + pages[name]).encode(), "application/trig", headers=told)

    with (
        loopback.running(loopback.site(routes)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), tries=1) as client,
    ):
        source = Source(id="s", name="s", title="S", url=server.url("/root"), kind="ldes")
        found = list(KIND.fetch(source, client, Crawl() if crawl is None else crawl))
    return found, [request.path.strip("/") for request in server.requests]


def titles(found: list[Fetched]) -> dict[str, list[str]]:
    """The titles of records by the last step of their identifiers."""
    source = Source(id="s", name="s", title="S", url="https://x.example/root", kind="ldes")
    raws = [raw for raw in found if isinstance(raw, RawRecord)]
    return {
        raw.identifier.rpartition("/")[2]: [t.value for t in KIND.normalise(raw, source).entry.title] for raw in raws
    }


STREAM = "<stream> a ldes:EventStream ; ldes:versionOfPath dct:isVersionOf ; ldes:timestampPath dct:issued . "


def member(node: str, of: str, day: int, said: str) -> str:
    return f'{node} dct:isVersionOf {of} ; dct:issued "2026-05-{day:02}"^^xsd:date ; {said} . '


def test_a_version_may_have_no_name_and_call_its_object_in_a_text() -> None:
    said = 'a dcat:Dataset ; dct:title "T"@en'
    pages = {"root": f"{STREAM} <stream> tree:member _:a, _:b, x:c1, x:c2 . "}
    pages["root"] += member("_:a", "x:a", 1, said) + member("_:b", '"https://x.example/b"', 1, said)
    pages["root"] += member("x:c1", '"https://x.example/c"', 1, said) + member(
        "x:c2", "x:c", 2, 'a dcat:Dataset ; dct:title "U"'
    )
    crawl = Crawl()
    found, _ = fetch(pages, crawl)
    assert titles(found) == {"a": ["T"], "b": ["T"], "c": ["U"]}
    assert (crawl.incomplete, crawl.findings) == ([], [])
    pages["root"] += f"<stream> tree:member [ {said} ] . "
    found, _ = fetch(pages, crawl)
    assert titles(found).keys() == {"a", "b", "c"}
    assert ([one.rule for one in crawl.findings], len(crawl.incomplete)) == (["record-unreadable"], 1)


@pytest.mark.parametrize("marker", ["as:Delete", "as:Tombstone", "x:Deleted"])
def test_a_version_may_say_that_its_object_is_no_more(marker: str) -> None:
    deletes = "<stream> ldes:versionDeleteObject x:Deleted . " if marker.startswith("x:") else ""
    pages = {"root": f"{STREAM} {deletes} <stream> tree:member x:a1, x:a2, x:b1 . "}
    pages["root"] += member("x:a1", "x:a", 1, 'a dcat:Dataset ; dct:title "A"') + member(
        "x:a2", "x:a", 2, f"a {marker}"
    )
    pages["root"] += member("x:b1", "x:b", 1, 'a dcat:Dataset ; dct:title "B"')
    crawl = Crawl()
    found, _ = fetch(pages, crawl)
    assert titles(found) == {"b": ["B"]}
    assert crawl.deleted == {"https://x.example/a"}


def test_the_latest_change_counts_in_whichever_order_they_come() -> None:
    pages = {
        "root": node("root", "tree:node <b>", "tree:node <a>"),
        "a": node("a")
        + act(3, "Update", "x:d", 3, dataset("d", "New"))
        + act(6, "Delete", "x:gone", 6)
        + act(7, "Update", "x:back", 7, dataset("back", "Back")),
        "b": node("b")
        + act(1, "Create", "x:d", 1, dataset("d", "Old"))
        + act(2, "Create", "x:gone", 2, dataset("gone", "Gone"))
        + act(5, "Delete", "x:back", 5),
    }
    assert titles(fetch(pages)[0]) == {"d": ["New"], "back": ["Back"]}


def test_activities_of_one_moment_may_share_an_iri() -> None:
    said = dataset("d1", "One") + dataset("d2", "Two", "; dct:publisher [ a x:Office ]")
    pages = {"root": node("root") + act(1, "Create", "x:d1, x:d2, x:d3", 1, said) + act(2, "Delete", "x:d1, x:d3", 2)}
    assert titles(fetch(pages)[0]) == {"d2": ["Two"]}


def test_an_entry_is_put_together_from_objects_of_their_own() -> None:
    pages = {
        "root": node("root")
        + act(1, "Create", "x:d", 1, dataset("d", "Trees", "; dcat:distribution x:f, x:none"))
        + act(2, "Create", "x:f", 2, "x:f a dcat:Distribution ; dcat:accessURL x:old ; dct:title [ ] .")
        + act(3, "Update", "x:f", 3, 'x:f a dcat:Distribution ; dcat:accessURL x:file ; dct:title "File" .')
    }
    (raw,) = fetch(pages)[0]
    assert isinstance(raw, RawRecord)
    entry = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://x.example/", kind="ldes")).entry
    assert isinstance(entry, Dataset)
    files = {file.iri: file for file in entry.distribution}
    assert files["https://x.example/f"].access_url == ("https://x.example/file",)  # type: ignore[index]
    assert files["https://x.example/f"].title == (Text("File"),)  # type: ignore[index]


def test_a_page_that_cannot_be_had_stops_the_run() -> None:
    with pytest.raises(HarvestError) as caught:
        fetch({"root": node("root", "tree:node <a>", "tree:node <none>"), "a": node("a")})
    assert caught.value.status == 404


def test_pages_that_lead_round_end() -> None:
    pages = {"root": node("root", "tree:node <a>"), "a": node("a", "tree:node <root>", "tree:node <a#x>")}
    assert fetch(pages) == ([], ["root", "a"])


def test_of_several_views_one_is_read() -> None:
    pages = {"root": "<#s> a ldes:EventStream ; tree:view <v1>, <v2> .", "v1": node("v1"), "v2": node("v2")}
    assert fetch(pages)[1] == ["root", "v1"]


def test_rdf_that_is_no_stream_is_refused() -> None:
    with pytest.raises(HarvestError, match="not an event stream"):
        fetch({"root": dataset("d", "Trees")})


def before(day: int) -> str:
    return f'a tree:LessThanRelation ; tree:value "2026-05-{day:02}T00:00:00Z"^^xsd:dateTime'


@pytest.fixture
def pages() -> Pages:
    """Two weeks: one is over, the other goes on."""
    return {
        "root": node("root", "tree:node <one>", f"tree:node <one> ; {before(8)}", "tree:node <two>"),
        "one": node("one")
        + act(1, "Create", "x:a", 1, dataset("a", "A"))
        + act(2, "Create", "x:b", 2, dataset("b", "B")),
        "two": node("two") + act(3, "Create", "x:c", 9, dataset("c", "C")),
    }


def first(pages: Pages, **how: Any) -> tuple[Crawl, dict[str, str]]:
    crawl = Crawl()
    found, _ = fetch(pages, crawl, **how)
    return crawl, {raw.identifier: raw.version for raw in found if isinstance(raw, RawRecord)}


def test_what_is_over_is_not_asked_for_again(pages: Pages) -> None:
    crawl, versions = first(pages)
    again = Crawl(known=crawl.validators, versions=versions)
    assert fetch(pages, again) == ([], ["root", "two"])
    assert again.unchanged


def test_only_what_changed_is_read_and_the_rest_is_still_there(pages: Pages) -> None:
    crawl, versions = first(pages)
    pages["two"] += act(4, "Update", "x:b", 10, dataset("b", "B2")) + act(5, "Delete", "x:a", 10)
    again = Crawl(known=crawl.validators, versions=versions)
    found, asked = fetch(pages, again)
    assert asked == ["root", "two"]
    assert [one.identifier for one in found if isinstance(one, StillThere)] == ["https://x.example/c"]
    assert titles(found) == {"b": ["B2"]}
    pages["two"] += act(6, "Create", "x:d", 11, dataset("d", "D"))
    later = Crawl(known=again.validators, versions=dict.fromkeys(("https://x.example/b", "https://x.example/c"), "x"))
    found, _ = fetch(pages, later)
    still = [one.identifier for one in found if isinstance(one, StillThere)]
    assert still == ["https://x.example/b", "https://x.example/c"]
    assert titles(found) == {"d": ["D"]}


def test_another_change_of_the_same_moment_is_not_missed(pages: Pages) -> None:
    crawl, versions = first(pages)
    pages["two"] += act(4, "Create", "x:d", 9, dataset("d", "D"))
    found, _ = fetch(pages, Crawl(known=crawl.validators, versions=versions))
    assert "d" in titles(found)


def test_what_an_activity_deletes_is_removed_at_once(tmp_path: Path) -> None:
    """And the next run goes on from there, without reading the whole tree again."""
    said = "".join(act(n, "Create", f"x:d{n}", 8, dataset(f"d{n}", f"D{n}")) for n in range(10, 14))
    pages = {"root": node("root", "tree:node <one>"), "one": node("one") + said}
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    with (
        closing(catalogue),
        loopback.running(loopback.site(lambda request: page_of(pages, request))) as server,
    ):
        name = catalogue.sources.add(server.url("/root"), "ldes", title="Stream").name
        assert catalogue.runs.harvest(name).new == 4
        pages["one"] += act(1, "Delete", "x:d10", 10)
        run = catalogue.runs.harvest(name)
        (gone,) = catalogue.runs.outcomes(run.id, outcome="REMOVED")
        assert (run.held, gone.identifier, gone.code) == (0, "https://x.example/d10", "DELETED_AT_SOURCE")
        again = catalogue.runs.harvest(name)
        assert (again.seen, again.same, again.writes, again.removed) == (3, 3, 0, 0)
        pages["one"] += act(2, "Update", "x:d11", 11, dataset("d11", "Another title"))
        later = catalogue.runs.harvest(name)
        assert (later.seen, later.changed, later.restored) == (3, 1, 0)


def page_of(pages: Pages, request: Request) -> Answer | None:
    """A page of a stream."""
    page = pages.get(request.path.strip("/"))
    return None if page is None else Answer((PREFIXES + page).encode(), "application/trig")


def test_a_part_that_changed_alone_asks_for_everything(pages: Pages) -> None:
    crawl, versions = first(pages)
    pages["two"] += act(4, "Create", "x:f", 10, "x:f a dcat:Distribution ; dcat:accessURL x:file .")
    found, asked = fetch(pages, Crawl(known=crawl.validators, versions=versions))
    assert asked == ["root", "two", "root", "one", "two"]
    assert titles(found) == {"a": ["A"], "b": ["B"], "c": ["C"]}


def test_pages_that_never_change_are_not_asked_for_again(pages: Pages) -> None:
    pages["root"] = node("root", "tree:node <one>")
    pages["one"] += node("one", "tree:node <two>")

    def headers(name: str) -> dict[str, str]:
        return {} if name == "two" else {"Cache-Control": "public, max-age=31536000, immutable"}

    crawl, versions = first(pages, headers=headers)
    assert fetch(pages, Crawl(known=crawl.validators, versions=versions), headers) == ([], ["two"])
    pages["two"] += node("two", "tree:node <three>")
    pages["three"] = node("three") + act(9, "Create", "x:e", 20, dataset("e", "E"))
    found, asked = fetch(pages, Crawl(known=crawl.validators, versions=versions), headers)
    assert asked == ["two", "three"]
    assert len([one for one in found if isinstance(one, StillThere)]) == 3
    assert titles(found) == {"e": ["E"]}


def test_pages_that_have_tags_are_sent_again_only_when_they_changed(pages: Pages) -> None:
    """Of two pages that are not over, `late` says nothing yet."""
    pages["two"] += node("two", "tree:node <late>")
    pages["late"] = node("late")

    def headers(name: str) -> dict[str, str]:
        return {"ETag": f'"{len(pages[name])}"'}

    crawl, versions = first(pages, headers=headers)
    again = Crawl(known=crawl.validators, versions=versions)
    assert fetch(pages, again, headers) == ([], ["root", "two", "late"])
    assert (again.unchanged, again.pages) == (True, 0)
    pages["late"] += act(9, "Create", "x:e", 20, dataset("e", "E"))
    found, asked = fetch(pages, Crawl(known=crawl.validators, versions=versions), headers)
    assert asked == ["root", "two", "late", "root", "two"]
    assert titles(found) == {"e": ["E"]}


def test_of_pages_that_never_change_none_is_asked_whether_it_did(pages: Pages) -> None:
    """The open one is, although all that it says lies before the last known moment, as far as is told."""
    pages["root"] += f"<root> tree:relation [ tree:node <two> ; {before(9)} ] ."

    def headers(name: str) -> dict[str, str]:
        return {"ETag": f'"{len(pages[name])}"'} | ({"Cache-Control": "immutable"} if name == "one" else {})

    crawl, versions = first(pages, headers=headers)
    assert fetch(pages, Crawl(known=crawl.validators, versions=versions), headers) == ([], ["root", "two"])
    pages["two"] += act(9, "Create", "x:e", 20, dataset("e", "E"))
    found, _ = fetch(pages, Crawl(known=crawl.validators, versions=versions), headers)
    assert titles(found) == {"e": ["E"]}


def test_a_page_without_a_tag_comes_each_time(pages: Pages) -> None:
    crawl, _ = first(pages, headers=lambda name: {"ETag": '"1"'} if name == "root" else {})
    assert crawl.validators.keys() == {"bookmark", "seen"}


def test_a_stream_without_dates_is_read_whole() -> None:
    pages = {"root": "<#s> a ldes:EventStream ; tree:member x:d . " + dataset("d", "Trees")}
    crawl = Crawl()
    found, _ = fetch(pages, crawl)
    assert (titles(found), crawl.validators) == ({"d": ["Trees"]}, {})


def test_a_stream_is_recognised() -> None:
    def routes(request: Request) -> Answer:
        body = {
            "/tree": PREFIXES + node("x"),
            "/rdf": PREFIXES + dataset("d", "x"),
            "/html": "<html>w3id.org/tree</html>",
        }
        return Answer(body.get(request.path, "w3id.org/tree is no RDF").encode(), "text/turtle")

    with loopback.running(loopback.site(routes)) as server, Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client:
        found = [KIND.answers(server.url(path), client) for path in ("/tree", "/rdf", "/html", "/other")]
    assert found == [True, False, False, False]


def test_memory_does_not_grow_with_the_objects_of_a_stream() -> None:
    """What Python holds while many objects are kept and given again (SQLite has 4 MB more)."""
    peak(4000)  # fills the tables of names, which are of one size for all streams
    assert peak(4000) < 1_000_000


def peak(objects: int) -> int:
    """Bytes that stood in memory at most, all changes being of one moment."""
    tracemalloc.start()
    try:
        with closing(Spool()) as spool:
            for number in range(objects):
                iri = f"https://x.example/{number}"
                said = ((iri, RDF_TYPE, expand("dcat:Dataset")), (iri, expand("dct:title"), Literal("Trees")))
                change = Change(iri, "2026-05-01T00:00:00.000000+00:00", said)
                spool.mark(change)
                spool.put(change)
            assert sum(b"Trees" in spool.entry(one)[0] for one in spool.objects()) == objects
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
