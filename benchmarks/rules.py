"""How fast a whole catalogue is checked by our rules, beside pyshacl with the official shapes on part of the same data.

    python -m benchmarks.rules [datasets] [datasets for pyshacl]

The datasets are those of data.gov.be in `../shared/samples`, repaired as a harvest repairs them, and as many copies
under other addresses as are wanted; without the samples, synthetic ones. pyshacl would take ten minutes for
ten thousand, so it gets few of them, and the ratio is one of times per dataset. It is given what we write of each, with
the shapes of the sets base, range, cv, hvd and extra. Times are of the processor.
"""

import gc
import gzip
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import msgspec

from benchmarks import feeds
from benchmarks.corpus import SAMPLES
from benchmarks.processor import timed
from dcat import rdf, shapes
from dcat.findings import Severity
from dcat.model import Dataset, Iri
from dcat.normalise import Context, normalise
from dcat.rdf import Graph, Triple
from dcat.read import read
from dcat.rules import RULES, check
from dcat.write import write

SHAPES = SAMPLES.parent / "dcat-ap" / "shapes"
FILES = (
    "shapes.ttl",
    "range.ttl",
    "mdr-vocabularies.shape.ttl",
    "hvd-SHACL-base.ttl",
    "hvd-SHACL-ranges.ttl",
    "hvd-SHACL-usagenotes.ttl",
    "extra_checks.ttl",
)
"""The official shapes, and ours that close their holes."""
TODAY = Context(today="2026-11-22", site="https://data.example.org")


def lexical(samples: Path = SAMPLES) -> list[Dataset]:
    """The datasets of data.gov.be as they were sent; synthetic ones when there are no samples."""
    files = sorted((samples / "datagovbe").glob("*.nt.gz"))
    graphs = (rdf.parse(gzip.decompress(path.read_bytes()), "nt") for path in files)
    return [dataset for graph in graphs for dataset in read(graph).datasets] or list(feeds.datasets(2_000))


def copies(originals: list[Dataset], number: int) -> Iterator[Dataset]:
    """That many datasets: the originals, then copies of them under addresses of their own."""
    for at, dataset in enumerate(islice(cycle(originals), number)):
        round = at // len(originals)
        yield dataset if round == 0 else _copy(dataset, f"/copy/{round}")


def _copy(dataset: Dataset, suffix: str) -> Dataset:
    distribution = tuple(
        msgspec.structs.replace(file, iri=Iri(f"{file.iri}{suffix}") if file.iri else None)
        for file in dataset.distribution
    )
    iri = Iri(f"{dataset.iri}{suffix}") if dataset.iri else None
    return msgspec.structs.replace(dataset, iri=iri, distribution=distribution)


def repaired(dataset: Dataset) -> Dataset:
    """As a harvest would publish it."""
    entry = normalise(dataset, TODAY, dataset.iri or "").entry
    assert isinstance(entry, Dataset)
    return entry


def validated(datasets: list[Dataset], wanted: list[Triple]) -> int:
    """How many violations of some shapes pyshacl finds in what we write of them."""
    graph = Graph(triple for dataset in datasets for triple in write(dataset))
    found = shapes.results([graph], wanted, is_complete=True)
    return sum(one.severity == "Violation" for one in found)


def violations(datasets: list[Dataset]) -> int:
    """How many violations our rules find in them."""
    found = (finding for dataset in datasets for finding in check(dataset))
    return sum(RULES[finding.rule].severity is Severity.VIOLATION for finding in found)


def main(number: int = 10_000, few: int = 100) -> None:
    """Prints one line per figure."""
    gc.set_threshold(100_000, 20, 100)
    originals = lexical()
    sent = list(copies(originals, number))
    clean = [repaired(dataset) for dataset in sent]
    print(f"{number} datasets, of which {min(len(originals), number)} are different")
    found, ours = timed(lambda: violations(clean))
    print(f"{'our rules':34} {ours:8.2f} s {number / ours:10.0f} datasets/s   {found} violations")
    _, both = timed(lambda: violations([repaired(dataset) for dataset in sent]))
    print(f"{'normalising and our rules':34} {both:8.2f} s {number / both:10.0f} datasets/s")
    if not SHAPES.is_dir():
        print("pyshacl was not asked: the official shapes are not there")
        return
    some = clean[:: max(1, number // few)][:few]
    wanted = shapes.parse_shapes(((SHAPES / name).read_bytes(), "ttl") for name in FILES)
    found, theirs = timed(lambda: validated(some, wanted))
    name = f"pyshacl, {len(some)} of them"
    print(f"{name:34} {theirs:8.2f} s {len(some) / theirs:10.1f} datasets/s   {found} violations")
    print(f"per dataset our rules are {theirs / len(some) / (ours / number):.0f} times as fast as pyshacl")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
