"""Sources that nobody reads: their producer sends the records."""

from pathlib import Path

import pytest
from commands import invoke, last_json

from catalogue.errors import Conflict, Invalid
from catalogue.service import Catalogue
from catalogue.sources.editing import Change

TREES = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://agency.example/id/trees> a dcat:Dataset ; dct:title "Arbres"@fr ; dct:description "Les arbres."@fr .
"""


def sent(catalogue: Catalogue) -> str:
    """A source of a producer who has no catalogue to read."""
    return catalogue.sources.add("", "push", title="Our data", publisher="Commune").name


def test_a_source_without_an_address_takes_what_is_sent(catalogue: Catalogue) -> None:
    name = sent(catalogue)
    assert catalogue.records.push(name, "trees", TREES, "text/turtle").outcome == "NEW"
    assert catalogue.sources.named(name).entries == 1
    assert catalogue.sources.due() == []
    for start in (catalogue.runs.request, catalogue.runs.harvest):
        with pytest.raises(Conflict, match="its producer sends the records"):
            start(name)
    run, rows = catalogue.runs.preview_of(name)
    assert (run.state, run.error_code, rows) == ("failed", "NOTHING_TO_READ", [])


def test_it_is_known_by_publisher_and_title(catalogue: Catalogue) -> None:
    name = sent(catalogue)
    with pytest.raises(Conflict, match="registered already"):
        sent(catalogue)
    catalogue.sources.add("", "push", title="Our data", publisher="Another body")
    catalogue.records.push(name, "trees", TREES, "text/turtle")
    catalogue.sources.remove(name)
    assert sent(catalogue) == name
    assert catalogue.records.push(name, "trees", TREES, "text/turtle").outcome == "RESTORED"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "https://a.example/"}, "url"),
        ({"title": ""}, "title"),
        ({"publisher": ""}, "publisher"),
        ({"schedule": "0 3 * * *"}, "schedule"),
    ],
)
def test_what_it_cannot_have_is_refused(catalogue: Catalogue, more: dict[str, str], field: str) -> None:
    asked = {"url": "", "title": "Our data", "publisher": "Commune", **more}
    with pytest.raises(Invalid) as error:
        catalogue.sources.add(asked.pop("url"), "push", **asked)
    assert error.value.field == field


def test_it_gets_no_address_and_no_schedule_later(catalogue: Catalogue) -> None:
    name = sent(catalogue)
    for change in (Change(url="https://a.example/"), Change(schedule="0 3 * * *")):
        with pytest.raises(Invalid, match="has no address"):
            catalogue.sources.edit(name, change)
    assert catalogue.sources.edit(name, Change(title="Nos données")).title == "Nos données"


def test_harvest_all_leaves_it_out(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    out, _ = invoke(tmp_path, "source", "add", "--kind", "push", "--title", "Our data", "--publisher", "Commune")
    assert "/api/1/dataset/our-data/IDENTIFIER" in out
    assert invoke(tmp_path, "harvest", "--all") == ("", "")
    assert "its producer sends the records" in invoke(tmp_path, "harvest", "our-data", expect=1)[1]
    assert last_json(invoke(tmp_path, "source", "list", "--json")[0])[0]["kind"] == "push"
