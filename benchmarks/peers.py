"""How fast a feed becomes typed, clean and checked datasets, beside ckanext-dcat, which parses and maps it only, and
beside rdflib, which parses it only.

    python -m venv FOLDER && FOLDER/bin/pip install -r benchmarks/peers.txt
    python -m benchmarks.peers FOLDER/bin/python [FILE.ttl]...

Each in its own process and its own environment, in turns; times are of the processor. Without a file: two real feeds
of ../shared. udata's mapper is not among them: it asks a MongoDB for every organisation and licence that it meets.
"""

import gc
import gzip
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import rdflib

from dcat import rdf
from dcat.entries import entries
from dcat.normalise import Context, normalise
from dcat.rdf import parsing
from dcat.read import read, read_entry
from dcat.rules import check

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "datagovbe"
FEEDS = ("statbel-open", "antwerpen")
TURNS = 5
TYPED, CHECKED = "parsed and typed", "cut, typed, cleaned and checked"
PROMISES = {TYPED: 10.0, CHECKED: 5.0}
"""At least so many times as fast as ckanext-dcat parses and maps."""


def typed(data: bytes) -> int:
    """Parses and reads the whole feed."""
    return len(read(parsing.parse(data, "ttl")).datasets)  # in this process, whose time is taken


def checked(data: bytes) -> int:
    """The way of a harvest up to the store: parse, cut into records, read, clean and check each."""
    graph = parsing.parse(data, "ttl")
    found = entries(graph)
    for subject, kind in found.items():
        entry, _, _ = read_entry(rdf.subgraph(graph, subject, kind))
        check(normalise(entry, Context()).entry)
    return len(found)


def by_rdflib(data: bytes) -> int:
    """`rdflib.Graph.parse`, and no more."""
    return len(rdflib.Graph().parse(data=data, format="turtle"))


@contextmanager
def peer(python: str) -> Iterator[Callable[[Path], tuple[int, float]]]:
    """ckanext-dcat in its environment: datasets and seconds of a file."""
    script = Path(__file__).with_name("ckanext_dcat.py")
    command = [python, "-P", "-W", "ignore", str(script)]  # not beside our modules
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        questions, answers = process.stdin, process.stdout
        assert questions
        assert answers

        def ask(file: Path) -> tuple[int, float]:
            print(file, file=questions, flush=True)
            count, _, seconds = answers.readline().partition(" ")
            return int(count), float(seconds)

        yield ask
        questions.close()


def seconds(work: Callable[[bytes], int], data: bytes) -> float:
    """Of the processor."""
    began = time.process_time()
    work(data)
    return time.process_time() - began


def measured(file: Path, ask: Callable[[Path], tuple[int, float]]) -> Iterator[tuple[str, float]]:
    """Prints the rates of everybody; yields what is promised, with how many times as fast as the peer it is."""
    data = file.read_bytes()
    ours: dict[str, Callable[[bytes], int]] = {TYPED: typed, CHECKED: checked, "rdflib parses": by_rdflib}
    taken: dict[str, list[float]] = {name: [] for name in (*ours, "peer")}
    count = 0
    for _ in range(TURNS + 1):
        count, took = ask(file)
        taken["peer"].append(took)
        for name, work in ours.items():
            taken[name].append(seconds(work, data))
    best = {name: statistics.median(times[1:]) for name, times in taken.items()}  # the first one fills what is kept
    print(f"{file.stem}: {count} datasets; ckanext-dcat parses and maps {count / best['peer']:.0f} a second")
    for name in ours:
        times = best["peer"] / best[name]
        promise = PROMISES.get(name)
        said = f"   promised ≥ {promise:g}{'' if times >= promise else '   not kept'}" if promise else ""
        print(f"  {name:<34} {count / best[name]:6.0f} a second   {times:5.2f} times{said}", flush=True)
        if promise:
            yield name, times


def main(python: str, *files: str) -> None:
    """Measures; fails when a promise is not kept."""
    gc.set_threshold(100_000, 20, 100)  # as a harvest does
    with tempfile.TemporaryDirectory() as name, peer(python) as ask:
        given = [Path(file) for file in files] or [*_feeds(Path(name))]
        found = [one for file in given for one in measured(file, ask)]
    if any(times < PROMISES[what] for what, times in found):
        sys.exit("A promise is not kept.")


def _feeds(folder: Path) -> Iterator[Path]:
    for name in FEEDS:
        file = folder / f"{name}.ttl"
        file.write_bytes(gzip.decompress((SAMPLES / f"{name}.ttl.gz").read_bytes()))
        yield file


if __name__ == "__main__":
    main(*sys.argv[1:])
