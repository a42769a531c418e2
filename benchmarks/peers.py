"""How fast a feed becomes typed, clean and checked datasets, beside ckanext-dcat, which parses and maps it only, and
beside rdflib, which parses it only.

    make build/peers
    python -m benchmarks.peers [FILE.ttl]...

Each in its own process and its own environment, in turns; times are of the processor. Without a file: two real feeds
of ../shared. udata's mapper is not among them: it asks a MongoDB for every organisation and licence that it meets.
"""

import gc
import gzip
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import rdflib

from benchmarks.processor import seconds
from benchmarks.promises import NotMeasured
from dcat import rdf
from dcat.entries import entries
from dcat.normalise import Context, normalise
from dcat.rdf import parsing
from dcat.read import read, read_entry
from dcat.rules import check

PYTHON = Path(__file__).resolve().parents[1] / "build" / "peers" / "bin" / "python"
"""Of the environment in which the peer is."""
SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "datagovbe"
FEEDS = ("statbel-open", "antwerpen")
TURNS = 5
TYPED, CHECKED, RDFLIB = "parsed and typed", "cut, typed, cleaned and checked", "rdflib parses"


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
def peer() -> Iterator[Callable[[Path], tuple[int, float]]]:
    """ckanext-dcat in its environment: datasets and seconds of a file. Raises `NotMeasured`."""
    if not PYTHON.is_file():
        raise NotMeasured("there is no ckanext-dcat; bring it with: make build/peers")
    script = Path(__file__).with_name("ckanext_dcat.py")
    command = [str(PYTHON), "-P", "-W", "ignore", str(script)]  # not beside our modules
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


class Beside(NamedTuple):
    """A feed, read by everybody."""

    datasets: int
    peer: float
    """Seconds of ckanext-dcat."""
    ours: dict[str, float]
    """Seconds by what is done."""

    def times(self, what: str) -> float:
        """How many times as fast as the peer."""
        return self.peer / self.ours[what]


def measured(file: Path, ask: Callable[[Path], tuple[int, float]]) -> Beside:
    """The medians of several turns, in each of which everybody reads the file."""
    data = file.read_bytes()
    works: dict[str, Callable[[bytes], int]] = {TYPED: typed, CHECKED: checked, RDFLIB: by_rdflib}
    taken: dict[str, list[float]] = {name: [] for name in works}
    asked = []
    for _ in range(TURNS + 1):
        asked.append(ask(file))
        for name, work in works.items():
            taken[name].append(seconds(partial(work, data)))
    middle = {name: statistics.median(times[1:]) for name, times in taken.items()}  # the first one fills what is kept
    return Beside(asked[0][0], statistics.median(took for _, took in asked[1:]), middle)


def beside_the_peer(*files: Path) -> Iterator[tuple[str, Beside]]:
    """What came of each file. Raises `NotMeasured`."""
    gc.set_threshold(100_000, 20, 100)  # as a harvest does
    with tempfile.TemporaryDirectory() as name, peer() as ask:
        for file in files or _written(Path(name)):
            yield file.stem, measured(file, ask)


def feeds() -> Iterator[tuple[str, bytes]]:
    """The real feeds, by their names. Raises `NotMeasured`."""
    if not SAMPLES.is_dir():
        raise NotMeasured(f"there are no real feeds: {SAMPLES}")
    for name in FEEDS:
        yield name, gzip.decompress((SAMPLES / f"{name}.ttl.gz").read_bytes())


def _written(folder: Path) -> Iterator[Path]:
    for name, data in feeds():
        file = folder / f"{name}.ttl"
        file.write_bytes(data)
        yield file


def main(*files: str) -> None:
    """Prints the rates of everybody."""
    for name, found in beside_the_peer(*map(Path, files)):
        rate = found.datasets / found.peer
        print(f"{name}: {found.datasets} datasets; ckanext-dcat parses and maps {rate:.0f} a second")
        for what, taken in found.ours.items():
            print(f"  {what:<34} {found.datasets / taken:6.0f} a second   {found.times(what):5.2f} times", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
