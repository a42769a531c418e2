"""`datastore check`: a producer's own feed against the rules, from a file or an address."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import datastore, invoke, last_json

from catalogue.demo.server import DATA, serve_agencies

GOOD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://example.org/trees> a dcat:Dataset ;
    dct:identifier "trees" ;
    dct:title "Arbres"@fr, "Bomen"@nl ;
    dct:description "Les arbres des rues."@fr, "De straatbomen."@nl ;
    dct:publisher <https://example.org/agency> .
<https://example.org/agency> a foaf:Agent ; foaf:name "Agence"@fr .
"""
BAD = GOOD.replace('dct:title "Arbres"@fr, "Bomen"@nl ;', 'dct:issued "no date" ;')
FINDING = {"subject", "rule", "severity", "field", "value", "message", "fix", "section"}


@pytest.fixture(scope="module")
def agencies() -> Iterator[str]:
    with serve_agencies() as base:
        yield base


def test_a_feed_with_what_is_mandatory_passes(tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_text(GOOD, "utf-8")
    out, err = datastore(tmp_path, "check", "good.ttl")
    assert "1 resources, 0 violations" in out
    assert err == ""
    assert not (tmp_path / "var").exists()


def test_a_feed_may_come_through_a_pipe(tmp_path: Path) -> None:
    out, _ = datastore(tmp_path, "check", "-", text_in=GOOD)
    assert "1 resources, 0 violations" in out
    _, err = invoke(tmp_path, "check", "-", expect=1, text_in=" ")
    assert "The document is empty" in err
    _, err = invoke(tmp_path, "check", "-", "--format", "doc", expect=2, text_in=GOOD)
    assert "--format must be one of" in err


def test_what_must_be_mended_is_said_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(BAD, "utf-8")
    out, err = invoke(tmp_path, "check", "bad.ttl", expect=1)
    assert "VIOLATION  There is no title. We made one of what stands elsewhere" in out
    assert "not a date: “no date”" in out
    assert "must be mended" in err


def test_the_report_for_programs_has_its_shape(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(BAD, "utf-8")
    report = last_json(invoke(tmp_path, "check", "bad.ttl", "--json", expect=1)[0])
    assert {"violations", "warnings", "resources", "findings"} <= set(report)
    assert report["resources"] == 1
    assert all(set(finding) == FINDING for finding in report["findings"])
    assert {finding["subject"] for finding in report["findings"]} == {"https://example.org/trees"}
    assert all(set(finding["message"]) == {"fr", "nl", "de", "en"} for finding in report["findings"])
    bad = sum(finding["severity"] == "violation" for finding in report["findings"])
    assert report["violations"] == bad + len(report["refused"])


def test_the_predicted_quality_score_is_told(tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_text(GOOD, "utf-8")
    report = last_json(datastore(tmp_path, "check", "good.ttl", "--json")[0])
    assert report["score"] == 55, "publisher, compliance, and that the data are public, which we add"
    out, _ = datastore(tmp_path, "check", "good.ttl")
    assert "Predicted quality score: 55 of 405 (bad)." in out
    assert "+30 points: Add keywords." in out


def test_without_a_dataset_there_is_no_score(tmp_path: Path) -> None:
    service = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://example.org/wms> a dcat:DataService ;
            dct:title "Carte"@fr ; dcat:endpointURL <https://example.org/wms> ."""
    (tmp_path / "service.ttl").write_text(service, "utf-8")
    report = last_json(datastore(tmp_path, "check", "service.ttl", "--json")[0])
    assert report["score"] is None
    assert "score" not in datastore(tmp_path, "check", "service.ttl")[0]


def test_a_feed_on_the_network_is_read_with_all_its_pages(tmp_path: Path, agencies: str) -> None:
    out, _ = invoke(tmp_path, "check", f"{agencies}/mobility/catalog.ttl", "--json", expect=1)
    assert last_json(out)["resources"] == 38


def test_a_page_on_disk_is_checked_and_the_rest_is_said_to_be_missing(tmp_path: Path) -> None:
    report = last_json(invoke(tmp_path, "check", str(DATA / "mobility" / "catalog-1.ttl"), "--json")[0])
    assert report["resources"] == 10
    assert report["incomplete"] == ["It is one page of a longer feed; the other pages were not read."]


def test_the_format_can_be_said(tmp_path: Path) -> None:
    (tmp_path / "feed").write_text(GOOD, "utf-8")
    invoke(tmp_path, "check", "feed", "--format", "ttl")
    _, err = invoke(tmp_path, "check", "feed", "--format", "docx", expect=2)
    assert "--format must be one of ttl, rdf" in err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("@prefix x <", "Line 1"),
        ("", "feed.ttl is empty"),
        ("hello", "This is not Turtle"),
        ('{"a": 1}', "feed.ttl describes no datasets"),
        ("<html><body>Log in</body></html>", "HTML"),
        ("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>", "cannot be read"),
    ],
)
def test_what_is_no_feed_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "feed.ttl").write_text(content, "utf-8")
    out, err = invoke(tmp_path, "check", "feed.ttl", expect=1)
    assert out == ""
    assert words in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'),
        ("named.ttl", "<https://example.org/d> a <http://www.w3.org/ns/dcat#Dataset> ."),
    ],
)
def test_what_describes_nothing_is_never_called_fine(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    _, err = invoke(tmp_path, "check", name, expect=1)
    assert f"{name} describes no datasets." in err


def test_what_cannot_be_reached_is_one_sentence(tmp_path: Path, agencies: str) -> None:
    assert "it is not there" in invoke(tmp_path, "check", "none.ttl", expect=1)[1]
    assert "404" in invoke(tmp_path, "check", f"{agencies}/none.ttl", expect=1)[1]
    _, err = invoke(tmp_path, "check", f"{agencies}/mobility/catalog.ttl", expect=1, FETCH_ALLOW="")
    assert "may not be fetched" in err
    assert len(err.splitlines()) == 1


# --- shapes of others -------------------------------------------------------------------------------------------------

SHAPES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/shape> a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
    [ sh:path dct:accessRights ; sh:minCount 1 ],
    [ sh:path dct:title ; sh:maxCount 1 ; sh:severity sh:Warning ] .
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good feed and shapes that ask for more."""
    (tmp_path / "good.ttl").write_text(GOOD, "utf-8")
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "one.ttl").write_text(SHAPES, "utf-8")
    (tmp_path / "shapes" / "README").write_text("not RDF", "utf-8")
    return tmp_path


@pytest.mark.parametrize("shapes", ["shapes", "shapes/one.ttl"])
def test_shapes_look_at_the_feed_as_it_was_sent(folder: Path, shapes: str) -> None:
    out, err = invoke(folder, "check", "good.ttl", "--shapes", shapes, expect=1)
    assert "1 resources, 0 violations" in out
    told = out.partition("Shapes, on the feed as it was sent:")[2]
    assert "VIOLATION  dcat:Dataset dct:accessRights  1 ×\n  Access rights is missing (at least 1).\n" in told
    assert "WARNING  dcat:Dataset dct:title  1 ×" in told
    assert "    in: https://example.org/trees" in told
    assert "1 violations of the shapes." in told
    assert "1 thing must be mended." in err


def test_shapes_look_at_what_would_be_published(folder: Path) -> None:
    out, _ = datastore(folder, "check", "good.ttl", "--shapes", "shapes", "--published")
    told = out.partition("Shapes, on what would be published:")[2]
    assert "0 violations of the shapes." in told
    assert "WARNING  dcat:Dataset dct:title  1 ×" in told
    assert not (folder / "var").exists()


def test_what_shapes_find_is_there_for_programs(folder: Path) -> None:
    report = last_json(invoke(folder, "check", "good.ttl", "--shapes", "shapes", "--json", expect=1)[0])
    assert report["violations"] == 0
    assert report["shapes"]["violations"] == 1
    (bad, _) = report["shapes"]["results"]
    assert (bad["severity"], bad["path"], bad["times"]) == ("Violation", "dct:accessRights", 1)
    assert "shapes" not in last_json(invoke(folder, "check", "good.ttl", "--json")[0])


def test_all_pages_of_a_feed_are_validated_together(folder: Path, agencies: str) -> None:
    url = f"{agencies}/mobility/catalog.ttl"
    report = last_json(invoke(folder, "check", url, "--shapes", "shapes", "--json", expect=1)[0])
    titled = sum(one["times"] for one in report["shapes"]["results"] if one["path"] == "dct:title")
    assert titled > 10


def test_packages_of_ckan_are_validated_as_published_only(folder: Path) -> None:
    package = '{"id": "a", "name": "a", "title": "Arbres", "notes": "Les arbres.", "resources": []}'
    (folder / "package.json").write_text(package, "utf-8")
    _, err = invoke(folder, "check", "package.json", "--shapes", "shapes", expect=2)
    assert "--published" in err
    out, _ = invoke(folder, "check", "package.json", "--shapes", "shapes", "--published")
    assert "0 violations of the shapes." in out


def test_shapes_that_cannot_be_used_are_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "broken.ttl").write_text("@prefix x <", "utf-8")
    (folder / "empty").mkdir()
    for shapes, words, code in (
        ("broken.ttl", "cannot be read. Line 1", 2),
        ("good.ttl", "no SHACL shapes", 1),
        ("empty", "no file with shapes", 2),
        ("nowhere.ttl", "does not exist", 2),
    ):
        _, err = invoke(folder, "check", "good.ttl", "--shapes", shapes, expect=code)
        assert words in err, shapes
    assert "give some" in invoke(folder, "check", "good.ttl", "--published", expect=2)[1]
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    _, err = invoke(folder, "check", "good.ttl", "--shapes", "shapes", expect=1)
    assert err.splitlines() == [
        "Error: Checking with shapes needs pyshacl, which is not installed: pip install pyshacl"
    ]


def test_a_feed_is_counted_as_it_was_sent_beside_what_we_repair(tmp_path: Path) -> None:
    sent = GOOD.replace("dct:publisher <https", 'dct:modified "01/05/2024" ; dct:publisher <https')
    (tmp_path / "sent.ttl").write_text(sent, "utf-8")
    said = json.loads(datastore(tmp_path, "check", "sent.ttl", "--json")[0])
    assert said["violations"] == 0  # the date is read
    assert said["as_sent"]["violations"] == 1  # and was none
    assert "As sent, by the rules of DCAT-AP and HVD: 1 violations" in datastore(tmp_path, "check", "sent.ttl")[0]


@pytest.mark.parametrize(
    "agent",
    [
        'foaf:name "Jeanne Peeters"',
        'foaf:name "Peeters J." ; a foaf:Person',
        'foaf:name "Statbel" ; foaf:mbox <mailto:jeanne@example.org> , <mailto:statbel@example.org>',
    ],
)
def test_a_remark_on_a_second_publisher_tells_no_persons_name(tmp_path: Path, agent: str) -> None:
    prefix = "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
    second = f"dct:publisher [ {agent} ] , <https"
    (tmp_path / "two.ttl").write_text(prefix + GOOD.replace("dct:publisher <https", second), "utf-8")
    said = invoke(tmp_path, "check", "two.ttl", "--json", expect=1)[0]
    assert "value-repeated" in said
    assert "eeters" not in said
    assert "jeanne" not in said


def test_what_was_sent_is_counted_of_packages_too(tmp_path: Path) -> None:
    package = {"id": "1", "title": "Trees", "notes": "All.", "resources": [], "metadata_modified": "the other day"}
    (tmp_path / "one.json").write_text(json.dumps(package), "utf-8")
    said = json.loads(invoke(tmp_path, "check", "one.json", "--json")[0])
    assert set(said["as_sent"]) == {"violations", "warnings"}
    assert said["as_sent"]["warnings"] > 0


def test_one_cause_is_said_once_with_its_number_and_first_places(tmp_path: Path) -> None:
    dataset = (
        '<https://example.org/{0}> a dcat:Dataset ; dct:title "Data {0}" ; dct:description "D" ; dct:issued "no {0}" .'
    )
    prefixes = GOOD.partition("<https://example.org/trees>")[0]
    (tmp_path / "many.ttl").write_text(prefixes + "\n".join(dataset.format(n) for n in range(5)), "utf-8")
    out, _ = invoke(tmp_path, "check", "many.ttl", expect=1)
    assert out.count("is not a date") == 1
    assert "VIOLATION  5 ×  The publication date is not a date: “no 0”." in out
    assert "https://example.org/1  no 1" in out
    assert "https://example.org/4" not in out.partition("WARNING")[0]
    assert "and 2 more" in out
