"""One large source read by several processes: with the outcome of one, whatever becomes of the others."""

import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import loopback
import pytest
import sqlalchemy as sa
from factory import open_catalogue
from loopback import Answer
from patience import ENOUGH

from catalogue import clock
from catalogue.harvesting import ahead, coming
from catalogue.harvesting.readers import Died, Job, Question, Reader, Readers, answer_to, answered
from catalogue.ingest import fingerprint
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import tables
from catalogue.store.rows import RunRow
from dcat import rdf
from dcat.entries import entries
from harvesters import HARVESTERS, dcat_feed
from harvesters.base import Harvester, RawRecord

ENTRY = """
<https://town.example/id/{0}> a <http://www.w3.org/ns/dcat#Dataset> ;
    <http://purl.org/dc/terms/title> "Jeu {0} {1}"@fr ; <http://purl.org/dc/terms/description> "Données"@fr ;
    <http://purl.org/dc/terms/publisher> [ a <http://xmlns.com/foaf/0.1/Agent> ;
        <http://xmlns.com/foaf/0.1/name> "Commune {2}"@fr ] ;
    <http://purl.org/dc/terms/issued> "0{2}/0{2}/2020" ;
    <https://x.example/unknown> "{0}" ; <https://a.example/unknown> "{0}" .
"""
KEPT = (
    *(tables.entries, tables.contents, tables.nodes, tables.records, tables.outcomes, tables.findings, tables.keys),
    *(tables.assessments, tables.links, tables.differences, tables.history, tables.publishers, tables.agents),
)
COUNT = 44
"""Datasets of the feed, a few more than three batches."""


class Spy(Readers):
    """Remembers the processes."""

    made: "list[Spy]"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.made.append(self)
        self.asked: set[str] = set()
        self.pids: set[int] = set()

    def ask(self, question: Question) -> "Future[bytes]":
        self.asked |= {raw.identifier for raw in question.raws}
        return super().ask(question)

    def _asked(self, question: bytes) -> bytes:
        answer = super()._asked(question)
        self.pids |= {reader._process.pid for reader in self._readers if reader._process}
        return answer


@pytest.fixture(autouse=True)
def readers(monkeypatch: pytest.MonkeyPatch) -> list[Spy]:
    """The groups of processes that are started, for a source that is large with twenty records."""
    made: list[Spy] = []
    monkeypatch.setattr(Spy, "made", made, raising=False)
    monkeypatch.setattr(ahead, "Readers", Spy)
    monkeypatch.setattr(ahead, "LARGE", 20)
    monkeypatch.setattr(ahead, "TOGETHER", 4)
    monkeypatch.setattr(coming, "BATCH", 10)
    return made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run reads nothing while a process does, else it is done with so few records before that has begun."""
    monkeypatch.setattr(ahead.Ahead, "_unbegun", lambda _: None)


@pytest.fixture
def site(move_clock: Callable[[timedelta], datetime]) -> Iterator["Site"]:
    """The source, while the clock stands still."""
    move_clock(timedelta())
    served = Site()
    with loopback.running(loopback.site(lambda _: Answer(served.body().encode(), "text/turtle"))) as server:
        served.url = server.url("/feed.ttl")
        yield served


class Site:
    """A feed whose datasets can change."""

    def __init__(self) -> None:
        self.url = ""
        self.words = dict.fromkeys(range(COUNT), "un")

    def body(self) -> str:
        return "".join(ENTRY.format(at, word, at % 9 + 1) for at, word in self.words.items())


class Harvested:
    """A catalogue that reads the source with some processes."""

    def __init__(self, site: Site, folder: Path, count: int, **settings: Any) -> None:
        self.catalogue: Catalogue
        self.catalogue, _ = open_catalogue(folder, fetch_allow=loopback.LOOPBACK, harvest_processes=count, **settings)
        self.source = self.catalogue.sources.add(site.url, "dcat", title="Town").name
        self.events: list[dict[str, Any]] = []

    def run(self, stop: Stop | None = None, *, full: bool = False) -> RunRow:
        self.catalogue.runs.request(self.source, full=full)
        order = self.catalogue.runs.take()
        assert order is not None
        return self.catalogue.runs.carry_out(order, progress=self.tell, stop=stop)

    def tell(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def kept(self) -> dict[str, list[str]]:
        """Every row of the tables, in any order."""
        with self.catalogue._database.read() as tx:
            return {table.name: sorted(repr(tuple(row)) for row in tx.execute(sa.select(table))) for table in KEPT}


@pytest.fixture
def harvested(site: Site, tmp_path: Path) -> Iterator[Callable[..., Harvested]]:
    """Opens catalogues that read the source."""
    opened: list[Harvested] = []

    def open(count: int, **settings: Any) -> Harvested:
        opened.append(Harvested(site, tmp_path / f"var{len(opened)}", count, **settings))
        return opened[-1]

    yield open
    for one in opened:
        one.catalogue.close()


def is_gone(pid: int) -> bool:
    """True of a process that ended, although nobody may have asked how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.usefixtures("waits")
def test_several_processes_give_what_one_gives(
    site: Site, harvested: Callable[..., Harvested], readers: list[Spy], database_url: str
) -> None:
    one, two = harvested(1), harvested(3, database_url=database_url)
    for changed in ({}, dict.fromkeys(range(0, COUNT, 2), "deux")):
        site.words |= changed
        assert one.run() == two.run()
        assert one.kept() == two.kept()
        assert one.events == two.events
    first, second = readers
    assert (first.count, first.deaths, second.deaths) == (2, 0, 0)
    assert len(first.asked) == COUNT, "what came before it was known to be large is read by them too"
    assert second.asked < first.asked
    assert first.pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in first.pids | second.pids)


def test_the_run_reads_what_no_process_has_begun(
    harvested: Callable[..., Harvested], readers: list[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = harvested(1), harvested(2)
    ask, asked, is_read, by_run = Reader.ask, [], threading.Event(), 0
    read_here = ahead.answer_to

    def late(self: Reader, question: bytes) -> bytes:
        if pickle.loads(question).raws:
            asked.append(question)
        assert is_read.wait(ENOUGH)
        return ask(self, question)

    def counted(*given: Any) -> Any:
        nonlocal by_run
        found, by_run = read_here(*given), by_run + 1
        if by_run == 4:
            is_read.set()
        return found

    monkeypatch.setattr(Reader, "ask", late)
    monkeypatch.setattr(ahead, "answer_to", counted)
    assert one.run() == two.run()
    assert one.kept() == two.kept()
    assert one.events == two.events
    assert by_run + len(asked) == sum(math.ceil(records / 4) for records in (10, 10, 10, 10, 4))
    assert readers[0].deaths == 0


def test_what_is_expected_of_a_large_source_starts_processes_before_it_is_parsed(
    site: Site, harvested: Callable[..., Harvested], readers: list[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    parse, begun = dcat_feed._parsed, []
    monkeypatch.setattr(dcat_feed, "USUAL_SIZE", len(ENTRY))
    monkeypatch.setattr(dcat_feed, "_parsed", lambda *given: (begun.append(len(readers)), parse(*given))[1])
    two = harvested(2)
    assert two.run().new == COUNT
    assert begun == [1]
    site.words[0] = "deux"
    assert two.run().changed == 1
    assert begun == [1, 1], "what stands as it is makes no work"
    two.run(full=True)
    assert begun == [1, 1, 2]


def test_a_source_that_tells_how_much_comes_is_shared_from_its_first_batch(
    harvested: Callable[..., Harvested], readers: list[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    batches, asked = coming.batches, []

    def watched(fetched: Any) -> Any:
        for batch in batches(fetched):
            yield batch
            asked.append(sum(len(one.asked) for one in readers))

    monkeypatch.setattr(coming, "batches", watched)
    harvested(2).run()
    assert asked == [10, 20, 30, 40, 44]


@pytest.mark.parametrize("size", [1, 10**9])
def test_a_wrong_guess_of_how_much_comes_changes_nothing(
    site: Site, harvested: Callable[..., Harvested], readers: list[Spy], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(dcat_feed, "USUAL_SIZE", size)
    one, two = harvested(1), harvested(2)
    for count in (19, COUNT):
        site.words = dict.fromkeys(range(count), "un")
        assert one.run() == two.run()
        assert one.kept() == two.kept()
        assert one.events == two.events
    assert len(readers) == (2 if size == 1 else 1)
    assert not any(Path(f"/proc/{pid}").exists() for group in readers for pid in group.pids)


def test_few_records_start_no_process(site: Site, harvested: Callable[..., Harvested], readers: list[Spy]) -> None:
    site.words = dict.fromkeys(range(19), "un")
    one = harvested(2)
    assert one.run().new == 19
    site.words = dict.fromkeys(range(COUNT), "un")
    assert one.run().new == COUNT - 19
    assert len(readers) == 1
    site.words |= dict.fromkeys(range(19), "deux")
    assert one.run().changed == 19
    assert len(readers) == 1


def test_a_record_that_is_not_read_any_more_is_given_to_no_process(
    harvested: Callable[..., Harvested], readers: list[Spy]
) -> None:
    one = harvested(2)
    one.run()
    deadly = f"https://town.example/id/{COUNT - 1}"
    with one.catalogue._database.write() as tx:
        tx.execute(sa.update(tables.outcomes).where(tables.outcomes.c.identifier == deadly).values(code="DEADLY"))
    assert one.run(full=True).same == COUNT
    assert deadly in readers[0].asked - readers[1].asked


@pytest.mark.usefixtures("waits")
def test_a_process_that_is_killed_loses_nothing(
    harvested: Callable[..., Harvested], readers: list[Spy], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = harvested(1), harvested(2)
    ask, asked = Reader.ask, []

    def killed(self: Reader, question: bytes) -> bytes:
        asked.extend([self] if pickle.loads(question).raws else [])
        if len(asked) == 3:
            self._begin()
            os.kill(self._process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        return ask(self, question)

    monkeypatch.setattr(Reader, "ask", killed)
    assert one.run() == two.run()
    assert one.kept() == two.kept()
    assert one.events == two.events
    assert readers[0].deaths == 1


@pytest.mark.usefixtures("waits")
def test_a_run_that_is_told_to_stop_ends_the_processes_at_once(
    harvested: Callable[..., Harvested],
    readers: list[Spy],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    two, stop = harvested(2), Stop()

    def tell(event: dict[str, Any]) -> None:
        if event["event"] == "record" and readers and readers[0].pids:
            stop.ask()

    monkeypatch.setattr(two, "tell", tell)
    run = two.run(stop)
    assert (run.state, run.error_code) == ("aborted", "STOPPED")
    assert 0 < run.new < COUNT
    assert not any(Path(f"/proc/{pid}").exists() for pid in readers[0].pids)
    assert "Traceback" not in "".join(capfd.readouterr())
    assert two.run().state == "done"
    assert two.catalogue.entries.counts().datasets == COUNT


def job(catalogue: Harvested, harvester: Harvester) -> Job:
    """For a process that reads with some harvester."""
    catalogue.catalogue.runs.request(catalogue.source)
    order = catalogue.catalogue.runs.take()
    assert order is not None
    return Job(catalogue.catalogue._database.url, replace(order.intake, harvester=harvester), clock.now(), 20)


def test_what_a_process_has_to_say_reaches_the_log(
    harvested: Callable[..., Harvested], capfd: pytest.CaptureFixture[str]
) -> None:
    of_it = job(harvested(2), Harvester())
    group = Readers(1, of_it, fingerprint.software())
    raw = RawRecord(identifier="a", body=b"x", media_type="text/plain")
    try:
        answer = answered(group.ask(Question.about([raw], {})))
    finally:
        group.close()
    assert answer is not None
    assert [[draft.outcome for draft in some] for some in answer] == [["FAILED"]]
    assert '"event": "record.failed"' in capfd.readouterr().err


def test_what_was_just_cut_out_of_a_document_is_parsed_by_nobody(
    site: Site, harvested: Callable[..., Harvested], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, graph = harvested(1), rdf.parse(site.body().encode())
    cut = ((iri, rdf.subgraph(graph, iri)) for iri in list(entries(graph))[:2])
    raws = [RawRecord(identifier=iri, body=body, media_type="application/n-triples") for iri, body in cut]
    question = pickle.loads(pickle.dumps(Question.about(raws, {})))
    monkeypatch.setattr(rdf, "parse", lambda *_: pytest.fail("it was parsed"))
    answer = answer_to(one.catalogue._database, job(one, HARVESTERS["dcat"]), question)
    assert [draft.written is None for [draft] in answer] == [False, False]


def test_no_process_is_started_while_another_has_nothing_to_do(harvested: Callable[..., Harvested]) -> None:
    group = Readers(5, job(harvested(2), Harvester()), fingerprint.software())
    try:
        assert [answered(group.ask(Question.about([], {}))) for _ in range(3)] == [[], [], []]
        assert sum(reader._process is not None for reader in group._readers) == 1
    finally:
        group.close()


def test_another_version_of_the_program_reads_nothing(harvested: Callable[..., Harvested]) -> None:
    group = Readers(1, job(harvested(2), Harvester()), b"another version")
    try:
        with pytest.raises(Died):
            answered(group.ask(Question.about([], {})))
    finally:
        group.close()


def test_no_process_outlives_the_one_that_asks(tmp_path: Path) -> None:
    code = (
        "import os, subprocess, sys; r, w = os.pipe(); a, b = os.pipe(); os.set_inheritable(w, True);"
        "p = subprocess.Popen([sys.executable, '-m', 'catalogue.harvesting.reading_process', str(r), str(b),"
        " str(os.getpid())], pass_fds=(r, w, b)); print(p.pid, flush=True); p.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(ahead.__file__).parents[2])
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + ENOUGH
    while not is_gone(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert is_gone(child)
