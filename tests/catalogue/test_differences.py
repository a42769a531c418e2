"""What a run changed in records is kept, bounded, and goes with the run."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from commands import invoke, last_json
from factory import Feed, Memory, record, texts
from loopback import Answer, pages, running

from catalogue.service import Catalogue
from catalogue.store import differences
from catalogue.store.rows import RunRow
from dcat.model import Dataset
from harvesters.base import RawRecord

URL = "https://agency.example/feed"
PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"


def feed(*titles: str) -> dict[str, Answer]:
    """A feed of datasets."""
    said = "".join(
        f'<http://a.example/{number}> a dcat:Dataset ; dct:title "{title}"@fr ; dct:description "Un jeu."@fr .\n'
        for number, title in enumerate(titles)
    )
    return {"/feed.ttl": Answer(f"{PREFIXES}{said}".encode(), "text/turtle")}


def titled(identifier: str, title: str, **more: object) -> RawRecord:
    """A record of a source."""
    return record(identifier, Dataset(title=texts(fr=title), description=texts(fr="Un jeu."), **more))


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory) -> Callable[..., RunRow]:
    """Runs a source that gives this feed."""
    catalogue.sources.add(URL, "memory", title="Agency")

    def run(*given: RawRecord) -> RunRow:
        memory.feeds[URL] = Feed(list(given))
        return catalogue.runs.harvest("agency")

    return run


def test_a_run_keeps_what_it_changed_and_a_second_one_writes_nothing(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    first = agency(titled("a", "Arbres"), titled("b", "Bancs"))
    changed = agency(titled("a", "Les arbres"), titled("b", "Bancs"))
    again = agency(titled("a", "Les arbres"), titled("b", "Bancs"))
    assert catalogue.runs.differences(first.id) == (0, [])
    total, (one,) = catalogue.runs.differences(changed.id)
    assert (total, one.identifier, one.name, one.field) == (1, "a", "arbres", "dct:title")
    assert (one.before, one.after) == ("Arbres@fr", "Les arbres@fr")
    assert again.writes == 0
    assert catalogue.runs.differences(again.id) == (0, [])


def test_differences_go_with_their_run(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.runs, "_settings", replace(catalogue.settings, keep_runs=2))
    agency(titled("a", "Un"), titled("b", "Un"))
    kept = agency(titled("a", "Deux"), titled("b", "Un"))
    agency(titled("a", "Deux"), titled("b", "Deux"))
    assert catalogue.runs.differences(kept.id)[0] == 1
    agency(titled("a", "Deux"), titled("b", "Trois"))
    with catalogue._database.read() as tx:
        assert differences.count(tx, kept.id) == 0  # although the outcome of `a` still stands
    assert catalogue.records.outcome("agency", "a").outcome == "CHANGED"


def test_how_much_is_kept_is_bounded(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "OF_RECORD", 2)
    monkeypatch.setattr(differences, "OF_RUN", 5)
    agency(*(titled(f"r{number}", "Un") for number in range(4)))
    more = {"keyword": texts(fr="a", nl="b", de="c")}
    run = agency(*(titled(f"r{number}", "Deux", **more) for number in range(4)))
    total, found = catalogue.runs.differences(run.id)
    assert (run.changed, total) == (4, 5)
    assert [one.identifier for one in found] == ["r0", "r0", "r1", "r1", "r2"]
    assert catalogue.runs.differences(run.id, offset=3, limit=1) == (5, [found[3]])


def test_the_command_shows_what_a_run_changed(tmp_path: Path) -> None:
    answers = feed("Arbres", "Bancs")
    with running(pages(answers)) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Commune A")
        assert "was not harvested yet" in invoke(tmp_path, "source", "changes", "commune-a", expect=1)[1]
        invoke(tmp_path, "harvest", "commune-a")
        answers.update(feed("Les arbres", "Bancs"))
        invoke(tmp_path, "harvest", "commune-a")
    out, _ = invoke(tmp_path, "source", "changes", "commune-a")
    assert "arbres\n  title: Arbres@fr → Les arbres@fr\n" in out
    assert "Run 2 of commune-a: 1 records changed, 1 differences are kept." in out
    assert "0 records changed" in invoke(tmp_path, "source", "changes", "commune-a", "--run", "1")[0]
    told = last_json(invoke(tmp_path, "source", "changes", "commune-a", "--json")[0])
    assert told["run"] == 2
    assert told["changes"][0] | {"identifier": ""} == {
        "identifier": "", "name": "arbres", "field": "dct:title", "before": "Arbres@fr", "after": "Les arbres@fr",
    }  # fmt: skip
    assert "run 9" in invoke(tmp_path, "source", "changes", "commune-a", "--run", "9", expect=1)[1]
