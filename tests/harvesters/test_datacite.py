"""DataCite in XML → DCAT."""

import pytest

from dcat.model import Dataset, Publication, Text
from harvesters import datacite, xml
from harvesters.base import Normalised, SkipRecord


def read(*elements: str, kernel: str = "4") -> Normalised:
    inner = "".join(elements) or "<titles><title>x</title></titles>"
    body = f'<resource xmlns="http://datacite.org/schema/kernel-{kernel}">{inner}</resource>'
    wrapped = f'<oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload>{body}</payload></oai_datacite>'
    return datacite.normalised(xml.opened(wrapped.encode(), "a record of DataCite"))


def dataset(*elements: str, kernel: str = "4") -> Dataset:
    entry = read("<titles><title>x</title></titles>", *elements, kernel=kernel).entry
    assert isinstance(entry, Dataset)
    return entry


def test_one_title_a_language_the_main_one_first() -> None:
    entry = read(
        '<language>fr</language><titles><title titleType="AlternativeTitle">Autre</title><title>Planches</title>',
        '<title xml:lang="en" titleType="TranslatedTitle">Sheets</title></titles>',
    ).entry
    assert set(entry.title) == {Text("Planches", "fr"), Text("Sheets", "en")}


def test_a_doi_is_its_address_and_its_landing_page() -> None:
    found = dataset('<identifier identifierType="DOI">10.5555/ABC</identifier>')
    assert found.iri == "https://doi.org/10.5555/ABC"
    assert [page.iri for page in found.landing_page] == ["https://doi.org/10.5555/ABC"]
    assert found.identifier == (Text("10.5555/ABC"),)


def test_dates_by_their_type() -> None:
    found = dataset(
        '<publicationYear>2019</publicationYear><dates><date dateType="Updated">2026-02-01</date>',
        '<date dateType="Collected">1990-01-01/1999-12-31</date></dates>',
    )
    assert (found.issued, found.modified) == ("2019", "2026-02-01")
    assert [(one.start, one.end) for one in found.temporal] == [("1990-01-01", "1999-12-31")]


@pytest.mark.parametrize(
    "box",
    [
        (
            "<westBoundLongitude>4</westBoundLongitude><eastBoundLongitude>5</eastBoundLongitude>"
            "<southBoundLatitude>50</southBoundLatitude><northBoundLatitude>51</northBoundLatitude>"
        ),
        "50 4 51 5",
    ],
)
def test_a_box_of_each_kernel(box: str) -> None:
    place = f"<geoLocationPlace>Bruxelles</geoLocationPlace><geoLocationBox>{box}</geoLocationBox>"
    (found,) = dataset(f"<geoLocations><geoLocation>{place}</geoLocation></geoLocations>").spatial
    assert found.bbox == "POLYGON((4 51,5 51,5 50,4 50,4 51))"
    assert found.labels == (Text("Bruxelles"),)


@pytest.mark.parametrize(
    ("shape", "bbox"),
    [
        (
            "<geoLocationPoint><pointLongitude>4.35</pointLongitude><pointLatitude>50.85</pointLatitude></geoLocationPoint>",
            "POINT(4.35 50.85)",
        ),
        ("<geoLocationPoint>50.85 4.35</geoLocationPoint>", "POINT(4.35 50.85)"),
        (
            "<geoLocationPolygon>"
            + "".join(
                f"<polygonPoint><pointLatitude>{north}</pointLatitude><pointLongitude>{east}</pointLongitude></polygonPoint>"
                for north, east in ((50, 4), (50, 5), (51, 5), (50, 4))
            )
            + "</geoLocationPolygon>",
            "POLYGON((4 50,5 50,5 51,4 50))",
        ),
    ],
)
def test_a_place_may_be_a_point_or_a_polygon(shape: str, bbox: str) -> None:
    (found,) = dataset(f"<geoLocations><geoLocation>{shape}</geoLocation></geoLocations>").spatial
    assert found.bbox == bbox


def test_a_subtitle_is_no_title_and_the_abstract_comes_first() -> None:
    entry = read(
        '<titles><title xml:lang="en">Trees</title><title titleType="Subtitle">Of a city</title></titles>',
        '<descriptions><description descriptionType="Methods">Counted.</description>',
        '<description descriptionType="Abstract">All trees.<br/>Each year.</description></descriptions>',
    ).entry
    assert entry.title == (Text("Trees", "en"),)
    assert entry.description == (Text("All trees.\nEach year.\n\nCounted."),)


def test_a_licence_among_rights() -> None:
    found = dataset(
        '<rightsList><rights rightsURI="info:eu-repo/semantics/openAccess">Open access</rights>',
        '<rights rightsURI="https://creativecommons.org/licenses/by/4.0/">CC BY</rights></rightsList>',
    )
    assert found.license is not None
    assert found.license.iri == "https://creativecommons.org/licenses/by/4.0/"
    assert found.access_rights is not None
    assert found.access_rights.labels == (Text("Open access"),)
    assert found.rights == ()


def test_creators_are_persons_or_bodies() -> None:
    found = dataset(
        "<creators><creator><creatorName>Dupont, Jeanne</creatorName></creator>",
        '<creator><creatorName nameType="Organizational">Jardin, Région</creatorName></creator></creators>',
    )
    assert [agent.is_individual for agent in found.creator] == [True, False]


def test_a_text_is_a_publication_that_names_the_data_it_cites() -> None:
    related = "".join(
        f'<relatedIdentifier relatedIdentifierType="DOI" relationType="{type}">10.5281/{type}</relatedIdentifier>'
        for type in ("Cites", "IsPartOf")
    )
    found = read(
        "<titles><title>x</title></titles>",
        '<resourceType resourceTypeGeneral="JournalArticle">Article</resourceType>',
        f"<relatedIdentifiers>{related}</relatedIdentifiers>",
    ).entry
    assert isinstance(found, Publication)
    assert found.uses == ("https://doi.org/10.5281/Cites",)
    assert found.relation == ("https://doi.org/10.5281/IsPartOf",)


def test_what_is_no_data_is_left_aside_and_what_is_no_record_refused() -> None:
    with pytest.raises(SkipRecord, match="Software"):
        read("<titles><title>x</title></titles>", '<resourceType resourceTypeGeneral="Software">x</resourceType>')
    with pytest.raises(ValueError, match="Expected a record of DataCite, found <oai_datacite>"):
        read("<other/>")
