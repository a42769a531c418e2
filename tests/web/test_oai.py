"""The door of OAI-PMH, through a client of others, through our own harvester, and by hand."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import graphs
import loopback
import pytest
import sickle.oaiexceptions as refusals
from browsing import served
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient
from lxml import etree
from sickle import Sickle

from catalogue import clock
from catalogue.errors import NotFound
from catalogue.service import Catalogue
from catalogue.store import packing
from dcat.model import Dataset
from harvesters.base import RawRecord
from web.app import create_app
from web.oai import listing

URL = "https://agency.example/feed"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@pytest.fixture
def repository(site: str, monkeypatch: pytest.MonkeyPatch) -> Sickle:
    """The door with parts so small that a list has several."""
    monkeypatch.setattr(listing, "SIZE", 7)
    return Sickle(f"{site}/oai")


def live(catalogue: Catalogue) -> dict[str, str]:
    """IRIs by the names that the door gives."""
    return {f"oai:data.example.brussels:{row.id}": row.iri for row in catalogue.entries.after("", 1000)}


def asked(client: FlaskClient, **arguments: str) -> etree._Element:
    answer = client.get("/oai", query_string=arguments)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return etree.fromstring(answer.data)


def error(root: etree._Element) -> str | None:
    found = root.find(f"{OAI}error")
    return None if found is None else found.get("code")


# --- a client of others ----------------------------------------------------------------------------------------------


def test_a_client_reads_what_it_is(repository: Sickle, filled: Catalogue) -> None:
    said = repository.Identify()
    assert (said.repositoryName, said.deletedRecord) == (filled.settings.title, "persistent")
    assert said.adminEmail == filled.settings.contact
    assert {each.metadataPrefix for each in repository.ListMetadataFormats()} == {"oai_dc", "dcat_ap"}


@pytest.mark.parametrize("prefix", ["oai_dc", "dcat_ap"])
def test_a_client_reads_every_record_once(repository: Sickle, filled: Catalogue, prefix: str) -> None:
    found = list(repository.ListRecords(metadataPrefix=prefix))
    assert [each.header.identifier for each in found] == sorted(live(filled))
    assert [each.identifier for each in repository.ListIdentifiers(metadataPrefix=prefix)] == sorted(live(filled))
    one = repository.GetRecord(identifier=found[3].header.identifier, metadataPrefix=prefix)
    assert etree.tostring(one.xml) == etree.tostring(found[3].xml)


def test_dublin_core_says_what_the_entry_says(repository: Sickle, filled: Catalogue) -> None:
    row = next(row for row in filled.entries.after("", 1000) if row.iri.endswith("dataset/bike-counts"))
    name = next(name for name, iri in live(filled).items() if iri == row.iri)
    said = repository.GetRecord(identifier=name, metadataPrefix="oai_dc").metadata
    assert set(said["title"]) == {"Comptages vélos", "Fietstellingen"}
    assert said["identifier"][0] == row.iri
    assert {"vélo", "Transports"} <= set(said["subject"])
    assert said["type"] == ["Dataset"]
    assert said["format"] == ["CSV"]
    assert said["date"][-1] == "2024-05-06"


def test_every_set_gives_those_that_are_in_it(repository: Sickle, filled: Catalogue) -> None:
    headers = list(repository.ListIdentifiers(metadataPrefix="oai_dc"))
    members: dict[str, list[str]] = {}
    for header in headers:
        for name in header.setSpecs:
            members.setdefault(name, []).append(header.identifier)
    names = {each.setSpec for each in repository.ListSets()}
    assert members.keys() <= names
    for name in names:
        if name in members:
            some = repository.ListIdentifiers(metadataPrefix="oai_dc", set=name)
            assert [each.identifier for each in some] == members[name]
        else:
            with pytest.raises(refusals.NoRecordsMatch):
                repository.ListIdentifiers(metadataPrefix="oai_dc", set=name)


def test_a_client_understands_refusals(repository: Sickle) -> None:
    with pytest.raises(refusals.IdDoesNotExist):
        repository.GetRecord(identifier="oai:data.example.brussels:nobody", metadataPrefix="oai_dc")
    with pytest.raises(refusals.CannotDisseminateFormat):
        repository.ListRecords(metadataPrefix="marc21")
    with pytest.raises(refusals.BadResumptionToken):
        repository.ListRecords(resumptionToken="x")
    with pytest.raises(refusals.NoRecordsMatch):
        repository.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")


# --- our own harvester -----------------------------------------------------------------------------------------------


def test_a_second_catalogue_holds_the_same_triples(
    site: str, filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SIZE", 7)
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    name = second.sources.add(f"{site}/oai", "oai-pmh", title="First").name
    run = second.runs.harvest(name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    mine, theirs = graphs.of_entries(second), graphs.of_entries(filled)
    assert mine.keys() == theirs.keys()
    for iri, said in theirs.items():
        assert mine[iri] == said, iri
    again = second.runs.harvest(name)
    assert (again.complete, again.writes, again.removed) == (True, 0, 0)
    second.close()


# --- removals, and what is written meanwhile -------------------------------------------------------------------------


def one(number: int, version: int = 0) -> RawRecord:
    said = texts(fr=f"Version {version}")
    return record(f"r{number}", Dataset(title=texts(fr=f"Jeu {number}"), description=said))


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory, FlaskClient]]:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([one(n) for n in range(30)])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def headers(root: etree._Element) -> dict[str, etree._Element]:
    return {str(each.findtext(f"{OAI}identifier")): each for each in root.iter(f"{OAI}header")}


def stamps(client: FlaskClient) -> list[str]:
    listed = headers(asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc"))
    return [str(header.findtext(f"{OAI}datestamp")) for header in listed.values()]


def token(root: etree._Element) -> str:
    return next((each.text or "" for each in root.iter(f"{OAI}resumptionToken")), "")


@pytest.mark.parametrize("set", ["", "source.agency", "theme.TRAN"])
def test_what_went_is_told_for_ever(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch, set: str
) -> None:
    catalogue, memory, client = portal
    gone = catalogue.entries.named("dataset", "jeu-7")
    memory.feeds[URL] = Feed([one(n) for n in range(30) if n != 7])
    catalogue.runs.harvest("agency")
    catalogue.runs.harvest("agency")
    later = clock.now() + timedelta(days=100)
    monkeypatch.setattr("catalogue.clock.now", lambda: later)
    catalogue.tidying.all()
    with pytest.raises(NotFound):
        catalogue.records.raw("agency", "r7")
    name = f"oai:data.example.brussels:{gone.id}"
    chosen = {"set": set} if set else {}
    for verb in ("ListIdentifiers", "ListRecords"):
        header = headers(asked(client, verb=verb, metadataPrefix="dcat_ap", **chosen))[name]
        assert header.get("status") == "deleted"
    alone = asked(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=name)
    assert headers(alone)[name].get("status") == "deleted"
    assert alone.find(f".//{OAI}metadata") is None


def test_a_second_catalogue_hears_of_removals(tmp_path: Path, portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    first, memory, _ = portal
    second, _ = open_catalogue(tmp_path / "second", fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    with served(create_app(first.settings, first)) as site:
        name = second.sources.add(f"{site}/oai", "oai-pmh", title="First").name
        second.runs.harvest(name)
        memory.feeds[URL] = Feed([one(n, n % 2) for n in range(28)])
        first.runs.harvest("agency")
        first.runs.harvest("agency")
        for _ in range(2):
            run = second.runs.harvest(name)
            assert (run.complete, run.refused, run.failed) == (True, 0, 0)
    assert {row.iri: row.entry.description for row in second.entries.after("", 100)} == {
        row.iri: row.entry.description for row in first.entries.after("", 100)
    }
    second.close()


@pytest.mark.parametrize("seed", range(5))
def test_a_list_gives_what_was_there_all_the_time_once(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    catalogue, memory, client = portal
    monkeypatch.setattr(listing, "SIZE", 4)
    luck = random.Random(seed)
    there = {row.identifier: f"oai:data.example.brussels:{row.id}" for row in catalogue.entries.after("", 100)}
    kept = {f"r{n}" for n in range(30)}
    met: list[str] = []
    said = asked(client, verb="ListRecords", metadataPrefix="oai_dc")
    while True:
        met += [name for name, header in headers(said).items() if header.get("status") != "deleted"]
        if not (following := token(said)):
            break
        numbers = sorted(luck.sample(range(40), 33))
        memory.feeds[URL] = Feed([one(n, luck.randrange(3)) for n in numbers])
        catalogue.runs.harvest("agency")
        kept &= {row.identifier for row in catalogue.entries.after("", 100)}
        said = asked(client, verb="ListRecords", resumptionToken=following)
    assert len(met) == len(set(met))
    assert {there[identifier] for identifier in kept} <= set(met)
    assert kept


def test_a_list_whose_rest_went_ends_without_an_error(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, memory, client = portal
    monkeypatch.setattr(listing, "SIZE", 29)
    stamp = max(stamps(client))
    said = asked(client, verb="ListRecords", metadataPrefix="oai_dc", until=stamp)
    monkeypatch.setattr("catalogue.clock.now", lambda: catalogue.entries.recent(1)[0].updated + timedelta(hours=1))
    memory.feeds[URL] = Feed([one(n, 1) for n in range(30)])
    catalogue.runs.harvest("agency")
    last = asked(client, verb="ListRecords", resumptionToken=token(said))
    assert (error(last), headers(last), token(last)) == (None, {}, "")


def test_bounds_are_in_the_list(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    _, _, client = portal
    first, last = min(stamps(client)), max(stamps(client))
    chosen = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    assert len(headers(asked(client, **chosen, **{"from": first, "until": last}))) == 30
    assert len(headers(asked(client, **chosen, **{"from": first[:10], "until": last[:10]}))) == 30
    assert error(asked(client, **chosen, until="2000-01-01")) == "noRecordsMatch"
    assert error(asked(client, **chosen, **{"from": "2999-12-31T23:59:59Z"})) == "noRecordsMatch"


def test_what_a_long_run_writes_later_is_news_since_it_began(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run dates its entries by its beginning; somebody asked in between."""
    catalogue, memory, client = portal
    began = clock.now()
    moments = iter(began + timedelta(seconds=step) for step in range(1, 10_000))
    monkeypatch.setattr("catalogue.clock.now", lambda: next(moments))
    memory.feeds[URL] = Feed([one(n, 1) for n in range(30)])
    catalogue.runs.harvest("agency")
    (changed, *_) = catalogue.entries.recent(1)
    first = min(stamps(client))
    assert datetime.fromisoformat(first) > changed.updated
    news = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": first})
    assert len(headers(news)) == 30


def test_of_records_that_were_written_before_only_the_headers_are_unpacked(
    portal: tuple[Catalogue, Memory, FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, memory, client = portal
    unpack, unpacked = packing.unpack, []
    monkeypatch.setattr(packing, "unpack", lambda value: unpacked.append(value) or unpack(value))
    list_records = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    first = [etree.tostring(each) for each in asked(client, **list_records).iter(f"{OAI}record")]
    unpacked.clear()
    assert [etree.tostring(each) for each in asked(client, **list_records).iter(f"{OAI}record")] == first
    assert (len(first), len(unpacked)) == (30, 30)
    memory.feeds[URL] = Feed([one(n, 1 if n == 7 else 0) for n in range(30)])
    catalogue.runs.harvest("agency")
    assert sum(b"Version 1" in etree.tostring(each) for each in asked(client, **list_records).iter(f"{OAI}record")) == 1


# --- by hand ---------------------------------------------------------------------------------------------------------

LIST = "verb=ListRecords&metadataPrefix=oai_dc"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=identify", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=Identify&limit=1", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:other.example:a", "idDoesNotExist"),
        ("verb=ListRecords", "badArgument"),
        (f"{LIST}&metadataPrefix=oai_dc", "badArgument"),
        (f"{LIST}&resumptionToken=x", "badArgument"),
        (f"{LIST}&from=2024", "badArgument"),
        (f"{LIST}&from=2024-13-01", "badArgument"),
        (f"{LIST}&from=2024-01-01T00:00:00%2B01:00", "badArgument"),
        (f"{LIST}&until=9999-12-31", "badArgument"),
        (f"{LIST}&from=2024-01-02&until=2024-01-01", "badArgument"),
        (f"{LIST}&from=2024-01-01&until=2024-01-02T00:00:00Z", "badArgument"),
        (f"{LIST}&set=theme", "noRecordsMatch"),
        (f"{LIST}&set=theme.NONE", "noRecordsMatch"),
        (f"{LIST}&set=publisher.nobody", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=%C3%A9", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=" + "W1tb" * 5000, "badResumptionToken"),
    ],
)
def test_every_refusal_has_the_form_of_the_protocol(client: FlaskClient, query: str, code: str) -> None:
    for answer in (
        client.get(f"/oai?{query}"),
        client.post("/oai", data=query, content_type="application/x-www-form-urlencoded"),
    ):
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        root = etree.fromstring(answer.data)
        assert error(root) == code
        assert root.findtext(f"{OAI}request") == "https://data.example.brussels/oai"


def test_a_token_goes_on_with_its_own_verb_only(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SIZE", 7)
    first = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    following = token(first)
    sizes = next(first.iter(f"{OAI}resumptionToken"))
    assert (sizes.get("cursor"), sizes.get("completeListSize")) == ("0", "34")
    assert error(asked(client, verb="ListRecords", resumptionToken=following)) == "badResumptionToken"
    assert error(asked(client, verb="ListIdentifiers", resumptionToken=following)) is None


def test_http_is_as_it_should_be(client: FlaskClient) -> None:
    first = client.get("/oai?verb=Identify")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = client.get("/oai?verb=Identify", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert (client.head("/oai?verb=Identify").status_code, client.head("/oai?verb=Identify").data) == (200, b"")
    assert client.get("/oai/?verb=Identify").status_code == 200
    asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/oai", headers=asking)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert client.post("/oai", data={"verb": "Identify"}).headers["Access-Control-Allow-Origin"] == "*"
    wrong = client.get("/oai?verb=Nothing")
    assert (wrong.status_code, wrong.headers["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize(
    ("method", "path", "status"), [("PUT", "/oai", 405), ("DELETE", "/oai", 405), ("GET", "/oai/records", 404)]
)
def test_what_is_no_request_is_refused_in_the_same_form(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "text/xml")
    assert error(etree.fromstring(answer.data)) is not None
    assert status != 405 or "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"verb=Identify&x=" + b"y" * 100_000, "application/x-www-form-urlencoded"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml"),
        (b"{}", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_no_body_breaks_it(client: FlaskClient, body: bytes, kind: str) -> None:
    answer = client.post("/oai", data=body, content_type=kind)
    assert answer.status_code in {200, 413}
    assert error(etree.fromstring(answer.data)) in {"badArgument", "badVerb"}
