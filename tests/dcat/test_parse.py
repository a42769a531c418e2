"""Documents nobody has checked: what is read, what is refused with a sentence, and what a bad term costs."""

import contextlib
import json
import socket
import threading
import time
from typing import Any

import pytest
from patience import ENOUGH

from dcat import rdf
from dcat.rdf import Format, Literal, ParseError, parse, parsing, sniff
from dcat.rdf.public import to_graph
from dcat.read import read

DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
ANY_URI = "http://www.w3.org/2001/XMLSchema#anyURI"
PREFIXES = f"@prefix dcat: <{DCAT}> .\n@prefix dct: <{DCT}> .\n"
RDF_XML = (
    f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="{DCAT}" xmlns:dct="{DCT}">'
    "%s</rdf:RDF>"
)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection or asks for an address fails the test."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        pytest.fail("the network was touched")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)


def rules(graph: rdf.Graph) -> list[str]:
    return [found.rule for found in graph.findings]


# --- recognising a document -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "declared", "format"),
    [
        (b"<?xml version='1.0'?><rdf:RDF>", "text/turtle", Format.RDF_XML),
        (b"\xef\xbb\xbf  <rdf:RDF xmlns:rdf='x'>", "", Format.RDF_XML),
        (b"<dcat:Catalog xmlns:rdf='x'>", "text/plain", Format.RDF_XML),
        (b"<!DOCTYPE rdf:RDF [<!ENTITY x 'y'>]>", "", Format.RDF_XML),
        (b"<!-- made by hand -->", "", Format.RDF_XML),
        ("<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"), "", Format.RDF_XML),
        (b' {"@context": {}}', "text/turtle", Format.JSON_LD),
        (b'[{"@id": "x"}]', "", Format.JSON_LD),
        (b"[]", "application/json", Format.JSON_LD),
        (b"@prefix a: <b> .", "application/rdf+xml", Format.TURTLE),
        (b"# a comment\n\nPREFIX a: <b>", "application/json", Format.TURTLE),
        (b"@prefix a: <b> .", "application/trig; charset=utf-8", Format.TRIG),
        (b"@base <http://example.org/> .", "", Format.TURTLE),
        (b"[ a <http://www.w3.org/ns/dcat#Dataset> ] .", "", Format.TURTLE),
        (b"[] a <http://www.w3.org/ns/dcat#Dataset> .", "", Format.TURTLE),
        (b"<http://a> <http://b> <http://c> .", "application/n-triples", Format.N_TRIPLES),
        (b"<http://a> <http://b> <http://c> .", ".nt", Format.N_TRIPLES),
        (b"<http://a> <http://b> <http://c> <http://g> .", "application/n-quads", Format.N_QUADS),
        (b"<http://a> <http://b> <http://c> .", "text/html", Format.TURTLE),
        (b"", "", Format.TURTLE),
    ],
)
def test_first_bytes_tell_the_format_then_the_declaration(start: bytes, declared: str, format: Format) -> None:
    assert sniff(start, declared) is format


SAME = {
    "ttl": PREFIXES
    + '<http://example.org/d> a dcat:Dataset ; dct:title "Été"@fr, "Zomer"@nl ; dct:relation <http://b> .',
    "nt": f"<http://example.org/d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DCAT}Dataset> .\n"
    f'<http://example.org/d> <{DCT}title> "\\u00C9t\\u00E9"@fr .\n<http://example.org/d> <{DCT}title> "Zomer"@nl .\n'
    f"<http://example.org/d> <{DCT}relation> <http://b> .\n",
    "rdf": RDF_XML % '<dcat:Dataset rdf:about="http://example.org/d"><dct:title xml:lang="fr">Été</dct:title>'
    '<dct:title xml:lang="nl">Zomer</dct:title><dct:relation rdf:resource="http://b"/></dcat:Dataset>',
    "jsonld": '{"@context": {"dct": "' + DCT + '", "@vocab": "' + DCAT + '"}, "@id": "http://example.org/d", '
    '"@type": "Dataset", "dct:title": [{"@value": "Été", "@language": "fr"}, {"@value": "Zomer", "@language": "nl"}], '
    '"dct:relation": {"@id": "http://b"}}',
    "trig": PREFIXES + '<http://g> { <http://example.org/d> a dcat:Dataset ; dct:title "Été"@fr, "Zomer"@nl ; '
    "dct:relation <http://b> }",
}


@pytest.mark.parametrize("format", SAME)
def test_every_format_gives_the_same_triples(format: str) -> None:
    graph = parse(SAME[format].encode(), format)
    assert set(graph.triples()) == {
        ("http://example.org/d", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{DCAT}Dataset"),
        ("http://example.org/d", f"{DCT}title", Literal("Été", "fr")),
        ("http://example.org/d", f"{DCT}title", Literal("Zomer", "nl")),
        ("http://example.org/d", f"{DCT}relation", "http://b"),
    }
    assert not graph.findings


def test_named_graphs_are_kept_apart_when_asked_for() -> None:
    data = b'<http://s> <http://p> "none" . <http://g1> { <http://s> <http://p> "one" } _:g { [] <http://p> "two" }'
    graphs = rdf.parse_named(data, "application/trig")
    values = [[term for *_, term in graph.triples()] for graph in graphs.values()]
    assert values == [[Literal("none")], [Literal("one")], [Literal("two")]]
    assert list(graphs)[:2] == ["", "http://g1"]
    assert len(parse(data, "application/trig")) == 3


def test_a_catalogue_as_root_element_is_read() -> None:
    data = (
        f'<dcat:Catalog xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="{DCAT}" xmlns:dct="{DCT}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" rdf:about="http://example.org/c">'
        "<dcat:dataset><dcat:Dataset><dct:title>x</dct:title></dcat:Dataset></dcat:dataset></dcat:Catalog>"
    )
    reading = read(parse(data.encode()))
    assert [catalog.iri for catalog in reading.catalogs] == ["http://example.org/c"]
    assert [dataset.title[0].value for dataset in reading.datasets] == ["x"]
    assert not reading.unread


def test_relative_addresses_start_from_the_address_of_the_feed() -> None:
    graph = parse(b"<d> <http://p> <../x.csv> .", base="https://feed.example.org/a/feed.ttl")
    assert list(graph.triples()) == [("https://feed.example.org/a/d", "http://p", "https://feed.example.org/x.csv")]


# --- what cannot be read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "declared", "line", "words"),
    [
        (b"<http://a> <http://b> <http://c>\n<http://d>", "ttl", 2, "This is not Turtle"),
        (b"@prefix a: <http://x/> .\na:b a:c <http://d .\n", "ttl", 2, "This is not Turtle"),
        (b"a:b a:c a:d .", "ttl", 1, "prefix a:"),
        (b"<http://a> <http://b> .", "nt", 1, "This is not N-Triples"),
        (b"<?xml version='1.0'?>\n<rdf:RDF>\n<a></b></rdf:RDF>", "", 2, "not well-formed XML"),
        (b"<?xml version='1.0'?>", "", 1, "not well-formed XML"),
        (b'{"@id": "http://x",\n "a": }', "", 2, "This is not JSON"),
        (b'{"@id": 7}', "", 0, "This is not JSON-LD"),
        (b'{"a": NaN,\n "b": Nan}', "", 2, "This is not JSON: Expecting value"),
        (b'"text"', "application/ld+json", 0, "single value"),
        (b"<!DOCTYPE html>\n<html><body><p>Login</p></body></html>", "text/turtle", 0, "web page"),
        ((RDF_XML % "<title>x</title>").encode(), "", 1, "<title> has no namespace"),
    ],
)
def test_a_document_that_is_broken_is_refused_with_a_sentence(
    data: bytes, declared: str, line: int, words: str
) -> None:
    with pytest.raises(ParseError, match=words) as caught:
        parse(data, declared)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"Line {line}" if line else "This")
    assert str(caught.value).endswith((".", caught.value.excerpt or "."))


def test_the_place_of_an_error_is_shown() -> None:
    with pytest.raises(ParseError) as caught:
        parse(b'<http://a> <http://b> "x" .\n<http://a> <http://b> what? .')
    assert (caught.value.line, caught.value.column) == (2, 23)
    assert caught.value.excerpt == "<http://a> <http://b> what? ."


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.against("TC-15", "TC-22")
@pytest.mark.parametrize(
    "doctype",
    [
        f'[<!ENTITY a0 "lol">{ENTITIES}]',
        '[<!ENTITY a9 SYSTEM "file:///etc/passwd">]',
        '[<!ENTITY a9 SYSTEM "http://127.0.0.1:9/x">]',
        '[<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]',
        'SYSTEM "http://127.0.0.1:9/x.dtd"',
    ],
    ids=["billion laughs", "file", "http", "parameter entity", "external DTD"],
)
def test_entities_neither_multiply_nor_fetch(doctype: str) -> None:
    data = (
        f"<!DOCTYPE r {doctype}>"
        + RDF_XML % '<dcat:Dataset rdf:about="http://d"><dct:title>&a9;</dct:title></dcat:Dataset>'
    )
    started = time.thread_time()
    with pytest.raises(ParseError):
        parse(data.encode())
    assert time.thread_time() - started < ENOUGH


def test_entities_that_a_document_defines_for_itself_are_read() -> None:
    data = f'<!DOCTYPE r [<!ENTITY dcat "{DCAT}">]>' + RDF_XML % '<dcat:Dataset rdf:about="&dcat;x"/>'
    assert list(parse(data.encode()).nodes) == [f"{DCAT}x"]


@pytest.mark.against("TC-22")
@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b'{"http://p":' * 5000 + b"1" + b"}" * 5000, "jsonld"),
        (b'{"http://p":' * 300 + b"1" + b"}" * 300, "jsonld"),
        (b"[" * 100_000 + b"]" * 100_000, "jsonld"),
        ((RDF_XML % ("<dct:a>" * 300 + "</dct:a>" * 300)).encode(), "rdf"),
        (b"<" * 1_000_000, "turtle"),
        (b"<http://s> <http://p> " + b"[ <http://p> " * 300 + b"1" + b"]" * 300 + b" .", "turtle"),
        (b"<http://s> <http://p> " + b'[ <http://p> "]" ; <http://p> ' * 300 + b"1" + b"]" * 300 + b" .", "turtle"),
        (b"<http://s> <http://p> " + b"(" * 300 + b")" * 300 + b" .", "trig"),
        (b'<http://s> <http://p> "\n" , ' + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        (b"<http://s\n> <http://p> " + b"(" * 300 + b" <> " + b")" * 300 + b" .", "turtle"),
        (b"# of a Macintosh\r<http://s> <http://p> " + b"(" * 300 + b")" * 300 + b" .", "turtle"),
        (b'<http://s"> <http://p> ' + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        (b"<http://s> <http://p> '\"' , " + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        (b'# "\n<http://s> <http://p> ' + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        (b'<http://s> <http://p> "\\\\" , ' + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        (b'<http://s> <http://p> """"""  , ' + b"(" * 300 + b' "" ' + b")" * 300 + b" .", "turtle"),
        ((RDF_XML % f"<dct:a><dct:b>{'x' * 11_000_000}</dct:b></dct:a>").encode(), "rdf"),
    ],
    ids=[
        "JSON that ends the process",
        "JSON beyond the limit",
        "lists",
        "XML",
        "statements about statements",
        "nodes",
        "nodes that texts seem to close",
        "lists in Turtle",
        "lists after a text of two lines",
        "lists after an address of two lines",
        "lists after a comment that a carriage return ends",
        "lists after a quote in an address",
        "lists after a quote in a text of other quotes",
        "lists after a quote in a comment",
        "lists after a backslash at the end of a text",
        "lists after a long text of nothing",
        "text",
    ],
)
def test_what_is_too_deep_or_too_large_is_refused(data: bytes, declared: str) -> None:
    with pytest.raises(ParseError, match=r"nested deeper|beyond what is read"):
        parse(data, declared)


def test_a_long_document_of_nothing_but_tags_is_refused() -> None:
    tags = (RDF_XML % ("<dct:a/>" * 600_000)).encode()
    with pytest.raises(ParseError, match="a tag for every 10 of its bytes"):
        parsing.parse(tags, "rdf")


@pytest.mark.parametrize("declaration", ["@prefix p%d: <http://e.example/%d/> .", "Prefix p%d: <http://e.example/%d/>"])
def test_more_prefixes_than_anybody_has_are_refused_and_the_same_ones_again_and_again_are_read(
    declaration: str,
) -> None:
    declared = declaration + " p%d:s <http://e.example/p> p%d:o .\n"
    many = "".join(declared % (n, n, n, n) for n in range(10_001)).encode()
    with pytest.raises(ParseError, match="more than 10000 prefixes"):
        parsing.parse(many, "ttl")
    joined = "".join(declared % ((n % 10,) * 4) for n in range(10_001)).encode()
    assert len(parsing.parse(joined, "ttl")) == 10_001


def test_a_namespace_that_no_writer_takes_is_refused_with_a_sentence() -> None:
    document = b'<a:b xmlns:a="http://e.example/}s" xmlns:rdf="x" c="1" c="2"/>'
    with pytest.raises(ParseError, match="This is not well-formed XML"):
        parse(document, "application/rdf+xml")


def test_a_slip_beside_a_namespace_that_is_no_address_is_refused_with_a_sentence() -> None:
    document = (RDF_XML % '<dcat:Dataset rdf:nodeID="1 2"/>').replace(
        "<rdf:RDF", '<rdf:RDF xmlns:y="http://e.example/ÿ"'
    )
    with pytest.raises(ParseError, match="This is not RDF/XML: 1 2 is not a valid rdf:nodeID"):
        parse(document.encode(), "application/rdf+xml")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16", "utf-32"])
@pytest.mark.parametrize(
    ("document", "declared"),
    [
        ('{"@id": "http://e.example/é", "http://e.example/p": "é"}', "application/ld+json"),
        ('@prefix e: <http://e.example/> . e:é e:p "é" .', "text/turtle"),
        ('<http://e.example/é> <http://e.example/p> "é" .', "application/n-triples"),
    ],
)
def test_wide_characters_are_read_with_a_mark_and_without(document: str, declared: str, encoding: str) -> None:
    graph = parse(document.encode(encoding), declared)
    assert list(graph.triples()) == [("http://e.example/é", "http://e.example/p", Literal("é"))]
    assert graph.findings == []


@pytest.mark.parametrize(
    "data",
    [
        '{"@id": "http://e.example/'.encode("utf-16-le") + b"x",
        '{"@id": "http://e.example/"}'.encode("utf-16-le") + b"title",
        b"\0\0\0<<<\0\0\0h\0\0\0t\0\0\0m",
        b"{\0'''}\0",
    ],
)
def test_wide_characters_that_break_off_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ParseError, match="This is not JSON"):
        parse(data, "application/ld+json")


def test_brackets_in_texts_addresses_and_comments_are_not_nested() -> None:
    texts = b" , ".join([b"'(['", b'"{(\\"["', b'"""a ([ "b" """'] * 200)
    data = b"# ((((\n" * 300 + b"<http://s/(> <http://p> " + texts + b" , ( " + b"[] " * 300 + b") ."
    assert len(parse(data, "turtle")) > 300


def test_what_is_nested_up_to_the_limit_is_read_in_a_small_thread() -> None:
    graphs: list[rdf.Graph] = []
    data = b'{"http://p":' * 250 + b"1" + b"}" * 250
    threading.stack_size(1024 * 1024)
    thread = threading.Thread(target=lambda: graphs.append(parse(data, "jsonld")))
    thread.start()
    thread.join()
    threading.stack_size(0)
    assert len(graphs[0]) == 250


def test_blank_nodes_that_lead_on_by_the_thousand_are_read_and_cut() -> None:
    chain = "".join(f"_:n{n} dct:spatial _:n{n + 1} . " for n in range(20_000))
    graph = parse((PREFIXES + "<http://d> a dcat:Dataset ; dct:spatial _:n0 . " + chain).encode())
    record = rdf.subgraph(graph, "http://d")
    assert record.count(b"\n") == 20_002
    assert len(read(graph).datasets[0].spatial) == 1


@pytest.mark.against("TC-22")
@pytest.mark.parametrize(
    "context",
    [
        '"https://example.org/context.jsonld"',
        '"file:///etc/passwd"',
        '"context.jsonld"',
        '["https://schema.org/", "http://127.0.0.1:9/x"]',
        '{"@import": "http://127.0.0.1:9/x"}',
        '{"a": {"@id": "http://a", "@context": "http://127.0.0.1:9/x"}}',
    ],
)
@pytest.mark.parametrize("document", ['{"@context": %s, "a": 1}', '{"http://p": [{"@context": %s, "a": 1}]}'])
def test_a_context_that_is_not_known_is_named_and_not_fetched(document: str, context: str) -> None:
    with pytest.raises(ParseError, match=r"context .*(context\.jsonld|passwd|127\.0\.0\.1:9/x).* not fetched"):
        parse((document % context).encode(), "jsonld", "https://feed.example.org/")


# --- contexts that feeds name -----------------------------------------------------------------------------------------


def test_the_context_of_the_profile_is_known() -> None:
    data = """{"@context": "https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap.jsonld",
      "@id": "http://example.org/d", "@type": "Dataset", "title": {"@value": "x", "@language": "en"},
      "frequency": "http://publications.europa.eu/resource/authority/frequency/DAILY",
      "datasetDistribution": [{"@id": "http://example.org/f", "@type": "Distribution", "byteSize": "12",
        "accessUrl": "http://example.org/f.csv", "linkedSchemas": ["http://example.org/schema"]}],
      "publisher": {"@id": "http://example.org/p", "@type": "Agent", "name": "P"}}"""
    (dataset,) = read(parse(data.encode())).datasets
    assert dataset.frequency is not None
    assert dataset.frequency.iri == "http://publications.europa.eu/resource/authority/frequency/DAILY"
    assert dataset.distribution[0].access_url == ("http://example.org/f.csv",)
    assert dataset.distribution[0].byte_size == "12"
    assert dataset.distribution[0].conforms_to[0].iri == "http://example.org/schema"
    assert dataset.publisher is not None
    assert dataset.publisher.name[0].value == "P"


def test_the_context_of_data_json_is_known() -> None:
    data = """{"@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@type": "dcat:Catalog",
      "dataset": [{"@type": "dcat:Dataset", "title": "x", "keyword": ["a", "b"], "identifier": "1",
        "contactPoint": {"@type": "vcard:Contact", "fn": "Desk", "hasEmail": "mailto:a@example.org"},
        "distribution": [{"@type": "dcat:Distribution", "downloadURL": "http://example.org/x.csv"}]}]}"""
    (dataset,) = read(parse(data.encode())).datasets
    assert [text.value for text in dataset.keyword] == ["a", "b"]
    assert dataset.contact[0].email == ("mailto:a@example.org",)
    assert dataset.distribution[0].download_url == ("http://example.org/x.csv",)


@pytest.mark.parametrize("coerced", ["", "@id"])
def test_geojson_within_jsonld_is_a_text(coerced: str) -> None:
    """A hub of ArcGIS writes an `envelope`, which RFC 7946 does not have."""
    shape = {"type": "envelope", "coordinates": [[4.3, 50.8], [4.4, 50.9]]}
    term = {"@id": "http://purl.org/dc/terms/spatial"} | ({"@type": coerced} if coerced else {})
    data = {"@context": {"spatial": term}, "@id": "http://d", "spatial": [shape, shape | {"@id": "http://a"}]}
    graph = parse(json.dumps(data).encode())
    assert graph.objects("http://d", "http://purl.org/dc/terms/spatial") == [Literal(json.dumps(shape)), "http://a"]


def test_geojson_that_the_context_calls_json_is_what_it_is() -> None:
    shape = {"coordinates": [4.3, 50.8], "type": "Point"}
    term = {"@id": "http://purl.org/dc/terms/spatial", "@type": "@json"}
    graph = parse(json.dumps({"@context": {"spatial": term}, "@id": "http://d", "spatial": shape}).encode())
    (said,) = graph.objects("http://d", "http://purl.org/dc/terms/spatial")
    assert isinstance(said, Literal)
    assert json.loads(said.value) == shape


@pytest.mark.parametrize(
    "address", ["https://schema.org", "http://schema.org/", "https://schema.org/docs/jsonldcontext.jsonld"]
)
def test_the_context_of_schema_org_is_known(address: str) -> None:
    data = (
        f'{{"@context": "{address}", "@id": "http://d", "@type": "Dataset", "name": "x", "url": "http://example.org/"}}'
    )
    assert set(parse(data.encode()).triples()) == {
        ("http://d", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://schema.org/Dataset"),
        ("http://d", "http://schema.org/name", Literal("x")),
        ("http://d", "http://schema.org/url", "http://example.org/"),
    }


# --- one bad term never spoils another record -------------------------------------------------------------------------


@pytest.mark.against("F-23")
def test_two_poisoned_datasets_among_five_thousand_cost_two() -> None:
    lines = [
        f'<http://example.org/d/{n}> a dcat:Dataset ; dct:title "n {n}"@en ; dct:relation <http://example.org/r/{n}> .'
        for n in range(5000)
    ]
    lines[1000] = '<http://example.org/d 1000> a dcat:Dataset ; dct:title "a blank"@en .'
    lines[2000] = (
        r"<http://example.org/\u003E\u0020.\u0020<http://evil.example/s> a dcat:Dataset ; "
        'dct:title "an attempt"@en .'
    )
    reading = read(parse((PREFIXES + "\n".join(lines)).encode()))
    assert len(reading.datasets) == 4998
    assert [(found.rule, found.subject) for found in reading.findings] == [
        ("subject-invalid", "http://example.org/d 1000"),
        ("subject-invalid", "http://example.org/> . <http://evil.example/s"),
    ]


BAD_IRIS = [
    "http://e/a b",
    'http://e/"',
    "http://e/<x>",
    "http://e/{x}",
    "http://e/a|b",
    "http://e/a^b",
    "http://e/a`b",
    "http://e/a\\b",
    "http://e/\n",
    "http://e/\t",
    "http://e/%zz",
    "http://[",
    "relative",
    "http://e/" + "x" * 100_000,
    "http://e/a> . <http://evil/s> <http://evil/p> <http://evil/o",
]


@pytest.mark.parametrize("iri", BAD_IRIS)
def test_a_bad_iri_is_kept_as_text_where_it_is_a_value(iri: str) -> None:
    data = rdf_json({"@id": "http://e/d", f"{DCT}relation": {"@id": iri}, "@type": f"{DCAT}Dataset"})
    graph = parse(data)
    assert graph.objects("http://e/d", f"{DCT}relation") == [Literal(iri, "", ANY_URI)]
    reading = read(graph)
    assert reading.datasets[0].relation == (iri,)
    assert [found.rule for found in reading.findings] == ["iri-invalid"]
    assert reading.findings[0].field == "dct:relation"
    assert reading.findings[0].subject == "http://e/d"


@pytest.mark.parametrize("iri", BAD_IRIS)
def test_a_bad_iri_of_a_part_costs_the_iri_and_nothing_else(iri: str) -> None:
    part = {"@id": iri, "http://xmlns.com/foaf/0.1/name": "P"}
    graph = parse(rdf_json({"@id": "http://e/d", "@type": f"{DCAT}Dataset", f"{DCT}publisher": part}))
    assert rules(graph) == ["iri-invalid"]
    (dataset,) = read(graph).datasets
    assert dataset.publisher is not None
    assert (dataset.publisher.iri, dataset.publisher.name[0].value) == (None, "P")


@pytest.mark.parametrize("iri", BAD_IRIS)
def test_a_bad_property_or_datatype_costs_its_triple_or_its_type(iri: str) -> None:
    typed = {"@value": "x", "@type": iri}
    graph = parse(
        rdf_json([{"@id": "http://e/d", iri: "lost", "http://e/p": typed}, {"@id": "http://e/e", "http://e/p": 1}])
    )
    assert graph.objects("http://e/d", "http://e/p") == [Literal("x")]
    assert graph.objects("http://e/e", "http://e/p") == [Literal("1", "", "http://www.w3.org/2001/XMLSchema#integer")]
    assert set(graph.nodes["http://e/d"]) == {"http://e/p"}
    assert "datatype-invalid" in rules(graph)


@pytest.mark.parametrize("tag", ["en\n", "en> .", "x" * 5000, "français", "e"])
def test_a_bad_language_costs_the_language(tag: str) -> None:
    graph = parse(rdf_json({"@id": "http://e/d", "http://e/p": {"@value": "x", "@language": tag}}))
    assert graph.objects("http://e/d", "http://e/p") == [Literal("x")]
    assert rules(graph) == ["language-tag-invalid"]


LISTS = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
<http://a.be/d> a dcat:Dataset ; dcat:keyword ("a" "b") , "c" ; dcat:theme () ;
  dcat:distribution [ a rdf:Bag ; rdf:_10 <http://a.be/10> ; rdf:_2 <http://a.be/2> ] ."""


def test_what_is_said_with_a_list_is_said_of_its_members() -> None:
    graph = parse(LISTS.encode(), "text/turtle")
    (statements,) = graph.nodes.values()
    said = {property.rpartition("#")[2]: values for property, values in statements.items()}
    assert said["keyword"] == [Literal("a"), Literal("b"), Literal("c")]
    assert said["distribution"] == ["http://a.be/2", "http://a.be/10"]
    assert "theme" not in said


def test_lists_of_shapes_stay_lists() -> None:
    graph = parse(b"@prefix sh: <http://www.w3.org/ns/shacl#> . <http://a.be/s> sh:in ('a' 'b') .", "text/turtle")
    assert len(graph.nodes) == 3


def test_a_list_without_end_or_said_twice_is_read_once() -> None:
    rdf = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . "
    graph = parse(f"{rdf} _:l rdf:first 'a' ; rdf:rest _:l . <http://a.be/d> <http://a.be/p> _:l , _:l .".encode())
    assert graph.objects("http://a.be/d", "http://a.be/p").count(Literal("a")) == 1


def test_languages_are_in_lower_case_with_hyphens() -> None:
    data = RDF_XML % '<dcat:Dataset rdf:about="http://d"><dct:title xml:lang="fr_BE">x</dct:title></dcat:Dataset>'
    assert parse(data.encode()).objects("http://d", f"{DCT}title") == [Literal("x", "fr-be")]
    assert parse(b'<http://d> <http://p> "x"@NL-be .').objects("http://d", "http://p") == [Literal("x", "nl-be")]


def test_a_statement_about_a_statement_is_reported() -> None:
    graph = parse(b'<http://a> <http://b> <<( <http://a> <http://b> <http://c> )>> ; <http://p> "x" .')
    assert rules(graph) == ["term-unsupported"]
    assert graph.objects("http://a", "http://p") == [Literal("x")]


# --- texts and encodings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (b'<http://a> <http://b> "x\x00y\x0bz" .', "ttl"),
        (rb'<http://a> <http://b> "x\u0000y\u000Bz\uFFFE" .', "ttl"),
        (rb'<http://a> <http://b> "x\by\fz" .', "nt"),
        (rb'{"@id": "http://a", "http://b": "x\u0000y\u001fz"}', "jsonld"),
        (b'{"@id": "http://a", "http://b": "x\x00y\x1fz"}', "jsonld"),
        ((RDF_XML % '<b:b xmlns:b="http://" rdf:about="http://a"><b:b>x\x00y\x0bz</b:b></b:b>').encode(), "rdf"),
    ],
)  # fmt: skip
def test_characters_that_no_text_may_hold_are_left_out_with_a_finding(data: bytes, declared: str) -> None:
    graph = parse(data, declared)
    assert graph.objects("http://a", "http://b") == [Literal("xyz")]
    assert rules(graph) == ["text-invalid"]


@pytest.mark.parametrize(
    ("written", "text"),
    [(r"C:\\files\\u0001", r"C:\files\u0001"), (r"\\\f\\", "\\" * 2), (r"\u00e9\U0000FFFF\U0001FFFE", "é\U0001fffe")],
)
def test_a_backslash_that_stands_for_itself_begins_no_escape(written: str, text: str) -> None:
    graph = parse(f'<http://a> <http://b> "{written}" .'.encode(), "ttl")
    assert graph.objects("http://a", "http://b") == [Literal(text)]


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        (rb'<http://a> <http://b> "\uD83D\uDE00" .', "ttl", "😀"),
        (rb'<http://a> <http://b> "x\uD800y" .', "ttl", "x\ufffdy"),
        (rb'<http://a> <http://b> "x\\uD800y" .', "ttl", "x\\uD800y"),
        (rb'{"@id": "http://a", "http://b": "x\ud800y"}', "jsonld", "x\ufffdy"),
        (rb'{"@id": "http://a", "http://b": "\ud83d\ude00"}', "jsonld", "😀"),
    ],
)
def test_half_characters_are_mended(data: bytes, declared: str, text: str) -> None:
    graph = parse(data, declared)
    assert graph.objects("http://a", "http://b") == [Literal(text)]
    assert bool(graph.findings) == (text == "x\ufffdy")


XML_AS = (
    '<?xml version="1.0" encoding="%s"?>'
    + RDF_XML % '<rdf:Description rdf:about="http://a"><dct:b>é €</dct:b></rdf:Description>'
)


@pytest.mark.parametrize(
    ("data", "declared", "is_told"),
    [
        ('<http://a> <http://purl.org/dc/terms/b> "é €" .'.encode("utf-8-sig"), "ttl", False),
        ('<http://a> <http://purl.org/dc/terms/b> "é €" .'.encode("utf-16"), "ttl", False),
        ('<http://a> <http://purl.org/dc/terms/b> "é €" .'.encode("cp1252"), "ttl", True),
        ('<http://a> <http://purl.org/dc/terms/b> "é €" .'.encode("cp1252"), "text/turtle;charset=windows-1252", False),
        ('<http://a> <http://purl.org/dc/terms/b> "é €" .'.encode(), "text/turtle; charset=iso-8859-1", False),
        ('{"@id": "http://a", "http://purl.org/dc/terms/b": "é €"}'.encode("cp1252"), "jsonld", True),
        ((XML_AS % "utf-8").encode(), "rdf", False),
        ((XML_AS % "utf-8").encode("cp1252"), "rdf", True),
        ((XML_AS % "windows-1252").encode("cp1252"), "rdf", False),
        ((XML_AS % "utf-16").encode("utf-16"), "rdf", False),
        ((XML_AS % "no-such").encode(), "rdf", False),
    ],
)  # fmt: skip
def test_the_encoding_is_found_and_a_wrong_one_is_told(data: bytes, declared: str, is_told: bool) -> None:
    graph = parse(data, declared)
    assert graph.objects("http://a", f"{DCT}b") == [Literal("é €")]
    assert rules(graph) == (["encoding-invalid"] if is_told else [])


def test_text_in_two_encodings_is_read_all_the_same() -> None:
    data = '<http://a> <http://b> "é'.encode() + ' è" .'.encode("cp1252")
    assert parse(data).objects("http://a", "http://b") == [Literal("é è")]


@pytest.mark.parametrize(
    ("value", "form"),
    [('"1e999999999"^^<http://www.w3.org/2001/XMLSchema#decimal>', "1e999999999"), ("1" * 5000, "1" * 5000)],
)
def test_a_monstrous_number_is_a_text_like_any_other(value: str, form: str) -> None:
    started = time.thread_time()
    (literal,) = parse(f"<http://a> <http://b> {value} .".encode()).objects("http://a", "http://b")
    assert isinstance(literal, Literal)
    assert literal.value == form
    assert len(to_graph([("http://a", "http://b", literal)])) == 1
    assert time.thread_time() - started < ENOUGH


@pytest.mark.parametrize("number", ["1" * 5000, "1e999999", "-0", "12345678901234567890"])
def test_numbers_in_json_are_read_whatever_their_length(number: str) -> None:
    graph = parse(f'{{"@id": "http://a", "http://b": {number}}}'.encode())
    assert len(graph.objects("http://a", "http://b")) == 1


@pytest.mark.parametrize("cut", range(1, 100, 9))
@pytest.mark.parametrize("format", ["ttl", "rdf", "jsonld", "nt"])
def test_a_document_cut_anywhere_is_read_or_refused_and_nothing_else(format: str, cut: int) -> None:
    data = SAME[format].encode()
    with contextlib.suppress(ParseError):
        assert len(parse(data[: len(data) * cut // 100], format)) <= 4


def rdf_json(value: object) -> bytes:
    return json.dumps(value).encode()
