"""How fast a feed becomes typed datasets, as JSON and as N-Triples, beside `rdflib.Graph.parse` of the same file.

    python -m benchmarks.parse [datasets] [format]

rdflib only parses: it has made no dataset when its clock stops.
"""

import gc
import sys
from collections.abc import Callable
from functools import partial

import msgspec
import rdflib

from benchmarks import processor
from benchmarks.feeds import feed
from dcat import rdf
from dcat.entries import entries
from dcat.read import read, read_entry
from dcat.write import own_and_shared

_RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


def typed(data: bytes, format: str) -> int:
    """Parse, read the whole feed, write each dataset as JSON and as N-Triples."""
    reading = read(rdf.parse(data, format))
    size = 0
    for dataset in reading.datasets:
        own, shared = own_and_shared(dataset)
        size += len(msgspec.json.encode(dataset)) + len(own) + len(shared)
    assert size
    return len(reading.datasets)


def by_record(data: bytes, format: str) -> int:
    """The way of a harvest: parse, cut the feed into records, read each record, write it as JSON and as N-Triples."""
    graph = rdf.parse(data, format)
    found = entries(graph)
    for subject, kind in found.items():
        entry, _, _ = read_entry(rdf.subgraph(graph, subject, kind))
        msgspec.json.encode(entry)
        own_and_shared(entry)
    return len(found)


def unchanged(data: bytes, format: str) -> int:
    """A second harvest of the same: parse and cut into records, whose bytes are then compared."""
    graph = rdf.parse(data, format)
    found = entries(graph)
    for subject, kind in found.items():
        rdf.subgraph(graph, subject, kind)
    return len(found)


def parsed_by_rdflib(data: bytes, format: str) -> int:
    """`rdflib.Graph.parse`, and no more."""
    return len(rdflib.Graph().parse(data=data, format=_RDFLIB[format]))


def seconds(work: Callable[[bytes, str], int], data: bytes, format: str, times: int) -> float:
    """Processor time of the best of several runs: what else the machine does counts little."""
    best = float("inf")
    for _ in range(times):
        gc.collect()
        best = min(best, processor.seconds(partial(work, data, format)))
    return best


def main(number: int = 1000, format: str = "ttl") -> None:
    """Prints datasets a second of each way and how many times rdflib's parse it is."""
    gc.set_threshold(100_000, 20, 100)
    data = feed(number, format)
    triples = len(rdf.parse(data, format))
    print(f"{number} datasets, {triples} triples, {len(data) / 1e6:.1f} MB of {format}")
    yardstick = seconds(parsed_by_rdflib, data, format, 2)
    print(f"{'rdflib.Graph.parse':28} {number / yardstick:8.0f} datasets/s")
    for name, work in (
        ("parse, type, JSON, N-Triples", typed),
        ("the same record by record", by_record),
        ("unchanged", unchanged),
    ):
        taken = seconds(work, data, format, 5)
        print(f"{name:28} {number / taken:8.0f} datasets/s {yardstick / taken:7.1f} x rdflib's parse")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, sys.argv[2] if len(sys.argv) > 2 else "ttl")
