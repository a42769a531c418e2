"""What nobody has checked is parsed in a process of its own: what it may cost, and what is left when it dies."""

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from io import BytesIO
from pathlib import Path

import pytest

from dcat import rdf
from dcat.entries import overview
from dcat.rdf import TooCostly, apart, parsing
from dcat.rdf.apart import Allowance
from dcat.rdf.kept import KeptGraph

LONG = b"<http://e.example/%d> <http://e.example/p> 'a text'@fr, <http://e.example/o>, 'x'@no-language-tag-at-all .\n"
DOCUMENT = b"".join(LONG % number for number in range(1_000))
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://e.example/">'
BOMBS = {
    "elements": (RDF + b"<a:b/>" * 200_000 + b"</rdf:RDF>", "rdf"),
    "objects of JSON": (b'{"@context":{"a":"http://e.example/a"},"a":[' + b"{}," * 300_000 + b"{}]}", "jsonld"),
    "members of a list": (b"<http://e.example/> <http://e.example/p> (" + b"1 " * 400_000 + b").", "ttl"),
    "nodes": (b"<http://e.example/> <http://e.example/p> " + b"[]," * 300_000 + b"1 .", "ttl"),
}


@pytest.fixture(autouse=True)
def another_process() -> None:
    """Each test begins without one."""
    apart._parser.end()


def short_of(monkeypatch: pytest.MonkeyPatch, **less: int) -> None:
    monkeypatch.setattr(apart, "allowance", lambda _: Allowance(400 << 20, 60, 120, 100 << 20)._replace(**less))


def read(document: bytes) -> int:
    return len(rdf.parse(document, "ttl"))


def test_a_long_document_says_what_it_says_where_it_is() -> None:
    graph, here = rdf.parse(DOCUMENT, "ttl", "http://e.example/"), parsing.parse(DOCUMENT, "ttl", "http://e.example/")
    assert list(graph.triples()) == list(here.triples())
    assert graph.findings == here.findings
    named = b"<http://e.example/g> {" + DOCUMENT + b"}"
    assert list(rdf.parse_named(named, "trig")["http://e.example/g"].triples()) == list(here.triples())


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> rdf.Graph:
    """The graph of the document as that of a large one."""
    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    graph = rdf.parse(DOCUMENT, "ttl", "http://e.example/")
    assert isinstance(graph, KeptGraph)
    return graph


def test_the_nodes_of_a_large_document_are_kept_beside_memory_and_say_the_same(kept: rdf.Graph) -> None:
    here = parsing.parse(DOCUMENT, "ttl", "http://e.example/")
    assert list(kept.triples()) == list(here.triples())
    assert list(kept.nodes) == list(here.nodes)
    assert list(kept.nodes.values()) == list(here.nodes.values())
    assert (len(kept), len(kept.nodes), bool(kept.nodes)) == (3_000, 1_000, True)
    assert kept.findings == here.findings
    assert "http://e.example/7" in kept
    assert "http://e.example/nothing" not in kept
    assert rdf.Literal("a text", "fr") not in kept
    assert kept.types("http://e.example/nothing") == []
    assert list(kept.saying("http://e.example/p")) == list(here.saying("http://e.example/p"))
    assert not list(kept.saying("http://e.example/o"))  # a value, no property
    assert rdf.subgraph(kept, "http://e.example/7") == rdf.subgraph(here, "http://e.example/7")


def test_who_is_who_in_a_large_document_is_found_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    said = b"<http://e.example/c> a <http://www.w3.org/ns/dcat#Catalog>, <http://www.w3.org/ns/dcat#Dataset>."
    said += b"".join(
        b"<http://e.example/c> <http://www.w3.org/ns/dcat#dataset> <http://e.example/%d>." % n for n in (8, 7)
    )
    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    graph, nodes, passes = rdf.parse(DOCUMENT + said, "ttl"), KeptGraph()._kept.__class__, []
    read = nodes.holding
    monkeypatch.setattr(nodes, "holding", lambda *given: (passes.append(given), read(*given))[1])
    found = overview(graph)
    assert len(passes) == 1
    assert found.entries == {"http://e.example/7": "dataset", "http://e.example/8": "dataset"}
    assert list(found.entries) == ["http://e.example/7", "http://e.example/8"], "in the order of the document"
    assert found.catalogs == ["http://e.example/c"]
    listing = "http://e.example/c", "dcat:dataset"
    assert found.listed == {"http://e.example/8": listing, "http://e.example/7": listing}


def test_nodes_are_kept_for_as_long_as_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    for read_all in ("items", "values", "__iter__"):
        nodes = iter(getattr(rdf.parse(DOCUMENT, "ttl").nodes, read_all)())  # and nobody has the graph
        assert len(list(nodes)) == 1_000


def test_nothing_that_was_kept_is_changed(kept: rdf.Graph) -> None:
    with pytest.raises(TypeError, match="not changed any more"):
        kept.add("http://e.example/7", "http://e.example/p", "http://e.example/o")


def test_what_there_is_no_room_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: KeptGraph, nodes: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    monkeypatch.setattr(KeptGraph, "put", full)
    with pytest.raises(TooCostly, match="could not be kept on the disk"):
        rdf.parse(DOCUMENT, "ttl")
    monkeypatch.undo()
    assert read(DOCUMENT) == 3_000


def test_what_is_wrong_with_a_long_document_is_said_as_of_a_short_one() -> None:
    with pytest.raises(rdf.ParseError) as caught:
        rdf.parse(DOCUMENT + b"x", "ttl")
    with pytest.raises(rdf.ParseError) as expected:
        parsing.parse(DOCUMENT + b"x", "ttl")
    assert str(caught.value) == str(expected.value)
    assert caught.value.line == expected.value.line == 1001
    assert caught.value.record == expected.value.record


def test_one_process_reads_one_document_after_the_other() -> None:
    assert read(DOCUMENT) == read(DOCUMENT) == 3_000
    assert apart._parser._process is not None
    first = apart._parser._process.pid
    read(DOCUMENT)
    assert apart._parser._process.pid == first


@pytest.mark.against("F-24")
@pytest.mark.parametrize("name", BOMBS)
def test_what_takes_more_memory_than_its_size_allows_is_refused_and_the_rest_goes_on(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, memory=24 << 20)
    document, format = BOMBS[name]
    with pytest.raises(TooCostly, match="Reading it took more than 24 MB of memory"):
        rdf.parse(document, format)
    monkeypatch.undo()
    assert read(DOCUMENT) == 3_000


def test_xml_of_other_kinds_is_weighed_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    short_of(monkeypatch, memory=8 << 20)
    with pytest.raises(TooCostly, match="8 MB of memory"):
        rdf.weigh_xml(BOMBS["elements"][0])
    rdf.weigh_xml(RDF + b"<a:b/>" * 20_000 + b"</rdf:RDF>")


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    short_of(monkeypatch, processor=0, memory=4 << 30)
    with pytest.raises(TooCostly, match="more than 0 seconds of a processor"):
        rdf.parse(BOMBS["members of a list"][0] * 2, "ttl")
    short_of(monkeypatch, seconds=0)
    with pytest.raises(TooCostly, match="not read within 0 seconds"):
        rdf.parse(DOCUMENT, "ttl")


def test_what_says_more_than_it_is_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    short_of(monkeypatch, answer=1_000)
    with pytest.raises(TooCostly, match="says more than a document of its size can"):
        rdf.parse(DOCUMENT, "ttl")
    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    short_of(monkeypatch, answer=100_000)  # more than the first part of it
    with pytest.raises(TooCostly, match="says more than a document of its size can"):
        rdf.parse(DOCUMENT, "ttl")


def test_what_fills_the_disk_while_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"".join(b"p:%d p:a p:b , p:c .\n" % number for number in range(6_000))
    monkeypatch.setattr(apart, "LARGE", apart.SHORT)
    with pytest.raises(TooCostly, match="could not be kept on the disk"):
        rdf.parse(b"@prefix p: <http://e.example/" + b"x" * 1_500 + b"/> .\n" + lines, "ttl")
    assert read(DOCUMENT) == 3_000


@pytest.mark.against("F-24")
def test_a_process_that_was_killed_is_started_again() -> None:
    read(DOCUMENT)
    process = apart._parser._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert read(DOCUMENT) == 3_000


def test_what_nobody_foresaw_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'nothing'"):
        apart._parser.ask("nothing", b"")


def test_whoever_takes_the_process_over_gets_no_further() -> None:
    with pytest.raises(pickle.UnpicklingError, match="no part of an answer"):
        apart._Answers(BytesIO(pickle.dumps(os.system))).load()


def test_it_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATASTORE_SECRET", "hush")
    read(DOCUMENT)
    assert apart._parser._process is not None
    assert b"hush" not in Path(f"/proc/{apart._parser._process.pid}/environ").read_bytes()


def run(script: str) -> str:
    """What a program of its own prints."""
    begin = "import os, sys\nfrom dcat import rdf\nfrom dcat.rdf import apart\n"
    begin += "DOCUMENT = b'<http://e.example/> <http://e.example/p> 1 .' * 2_000\n"
    command = [sys.executable, "-W", "error", "-c", begin + textwrap.dedent(script)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_after_a_fork_each_process_has_its_own() -> None:
    said = run("""
        rdf.parse(DOCUMENT, "ttl")
        mine = apart._parser._process.pid
        if child := os.fork():
            assert os.waitpid(child, 0)[1] == 0
            rdf.parse(DOCUMENT, "ttl")
            assert apart._parser._process.pid == mine
            print("both")
        else:
            rdf.parse(DOCUMENT, "ttl")
            assert apart._parser._process.pid != mine
            apart._parser.end()
            os._exit(0)
        """)
    assert said == "both\n"


def test_it_ends_with_the_process_that_asked() -> None:
    pid = int(run('rdf.parse(DOCUMENT, "ttl")\nprint(apart._parser._process.pid, flush=True)\nos._exit(0)'))
    deadline = time.monotonic() + 60
    while (stat := Path(f"/proc/{pid}/stat")).exists() and " Z " not in stat.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
