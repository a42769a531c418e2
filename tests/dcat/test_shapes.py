"""Shapes of others over a graph: completed with what our tables know, told in plain words."""

import builtins
import sys
from typing import Any

import pytest
import rdflib
from samples import shared
from shapes import FILES

from dcat import rdf, shapes
from dcat.shapes import Group, ShapesError, groups, parse_shapes, violated

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/> . @prefix : <https://example.org/shapes#> .
"""
SHAPES = """
:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
    [ sh:path dct:title ; sh:minCount 1 ; sh:uniqueLang true ],
    [ sh:path dct:issued ; sh:datatype xsd:date ; sh:maxCount 1 ],
    [ sh:path dct:language ; sh:class dct:LinguisticSystem ],
    [ sh:path dct:publisher ; sh:class foaf:Agent ; sh:severity sh:Warning ; sh:message "Name who publishes." ],
    [ sh:path ( dct:publisher foaf:name ) ; sh:minCount 1 ; sh:severity sh:Info ],
    [ sh:path [ sh:inversePath dcat:dataset ] ; sh:nodeKind sh:IRI ] .
"""


def found(data: str, wanted: str = SHAPES, **options: Any) -> tuple[Group, ...]:
    graph = rdf.parse((PREFIXES + data).encode(), "ttl")
    return groups([graph], parse_shapes([((PREFIXES + wanted).encode(), "ttl")]), **options)


def said(data: str, wanted: str = SHAPES, **options: Any) -> list[str]:
    return [one.message for one in found(data, wanted, **options)]


def official(name: str, **options: Any) -> tuple[Group, ...]:
    """What the official shapes find in an example."""
    graph = rdf.parse(shared("dcat-ap", "examples", name).read_bytes(), "ttl")
    files = [(shared("dcat-ap", "shapes", file).read_bytes(), "ttl") for file in FILES]
    return groups([graph], parse_shapes(files), **options)


def test_faults_alike_are_one_group_in_plain_words() -> None:
    bad = "".join(f"ex:d{n} a dcat:Dataset ; dct:issued 'day {n}' ; dct:publisher ex:p ." for n in range(5))
    issued, title, name = found(bad + "ex:p a foaf:Person .")
    assert (issued.severity, issued.target, issued.path, issued.times) == ("Violation", "dcat:Dataset", "dct:issued", 5)
    assert issued.message == "Publication date is not of the data type xsd:date."
    assert issued.nodes == ("https://example.org/d0", "https://example.org/d1", "https://example.org/d2")
    assert issued.values == ("day 0", "day 1", "day 2")
    assert (title.message, title.times) == ("Title is missing (at least 1).", 5)
    assert (name.severity, name.path, name.times) == ("Info", "dct:publisher/foaf:name", 5)


def test_the_worst_come_first_and_only_violations_count() -> None:
    all = found("ex:d a dcat:Dataset ; dct:publisher ex:p .")
    assert [one.severity for one in all] == ["Violation", "Warning", "Info"]
    assert violated(all) == 1
    assert violated(()) == 0


def test_a_shape_may_have_words_of_its_own() -> None:
    (warning,) = [one for one in found("ex:d a dcat:Dataset ; dct:publisher ex:p .") if one.severity == "Warning"]
    assert warning.message.endswith("Name who publishes.")


@pytest.mark.parametrize(
    ("property", "message"),
    [
        ("sh:maxCount 1", "Title has more than 1 value(s)."),
        ("sh:nodeKind sh:IRI", "Title is not an address (IRI)."),
        ("sh:pattern '^x'", "Title does not have the form ^x."),
        ("sh:minLength 9", "Title is shorter than 9 character(s)."),
        ("sh:hasValue 'x'", "Title lacks the value x."),
        ("sh:in ( 'x' )", "Title is not one of the values that are allowed."),
        ("sh:uniqueLang true", "Title has two texts in one language."),
        ("sh:node [ sh:nodeKind sh:IRI ]", "Title does not satisfy another shape."),
        ("sh:or ( [ sh:nodeKind sh:IRI ] )", "Title satisfies none of the alternatives."),
        ("sh:lessThan dct:issued", "Title does not fulfil LessThan."),
    ],
)
def test_every_kind_of_fault_has_a_sentence(property: str, message: str) -> None:
    wanted = f":S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; {property} ] ."
    assert message in said("ex:d a dcat:Dataset ; dct:title 'a'@fr, 'b'@fr ; dct:issued 5 .", wanted)


# --- what a graph need not say itself ---------------------------------------------------------------------------------

FRENCH = "<http://publications.europa.eu/resource/authority/language/FRA>"


def test_a_term_of_a_table_need_not_be_described() -> None:
    data = f"ex:d a dcat:Dataset ; dct:title 'T'@fr ; dct:language {FRENCH}, ex:dialect . ex:c dcat:dataset ex:d ."
    (wrong,) = [one for one in found(data) if one.path == "dct:language"]
    assert wrong.values == ("https://example.org/dialect",)
    (two,) = [one for one in found(data, is_complete=True) if one.path == "dct:language"]
    assert two.times == 2


def test_a_kind_of_agent_is_an_agent() -> None:
    data = "ex:d a dcat:Dataset ; dct:title 'T'@fr ; dct:publisher [ a org:Organization ; foaf:name 'A' ] ."
    assert said(data) == []
    assert len(said(data, is_complete=True)) == 1


def test_what_only_the_tables_say_is_no_fault_of_the_feed() -> None:
    wanted = ":C a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property [ sh:path dct:title ; sh:minCount 1 ] ."
    assert said(f"ex:d dct:language {FRENCH} .", wanted) == []
    assert len(said("ex:mine a skos:Concept .", wanted)) == 1


def test_nodes_without_iri_of_several_pages_stay_apart() -> None:
    pages = [rdf.parse((PREFIXES + f"_:d a dcat:Dataset ; dct:title '{n}'@fr .").encode(), "ttl") for n in range(2)]
    wanted = ":S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:maxCount 1 ] ."
    assert groups(pages, parse_shapes([((PREFIXES + wanted).encode(), "ttl")])) == ()


def test_shapes_for_high_value_data_are_about_those_only() -> None:
    law = "<http://data.europa.eu/eli/reg_impl/2023/138/oj>"
    wanted = """<https://example.org/3.0.0-hvd#Data> a sh:NodeShape ; sh:targetClass dcat:Dataset, dcat:Distribution ;
        sh:property [ sh:path dct:title ; sh:minCount 1 ] ."""
    data = f"""ex:plain a dcat:Dataset . ex:high a dcat:Dataset ; dcatap:applicableLegislation {law} ;
        dcat:distribution ex:file . ex:file a dcat:Distribution . ex:other a dcat:Distribution ."""
    (group,) = found(data, wanted)
    assert group.nodes == ("https://example.org/file", "https://example.org/high")


# --- shapes that cannot be used ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "ex:d a dcat:Dataset .",
        ":S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:minCount 'x' ] .",
        ":S a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property [ sh:path dct:title ; sh:pattern 5 ] .",
    ],
)
def test_shapes_that_cannot_be_used_are_one_sentence(wanted: str) -> None:
    with pytest.raises(ShapesError) as raised:
        found("ex:d a dcat:Dataset ; dct:title 'T' .", wanted)
    assert "hapes" in str(raised.value)
    assert rdflib.NORMALIZE_LITERALS is False


def test_imports_are_not_fetched_and_missing_property_shapes_are_passed_over() -> None:
    wanted = SHAPES + "<https://example.org/shapes> owl:imports <http://127.0.0.1:1/> . :Dataset sh:property :nowhere ."
    assert said("ex:d a dcat:Dataset .", wanted) == said("ex:d a dcat:Dataset .") != []


def test_without_pyshacl_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyshacl", None)
    with pytest.raises(ShapesError, match="pip install pyshacl"):
        found("ex:d a dcat:Dataset .")


def test_everything_else_works_without_pyshacl(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        assert not name.startswith("pyshacl")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert parse_shapes([((PREFIXES + SHAPES).encode(), "ttl")])
    assert list(shapes.known(rdf.parse((PREFIXES + f"ex:d dct:language {FRENCH} .").encode(), "ttl")))


# --- the official files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["golden.ttl", "golden_inline.ttl"])
def test_the_official_shapes_find_nothing_in_the_golden_feeds(name: str) -> None:
    assert [one for one in official(name) if one.severity == "Violation"] == []


def test_the_official_shapes_find_every_defect_of_the_broken_feed() -> None:
    paths = {(one.target, one.path) for one in official("broken.ttl") if one.severity == "Violation"}
    assert {path for _, path in paths} == {
        "dcat:accessURL",
        "dcat:byteSize",
        "dcat:contactPoint",
        "dcat:endpointURL",
        "dcat:mediaType",
        "dcat:spatialResolutionInMeters",
        "dcat:temporalResolution",
        "dcatap:hvdCategory",
        "dct:accrualPeriodicity",
        "dct:format",
        "dct:issued",
        "dct:modified",
        "dct:title",
        "foaf:name",
    }
