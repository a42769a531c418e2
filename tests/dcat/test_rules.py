"""Our checks say what the official SHACL files say."""

import re
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from samples import shared
from shapes import missing, violations

from dcat import rdf, read, vocab, write
from dcat.findings import Severity
from dcat.model import (
    Agent,
    Catalog,
    CatalogRecord,
    Checksum,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Decimal,
    Distribution,
    Document,
    Duration,
    Hex,
    Identifier,
    Integer,
    Iri,
    LegalResource,
    LicenseDocument,
    Location,
    Node,
    Period,
    Relationship,
    RightsStatement,
    Standard,
    Text,
    Wkt,
)
from dcat.normalise.licences import document
from dcat.normalise.places import published
from dcat.rdf.public import to_graph
from dcat.rules import CHECKS, RULES, check, is_violated, lacking, musts, refusal

BASE = "https://data.agency.be/"
ELI = LegalResource(iri=vocab.HVD_REGULATION)


def term(vocabulary: vocab.Vocabulary, code: str) -> Concept:
    return vocabulary.concept(vocabulary.by_code[code])


def texts(value: str) -> tuple[Text, ...]:
    return (Text(f"{value} (fr)", "fr"), Text(f"{value} (nl)", "nl"))


AGENT = Agent(iri=Iri(BASE + "org"), name=texts("Agence"), type=term(vocab.PUBLISHER_TYPES, "RegionalAuthority"))
CONTACT = Contact(iri=Iri(BASE + "contact"), name=(Text("Open data"),), email=(Iri("mailto:opendata@agency.be"),))
PAGE = Document(iri=Iri(BASE + "doc"))
PUBLIC = RightsStatement(
    iri=vocab.ACCESS_RIGHTS.by_code["PUBLIC"].iri,
    pref_labels=vocab.ACCESS_RIGHTS.by_code["PUBLIC"].labels,
    scheme=vocab.ACCESS_RIGHTS.scheme,
)
SERVICE = DataService(
    iri=Iri(BASE + "service"),
    title=texts("Service"),
    description=texts("WFS"),
    endpoint_url=(Iri(BASE + "wfs"),),
    endpoint_description=(Iri(BASE + "wfs?request=GetCapabilities"),),
    serves_dataset=(Iri(BASE + "air"),),
    publisher=AGENT,
    contact=(CONTACT,),
    page=(PAGE,),
    keyword=texts("wfs"),
    theme=(term(vocab.THEMES, "ENVI"),),
    conforms_to=(Standard(iri=Iri("http://www.opengis.net/def/serviceType/ogc/wfs"), titles=texts("OGC WFS")),),
    format=(term(vocab.FORMATS, "WFS_SRVC"),),
    license=document(vocab.LICENCES.by_code["CC0"]),
    access_rights=PUBLIC,
    applicable_legislation=(ELI,),
    hvd_category=(term(vocab.HVD_CATEGORIES, "c_63b37dd4"),),
)
FILE = Distribution(
    iri=Iri(BASE + "air.csv#file"),
    access_url=(Iri(BASE + "air"),),
    download_url=(Iri(BASE + "air.csv"),),
    title=texts("CSV"),
    description=texts("Fichier"),
    format=term(vocab.FORMATS, "CSV"),
    media_type=Concept(iri=Iri(vocab.MEDIA_TYPES + "text/csv")),
    compress_format=Concept(iri=Iri(vocab.MEDIA_TYPES + "application/gzip")),
    license=document(vocab.LICENCES.by_code["CC_BY_4_0"]),
    rights=(RightsStatement(iri=Iri(BASE + "rights"), labels=texts("Citez la source")),),
    availability=term(vocab.AVAILABILITIES, "STABLE"),
    status=term(vocab.DISTRIBUTION_STATUSES, "COMPLETED"),
    byte_size=Integer("123456"),
    issued=Date("2019-05-01"),
    language=(term(vocab.LANGUAGES, "FRA"),),
    checksum=Checksum(
        iri=Iri(BASE + "sum"),
        algorithm=Iri("https://spdx.org/rdf/terms#checksumAlgorithm_md5"),
        value=Hex("d41d8cd98f00b204e9800998ecf8427e"),
    ),
    access_service=(SERVICE,),
    applicable_legislation=(ELI,),
)
GOOD = Dataset(
    iri=Iri(BASE + "air"),
    title=texts("Air"),
    description=texts("Qualité de l’air"),
    identifier=(Text("air"),),
    keyword=texts("air"),
    theme=(term(vocab.THEMES, "ENVI"),),
    publisher=AGENT,
    contact=(CONTACT,),
    access_rights=PUBLIC,
    frequency=term(vocab.FREQUENCIES, "HOURLY"),
    language=(term(vocab.LANGUAGES, "FRA"), term(vocab.LANGUAGES, "NLD")),
    issued=Date("2019"),
    modified=Date("2026-11-19T10:00:00Z"),
    spatial=(published(vocab.PLACES.by_code["04000"]),),
    temporal=(Period(iri=Iri(BASE + "period"), start=Date("2019-01-01"), end=Date("2026-12")),),
    type=(term(vocab.DATASET_TYPES, "GEOSPATIAL"),),
    landing_page=(PAGE,),
    other_identifier=(Identifier(iri=Iri(BASE + "doi"), notation=(Text("10.1234/air"),)),),
    spatial_resolution=(Decimal("10"),),
    temporal_resolution=Duration("PT1H"),
    hvd_category=(term(vocab.HVD_CATEGORIES, "c_63b37dd4"),),
    applicable_legislation=(ELI,),
    distribution=(FILE,),
)


def ours(node: Node, severity: Severity) -> set[str]:
    """The properties that our checks remark on, without the place of their node."""
    found = (remark for remark in check(node) if RULES[remark.rule].severity == severity)
    return {re.sub(r"\[\d+\]$", "", remark.field.rpartition("/")[2]) for remark in found}


def official(graph: Graph) -> set[str]:
    return {field for _, field in violations(graph)}


def with_file(**fields: Any) -> Callable[[Dataset], Dataset]:
    def defect(dataset: Dataset) -> Dataset:
        files = tuple(msgspec.structs.replace(file, **fields) for file in dataset.distribution)
        return msgspec.structs.replace(dataset, distribution=files)

    return defect


def with_service(**fields: Any) -> Callable[[Dataset], Dataset]:
    def defect(dataset: Dataset) -> Dataset:
        files = tuple(
            msgspec.structs.replace(
                file,
                access_service=tuple(msgspec.structs.replace(service, **fields) for service in file.access_service),
            )
            for file in dataset.distribution
        )
        return msgspec.structs.replace(dataset, distribution=files)

    return defect


def having(**fields: Any) -> Callable[[Dataset], Dataset]:
    return lambda dataset: msgspec.structs.replace(dataset, **fields)


OTHER = Concept(iri=Iri(BASE + "other"), labels=texts("autre"), scheme=Iri(BASE + "scheme"))

DEFECTS: dict[str, Callable[[Dataset], Dataset]] = {
    "no title": having(title=()),
    "no description": having(description=()),
    "title without language": having(title=(Text("Air"),)),
    "two titles in one language": having(title=(Text("Air", "fr"), Text("Ciel", "fr"))),
    "keyword without language": having(keyword=(Text("air"),)),
    "no identifier": having(identifier=()),
    "two identifiers": having(identifier=(Text("a"), Text("b"))),
    "frequency of another table": having(frequency=OTHER),
    "language of another table": having(language=(OTHER,)),
    "issued is no date": having(issued=Date("19/11/2026")),
    "modified without seconds": having(modified=Date("2026-11-19T10:00")),
    "resolution is no number": having(spatial_resolution=(Decimal("ten"),)),
    "two resolutions": having(spatial_resolution=(Decimal("10"), Decimal("20"))),
    "temporal resolution in words": having(temporal_resolution=Duration("1 hour")),
    "theme without label": having(theme=(Concept(iri=Iri(BASE + "theme")), term(vocab.THEMES, "ENVI"))),
    "publisher without name": having(publisher=Agent(iri=Iri(BASE + "org2"))),
    "relation without role": having(
        qualified_relation=(Relationship(iri=Iri(BASE + "relation"), relation=(Iri(BASE + "air"),)),)
    ),
    "landing page with a blank": having(landing_page=(Document(iri=Iri(BASE + "a page")),)),
    "identifier with two notations": having(
        other_identifier=(Identifier(iri=Iri(BASE + "doi"), notation=(Text("a"), Text("b"))),)
    ),
    "period that is no date": having(temporal=(Period(iri=Iri(BASE + "p"), start=Date("long ago"), end=Date("2026")),)),
    "box that is a point": having(spatial=(Location(iri=Iri(BASE + "place"), bbox=Wkt("POINT(4 50)")),)),
    "mail address that is none": having(contact=(msgspec.structs.replace(CONTACT, email=(Iri("mailto:agency"),)),)),
    "two mail addresses": having(
        contact=(msgspec.structs.replace(CONTACT, email=(Iri("mailto:a@a.be"), Iri("mailto:b@a.be"))),)
    ),
    "no category of high-value data": having(hvd_category=()),
    "category of another table": having(hvd_category=(OTHER,)),
    "no distribution": having(distribution=()),
    "file without access address": with_file(access_url=()),
    "access address with a blank": with_file(access_url=(Iri(BASE + "a file"),)),
    "access address without a dot": with_file(access_url=(Iri("http://intranet/x"),)),
    "download address that is none": with_file(download_url=(Iri("ftp file"),)),
    "format of another table": with_file(format=OTHER),
    "media type outside IANA": with_file(media_type=Concept(iri=Iri(BASE + "csv"))),
    "package that is no media type": with_file(package_format=Concept(iri=Iri(BASE + "zip"))),
    "availability of another table": with_file(availability=OTHER),
    "status of another table": with_file(status=OTHER),
    "size that is no number": with_file(byte_size=Integer("big")),
    "file issued on no date": with_file(issued=Date("2019-02-30")),
    "two rights": with_file(
        rights=(
            RightsStatement(iri=Iri(BASE + "r1"), labels=texts("a")),
            RightsStatement(iri=Iri(BASE + "r2"), labels=texts("b")),
        )
    ),
    "file without terms of use": with_file(license=None, rights=()),
    "file without the law": with_file(applicable_legislation=()),
    "file language of another table": with_file(language=(OTHER,)),
    "licence of an unknown type": with_file(license=LicenseDocument(iri=Iri(BASE + "licence"), type=(OTHER,))),
    "checksum without value": with_file(
        checksum=Checksum(iri=Iri(BASE + "sum"), algorithm=Iri("https://spdx.org/rdf/terms#checksumAlgorithm_md5"))
    ),
    "checksum without algorithm": with_file(checksum=Checksum(iri=Iri(BASE + "sum"), value=Hex("ab"))),
    "checksum that is not hexadecimal": with_file(
        checksum=Checksum(
            iri=Iri(BASE + "sum"), algorithm=Iri("https://spdx.org/rdf/terms#checksumAlgorithm_md5"), value=Hex("xyz")
        )
    ),
    "service without title": with_service(title=()),
    "service without endpoint": with_service(endpoint_url=()),
    "service without contact": with_service(contact=()),
    "service without documentation": with_service(page=()),
    "service without category": with_service(hvd_category=()),
    "service without terms of use": with_service(license=None, rights=()),
    "service format of another table": with_service(format=(OTHER,)),
}


def test_what_is_good_is_good_for_both() -> None:
    assert violations(to_graph(write.write(GOOD))) == set()
    assert [remark for remark in check(GOOD) if RULES[remark.rule].severity == Severity.VIOLATION] == []


def named(fields: set[str]) -> set[str]:
    """The properties without those that only one side names: the shapes have no path for a choice (licence or rights),
    and say of a scheme without title that the scheme lacks it, not the term that names the scheme."""
    return {"dct:title" if field == "skos:inScheme" else field for field in fields} - {"", "dct:license"}


@pytest.fixture(scope="module")
def found_by_shapes() -> dict[str, set[str]]:
    """The violations of all defects, each under an address of its own, found in one run."""
    graph = Graph()
    for number, defect in enumerate(DEFECTS.values()):
        lines = rdf.ntriples(write.write(defect(GOOD)))
        graph.parse(data=lines.replace(f"<{BASE}", f"<{BASE}{number}/"), format="nt")
    found: dict[str, set[str]] = {name: set() for name in DEFECTS}
    names = list(DEFECTS)
    for node, field in violations(graph):
        if place := re.match(rf"{BASE}(\d+)/", node):
            found[names[int(place[1])]].add(field)
    return found


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_both(name: str, found_by_shapes: dict[str, set[str]]) -> None:
    found = ours(DEFECTS[name](GOOD), Severity.VIOLATION)
    assert found
    assert found_by_shapes[name]
    assert named(found) == named(found_by_shapes[name])


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(set(DEFECTS) - {"no distribution"})), min_size=2, max_size=8, unique=True))
def test_defects_that_come_together_are_found_by_both(names: list[str]) -> None:
    bad = GOOD
    for name in names:
        bad = DEFECTS[name](bad)
    assert named(ours(bad, Severity.VIOLATION)) == named(official(to_graph(write.write(bad))))


def graph_of(name: str) -> tuple[read.Reading, dict[str, Any]]:
    reading = read.read(rdf.parse(shared("dcat-ap", "examples", name).read_bytes(), "text/turtle"))
    return reading, {node.iri or "": node for node in (*reading.datasets, *reading.services, *reading.series)}


@pytest.mark.parametrize("name", ["golden.ttl", "golden_inline.ttl"])
def test_the_golden_feeds_have_no_violation(name: str) -> None:
    reading, entries = graph_of(name)
    assert entries
    assert reading.findings == ()
    for entry in entries.values():
        assert [remark for remark in check(entry) if is_violated((remark,)) and remark.rule != "term-unlabelled"] == []


SEEDED = {
    ("dataset/air", "term-unlisted", "dct:accrualPeriodicity"),
    ("dataset/air", "date-invalid", "dct:issued"),
    ("dataset/air", "date-invalid", "dct:modified"),
    ("dataset/air", "duration-invalid", "dcat:temporalResolution"),
    ("dataset/air", "hvd-incomplete", "dcatap:hvdCategory"),
    ("dataset/air", "required-missing", "dcat:distribution[1]/dcat:accessURL"),
    ("dataset/air", "term-unlisted", "dcat:distribution[1]/dct:format"),
    ("dataset/air", "term-unlisted", "dcat:distribution[1]/dcat:mediaType"),
    ("service/air-wfs", "required-missing", "dcat:endpointURL"),
    ("dataset/budget", "required-missing", "dct:title"),
    ("catalog", "required-missing", "dct:publisher/foaf:name"),
}
"""The seeded defects that are values. The three others (a number typed as another number, a contact of another class)
are gone once read: the model holds lexical values, and the writer types them anew. `test_agreement.py` has all."""


def test_the_seeded_defects_are_found() -> None:
    reading, entries = graph_of("broken.ttl")
    nodes: list[Node] = [*entries.values(), *reading.catalogs]
    found = {
        ((node.iri or "").removeprefix("https://data.example.brussels/").removeprefix("id/"), remark.rule, remark.field)
        for node in nodes
        for remark in check(node)
    }
    assert found >= SEEDED


def test_what_was_mended_by_reading_satisfies_the_shapes() -> None:
    _, entries = graph_of("broken.ttl")
    fields = official(to_graph(write.write(entries["https://data.example.brussels/id/dataset/air"])))
    assert not fields & {"dcat:byteSize", "dcat:spatialResolutionInMeters", "dcat:contactPoint"}


def test_recommendations_are_those_of_the_official_file() -> None:
    bare = msgspec.structs.replace(
        GOOD,
        theme=(),
        keyword=(),
        contact=(),
        publisher=None,
        spatial=(),
        temporal=(),
        applicable_legislation=(),
        hvd_category=(),
        distribution=(
            Distribution(
                iri=FILE.iri,
                access_url=FILE.access_url,
                rights=FILE.rights,
                access_service=(DataService(iri=SERVICE.iri, title=SERVICE.title, endpoint_url=SERVICE.endpoint_url),),
            ),
        ),
    )
    assert {field for _, field in missing(to_graph(write.write(bare)))} == ours(bare, Severity.WARNING)


def test_series_records_and_catalogues_are_checked() -> None:
    assert {remark.field for remark in check(DatasetSeries(iri=Iri(BASE + "s")))} >= {"dct:title", "dct:description"}
    record = CatalogRecord(iri=Iri(BASE + "r"))
    assert {remark.field for remark in check(record)} >= {"dct:modified", "foaf:primaryTopic"}
    assert {remark.field for remark in check(Catalog(iri=Iri(BASE)))} >= {
        "dct:title",
        "dct:description",
        "dct:publisher",
    }


def test_a_strict_licence_is_too_strict_for_high_value_data() -> None:
    strict = with_file(license=document(vocab.LICENCES.by_code["CC_BYSA_4_0"]))(GOOD)
    assert "hvd-unlawful" in {remark.rule for remark in check(strict)}


def test_a_finding_says_where_it_stands() -> None:
    remarks = check(with_file(byte_size=Integer("big"))(GOOD))
    assert [(r.subject, r.field, r.value) for r in remarks if r.rule == "size-invalid"] == [
        (BASE + "air", "dcat:distribution[1]/dcat:byteSize", "big")
    ]


def test_every_struct_that_can_be_wrong_is_checked() -> None:
    assert {Dataset, DatasetSeries, DataService, Distribution, Catalog, CatalogRecord, Agent} <= set(CHECKS)


# --- what cannot be published -----------------------------------------------------------------------------------------


def test_what_is_mandatory_follows_from_the_checks() -> None:
    needed = {struct: {one.name for one in musts(struct)} for struct in CHECKS}
    assert needed[Dataset] == {"title", "description"}
    assert needed[DataService] == {"title", "endpoint_url"}
    assert needed[Distribution] == {"access_url"}
    assert needed[Checksum] == {"algorithm", "value"}
    assert needed[Location] == set()


def test_a_node_lacks_what_it_has_not_itself() -> None:
    assert lacking(Distribution(access_service=(DataService(),))) == ("dcat:accessURL",)
    assert lacking(DataService(endpoint_url=(Iri("https://a.be/"),))) == ("dct:title",)
    assert lacking(Location()) == ()


def test_what_is_missing_refuses_and_what_is_recommended_does_not() -> None:
    title = (Text("x", "fr"),)
    assert refusal(check(Dataset(title=title, description=title, identifier=title))) is None
    found = refusal(check(Dataset(title=title, identifier=title)))
    assert found is not None
    assert (found.rule, found.field) == ("required-missing", "dct:description")


def test_a_shape_as_a_source_drew_it_is_not_kept() -> None:
    drawn = Wkt(f"POLYGON(({', '.join(f'4.{number} 50.8' for number in range(1_000))}))")
    known = sys.getrefcount(drawn)
    assert check(Dataset(spatial=(Location(geometry=drawn),)))
    assert sys.getrefcount(drawn) == known
