"""From nothing to a published catalogue, through the command as an operator runs it."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import datastore, invoke, last_json
from graphs import by_oxigraph, by_rdflib

from catalogue.demo.server import serve_agencies
from catalogue.harvesting.run import SUMS
from catalogue.service import Catalogue
from catalogue.settings import Settings

RUN = ("event", "run", "source", "state", "seen", "new", "changed", "same", "skipped", "refused", "failed", "removed")
RUN_KEYS = {*RUN, "held", "restored", "writes", "seconds", "error"}
BROKEN = "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<http://example.org/d> a dcat:Dataset ;;;; nonsense\n"


@pytest.fixture(scope="module")
def agencies() -> Iterator[str]:
    with serve_agencies() as base:
        yield base


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, agencies: str) -> Path:
    """A catalogue that has harvested the example agencies; tests here only read it."""
    folder = tmp_path_factory.mktemp("catalogue")
    datastore(folder, "init")
    for kind, path in (("ckan", "communes"), ("dcat", "mobility/catalog.ttl"), ("dcat", "finances/catalogue.rdf")):
        datastore(folder, "source", "add", f"{agencies}/{path}", "--kind", kind, "--title", path.partition("/")[0])
    out, _ = datastore(folder, "harvest", "--all", "--json")
    runs = [event for event in events(out) if event["event"] == "run"]
    assert {run["source"] for run in runs} == {"communes", "mobility", "finances"}
    assert sum(run["new"] for run in runs) > 80
    return folder


def events(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_second_harvest_of_the_same_writes_nothing(folder: Path) -> None:
    for source in ("communes", "mobility", "finances"):
        out, _ = invoke(folder, "harvest", source, "--json")
        run = last_json(out)
        assert set(run) == RUN_KEYS
        assert run["writes"] == run["new"] == run["changed"] == run["failed"] == 0
        assert run["seen"] == run["same"] + run["skipped"] + run["refused"]
        assert {event["event"] for event in events(out)} <= {"start", "record", "run"}
        assert set(SUMS) < RUN_KEYS


def test_the_same_harvest_in_words(folder: Path) -> None:
    out, err = invoke(folder, "harvest", "mobility")
    assert out.startswith("mobility: done")
    assert "38 seen" in out
    assert err == ""


def test_sources_are_listed_and_shown(folder: Path, agencies: str) -> None:
    out, _ = invoke(folder, "source", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["name", "communes", "finances", "mobility"]
    rows = last_json(invoke(folder, "source", "list", "--json")[0])
    assert [row["url"] for row in rows if row["kind"] == "ckan"] == [f"{agencies}/communes"]
    out, _ = invoke(folder, "source", "show", "finances")
    assert "records  rule" in out


def test_the_export_is_the_same_graph_in_every_format_for_both_libraries(folder: Path) -> None:
    for ending in ("ttl", "rdf", "jsonld", "nt", "nt.gz"):
        datastore(folder, "export", f"all.{ending}")
    expected = by_oxigraph((folder / "all.nt").read_bytes(), "nt")
    assert len(expected) > 2000
    for ending in ("ttl", "rdf", "jsonld", "nt"):
        body = (folder / f"all.{ending}").read_bytes()
        assert by_oxigraph(body, ending) == by_rdflib(body, ending) == expected, ending
    assert gzip.decompress((folder / "all.nt.gz").read_bytes()) == (folder / "all.nt").read_bytes()


def test_no_node_of_the_export_is_blank(folder: Path) -> None:
    invoke(folder, "export", "iris.nt")
    assert "_:" not in {line[:2] for line in (folder / "iris.nt").read_text("utf-8").splitlines()}


def test_the_export_as_a_table_and_as_json(folder: Path) -> None:
    invoke(folder, "export", "all.csv")
    invoke(folder, "export", "all.jsonl")
    with (folder / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (folder / "all.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == len(lines) > 80
    assert {row["id"] for row in rows} == {line["id"] for line in lines}
    bikes = next(row for row in rows if row["iri"].endswith("/dataset/comptages-velos"))
    assert bikes["title_nl"] == "Fietstellingen aan de meetpunten"
    assert (bikes["themes"], bikes["licences"]) == ("TRAN", "CC0")


def test_an_export_that_fails_leaves_what_was_there(folder: Path) -> None:
    (folder / "kept").mkdir(exist_ok=True)
    (folder / "kept" / "old.ttl").write_text("old")
    _, err = invoke(folder, "export", "no/such/folder/all.ttl", expect=2)
    assert "There is no folder no/such/folder." in err
    _, err = invoke(folder, "export", "kept/old.ttl", expect=2, DATABASE_URL=f"sqlite:///{folder}/none.sqlite")
    assert "datastore init" in err
    assert [path.name for path in (folder / "kept").iterdir()] == ["old.ttl"]
    assert (folder / "kept" / "old.ttl").read_text() == "old"


def test_an_entry_is_shown_with_its_findings(folder: Path) -> None:
    invoke(folder, "export", "show.jsonl")
    rows = [json.loads(line) for line in (folder / "show.jsonl").read_text("utf-8").splitlines()]
    row = next(row for row in rows if row["iri"].endswith("/potagers"))
    out, _ = invoke(folder, "show", row["name"])
    assert row["iri"] in out
    assert "findings:" in out
    shown = last_json(invoke(folder, "show", row["id"], "--json")[0])
    assert shown["entry"]["id"] == row["id"]
    assert {"rule", "severity", "field", "value", "message", "fix", "section"} == set(shown["findings"][0])


def test_the_index_is_rebuilt_from_the_store(folder: Path) -> None:
    out, _ = invoke(folder, "index", "rebuild")
    assert int(out.split()[4]) > 80
    status = last_json(invoke(folder, "index", "status", "--json")[0])
    assert status["waiting"] == 0
    assert status["refused"] == {}


def test_words_that_titles_use_for_each_other_are_proposed(folder: Path) -> None:
    found = last_json(invoke(folder, "index", "propose", "--least", "1", "--json")[0])
    assert found
    assert all(one["language"] != one["other_language"] and one["titles"] >= 1 for one in found)
    assert len(invoke(folder, "index", "propose", "--least", "1", "--limit", "2")[0].splitlines()) == 3


def test_the_index_is_compared_with_the_store(folder: Path) -> None:
    assert "0 entries differed" in invoke(folder, "index", "reconcile")[0]
    catalogue = Catalogue(Settings(data_dir=folder / "var"))
    catalogue.index.engine.remove(list(catalogue.index.engine.revisions())[:2])
    catalogue.close()
    assert "2 entries differed" in invoke(folder, "index", "reconcile")[0]
    assert "0 entries differed" in invoke(folder, "index", "reconcile")[0]


def test_trying_a_source_writes_nothing(folder: Path, agencies: str) -> None:
    before = invoke(folder, "source", "list", "--json")[0]
    out, _ = invoke(folder, "source", "test", f"{agencies}/finances/catalogue.rdf", "--kind", "dcat", expect=1)
    assert "nothing written" in out
    assert invoke(folder, "source", "list", "--json")[0] == before


def test_keys_are_made_shown_once_and_revoked(folder: Path) -> None:
    key, err = invoke(folder, "token", "create", "--publisher", "mobisenne")
    assert "not shown again" in err
    out, _ = invoke(folder, "token", "list")
    assert "mobisenne" in out
    assert key.strip() not in out
    row = last_json(invoke(folder, "token", "list", "--json")[0])[0]
    invoke(folder, "token", "revoke", str(row["id"]))
    assert last_json(invoke(folder, "token", "list", "--json")[0])[0]["revoked"]
    invoke(folder, "token", "revoke", "999", expect=1)


def test_a_source_is_paused_resumed_and_removed(tmp_path: Path, agencies: str) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", f"{agencies}/communes", "--kind", "ckan", "--title", "Communes")
    invoke(tmp_path, "source", "pause", "communes")
    _, err = invoke(tmp_path, "harvest", "communes", expect=1)
    assert "paused" in err
    invoke(tmp_path, "source", "resume", "communes")
    invoke(tmp_path, "harvest", "communes")
    _, err = invoke(tmp_path, "source", "remove", "communes", expect=1, text_in="n\n")
    assert "entries?" in err
    assert "Nothing was removed." in err
    out, _ = invoke(tmp_path, "source", "remove", "communes", "--yes")
    assert out.startswith("Removed communes and ")
    assert "no source yet" in invoke(tmp_path, "source", "list")[0]


def test_a_run_that_fails_says_why_and_exits_with_1(tmp_path: Path, agencies: str) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", f"{agencies}/nothing-here.ttl", "--kind", "dcat", "--title", "Gone")
    out, err = invoke(tmp_path, "harvest", "gone", "--json", expect=1)
    run = last_json(out)
    assert run["state"] == "failed"
    assert "404" in run["error"]
    assert err == "Error: Not everything went through: gone.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("source", "add", "ftp://example.org/x", "--kind", "dcat"), 2, "http"),
        (("source", "add", "http://example.org/x", "--kind", "none-such"), 2, "none-such"),
        (("source", "add", "http://example.org/x", "--kind", "dcat", "--schedule", "at noon"), 2, "cron"),
        (("source", "add", "http://example.org/x", "--kind", "dcat", "--config", '{"colour": 1}'), 2, "colour"),
        (("source", "show", "none-such"), 1, "none-such"),
        (("harvest", "none-such"), 1, "none-such"),
        (("show", "none-such"), 1, "none-such"),
    ],
)
def test_what_cannot_be_is_one_sentence(folder: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    out, err = invoke(folder, *arguments, expect=code)
    assert out == ""
    assert words in err
    assert len(err.splitlines()) <= 3
