"""Slips of namespace and spelling: what is plainly meant is read and told, the rest is named with what it may mean."""

import pytest

from dcat.model import Contact, Dataset, Distribution, Location, Node, Period, properties, structs
from dcat.namespaces import PREFIXES, expand
from dcat.near_names import hint, in_its_namespace, listed, meant
from dcat.rdf import parse, subgraph
from dcat.read import read, read_entry

START = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items()) + (
    "@prefix dc: <http://purl.org/dc/elements/1.1/> . @prefix s: <https://www.w3.org/ns/dcat#> .\n"
)


@pytest.mark.parametrize(
    ("struct", "written", "property"),
    [
        (Distribution, "http://www.w3.org/ns/dcat#license", "dct:license"),
        (Distribution, "http://www.w3.org/ns/dcat#accessUrl", "dcat:accessURL"),
        (Distribution, "http://purl.org/dc/terms/access_url", "dcat:accessURL"),
        (Dataset, "http://purl.org/dc/terms/theme", "dcat:theme"),
        (Dataset, "http://purl.org/dc/terms/keywords", "dcat:keyword"),
        (Dataset, "http://purl.org/dc/elements/1.1/language", "dct:language"),
        (Dataset, "http://purl.org/dc/elements/1.1/identifier", "dct:identifier"),
        (Dataset, "http://purl.org/dc/terms/frequency", "dct:accrualPeriodicity"),
        (Dataset, "https://purl.org/dc/terms#title", "dct:title"),
        (Contact, "http://www.w3.org/2006/vcard/ns#hasUrl", "vcard:hasURL"),
        (Contact, "http://www.w3.org/2006/vcard/ns#hasOrganizationName", "vcard:organization-name"),
        (Period, "http://purl.org/dc/terms/start", "dcat:startDate"),
        (Dataset, "http://example.org/ns#license", ""),
        (Dataset, "http://purl.org/dc/terms/subject", ""),
        (Dataset, "http://www.w3.org/2000/01/rdf-schema#title", ""),
    ],
)
def test_what_is_meant_by_another_name(struct: type[Node], written: str, property: str) -> None:
    assert meant(struct, written) == property


def test_no_name_of_the_profile_is_a_slip_of_another() -> None:
    for struct in structs():
        for field in properties(struct):
            assert meant(struct, expand(field.property.curie)) == ""


def test_slips_are_read_and_told() -> None:
    turtle = f"""{START}
        <https://a.be/d> a dcat:Dataset ; dct:title "Bomen"@nl ; dc:language "nl" ; s:keyword "groen" ;
            dcat:publisher <https://a.be/o> ; dct:distribution <https://a.be/f> ; dct:updated "2026" ;
            dct:spatial [ geo:asWKT "POINT(4 50)" ] ; dct:kleur "rood" .
        <https://a.be/o> a foaf:Agent ; foaf:age "7" ; foaf:Name "Stad" .
        <https://a.be/f> a dcat:Distribution ; dcat:AccessURL <https://a.be/f.csv> ; dcat:license <https://a.be/l> .
    """
    graph = parse(turtle.encode())
    entry, found, unread = read_entry(subgraph(graph, "https://a.be/d"))
    assert isinstance(entry, Dataset)
    assert entry.language[0].labels[0].value == "nl"
    assert entry.keyword[0].value == "groen"
    assert entry.modified == "2026"
    assert entry.publisher
    assert entry.publisher.name[0].value == "Stad"
    assert entry.spatial == (Location(geometry=entry.spatial[0].geometry),)
    (file,) = entry.distribution
    assert file.license
    assert (file.access_url, file.license.iri) == (("https://a.be/f.csv",), "https://a.be/l")
    assert {(one.field, one.value) for one in found if one.rule == "property-renamed"} == {
        ("dc:language", "dct:language"),
        ("dct:updated", "dct:modified"),
        ("dcat:publisher", "dct:publisher"),
        ("dct:distribution", "dcat:distribution"),
        ("foaf:Name", "foaf:name"),
        ("dcat:AccessURL", "dcat:accessURL"),
        ("dcat:license", "dct:license"),
    }
    assert unread == {"dct:kleur": 1, "foaf:age": 1}
    assert [(one.rule, one.value) for one in graph.findings] == [
        ("namespace-other", "https://www.w3.org/ns/dcat# (http://www.w3.org/ns/dcat#)")
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://www.w3.org/ns/dcat#Dataset", "http://www.w3.org/ns/dcat#Dataset"),
        ("http://w3.org/ns/dcat/theme", "http://www.w3.org/ns/dcat#theme"),
        ("http://purl.org/dc/termsaccrualPeriodicity", "http://purl.org/dc/terms/accrualPeriodicity"),
        ("http://www.w3.org/ns/dcatDatum", "http://www.w3.org/ns/dcatDatum"),
        ("https://purl.org/dc/terms#title", "http://purl.org/dc/terms/title"),
        ("http://www.schema.org/name", "http://schema.org/name"),
        ("https://schema.org/name", "https://schema.org/name"),
        ("http://www.w3.org/ns/dcat-us#theme", "http://www.w3.org/ns/dcat-us#theme"),
        ("http://a.example/terms/title", "http://a.example/terms/title"),
    ],
)
def test_a_name_is_put_into_its_namespace(written: str, meant: str) -> None:
    assert in_its_namespace(written) == meant


def test_the_profile_s_own_name_goes_before_a_slip() -> None:
    turtle = f'{START}<https://a.be/d> a dcat:Dataset ; dct:modified "2026" ; dcat:modified "1999" ; dct:title "B" .'
    (dataset,) = read(parse(turtle.encode())).datasets
    assert dataset.modified == "2026"


def test_one_line_names_what_nobody_read() -> None:
    unread = {"dct:modifed": 1, "dcat:licence": 3, "http://example.org/x": 1}
    assert hint("dcat:licence") == "dct:license"
    assert (hint("vcard:hasTelephon"), hint("schema:box"), hint("dct:box")) == ("vcard:hasTelephone", "", "dcat:bbox")
    assert listed(unread) == "dcat:licence ×3 (dct:license?), dct:modifed ×1 (dct:modified?), http://example.org/x ×1"
    assert "(do you mean dct:license?)" in listed(unread, "do you mean {}?")
    many = listed({f"x:{number:02}": 1 for number in range(40)})
    assert many.endswith("x:19 ×1, …")
