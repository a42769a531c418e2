"""Dublin Core in XML → DCAT, as OAI-PMH and CSW bring it."""

import pytest

from dcat.model import Dataset, Publication, Text
from dcat.normalise import Context, normalise
from harvesters import dublin_core, xml
from harvesters.base import Normalised, SkipRecord

HEAD = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dct="http://purl.org/dc/terms/" xmlns:ows="http://www.opengis.net/ows">'
)


def read(*elements: str) -> Normalised:
    body = f"{HEAD}{''.join(elements)}</oai_dc:dc>"
    return dublin_core.normalised(xml.opened(body.encode(), "a record of Dublin Core"))


def dataset(*elements: str) -> Dataset:
    entry = read(*elements).entry
    assert isinstance(entry, Dataset)
    return entry


def test_titles_words_and_paragraphs() -> None:
    found = dataset(
        '<dc:title xml:lang="FR">Arbres</dc:title><dc:title xml:lang="nl">Bomen</dc:title>',
        "<dc:description>Un.</dc:description><dc:description>Deux.</dc:description>",
        "<dc:subject>arbre</dc:subject><dc:subject>rue</dc:subject><dc:language>fre</dc:language>",
    )
    assert found.title == (Text("Arbres", "fr"), Text("Bomen", "nl"))
    assert found.description == (Text("Un.\n\nDeux."),)
    assert [text.value for text in found.keyword] == ["arbre", "rue"]
    assert found.language[0].labels == (Text("fre"),)


def test_of_several_titles_without_language_the_first_is_the_title() -> None:
    assert dataset("<dc:title>Arbres</dc:title><dc:title>Autre titre</dc:title>").title == (Text("Arbres"),)


@pytest.mark.parametrize(
    "written", ["doi:10.1234/abc", "https://doi.org/10.1234/abc", "10.1234/abc", "http://dx.doi.org/10.1234/abc"]
)
def test_a_doi_is_the_address_of_a_dataset(written: str) -> None:
    found = dataset(f"<dc:identifier>{written}</dc:identifier><dc:title>x</dc:title>")
    assert found.iri == "https://doi.org/10.1234/abc"
    assert found.identifier == (Text(written),)


def test_dates_places_and_files() -> None:
    found = dataset(
        "<dc:title>x</dc:title><dc:date>2021-02-03</dc:date><dc:date>2020-01-01</dc:date>",
        "<dct:modified>2024-05-06</dct:modified><dc:coverage>Bruxelles</dc:coverage><dc:coverage>1990-2000</dc:coverage>",
        '<ows:BoundingBox crs="urn:x-ogc:def:crs:EPSG:6.11:4326"><ows:LowerCorner>50 4</ows:LowerCorner>',
        "<ows:UpperCorner>51 5</ows:UpperCorner></ows:BoundingBox>",
        "<dct:references>https://jardin.example/trees.csv</dct:references>",
        "<dc:rights>Licence CC BY 4.0</dc:rights><dc:rights>Mentionner la source.</dc:rights>",
    )
    assert (found.issued, found.modified) == ("2020-01-01", "2024-05-06")
    assert [(one.start, one.end) for one in found.temporal] == [("1990-2000", "1990-2000")]
    assert [place.labels for place in found.spatial if place.labels] == [(Text("Bruxelles"),)]
    assert [place.bbox for place in found.spatial if place.bbox] == ["POLYGON((4 51,5 51,5 50,4 50,4 51))"]
    (file,) = found.distribution
    assert file.download_url == ("https://jardin.example/trees.csv",)
    assert file.license is not None
    assert file.license.titles == (Text("Licence CC BY 4.0"),)
    assert [one.labels[0].value for one in file.rights] == ["Mentionner la source."]


def test_a_person_is_told_from_an_organisation() -> None:
    found = dataset("<dc:title>x</dc:title><dc:creator>Dupont, Jeanne M.</dc:creator><dc:creator>Jardin</dc:creator>")
    assert [agent.is_individual for agent in found.creator] == [True, False]


@pytest.mark.parametrize("type", ["info:eu-repo/semantics/article", "Text", "Doctoral Thesis", "report"])
def test_a_text_is_a_publication_that_names_the_data_it_uses(type: str) -> None:
    found = read(
        f"<dc:title>x</dc:title><dc:type>{type}</dc:type><dc:relation>https://doi.org/10.5281/zenodo.1</dc:relation>"
        "<dc:relation>https://example.org/other</dc:relation><dc:creator>Dupont, Jeanne M.</dc:creator>"
    ).entry
    assert isinstance(found, Publication)
    assert found.uses == ("https://doi.org/10.5281/zenodo.1",)
    assert found.relation == ("https://example.org/other",)
    assert [agent.is_individual for agent in found.creator] == [True]


@pytest.mark.parametrize("code", ["c_ddb1", "NHD0-W6SY/"])
def test_data_and_texts_may_be_named_by_the_codes_of_coar(code: str) -> None:
    coar = "http://purl.org/coar/resource_type"
    assert dataset(f"<dc:title>x</dc:title><dc:type>{coar}/{code}</dc:type>").title
    assert isinstance(read(f"<dc:title>x</dc:title><dc:type>{coar}/c_6501</dc:type>").entry, Publication)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("info:eu-repo/semantics/embargoedAccess", "RESTRICTED"),
        ("http://purl.org/coar/access_right/c_abf2", "PUBLIC"),
        ("Closed Access", "NON_PUBLIC"),
    ],
)
def test_who_may_have_access_stands_among_the_rights(said: str, code: str) -> None:
    found = dataset(f"<dc:title>x</dc:title><dc:rights>{said}</dc:rights><dc:rights>Cite us.</dc:rights>")
    assert [one.labels[0].value for one in found.rights] == ["Cite us."]
    rights = normalise(found, Context()).entry.access_rights
    assert rights is not None
    assert rights.iri == f"http://publications.europa.eu/resource/authority/access-right/{code}"


def test_a_coverage_may_be_a_time_or_a_place() -> None:
    found = dataset(
        "<dc:title>x</dc:title><dc:coverage>start=1990; end=2000</dc:coverage>",
        "<dc:coverage>northlimit=50.92; southlimit=50.76; westlimit=4.24; eastlimit=4.48</dc:coverage>",
        "<dc:coverage>1000 Brussel</dc:coverage><dc:coverage>2019</dc:coverage>",
    )
    entry = normalise(found, Context()).entry
    assert [(one.start, one.end) for one in entry.temporal] == [("1990", "2000"), ("2019", "2019")]
    assert [place.bbox is not None for place in entry.spatial] == [True]


def test_what_is_neither_data_nor_text_is_left_aside() -> None:
    assert dataset("<dc:title>x</dc:title><dc:type>Dataset</dc:type><dc:type>Text</dc:type>").title
    with pytest.raises(SkipRecord, match="Software"):
        read("<dc:title>x</dc:title><dc:type>Software</dc:type>")


def test_what_is_not_read_is_counted_and_what_is_no_record_refused() -> None:
    assert read("<dc:title>x</dc:title><dc:other>y</dc:other>").unread == {"other": 1}
    with pytest.raises(ValueError, match="Expected a record of Dublin Core, found <dc>"):
        read("<title>x</title>")
