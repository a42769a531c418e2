"""How fast a feed is harvested, from bytes to index, beside `rdflib.Graph.parse` of the same file in the same run.

    python -m benchmarks.ingest [datasets] [format]

Everything of a harvest is counted: fetching over loopback, parsing, reading, normalising, checking, storing, indexing;
then the same harvest again, of the unchanged feed. rdflib only parses. Times are of the processor, since other
programs on the machine would else be measured too.
"""

import functools
import http.server
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import rdflib

from benchmarks.feeds import feed
from benchmarks.listening import listening
from catalogue.service import Catalogue
from catalogue.settings import Settings

_RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP, at the address yielded."""
    with listening(functools.partial(_Quiet, directory=str(folder))) as site:
        yield site


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """What the work counted, and its seconds of the processor."""
    start = time.process_time()
    return work(), time.process_time() - start


def harvested(catalogue: Catalogue, source: str) -> int:
    """One run; fails when it was not a good one."""
    run = catalogue.runs.harvest(source)
    assert run.state.startswith("done"), run.error
    return run.seen


def main(datasets: int = 1_000, format: str = "ttl") -> None:
    """Prints one line per figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"small.{format}").write_bytes(feed(20, format))
        (folder / f"feed.{format}").write_bytes(feed(datasets, format))
        settings = Settings(data_dir=folder / "var", fetch_allow=("127.0.0.0/8",))
        with served(folder) as address:
            catalogue = Catalogue(settings)
            catalogue.init()
            small = catalogue.sources.add(f"{address}/small.{format}", "dcat", title="Small")
            harvested(catalogue, small.name)  # tables are loaded once a process, not once a harvest
            source = catalogue.sources.add(f"{address}/feed.{format}", "dcat", title="Feed")
            count, first = timed(lambda: harvested(catalogue, source.name))
            again = timed(lambda: harvested(catalogue, source.name))[1]
            catalogue.close()
        data = (folder / f"feed.{format}").read_bytes()
        triples, parse = timed(lambda: len(rdflib.Graph().parse(data=data, format=_RDFLIB[format])))
    print(f"{count} datasets, {triples} triples, {format}")
    print(f"harvest                {count / first:8.0f} datasets/s   {parse / first:5.2f} times rdflib's parse")
    print(f"harvest, unchanged     {count / again:8.0f} datasets/s   {parse / again:5.2f} times rdflib's parse")
    print(f"rdflib.Graph.parse     {count / parse:8.0f} datasets/s")


if __name__ == "__main__":
    main(*(int(argument) if argument.isdigit() else argument for argument in sys.argv[1:]))  # type: ignore[arg-type]
