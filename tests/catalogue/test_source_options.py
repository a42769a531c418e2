"""What is agreed with a source: values put for it, records left out, how it is asked; each is told."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import loopback
import portals
import pytest
from commands import invoke, last_json
from factory import Feed, Memory, open_catalogue, record, texts
from loopback import Answer, Request

from catalogue.errors import Invalid
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.store.rows import EntryRow, RunRow
from dcat.model import Agent, Concept, Contact, DataService, Dataset, Distribution, Iri, LicenseDocument, Text
from harvesters.base import RawRecord

URL = "https://agency.example/feed"
EU = "http://publications.europa.eu/resource/authority"
Read = Callable[..., RunRow]


@pytest.fixture
def read(catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]) -> Read:
    """Registers a source, or changes its options, and reads these records an hour later."""

    def read(*records: RawRecord, publisher: str = "", **config: Any) -> RunRow:
        if not catalogue.sources.all():
            catalogue.sources.add(URL, "memory", title="Agency", publisher=publisher)
        catalogue.sources.edit("agency", Change(config=config))
        memory.feeds[URL] = Feed([*records])
        move_clock(timedelta(hours=1))
        return catalogue.runs.harvest("agency")

    return read


def published(catalogue: Catalogue, identifier: str) -> Dataset:
    row = catalogue.entries.find(catalogue.records.outcome("agency", identifier).name)
    assert isinstance(row, EntryRow)
    assert isinstance(row.entry, Dataset)
    return row.entry


def told(catalogue: Catalogue, identifier: str, rule: str) -> dict[str, str]:
    """The fields of which a report says that something agreed was put, with what is said."""
    findings = catalogue.records.outcome("agency", identifier).findings
    return {one.field: one.value for one in findings if one.rule == rule}


def bare(identifier: str, **fields: Any) -> RawRecord:
    said = {"title": texts(fr=f"Arbres {identifier}"), "description": texts(fr="Des arbres.")}
    return record(identifier, Dataset(**said, **fields))


def full(identifier: str) -> RawRecord:
    """A record that says everything."""
    return bare(
        identifier,
        publisher=Agent(name=texts(fr="Région")),
        contact=(Contact(email=(Iri("mailto:info@region.example"),)),),
        theme=(Concept(iri=Iri(f"{EU}/data-theme/TRAN")),),
        keyword=texts(fr="vélo"),
        language=(Concept(iri=Iri(f"{EU}/language/NLD")),),
        frequency=Concept(iri=Iri(f"{EU}/frequency/DAILY")),
        distribution=(
            Distribution(
                access_url=(Iri("https://region.example/a.csv"),),
                license=LicenseDocument(iri=Iri(f"{EU}/licence/CC0")),
            ),
        ),
    )


AGREED = {
    "publisher": "Ville",
    "contact": "opendata@ville.example",
    "licence": "CC_BY_4_0",
    "theme": ["ENVI"],
    "keywords": ["arbres"],
    "language": ["fr"],
    "frequency": "MONTHLY",
}
FIELDS = {"dcat:contactPoint", "dcat:theme", "dcat:keyword", "dct:language", "dct:accrualPeriodicity"}


def said(entry: Dataset) -> tuple[object, ...]:
    """The fields that are agreed, in short."""
    assert entry.publisher is not None
    assert entry.frequency is not None
    return (
        entry.publisher.name[0].value,
        entry.contact[0].email,
        tuple((one.iri or "").rpartition("/")[2] for one in entry.theme),
        tuple(one.value for one in entry.keyword),
        tuple((one.iri or "").rpartition("/")[2] for one in entry.language),
        (entry.frequency.iri or "").rpartition("/")[2],
        {(file.license.iri or "").rpartition("/")[2] for file in entry.distribution if file.license},
    )


def test_defaults_are_put_where_nothing_is_said(catalogue: Catalogue, read: Read) -> None:
    file = Distribution(access_url=(Iri("https://ville.example/a.csv"),))
    read(bare("bare", distribution=(file,)), full("full"), publisher="Somebody", defaults=AGREED)
    of_ville = ("Ville", ("mailto:opendata@ville.example",), ("ENVI",), ("arbres",), ("FRA",), "MONTHLY", {"CC_BY_4_0"})
    assert said(published(catalogue, "bare")) == of_ville
    assert told(catalogue, "bare", "value-agreed").keys() == FIELDS
    assert told(catalogue, "bare", "publisher-default") == {"dct:publisher": "Ville"}
    assert list(told(catalogue, "bare", "licence-default").values()) == [f"{EU}/licence/CC_BY_4_0"]
    of_region = ("Région", ("mailto:info@region.example",), ("TRAN",), ("vélo",), ("NLD",), "DAILY", {"CC0"})
    assert said(published(catalogue, "full")) == of_region
    assert not told(catalogue, "full", "value-agreed")


def test_overrides_are_put_whatever_is_said_and_tell_what_was(catalogue: Catalogue, read: Read) -> None:
    read(full("full"), overrides=AGREED)
    of_ville = ("Ville", ("mailto:opendata@ville.example",), ("ENVI",), ("arbres",), ("FRA",), "MONTHLY", {"CC_BY_4_0"})
    assert said(published(catalogue, "full")) == of_ville
    found = told(catalogue, "full", "value-overridden")
    assert found.keys() == {*FIELDS, "dct:publisher", "dct:license"}
    assert found["dct:publisher"] == "Région@fr → Ville"
    assert found["dct:license"] == f"{EU}/licence/CC0 → {EU}/licence/CC_BY_4_0"
    notes = {note.field: (note.rule, note.published) for note in catalogue.records.trace("agency", "full")}
    assert notes["dct:accrualPeriodicity"] == ("value-overridden", f"{EU}/frequency/MONTHLY")
    run = read(full("full"), overrides=None)  # the source has its say again
    assert run.changed == 1
    assert said(published(catalogue, "full"))[0] == "Région"


def test_an_override_that_the_source_says_itself_is_not_told(catalogue: Catalogue, read: Read) -> None:
    read(full("full"), overrides={"frequency": "DAILY", "theme": ["TRAN"], "licence": "CC0", "publisher": "Région"})
    assert told(catalogue, "full", "value-overridden") == {"dct:publisher": "Région@fr → Région"}


def test_what_was_wrong_in_a_value_that_nobody_publishes_is_not_told(catalogue: Catalogue, read: Read) -> None:
    odd = bare("odd", frequency=Concept(labels=(Text("whenever we like", "en"),)))
    read(odd)
    assert "dct:accrualPeriodicity" in {one.field for one in catalogue.records.outcome("agency", "odd").findings}
    read(odd, overrides={"frequency": "ANNUAL"})
    rules = {one.rule for one in catalogue.records.outcome("agency", "odd").findings if "accrual" in one.field}
    assert rules == {"value-overridden"}


def test_a_service_has_what_is_agreed_too(catalogue: Catalogue, read: Read) -> None:
    service = DataService(title=texts(fr="API"), endpoint_url=(Iri("https://ville.example/api"),))
    read(record("api", service), defaults={"theme": ["GOVE"]}, overrides={"licence": "CC0"})
    assert "dcat:theme" in told(catalogue, "api", "value-agreed")
    assert "dct:license" in told(catalogue, "api", "value-overridden")


# --- which records are taken -----------------------------------------------------------------------------------------

RECORDS = [
    record(
        name,
        Dataset(
            title=texts(fr=title),
            description=texts(fr="Données."),
            publisher=Agent(name=texts(fr=publisher)),
            keyword=texts(fr=keyword),
            theme=(Concept(iri=Iri(f"{EU}/data-theme/{theme}")),),
        ),
    )
    for name, title, publisher, keyword, theme in (
        ("trees", "Arbres remarquables", "Ville", "arbre", "ENVI"),
        ("bikes", "Comptages vélo", "Ville", "mobilité", "TRAN"),
        ("air", "Qualité de l’air", "Région", "air", "ENVI"),
        ("x-1", "Jeu d’essai", "Région", "test", "TECH"),
    )
]


@pytest.mark.parametrize(
    ("config", "taken"),
    [
        ({}, {"trees", "bikes", "air", "x-1"}),
        ({"include": {"publisher": "ville"}}, {"trees", "bikes"}),
        ({"include": {"publisher": ["Ville"], "theme": ["ENVI"]}}, {"trees"}),
        ({"include": {"theme": ["Environment", "TECH"]}}, {"trees", "air", "x-1"}),
        ({"include": {"keyword": "mobilite"}}, {"bikes"}),
        ({"include": {"title": "VELO"}}, {"bikes"}),
        ({"include": {"title": "arbres*"}}, {"trees"}),
        ({"exclude": {"identifier": "x-*"}}, {"trees", "bikes", "air"}),
        ({"exclude": {"title": "essai", "keyword": ["air"]}}, {"trees", "bikes"}),
        ({"include": {"publisher": "Région"}, "exclude": {"theme": "TECH"}}, {"air"}),
        ({"include": {"title": "[a]rbres"}}, set()),
    ],
    ids=str,
)
def test_records_are_taken_or_left_out(
    catalogue: Catalogue, read: Read, config: dict[str, Any], taken: set[str]
) -> None:
    run = read(*RECORDS, **config)
    rows = catalogue.runs.outcomes(run.id)
    assert {row.identifier for row in rows if row.outcome == "NEW"} == taken
    left = [row for row in rows if row.outcome == "SKIPPED"]
    assert len(left) == 4 - len(taken)
    assert all(row.code == "FILTERED" and row.reason.startswith("Its source is read") for row in left)
    assert ("filter-leaves-nothing" in {one.rule for one in run.findings}) == (not taken)


def test_what_a_new_filter_leaves_out_goes_as_if_it_were_missing(catalogue: Catalogue, read: Read) -> None:
    many = [bare(f"d{number}") for number in range(30)]
    read(*many)
    assert read(*many, exclude={"identifier": "d1"}).held == 1  # seen to be missing once
    assert read(*many, exclude={"identifier": "d1"}).removed == 1
    assert read(*many, exclude=None).restored == 1
    run = read(*many, include={"identifier": "d1"})
    assert (run.state, run.removed) == ("held", 0)


def test_parts_go_with_the_record_that_is_left_out(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    package = portals.package(1, resources=[{"id": "r", "url": "https://e.example/wms", "format": "WMS"}])
    with loopback.running(portals.ckan([package])) as server:
        catalogue.sources.add(server.url("/"), "ckan", title="Portal", config={"exclude": {"title": "title 1"}})
        run = catalogue.runs.harvest("portal")
        assert (run.seen, run.skipped, run.state) == (1, 1, "done-with-findings")
        assert catalogue.entries.counts().services == 0
    catalogue.close()


def test_nothing_is_said_to_be_nothing(catalogue: Catalogue, read: Read) -> None:
    run = read()
    assert (run.state, run.seen, [one.rule for one in run.findings]) == ("done-with-findings", 0, ["source-empty"])
    assert read(bare("d1")).findings == ()


def test_what_a_portal_gives_twice_is_said_by_the_command(tmp_path: Path) -> None:
    packages = [portals.package(1, notes="Texte."), {**portals.package(2, notes="Texte."), "id": "id-001"}]
    with loopback.running(portals.ckan(packages)) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/"), "--kind", "ckan", "--title", "Portal")
        out, _ = invoke(tmp_path, "harvest", "portal")
        assert "portal: done-with-findings" in out
        assert "The identifier id-001 is used several times." in out
        out, err = invoke(tmp_path, "source", "test", server.url("/"), "--kind", "ckan", expect=1)
        assert "The identifier id-001 is used several times." in out
        assert "something must be mended" in err


def test_the_command_says_that_nothing_came(tmp_path: Path) -> None:
    empty = b"<http://e/c> a <http://www.w3.org/ns/dcat#Catalog> ."
    with loopback.running(loopback.site(lambda _: Answer(empty, "text/turtle"))) as server:
        invoke(tmp_path, "init")
        invoke(tmp_path, "source", "add", server.url("/c.ttl"), "--kind", "dcat", "--title", "Empty")
        test = ("source", "test", server.url("/c.ttl"), "--kind", "dcat")
        for command in (("harvest", "empty"), ("source", "show", "empty"), test):
            out, _ = invoke(tmp_path, *command)
            assert "The source gives no record at all." in out
            assert "Check the address of the source, and what its settings say" in out
        out, _ = invoke(tmp_path, "source", "show", "empty", "--json")
        assert last_json(out)["runs"][0]["findings"][0]["rule"] == "source-empty"


# --- an organisation that the portal lacks ---------------------------------------------------------------------------


@pytest.fixture
def organised() -> Iterator[tuple[loopback.Server, list[str]]]:
    """A portal of two organisations, and the filters that it was asked with."""
    asked: list[str] = []
    known = [
        {"name": "cpas", "title": "CPAS de la Ville", "id": "o-cpas"},
        {"name": "ville", "title": "V", "id": "o-2"},
    ]

    def instead(action: str, query: Any) -> Answer | None:
        if action == "organization_list":
            at = int(query.get("offset", 0))
            return portals.envelope(known[at : at + 1] if query.get("all_fields") else [one["name"] for one in known])
        asked.append(query.get("fq", ""))
        return None

    with loopback.running(portals.ckan([portals.package(1)], instead=instead)) as server:
        yield server, asked


@pytest.mark.parametrize("name", ["cpas", "CPAS de la ville", "o-cpas"])
def test_an_organisation_is_known_by_name_title_and_id(
    tmp_path: Path, organised: tuple[loopback.Server, list[str]], name: str
) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    server, asked = organised
    catalogue.sources.add(server.url("/"), "ckan", title="Portal", config={"organisations": [name]})
    assert catalogue.runs.harvest("portal").new == 1
    assert set(asked) == {'organization:("cpas")'}
    catalogue.close()


def test_one_that_the_portal_lacks_is_refused_with_near_names(
    tmp_path: Path, organised: tuple[loopback.Server, list[str]]
) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    catalogue.sources.add(organised[0].url("/"), "ckan", title="Portal", config={"organisations": ["cpaas"]})
    at = (organised[0].url("/"), "--kind", "ckan", "--title", "Other")
    _, err = invoke(tmp_path, "source", "add", *at, "--config", '{"organisations": ["cpaz"]}', expect=2, DATA_DIR=".")
    assert "has no organisation 'cpaz'; near it: 'cpas', 'o-cpas'" in err
    _, err = invoke(
        tmp_path, "source", "edit", "portal", "--config", '{"organisations": ["vile"]}', expect=2, DATA_DIR="."
    )
    assert "has no organisation 'vile'; near it: 'ville'" in err
    down = ("source", "add", "http://127.0.0.1:1/", "--kind", "ckan", "--config", '{"organisations": ["x"]}')
    assert "Added" in invoke(tmp_path, *down, DATA_DIR=".")[0]
    run = catalogue.runs.harvest("portal")
    assert (run.state, run.error_code) == ("failed", "UNKNOWN_ORGANISATION")
    assert "has no organisation 'cpaas'; near it: 'cpas'" in run.error
    with pytest.raises(Invalid, match="near it: 'organisations'"):
        catalogue.sources.edit("portal", Change(config={"organizations": ["cpas"]}))
    catalogue.close()


# --- how it is asked -------------------------------------------------------------------------------------------------


def test_a_slow_answer_has_the_time_that_is_agreed(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    body = b'<http://e/t> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Arbres"@fr .'

    def slow(_: Request) -> Answer:
        time.sleep(6)
        return Answer(body, "text/turtle")

    with loopback.running(loopback.site(slow)) as server:
        catalogue.sources.add(server.url("/t.ttl"), "dcat", title="Slow", config={"deadline": 5})
        run = catalogue.runs.harvest("slow")
        assert (run.state, run.error_code) == ("failed", "DEADLINE")
        assert "option `deadline`" in run.error
        catalogue.sources.edit("slow", Change(config={"deadline": 60}))
        assert catalogue.runs.harvest("slow").seen == 1
    catalogue.close()


def test_the_pause_that_is_agreed_is_kept(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    server = portals.ckan([portals.package(number) for number in range(3)])
    with loopback.running(server):
        catalogue.sources.add(server.url("/"), "ckan", title="Portal", config={"pace": 1, "rows": 1})
        began = time.monotonic()
        assert catalogue.runs.harvest("portal").seen == 3
        assert time.monotonic() - began > 2
    catalogue.close()
