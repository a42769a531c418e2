"""One slip costs one value: the rest of a document is read, and what happened is told with its place."""

import contextlib
import json
import time
from typing import Any

import pytest
from patience import ENOUGH

from dcat.namespaces import PREFIXES
from dcat.rdf import Graph, Literal, ParseError, parse

START = "<rdf:RDF " + " ".join(f'xmlns:{prefix}="{iri}"' for prefix, iri in PREFIXES.items())
DCT = PREFIXES["dct"]
DCAT = PREFIXES["dcat"]
FIRST, SECOND, THIRD = (f"https://stad.example.be/set/{number}" for number in (1, 2, 3))


def rdf_xml(inner: str, more: str = "") -> bytes:
    """Three datasets, of which the second holds something more."""
    more_of = {SECOND: inner}
    sets = "\n".join(
        f'<dcat:Dataset rdf:about="{iri}"><dct:title>{iri[-1]}</dct:title>{more_of.get(iri, "")}</dcat:Dataset>'
        for iri in (FIRST, SECOND, THIRD)
    )
    return f"{START}{more}>\n{sets}\n</rdf:RDF>".encode()


def jsonld(node: dict[str, Any], context: dict[str, Any] | None = None) -> bytes:
    """The same in JSON-LD."""
    sets = [{"@id": iri, "@type": "dcat:Dataset", "dct:title": iri[-1]} for iri in (FIRST, SECOND, THIRD)]
    sets[1] |= node
    return json.dumps({"@context": PREFIXES | (context or {}), "@graph": sets}).encode()


def told(graph: Graph) -> list[tuple[str, str]]:
    assert {found.rule for found in graph.findings} <= {"syntax-mended", "sign-unescaped", "prefix-undeclared"}
    return [(found.field, found.value) for found in graph.findings]


def assert_whole(graph: Graph) -> None:
    for iri in (FIRST, SECOND, THIRD):
        assert graph.objects(iri, f"{DCT}title")[:1] == [Literal(iri[-1])]


EU = "http://publications.europa.eu/resource/authority/"
XML_SLIPS = {
    "text beside a resource": (f'<dcat:theme rdf:resource="{EU}data-theme/ENVI">Milieu</dcat:theme>', "Milieu"),
    "a node beside a resource": (
        '<dct:publisher rdf:resource="https://x.be/o"><foaf:Agent rdf:about="https://y.be/o"/></dct:publisher>',
        "https://x.be/o",
    ),
    "text beside a node": ('<dct:publisher>Stad<foaf:Agent rdf:about="https://y.be/o"/></dct:publisher>', "Stad"),
    "two nodes in one property": (
        '<dct:creator><foaf:Agent rdf:about="https://x.be/a"/><foaf:Agent rdf:about="https://x.be/b"/></dct:creator>',
        "2 × <Agent>",
    ),
    "properties without a node": (
        "<dct:temporal><dcat:startDate>2021</dcat:startDate><dcat:endDate>2022</dcat:endDate></dct:temporal>",
        "<startDate> <endDate>",
    ),
    "an element without namespace": ("<auteur>Jan</auteur>", "Jan"),
    "an attribute without namespace": ('<dct:identifier type="x">7</dct:identifier>', "type='x'"),
    "a forbidden attribute": ('<dct:identifier rdf:li="x">7</dct:identifier>', "li='x'"),
    "text between properties": ("los", "los"),
    "markup in a text": ("<dct:description>Alle <b>bomen</b></dct:description>", "Alle bomen"),
}


@pytest.mark.parametrize(("inner", "value"), XML_SLIPS.values(), ids=XML_SLIPS)
def test_a_slip_in_rdf_xml_costs_itself(inner: str, value: str) -> None:
    graph = parse(rdf_xml(inner))
    assert_whole(graph)
    ((_, said),) = told(graph)
    assert said == f"3: {value}"
    assert graph.findings[0].subject == SECOND


def test_what_a_slip_stands_beside_is_kept() -> None:
    graph = parse(rdf_xml(XML_SLIPS["text beside a resource"][0]))
    assert graph.objects(SECOND, f"{DCAT}theme") == [f"{EU}data-theme/ENVI"]
    graph = parse(rdf_xml(XML_SLIPS["properties without a node"][0]))
    ((period,),) = (graph.objects(SECOND, f"{DCT}temporal"),)
    assert graph.objects(str(period), f"{DCAT}endDate") == [Literal("2022")]
    graph = parse(rdf_xml(XML_SLIPS["two nodes in one property"][0]))
    assert graph.objects(SECOND, f"{DCT}creator") == ["https://x.be/a", "https://x.be/b"]
    (text,) = parse(rdf_xml(XML_SLIPS["markup in a text"][0])).objects(SECOND, f"{DCT}description")
    assert isinstance(text, Literal)
    assert "bomen" in text.value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\n \n<?xml version='1.0' encoding='utf-8'?>" + rdf_xml(""), "\\n"),
        (b"Notice: cache is cold\n<?xml version='1.0'?>" + rdf_xml(""), "Notice: cache is cold"),
        (rdf_xml("<dct:identifier>R&D</dct:identifier>"), "3: “entifier>R&D</dct:ide” (&amp;)"),
        (rdf_xml("<dct:identifier>Caf&eacute;</dct:identifier>"), "3: “tifier>Caf&eacute;</dct:iden” (&amp;)"),
        (rdf_xml("", ' xmlns:oud="http://x.be/&quot;ns#"'), "xmlns:oud: 'http://x.be/\"ns#' is not a valid URI"),
        (rdf_xml("", ' xmlns:oud=""'), "xmlns:oud: Empty XML namespace is not allowed"),
        (
            rdf_xml("<dcterms:identifier>7</dcterms:identifier>"),
            "Namespace prefix dcterms on identifier is not defined",
        ),
        (rdf_xml('<dct:identifier dct:a="1" dct:a="2"/>'), "Attribute dct:a redefined"),
        (rdf_xml("<dct:identifier>a&#11;b&#xFFFE;</dct:identifier>"), "3: &#xFFFE;"),
    ],
)
def test_a_slip_in_xml_costs_itself(data: bytes, value: str) -> None:
    graph = parse(data, "application/rdf+xml")
    assert_whole(graph)
    assert any(said.endswith(value) for _, said in told(graph)), graph.findings


@pytest.mark.parametrize(
    ("label", "bytes_of"),
    [
        ("utf-16", "utf-8"),
        ("UTF-16LE", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
    ],
)
def test_xml_that_is_in_another_encoding_than_it_says_is_read(label: str, bytes_of: str) -> None:
    text = rdf_xml("<dct:identifier>L’été – 5 €</dct:identifier>").decode()
    data = (f"<?xml version='1.0' encoding='{label}'?>" + text[text.index("<rdf:RDF") :]).encode(bytes_of)
    assert parse(data, "application/rdf+xml").objects(SECOND, f"{DCT}identifier") == [Literal("L’été – 5 €")]


def test_what_is_no_character_costs_itself() -> None:
    graph = parse(rdf_xml("<dct:identifier>a\ufffe\uffffb</dct:identifier>"), "application/rdf+xml")
    assert_whole(graph)
    assert graph.objects(SECOND, f"{DCT}identifier") == [Literal("ab")]
    assert [found.rule for found in graph.findings] == ["text-invalid"]


@pytest.mark.parametrize("sign", ["&#11;", "&eacute;", "<![CDATA["])
def test_many_slips_take_no_square_of_the_document(sign: str) -> None:
    begin = time.process_time()
    with contextlib.suppress(ParseError):
        parse(rdf_xml(f"<dct:identifier>{(sign + 8 * chr(10)) * 120_000}</dct:identifier>"), "application/rdf+xml")
    assert time.process_time() - begin < ENOUGH


def test_a_reference_that_is_text_stays() -> None:
    graph = parse(rdf_xml("<dct:identifier>a&#11;<![CDATA[&#11;]]></dct:identifier>"), "application/rdf+xml")
    assert graph.objects(SECOND, f"{DCT}identifier") == [Literal("a&#11;")]


def test_an_entity_of_html_is_the_character_that_it_is() -> None:
    graph = parse(rdf_xml("<dct:identifier>Caf&eacute; &copy; &onbekend;<![CDATA[ a&b ]]></dct:identifier>"))
    assert graph.objects(SECOND, f"{DCT}identifier") == [Literal("Café © &onbekend; a&b ")]


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (lambda data: data[:-40], "Nearest record: https://stad.example.be/set/3"),
        (lambda data: data.replace(b"<dct:title>2</dct:title>", b"<dct:title>2</dct:titel>"), "set/2"),
    ],
)
def test_a_document_that_is_cut_off_or_crossed_is_no_slip(cut: Any, says: str) -> None:
    with pytest.raises(ParseError, match=r"Line \d, column \d+: .*" + says):
        parse(cut(rdf_xml("")))


def test_xml_of_others_is_not_mended_into_rdf() -> None:
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><id>b</id></entry><entry/></feed>'
    with pytest.raises(ParseError, match="This is not RDF/XML"):
        parse(atom, "application/rdf+xml")


JSON_SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "a type as an object": ({"@type": {"@id": "dcat:Dataset"}}, "@type"),
    "a language that is a number": ({"dct:identifier": {"@value": "7", "@language": 7}}, "@value"),
    "a language and a type": ({"dct:identifier": {"@value": "7", "@language": "nl", "@type": "xsd:string"}}, "@value"),
    "a value that is an object": ({"dct:identifier": {"@value": {"nl": "7"}}}, "@value"),
    "a value that is a list": ({"dct:identifier": {"@value": ["7"], "@language": "nl"}}, "@value"),
    "a value with a property": ({"dct:identifier": {"@value": "7", "dct:title": "x"}}, "@value"),
    "a set with a property": ({"dct:identifier": {"@set": ["7"], "dct:title": "x"}}, "@set"),
    "a reverse that is a text": ({"@reverse": "x"}, "@reverse"),
}


@pytest.mark.parametrize(("node", "field"), JSON_SLIPS.values(), ids=JSON_SLIPS)
def test_a_slip_in_jsonld_costs_itself(node: dict[str, Any], field: str) -> None:
    graph = parse(jsonld(node))
    assert_whole(graph)
    assert [name for name, _ in told(graph)] == [field]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ('"dcat:spatialResolutionInMeters": NaN', "NaN"),
        ('"dcat:spatialResolutionInMeters": -Infinity', "-Infinity"),
        ('"dct:description": ["a NaN, ] b", ]', ","),
        ('"dct:publisher": {"foaf:name": "x",\n}', ","),
        (r'"dct:description": "C:\data \u12 \"q\" \\\\srv"', r'"C:\data \u12 \"q\" \\\\srv"'),
    ],
)
def test_a_slip_in_json_costs_itself(said: str, value: str) -> None:
    document = jsonld({"dct:issued": "HERE"}).decode().replace('"dct:issued": "HERE"', f"\n{said}").encode()
    graph = parse(document)
    assert_whole(graph)
    assert told(graph) == [("JSON", f"2: {value}")]
    texts = {text.value for text in graph.objects(SECOND, f"{DCT}description") if isinstance(text, Literal)}
    assert texts <= {"a NaN, ] b", r'C:\data \u12 "q" \\srv'}
    with pytest.raises(ParseError, match="This is not JSON"):
        parse(document[:-30])


def test_a_name_in_a_list_is_the_name() -> None:
    graph = parse(jsonld({"@id": [SECOND]}))
    assert_whole(graph)
    assert told(graph) == [("@id", f"['{SECOND}']")]


def test_numbers_under_their_languages_are_texts() -> None:
    graph = parse(
        jsonld({"jaar": {"nl": 2026, "fr": {"x": 1}}}, {"jaar": {"@id": "dct:date", "@container": "@language"}})
    )
    assert graph.objects(SECOND, f"{DCT}date") == [Literal("2026", "nl")]
    assert len(told(graph)) == 2


def test_a_term_of_the_context_that_is_none_is_left_out() -> None:
    graph = parse(jsonld({}, {"oud": 5}))
    assert_whole(graph)
    assert told(graph) == [("@context", "oud: 5")]


@pytest.mark.parametrize(("keyword", "value"), [("@language", 5), ("@vocab", ["x"]), ("@base", {"a": "b"})])
def test_a_keyword_of_the_context_that_is_none_is_left_out(keyword: str, value: Any) -> None:
    graph = parse(jsonld({}, {keyword: value}))
    assert_whole(graph)
    assert told(graph) == [("@context", f"{keyword}: {value}")]


def test_a_context_that_cannot_be_used_fails_with_its_line() -> None:
    data = b'[\n{"@id": "https://x.be/1",\n "@context": {"a": {"@id": "b:c", "@container": 7}}, "a": "x"}]'
    with pytest.raises(ParseError, match=r"Line 3: This is not JSON-LD: .* Look at the context"):
        parse(data, "application/ld+json")


def test_what_nobody_foresaw_costs_the_value_that_holds_it() -> None:
    graph = parse(jsonld({"dct:relation": [{"@id": "https://x.be/1"}, {"@included": "x"}]}))
    assert_whole(graph)
    assert graph.objects(SECOND, f"{DCT}relation") == ["https://x.be/1"]
    assert told(graph) == [("@included", "x")]
    assert graph.findings[0].subject == SECOND


def test_json_that_fails_says_line_column_and_record() -> None:
    data = jsonld({}).replace(b'"dct:title": "3"', b'"dct:title": ,').replace(b"}, {", b"},\n{")
    with pytest.raises(ParseError, match=rf"Line 3, column \d+: .*Nearest record: {THIRD}"):
        parse(data)


def test_turtle_with_short_names_says_the_record_too() -> None:
    turtle = (
        f'@prefix d: <https://x.be/> .\nd:een a <{DCAT}Dataset> .\nd:twee a <{DCAT}Dataset> ; <{DCT}title> "a" "b" .\n'
    )
    with pytest.raises(ParseError, match=r"Line 3, column \d+: .*Nearest record: d:twee"):
        parse(turtle.encode())


@pytest.mark.parametrize("declared", ["text/turtle", "application/trig", "application/n-triples"])
def test_a_language_with_an_underscore_costs_nothing_and_is_told_once(declared: str) -> None:
    lines = (
        '"een bos"@nl_BE .',
        '"\\"zo\\"@nl_BE is geen taal"@nl .',
        '"un bois # @fr_BE"@fr_Latn_BE .',
        '"ein Wald"@nl_BE . # "x"@de_BE',
        '"ook"@nl-BE .',
    )
    graph = parse("".join(f"<{FIRST}> <{DCT}title> {line}\n" for line in lines).encode(), declared)
    assert graph.objects(FIRST, f"{DCT}title") == [
        Literal("een bos", "nl-be"),
        Literal('"zo"@nl_BE is geen taal', "nl"),
        Literal("un bois # @fr_BE", "fr-latn-be"),
        Literal("ein Wald", "nl-be"),
        Literal("ook", "nl-be"),
    ]
    assert [(one.rule, one.value) for one in graph.findings] == [
        ("syntax-mended", "1: @nl_BE"),
        ("syntax-mended", "3: @fr_Latn_BE"),
    ]


def test_a_well_known_prefix_that_is_not_declared_costs_nothing_and_is_told() -> None:
    said = f"<{FIRST}> a dcat:Dataset ; dcterms:title 'a: b' ;\n dcterms:issued '2020'^^xsd:gYear ."
    body = f"@prefix dcat: <{DCAT}> .\n{said}"
    graph = parse(body.encode())
    assert graph.objects(FIRST, f"{DCT}title") == [Literal("a: b")]
    assert told(graph) == [("@prefix", f"dcterms: <{DCT}>"), ("@prefix", f"xsd: <{PREFIXES['xsd']}>")]
    assert {found.rule for found in graph.findings} == {"prefix-undeclared"}
    with pytest.raises(ParseError, match="prefix own: has not been declared"):
        parse(body.replace("dcterms:title", "own:title").encode())


def test_turtle_that_fails_says_line_column_and_record() -> None:
    turtle = f'<{FIRST}> a <{DCAT}Dataset> .\n<{SECOND}> <{DCT}title> "een "oud" bos" .\n'
    with pytest.raises(ParseError, match=rf"Line 2, column \d+: .*Nearest record: {SECOND}"):
        parse(turtle.encode())


@pytest.mark.parametrize("cut", [b"<dct:title>2</dct:title></dcat:Dataset>", b'about="http', b"<dct:ti"])
def test_a_file_that_ends_too_early_is_said_to(cut: bytes) -> None:
    whole = rdf_xml("")
    with pytest.raises(ParseError, match="This XML ends too early: its last part is missing"):
        parse(whole[: whole.index(cut, 200) + len(cut)], "application/rdf+xml")


def test_a_fault_in_a_whole_file_is_no_cut() -> None:
    with pytest.raises(ParseError, match="This is not well-formed XML"):
        parse(rdf_xml("<dct:title>one<b></dct:title>"), "application/rdf+xml")


def test_a_text_of_json_without_end_takes_no_square_of_the_document() -> None:
    begin = time.process_time()
    with pytest.raises(ParseError, match="not JSON"):
        parse(b'{"@id": "' + 400_000 * rb"\"", "application/ld+json")
    assert time.process_time() - begin < ENOUGH
