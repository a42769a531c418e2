"""References without scheme: addresses where they are honest, else words, and never the server of the feed."""

import json
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dcat.model import Dataset
from dcat.namespaces import PREFIXES, expand
from dcat.normalise import Context, Normalised, normalise
from dcat.rdf import Graph, Literal, parse
from dcat.read import read
from dcat.write import write

FEED = "http://feed.example.org/export/feed"
BESIDE = "http://feed.example.org/export/"
SUBJECT = "https://stad.example.be/set/1"
ANY_URI = expand("xsd:anyURI")
CODES = ["", "tel", "CC BY", "<DIV>Etalab</DIV>", "stad.be", "a:b"]
OUTSIDE = (
    "dct:accrualPeriodicity",
    "dct:language",
    "dcat:landingPage",
    "foaf:page",
    "dct:accessRights",
    "dct:conformsTo",
    "dct:isReferencedBy",
    "dct:publisher",
    "dct:spatial",
    "dcat:contactPoint",
    "dct:license",
    "dct:type",
    "dct:relation",
)
"""Properties that lead outside of a feed."""


def rdf_xml(values: dict[str, str], about: str = SUBJECT, base: str = "") -> bytes:
    """A dataset in RDF/XML with references that stand in it as they are given."""
    names = " ".join(f'xmlns:{prefix}="{iri}"' for prefix, iri in PREFIXES.items())
    inner = "".join(f"<{property} rdf:resource={quoteattr(value)}/>" for property, value in values.items())
    own = f" xml:base={quoteattr(base)}" if base else ""
    dataset = f'<dcat:Dataset rdf:about="{about}"><dct:title>Bomen</dct:title>{inner}</dcat:Dataset>'
    return f"<rdf:RDF {names}{own}>{dataset}</rdf:RDF>".encode()


def jsonld(values: dict[str, str], base: str = "") -> bytes:
    """The same in JSON-LD, whose context says that the values are references."""
    context: dict[str, Any] = PREFIXES | {property: {"@type": "@id"} for property in values}
    document = {"@context": context | ({"@base": base} if base else {}), "@id": SUBJECT, "@type": "dcat:Dataset"}
    return json.dumps(document | {"dct:title": "Bomen"} | values).encode()


def normalised(data: bytes) -> Normalised:
    (dataset,) = read(parse(data, base=FEED)).datasets
    return normalise(dataset, Context(today="2026-11-22", language="nl"))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https%3A%2F%2Fx.be%2Fset%2F1%3Fa%3Db%23c", "https://x.be/set/1?a=b#c"),
        ("http%3a%2f%2fx.be%2fa%20b", "http://x.be/a%20b"),
        ("https%3A%2F%2Fx.be%2Fa%2520b", "https://x.be/a%20b"),
        ("https%3A%2F%2Fx.be%2F%E9t%C3%A9%5B1%5D", "https://x.be/%E9t%C3%A9%5B1%5D"),
        ("https://x.be/?to=https%3A%2F%2Fy.be%2F", "https://x.be/?to=https%3A%2F%2Fy.be%2F"),
    ],
)
def test_an_address_that_was_encoded_whole_is_the_address(given: str, meant: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> . " for name in ("dcat", "dct"))
    turtle = f"{prefixes} <{given}> a dcat:Dataset ; dcat:landingPage <{given}> ."
    for data in (turtle.encode(), rdf_xml({"dcat:landingPage": given}, about=given)):
        (dataset,) = read(parse(data, base=FEED)).datasets
        assert dataset.iri == meant
        assert [page.iri for page in dataset.landing_page] == [meant]


def said(graph: Graph, property: str) -> list[Any]:
    return graph.objects(SUBJECT, expand(property))


# --- what is resolved -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("bomen.csv", "http://feed.example.org/export/bomen.csv"),
        ("../files/bomen.geojson?v=2", "http://feed.example.org/files/bomen.geojson?v=2"),
        ("/datasets/12", "http://feed.example.org/datasets/12"),
        ("./12", "http://feed.example.org/export/12"),
        ("//files.example.org/12", "http://files.example.org/12"),
        ("www.stad.example.be/bomen", "https://www.stad.example.be/bomen"),
    ],
)
def test_what_looks_like_a_file_or_a_host_is_an_address(reference: str, address: str) -> None:
    for data in (rdf_xml({"foaf:page": reference}), jsonld({"foaf:page": reference})):
        assert said(parse(data, base=FEED), "foaf:page") == [address]


@pytest.mark.parametrize(
    "reference",
    [
        "Binnenkort",
        "op aanvraag",
        "n/a",
        "10.5281/zenodo.77",
        "{doi}",
        "#",
        "?id=1",
        "info@stad.be",
        "stad.be/bomen",
        "",
    ],
)
def test_what_does_not_is_no_address_of_the_feed(reference: str) -> None:
    for base in ("", "https://stad.example.be/catalogus/"):
        for data in (rdf_xml({"foaf:page": reference}, base=base), jsonld({"foaf:page": reference}, base=base)):
            kept = [] if reference in {"", "#"} else [Literal(reference, "", ANY_URI)]
            assert said(parse(data, base=FEED), "foaf:page") == kept


def test_a_declared_base_resolves_paths_without_an_ending() -> None:
    base = "https://stad.example.be/catalogus/"
    for data in (rdf_xml({"foaf:page": "blad/bomen"}, base=base), jsonld({"foaf:page": "blad/bomen"}, base=base)):
        assert said(parse(data, base=FEED), "foaf:page") == ["https://stad.example.be/catalogus/blad/bomen"]
        assert said(parse(data), "foaf:page") == ["https://stad.example.be/catalogus/blad/bomen"]
    assert said(parse(rdf_xml({"foaf:page": "blad/bomen"}), base=FEED), "foaf:page") == [
        Literal("blad/bomen", "", ANY_URI)
    ]


def test_a_base_of_turtle_counts_and_lines_stay_where_they_are() -> None:
    start = "# lijst\n@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@base <https://stad.example.be/c/> .\n"
    graph = parse(f"{start}<d/1> a dcat:Dataset ; dcat:landingPage <p/bomen> , <Soon> .".encode(), base=FEED)
    assert graph.objects("https://stad.example.be/c/d/1", expand("dcat:landingPage")) == [
        "https://stad.example.be/c/p/bomen",
        Literal("Soon", "", ANY_URI),
    ]
    sparql = "BASE <https://stad.example.be/c/>\nPREFIX dcat: <http://www.w3.org/ns/dcat#>\n<d/1> a dcat:Dataset ."
    assert list(parse(sparql.encode(), base=FEED).nodes) == ["https://stad.example.be/c/d/1"]
    with pytest.raises(ValueError, match="Line 4"):
        parse(f"{start}<d/1> a dcat:Dataset dcat:landingPage .".encode())


def test_a_base_that_changes_is_left_to_the_parser() -> None:
    turtle = b"@base <http://a.example/> .\n<x> <http://p> <y/z> .\n@base <http://b.example/> .\n<x> <http://p> <y/z> ."
    assert set(parse(turtle).triples()) == {
        ("http://a.example/x", "http://p", "http://a.example/y/z"),
        ("http://b.example/x", "http://p", "http://b.example/y/z"),
    }


def test_subjects_and_what_the_feed_describes_or_lists_are_resolved() -> None:
    turtle = """
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix : <#> .
        <> a dcat:Catalog ; dcat:dataset :d1 , <elders> ; dct:license <> .
        :d1 a dcat:Dataset ; dct:publisher :stad ; dct:license <licentie> , <tekst> ; dct:relation <> ; dct:type <#d1> .
        :stad a foaf:Organization ; foaf:name "Stad" .
        <licentie> a dct:LicenseDocument ; dct:title "Eigen voorwaarden" .
    """
    graph = parse(turtle.encode(), base=FEED)
    assert graph.objects(FEED, expand("dcat:dataset")) == [f"{FEED}#d1", f"{BESIDE}elders"]
    assert graph.objects(FEED, expand("dct:license")) == []
    one = graph.nodes[f"{FEED}#d1"]
    assert one[expand("dct:publisher")] == [f"{FEED}#stad"]
    assert one[expand("dct:license")] == [f"{BESIDE}licentie", Literal("tekst", "", ANY_URI)]
    assert expand("dct:relation") not in one
    assert one[expand("dct:type")] == [Literal("#d1", "", ANY_URI)]


def test_without_any_address_nothing_can_be_resolved() -> None:
    graph = parse(rdf_xml({"foaf:page": "bomen.csv", "dct:publisher": "#stad"}))
    assert said(graph, "foaf:page") == [Literal("bomen.csv", "", ANY_URI)]
    assert said(graph, "dct:publisher") == [Literal("#stad", "", ANY_URI)]


# --- what becomes of the words ----------------------------------------------------------------------------------------


def test_words_in_the_place_of_an_iri_are_read_as_words() -> None:
    words = {
        "dct:accrualPeriodicity": "monthly",
        "dct:language": "nl",
        "dct:publisher": "Stad Voorbeeld",
        "dcat:contactPoint": "Dienst Leefmilieu van de stad",
        "dct:spatial": "Wijk Noord",
    }
    for data in (rdf_xml(words), jsonld(words, base="https://stad.example.be/")):
        found = normalised(data)
        entry = found.entry
        assert isinstance(entry, Dataset)
        assert entry.frequency
        assert str(entry.frequency.iri).endswith("/MONTHLY")
        assert [str(one.iri)[-4:] for one in entry.language] == ["/NLD"]
        assert entry.publisher
        assert entry.publisher.name[0].value == "Stad Voorbeeld"
        assert entry.contact[0].name[0].value == "Dienst Leefmilieu van de stad"
        assert entry.spatial[0].labels[0].value == "Wijk Noord"
        assert not [one for one in found.findings if one.rule == "iri-invalid"]


def test_figures_in_the_place_of_an_iri_are_a_box_a_period_or_a_number_of_a_system() -> None:
    said = {"dct:spatial": "4.25,50.76,4.48,50.91", "dct:temporal": "2020/2021", "dct:conformsTo": "EPSG:31370"}
    for base in ("", "https://stad.example.be/c/"):
        found = normalised(rdf_xml(said, base=base))
        entry = found.entry
        assert isinstance(entry, Dataset)
        assert "4.25 50.76" in (entry.spatial[0].bbox or "")
        assert (entry.temporal[0].start, entry.temporal[0].end) == ("2020", "2021")
        assert [one.iri for one in entry.conforms_to] == ["http://www.opengis.net/def/crs/EPSG/0/31370"]


def test_what_is_neither_is_left_out_and_told() -> None:
    found = normalised(rdf_xml({"foaf:page": "Binnenkort", "dct:isReferencedBy": "{doi}", "dcat:landingPage": ""}))
    assert {(one.rule, one.value) for one in found.findings} >= {
        ("iri-invalid", "Binnenkort"),
        ("iri-invalid", "{doi}"),
    }
    entry = found.entry
    assert isinstance(entry, Dataset)
    assert (entry.page, entry.is_referenced_by, entry.landing_page) == ((), (), ())


sentences = st.text(st.characters(exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=0, max_size=40).filter(
    lambda text: not text.lstrip().startswith(("/", "."))
)
"""What people write into a field: no path that begins like one."""


@given(
    st.sampled_from(OUTSIDE), sentences | st.sampled_from(["", "tel", "CC BY", "<DIV>Etalab</DIV>", "stad.be", "a:b"])
)
@example("dct:license", '<DIV STYLE="text-align:Left;">Etalab</DIV>')
@example("dcat:landingPage", "stad.be")
def test_no_words_become_an_address_of_the_server_of_the_feed(property: str, words: str) -> None:
    for data in (rdf_xml({property: words}), jsonld({property: words})):
        (dataset,) = read(parse(data, base=FEED)).datasets
        entry = normalise(dataset, Context(today="2026-11-22", language="nl")).entry
        made = [object for _, _, object in write(entry) if isinstance(object, str) and object.startswith(BESIDE)]
        assert not [one for one in made if not one.rpartition("/")[2].count(".")], made


@given(st.sampled_from(OUTSIDE), sentences.filter(lambda text: text.strip() not in {"", "#"} and ":" not in text))
def test_the_raw_reference_is_kept_whatever_it_is(property: str, words: str) -> None:
    graph = parse(jsonld({property: words}), base="")
    values = [value.value if isinstance(value, Literal) else value for value in said(graph, property)]
    assert values in ([words], [f"https://{words}"])
