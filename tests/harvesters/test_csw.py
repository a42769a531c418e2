"""CSW: paging as it lies, bad records, DCAT where it is offered, and no more than what changed."""

from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from benchmarks.xml_portals import CSW, Csw, Record, exception, records_of
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow
from dcat.model import DataService
from harvesters import HARVESTERS, news
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source, StillThere
from harvesters.http import Client, Pace

DATA = Path(__file__).parents[1] / "data" / "iso"
pytestmark = pytest.mark.usefixtures("no_source_is_small")

MONDAY = 1_772_409_600.0
"""2026-03-02, in seconds since 1970."""
DCAT = "http://data.europa.eu/r5r/"


def records(count: int) -> list[Record]:
    """So many datasets, each a day younger than the one before."""
    text = (DATA / "dataset.xml").read_text("utf-8")
    made = []
    for number in range(1, count + 1):
        day = f"2026-{1 + number // 28:02}-{1 + number % 28:02}"
        own = text.replace("arbres-2026", f"set-{number:03}").replace("2026-03-04T05:06:07", f"{day}T10:00:00")
        own = own.replace("https://jardin.example/id/trees", f"https://jardin.example/id/{number}")
        made += records_of(own.replace("Arbres remarquables", f"Arbres {number}").encode())
    return made


class Portal:
    """A CSW on loopback; `instead` may answer first."""

    def __init__(self, csw: Csw) -> None:
        self.csw, self.now, self.sent = csw, MONDAY, 0
        self.instead: Callable[[Mapping[str, str]], Answer | None] = lambda _: None

    def answer(self, request: Request) -> Answer | None:
        if request.path != "/csw":
            return None
        found = self.instead(request.query) or Answer(self.csw.answer(request.query), "application/xml")
        self.sent += len(found.body)
        return Answer(found.body, found.media_type, found.status, {**found.headers, "Date": formatdate(self.now)})


def crawled(portal: Portal, crawl: Crawl | None = None, **config: Any) -> tuple[list[Fetched], Crawl, list[str]]:
    crawl = crawl or Crawl()
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url("/csw"), kind="csw", config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
            found = list(HARVESTERS["csw"].fetch(source, client, crawl))
        return found, crawl, server.asked()


def identifiers(found: list[Fetched]) -> list[str]:
    return [each.identifier for each in found]


# --- pages ------------------------------------------------------------------------------------------------------------

LIES: dict[str, Callable[[int, int], int]] = {
    "zero at once": lambda *_: 0,
    "beyond the end": lambda following, matched: following if following <= matched else matched + 1,
    "where it is": lambda *_: 1,
    "less": lambda following, _: following - 3,
    "negative": lambda *_: -1,
}


@pytest.mark.parametrize("lie", LIES)
def test_the_next_record_is_not_believed(lie: str) -> None:
    found, crawl, _ = crawled(Portal(Csw(records(25), most=10, next_record=LIES[lie])))
    assert identifiers(found) == [f"set-{number:03}" for number in range(1, 26)]
    assert (crawl.incomplete, crawl.declared_total) == ([], 25)


def test_ten_come_whatever_is_asked() -> None:
    found, crawl, asked = crawled(Portal(Csw(records(21), most=10)), records=500)
    assert (len(found), crawl.pages, crawl.incomplete) == (21, 3, [])
    assert sum("maxRecords=500" in one for one in asked) == 3


def test_records_that_are_promised_and_do_not_come_leave_the_crawl_incomplete() -> None:
    portal = Portal(Csw(records(12), most=10))
    portal.instead = lambda query: (
        Answer(portal.csw.answer(query).replace(b'Matched="12"', b'Matched="20"'))
        if query["request"] == "GetRecords"
        else None
    )
    found, crawl, _ = crawled(portal)
    assert len(found) == 12
    assert "it says that it has 20" in crawl.incomplete[0]


def test_a_record_that_the_service_cannot_write_costs_itself() -> None:
    found, crawl, _ = crawled(Portal(Csw(records(25), most=20, broken=["set-013"])))
    assert identifiers(found) == [f"set-{number:03}" for number in range(1, 26) if number != 13]
    assert any("number 13" in reason and "cannot write set-013" in reason for reason in crawl.incomplete)


def test_a_first_record_that_cannot_be_written_leaves_the_order_as_it_is() -> None:
    found, _, asked = crawled(Portal(Csw(records(25), most=20, broken=["set-001"])))
    assert identifiers(found) == [f"set-{number:03}" for number in range(2, 26)]
    assert "sortBy=dc%3Aidentifier" in asked[-1]


def test_what_names_others_comes_last_also_when_the_service_breaks_off() -> None:
    text = (DATA / "service.xml").read_text("utf-8").replace("carte-wms", "a-map")
    portal = Portal(Csw([*records(15), *records_of(text.encode())], most=10))
    assert identifiers(crawled(portal)[0])[-1] == "a-map"
    portal.instead = lambda query: Answer(b"no", status=403) if query.get("startPosition") == "11" else None
    seen: list[str] = []
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url("/csw"), kind="csw")
        client = Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0)
        with pytest.raises(HarvestError, match="403"):
            seen.extend(each.identifier for each in HARVESTERS["csw"].fetch(source, client, Crawl()))
        client.close()
    assert seen[-1] == "a-map"
    assert len(seen) == 10


def test_a_page_that_was_cut_costs_what_was_lost_of_it() -> None:
    portal = Portal(Csw(records(6), most=10))

    def cut(query: Mapping[str, str]) -> Answer | None:
        whole = portal.csw.answer(query)
        return Answer(whole[:-200]) if b"set-004" in whole and b"MD_Metadata" in whole else None

    portal.instead = cut
    found, crawl, _ = crawled(portal)
    assert identifiers(found) == [f"set-{number:03}" for number in (1, 2, 3, 5, 6)]
    assert crawl.incomplete


def test_a_record_twice_counts_once() -> None:
    twice = records(3)
    found, crawl, _ = crawled(Portal(Csw([*twice, twice[0]])))
    assert (len(found), crawl.declared_total, crawl.incomplete) == (3, 3, [])
    assert [one.rule for one in crawl.findings] == ["duplicate-identifier"]


def test_an_error_with_status_200_is_no_empty_catalogue() -> None:
    portal = Portal(Csw([]))
    portal.instead = lambda _: Answer(exception("NoApplicableCode", "the index is lost"), "text/xml")
    with pytest.raises(HarvestError, match="NoApplicableCode: the index is lost") as caught:
        crawled(portal)
    assert caught.value.code == "API_ERROR"


def test_another_service_is_none_of_ours() -> None:
    portal = Portal(Csw([]))
    portal.instead = lambda _: Answer(b"<WMS_Capabilities/>", "text/xml")
    with pytest.raises(HarvestError, match=r"<WMS_Capabilities>. Check"):
        crawled(portal)


def test_a_service_that_cannot_sort_is_read_as_it_likes() -> None:
    portal = Portal(Csw(records(12), most=5))
    portal.instead = lambda query: Answer(exception("InvalidParameterValue", "sortBy")) if "sortBy" in query else None
    found, crawl, _ = crawled(portal)
    assert (len(found), crawl.incomplete, crawl.validators) == (12, [], {})


def test_a_service_that_sorts_nothing_tells_no_changes() -> None:
    portal = Portal(Csw(records(12), most=5))
    portal.instead = lambda query: Answer(portal.csw.answer({**query, "sortBy": ""}))
    found, crawl, _ = crawled(portal)
    assert (len(found), crawl.validators) == (12, {})


def test_a_service_may_call_the_last_change_otherwise() -> None:
    portal = Portal(Csw(records(12), most=5))
    portal.instead = lambda query: (
        Answer(exception("InvalidParameterValue", "sortBy")) if "dct:" in query.get("sortBy", "") else None
    )
    found, crawl, _ = crawled(portal)
    assert (len(found), bool(crawl.validators)) == (12, True)


def test_the_filter_of_an_operator_goes_with_every_question() -> None:
    _, _, asked = crawled(Portal(Csw(records(2))), filter="dc:subject = 'opendata'")
    assert all("constraint=dc%3Asubject" in one for one in asked if "GetRecords" in one)


# --- DCAT -------------------------------------------------------------------------------------------------------------

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
 xmlns:dct="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/">
<dcat:CatalogRecord><dct:identifier>set-001</dct:identifier><dct:modified>2026-01-02T10:00:00</dct:modified>
 <foaf:primaryTopic><dcat:Dataset rdf:about="https://jardin.example/id/1"><dct:identifier>other</dct:identifier>
  <dct:title xml:lang="fr">Arbres</dct:title></dcat:Dataset></foaf:primaryTopic></dcat:CatalogRecord></rdf:RDF>"""


def dcat_portal() -> Portal:
    portal = Portal(Csw(records(1), schemas=("http://www.isotc211.org/2005/gmd", DCAT)))
    iso = portal.csw.records[0].body

    def translated(query: Mapping[str, str]) -> Answer | None:
        return Answer(portal.csw.answer(query).replace(iso, RDF)) if query.get("outputSchema") == DCAT else None

    portal.instead = translated
    return portal


@pytest.mark.parametrize(("schema", "type"), [("auto", "application/n-triples"), ("iso", "application/xml")])
def test_dcat_is_read_where_it_is_offered_and_a_record_is_known_as_before(schema: str, type: str) -> None:
    (raw,), _, _ = crawled(dcat_portal(), schema=schema)
    assert isinstance(raw, RawRecord)
    assert (raw.identifier, raw.media_type, raw.version) == ("set-001", type, "2026-01-02T10:00:00")
    source = Source(id="s", name="s", title="S", url="https://c.example/csw", kind="csw")
    entry = HARVESTERS["csw"].normalise(raw, source).entry
    assert entry.iri == "https://jardin.example/id/1"
    assert "Arbres" in entry.title[0].value


def test_dcat_that_is_asked_for_and_not_offered_is_said() -> None:
    with pytest.raises(HarvestError, match="offers no DCAT"):
        crawled(Portal(Csw(records(1))), schema="dcat")


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copied", "site"),
    [
        ("https://c.example/csw?service=CSW&request=GetCapabilities", "https://c.example/csw"),
        ("https://c.example/ows?map=x&SERVICE=CSW", "https://c.example/ows?map=x"),
        ("https://c.example/geonetwork/srv/fre/catalog.search#/home", "https://c.example/geonetwork/srv/fre/csw"),
        ("https://c.example/geonetwork/", "https://c.example/geonetwork/srv/eng/csw"),
        ("https://c.example/geonetwork/srv/api/records", "https://c.example/geonetwork/srv/eng/csw"),
        ("https://c.example/geonetwork/srv/eng/csw", "https://c.example/geonetwork/srv/eng/csw"),
    ],
)
def test_an_address_is_cut_to_that_of_the_service(copied: str, site: str) -> None:
    assert HARVESTERS["csw"].site(copied) == site
    assert HARVESTERS["csw"].site(site) == site


def test_a_service_is_known_by_what_it_says_it_can() -> None:
    with loopback.running(loopback.site(Portal(Csw([])).answer)) as server:
        client = Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0)
        assert HARVESTERS["csw"].answers(server.url("/csw"), client)
        assert not HARVESTERS["csw"].answers(server.url("/other"), client)
        client.close()


# --- what changed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def portal() -> Portal:
    return Portal(Csw(records(30), most=10))


@pytest.fixture
def catalogue(portal: Portal, tmp_path: Path) -> Iterator[Catalogue]:
    with loopback.running(loopback.site(portal.answer)) as server:
        opened = Catalogue(Settings(data_dir=tmp_path, fetch_allow=loopback.LOOPBACK))
        opened.init()
        opened.sources.add(server.url("/csw"), "csw", title="Jardin")
        yield opened
        opened.close()


def harvest(catalogue: Catalogue, portal: Portal, **how: Any) -> tuple[RunRow, int]:
    """A run, and the bytes that it took."""
    portal.sent = 0
    return catalogue.runs.harvest("jardin", **how), portal.sent


def test_an_unchanged_service_costs_nothing(catalogue: Catalogue, portal: Portal) -> None:
    run, first = harvest(catalogue, portal)
    assert (run.new, run.complete) == (30, True)
    again, second = harvest(catalogue, portal)
    assert (again.same, again.writes, again.complete) == (30, 0, True)
    assert second <= first / 100


def test_what_changed_is_all_that_is_sent(catalogue: Catalogue, portal: Portal) -> None:
    _, first = harvest(catalogue, portal)
    harvest(catalogue, portal)
    changed = portal.csw.records[4]
    body = changed.body.replace(b"Arbres 5", b"Arbustes 5").replace(changed.changed.encode(), b"2026-06-01T00:00:00")
    portal.csw.records[4] = Record(changed.identifier, "2026-06-01T00:00:00", body)
    run, sent = harvest(catalogue, portal)
    assert (run.changed, run.same, run.complete) == (1, 29, True)
    assert sent < first / 8


def test_what_is_new_beside_what_went_is_noticed(catalogue: Catalogue, portal: Portal) -> None:
    harvest(catalogue, portal)
    gone = portal.csw.records.pop(2)
    run, _ = harvest(catalogue, portal)
    assert (run.seen, run.complete) == (29, True)
    portal.csw.records.append(records(31)[30])
    run, _ = harvest(catalogue, portal)
    assert (run.new, run.complete) == (1, True)
    assert run.removed + run.held == 1
    assert gone.identifier not in {row.identifier for row in catalogue.runs.outcomes(run.id, outcome="NEW")}


def test_once_a_week_dates_are_not_believed(catalogue: Catalogue, portal: Portal) -> None:
    harvest(catalogue, portal)
    quiet = portal.csw.records[4]
    portal.csw.records[4] = quiet._replace(body=quiet.body.replace(b"Arbres 5", b"Arbustes 5"))
    assert harvest(catalogue, portal)[0].changed == 0
    portal.now += 7 * 86_400
    assert harvest(catalogue, portal)[0].changed == 1


def test_a_small_service_is_read_whole(catalogue: Catalogue, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed behind its date is seen at once."""
    monkeypatch.setattr(news, "SMALL", 30)
    harvest(catalogue, portal)
    quiet = portal.csw.records[4]
    portal.csw.records[4] = quiet._replace(body=quiet.body.replace(b"Arbres 5", b"Arbustes 5"))
    assert harvest(catalogue, portal)[0].changed == 1


def test_a_full_run_reads_everything(catalogue: Catalogue, portal: Portal) -> None:
    _, first = harvest(catalogue, portal)
    run, sent = harvest(catalogue, portal, full=True)
    assert (run.same, run.writes) == (30, 0)
    assert sent == first


def test_a_service_leads_to_its_datasets_wherever_they_stand(catalogue: Catalogue, portal: Portal) -> None:
    """Its own record is the first of all."""
    text = (DATA / "service.xml").read_text("utf-8").replace("carte-wms", "a-map").replace("arbres-2026", "set-029")
    portal.csw.records += records_of(text.encode())
    harvest(catalogue, portal)
    row = catalogue.entries.named("service", "kaartdienst-van-de-tuin")
    assert isinstance(row, EntryRow)
    assert isinstance(row.entry, DataService)
    assert "https://jardin.example/id/29" in row.entry.serves_dataset
    dataset = catalogue.entries.named("dataset", "arbres-29")
    assert isinstance(dataset, EntryRow)
    assert [one.name for one in catalogue.entries.serving(dataset.iri)] == ["kaartdienst-van-de-tuin"]


def test_what_is_held_is_not_sent_again() -> None:
    portal = Portal(Csw(records(10)))
    first, _, _ = crawled(portal)
    versions = {each.identifier: each.version for each in first if isinstance(each, RawRecord)}
    again, crawl, _ = crawled(portal, Crawl(versions=versions, known={"state": "9 2026-10"}))
    assert all(isinstance(each, StillThere) for each in again)
    assert (len(again), crawl.incomplete, crawl.declared_total) == (10, [], 10)


def test_summaries_are_of_the_common_schema() -> None:
    assert CSW in crawled(Portal(Csw(records(1))))[2][0].replace("%3A", ":").replace("%2F", "/")
