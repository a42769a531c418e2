"""What became of each value is told from the record as it came."""

import json
from pathlib import Path

from click.testing import CliRunner
from loopback import LOOPBACK, Answer, pages, running

from catalogue.cli import main
from catalogue.service import Catalogue
from catalogue.settings import Settings
from dcat.normalise import Note

TURTLE = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://data.example/trees> a dcat:Dataset ; dct:title "Arbres"@fr ; dct:description "Tous les arbres."@fr ;
  dct:issued "01/05/2023" ; dcat:distribution <https://data.example/trees/csv> .
<https://data.example/trees/csv> a dcat:Distribution ; dcat:accessURL <https://data.example/trees.csv> ;
  dct:format "CSV" .
"""


def harvested(folder: Path, address: str) -> Catalogue:
    """A catalogue that has read one feed."""
    catalogue = Catalogue(Settings(data_dir=folder, fetch_allow=LOOPBACK))
    catalogue.init()
    catalogue.runs.harvest(catalogue.sources.add(address, "dcat", title="Trees").name)
    return catalogue


def test_raw_value_rule_and_published_value(tmp_path: Path) -> None:
    with running(pages({"/": Answer(TURTLE, "text/turtle")})) as server:
        catalogue = harvested(tmp_path, server.url())
    notes = catalogue.records.trace("trees", "https://data.example/trees")
    assert Note("dct:issued", "01/05/2023", "date-rewritten", "2023-05-01") in notes
    format = next(note for note in notes if note.field.endswith("dct:format"))
    assert (format.raw, format.published) == ("CSV", "http://publications.europa.eu/resource/authority/file-type/CSV")
    catalogue.close()


def test_a_record_that_was_sent_is_traced_like_one_that_was_fetched(tmp_path: Path) -> None:
    with running(pages({"/": Answer(TURTLE, "text/turtle")})) as server:
        catalogue = harvested(tmp_path, server.url())
    catalogue.records.push("trees", "oaks", TURTLE.replace(b"/trees>", b"/oaks>"), "text/turtle")
    assert {note.rule for note in catalogue.records.trace("trees", "oaks")} >= {"date-rewritten"}
    catalogue.close()


def test_the_command_shows_it(tmp_path: Path) -> None:
    with running(pages({"/": Answer(TURTLE, "text/turtle")})) as server:
        harvested(tmp_path, server.url()).close()
    environment = {"DATASTORE_DATA_DIR": str(tmp_path)}
    shown = CliRunner().invoke(main, ["show", "arbres", "--trace"], env=environment)
    assert shown.exit_code == 0, shown.output
    assert "'01/05/2023'\n    → date-rewritten → '2023-05-01'" in shown.output
    told = json.loads(CliRunner().invoke(main, ["show", "arbres", "--trace", "--json"], env=environment).stdout)
    assert {"field": "dct:issued", "raw": "01/05/2023", "rule": "date-rewritten", "published": "2023-05-01"} in told[
        "trace"
    ]
