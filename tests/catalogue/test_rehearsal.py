"""A dry run over the whole source: what would come, change and go, with nothing written."""

from pathlib import Path
from typing import Any

import pytest
from commands import invoke, last_json
from factory import Feed, Memory, record, texts
from loopback import Answer, pages, running

from catalogue import clock
from catalogue.errors import Conflict
from catalogue.harvesting import coming
from catalogue.harvesting.rehearsals import TRIES
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.stopping import Stop
from catalogue.work.rehearsing import Rehearsing
from catalogue.work.worker import Worker
from dcat.model import Dataset
from harvesters.base import HarvestError, RawRecord

URL = "https://agency.example/feed"
PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
RECORD = '<http://a.example/{0}> a dcat:Dataset ; dct:title "{1}"@fr ; dct:description "Un jeu."@fr .\n'


def titled(number: int, title: str = "") -> RawRecord:
    """A record of the source."""
    said = Dataset(title=texts(fr=title or f"Jeu {number}"), description=texts(fr="Un jeu."))
    return record(f"r{number:03}", said)


def written(catalogue: Catalogue) -> list[Any]:
    """What anything that is written changes."""
    return [catalogue.sources.all(), catalogue.runs.of_source("agency"), catalogue.entries.counts()]


def test_it_foretells_the_run_and_writes_nothing(
    catalogue: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "BATCH", 7)
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([titled(number) for number in range(30)])
    catalogue.runs.harvest("agency")
    bad = RawRecord(identifier="x", body=b"{", media_type="application/x-memory")
    changed = [titled(number, f"Autre {number}") for number in range(25)]
    memory.feeds[URL] = Feed([*changed, titled(25), titled(25), titled(40), bad], doubles=3)
    before = written(catalogue)
    told = catalogue.rehearsals.of_source("agency")
    assert written(catalogue) == before
    assert (told.run.state, told.run.held, told.run.removed) == ("done", 4, 0)
    assert {one.outcome for one in told.going} == {"HELD"}
    assert [one.name for one in told.going] == [f"jeu-{number}" for number in range(26, 30)]
    assert [one.identifier for one in told.refused] == ["x"]
    assert len(told.differences) == 20
    assert (told.differences[0].before, told.differences[0].after) == ("Jeu 0@fr", "Autre 0@fr")
    run = catalogue.runs.harvest("agency")
    for sum in ("seen", "new", "changed", "same", "skipped", "refused", "failed", "removed", "held"):
        assert getattr(told.run, sum) == getattr(run, sum), sum
    assert [one.value for one in told.run.findings if one.rule == "duplicate-identifier"] == ["r025 (memory:)"]
    assert set(told.run.findings) <= set(run.findings)


def test_a_source_that_fails_or_is_cut_short_foretells_no_removal(catalogue: Catalogue, memory: Memory) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([titled(number) for number in range(3)])
    catalogue.runs.harvest("agency")
    memory.feeds[URL] = Feed([titled(0)], error=HarvestError("SERVER_ERROR", "It answered 500."))
    told = catalogue.rehearsals.of_source("agency")
    assert (told.run.state, told.run.error, told.run.same, told.going) == ("failed", "It answered 500.", 1, [])
    memory.feeds[URL] = Feed([titled(0)], declared=9)
    told = catalogue.rehearsals.of_source("agency")
    assert (told.run.held, told.going) == (0, [])
    assert "says that it has 9 records" in told.run.incomplete[0]


def test_the_command_tries_a_whole_source(tmp_path: Path) -> None:
    said = "".join(RECORD.format(number, f"Jeu {number}") for number in range(30))
    answers = {"/feed.ttl": Answer(f"{PREFIXES}{said}".encode(), "text/turtle")}
    with running(pages(answers)) as server:
        url = server.url("/feed.ttl")
        invoke(tmp_path, "init")
        out, _ = invoke(tmp_path, "source", "test", url, "--kind", "dcat", "--whole")
        assert "30 seen, 30 new. Nothing is written." in out
        invoke(tmp_path, "source", "add", url, "--kind", "dcat", "--title", "Commune A")
        invoke(tmp_path, "harvest", "commune-a")
        said = "".join(RECORD.format(number, f"Jeu {number}") for number in range(1, 29))
        answers["/feed.ttl"] = Answer(f"{PREFIXES}{said}".replace("Jeu 7", "Arbres").encode(), "text/turtle")
        out, _ = invoke(tmp_path, "source", "test", "commune-a", "--whole")
        told = last_json(invoke(tmp_path, "source", "test", "commune-a", "--whole", "--json")[0])
        assert "20 records read, nothing written." in invoke(tmp_path, "source", "test", "commune-a")[0]
        assert "NAME alone" in invoke(tmp_path, "source", "test", "commune-a", "--kind", "dcat", expect=2)[1]
        assert "nobody" in invoke(tmp_path, "source", "test", "nobody", "--whole", expect=1)[1]
    assert "jeu-7\n  title: Jeu 7@fr → Arbres@fr\n" in out
    assert "HELD     jeu-29\n  It is missing at the source" in out
    assert "28 seen, 1 changed, 27 same, 2 held. Nothing is written." in out
    assert (told["changed"], told["held"], len(told["changes"]), len(told["going"])) == (1, 2, 1, 2)


def test_what_stops_each_worker_that_tries_it_is_given_up(catalogue: Catalogue, memory: Memory) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([titled(0)])
    catalogue.rehearsals.request("agency")
    for _ in range(TRIES):
        piece = Rehearsing(catalogue).take(clock.now())
        assert piece is not None
        piece.give_back()  # as when the process ends
    last = catalogue.rehearsals.last("agency")
    assert last is not None
    assert (last.state, last.tries) == ("running", TRIES)
    with pytest.raises(Conflict, match="goes on"):
        catalogue.rehearsals.request("agency", Change(config={"color": "red"}))
    Worker(catalogue, chores=(Rehearsing,)).once()
    last = catalogue.rehearsals.last("agency")
    assert last is not None
    assert last.told is not None
    assert (last.state, last.told.run.error_code) == ("failed", "ABORTED")
    catalogue.rehearsals.request("agency")
    Worker(catalogue, chores=(Rehearsing,)).once()
    again = catalogue.rehearsals.last("agency")
    assert again is not None
    assert again.state == "done"


def test_a_fault_of_ours_ends_it_and_a_stop_leaves_it_to_the_next(
    catalogue: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([titled(0)])
    catalogue.rehearsals.request("agency")
    stop, piece = Stop(), Rehearsing(catalogue).take(clock.now())
    assert piece is not None
    stop.ask()
    piece.do(stop)
    assert catalogue.rehearsals.waiting()
    with monkeypatch.context() as patch:
        patch.setattr("catalogue.harvesting.rehearsals.rehearse", lambda *_: 1 // 0)
        Worker(catalogue, chores=(Rehearsing,)).once()
    last = catalogue.rehearsals.last("agency")
    assert last is not None
    assert last.told is not None
    assert (last.told.run.error_code, last.told.run.state) == ("FAULT", "failed")
