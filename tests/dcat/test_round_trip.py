"""What was read is written so that it reads the same: real feeds and everything the model can hold."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import samples, shared
from sampling import sampled
from strategies import catalogs, entries, records

from dcat import rdf
from dcat.model import Catalog, CatalogRecord, Entry, Node
from dcat.read import read, read_entry
from dcat.write import own_and_shared, write

FORMATS = ("ttl", "rdf", "jsonld", "nt")

SOURCES = ("antwerpen", "elia", "fluvius", "gent", "geobe", "indicators", "infrabel", "pensionstat", "podmiis")

generously = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def reread(node: Node, format: str) -> Node:
    data = rdf.serialise(write(node), format)
    if isinstance(node, Catalog | CatalogRecord):
        reading = read(rdf.parse(data, format))
        return (*reading.catalogs, *reading.records)[0]
    return read_entry(data, format)[0]


def assert_same(found: list[Entry], pieces: list[str], format: str) -> None:
    """Writes all entries into one document and compares what is read from it."""
    data = b"".join(rdf.stream(pieces, format))
    reading = read(rdf.parse(data, format))
    again = {entry.iri: entry for entry in (*reading.datasets, *reading.services, *reading.series)}
    for entry in found:  # one without IRI, or of which only its class is known, is recognised on its own
        assert (again[entry.iri] if entry.iri and entry.iri in again else reread(entry, format)) == entry


def entries_of(data: bytes, format: str) -> list[Entry]:
    reading = read(rdf.parse(data, format, "https://feed.example.org/"))
    return [*reading.datasets, *reading.services, *reading.series]


@pytest.mark.parametrize("source", sampled([*SOURCES, "statbel-open"], 4))
def test_sources_of_data_gov_be_come_back_the_same(source: str) -> None:
    feeds = [entries_of(content(samples("datagovbe", f"{source}.{end}.gz")), end) for end in ("nt", "ttl", "rdf")]
    by_iri = [{entry.iri: entry for entry in feed if entry.iri} for feed in feeds]
    assert by_iri[0] == by_iri[1] == by_iri[2]
    assert feeds[0]
    pieces = [rdf.ntriples(write(entry)) for entry in feeds[0]]
    for format in FORMATS:
        assert_same(feeds[0], pieces, format)


FEEDS = {
    "dcat-rdf/fpsfinance-geonetwork/dataset-example.xml": 136,
    "dcat-rdf/belgian-federal-files/dcatlib/src/test/resources/dcat-multilang.rdf": 1,
    "dcat-rdf/belgian-federal-files/dist/data/best/dcat.rdf": 3,
    "dcat-rdf/belgian-federal-files/dist/data/dcat-other/fpsecocbe.xml": 3,
    "dcat-rdf/belgian-federal-files/dist/data/dcat-other/fpsjust.xml": 3,
    "iso-to-dcat/semic/tests/test-cases/hvd_dataset_multilingual/expected_output.rdf": 1,
    "iso-to-dcat/semic/tests/test-cases/network-service/expected_output.ttl": 1,
    "iso-to-dcat/semic/tests/test-cases/multilingual-resource-description/expected_output.ttl": 1,
    "pod-datajson/us-federal-open/gsa.json": 339,
}


@pytest.mark.parametrize("path", sampled(list(FEEDS), 6))
def test_feeds_of_other_producers_come_back_the_same(path: str) -> None:
    found = entries_of(content(samples(path)), path.rpartition(".")[2])
    assert len(found) == FEEDS[path]
    pieces = [rdf.ntriples(write(entry)) for entry in found]
    for format in FORMATS:
        assert_same(found, pieces, format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["golden.ttl", "golden_inline.rdf", "golden_inline.jsonld", "broken.ttl"])
def test_examples_of_the_profile_come_back_the_same(name: str, format: str) -> None:
    path = shared("dcat-ap", "examples", name)
    reading = read(rdf.parse(path.read_bytes(), path.suffix))
    assert [len(part) for part in reading[:5]] == [1, 2, 1, 1, 1]
    for node in (*reading.catalogs, *reading.datasets, *reading.services, *reading.series, *reading.records):
        assert reread(node, format) == node


@generously
@given(entry=entries, format=st.sampled_from(FORMATS))
def test_every_entry_comes_back_the_same(entry: Entry, format: str) -> None:
    assert reread(entry, format) == entry


@generously
@given(node=st.one_of(catalogs, records), format=st.sampled_from(FORMATS))
def test_every_catalogue_and_record_comes_back_the_same(node: Node, format: str) -> None:
    assert reread(node, format) == node


@generously
@given(entry=entries)
def test_own_and_shared_together_are_all_triples(entry: Entry) -> None:
    own, shared = own_and_shared(entry)
    lines = (own + shared).split("\n")[:-1]  # not splitlines, which knows other ends as well
    triples = set(lines)
    assert len(triples) == len(lines)
    assert read_entry((own + shared).encode())[0] == entry
    assert len(rdf.parse((own + shared).encode(), "nt")) == len(triples) == len(write(entry))


@generously
@given(entry=entries, format=st.sampled_from(FORMATS))
def test_a_record_cut_from_its_document_is_the_entry(entry: Entry, format: str) -> None:
    graph = rdf.parse(rdf.serialise(write(entry), format), format)
    subject = next(iter(graph.nodes))
    record = rdf.subgraph(graph, subject)
    lately, anew = read_entry(record), read_entry(bytes(record))
    assert lately == anew
    assert anew[0] == entry
