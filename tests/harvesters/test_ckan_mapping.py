"""Every row of the mapping from CKAN packages, in the forms that portals write it in."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcat.model import (
    Activity,
    Agent,
    Attribution,
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
    Period,
    ProvenanceStatement,
    RightsStatement,
    Standard,
    Text,
    Wkt,
)
from harvesters import HARVESTERS
from harvesters.base import Normalised, RawRecord, SkipRecord, Source

SITE = "https://portal.example"
THEME = "http://publications.europa.eu/resource/authority/data-theme/TRAN"
BOX = {"west-long": "4.2", "south-lat": "50.7", "east-long": "4.5", "north-lat": "50.9"}
POLYGON = {"type": "Polygon", "coordinates": [[[4.2, 50.7], [4.5, 50.7], [4.5, 50.9], [4.2, 50.7]]]}


def normalise(config: dict[str, Any] | None = None, **fields: Any) -> Normalised:
    package = {"id": "id-1", "name": "one", "title": "One", **fields}
    raw = RawRecord(identifier="id-1", body=json.dumps(package).encode(), media_type="application/json")
    source = Source(id="s", name="s", title="S", url=SITE, kind="ckan", config=config or {})
    return HARVESTERS["ckan"].normalise(raw, source)


def dataset(**fields: Any) -> Dataset:
    entry = normalise(**fields).entry
    assert isinstance(entry, Dataset)
    return entry


def distribution(**fields: Any) -> Distribution:
    return dataset(resources=[{"id": "r-1", **fields}]).distribution[0]


def concept(label: str) -> Concept:
    return Concept(labels=(Text(label),))


PACKAGES: list[tuple[dict[str, Any], str, Any]] = [
    # texts
    ({"title": "Un"}, "title", (Text("Un"),)),
    ({"title_translated": {"fr": "Un", "nl": "Een", "de": ""}}, "title", (Text("Un", "fr"), Text("Een", "nl"))),
    ({"title_translated": '{"fr": "Un"}'}, "title", (Text("Un", "fr"),)),
    ({"title": {"fr": "Un", "nl_BE": "Een"}}, "title", (Text("Un", "fr"), Text("Een", "nl-be"))),
    ({"title": "Un", "title_fr": "Un", "title_nl": "Een"}, "title", (Text("Un", "fr"), Text("Een", "nl"))),
    ({"title": "One", "title_fr": "Un"}, "title", (Text("Un", "fr"), Text("One"))),
    ({"title_translated": {"fr-t-nl": "Un"}}, "title", (Text("Un", "fr-t-nl"),)),
    ({"notes": "  Texte\n"}, "description", (Text("Texte"),)),
    ({"notes": "\0half \ud800"}, "description", (Text("half"),)),
    ({"notes_translated": {"fr": "Texte", "nl": "Tekst"}}, "description", (Text("Texte", "fr"), Text("Tekst", "nl"))),
    ({"notes": {"fr": "Texte"}}, "description", (Text("Texte", "fr"),)),
    # keywords
    ({"tags": [{"name": "a", "display_name": "A"}, {"name": "b"}]}, "keyword", (Text("A"), Text("b"))),
    ({"tags": ["a", "a", "b"]}, "keyword", (Text("a"), Text("b"))),
    ({"tags": [{"name": "a", "state": "deleted"}, {"name": "b"}]}, "keyword", (Text("b"),)),
    ({"keywords": {"fr": ["a", "b"], "nl": ["c"]}}, "keyword", (Text("a", "fr"), Text("b", "fr"), Text("c", "nl"))),
    (
        {"tags": [{"name": "a"}, {"name": "z"}], "tags_translated": {"fr": ["a"], "nl": ["c"]}},
        "keyword",
        (Text("a", "fr"), Text("c", "nl"), Text("z")),
    ),
    # themes
    ({"theme": [THEME, "Mobilité"]}, "theme", (Concept(iri=Iri(THEME)), concept("Mobilité"))),
    ({"theme": json.dumps([THEME])}, "theme", (Concept(iri=Iri(THEME)),)),
    ({"extras": [{"key": "theme", "value": json.dumps([THEME])}]}, "theme", (Concept(iri=Iri(THEME)),)),
    ({"groups": [{"name": "tran", "title": "Vervoer"}]}, "theme", (Concept(iri=Iri(THEME)),)),
    ({"groups": [{"name": "bus", "title": "Bus & tram"}]}, "theme", (concept("Bus & tram"),)),
    (
        {"groups": [{"name": "bus", "title": {"fr": "Bus", "de": "Busse"}}]},
        "theme",
        (Concept(labels=(Text("Bus", "fr"), Text("Busse", "de"))),),
    ),
    ({"groups": ["verkehr"]}, "theme", (concept("verkehr"),)),
    # identifiers
    ({"uri": "https://data.example/one"}, "iri", "https://data.example/one"),
    ({"extras": [{"key": "uri", "value": "https://data.example/one"}]}, "iri", "https://data.example/one"),
    ({"uri": "urn:x:1"}, "iri", None),
    ({}, "identifier", (Text("id-1"),)),
    ({"identifier": "A", "guid": "B"}, "identifier", (Text("A"),)),
    ({"extras": [{"key": "guid", "value": "B"}]}, "identifier", (Text("B"),)),
    ({"alternate_identifier": ["10.1/x"]}, "other_identifier", (Identifier(notation=(Text("10.1/x"),)),)),
    ({"alternate_identifier": '["10.1/x"]'}, "other_identifier", (Identifier(notation=(Text("10.1/x"),)),)),
    # dates: those of the data, as they are written; those of the record say nothing about it
    ({"issued": "01/05/2023"}, "issued", Date("01/05/2023")),
    ({"extras": [{"key": "dcat_issued", "value": "2023-05-01"}]}, "issued", Date("2023-05-01")),
    ({"extras": {"date_released": "2013-05-01"}}, "issued", Date("2013-05-01")),
    ({"metadata_created": "2023-05-01T00:00:00"}, "issued", None),
    ({"modified": "2023"}, "modified", Date("2023")),
    ({"extras": [{"key": "dcat_modified", "value": '"2023-05-01"'}]}, "modified", Date("2023-05-01")),
    ({"metadata_modified": "2023-05-01T00:00:00"}, "modified", None),
    ({"version": 2}, "version", Text("2")),
    ({"dcat_version": "1.0"}, "version", Text("1.0")),
    ({"version_notes": "New"}, "version_notes", (Text("New"),)),
    # terms
    ({"language": ["fr", "nl"]}, "language", (concept("fr"), concept("nl"))),
    ({"extras": [{"key": "language", "value": '["fr", "nl"]'}]}, "language", (concept("fr"), concept("nl"))),
    ({"frequency": "P1Y"}, "frequency", concept("P1Y")),
    ({"access_rights": "public"}, "access_rights", RightsStatement(labels=(Text("public"),))),
    ({"conforms_to": ["EPSG:4326 system"]}, "conforms_to", (Standard(titles=(Text("EPSG:4326 system"),)),)),
    ({"conforms_to": "https://x.example/s"}, "conforms_to", (Standard(iri=Iri("https://x.example/s")),)),
    ({"dcat_type": ["statistics"]}, "type", (concept("statistics"),)),
    (
        {"hvd_category": ["http://data.europa.eu/bna/c_1"]},
        "hvd_category",
        (Concept(iri=Iri("http://data.europa.eu/bna/c_1")),),
    ),
    (
        {"applicable_legislation": ["http://x.example/l"]},
        "applicable_legislation",
        (LegalResource(iri=Iri("http://x.example/l")),),
    ),
    # pages
    ({"url": "https://agency.example/one"}, "landing_page", (Document(iri=Iri("https://agency.example/one")),)),
    ({}, "landing_page", (Document(iri=Iri(f"{SITE}/dataset/one")),)),
    ({"documentation": '["https://d.example/"]'}, "page", (Document(iri=Iri("https://d.example/")),)),
    # relations
    ({"has_version": ["https://d.example/2"]}, "has_version", (Iri("https://d.example/2"),)),
    ({"source": '["https://d.example/0"]'}, "source", (Iri("https://d.example/0"),)),
    ({"related_resource": "https://d.example/r"}, "relation", (Iri("https://d.example/r"),)),
    ({"is_referenced_by": ["https://d.example/p"]}, "is_referenced_by", (Iri("https://d.example/p"),)),
    ({"sample": ["https://d.example/s"]}, "sample", (Distribution(access_url=(Iri("https://d.example/s"),)),)),
    ({"in_series": ["https://d.example/series", "id-9"]}, "in_series", (Iri("https://d.example/series"),)),
    ({"provenance": "Census"}, "provenance", (ProvenanceStatement(labels=(Text("Census"),)),)),
    (
        {"provenance_activity": [{"uri": "https://d.example/a", "label": "Survey"}]},
        "was_generated_by",
        (Activity(iri=Iri("https://d.example/a"), labels=(Text("Survey"),)),),
    ),
    (
        {"qualified_attribution": [{"agent": {"name": "A"}, "role": "funder"}]},
        "qualified_attribution",
        (Attribution(agent=(Agent(name=(Text("A"),)),), role=(concept("funder"),)),),
    ),
    # resolutions
    ({"temporal_resolution": "PT15M"}, "temporal_resolution", Duration("PT15M")),
    ({"spatial_resolution_in_meters": [1.5, "10"]}, "spatial_resolution", (Decimal("1.5"), Decimal("10"))),
    # places and periods
    (
        {"spatial_uri": "https://sws.geonames.org/2800867/", "spatial_text": "Bruxelles"},
        "spatial",
        (Location(iri=Iri("https://sws.geonames.org/2800867/"), labels=(Text("Bruxelles"),)),),
    ),
    ({"spatial": json.dumps(POLYGON)}, "spatial", (Location(geometry=Wkt(json.dumps(POLYGON))),)),
    ({"spatial": POLYGON}, "spatial", (Location(geometry=Wkt(json.dumps(POLYGON))),)),
    (
        {"extras": [{"key": "spatial", "value": json.dumps(POLYGON)}]},
        "spatial",
        (Location(geometry=Wkt(json.dumps(POLYGON))),),
    ),
    ({"spatial": "Bruxelles"}, "spatial", (Location(labels=(Text("Bruxelles"),)),)),
    ({"spatial": "https://sws.geonames.org/1/"}, "spatial", (Location(iri=Iri("https://sws.geonames.org/1/")),)),
    (
        {"spatial_bbox": json.dumps(POLYGON), "spatial_centroid": "POINT(4 50)"},
        "spatial",
        (Location(bbox=Wkt(json.dumps(POLYGON)), centroid=Wkt("POINT(4 50)")),),
    ),
    (
        {
            "spatial_coverage": [
                {"uri": "https://x.example/p", "text": "P", "geom": POLYGON, "bbox": POLYGON, "centroid": ""}
            ]
        },
        "spatial",
        (
            Location(
                iri=Iri("https://x.example/p"),
                labels=(Text("P"),),
                geometry=Wkt(json.dumps(POLYGON)),
                bbox=Wkt(json.dumps(POLYGON)),
            ),
        ),
    ),
    ({"spatial_coverage": "Bruxelles"}, "spatial", (Location(labels=(Text("Bruxelles"),)),)),
    (
        {"temporal_start": "2020", "temporal_end": "2021-12"},
        "temporal",
        (Period(start=Date("2020"), end=Date("2021-12")),),
    ),
    (
        {"temporal_coverage": [{"start": "2020"}, {"end": "2021"}]},
        "temporal",
        (Period(start=Date("2020")), Period(end=Date("2021"))),
    ),
    ({"extras": {"temporal_coverage-from": "2013"}}, "temporal", (Period(start=Date("2013")),)),
    ({"temporal": "2010/2012"}, "temporal", (Period(start=Date("2010/2012"), end=Date("2010/2012")),)),
    # extras as people and ckanext-spatial call them
    ({"extras": [{"key": "Update Frequency", "value": "monthly"}]}, "frequency", concept("monthly")),
    ({"extras": {"accrualPeriodicity": "R/P1Y"}}, "frequency", concept("R/P1Y")),
    ({"extras": {"frequency-of-update": "monthly"}}, "frequency", concept("monthly")),
    (
        {"extras": {f"bbox-{side}": degree for side, degree in BOX.items()}},
        "spatial",
        (Location(bbox=Wkt("4.2,50.7,4.5,50.9")),),
    ),
    ({"extras": {"temporal-extent-end": "2013"}}, "temporal", (Period(end=Date("2013")),)),
    ({"extras": {"dataset-reference-date": '[{"type": "creation", "value": "2019"}]'}}, "issued", Date("2019")),
    ({"extras": {"dataset-reference-date": '[{"type": "revision", "value": "2020"}]'}}, "modified", Date("2020")),
    ({"extras": {"licence": '["CC BY 4.0"]'}}, "license", LicenseDocument(titles=(Text("CC BY 4.0"),))),
    ({"extras": {"lineage": "Measured."}}, "provenance", (ProvenanceStatement(labels=(Text("Measured."),)),)),
    ({"extras": {"contact-email": "a@b.be"}}, "contact", (Contact(email=(Iri("a@b.be"),)),)),
    ({"extras": {"State": "Vlaanderen", "Type": "showcase"}}, "title", (Text("One"),)),
    # parties
    (
        {
            "publisher": [
                {
                    "uri": "https://o.example/",
                    "name": "O",
                    "email": "o@o.example",
                    "url": "https://www.o.example/",
                    "type": "LocalAuthority",
                    "identifier": "0207",
                }
            ]
        },
        "publisher",
        Agent(
            iri=Iri("https://o.example/"),
            name=(Text("O"),),
            mbox=Iri("o@o.example"),
            homepage=Document(iri=Iri("https://www.o.example/")),
            type=concept("LocalAuthority"),
            identifier=(Text("0207"),),
        ),
    ),
    (
        {"publisher_name": "O", "publisher_email": "o@o.example"},
        "publisher",
        Agent(name=(Text("O"),), mbox=Iri("o@o.example")),
    ),
    (
        {
            "extras": [
                {"key": "dcat_publisher_name", "value": "O"},
                {"key": "dcat_publisher_email", "value": "o@o.example"},
            ]
        },
        "publisher",
        Agent(name=(Text("O"),), mbox=Iri("o@o.example")),
    ),
    ({"publisher": "O"}, "publisher", Agent(name=(Text("O"),))),
    ({"publisher_translated": {"fr": "O"}}, "publisher", Agent(name=(Text("O", "fr"),))),
    ({"publisher": "https://o.example/"}, "publisher", Agent(iri=Iri("https://o.example/"))),
    ({"organization": {"title": "Org", "name": "org"}}, "publisher", Agent(name=(Text("Org"),))),
    ({"organization": {"name": "org"}}, "publisher", Agent(name=(Text("org"),))),
    (
        {"organization": {"title": "Org", "title_translated": {"fr": "Orga"}}},
        "publisher",
        Agent(name=(Text("Orga", "fr"),)),
    ),
    ({"publisher_name": "O", "organization": {"title": "Org"}}, "publisher", Agent(name=(Text("O"),))),
    ({"organization": None}, "publisher", None),
    ({"creator": [{"name": "C"}, {"name": "D"}]}, "creator", (Agent(name=(Text("C"),)), Agent(name=(Text("D"),)))),
    ({"author": "A", "author_email": "a@a.example"}, "creator", (Agent(name=(Text("A"),), mbox=Iri("a@a.example")),)),
    ({"author_email": "a@a.example"}, "creator", ()),
    (
        {
            "contact": [
                {"uri": "https://c.example/", "name": "C", "email": "c@c.example", "url": "https://c.example/form"}
            ]
        },
        "contact",
        (
            Contact(
                iri=Iri("https://c.example/"),
                name=(Text("C"),),
                email=(Iri("c@c.example"),),
                url=(Iri("https://c.example/form"),),
            ),
        ),
    ),
    (
        {"contact_name": "C", "contact_email": "c@c.example"},
        "contact",
        (Contact(name=(Text("C"),), email=(Iri("c@c.example"),)),),
    ),
    (
        {"maintainer": "M", "maintainer_email": "m@m.example", "author": "A"},
        "contact",
        (Contact(name=(Text("M"),), email=(Iri("m@m.example"),)),),
    ),
    (
        {"author": "A", "author_email": "a@a.example"},
        "contact",
        (Contact(name=(Text("A"),), email=(Iri("a@a.example"),)),),
    ),
]


@pytest.mark.parametrize(("fields", "name", "expected"), PACKAGES, ids=lambda value: str(value)[:60])
def test_a_field_of_a_package(fields: dict[str, Any], name: str, expected: Any) -> None:
    normalised = normalise(**fields)
    assert getattr(normalised.entry, name) == expected


URL = "https://files.example/a"

RESOURCES: list[tuple[dict[str, Any], str, Any]] = [
    ({}, "iri", f"{SITE}/dataset/id-1/resource/r-1"),
    ({"uri": "https://d.example/r"}, "iri", "https://d.example/r"),
    ({"name": "File"}, "title", (Text("File"),)),
    ({"name": "x", "name_translated": {"fr": "Fichier"}}, "title", (Text("Fichier", "fr"),)),
    ({"description": {"fr": "Fichier"}}, "description", (Text("Fichier", "fr"),)),
    ({"url": URL}, "access_url", (Iri(URL),)),
    ({"url": URL, "access_url": "https://files.example/"}, "access_url", (Iri("https://files.example/"),)),
    ({"url": URL}, "download_url", ()),
    ({"url": URL, "url_type": "upload"}, "download_url", (Iri(URL),)),
    ({"url": URL, "url_type": "datastore"}, "download_url", (Iri(URL),)),
    ({"url": f"{URL}.CSV?x=1"}, "download_url", (Iri(f"{URL}.CSV?x=1"),)),
    ({"url": f"{URL}.html"}, "download_url", ()),
    ({"url": "http://[bad"}, "download_url", ()),
    ({"url": URL, "download_url": f"{URL}/d"}, "download_url", (Iri(f"{URL}/d"),)),
    ({"format": "CSV"}, "format", concept("CSV")),
    ({"mimetype": "text/csv"}, "media_type", concept("text/csv")),
    ({"compress_format": "application/gzip"}, "compress_format", concept("application/gzip")),
    ({"package_format": "application/zip"}, "package_format", concept("application/zip")),
    ({"size": 1024}, "byte_size", Integer("1024")),
    ({"size": "1 MB"}, "byte_size", Integer("1 MB")),
    ({"hash": "abc", "hash_algorithm": "sha1"}, "checksum", Checksum(algorithm=Iri("sha1"), value=Hex("abc"))),
    ({"hash": "sha1:abc"}, "checksum", Checksum(algorithm=Iri("sha1"), value=Hex("abc"))),
    ({"hash": "abc"}, "checksum", Checksum(value=Hex("abc"))),
    ({"hash": ""}, "checksum", None),
    ({"created": "2020-01-01"}, "issued", Date("2020-01-01")),
    ({"issued": "2019", "created": "2020-01-01"}, "issued", Date("2019")),
    ({"last_modified": "2021", "metadata_modified": "2022"}, "modified", Date("2021")),
    ({"metadata_modified": "2022"}, "modified", Date("2022")),
    ({"license": "https://l.example/"}, "license", LicenseDocument(iri=Iri("https://l.example/"))),
    ({"license": "Free"}, "license", LicenseDocument(titles=(Text("Free"),))),
    ({"rights": "All"}, "rights", (RightsStatement(labels=(Text("All"),)),)),
    ({"status": "COMPLETED"}, "status", concept("COMPLETED")),
    ({"availability": "STABLE"}, "availability", concept("STABLE")),
    ({"documentation": ["https://d.example/"]}, "page", (Document(iri=Iri("https://d.example/")),)),
    ({"language": ["fr"]}, "language", (concept("fr"),)),
    ({"conforms_to": '["https://s.example/"]'}, "conforms_to", (Standard(iri=Iri("https://s.example/")),)),
    ({"temporal_resolution": "P1D"}, "temporal_resolution", Duration("P1D")),
    ({"spatial_resolution_in_meters": 5}, "spatial_resolution", Decimal("5")),
    (
        {"applicable_legislation": ["http://x.example/l"]},
        "applicable_legislation",
        (LegalResource(iri=Iri("http://x.example/l")),),
    ),
]


@pytest.mark.parametrize(("fields", "name", "expected"), RESOURCES, ids=lambda value: str(value)[:60])
def test_a_field_of_a_resource(fields: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(distribution(**fields), name) == expected


SERVICE = {
    "uri": "https://s.example/wms",
    "title": {"fr": "Carte"},
    "endpoint_url": ["https://s.example/wms?"],
    "endpoint_description": "https://s.example/wms?request=GetCapabilities",
    "serves_dataset": ["https://data.example/one"],
    "license": "https://l.example/",
    "access_rights": "PUBLIC",
}


@pytest.mark.parametrize("written", [[SERVICE], json.dumps([SERVICE])])
def test_services_of_a_resource(written: Any) -> None:
    assert distribution(access_services=written).access_service == (
        DataService(
            iri=Iri("https://s.example/wms"),
            title=(Text("Carte", "fr"),),
            endpoint_url=(Iri("https://s.example/wms?"),),
            endpoint_description=(Iri("https://s.example/wms?request=GetCapabilities"),),
            serves_dataset=(Iri("https://data.example/one"),),
            license=LicenseDocument(iri=Iri("https://l.example/")),
            access_rights=RightsStatement(labels=(Text("PUBLIC"),)),
        ),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"license_id": "cc-by", "license_title": "CC BY", "license_url": "https://l.example/"},
            LicenseDocument(iri=Iri("https://l.example/"), titles=(Text("CC BY"),), labels=(Text("cc-by"),)),
        ),
        ({"license_id": "cc-by"}, LicenseDocument(labels=(Text("cc-by"),))),
        ({"license_id": "notspecified", "license_title": "License not specified"}, None),
        ({"license": "Creative Commons"}, LicenseDocument(titles=(Text("Creative Commons"),))),
        ({}, None),
    ],
)
def test_the_licence_of_the_package_is_that_of_its_files(fields: dict[str, Any], expected: Any) -> None:
    plain, own = dataset(**fields, resources=[{"id": "a"}, {"id": "b", "license": "Mine"}]).distribution
    assert plain.license == expected
    assert own.license == LicenseDocument(titles=(Text("Mine"),))


def test_deleted_resources_are_left_out() -> None:
    files = dataset(resources=[{"id": "a", "state": "deleted"}, {"id": "b", "state": "active"}]).distribution
    assert [file.iri for file in files] == [f"{SITE}/dataset/id-1/resource/b"]


@pytest.mark.parametrize(
    "fields",
    [
        {"private": True},
        {"private": "True"},
        {"state": "deleted"},
        {"state": "draft"},
        {"type": "harvest"},
        {"type": "showcase"},
    ],
)
def test_what_is_not_public_is_skipped(fields: dict[str, Any]) -> None:
    with pytest.raises(SkipRecord):
        normalise(**fields)


@pytest.mark.parametrize("fields", [{"private": False}, {"state": "active"}, {"type": "dataset"}, {"state": None}])
def test_what_is_public_is_taken(fields: dict[str, Any]) -> None:
    assert normalise(**fields).entry.title == (Text("One"),)


@pytest.mark.parametrize("extras", [[{"key": "harvest_source_id", "value": "x"}], {"harvest_object_id": "x"}])
def test_packages_from_elsewhere_are_skipped_when_the_source_says_so(extras: Any) -> None:
    assert normalise(extras=extras).unread == {}
    with pytest.raises(SkipRecord, match="elsewhere"):
        normalise({"skip_harvested": True}, extras=extras)


def test_a_series_is_a_series() -> None:
    entry = normalise(type="dataset_series", frequency="annual").entry
    assert isinstance(entry, DatasetSeries)
    assert entry.frequency == concept("annual")
    assert entry.license is None


def test_a_series_and_a_package_without_files_lose_nothing() -> None:
    files = [{"id": "r-1", "url": "https://a.be/1.csv"}]
    series = normalise(type="dataset_series", license_id="cc-by", resources=files).entry
    assert isinstance(series, DatasetSeries)
    assert series.distribution[0].license == LicenseDocument(labels=(Text("cc-by"),))
    assert series.license is None
    assert dataset(license_id="cc-by").license == LicenseDocument(labels=(Text("cc-by"),))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": {"type": "string", "description": "x"}}, "name: expected a text, found an object with description"),
        ({"resources": {"items": []}}, "resources: expected a list, found an object with items"),
        ({"id": 5}, "id: expected a text, found a number"),
    ],
)
def test_what_is_no_package_is_refused_with_the_field(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        normalise(**fields)


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ([{"nl": "Lijst", "fr": "Liste"}], (Text("Lijst", "nl"), Text("Liste", "fr"))),
        ("{'nl': 'Lijst', 'fr': u'Liste'}", (Text("Lijst", "nl"), Text("Liste", "fr"))),
        ({"nl": "Lijst", "default": "List"}, (Text("Lijst", "nl"), Text("List"))),
        ({"nl": "Lijst", "default": "Lijst"}, (Text("Lijst", "nl"),)),
        ({"title": "Lijst"}, (Text("Lijst"),)),
        ({"@value": "Lijst", "@language": "nl_BE"}, (Text("Lijst", "nl-be"),)),
        (
            [{"lang": "nl", "value": "Lijst"}, {"lang": "fr", "value": "Liste"}],
            (Text("Lijst", "nl"), Text("Liste", "fr")),
        ),
        ("{nl=Lijst, kort, fr=Liste}", (Text("Lijst, kort", "nl"), Text("Liste", "fr"))),
        ('{"nl": "Lijst", "fr": "L\'avi', (Text("Lijst", "nl"), Text("L'avi", "fr"))),
        ('{"nl": "\\u201cLijst\\u201d", "it": "x", "fr": "L\'avi', (Text("“Lijst”", "nl"), Text("L'avi", "fr"))),
        ('{nl=De "lijst", fr=La "liste"}', (Text('De "lijst"', "nl"), Text('La "liste"', "fr"))),
        ("{'nl': open('x')}", (Text("{'nl': open('x')}"),)),
    ],
)
def test_texts_are_read_however_they_are_written(written: Any, texts: Any) -> None:
    assert dataset(title=written).title == texts
    assert distribution(description=written).description == texts


@pytest.mark.parametrize(
    "written", [{"type": "string", "description": "x"}, [{"x": 1, "y": 2}], True, [["a", 1], {"x": 2, "y": 3}]]
)
def test_a_text_that_is_none_costs_itself_and_is_told(written: Any) -> None:
    found = normalise(notes=written, resources=[{"id": "r-1", "description": written, "name": "Lijst"}])
    assert isinstance(found.entry, Dataset)
    assert found.entry.title == (Text("One"),)
    assert found.entry.description == found.entry.distribution[0].description == ()
    assert found.unread == {"notes": 1, "resources.description": 1}


def test_lists_as_php_and_imitators_of_ckan_write_them_are_lists() -> None:
    files = [{"id": "r", "url": "https://a.be/1.csv", "state": "Active"}, {"id": "s", "url": "https://a.be/2.csv"}]
    for written in ({"0": files[0], "1": files[1]}, json.dumps(files)):
        assert len(dataset(resources=written, state="Active").distribution) == 2
    entry = dataset(tags={"nl": ["bomen", "parken"], "fr": ["arbres"]})
    assert entry.keyword == (Text("bomen", "nl"), Text("parken", "nl"), Text("arbres", "fr"))


def test_tags_and_groups_in_another_form_cost_no_package() -> None:
    entry = dataset(tags="bomen, parken", groups={"a": 1})
    assert entry.keyword == (Text("bomen, parken"),)


def test_files_with_one_id_are_files_of_their_own() -> None:
    files = [
        {"id": "r", "url": "https://a.be/1.csv", "format": "CSV"},
        {"id": "r", "url": "https://a.be/2.json", "format": "JSON"},
        {"id": "r", "url": "https://a.be/1.csv", "format": "CSV"},
        {"id": "s", "url": "https://a.be/3.csv", "uri": "None"},
        {"id": "t", "url": "https://a.be/4.csv", "uri": "https://a.be/file"},
        {"id": "u", "url": "https://a.be/5.csv", "uri": "https://a.be/file"},
    ]
    found = dataset(resources=files).distribution
    named = f"{SITE}/dataset/id-1/resource"
    assert [(one.iri, *one.access_url) for one in found] == [
        (f"{named}/r", "https://a.be/1.csv"),
        (None, "https://a.be/2.json"),
        (f"{named}/s", "https://a.be/3.csv"),
        ("https://a.be/file", "https://a.be/4.csv"),
        (None, "https://a.be/5.csv"),
    ]


@pytest.mark.parametrize("body", [b"[]", b"5", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    raw = RawRecord(identifier="x", body=body, media_type="application/json")
    with pytest.raises(ValueError, match=r"."):
        HARVESTERS["ckan"].normalise(raw, Source(id="s", name="s", title="S", url=SITE, kind="ckan"))


def test_what_nobody_read_is_counted() -> None:
    unread = normalise(
        revision_id="internal",
        isopen=True,
        audience=["citizens"],
        empty={"en": "", "fr": ""},
        extras=[{"key": "sector", "value": "public"}, {"key": "title", "value": "shadowed"}, {"key": "x", "value": ""}],
        resources=[{"id": "a", "colour": "red"}, {"id": "b", "colour": "blue", "position": 1}],
        publisher=[{"name": "P", "fax": "02"}],
        organization={"title": "O", "image_url": "https://o.example/logo.png"},
    ).unread
    assert unread == {
        "audience": 1,
        "extras.sector": 1,
        "extras.title": 1,
        "resources.colour": 2,
        "publisher.fax": 1,
    }


def test_a_whole_package_of_ckanext_dcat_leaves_nothing_unread() -> None:
    every = {name: value for fields, _, _ in PACKAGES for name, value in fields.items() if name != "extras"}
    resource = {name: value for fields, _, _ in RESOURCES for name, value in fields.items()}
    normalised = normalise(**every, resources=[{"id": "r", **resource, "access_services": [SERVICE]}])
    assert normalised.unread == {}


NAMES = sorted({name for fields, _, _ in (*PACKAGES, *RESOURCES) for name in fields} | {"state", "private", "type"})

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["[", '["a"]', '{"fr": "x"}']),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "fr", "nl_BE", "uri", "key", "value"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([*NAMES, "extras", "resources"]), VALUES, max_size=6))
def test_any_object_is_read_skipped_or_refused_with_a_sentence(package: dict[str, Any]) -> None:
    raw = RawRecord(identifier="x", body=json.dumps(package).encode(), media_type="application/json")
    source = Source(id="s", name="s", title="S", url=SITE, kind="ckan")
    try:
        normalised = HARVESTERS["ckan"].normalise(raw, source)
    except (SkipRecord, ValueError) as refusal:
        assert str(refusal)  # noqa: PT017 (either outcome is right)
    else:
        msgspec.json.encode(normalised)  # every text can be written
        assert HARVESTERS["ckan"].normalise(raw, source) == normalised
