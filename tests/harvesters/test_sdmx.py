"""Dataflows of SDMX: versions, constraints, languages, and where the data is asked for."""

import json
from typing import Any

import loopback
import pytest
from loopback import Answer
from msgspec.structs import replace
from recordings import RECORDINGS

from dcat.model import Dataset, Text
from harvesters import HARVESTERS, reader_of
from harvesters.base import Crawl, HarvestError, RawRecord, Source
from harvesters.http import Client, OneAnswer, Pace, Response
from harvesters.sdmx.entry import data_address, period_end, period_start

KIND = HARVESTERS["sdmx"]
MESSAGE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"


def recorded(name: str, url: str) -> dict[str, Dataset]:
    """The datasets of a recording, as if it had come from that address."""
    folder = next(one.folder for one in RECORDINGS if str(one) == f"sdmx-{name}")
    body = next(folder.glob("dataflow.*")).read_bytes()
    source = Source(id="s", name="s", title="S", url=url, kind="sdmx")
    client = OneAnswer(Response(url, 200, {}, body, True))
    raws = [raw for raw in KIND.fetch(source, client, Crawl()) if isinstance(raw, RawRecord)]
    entries = {raw.identifier: KIND.normalise(raw, source).entry for raw in raws}
    return {name: entry for name, entry in entries.items() if isinstance(entry, Dataset)}


def fetch(body: bytes) -> list[Any]:
    with (
        loopback.running(loopback.always(Answer(body, "application/xml"))) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), tries=1) as client,
    ):
        source = Source(id="s", name="s", title="S", url=server.url("/dataflow"), kind="sdmx")
        return list(KIND.fetch(source, client, Crawl()))


def test_a_dataflow_says_everything_that_stands_around_it() -> None:
    rents = recorded("ml", "https://stat.example/rest/dataflow/STAT?references=all")["STAT:RENTS"]
    assert {text.lang for text in rents.title} == {"fr", "nl", "en"}
    assert (rents.version, rents.modified) == (Text("2.0"), "2026-04-30")
    assert rents.publisher
    assert {text.lang for text in rents.publisher.name} == {"fr", "nl"}
    assert [(period.start, period.end) for period in rents.temporal] == [("2015-01", "2026-03")]
    assert [place.labels[0].value for place in rents.spatial] == ["Ixelles", "BE"]
    assert [concept.labels[0].value for concept in rents.theme] == ["Logement"]
    assert [page.iri for page in rents.page] == ["https://stat.example/rents"]
    assert [file.access_url for file in rents.distribution] == [("https://stat.example/rest/data/STAT,RENTS",)]


def test_json_says_the_same() -> None:
    found = recorded("json", "https://bank.example/v2/structure/dataflow/BANK")
    rates, credit = found["BANK:RATES"], found["BANK:CREDIT"]
    assert rates.title == (Text("Taux de change", "fr"), Text("Wisselkoersen", "nl"))
    assert credit.title == (Text("Crédits"),)
    assert (rates.temporal[0].start, rates.temporal[0].end) == ("1999", None)
    assert (credit.temporal[0].start, credit.temporal[0].end) == ("2001-01", "2026-03")
    assert credit.publisher
    assert credit.publisher.name == (Text("Banque d'exemple", "fr"), Text("Voorbeeldbank", "nl"))
    assert credit.distribution[0].access_url == ("https://bank.example/v2/data/dataflow/BANK/CREDIT",)


@pytest.mark.parametrize("recording", ["ml30", "json20"])
def test_version_3_says_what_2_says(recording: str) -> None:
    """SDMX-ML 3.0 and SDMX-JSON 2.0: URNs in the place of references, data constraints, dataflows of others."""
    before = recorded("ml", "https://stat.example/rest/dataflow/STAT?references=all")["STAT:RENTS"]
    found = recorded(recording, "https://stat.example/rest/structure/dataflow/STAT?references=all")
    assert found.keys() == {"STAT:RENTS"}
    rents = found["STAT:RENTS"]
    assert [file.access_url for file in rents.distribution] == [("https://stat.example/rest/data/dataflow/STAT/RENTS",)]
    urn = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=STAT:RENTS(2.0.0)"
    assert [one.notation for one in rents.other_identifier] == [(Text(urn),)]
    same = {"version": before.version, "distribution": (), "other_identifier": ()}
    assert replace(rents, **same) == replace(before, **same)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020", "2020", "2020"),
        ("2020-02", "2020-02", "2020-02"),
        ("2020-Q2", "2020-04", "2020-06"),
        ("2020Q4", "2020-10", "2020-12"),
        ("2020-S1", "2020-01", "2020-06"),
        ("2020-W10", "2020", "2020"),
        ("2020-Q9", "2020", "2020"),
        ("", None, None),
    ],
)
def test_a_period_has_a_first_and_a_last_month(text: str, start: str | None, end: str | None) -> None:
    assert (period_start(text), period_end(text)) == (start, end)


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("https://s.example/rest/dataflow", "https://s.example/rest/data/A,B"),
        ("https://s.example/rest/dataflow/all/all/latest?x=1", "https://s.example/rest/data/A,B"),
        ("https://s.example/structure/dataflow/*", "https://s.example/data/dataflow/A/B"),
        ("https://s.example/files/flows.xml", ""),
    ],
)
def test_where_the_data_is_asked_for_follows_from_the_address(url: str, data: str) -> None:
    assert data_address(url, {"agencyID": "A", "id": "B"}) == data


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (f'<m:Error xmlns:m="{MESSAGE}"><m:Text>No such agency</m:Text></m:Error>', "API_ERROR", "No such agency"),
        ("<feed/>", "NOT_A_FEED", "no structure message"),
        ('{"errors": [{"code": 100, "title": "No results"}]}', "API_ERROR", "100 No results"),
        ('{"data": {}}', "NOT_A_FEED", "not a structure message"),
        ('{"a": [', "NOT_WELL_FORMED", "cut off"),
    ],
)
def test_what_is_no_structure_message_is_refused_in_words(body: str, code: str, words: str) -> None:
    with pytest.raises(HarvestError, match=words) as caught:
        fetch(body.encode())
    assert caught.value.code == code


def test_a_dataflow_without_id_costs_itself_and_the_proof_that_all_was_seen() -> None:
    crawl = Crawl()
    body = json.dumps({"data": {"dataflows": [{"name": "x"}, {"id": "A", "agencyID": "B", "name": "y"}]}}).encode()
    url = "https://s.example/dataflow"
    source = Source(id="s", name="s", title="S", url=url, kind="sdmx")
    found = list(KIND.fetch(source, OneAnswer(Response(url, 200, {}, body, True)), crawl))
    assert [one.identifier for one in found] == ["B:A"]
    assert (len(crawl.findings), len(crawl.incomplete)) == (1, 1)


def message(flows: str, footer: str = "") -> bytes:
    """A message of SDMX-ML with these dataflows, and what its end says."""
    structure = MESSAGE.replace("message", "structure")
    listed = f'<s:Dataflows xmlns:s="{structure}">{flows}</s:Dataflows>'
    return f'<m:Structure xmlns:m="{MESSAGE}"><m:Structures>{listed}</m:Structures>{footer}</m:Structure>'.encode()


def flow(id: str, version: str, more: str = "") -> str:
    return f'<s:Dataflow id="{id}" agencyID="A" version="{version}" {more}><s:Name>{id} {version}</s:Name></s:Dataflow>'


@pytest.mark.parametrize(
    "versions", [("1.9", "1.10"), ("2.0.0-draft", "2.0.1"), ("2.0.0-draft", "2.0.0"), ("2.1.9", "2.1.10-a")]
)
def test_of_several_versions_the_highest_counts(versions: tuple[str, str]) -> None:
    for order in (versions, versions[::-1]):
        (raw,) = fetch(message("".join(flow("F", version) for version in order)))
        assert json.loads(raw.body)["version"] == versions[1]


def test_a_list_of_stubs_is_a_list_of_dataflows() -> None:
    """`detail=allstubs`: of each only its name, and where it is described."""
    stub = 'isExternalReference="true" structureURL="https://s.example/F"'
    assert [raw.identifier for raw in fetch(message(flow("F", "1.0", stub) + flow("G", "1.0", stub)))] == ["A:F", "A:G"]
    assert [raw.identifier for raw in fetch(message(flow("F", "1.0", stub) + flow("G", "1.0")))] == ["A:G"]
    listed = [{"id": "F", "agencyID": None, "isExternalReference": True, "name": "F"}]
    assert [raw.identifier for raw in fetch(json.dumps({"data": {"dataflows": listed}}).encode())] == [":F"]


@pytest.mark.parametrize(
    ("said", "is_whole"),
    [('code="510" severity="Information"', False), ('code="7" severity="Warning"', False), ('code="7"', True)],
)
def test_a_message_that_says_at_its_end_that_it_was_cut_proves_nothing(said: str, is_whole: bool) -> None:
    crawl, url = Crawl(), "https://s.example/dataflow"
    text = f"<m:Footer><m:Message {said}><Text>Too many</Text></m:Message></m:Footer>"
    client = OneAnswer(Response(url, 200, {}, message(flow("F", "1.0"), text), True))
    found = list(KIND.fetch(Source(id="s", name="s", title="S", url=url, kind="sdmx"), client, crawl))
    assert ([raw.identifier for raw in found], not crawl.incomplete) == (["A:F"], is_whole)
    assert is_whole or "Too many" in crawl.incomplete[0]


def test_a_list_in_json_beside_errors_proves_nothing() -> None:
    crawl, url = Crawl(), "https://s.example/dataflow"
    said = {"data": {"dataflows": [{"id": "F", "agencyID": "A"}]}, "errors": [{"code": 510, "title": "Too many"}]}
    client = OneAnswer(Response(url, 200, {}, json.dumps(said).encode(), True))
    found = list(KIND.fetch(Source(id="s", name="s", title="S", url=url, kind="sdmx"), client, crawl))
    assert [raw.identifier for raw in found] == ["A:F"]
    assert crawl.incomplete == [f"{url} may not be whole. It says: 510 Too many."]


def test_a_message_is_recognised() -> None:
    for recording in (one for one in RECORDINGS if one.kind == "sdmx"):
        body = next(recording.folder.glob("dataflow.*")).read_bytes()
        assert reader_of(Response("sent", 200, {}, body, True)).kind == "sdmx"
