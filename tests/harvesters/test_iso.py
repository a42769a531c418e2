"""Records of ISO 19139 and 19115-3 → DCAT, and what the reference implementation makes of the same records."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from samples import samples

from dcat import rdf
from dcat.entries import entries
from dcat.model import Agent, Concept, DataService, Dataset, DatasetSeries, Distribution, Entry, Text, Texts
from dcat.normalise import Context, normalise
from dcat.read import read_entry
from harvesters import iso, xml
from harvesters.base import Normalised, SkipRecord

DATA = Path(__file__).parents[1] / "data" / "iso"


def read(name: str, change: Callable[[str], str] = lambda text: text) -> Normalised:
    text = change((DATA / f"{name}.xml").read_text("utf-8"))
    return iso.normalised(xml.opened(text.encode(), "an ISO record"))


def dataset(change: Callable[[str], str] = lambda text: text) -> Dataset:
    entry = read("dataset", change).entry
    assert isinstance(entry, Dataset)
    return entry


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def by_language(texts: Texts) -> dict[str, str]:
    return {text.lang: text.value for text in texts}


# --- datasets ---------------------------------------------------------------------------------------------------------


def test_texts_have_all_their_languages() -> None:
    assert by_language(dataset().title) == {
        "fr": "Arbres remarquables",
        "nl": "Merkwaardige bomen",
        "de": "Besondere Bäume",
    }
    assert {"boom", "arbre"} <= {text.value for text in dataset().keyword}


def test_dates_are_told_apart_by_their_type() -> None:
    assert (dataset().issued, dataset().modified) == ("2020-02-01", "2026-01-31T00:00:00")
    made = dataset(replaced('codeListValue="publication"', 'codeListValue="adopted"'))
    assert made.issued == "2019-05-15"


def test_an_identifier_on_the_web_is_its_iri_and_the_others_keep_their_namespace() -> None:
    found = dataset()
    assert found.iri == "https://jardin.example/id/trees"
    assert found.identifier == (Text("arbres-2026"),)
    assert [one.notation[0].value for one in found.other_identifier] == ["BE.JARDIN/TREES"]


def test_the_publisher_is_the_organisation_whose_role_fits_best() -> None:
    publisher = dataset().publisher
    assert publisher is not None
    assert by_language(publisher.name) == {"fr": "Jardin de la Région"}
    assert publisher.mbox == "geodata@jardin.example"
    roles = {str(role.iri).rpartition("/")[2] for one in dataset().qualified_attribution for role in one.role}
    assert roles == {"custodian", "distributor"}
    assert {agent for one in dataset().qualified_attribution for agent in one.agent} == {publisher}


def test_a_desk_is_asked_before_a_person() -> None:
    (contact,) = dataset().contact
    assert (contact.name[0].value, contact.is_individual) == ("Equipe Geodata", False)
    assert contact.email == ("geodata@jardin.example",)


def test_a_centre_beside_its_organisation_is_a_desk() -> None:
    named = dataset(replaced("Equipe Geodata", "Marine Forecasting Centre"))
    assert [(contact.name[0].value, contact.is_individual) for contact in named.contact] == [
        ("Marine Forecasting Centre", False)
    ]


def test_a_person_alone_is_marked_so_that_it_can_be_left_out() -> None:
    alone = dataset(lambda text: text.replace("geodata@jardin.example", ""))
    (contact,) = alone.contact
    assert contact.is_individual
    hidden = normalise(alone, Context()).entry
    assert "Dupont" not in str(hidden)
    assert "jdupont" not in str(hidden)


def test_keywords_themes_and_high_value_categories() -> None:
    found = dataset()
    themes = {str(theme.iri) for theme in found.theme}
    assert "http://inspire.ec.europa.eu/theme/ps" in themes
    assert "http://inspire.ec.europa.eu/metadata-codelist/TopicCategory/biota" in themes
    assert "https://www.eionet.europa.eu/gemet/concept/8655" in themes
    assert {text.value for text in found.keyword} == {"arbre", "boom", "arbre isolé"}
    assert [one.iri for one in found.hvd_category] == ["http://data.europa.eu/bna/c_ac64a52d"]
    assert [one.iri for one in found.applicable_legislation] == ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]


def test_a_licence_is_found_in_a_sentence_and_the_other_sentences_are_rights() -> None:
    file = dataset().distribution[0]
    assert file.license is not None
    assert "CC-BY 4.0" in file.license.titles[0].value
    assert [one.labels[0].value for one in file.rights] == ["Mentionner la source."]
    clean = normalise(dataset(), Context()).entry
    assert isinstance(clean, Dataset)
    assert clean.distribution[0].license is not None
    assert clean.distribution[0].license.iri == "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"


def test_a_code_in_the_place_of_a_sentence_is_no_right() -> None:
    coded = dataset(replaced("Mentionner la source.", "otherRestrictions"))
    assert coded.distribution[0].rights == ()


def test_access_is_what_an_address_of_inspire_says() -> None:
    access = dataset().access_rights
    assert access is not None
    assert str(access.iri).endswith("/PUBLIC")
    closed = dataset(replaced("LimitationsOnPublicAccess/noLimitations", "LimitationsOnPublicAccess/Article13_1a"))
    assert str(closed.access_rights).count("/RESTRICTED") == 1
    unsaid = dataset(replaced("/LimitationsOnPublicAccess/", "/elsewhere/"))
    assert unsaid.access_rights is None


def test_a_box_has_its_bounds_in_order_and_a_period_its_open_end() -> None:
    (place,) = dataset().spatial
    assert place.bbox == "POLYGON((4.24 50.91,4.48 50.91,4.48 50.76,4.24 50.76,4.24 50.91))"
    assert by_language(place.labels) == {"fr": "La région"}
    (period,) = dataset().temporal
    assert (period.start, period.end) == ("2018-01-01", None)
    mended = normalise(dataset(replaced(">4.24<", ">west<")), Context()).entry
    assert [(one.bbox, by_language(one.labels)) for one in mended.spatial] == [(None, {"fr": "La région"})]


def files(entry: Dataset) -> dict[str, Distribution]:
    return {str(file.access_url[0]).rpartition("/")[2].partition("?")[0]: file for file in entry.distribution}


BOX = re.compile(r"<gmd:EX_GeographicBoundingBox>.*?</gmd:EX_GeographicBoundingBox>", re.DOTALL)


def test_a_polygon_of_gml_gives_its_box() -> None:
    ring = "<gml:posList>50.8 4.3 50.9 4.3 50.9 4.4 50.8 4.3</gml:posList>"
    polygon = (
        '<gmd:EX_BoundingPolygon><gmd:polygon><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior>'
        f"<gml:LinearRing>{ring}</gml:LinearRing></gml:exterior></gml:Polygon></gmd:polygon></gmd:EX_BoundingPolygon>"
    )
    read_so = read("dataset", lambda text: BOX.sub(polygon, text))
    (place,) = normalise(read_so.entry, Context()).entry.spatial
    assert place.bbox == "POLYGON((4.3 50.9,4.4 50.9,4.4 50.8,4.3 50.8,4.3 50.9))"
    assert not any("polygon" in path for path in read_so.unread)


@pytest.mark.parametrize(
    "bounds",
    [("141000", "150000", "160000", "170000.5"), ("0", "0", "0", "0")],
)
def test_a_box_that_is_none_in_degrees_is_told(bounds: tuple[str, ...]) -> None:
    names = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
    said = "".join(
        f"<gmd:{name}><gco:Decimal>{bound}</gco:Decimal></gmd:{name}>"
        for name, bound in zip(names, bounds, strict=True)
    )
    box = f"<gmd:EX_GeographicBoundingBox>{said}</gmd:EX_GeographicBoundingBox>"
    found = normalise(dataset(lambda text: BOX.sub(box, text)), Context())
    assert [note.rule for note in found.notes if note.field.startswith("dct:spatial")] == ["geometry-invalid"]


def test_a_date_counts_also_where_it_is_said_to_be_indeterminate() -> None:
    before = dataset(replaced("<gml:beginPosition>", '<gml:beginPosition indeterminatePosition="before">'))
    assert [one.start for one in before.temporal] == ["2018-01-01"]
    unknown = dataset(replaced('indeterminatePosition="now"', 'indeterminatePosition="unknown"'))
    assert [one.end for one in unknown.temporal] == ["2026-01-01"]


@pytest.mark.parametrize(
    ("code", "access"), [("restricted", "RESTRICTED"), ("confidential", "NON_PUBLIC"), ("unrestricted", "PUBLIC")]
)
def test_access_is_what_a_code_says(code: str, access: str) -> None:
    def change(text: str) -> str:
        coded = text.replace('codeListValue="otherRestrictions"', f'codeListValue="{code}"')
        return coded.replace("LimitationsOnPublicAccess/noLimitations", "Other/terms")

    rights = dataset(change).access_rights
    assert rights is not None
    assert rights.iri == f"http://publications.europa.eu/resource/authority/access-right/{access}"


def test_a_licence_may_be_an_object_with_a_source() -> None:
    said = '{"id":"dl-by-de/2.0","name":"Datenlizenz 2.0","url":"https://www.govdata.de/dl-de/by-2-0","quelle":"Stadt"}'
    found = dataset(replaced("Mentionner la source.", escape(said)))
    without = found.distribution[0]
    assert "Stadt" in {text.value for one in without.rights for text in one.labels}
    assert "{" not in "".join(text.value for one in without.rights for text in one.labels)


def test_online_resources_are_files_services_and_pages() -> None:
    found = files(dataset())
    assert list(found) == ["download", "ows"]
    download, map = found["download"], found["ows"]
    assert download.download_url == ("https://jardin.example/download?set=trees",)
    assert download.byte_size == "1500000"
    assert download.format is not None
    assert download.format.labels == (Text("ESRI Shapefile"),)
    assert (map.download_url, map.byte_size) == ((), None)
    (service,) = map.access_service
    assert service.endpoint_url == ("https://jardin.example/ows?map=trees",)
    assert service.endpoint_description == map.access_url
    assert [page.iri for page in dataset().landing_page] == ["https://jardin.example/arbres"]
    assert [page.iri for page in dataset().page] == ["https://jardin.example/notice.pdf"]


def online(url: str, protocol: str = "", function: str = "", name: str = "") -> str:
    """An online resource, as it stands in a record."""
    said = f'<gmd:CI_OnLineFunctionCode codeListValue="{function}"/>' if function else ""
    return (
        f"<gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>{escape(url)}</gmd:URL></gmd:linkage>"
        f"<gmd:protocol><gco:CharacterString>{protocol}</gco:CharacterString></gmd:protocol>"
        f"<gmd:name><gco:CharacterString>{name}</gco:CharacterString></gmd:name>"
        f"<gmd:function>{said}</gmd:function></gmd:CI_OnlineResource></gmd:onLine>"
    )


def offering(*resources: str) -> Dataset:
    """The dataset with these online resources alone."""

    def change(text: str) -> str:
        start, end = text.index("<gmd:transferOptions>"), text.rindex("</gmd:transferOptions>")
        inner = (
            f"<gmd:transferOptions><gmd:MD_DigitalTransferOptions>{''.join(resources)}</gmd:MD_DigitalTransferOptions>"
        )
        return text[:start] + inner + text[end:]

    return dataset(change)


def test_several_addresses_of_one_service_are_one_access() -> None:
    base = "https://jardin.example/ows?SERVICE=WFS&"
    (file,) = offering(
        online("https://jardin.example/ows?", "OGC:WFS", name="trees"),
        online(base, "OGC:WFS", name="trees"),
        online(f"{base}request=GetCapabilities", "OGC:WFS-1.1.0-http-get-capabilities", name="trees"),
        online(f"{base}request=GetFeature&typename=trees", "OGC:WFS-1.1.0-http-get-feature", name="trees"),
    ).distribution
    (service,) = file.access_service
    assert service.endpoint_url == ("https://jardin.example/ows",)
    assert service.endpoint_description == file.access_url == (f"{base}request=GetCapabilities",)
    assert file.download_url == (f"{base}request=GetFeature&typename=trees",)


@pytest.mark.parametrize(
    ("resource", "is_file"),
    [
        (online("https://j.example/download?set=trees", "", "download"), True),
        (online("https://j.example/trees.zip", "WWW:LINK-1.0-http--link", "download"), True),
        (online("https://j.example/trees.html", "WWW:DOWNLOAD-1.0-http--download", "download"), True),
        (online("https://j.example/projects/trees", "WWW:LINK-1.0-http--link", "download"), False),
        (online("https://j.example/erddap/trees.html", "order", "download"), False),
    ],
)
def test_a_page_from_which_data_can_be_had_is_no_file(resource: str, is_file: bool) -> None:
    (file,) = offering(resource).distribution
    assert file.access_url
    assert file.download_url == (file.access_url if is_file else ())


def test_an_archive_has_the_format_that_is_named() -> None:
    for address in ("https://j.example/trees.zip", "https://j.example/trees.ZIP"):
        (file,) = offering(online(address, "WWW:DOWNLOAD-1.0-http--download", "download")).distribution
        assert file.format == Concept(labels=(Text("ESRI Shapefile"),))


def test_a_duration_says_how_often_where_the_code_does_not() -> None:
    code = '<gmd:MD_MaintenanceFrequencyCode codeList="#MD_MaintenanceFrequencyCode" codeListValue="annually"/>'
    own = (
        "</gmd:maintenanceAndUpdateFrequency><gmd:userDefinedMaintenanceFrequency><gco:Duration>P0Y6M0D</gco:Duration>"
        "</gmd:userDefinedMaintenanceFrequency>"
    )
    said = code.replace("annually", "unknown") + own
    found = dataset(replaced(f"{code}</gmd:maintenanceAndUpdateFrequency>", said))
    assert found.frequency == Concept(labels=(Text("P0Y6M0D"),))


@pytest.mark.parametrize(
    ("resource", "format"),
    [
        (online("https://j.example/wms/kml?layers=trees", "GLG:KML-2.0-http-get-map"), "KML"),
        (online("https://j.example/arcgis/rest/services/trees/MapServer"), "REST"),
        (online("https://j.example/wmts/1.0.0/WMTSCapabilities.xml"), "WMTS_SRVC"),
        (online("https://j.example/geoserver/wfs"), "WFS_SRVC"),
        (online("https://j.example/trees.gpkg", "WWW:LINK-1.0-http--link"), ""),
    ],
)
def test_what_an_online_resource_is_follows_from_its_protocol_and_its_address(resource: str, format: str) -> None:
    (file,) = offering(resource).distribution
    assert str(file.format.iri if file.format else "").rpartition("/")[2] == format


@pytest.mark.parametrize(
    "resource",
    [
        online("https://j.example/map#ADU=https://j.example/arcgis/rest/services/trees/MapServer", "WWW:LINK"),
        online("https://j.example/trees.pdf", "WWW:LINK", "information"),
        online("https://j.example/trees.png", "", "browseGraphic"),
        online("file://server/trees", "file"),
        online("http://[", "OGC:WMS"),
    ],
)
def test_pages_pictures_and_what_is_not_on_the_net_are_no_files(resource: str) -> None:
    assert offering(resource).distribution == ()


@pytest.mark.parametrize(
    "code", ["eng; USA", "eng", "en-GB", "http://publications.europa.eu/resource/authority/language/ENG"]
)
def test_a_language_is_known_however_it_is_written(code: str) -> None:
    found = dataset(lambda text: text.replace('codeListValue="fre"', f'codeListValue="{code}"'))
    assert found.description[0].lang == "en"
    assert found.language[0].labels == (Text("en"),)


def test_what_it_conforms_to_comes_from_and_how_fine_it_is() -> None:
    found = dataset()
    assert [one.iri for one in found.conforms_to] == [
        "http://data.europa.eu/eli/reg/2010/1089",
        "http://www.opengis.net/def/crs/EPSG/0/31370",
    ]
    assert found.provenance[0].labels == (Text("Relevé sur le terrain.", "fr"),)
    assert found.spatial_resolution == ("500",)
    assert found.version == Text("4.2")


def test_how_often_is_measured_stands_in_the_newer_encoding() -> None:
    length = "<gmd:temporalResolution><gco:TM_PeriodDuration>P1D</gco:TM_PeriodDuration></gmd:temporalResolution>"
    found = dataset(replaced("<gmd:topicCategory>", length + "<gmd:topicCategory>"))
    assert found.temporal_resolution == "P1D"


def test_what_nobody_read_is_counted_by_its_path() -> None:
    assert read("dataset").unread == {"identificationInfo/graphicOverview": 1}
    more = replaced("<gmd:topicCategory>", "<gmd:purpose><x>y</x></gmd:purpose><gmd:topicCategory>")
    assert read("dataset", more).unread["identificationInfo/purpose"] == 1


def test_a_record_names_its_series() -> None:
    assert read("dataset").linked == {"in_series": ("nature",)}
    address = "https://jardin.example/csw?REQUEST=GetRecordById&amp;ID=nature"
    anchor = f'<gmx:Anchor xlink:href="{address}">La nature</gmx:Anchor>'
    parent = replaced("<gco:CharacterString>nature</gco:CharacterString>", anchor)
    assert read("dataset", parent).linked == {"in_series": ("nature",)}


@pytest.mark.parametrize(
    "code", ["EPSG:31370", "urn:ogc:def:crs:EPSG::31370", "http://www.opengis.net/def/crs/EPSG/0/31370"]
)
def test_a_reference_system_is_known_however_it_is_written(code: str) -> None:
    found = dataset(replaced("Belge Lambert 72 (EPSG:31370)", code))
    assert found.conforms_to[1].iri == "http://www.opengis.net/def/crs/EPSG/0/31370"


# --- services, series, profiles ---------------------------------------------------------------------------------------


def test_a_service_answers_where_its_operations_connect_to() -> None:
    service = read("service").entry
    assert isinstance(service, DataService)
    assert service.endpoint_url == ("https://jardin.example/ows",)
    assert str(service.endpoint_description[0]).endswith("REQUEST=GetCapabilities&VERSION=1.3.0")
    assert [one.iri for one in service.conforms_to] == ["http://www.opengis.net/def/serviceType/ogc/wms"]
    assert by_language(service.title) == {"nl": "Kaartdienst van de Tuin"}


def test_a_service_names_its_datasets_by_reference_and_by_address() -> None:
    found = read("service")
    assert found.linked["serves_dataset"] == ("arbres-2026", "parcs-2026", "0f8ad59d-d3e5-4144-acd2-9153d0adce74")
    assert isinstance(found.entry, DataService)
    assert found.entry.serves_dataset == ("https://jardin.example/ns/parks",)


def test_a_series_of_the_newer_encoding() -> None:
    series = read("series").entry
    assert isinstance(series, DatasetSeries)
    assert by_language(series.title) == {"fr": "La nature en chiffres", "en": "Nature in figures"}
    assert series.publisher is not None
    assert by_language(series.publisher.name) == {"fr": "Jardin de la Région"}
    (contact,) = series.contact
    assert (contact.email, contact.is_individual) == (("info@jardin.example",), True)
    (file,) = series.distribution
    assert file.license is not None
    assert file.license.iri == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert series.page[0].iri == "https://catalogue.example/records/nature"


def test_a_profile_may_call_classes_otherwise() -> None:
    """As the Swiss (CHE) and the marine one (MCP) do."""

    def swiss(text: str) -> str:
        text = text.replace(
            "<gmd:MD_Metadata ", '<che:CHE_MD_Metadata xmlns:che="http://c.example" gco:isoType="gmd:MD_Metadata" '
        )
        text = text.replace("</gmd:MD_Metadata>", "</che:CHE_MD_Metadata>")
        text = text.replace(
            "<gmd:CI_ResponsibleParty>", '<che:CHE_CI_ResponsibleParty gco:isoType="gmd:CI_ResponsibleParty">'
        )
        text = text.replace("</gmd:CI_ResponsibleParty>", "</che:CHE_CI_ResponsibleParty>")
        return text.replace("gmd:individualName", "che:individualLastName")

    root = xml.opened(swiss((DATA / "dataset.xml").read_text("utf-8")).encode(), "an ISO record")
    assert iso.is_record(root)
    assert iso.normalised(root).entry == dataset()


def test_a_record_is_known_by_its_own_identifier_else_by_that_of_its_resource() -> None:
    root = xml.opened((DATA / "dataset.xml").read_bytes(), "an ISO record")
    assert (iso.identifier_of(root), iso.changed_of(root)) == ("arbres-2026", "2026-03-04T05:06:07")
    text = (DATA / "dataset.xml").read_text("utf-8").replace("arbres-2026", "")
    assert iso.identifier_of(xml.opened(text.encode(), "an ISO record")) == "BE.JARDIN/TREES"
    newer = xml.opened((DATA / "series.xml").read_bytes(), "an ISO record")
    assert (iso.identifier_of(newer), iso.changed_of(newer)) == ("nature", "2026-02-03T04:05:06Z")


def test_an_application_is_no_data() -> None:
    with pytest.raises(SkipRecord, match="application"):
        read("dataset", replaced('codeListValue="dataset"', 'codeListValue="application"'))


@pytest.mark.parametrize("body", [b"<a/>", b"<MD_Metadata/>", b"{}", b"", b"<a>", b"<!DOCTYPE html><html></html>"])
def test_what_is_no_record_is_refused_with_a_sentence(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\."):
        iso.normalised(xml.opened(body, "an ISO record"))


def test_a_record_that_would_fetch_or_multiply_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    fetching = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><MD_Metadata>&x;</MD_Metadata>'
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20}">' for n in range(1, 9))
    for text in (fetching, f'<!DOCTYPE a [<!ENTITY l0 "lol">{lol}]><MD_Metadata>&l8;</MD_Metadata>'):
        with pytest.raises(ValueError, match=r"\.") as refused:
            iso.normalised(xml.opened(text.encode(), "an ISO record"))
        assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("sign", ["R & D", "a < b", "<1 m", "x&nbsp;y", "été"])
def test_a_bare_sign_costs_no_more_than_itself(sign: str) -> None:
    """As catalogues write that paste texts into their records unescaped."""
    found = dataset(replaced("Relevé sur le terrain.", f"Relevé {sign} ici.")).provenance[0].labels[0].value
    assert found == f"Relevé {sign.replace('&nbsp;', chr(160))} ici."


# --- the oracle -------------------------------------------------------------------------------------------------------

CASES = (
    *("basic_dataset", "distributorinfo-multiple", "geo-bbox-precision", "hvd_dataset_multilingual"),
    *("hvd_dataset_non_multilingual", "identifiers-anchor", "multilingual-metadata"),
    *("multilingual-resource-description", "network-service", "transfersize-bytesize"),
)
MORE = frozenset({"keyword", "theme", "conforms_to", "qualified_attribution", "creator", "page", "temporal", "spatial"})
"""Fields that say at least what the reference says."""
ONLY_OURS = frozenset({"publisher", "contact", "issued", "type"})
"""Fields that the reference leaves empty, and that people look for."""
OTHERWISE = frozenset(
    {"identifier", "other_identifier", "access_rights", "license", "rights", "landing_page", "provenance"}
)
"""Fields that differ for a reason told in docs/reference/iso.md."""


def plain(value: Any) -> Any:
    """A node by what tells it from others, so that a label more is no difference."""
    if isinstance(value, Agent):
        return value.name
    return getattr(value, "iri", None) or getattr(value, "bbox", None) or value


def expected(case: Path) -> Entry:
    graph = rdf.parse((case / "expected_output.rdf").read_bytes(), "application/rdf+xml", "https://e.example/")
    subject, kind = next(iter(entries(graph).items()))
    return read_entry(rdf.subgraph(graph, subject, kind), "application/n-triples", "https://e.example/")[0]


@pytest.mark.parametrize("name", CASES)
def test_equal_to_the_reference_up_to_what_is_documented(name: str) -> None:
    """https://github.com/SEMICeu/iso-19139-to-dcat-ap, its own test cases."""
    case = samples("iso-to-dcat", "semic", "tests", "test-cases", name)
    (root,) = iso.records_in(xml.opened((case / "input.xml").read_bytes(), "an ISO record"))
    theirs = normalise(expected(case), Context()).entry
    ours = normalise(iso.normalised(root).entry, Context()).entry
    assert type(ours) is type(theirs)
    for field in ours.__struct_fields__:
        wanted, found = getattr(theirs, field), getattr(ours, field)
        if field in MORE:
            categories = {plain(one) for one in ours.hvd_category}  # which the reference may call themes
            assert {plain(one) for one in wanted} - categories <= {plain(one) for one in found}, field
        elif field in ONLY_OURS:
            assert not wanted or plain(wanted) == plain(found), field
        elif field == "distribution":
            assert {one.access_url: one.title for one in wanted} == {one.access_url: one.title for one in found}
        elif field not in OTHERWISE:
            assert found == wanted, field
