"""OAI-PMH: tokens that expire, loop or repeat, empty lists, deleted records, and no more than what changed."""

from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from benchmarks.xml_portals import OAI, Record, Repository, oai_error
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source
from harvesters.http import Client, Pace

MONDAY = 1_772_409_600.0
"""2026-03-02, in seconds since 1970."""


def records(count: int) -> list[Record]:
    """So many datasets in Dublin Core, each a minute younger than the one before."""
    return [
        Record(
            f"oai:h.example:{number:03}",
            f"2026-02-03T04:{number:02}:00Z",
            (
                '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Planches {number}</dc:title>'
                f"<dc:description>Les planches de la série {number}.</dc:description><dc:type>dataset</dc:type>"
                f"<dc:identifier>https://h.example/{number}</dc:identifier></oai_dc:dc>"
            ).encode(),
        )
        for number in range(1, count + 1)
    ]


class Portal:
    """A repository on loopback; `instead` may answer first."""

    def __init__(self, repository: Repository) -> None:
        self.repository, self.now, self.sent = repository, MONDAY, 0
        self.instead: Callable[[Mapping[str, str]], Answer | None] = lambda _: None

    def answer(self, request: Request) -> Answer | None:
        if request.path != "/oai":
            return None
        found = self.instead(request.query) or Answer(self.repository.answer(request.query), "text/xml")
        self.sent += len(found.body)
        return Answer(found.body, found.media_type, found.status, {**found.headers, "Date": formatdate(self.now)})


def crawled(portal: Portal, crawl: Crawl | None = None, **config: Any) -> tuple[list[Fetched], Crawl, list[str]]:
    crawl = crawl or Crawl()
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url("/oai"), kind="oai-pmh", config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
            found = list(HARVESTERS["oai-pmh"].fetch(source, client, crawl))
        return found, crawl, server.asked()


def numbers(found: list[Fetched]) -> list[int]:
    return [int(each.identifier[-3:]) for each in found]


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_goes_on_by_its_tokens() -> None:
    found, crawl, asked = crawled(Portal(Repository(records(25))))
    assert numbers(found) == list(range(1, 26))
    assert (crawl.pages, crawl.incomplete) == (3, [])
    assert [one for one in asked if "resumptionToken" in one and "metadataPrefix" in one] == []


def test_an_empty_list_is_no_failure() -> None:
    found, crawl, _ = crawled(Portal(Repository([])))
    assert (found, crawl.incomplete) == ([], [])


def test_a_token_that_expired_begins_the_list_anew() -> None:
    portal, expired = Portal(Repository(records(45))), []

    def once(query: Mapping[str, str]) -> Answer | None:
        if query.get("resumptionToken", "").startswith("40") and not expired:
            expired.append(True)
            return Answer(oai_error("badResumptionToken", "it expired"))
        return None

    portal.instead = once
    found, crawl, _ = crawled(portal)
    assert expired
    assert sorted(numbers(found)) == list(range(1, 46))
    assert crawl.incomplete == []


@pytest.mark.parametrize("token", ["0|", "10|"])
def test_a_token_that_leads_back_ends_the_list(token: str) -> None:
    portal = Portal(Repository(records(45)))

    def back(query: Mapping[str, str]) -> Answer | None:
        body = portal.repository.answer(query)
        return Answer(body.replace(b">30|<", f">{token}<".encode()))

    portal.instead = back
    found, crawl, asked = crawled(portal)
    assert numbers(found) == list(range(1, 31))
    assert "goes round in circles" in crawl.incomplete[0]
    assert len(asked) < 12


def test_a_token_that_never_works_is_a_failure() -> None:
    portal = Portal(Repository(records(25)))
    portal.instead = lambda query: (
        Answer(oai_error("badResumptionToken", "no")) if query.get("resumptionToken", "").startswith("10") else None
    )
    with pytest.raises(HarvestError, match="badResumptionToken"):
        crawled(portal)


def test_a_record_that_spoils_its_page_costs_itself() -> None:
    found, crawl, _ = crawled(Portal(Repository(records(25), broken=["oai:h.example:013"])))
    assert sorted(numbers(found)) == [number for number in range(1, 26) if number != 13]
    assert any("oai:h.example:013" in reason for reason in crawl.incomplete)


def test_a_record_without_metadata_is_told_and_not_lost_quietly() -> None:
    portal = Portal(Repository(records(3)))
    body = portal.repository.records[1].body
    portal.instead = lambda query: Answer(
        portal.repository.answer(query).replace(b"<metadata>" + body + b"</metadata>", b"")
    )
    found, crawl, _ = crawled(portal)
    assert numbers(found) == [1, 3]
    assert crawl.incomplete == ["The record oai:h.example:002 came without its metadata."]


def test_pages_of_records_without_metadata_end_no_list() -> None:
    portal = Portal(Repository(records(45)))

    def headers_first(query: Mapping[str, str]) -> Answer:
        body = portal.repository.answer(query)
        for record in portal.repository.records[:40]:
            body = body.replace(b"<metadata>" + record.body + b"</metadata>", b"")
        return Answer(body)

    portal.instead = headers_first
    found, crawl, _ = crawled(portal)
    assert numbers(found) == list(range(41, 46))
    assert len(crawl.incomplete) == 40


def test_a_record_without_identifier_is_shown_as_it_begins() -> None:
    portal = Portal(Repository(records(2)))
    portal.instead = lambda query: Answer(
        portal.repository.answer(query).replace(b"<identifier>oai:h.example:002</identifier>", b""), "text/xml"
    )
    found, crawl, _ = crawled(portal)
    assert numbers(found) == [1]
    assert "told apart from others: 2026-02-03T04:02:00Z <oai_dc:dc" in crawl.incomplete[0]


@pytest.mark.parametrize(
    ("code", "asked"), [("cannotDisseminateFormat", {"prefix": "dcat_ap"}), ("noSetHierarchy", {"sets": ["data"]})]
)
def test_an_error_of_the_protocol_is_said_in_its_words(code: str, asked: dict[str, Any]) -> None:
    portal = Portal(Repository(records(3)))
    portal.instead = lambda query: Answer(oai_error(code, "not here")) if query["verb"] == "ListRecords" else None
    with pytest.raises(HarvestError, match=f"{code}: not here") as caught:
        crawled(portal, **asked)
    assert caught.value.code == "API_ERROR"


def test_another_server_is_none_of_ours() -> None:
    portal = Portal(Repository([]))
    portal.instead = lambda _: Answer(b"<rss/>", "text/xml")
    with pytest.raises(HarvestError, match=r"<rss>, which is none of OAI-PMH"):
        crawled(portal)


def test_sets_are_asked_one_by_one_and_a_record_of_two_counts_once() -> None:
    found, crawl, asked = crawled(Portal(Repository(records(3))), sets=["a", "b"])
    assert (numbers(found), crawl.incomplete, crawl.findings) == ([1, 2, 3], [], [])
    assert [one.rpartition("set=")[2] for one in asked if "set=" in one] == ["a", "b"]


@pytest.mark.parametrize(
    ("namespaces", "prefix"),
    [
        (["http://www.openarchives.org/OAI/2.0/oai_dc/"], "p0"),
        (["http://www.openarchives.org/OAI/2.0/oai_dc/", "http://datacite.org/schema/kernel-4"], "p1"),
        (["http://datacite.org/schema/kernel-4", "http://www.isotc211.org/2005/gmd/"], "p1"),
        (["http://www.isotc211.org/2005/gmd", "http://www.w3.org/ns/dcat#"], "p1"),
        (["http://example.org/other"], "oai_dc"),
    ],
)
def test_the_format_that_says_most_is_asked_for(namespaces: list[str], prefix: str) -> None:
    portal = Portal(Repository(records(1)))
    formats = "".join(
        f"<metadataFormat><metadataPrefix>p{number}</metadataPrefix><metadataNamespace>{namespace}</metadataNamespace>"
        "</metadataFormat>"
        for number, namespace in enumerate(namespaces)
    )
    said = f'<OAI-PMH xmlns="{OAI}"><ListMetadataFormats>{formats}</ListMetadataFormats></OAI-PMH>'.encode()
    portal.instead = lambda query: Answer(said) if query["verb"] == "ListMetadataFormats" else None
    _, _, asked = crawled(portal)
    assert f"metadataPrefix={prefix}" in asked[-1]


@pytest.mark.parametrize("code", ["cannotDisseminateFormat", "noRecordsMatch"])
def test_a_format_that_is_named_and_not_given_is_left_for_the_next(code: str) -> None:
    portal = Portal(Repository(records(3)))
    named = (
        "<metadataFormat><metadataPrefix>dcat</metadataPrefix><metadataNamespace>http://www.w3.org/ns/dcat#"
        "</metadataNamespace></metadataFormat>"
    )
    said = f'<OAI-PMH xmlns="{OAI}"><ListMetadataFormats>{named}</ListMetadataFormats></OAI-PMH>'.encode()

    def instead(query: Mapping[str, str]) -> Answer | None:
        if query["verb"] == "ListMetadataFormats":
            return Answer(said)
        return Answer(oai_error(code, "not here")) if query.get("metadataPrefix") == "dcat" else None

    portal.instead = instead
    found, crawl, _ = crawled(portal)
    assert (numbers(found), crawl.incomplete, crawl.validators["prefix"]) == ([1, 2, 3], [], "oai_dc")


def test_an_address_is_cut_to_that_of_the_repository() -> None:
    kind = HARVESTERS["oai-pmh"]
    assert kind.site("https://h.example/oai?verb=ListRecords&metadataPrefix=oai_dc") == "https://h.example/oai"
    assert kind.site("https://h.example/csw?mode=oaipmh&verb=Identify") == "https://h.example/csw?mode=oaipmh"
    with loopback.running(loopback.site(Portal(Repository([])).answer)) as server:
        client = Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0)
        assert kind.answers(server.url("/oai"), client)
        assert not kind.answers(server.url("/other"), client)
        client.close()


# --- what changed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def portal() -> Portal:
    return Portal(Repository(records(59), most=20))


@pytest.fixture
def catalogue(portal: Portal, tmp_path: Path) -> Iterator[Catalogue]:
    with loopback.running(loopback.site(portal.answer)) as server:
        opened = Catalogue(Settings(data_dir=tmp_path, fetch_allow=loopback.LOOPBACK))
        opened.init()
        opened.sources.add(server.url("/oai"), "oai-pmh", title="Herbier", config={"prefix": "oai_dc"})
        yield opened
        opened.close()


def harvest(catalogue: Catalogue, portal: Portal, **how: Any) -> tuple[RunRow, int]:
    """A run, and the bytes that it took."""
    portal.sent = 0
    return catalogue.runs.harvest("herbier", **how), portal.sent


def test_an_unchanged_repository_costs_two_small_answers(catalogue: Catalogue, portal: Portal) -> None:
    run, first = harvest(catalogue, portal)
    assert (run.new, run.complete) == (59, True)
    again, second = harvest(catalogue, portal)
    assert (again.same, again.writes, again.complete) == (59, 0, True)
    assert second < first / 20


def test_what_changed_is_all_that_is_sent(catalogue: Catalogue, portal: Portal) -> None:
    _, first = harvest(catalogue, portal)
    old = portal.repository.records[4]
    new = old._replace(changed="2026-06-01T00:00:00Z", body=old.body.replace(b"Planches 5", b"Feuilles 5"))
    portal.repository.records[4] = new
    run, sent = harvest(catalogue, portal)
    assert (run.changed, run.same, run.complete) == (1, 58, True)
    assert sent < first / 10


def test_a_deleted_record_goes_whether_its_header_stays_or_not(catalogue: Catalogue, portal: Portal) -> None:
    """Persistent: its header says it, and nobody need miss it twice. No: it is missed in the list of the next week."""
    harvest(catalogue, portal)
    first, second = portal.repository.records[0], portal.repository.records[1]
    portal.repository.records[0] = first._replace(changed="2026-06-01T00:00:00Z")
    portal.repository.deleted.add(first.identifier)
    portal.repository.records.remove(second)
    run, _ = harvest(catalogue, portal)
    assert (run.seen, run.complete, run.held, run.removed) == (58, True, 0, 1)
    (gone,) = catalogue.runs.outcomes(run.id, outcome="REMOVED")
    assert (gone.identifier, gone.code) == (first.identifier, "DELETED_AT_SOURCE")
    portal.now += 7 * 86_400
    run, _ = harvest(catalogue, portal)
    assert (run.seen, run.complete, run.held, run.removed) == (57, True, 1, 0)


DELETED = '<record><header status="deleted"><identifier>oai:h.example:001</identifier><datestamp>2026-03-01T00:00:00Z'
LIVE = DELETED.replace(' status="deleted"', "")


@pytest.mark.parametrize(
    ("alone", "told", "there"),
    [
        (f"{DELETED}</datestamp></header></record>", True, False),
        ("idDoesNotExist", True, False),
        ("cannotDisseminateFormat", False, True),
        (f"{LIVE}</datestamp></header><metadata><a/></metadata></record>", False, True),
        (f"{LIVE}</datestamp><setSpec>b:c</setSpec></header><metadata><a/></metadata></record>", False, True),
        (f"{LIVE}</datestamp><setSpec>bc</setSpec></header><metadata><a/></metadata></record>", True, False),
    ],
)
def test_what_is_deleted_in_one_set_may_still_be_in_another(alone: str, told: bool, there: bool) -> None:
    """So the record itself is asked for, once for both sets; with one set nobody need ask."""
    portal = Portal(Repository(records(5)))
    portal.repository.records[0] = records(1)[0]._replace(changed="2026-03-01T00:00:00Z")
    portal.repository.deleted.add("oai:h.example:001")

    def instead(query: Mapping[str, str]) -> Answer | None:
        if query["verb"] != "GetRecord":
            return None
        said = f'<OAI-PMH xmlns="{OAI}"><GetRecord>{alone}</GetRecord></OAI-PMH>'.encode()
        return Answer(said if alone.startswith("<") else oai_error(alone, "no"), "text/xml")

    def since() -> Crawl:
        return Crawl(versions={one.identifier: one.changed for one in records(5)}, known={"week": "2026-10"})

    portal.instead = instead
    found, crawl, asked = crawled(portal, since(), sets=["a", "b"])
    assert crawl.deleted == ({"oai:h.example:001"} if told else set())
    assert (1 in numbers(found), crawl.incomplete) == (there, [])
    assert len([one for one in asked if "GetRecord" in one]) == 1
    for sets in ([], ["a"]):
        _, crawl, asked = crawled(portal, since(), sets=sets)
        assert (crawl.deleted, [one for one in asked if "GetRecord" in one]) == ({"oai:h.example:001"}, [])
    assert crawled(portal, sets=["a", "b"])[1].deleted == {"oai:h.example:001"}


def test_many_deletions_at_once_are_held_though_the_source_says_them(catalogue: Catalogue, portal: Portal) -> None:
    harvest(catalogue, portal)
    for number in range(10):
        record = portal.repository.records[number]
        portal.repository.records[number] = record._replace(changed="2026-06-01T00:00:00Z")
        portal.repository.deleted.add(record.identifier)
    run, _ = harvest(catalogue, portal)
    assert (run.state, run.held, run.removed) == ("held", 10, 0)


def test_a_record_without_datestamp_is_held_like_any_other(catalogue: Catalogue, portal: Portal) -> None:
    portal.repository.records[0] = portal.repository.records[0]._replace(changed="")
    harvest(catalogue, portal)
    run, _ = harvest(catalogue, portal)
    assert (run.same, run.writes, run.held, run.complete) == (59, 0, 0, True)


def test_a_record_that_came_back_is_published_under_its_address(catalogue: Catalogue, portal: Portal) -> None:
    harvest(catalogue, portal)
    address = catalogue.entries.named("dataset", "planches-1")
    assert isinstance(address, EntryRow)
    portal.repository.deleted.add("oai:h.example:001")
    for _ in range(3):
        harvest(catalogue, portal, full=True)
    portal.repository.deleted.clear()
    harvest(catalogue, portal, full=True)
    again = catalogue.entries.named("dataset", "planches-1")
    assert isinstance(again, EntryRow)
    assert again.iri == address.iri


@pytest.mark.parametrize(
    ("granularity", "read", "since"),
    [
        ("YYYY-MM-DD", "2026-02-06", "from=2026-02-03"),
        ("YYYY-MM-DD", "2026-02-07", "from=2026-02-04"),
        ("YYYY-MM-DDThh:mm:ssZ", "2026-02-06", "from=2026-02-03T04%3A05%3A00Z"),
        ("YYYY-MM-DDThh:mm:ssZ", "2026-02-07", "from=2026-02-03T04%3A05%3A01Z"),
    ],
)
def test_a_datestamp_that_was_long_over_when_all_was_read_is_not_asked_for_again(
    granularity: str, read: str, since: str
) -> None:
    portal = Portal(Repository(records(5), granularity=granularity))
    versions = {one.identifier: one.changed for one in records(5)}
    known = {"week": "2026-10", "day": read, "prefix": "oai_dc"}
    found, crawl, asked = crawled(portal, Crawl(versions=versions, known=known))
    assert asked[-1].endswith(since)
    assert len(asked) == 2  # the format is known
    assert (sorted(numbers(found)), crawl.incomplete) == ([1, 2, 3, 4, 5], [])
    assert crawl.validators == {"week": "2026-10", "day": "2026-03-02", "prefix": "oai_dc"}


def test_a_datestamp_in_the_future_hides_nothing() -> None:
    portal = Portal(Repository(records(5)))
    versions = {one.identifier: one.changed for one in records(4)} | {"oai:h.example:005": "2099-01-01T00:00:00Z"}
    known = {"week": "2026-10", "day": "2026-02-03", "prefix": "oai_dc"}
    _, _, asked = crawled(portal, Crawl(versions=versions, known=known))
    assert asked[-1].endswith("from=2026-02-03T04%3A04%3A00Z")


@pytest.mark.parametrize(
    ("granularity", "since", "sent"),
    [
        ("YYYY-MM-DD", "from=2026-02-03", [1, 2, 3, 4, 5]),
        ("YYYY-MM-DDThh:mm:ssZ", "from=2026-02-03T04%3A05%3A00Z", [5]),
    ],
)
def test_changes_are_asked_for_by_the_repositorys_own_granularity(
    granularity: str, since: str, sent: list[int]
) -> None:
    """What was sent is read, also under the datestamp that we hold: within it a record may change twice."""
    portal = Portal(Repository(records(5), granularity=granularity))
    versions = {one.identifier: one.changed for one in records(5)}
    found, crawl, asked = crawled(portal, Crawl(versions=versions, known={"week": "2026-10"}))
    assert asked[-1].endswith(since)
    assert numbers(found) == [1, 2, 3, 4, 5]
    assert crawl.incomplete == []
    assert numbers([each for each in found if isinstance(each, RawRecord)]) == sent
