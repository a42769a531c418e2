"""A record that kills the worker which reads it is left out by name, and the rest goes on (F-24)."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from factory import Feed, Memory, open_catalogue, record, texts

from catalogue.service import Catalogue
from catalogue.work.harvests import Harvests
from catalogue.work.worker import Worker
from dcat.model import Dataset
from harvesters.base import Normalised, RawRecord, Source

URL = "https://agency.example/feed"
GOOD = ("arbres", "parcs", "bancs")


def records(end: str) -> list[RawRecord]:
    """Three good ones, and one in their middle whose reading ends so."""
    good = [record(name, Dataset(title=texts(fr=name))) for name in GOOD]
    return [*good[:2], RawRecord(identifier="poison", body=end.encode(), media_type="application/json"), *good[2:]]


def killed(_: Memory, raw: RawRecord, source: Source, usual: object = Memory.normalise) -> Normalised:
    if raw.body == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(_, raw, source)  # type: ignore[operator]


def work(folder: str, end: str) -> None:
    """A worker in a process of its own."""
    catalogue, memory = open_catalogue(Path(folder))
    Memory.normalise = killed  # type: ignore[method-assign, assignment]
    memory.feeds[URL] = Feed(records(end))
    Worker(catalogue, chores=(Harvests,)).once()
    catalogue.close()


class Agency:
    """A source of which each run is done by a process that may die."""

    def __init__(self, catalogue: Catalogue, memory: Memory, folder: Path) -> None:
        self.catalogue, self.folder = catalogue, folder
        memory.feeds[URL] = Feed(records("kill"))
        self.source = catalogue.sources.add(URL, "memory", title="Agency").name

    def run(self, end: str = "kill", *, full: bool = False) -> int:
        """Has it run; how the process ended."""
        self.catalogue.runs.request(self.source, full=full)
        context = multiprocessing.get_context("forkserver")
        process = context.Process(target=work, args=(str(self.folder), end))
        process.start()
        process.join(120)
        self.catalogue.runs.reap()
        assert process.exitcode is not None
        return process.exitcode


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Agency]:
    catalogue, memory = open_catalogue(tmp_path / "var")
    yield Agency(catalogue, memory, tmp_path / "var")
    catalogue.close()


@pytest.mark.against("F-24")
def test_a_record_that_kills_is_left_out_and_the_rest_goes_on(agency: Agency) -> None:
    runs = agency.catalogue.runs
    assert [agency.run() for _ in range(3)] == [-signal.SIGKILL] * 3
    (last, *_) = [run for run in runs.of_source(agency.source) if run.ended]
    assert (last.state, last.error_where, "reading poison" in last.error) == ("aborted", "poison", True)
    assert agency.run() == 0
    (last, *_) = runs.of_source(agency.source)
    assert (last.state, last.new, last.failed, last.error_where) == ("done-with-findings", 3, 1, "")
    (left,) = runs.outcomes(last.id, outcome="FAILED")
    assert (left.identifier, left.code) == ("poison", "DEADLY")
    assert agency.run(full=True) == 0
    assert runs.of_source(agency.source)[0].failed == 1
    assert agency.run("skip") == 0
    (last, *_) = runs.of_source(agency.source)
    assert (last.failed, last.skipped, last.same) == (0, 1, 3)


def test_what_was_killed_by_chance_leaves_nothing_out(agency: Agency) -> None:
    assert [agency.run() for _ in range(2)] == [-signal.SIGKILL] * 2
    assert agency.run("skip") == 0
    (last, *_) = agency.catalogue.runs.of_source(agency.source)
    assert (last.new, last.skipped, last.failed) == (3, 1, 0)
