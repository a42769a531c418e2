"""The door of CSW 2.0.2, through OWSLib, the requests of QGIS and GeoNetwork, our own harvester, and by hand."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphs
import loopback
import pytest
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient
from lxml import etree
from owslib import fes
from owslib.csw import CatalogueServiceWeb
from owslib.ows import ExceptionReport

from catalogue.service import Catalogue
from dcat.model import DataService, Dataset, Entry
from dcat.our_languages import best_along
from harvesters.base import RawRecord
from web.app import create_app

CSW, GMD, DCAT = (
    "http://www.opengis.net/cat/csw/2.0.2",
    "http://www.isotc211.org/2005/gmd",
    "http://data.europa.eu/r5r/",
)
NS = {"csw": CSW, "gmd": GMD, "ows": "http://www.opengis.net/ows", "dc": "http://purl.org/dc/elements/1.1/"}


@pytest.fixture
def csw(site: str) -> Iterator[CatalogueServiceWeb]:
    """OWSLib at the door."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        service = CatalogueServiceWeb(f"{site}/csw", skip_caps=True)
        yield service


def asked(client: FlaskClient, **parameters: str) -> etree._Element:
    answer = client.get("/csw", query_string={"service": "CSW", "version": "2.0.2", **parameters})
    assert (answer.status_code, answer.mimetype) == (200, "application/xml"), answer.text
    return etree.fromstring(answer.data)


def searched(client: FlaskClient, **parameters: str) -> etree._Element:
    given = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "results", **parameters}
    return asked(client, **given).find("csw:SearchResults", NS)


def ids(root: etree._Element) -> list[str]:
    return [str(each.findtext("dc:identifier", namespaces=NS)) for each in root]


# --- OWSLib ----------------------------------------------------------------------------------------------------------


def test_owslib_reads_the_capabilities(site: str, filled: Catalogue) -> None:
    service = CatalogueServiceWeb(f"{site}/csw")
    assert (service.identification.title, service.identification.version) == (filled.settings.title, "2.0.2")
    assert {one.name for one in service.operations} == {
        *("GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById")
    }
    assert set(service.get_operation_by_name("GetRecords").parameters["outputSchema"]["values"]) == {CSW, GMD, DCAT}
    assert service.provider.contact.email == filled.settings.contact


def test_owslib_reads_every_record_page_by_page(csw: CatalogueServiceWeb, filled: Catalogue) -> None:
    met: list[str] = []
    start = 1
    while start:
        csw.getrecords2(
            esn="full", startposition=start, maxrecords=7, sortby=fes.SortBy([fes.SortProperty("dc:identifier")])
        )
        assert csw.exceptionreport is None
        met += csw.records
        start = csw.results["nextrecord"]
    assert met == sorted(row.id for row in filled.entries.after("", 1000))
    assert csw.results["matches"] == len(met)


@pytest.mark.parametrize("schema", [CSW, GMD])
def test_owslib_reads_one_record(csw: CatalogueServiceWeb, filled: Catalogue, schema: str) -> None:
    row = next(row for row in filled.entries.after("", 1000) if row.iri.endswith("dataset/bike-counts"))
    csw.getrecordbyid([row.id], esn="full", outputschema=schema)
    (found,) = csw.records.values()
    if schema == CSW:
        assert (found.title, found.type) == ("Comptages vélos", "dataset")
        assert "vélo" in found.subjects
        assert float(found.bbox.minx) < float(found.bbox.maxx)
        assert abs(float(found.bbox.minx) - 4.24) < 0.1
        assert found.modified.startswith("20")
    else:
        (identification,) = found.identification
        assert (found.identifier, found.hierarchy, identification.title) == (row.id, "dataset", "Comptages vélos")
        assert identification.uricode[0] == row.iri
        assert abs(float(identification.extent.boundingBox.minx) - 4.24) < 0.1
        assert isinstance(row.entry, Dataset)
        files = {url for file in row.entry.distribution for url in file.download_url}
        assert files <= {one.url for one in found.distribution.online}


BOX = [4.3, 50.8, 4.4, 50.9]
TURNED = fes.BBox([50.8, 4.3, 50.9, 4.4], crs="urn:ogc:def:crs:EPSG::4326")


@pytest.mark.parametrize(
    ("constraints", "same"),
    [
        ([fes.PropertyIsLike("csw:AnyText", "%vélo%", wildCard="%")], {"q": "vélo"}),
        ([fes.PropertyIsEqualTo("csw:AnyText", "vélo")], {"q": "vélo"}),
        (
            [[fes.PropertyIsLike("csw:AnyText", "%%", wildCard="%"), fes.PropertyIsEqualTo("dc:type", "service")]],
            {"type": "service"},
        ),
        ([fes.PropertyIsEqualTo("dc:type", "service")], {"type": "service"}),
        ([fes.PropertyIsEqualTo("dc:subject", "vélo")], {"keyword": "vélo"}),
        ([fes.PropertyIsEqualTo("dc:format", "csv")], {"format": "CSV"}),
        ([fes.BBox(BOX)], {"bbox": "4.3,50.8,4.4,50.9"}),
        ([TURNED], {"bbox": "4.3,50.8,4.4,50.9"}),
        (
            [[fes.PropertyIsLike("csw:AnyText", "*vélo*", wildCard="*"), fes.BBox(BOX)]],
            {"q": "vélo", "bbox": "4.3,50.8,4.4,50.9"},
        ),
        (
            [fes.PropertyIsEqualTo("dc:type", "series"), fes.PropertyIsEqualTo("dc:type", "service")],
            {"type": ["series", "service"]},
        ),
        ([fes.Not([fes.PropertyIsEqualTo("dc:type", "dataset")])], {"type": ["series", "service"]}),
        ([fes.PropertyIsNotEqualTo("dc:type", "dataset")], {"type": ["series", "service"]}),
        ([fes.PropertyIsGreaterThanOrEqualTo("dct:modified", "2020-01-01")], {"modified_since": "2020-01-01"}),
        ([fes.Not([fes.PropertyIsLessThan("dct:modified", "2020-01-01")])], {"modified_since": "2020-01-01"}),
    ],
)  # fmt: skip
def test_owslibs_filters_find_what_our_own_search_finds(
    csw: CatalogueServiceWeb, client: FlaskClient, constraints: list[Any], same: dict[str, Any]
) -> None:
    ours = client.get("/search.json", query_string={**same, "per_page": "100"}).get_json()
    csw.getrecords2(constraints=constraints, maxrecords=100, esn="brief")
    assert csw.exceptionreport is None
    assert list(csw.records) == [hit["id"] for hit in ours["results"]]
    assert csw.results["matches"] == ours["count"] > 0


def test_owslib_asks_in_cql(csw: CatalogueServiceWeb, client: FlaskClient) -> None:
    csw.getrecords2(cql="csw:AnyText LIKE '%vélo%' AND dc:type = 'dataset'", maxrecords=100)
    ours = client.get("/search.json?q=vélo&type=dataset&per_page=100").get_json()
    assert list(csw.records) == [hit["id"] for hit in ours["results"]]


@pytest.mark.parametrize("turn", [False, True])
def test_changes_are_compared_with_days_and_moments(csw: CatalogueServiceWeb, client: FlaskClient, turn: bool) -> None:
    every = client.get("/search.json").get_json()["count"]
    records = client.get("/ogc/collections/datasets/items?limit=1").get_json()["features"]
    day = records[0]["properties"]["updated"][:10]
    for made, matches in (
        (fes.PropertyIsLessThanOrEqualTo("dct:modified", day), every),
        (fes.PropertyIsGreaterThan("dct:modified", day), 0),
        (fes.PropertyIsBetween("dct:modified", day, day), every),
        (fes.PropertyIsBetween("dct:modified", "2019-01-01", "2020-01-01T00:00:00Z"), 0),
        (fes.PropertyIsLessThanOrEqualTo("dct:modified", f"{day}T00:00:00Z"), 0),
    ):
        csw.getrecords2(constraints=[fes.Not([made]) if turn else made], resulttype="hits")
        assert csw.exceptionreport is None
        assert csw.results["matches"] == (every - matches if turn else matches)
    csw.getrecords2(cql=f"modified <= '{day}' AND modified > '2019-01-01'", resulttype="hits")
    assert csw.results["matches"] == every
    with pytest.raises(ExceptionReport, match="modified_since"):
        csw.getrecords2(constraints=[fes.PropertyIsGreaterThan("dct:modified", "yesterday")])


def test_what_opensearch_narrows_by_narrows_here_too(client: FlaskClient) -> None:
    get = "/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=hits"
    for given, same in (
        ("q=v%C3%A9lo", "q=v%C3%A9lo"),
        ("bbox=4.3,50.8,4.4,50.9", "bbox=4.3,50.8,4.4,50.9"),
        ("time=2020/2024", "period=2020/2024"),
        ("q=v%C3%A9lo&constraintLanguage=CQL_TEXT&constraint=type='dataset'", "q=v%C3%A9lo&type=dataset"),
    ):
        count = client.get(f"/search.json?{same}").get_json()["count"]
        assert f'numberOfRecordsMatched="{count}"' in client.get(f"{get}&{given}").text
    assert client.get(f"{get}&bbox=1,2,3").status_code == 400


def test_titles_are_sorted_from_both_ends(csw: CatalogueServiceWeb) -> None:
    def titles(order: str) -> list[str]:
        sort = fes.SortBy([fes.SortProperty("dc:title", order)])
        csw.getrecords2(sortby=sort, maxrecords=100, esn="brief")
        return list(csw.records)

    assert titles("DESC") == titles("ASC")[::-1] != []


def test_owslib_asks_for_values_and_schemas(csw: CatalogueServiceWeb) -> None:
    csw.getdomain("dc:type", dtype="property")
    assert set(csw.results["values"]) == {"dataset", "service", "series"}
    csw.getdomain("GetRecords.resultType")
    assert csw.results["values"] == ["hits", "results"]
    csw.describerecord()
    assert csw.exceptionreport is None


def test_owslib_understands_refusals(csw: CatalogueServiceWeb) -> None:
    with pytest.raises(ExceptionReport, match="title"):
        csw.getrecords2(constraints=[fes.PropertyIsLike("dc:title", "%a%", wildCard="%")])


# --- our own harvester -----------------------------------------------------------------------------------------------


def gist(entry: Entry) -> dict[str, Any]:
    """What ISO 19139 must bring through."""
    human = {text for text in entry.title if not text.is_machine_translated}
    files = () if isinstance(entry, DataService) else entry.distribution
    return {
        "title": human,
        "description": set(entry.description),
        "keyword": set(entry.keyword),
        "theme": {theme.iri for theme in entry.theme},
        "publisher": best_along(("fr",), entry.publisher.name) if entry.publisher else None,
        "issued": entry.issued,
        "modified": entry.modified,
        "temporal": {(period.start, period.end) for period in entry.temporal},
        "hvd": {category.iri for category in entry.hvd_category},
        "frequency": entry.frequency.iri if entry.frequency else None,
        "addresses": {url for file in files for url in (file.download_url or file.access_url)},
        "endpoints": entry.endpoint_url if isinstance(entry, DataService) else (),
        "licence": {file.license.iri for file in files if file.license},
    }


@pytest.mark.parametrize("schema", ["iso", "dcat"])
def test_a_second_catalogue_holds_the_same_entries(site: str, filled: Catalogue, tmp_path: Path, schema: str) -> None:
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    options = {"schema": schema, "records": 7}
    name = second.sources.add(f"{site}/csw", "csw", title="First", config=options).name
    run = second.runs.harvest(name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    mine = {row.iri: row for row in second.entries.after("", 1000)}
    theirs = {row.iri: row for row in filled.entries.after("", 1000)}
    assert mine.keys() == theirs.keys()
    for iri, row in theirs.items():
        assert mine[iri].kind == row.kind
        if schema == "iso":
            assert gist(mine[iri].entry) == gist(row.entry), iri
    if schema == "dcat":
        assert graphs.of_entries(second) == graphs.of_entries(filled)
    again = second.runs.harvest(name)
    assert (again.complete, again.writes, again.removed) == (True, 0, 0)
    second.close()


# --- requests that other clients send --------------------------------------------------------------------------------

METASEARCH = """<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>
<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc"
    xmlns:gml="http://www.opengis.net/gml" service="CSW" version="2.0.2" resultType="results" maxRecords="10"
    startPosition="1" outputSchema="http://www.opengis.net/cat/csw/2.0.2" outputFormat="application/xml">
  <csw:Query typeNames="csw:Record">
    <csw:ElementSetName>full</csw:ElementSetName>
    <csw:Constraint version="1.1.0"><ogc:Filter><ogc:And>
      <ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName>
        <gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326">
          <gml:lowerCorner>49.0 2.5</gml:lowerCorner><gml:upperCorner>51.6 6.5</gml:upperCorner>
        </gml:Envelope></ogc:BBOX>
      <ogc:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\" matchCase="false">
        <ogc:PropertyName>csw:AnyText</ogc:PropertyName><ogc:Literal>%{words}%</ogc:Literal></ogc:PropertyIsLike>
    </ogc:And></ogc:Filter></csw:Constraint>
  </csw:Query>
</csw:GetRecords>"""
GEONETWORK = """<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"
    xmlns:gmd="http://www.isotc211.org/2005/gmd" outputSchema="http://www.isotc211.org/2005/gmd" service="CSW"
    version="2.0.2" resultType="{kind}" startPosition="{start}" maxRecords="20">
    <csw:Query typeNames="gmd:MD_Metadata"><csw:ElementSetName>brief</csw:ElementSetName></csw:Query>
    </csw:GetRecords>"""


def test_qgis_metasearch_finds_what_it_shows(client: FlaskClient) -> None:
    body = METASEARCH.format(words="vélo").encode("iso-8859-1")
    answer = client.post("/csw", data=body, content_type="text/xml")
    found = etree.fromstring(answer.data).find("csw:SearchResults", NS)
    assert int(found.get("numberOfRecordsMatched")) == len(found) > 0
    for each in found:
        assert each.findtext("dc:title", namespaces=NS)
        south, west = map(float, each.findtext("ows:BoundingBox/ows:LowerCorner", namespaces=NS).split())
        assert (50 < south < 51, 4 < west < 5) == (True, True)


def test_geonetwork_harvests_page_by_page(client: FlaskClient, filled: Catalogue) -> None:
    everything = sum(1 for _ in filled.pieces.all())
    met, start = set[str](), 1
    while start:
        answer = client.post(
            "/csw", data=GEONETWORK.format(kind="results", start=start), content_type="application/xml"
        )
        found = etree.fromstring(answer.data).find("csw:SearchResults", NS)
        assert found.get("numberOfRecordsMatched") == str(everything)
        names = {each.findtext("gmd:fileIdentifier/*", namespaces=NS) for each in found}
        assert len(names) == len(found) == int(found.get("numberOfRecordsReturned"))
        assert not names & met
        met |= names
        start = int(found.get("nextRecord"))
    assert met == {row.id for row in filled.entries.after("", 1000)}
    hits = client.post("/csw", data=GEONETWORK.format(kind="hits", start=1), content_type="application/xml")
    found = etree.fromstring(hits.data).find("csw:SearchResults", NS)
    assert (found.get("numberOfRecordsMatched"), len(found)) == (str(everything), 0)


def test_keys_and_values_ask_the_same(client: FlaskClient) -> None:
    whole = searched(client, maxRecords="100", elementSetName="brief", sortBy="dc:identifier:A")
    assert ids(whole) == sorted(ids(whole))
    assert ids(searched(client, maxRecords="100", sortBy="dc:identifier:D")) == ids(whole)[::-1]
    part = searched(client, startPosition="5", maxRecords="4", sortBy="identifier:A")
    assert ids(part) == ids(whole)[4:8]
    assert part.get("nextRecord") == "9"
    last = searched(client, startPosition=str(len(whole)), maxRecords="4", sortBy="identifier:A")
    assert (ids(last), last.get("nextRecord")) == (ids(whole)[-1:], "0")
    beyond = searched(client, startPosition="100000", maxRecords="4")
    assert (ids(beyond), beyond.get("nextRecord")) == ([], "0")
    newest, oldest = (searched(client, maxRecords="1", sortBy=f"dct:modified:{way}") for way in "DA")
    assert ids(newest) != ids(oldest)
    some = {"constraintLanguage": "CQL_TEXT", "constraint": "dc:type='dataset'", "maxRecords": "100"}
    narrowed = ids(searched(client, sortBy="dc:identifier:A", **some))
    assert narrowed == sorted(narrowed)
    falling = searched(client, sortBy="dct:modified:D", **some)
    moments = [each.findtext("{http://purl.org/dc/terms/}modified") for each in falling]
    assert (sorted(ids(falling)), moments) == (narrowed, sorted(moments, reverse=True))
    cql = searched(client, constraintLanguage="CQL_TEXT", constraint="dc:type='service'", maxRecords="50")
    written = (
        '<Filter xmlns="http://www.opengis.net/ogc"><PropertyIsEqualTo><PropertyName>dc:type</PropertyName>'
        "<Literal>service</Literal></PropertyIsEqualTo></Filter>"
    )
    assert ids(searched(client, constraintLanguage="FILTER", constraint=written, maxRecords="50")) == ids(cql)
    assert ids(cql)
    one = ids(whole)[3]
    assert ids(searched(client, constraintLanguage="CQL_TEXT", constraint=f"dc:identifier='{one}'")) == [one]
    assert client.get("/csw?SERVICE=CSW&REQUEST=getcapabilities").status_code == 200
    assert client.post("/csw", data={"service": "CSW", "request": "GetCapabilities"}).status_code == 200


# --- refusals --------------------------------------------------------------------------------------------------------


def exception(answer: Any) -> tuple[int, str, str]:
    assert answer.mimetype == "application/xml", answer.text
    root = etree.fromstring(answer.data)
    assert root.tag == "{http://www.opengis.net/ows}ExceptionReport"
    (one,) = root.findall("ows:Exception", NS)
    assert one.findtext("ows:ExceptionText", namespaces=NS)
    return answer.status_code, one.get("exceptionCode"), one.get("locator") or ""


BASE = "service=CSW&version=2.0.2&request="
CQL = f"{BASE}GetRecords&constraintLanguage=CQL_TEXT&constraint="


@pytest.mark.parametrize(
    ("query", "code", "locator"),
    [
        ("", "MissingParameterValue", "request"),
        ("service=CSW&request=Fly", "OperationNotSupported", "request"),
        ("service=CSW&request=Transaction&version=2.0.2", "OperationNotSupported", "request"),
        ("request=GetCapabilities", "MissingParameterValue", "service"),
        ("service=WMS&request=GetCapabilities", "InvalidParameterValue", "service"),
        ("service=CSW&request=GetCapabilities&acceptVersions=3.0.0", "VersionNegotiationFailed", "acceptVersions"),
        ("service=CSW&request=GetCapabilities&sections=Moon", "InvalidParameterValue", "sections"),
        ("service=CSW&request=GetRecords", "MissingParameterValue", "version"),
        ("service=CSW&request=GetRecords&version=3.0.0", "InvalidParameterValue", "version"),
        ("service=CSW&request=GetRecords&REQUEST=GetDomain", "InvalidParameterValue", "REQUEST"),
        (BASE + "GetRecords&outputFormat=text/html", "InvalidParameterValue", "outputFormat"),
        (BASE + "GetRecords&outputSchema=http://x", "InvalidParameterValue", "outputSchema"),
        (BASE + "GetRecords&typeNames=rim:Thing", "InvalidParameterValue", "typeNames"),
        (BASE + "GetRecords&elementSetName=huge", "InvalidParameterValue", "ElementSetName"),
        (BASE + "GetRecords&elementName=dc:title", "InvalidParameterValue", "ElementName"),
        (BASE + "GetRecords&resultType=validate", "InvalidParameterValue", "resultType"),
        (BASE + "GetRecords&distributedSearch=true", "InvalidParameterValue", "distributedSearch"),
        (BASE + "GetRecords&maxRecords=-1", "InvalidParameterValue", "maxRecords"),
        (BASE + "GetRecords&startPosition=x", "InvalidParameterValue", "startPosition"),
        (BASE + "GetRecords&sortBy=dc:color:A", "InvalidParameterValue", "SortBy"),
        (BASE + "GetRecords&sortBy=dc:modified:A&q=x", "InvalidParameterValue", "SortBy"),
        (BASE + "GetRecords&constraint=a", "InvalidParameterValue", "constraintLanguage"),
        (BASE + "GetRecords&constraintLanguage=FILTER&constraint=a", "InvalidParameterValue", "constraint"),
        (CQL + "(", "InvalidParameterValue", "Constraint"),
        (CQL + "dc:title LIKE '%25a%25'", "InvalidParameterValue", "Constraint"),
        (CQL + "dc:type='x'", "InvalidParameterValue", "type"),
        (CQL + "dc:identifier='x' AND dc:type='dataset'", "InvalidParameterValue", "Constraint"),
        (BASE + "GetRecordById", "MissingParameterValue", "Id"),
        (BASE + "GetRecordById&id=x&outputSchema=y", "InvalidParameterValue", "outputSchema"),
        (BASE + "GetDomain", "MissingParameterValue", "PropertyName"),
        (BASE + "DescribeRecord&typeName=x", "InvalidParameterValue", "typeName"),
    ],
)  # fmt: skip
def test_every_refusal_is_an_exception_report(client: FlaskClient, query: str, code: str, locator: str) -> None:
    assert exception(client.get(f"/csw?{query}")) == (400, code, locator)


BOMB = "<!DOCTYPE a [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};'>" for n in range(1, 30)
)
NAMESPACES = 'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc"'
HEAD = f'<csw:GetRecords {NAMESPACES} service="CSW" version="2.0.2" resultType="results">'
QUERY = (
    HEAD + '<csw:Query typeNames="csw:Record"><csw:Constraint><ogc:Filter>{}</ogc:Filter></csw:Constraint></csw:Query>'
    "</csw:GetRecords>"
)
LIKE = (
    "<ogc:PropertyIsLike wildCard='%'><ogc:PropertyName>csw:AnyText</ogc:PropertyName><ogc:Literal>{}</ogc:Literal>"
    "</ogc:PropertyIsLike>"
)
LAMBERT = """<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName>
    <gml:Envelope xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::31370">
    <gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner></gml:Envelope></ogc:BBOX>"""


@pytest.mark.parametrize(
    "body",
    [
        BOMB + "]><a>&a29;</a>",
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + QUERY.format(LIKE.format("&b;")),
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'>" + QUERY.format(LIKE.format("a")),
        ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>").encode("utf-16"),
        '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></a>',
        "<a>" * 100_000,
        "<a" + " b" * 10_000,
        "",
        "no xml",
        b"\xff\xfe\x00",
        "<a/>",
        "<GetRecords/>",
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
        HEAD.replace("GetRecords", "Transaction") + "</csw:Transaction>",
        HEAD + "</csw:GetRecords>",
        HEAD + "<csw:DistributedSearch/><csw:Query typeNames='csw:Record'/></csw:GetRecords>",
        HEAD + "<csw:Query><csw:ElementName>dc:title</csw:ElementName></csw:Query></csw:GetRecords>",
        QUERY.format(""),
        QUERY.format(LIKE.format("a_%b")),
        QUERY.format(LIKE.format("")),
        QUERY.format("<ogc:PropertyIsNull><ogc:PropertyName>dc:type</ogc:PropertyName></ogc:PropertyIsNull>"),
        QUERY.format("<ogc:FeatureId fid='a'/>"),
        QUERY.format("<ogc:Not>" * 100 + LIKE.format("a") + "</ogc:Not>" * 100),
        QUERY.format("<ogc:And>" + LIKE.format("a") * 200 + "</ogc:And>"),
        QUERY.format("<ogc:Or>" + LIKE.format("a") + LIKE.format("b") + "</ogc:Or>"),
        QUERY.format("<ogc:BBOX><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName></ogc:BBOX>"),
        QUERY.format(LAMBERT),
        QUERY.format(LIKE.format("x" * 300_000)),
    ],
)  # fmt: skip
def test_no_body_does_more_than_be_refused(client: FlaskClient, body: str | bytes) -> None:
    answer = client.post("/csw", data=body, content_type="application/xml")
    status, code, _ = exception(answer)
    assert status == 400
    assert code in {"InvalidParameterValue", "OperationNotSupported", "MissingParameterValue"}
    assert "root:" not in answer.text


# --- HTTP ------------------------------------------------------------------------------------------------------------


def test_http_is_as_it_should_be(client: FlaskClient) -> None:
    path = "/csw?service=CSW&request=GetCapabilities"
    first = client.get(path)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head(path).status_code == 200
    asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/csw", headers=asking)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    posted = client.post("/csw", data=GEONETWORK.format(kind="hits", start=1), content_type="application/xml")
    assert posted.headers["Access-Control-Allow-Origin"] == "*"
    for method in ("PUT", "DELETE"):
        refused = client.open("/csw", method=method)
        assert exception(refused)[:2] == (405, "NoApplicableCode")
        assert "POST" in refused.headers["Allow"]
    assert exception(client.get("/csw/records"))[0] == 404


def test_what_went_is_gone(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds["https://agency.example/feed"] = Feed([one(n) for n in range(5)])
    name = catalogue.sources.add("https://agency.example/feed", "memory", title="Agency").name
    catalogue.runs.harvest(name)
    gone = catalogue.entries.named("dataset", "jeu-3")
    memory.feeds["https://agency.example/feed"] = Feed([one(n) for n in range(5) if n != 3])
    for _ in range(2):
        catalogue.runs.harvest(name)
    client = create_app(catalogue.settings, catalogue).test_client()
    assert exception(client.get(f"/csw?{BASE}GetRecordById&id={gone.id}"))[0] == 410
    assert len(asked(client, request="GetRecordById", id=f"{gone.id},nobody")) == 0
    assert len(asked(client, request="GetRecordById", id="nobody")) == 0
    catalogue.close()


def one(number: int) -> RawRecord:
    return record(f"r{number}", Dataset(title=texts(fr=f"Jeu {number}")))


def test_a_service_names_its_datasets_and_a_dataset_its_series(client: FlaskClient, filled: Catalogue) -> None:
    rows = filled.entries.after("", 1000)
    for row in rows:
        said = asked(client, request="GetRecordById", id=row.id, outputSchema=GMD)
        if isinstance(row.entry, DataService):
            served = {each.get("uuidref") for each in said.iter("{http://www.isotc211.org/2005/srv}operatesOn")}
            assert served == {each.id for each in rows if each.iri in row.entry.serves_dataset}
        elif isinstance(row.entry, Dataset) and row.entry.in_series:
            parent = said.findtext("gmd:MD_Metadata/gmd:parentIdentifier/*", namespaces=NS)
            assert parent in {each.id for each in rows if each.iri in row.entry.in_series}
