"""Model → RDF: every node typed, every value what it is, and nothing able to break out of its place."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic
from strategies import entries

from dcat import rdf, vocab
from dcat.datatypes import date_form
from dcat.model import (
    Agent,
    Checksum,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Document,
    Entry,
    Iri,
    LegalResource,
    LicenseDocument,
    Location,
    Node,
    Period,
    Relationship,
    RightsStatement,
    Text,
)
from dcat.namespaces import compact, expand
from dcat.rdf import Literal
from dcat.rdf.public import to_graph
from dcat.read import read_entry
from dcat.write import awaits_service, classes, own_and_shared, parts, write

# rdflib's own JSON-LD parser uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
OXIGRAPH = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
}
D = "http://example.org/d"


def said(node: Node) -> set[tuple[str, str, str]]:
    """The triples in short: compact names, literals as `value^^datatype` or `value@lang`."""
    return {(short(s), short(p), short(o)) for s, p, o in write(node)}


def short(term: rdf.Term) -> str:
    if isinstance(term, str):
        return compact(term)
    return term.value + (f"@{term.lang}" if term.lang else f"^^{compact(term.datatype)}" if term.datatype else "")


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("2023", "xsd:gYear"),
        ("2023-05", "xsd:gYearMonth"),
        ("2023-05-31", "xsd:date"),
        ("2024-02-29Z", "xsd:date"),
        ("2023-05-31T10:00:00", "xsd:dateTime"),
        ("2023-05-31T10:00:00.1234567890Z", "xsd:dateTime"),
        ("2023-05-31T23:59:59+14:00", "xsd:dateTime"),
        ("2023-05-31T10:00", ""),
        ("2023-05-31T24:00:00", ""),
        ("2023-05-31T10:00:60", ""),
        ("2023-05-31T10:00:00+99:99", ""),
        ("2023-05-31 10:00:00", ""),
        ("2023-02-30", ""),
        ("2023-13", ""),
        ("0000-00-00", ""),
        ("-0044-03-15", ""),
        ("99999-01-01", ""),
        ("01/05/2023", ""),
        ("٢٠٢٣", ""),
        ("2023\n", ""),
        ("", ""),
        ("1" * 50_000, ""),
    ],
)
def test_dates_are_typed_by_their_form(value: str, form: str) -> None:
    assert date_form(value) == form
    assert (D, "dct:issued", f"{value}^^{form}" if form else value) in said(Dataset(iri=D, issued=value))


@pytest.mark.parametrize(
    ("field", "value", "written"),
    [
        ("byte_size", "12", "12^^xsd:nonNegativeInteger"),
        ("byte_size", "-1", "-1"),
        ("byte_size", "1.5 MB", "1.5 MB"),
        ("byte_size", "1" * 5000, "1" * 5000),
        ("spatial_resolution", "10.50", "10.50^^xsd:decimal"),
        ("spatial_resolution", "1e5", "1e5"),
        ("temporal_resolution", "P1Y2M3DT4H5M6.7S", "P1Y2M3DT4H5M6.7S^^xsd:duration"),
        ("temporal_resolution", "P", "P"),
        ("temporal_resolution", "P1DT", "P1DT"),
    ],
)
def test_numbers_and_durations_are_typed_when_they_are_some(field: str, value: str, written: str) -> None:
    triples = said(Distribution(iri=D, **{field: value}))
    assert [o for _, p, o in triples if p != "rdf:type"] == [written]


def test_checksums_and_geometries_are_typed_when_they_are_some() -> None:
    values = {o for *_, o in said(Checksum(iri=D, algorithm="http://e/sha", value="0aFF"))}
    assert values == {"spdx:Checksum", "http://e/sha", "spdx:ChecksumAlgorithm", "0aFF^^xsd:hexBinary"}
    place = Location(iri=D, bbox="POLYGON((0 0,1 0,1 1,0 0))", centroid="<http://crs> POINT (1 2)", geometry='{"a":1}')
    assert {o.partition("^^")[2] for *_, o in said(place)} == {"", "geo:wktLiteral", "geo:geoJSONLiteral"}
    assert "x^^" not in str(said(Location(iri=D, bbox="x")))


def test_what_is_no_iri_is_written_as_text() -> None:
    triples = said(
        Distribution(iri=D, access_url=("www.example.org", "http://example.org/a b", "mailto:a@example.org"))
    )
    assert {o for _, p, o in triples if p == "dcat:accessURL"} == {
        "www.example.org^^xsd:anyURI",
        "http://example.org/a b^^xsd:anyURI",
        "mailto:a@example.org",
    }


def test_a_language_that_is_none_is_left_out() -> None:
    assert (D, "dct:title", "x") in said(Dataset(iri=D, title=(Text("x", "français"),)))
    assert (D, "dct:title", "x@fr-t-nl") in said(Dataset(iri=D, title=(Text("x", "fr-T-nl"),)))


# --- nodes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "range", "types"),
    [
        (Concept(iri="http://t", labels=(Text("t"),)), "dct:Frequency", ("skos:Concept", "dct:Frequency")),
        (Concept(iri="http://t"), "dct:MediaType", ("dct:MediaType",)),
        (Concept(iri="http://t"), "", ("skos:Concept",)),
        (RightsStatement(iri="http://t"), "", ("dct:RightsStatement",)),
        (RightsStatement(iri="http://t", pref_labels=(Text("t"),)), "", ("skos:Concept", "dct:RightsStatement")),
        (LicenseDocument(iri="http://t", pref_labels=(Text("t"),)), "", ("skos:Concept", "dct:LicenseDocument")),
        (Contact(is_individual=True), "", ("vcard:Kind", "vcard:Individual")),
        (Dataset(), "", ("dcat:Dataset",)),
    ],
)
def test_nodes_are_typed_for_the_official_shapes(node: Node, range: str, types: tuple[str, ...]) -> None:
    assert classes(node, range) == types


def test_addresses_of_high_value_data_are_called_resources() -> None:
    law = LegalResource(iri=vocab.HVD_REGULATION)
    entry = Dataset(iri=D, applicable_legislation=(law,), distribution=(Distribution(access_url=("http://a/",)),))
    assert ("http://a/", "rdf:type", "rdfs:Resource") in said(entry)
    assert not {o for *_, o in said(msgspec.structs.replace(entry, applicable_legislation=()))} & {"rdfs:Resource"}


def test_a_term_brings_its_scheme_with_a_title() -> None:
    triples = said(Dataset(iri=D, frequency=vocab.FREQUENCIES.concept(vocab.FREQUENCIES.by_code["DAILY"])))
    daily = "http://publications.europa.eu/resource/authority/frequency/DAILY"
    scheme = "http://publications.europa.eu/resource/authority/frequency"
    assert {
        (D, "dct:accrualPeriodicity", daily),
        (daily, "rdf:type", "skos:Concept"),
        (daily, "rdf:type", "dct:Frequency"),
        (daily, "skos:inScheme", scheme),
        (daily, "skos:prefLabel", "daily@en"),
        (scheme, "rdf:type", "skos:ConceptScheme"),
    } <= triples
    assert any(s == scheme and p == "dct:title" for s, p, _ in triples)


def test_blank_nodes_of_two_entries_have_different_names() -> None:
    one, two = (write(Dataset(iri=f"{D}/{n}", publisher=Agent(name=(Text("P"),)))) for n in (1, 2))
    assert {s for s, *_ in one if rdf.is_blank(s)}.isdisjoint({s for s, *_ in two if rdf.is_blank(s)})
    assert one == write(Dataset(iri=f"{D}/1", publisher=Agent(name=(Text("P"),))))


def test_what_others_use_too_is_written_apart() -> None:
    entry = Dataset(
        iri=D,
        publisher=Agent(iri="http://example.org/agent", name=(Text("P"),), homepage=Document(iri="http://p/")),
        contact=(Contact(iri=f"{D}#contact", name=(Text("Desk"),)), Contact(name=(Text("no name"),))),
        temporal=(Period(iri="http://example.org/2020", start="2020"),),
        qualified_relation=(Relationship(iri="http://example.org/relation", role=(Concept(iri="http://role"),)),),
        distribution=(
            Distribution(
                iri="http://example.org/file",
                access_service=(DataService(iri="http://example.org/s", spatial=(Location(labels=(Text("L"),)),)),),
            ),
        ),
    )
    own, shared = (
        {short(s) for s, *_ in rdf.parse(part.encode(), "nt").triples() if not rdf.is_blank(s)}
        for part in own_and_shared(entry)
    )
    assert own == {
        D,
        f"{D}#contact",
        "http://example.org/2020",
        "http://example.org/relation",
        "http://example.org/file",
    }
    assert shared == {"http://example.org/agent", "http://p/", "http://role", "http://example.org/s"}
    blanks = [s for s in rdf.parse(own_and_shared(entry)[1].encode(), "nt").nodes if rdf.is_blank(s)]
    assert len(blanks) == 1


def test_what_only_the_catalogue_can_know_is_written_apart() -> None:
    law = LegalResource(iri=vocab.HVD_REGULATION)
    entry = Dataset(
        iri=D,
        in_series=(Iri("http://example.org/series"), Iri("no iri")),
        applicable_legislation=(law,),
        distribution=(Distribution(iri=f"{D}#1", title=(Text("1", "fr"),)), Distribution(iri="http://example.org/2")),
    )
    said = parts(entry, f"{D}#")
    assert said.references == ((D, "in_series", "http://example.org/series"),)
    assert [line.split(" ")[0] for line in said.pending.splitlines()] == [f"<{D}>"]
    assert "applicableLegislation" not in said.own
    assert "no iri" in said.own
    assert said.named == ()
    assert parts(entry).named == (f"{D}#1",)
    assert "".join(said.whole) == "".join(own_and_shared(entry))


@pytest.mark.parametrize("has_service", [True, False])
def test_only_a_dataset_without_service_waits_for_one(*, has_service: bool) -> None:
    service = DataService(iri="http://example.org/s") if has_service else None
    file = Distribution(iri=f"{D}#1", access_service=(service,) if service else ())
    entry = Dataset(iri=D, applicable_legislation=(LegalResource(iri=vocab.HVD_REGULATION),), distribution=(file,))
    assert awaits_service(entry) is not has_service
    assert bool(parts(entry).pending) is not has_service
    assert not awaits_service(Dataset(iri=D, distribution=(file,)))


# --- documents --------------------------------------------------------------------------------------------------------


ENTRY = Dataset(
    iri=D,
    title=(Text("Zonder taal"), Text("Été", "fr"), Text("L'été", "fr"), Text("Zomer", "nl")),
    identifier=(Text("7"),),
    issued="2023-05-01",
    publisher=Agent(name=(Text('A "quoted"\r\nname\t\\'),)),
    landing_page=(Document(iri="http://example.org/page?a=1&b=<2>".replace("<2>", "2")),),
    relation=("geo:50.84,4.36", "http://example.org/a b"),
)


@pytest.mark.parametrize(("format", "start"), [("ttl", b"@prefix"), ("rdf", b"<?xml"), ("jsonld", b"{"), ("nt", b"<")])
def test_documents_begin_as_harvesters_expect(format: str, start: bytes) -> None:
    assert rdf.serialise(write(ENTRY), format).startswith(start)
    assert rdf.serialise([], format).startswith(start if format != "nt" else b"")


@pytest.mark.parametrize("format", RDFLIB)
def test_both_libraries_read_the_same_triples(format: str) -> None:
    data = rdf.serialise(write(ENTRY), format)
    expected = to_graph(write(ENTRY))
    assert isomorphic(rdflib.Graph().parse(data=data, format=RDFLIB[format]), expected)
    nt = pyoxigraph.serialize((quad.triple for quad in pyoxigraph.parse(data, OXIGRAPH[format])), format=OXIGRAPH["nt"])
    assert isomorphic(rdflib.Graph().parse(data=nt or b"", format="nt"), expected)
    assert len(expected) == len(write(ENTRY))


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(entry=entries, format=st.sampled_from(list(RDFLIB)))
def test_both_libraries_read_any_entry(entry: Entry, format: str) -> None:
    triples = write(entry)
    data = rdf.serialise(triples, format)
    strictly = list(pyoxigraph.parse(data, OXIGRAPH[format]))
    assert len({str(quad) for quad in strictly}) == len(triples)
    assert len(rdflib.Graph().parse(data=data, format=RDFLIB[format])) == len(triples)


def test_json_carries_its_context_and_groups_texts_by_language() -> None:
    document = json.loads(rdf.serialise(write(ENTRY), "jsonld"))
    context, (dataset, *_) = document["@context"], document["@graph"]
    assert context["dct"] == "http://purl.org/dc/terms/"
    assert context["dct:title"] == {"@container": "@language"}
    assert dataset["dct:title"] == {"@none": "Zonder taal", "fr": ["Été", "L'été"], "nl": "Zomer"}
    assert dataset["dct:identifier"] == [{"@value": "7"}]
    assert dataset["dct:issued"] == [{"@type": "http://www.w3.org/2001/XMLSchema#date", "@value": "2023-05-01"}]
    assert dataset["@type"] == ["dcat:Dataset"]
    assert dataset["dcat:landingPage"] == ["http://example.org/page?a=1&b=2"]


def test_an_iri_that_looks_like_a_compact_name_stays_what_it_is() -> None:
    triples: list[rdf.Triple] = [
        ("geo:1,2", expand("dct:relation"), "dct:title"),
        ("http://s", "dct:p", "geo:1,2"),
        ("http://s", expand("rdf:type"), "dcat:Dataset"),
        ("http://s", expand("dct:title"), Literal("x", "", "xsd:thing")),
    ]
    data = rdf.serialise(triples, "jsonld", rdf_prefixes())
    assert {str(quad) for quad in pyoxigraph.parse(data, OXIGRAPH["jsonld"])} == {
        str(quad) for quad in pyoxigraph.parse(rdf.ntriples(triples), OXIGRAPH["nt"])
    }
    assert set(rdflib.Graph().parse(data=data, format="json-ld")) == set(to_graph(triples))


def rdf_prefixes() -> dict[str, str]:
    return {"dct": "http://purl.org/dc/terms/", "geo": "http://www.opengis.net/ont/geosparql#", "dcat": "http://dcat#",
            "xsd": "http://www.w3.org/2001/XMLSchema#"}  # fmt: skip


INJECTIONS = [
    "http://e/a> . <http://evil/s> <http://evil/p> <http://evil/o",
    'x" . <http://evil/s> <http://evil/p> "o',
    'x"@en . <http://evil/s> <http://evil/p> <http://evil/o> . #',
    "x\\",
    'x\\" .',
    "x\n<http://evil/s> <http://evil/p> <http://evil/o> .",
    "</rdf:Description><rdf:Description rdf:about='http://evil/s'/>",
    "]]>&amp;&lt;",
    '"}, {"@id": "http://evil/s", "http://evil/p": "o',
    "@prefix x: <http://evil/> .",
    "\u2028<http://evil/s> <http://evil/p> <http://evil/o> .",
    "javascript:alert(1)//\n",
    "x\x00\x0b\ufffe\ud800y",
    "\u202e",
]


@pytest.mark.parametrize("format", RDFLIB)
@pytest.mark.parametrize("text", INJECTIONS)
def test_no_value_breaks_out_of_its_place(text: str, format: str) -> None:
    entry = Dataset(
        iri=D,
        title=(Text(text, "en"), Text("x", text)),
        issued=text,
        publisher=Agent(iri=text),
        theme=(Concept(iri=text, labels=(Text(text),)),),
        relation=(text,),
        distribution=(Distribution(byte_size=text, access_url=(text,)),),
    )
    data = rdf.serialise(write(entry), format)
    graph = rdflib.Graph().parse(data=data, format=RDFLIB[format])
    assert len(graph) == len(write(entry)) == 13
    assert not [s for s in graph.subjects() if "evil" in str(s) or "javascript" in str(s)]
    assert len(list(pyoxigraph.parse(data, OXIGRAPH[format]))) == 13
    assert read_entry(data, format)[0].issued == rdf.clean_text(text)


def test_what_no_format_can_hold_is_taken_out_of_short_and_long_texts() -> None:
    controls = set(range(0x20)) - set(b"\t\n\r")
    for code in (*controls, *range(0xD800, 0xE000), 0xFFFE, 0xFFFF):
        for around in ("é", "long " * 500):
            assert rdf.clean_text(f"{around}{chr(code)}{around}") == around * 2, hex(code)


@pytest.mark.parametrize(
    "triple",
    [
        ("http://e/a b", "http://p", "http://o"),
        ("http://s", "http://e/p> <x", "http://o"),
        ("http://s", "http://p", "relative"),
        ("_:a b", "http://p", "http://o"),
        ("http://s", "http://p", Literal("x", "en> .")),
        ("http://s", "http://p", Literal("x", "", "http://e/d> . <http://evil/s> <http://evil/p> <http://evil/o")),
    ],
)
@pytest.mark.parametrize("format", RDFLIB)
def test_a_term_that_is_none_is_never_written(triple: rdf.Triple, format: str) -> None:
    with pytest.raises(ValueError, match=r"is no IRI|is no language tag"):
        rdf.serialise([triple], format)


def test_a_property_without_a_name_for_xml_is_refused_in_xml_only() -> None:
    triple = ("http://s", "http://example.org/1/", Literal("<oxprefix: x"))
    with pytest.raises(ValueError, match="cannot be written as RDF/XML"):
        rdf.serialise([triple], "rdf")
    for format in ("ttl", "jsonld", "nt"):
        assert len(rdf.parse(rdf.serialise([triple], format), format)) == 1


def test_lines_survive_whatever_python_takes_for_the_end_of_a_line() -> None:
    text = "a\x85b\u2028c\u2029d\re\nf\x0bg\x0ch\x1ci"
    (line,) = rdf.ntriples([("http://s", "http://p", Literal(text))]).splitlines()
    (literal,) = rdf.parse(line.encode(), "nt").objects("http://s", "http://p")
    assert literal == Literal("a\x85b\u2028c\u2029d\re\nfghi")


# --- streams ----------------------------------------------------------------------------------------------------------


def pieces(number: int) -> Iterator[str]:
    for n in range(number):
        entry = Dataset(
            iri=f"http://example.org/{n}",
            title=(Text(f"title {n}\r\n" * 20, "en"),),
            description=(Text("x" * 2000, "fr"),),
            theme=(vocab.THEMES.concept(vocab.THEMES.terms[n % 13]),),
        )
        yield "".join(own_and_shared(entry))


@pytest.mark.parametrize("format", RDFLIB)
def test_a_stream_is_one_document_with_exactly_the_triples_of_its_pieces(format: str) -> None:
    parts = list(rdf.stream(pieces(1000), format))
    assert len(parts) > 3
    expected = {str(quad) for quad in pyoxigraph.parse("".join(pieces(1000)), OXIGRAPH["nt"])}
    assert {str(quad) for quad in pyoxigraph.parse(b"".join(parts), OXIGRAPH[format])} == expected


def test_after_a_piece_more_or_less_most_parts_are_what_they_were() -> None:
    every = [*pieces(1000)]
    before = {*rdf.parts(every)}
    assert "".join(rdf.parts(every)) == "".join(every)
    assert len(before) > 12
    for others in (every[:300] + every[301:], [*every[:3], *pieces(1), *every[3:]]):
        assert 1 <= len([part for part in rdf.parts(others) if part not in before]) <= 3


@pytest.mark.parametrize("format", RDFLIB)
def test_an_empty_stream_is_a_document(format: str) -> None:
    for nothing in ([], [""], ["", ""]):
        data = b"".join(rdf.stream(nothing, format))
        assert not list(pyoxigraph.parse(data, OXIGRAPH[format]))


@pytest.mark.parametrize("format", ["trig", "nq", "csv", ""])
def test_a_format_that_is_not_written_is_refused(format: str) -> None:
    with pytest.raises(ValueError, match="is not written"):
        rdf.stream([], format)


@pytest.mark.parametrize("format", ["ttl", "rdf", "jsonld"])
def test_a_piece_that_is_no_ntriples_is_an_error(format: str) -> None:
    with pytest.raises(SyntaxError):
        list(rdf.stream(["<http://e/a b> <http://p> <http://o> .\n"], format))


MEASURED = """
import resource, sys
sys.path.insert(0, sys.argv[2])
from dcat import rdf
line = '<http://example.org/%d> <http://purl.org/dc/terms/title> "' + 'x' * 500 + '"@en .\\n'
pieces = lambda number: (''.join(line % (n * 50 + m) for m in range(50)) for n in range(number))
def peak(number):
    for part in rdf.stream(pieces(number), sys.argv[1]): pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
few = peak(100)
print(peak(1500) - few)
"""


@pytest.mark.parametrize("format", ["ttl", "rdf", "jsonld"])
def test_a_long_stream_needs_no_more_memory_than_a_short_one(format: str) -> None:
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", MEASURED, format, root], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20, "megabytes more for 40 MB of triples"


# --- the public graph -------------------------------------------------------------------------------------------------


def test_the_public_graph_can_be_queried_with_our_prefixes() -> None:
    graph = to_graph(write(ENTRY))
    rows = graph.query("SELECT ?title { ?d a dcat:Dataset ; dct:title ?title FILTER(lang(?title) = 'nl') }")
    assert [str(row[0]) for row in rows] == ["Zomer"]  # type: ignore[index]
