"""A record cut out of a feed: what belongs to it, and the same bytes for the same content."""

import gzip
import random

import pytest
from samples import samples

from dcat import rdf
from dcat.entries import entries
from dcat.read import read_entry

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix : <http://example.org/> .
"""
D = "http://example.org/d"


def graph(turtle: str) -> rdf.Graph:
    return rdf.parse((PREFIXES + turtle).encode())


def cut(turtle: str, subject: str = D, kind: str = "dataset") -> str:
    return rdf.subgraph(graph(turtle), subject, kind).decode()


def subjects(record: str) -> set[str]:
    return {line.partition(" ")[0].removeprefix("<http://example.org/").rstrip(">") for line in record.splitlines()}


def test_a_record_is_made_of_parts_and_ends_at_other_entries() -> None:
    record = cut(
        """:d a dcat:Dataset ; dct:publisher :agent ; dcat:distribution :f ; dct:relation :e ; dct:isPartOf :c ;
            dcat:inSeries :series ; dct:source :described .
        :agent foaf:name "A" ; foaf:made :e, :hub . :hub dct:title "hub" . :f dct:title "F" ; dcat:accessService :s .
        :s a dcat:DataService ; dct:title "S" ; dcat:servesDataset :d, :e ; dct:publisher :other .
        :other foaf:name "O" . :e a dcat:Dataset ; dct:title "E" . :c a dcat:Catalog ; dct:title "C" .
        :series a dcat:DatasetSeries ; dct:title "T" . :described dct:title "not a part" ."""
    )
    assert subjects(record) == {"d", "agent", "f", "s", "other"}
    assert "servesDataset> <http://example.org/e>" in record


def test_a_record_that_is_handed_on_is_read_without_a_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    record = rdf.subgraph(graph(':d a dcat:Dataset ; dct:title "D"@fr, 1 ; dct:publisher [ foaf:name "P" ] .'), D)
    handed = rdf.hand_on(record)
    assert rdf.remembered(record) is None, "it is remembered in one place"
    parsed = read_entry(record)
    monkeypatch.setattr(rdf, "parse", lambda *_: pytest.fail("it was parsed"))
    rdf.take_over(record, handed)
    assert read_entry(record) == parsed


def test_nothing_is_handed_on_of_a_record_that_was_not_cut() -> None:
    assert rdf.hand_on(b"{}") == b""
    rdf.take_over(b"{}", b"")
    assert rdf.remembered(b"{}") is None


def test_a_vocabulary_does_not_come_with_each_of_its_terms() -> None:
    record = cut(
        """:d a dcat:Dataset ; dcat:theme :t . :t skos:prefLabel "T" ; skos:inScheme :scheme ; skos:broader :top .
        :scheme skos:hasTopConcept :t, :u . :top skos:prefLabel "top" ."""
    )
    assert subjects(record) == {"d", "t"}


def test_blank_nodes_belong_to_it_by_whatever_property() -> None:
    record = cut(':d a dcat:Dataset ; :own [ :inner [ :x "y" ] ] ; dct:relation [ a dcat:Dataset ; dct:title "E" ] .')
    assert record.count("\n") == 5
    assert '"E"' not in record


def test_what_only_a_catalogue_calls_an_entry_is_given_its_class() -> None:
    catalogue = ":c a dcat:Catalog ; dcat:dataset :d ; dcat:service :s . :d dct:title 'D' . :s dct:title 'S' ."
    found = graph(catalogue)
    kinds = entries(found)
    assert kinds == {D: "dataset", "http://example.org/s": "service"}
    for subject, kind in kinds.items():
        assert type(read_entry(rdf.subgraph(found, subject, kind))[0]).__name__ in {"Dataset", "DataService"}
    assert "#DataService>" in rdf.subgraph(found, "http://example.org/s", "service").decode()


TWINS = """:d a dcat:Dataset ; dct:rights _:a ; dct:spatial _:c .
_:a :p "x" ; :q _:b . _:b :p "y" . _:c :p "x" ; :q _:e . _:e :p "y" ."""


def test_the_same_content_gives_the_same_bytes_however_it_is_written() -> None:
    lines = rdf.ntriples(graph(TWINS).triples()).splitlines()
    records = set()
    for seed in range(10):
        random.Random(seed).shuffle(lines)
        renamed = "\n".join(lines).replace("_:", f"_:n{seed}")
        records.add(rdf.subgraph(rdf.parse(renamed.encode(), "nt"), D))
    assert len(records) == 1
    assert records == {cut(TWINS).encode()}


def test_two_blank_nodes_that_say_the_same_are_one() -> None:
    assert cut(TWINS).count("\n") == 6
    assert cut(':d a dcat:Dataset ; dct:rights [ :p "x" ], [ :p "x" ], [ :p "y" ] .').count("\n") == 5


def test_the_order_and_names_of_a_source_do_not_matter_for_real_feeds() -> None:
    data = samples("dcat-rdf", "fpsfinance-geonetwork", "dataset-example.xml").read_bytes()
    one, two = (rdf.parse(data, "rdf") for _ in range(2))
    records = [{rdf.subgraph(each, subject, kind) for subject, kind in entries(each).items()} for each in (one, two)]
    assert records[0] == records[1]
    assert len(records[0]) == 136


def test_blank_nodes_of_another_record_have_one_name() -> None:
    text = ":d a dcat:Dataset ; foaf:isPrimaryTopicOf [ a dcat:CatalogRecord ; dct:modified {} ] ; dct:title 'D' ."
    one, other = cut(text.format(1)), cut(text.format(2))
    assert one == other
    assert "isPrimaryTopicOf> _:" in one
    assert read_entry(one.encode())[2] == {"foaf:isPrimaryTopicOf": 1}


def test_one_changed_value_changes_the_record() -> None:
    assert cut(TWINS) != cut(TWINS.replace('"y"', '"z"', 1))


def test_a_graph_that_grows_gives_records_that_grow() -> None:
    found = graph(':d a dcat:Dataset ; dct:publisher :a . :e a dcat:Dataset ; dct:publisher :a . :a foaf:name "A" .')
    for _ in range(3):
        before = [rdf.subgraph(found, f"http://example.org/{name}") for name in "de"]
    found.add("http://example.org/a", "http://xmlns.com/foaf/0.1/name", rdf.Literal("Agence", "fr"))
    after = [rdf.subgraph(found, f"http://example.org/{name}") for name in "de"]
    assert all(b"Agence" not in record for record in before)
    assert all(b"Agence" in record for record in after)


@pytest.mark.parametrize("source", ["elia", "geobe"])
def test_a_record_reads_the_same_from_memory_and_from_its_bytes(source: str) -> None:
    found = rdf.parse(gzip.decompress(samples("datagovbe", f"{source}.nt.gz").read_bytes()), "nt")
    for subject, kind in entries(found).items():
        record = rdf.subgraph(found, subject, kind)
        lately = read_entry(record)
        assert rdf.remembered(record) is None
        assert read_entry(record) == lately


# --- what costs far more than it says --------------------------------------------------------------------------------


def sharing(records: int, statements: int) -> str:
    """Records that share one large node."""
    each = "".join(f":d{n} a dcat:Dataset ; dct:publisher :agent . " for n in range(records))
    return each + ":agent a foaf:Agent" + "".join(f" ; foaf:name 'n{n}'" for n in range(statements)) + " ."


def test_records_that_share_a_huge_node_are_not_all_cut_out() -> None:
    shared = graph(sharing(500, 2_000))
    size, refused = 0, 0
    for subject, kind in entries(shared).items():
        try:
            size += len(rdf.subgraph(shared, subject, kind))
        except rdf.TooMuch:
            refused += 1
    assert 0 < refused < 500
    assert size < 15_000_000  # all of them: 85 MB out of 70 kB


def test_a_node_that_many_records_share_is_cut_out_with_each() -> None:
    shared = graph(sharing(500, 20))
    assert all(rdf.subgraph(shared, subject, kind).count(b"\n") == 23 for subject, kind in entries(shared).items())
