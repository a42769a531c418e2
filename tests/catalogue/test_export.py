"""The export: what it holds, what it keeps out of spreadsheets, and that it is whole or not there."""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from factory import file

from catalogue.errors import Invalid
from catalogue.publishing.export import FORMATS, export, writer_of
from catalogue.publishing.table import FORMULA, cell, harmless
from catalogue.service import Catalogue
from catalogue.settings import Settings
from dcat.model import Agent, Dataset, Distribution, Document, Iri, Text
from harvesters.base import Crawl, Harvester, Normalised, RawRecord, Source
from harvesters.http import Client
from web.app import create_app

TITLES = {
    "formula": '=HYPERLINK("http://evil.example","Cliquez")',
    "quotes": 'Une "citation", deux\nlignes',
    "plain": "Arbres",
}


class Agency(Harvester):
    """Three datasets, one of which says a formula."""

    kind = "agency"
    title = "for tests"

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        for name in TITLES:
            yield RawRecord(identifier=name, body=name.encode(), media_type="text/plain")

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        said = Text(TITLES[raw.identifier], "fr"), Text("Automatisch", "nl-t-fr")
        dataset = Dataset(
            title=said,
            description=(Text("Rue par rue.", "fr"),),
            publisher=Agent(name=(Text("Espaces verts", "fr"), Text("Groene ruimten", "nl"))),
            keyword=(Text("arbre", "fr"), Text("rue", "fr")),
            landing_page=(Document(iri=Iri("https://example.org/trees")),),
            distribution=(
                file("https://files.example/a.csv", "CSV"),
                Distribution(
                    access_url=(Iri("https://files.example/b"),), download_url=(Iri("https://files.example/b.csv"),)
                ),
            ),
        )
        return Normalised(entry=dataset)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = Catalogue(Settings(data_dir=tmp_path / "var"), {"agency": Agency()})
    catalogue.init()
    catalogue.runs.harvest(catalogue.sources.add("http://127.0.0.1:9/", "agency", title="Agency").name)
    yield catalogue
    catalogue.close()


def written(catalogue: Catalogue, folder: Path, name: str) -> bytes:
    assert export(catalogue.feed, folder / name) == (folder / name).stat().st_size
    return (folder / name).read_bytes()


def test_the_table_runs_nothing_in_a_spreadsheet(catalogue: Catalogue, tmp_path: Path) -> None:
    body = written(catalogue, tmp_path, "all.csv")
    assert body.startswith(b"\xef\xbb\xbfid,")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    titles = {row["title_fr"] for row in rows}
    assert f"'{TITLES['formula']}" in titles
    assert any(title.startswith("Une") and '"citation"' in title for title in titles)
    assert not any(cell.startswith(FORMULA) for row in rows for cell in row.values())


def test_a_machine_translation_is_not_given_as_a_title(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(written(catalogue, tmp_path, "all.csv").decode("utf-8-sig"), newline=""))
    assert {row["title_nl"] for row in rows} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "  =1"])
def test_a_cell_that_would_be_computed_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"x{text}") == f"x{text}"


def test_each_line_of_json_is_one_entry(catalogue: Catalogue, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in written(catalogue, tmp_path, "all.jsonl").splitlines()]
    assert {line["source"]["identifier"] for line in lines} == set(TITLES)


def test_a_line_of_json_is_what_the_api_answers(catalogue: Catalogue, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in written(catalogue, tmp_path, "all.jsonl").splitlines()]
    client = create_app(catalogue.settings, catalogue).test_client()
    assert lines == client.get("/api/1/datasets/").json["data"]
    assert gzip.decompress(written(catalogue, tmp_path, "all.jsonl.gz")) == (tmp_path / "all.jsonl").read_bytes()


def test_the_table_leads_to_the_files_and_says_whose_and_about_what(catalogue: Catalogue, tmp_path: Path) -> None:
    text = written(catalogue, tmp_path, "all.csv").decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["title_fr"] == TITLES["plain"]]
    assert sorted(row["download_url"].split(" ")) == ["https://files.example/a.csv", "https://files.example/b.csv"]
    assert sorted(row["access_url"].split(" ")) == ["https://files.example/a.csv", "https://files.example/b"]
    assert row["landing_page"] == "https://example.org/trees"
    assert (row["publisher_fr"], row["publisher_nl"]) == ("Espaces verts", "Groene ruimten")
    assert (row["keyword_fr"], row["keyword_nl"]) == ("arbre; rue", "")


def test_parquet_has_the_same_table_with_lists(catalogue: Catalogue, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    text = written(catalogue, tmp_path, "all.csv").decode("utf-8-sig")
    written(catalogue, tmp_path, "all.parquet")
    found = duckdb.sql(f"SELECT * FROM '{tmp_path / 'all.parquet'}'")
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert len(rows) == len(TITLES)
    assert TITLES["formula"] in {row["title_fr"] for row in rows}
    (plain,) = [row for row in rows if row["title_fr"] == TITLES["plain"]]
    assert sorted(plain["download_url"]) == ["https://files.example/a.csv", "https://files.example/b.csv"]
    assert (plain["keyword_fr"], plain["keyword_nl"]) == (["arbre", "rue"], [])
    told = [{name: harmless(cell(name, value)) for name, value in row.items()} for row in rows]
    assert told == list(csv.DictReader(io.StringIO(text, newline="")))


def test_parquet_without_its_extra_is_refused_with_what_to_do(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Invalid, match="pip install"):
        written(catalogue, tmp_path, "all.parquet")
    assert not (tmp_path / "all.parquet").exists()


def test_an_empty_catalogue_can_be_exported(tmp_path: Path) -> None:
    catalogue = Catalogue(Settings(data_dir=tmp_path / "var"), {"agency": Agency()})
    catalogue.init()
    for ending in FORMATS:
        assert written(catalogue, tmp_path, f"empty.{ending}") or ending == "jsonl"
    catalogue.close()


def test_the_same_catalogue_gives_the_same_bytes(catalogue: Catalogue, tmp_path: Path) -> None:
    for ending in FORMATS:
        assert written(catalogue, tmp_path, f"one.{ending}") == written(catalogue, tmp_path, f"two.{ending}")
    assert gzip.decompress((tmp_path / "one.nt.gz").read_bytes()) == (tmp_path / "one.nt").read_bytes()


def test_an_export_that_breaks_leaves_what_was_there(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("broken off")

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "all.nt").write_text("old")
    monkeypatch.setitem(FORMATS, "nt", broken)
    with pytest.raises(RuntimeError, match="broken off"):
        export(catalogue.feed, tmp_path / "out" / "all.nt")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["all.nt"]
    assert (tmp_path / "out" / "all.nt").read_text() == "old"


def test_the_ending_decides_and_an_unknown_one_is_refused() -> None:
    assert writer_of(Path("A.NT.GZ")) is FORMATS["nt.gz"]
    assert writer_of(Path("a.b.ttl")) is FORMATS["ttl"]
    for name in ("a.doc", "ttl", "a.gz"):
        with pytest.raises(Invalid, match="ending must be one of"):
            writer_of(Path(name))
