"""What reading evens out is told to whoever checks a feed for others, and to nobody else."""

import pytest

from dcat import rdf
from dcat.read import evened_out, read

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/> .
"""
FRENCH = "<http://publications.europa.eu/resource/authority/language/FRA>"


def told(said: str, more: str = "") -> list[tuple[str, str, str]]:
    """Rule, field and value of what is evened out in a dataset."""
    graph = rdf.parse(f"{PREFIXES} :d a dcat:Dataset ; {said} . {more}".encode(), "ttl")
    rules = {"value-misplaced", "datatype-other", "class-other"}
    assert not {one.rule for one in read(graph).findings} & rules
    return [(one.rule, one.field, one.value) for one in evened_out(graph)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("dct:issued '2026-11-22'", "2026-11-22"),
        ("dct:issued '2026-11-22'^^xsd:dateTime", "2026-11-22"),
        ("dct:issued 2026", "2026"),
        ("dct:modified '2026-11-22T10:00:00Z'^^xsd:string", "2026-11-22T10:00:00Z"),
        ("dcat:spatialResolutionInMeters 10", "10"),
        ("dcat:spatialResolutionInMeters '10.0'^^xsd:double", "10.0"),
        ("dcat:temporalResolution 'P1D'", "P1D"),
        ("dcat:distribution [ a dcat:Distribution ; dcat:byteSize 12 ]", "12"),
        ("dct:spatial [ a dct:Location ; dcat:bbox 'POLYGON((0 0,1 0,1 1,0 0))' ]", "POLYGON((0 0,1 0,1 1,0 0))"),
    ],
)
def test_another_data_type_is_told(said: str, value: str) -> None:
    ((rule, _, found),) = told(said)
    assert (rule, found) == ("datatype-other", value)


@pytest.mark.parametrize(
    "said",
    [
        "dct:issued '2026-11-22'^^xsd:date, '2026'^^xsd:gYear",
        "dct:issued 'no date'",  # which the rules say
        "dcat:spatialResolutionInMeters 10.0",
        "dcat:distribution [ a dcat:Distribution ; dcat:byteSize '12'^^xsd:nonNegativeInteger ]",
        f"dct:language {FRENCH}",
        "dct:publisher :undescribed ; dcat:landingPage :page",
        "dct:publisher [ a org:Organization ; foaf:name 'A' ]",
        "dcat:contactPoint [ a vcard:Organization ; vcard:fn 'A' ]",
        "dct:title 'A'@fr ; dcat:keyword 'a'@fr",
    ],
)
def test_what_is_as_it_should_be_is_not(said: str) -> None:
    assert told(said) == []


@pytest.mark.parametrize(
    ("said", "more", "field", "wanted"),
    [
        ("dcat:contactPoint :c", ":c a vcard:VCard ; vcard:fn 'A' .", "dcat:contactPoint", "vcard:Kind"),
        ("dcat:contactPoint :c", ":c vcard:fn 'A' .", "dcat:contactPoint", "vcard:Kind"),
        ("dct:publisher :c", ":c a skos:Concept ; foaf:name 'A' .", "dct:publisher", "foaf:Agent"),
        ("dct:language :c", ":c a skos:Concept ; skos:prefLabel 'A' .", "dct:language", "dct:LinguisticSystem"),
        ("dct:temporal [ dcat:startDate '2026'^^xsd:gYear ]", "", "dct:temporal", "dct:PeriodOfTime"),
    ],
)
def test_another_class_is_told(said: str, more: str, field: str, wanted: str) -> None:
    assert told(said, more) == [("class-other", field, wanted)]


def test_a_term_of_a_table_may_be_described_in_part() -> None:
    assert told(f"dct:language {FRENCH}", f"{FRENCH} a skos:Concept .") == []


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("dct:title :title", "dct:title", "https://example.org/title"),
        ("dct:publisher 'Agency'", "dct:publisher", "Agency"),
        ("dcat:landingPage 'https://example.org/'", "dcat:landingPage", "https://example.org/"),
        ("dcat:landingPage 'https://example.org/'^^xsd:anyURI", "dcat:landingPage", "https://example.org/"),
        ("dct:isReferencedBy 'https://example.org/'", "dct:isReferencedBy", "https://example.org/"),
    ],
)
def test_a_text_for_an_address_and_an_address_for_a_text_are_told(said: str, field: str, value: str) -> None:
    assert told(said) == [("value-misplaced", field, value)]


def test_an_address_that_is_none_is_one_fault() -> None:
    assert told("dcat:landingPage 'no address'^^xsd:anyURI") == []


def test_catalogues_and_records_are_looked_at_too() -> None:
    said = (
        ":cat a dcat:Catalog ; dct:issued '2026' . :r a dcat:CatalogRecord ; foaf:primaryTopic :d ; dct:issued 2026 ."
    )
    assert told("dct:title 'A'@fr", said) == [("datatype-other", "dct:issued", "2026")] * 2
