"""How fast a feed is harvested, from bytes to index, beside `rdflib.Graph.parse` of the same file in the same run.

    python -m benchmarks.ingest [datasets] [format]
    python -m benchmarks.ingest FILE [format]

Everything of a harvest is counted: fetching over loopback, parsing, reading, normalising, checking, storing, indexing.
Then the same again: one dataset changed, whose peer is fetching, parsing and cutting the feed into records; the same
bytes from a server that does not say so; and a server that says that nothing changed. rdflib only parses. Times are of
the processor, since other programs on the machine would else be measured too; one process does all of the work but the
parsing of what is long, which counts as well.
"""

import functools
import http.server
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import rdflib

from benchmarks.feeds import feed
from benchmarks.listening import listening
from benchmarks.processor import timed, timed_together
from catalogue.service import Catalogue
from catalogue.settings import Settings
from harvesters import HARVESTERS
from harvesters.base import Crawl, Source
from harvesters.http import Client, Pace

SMALL = 20
"""Datasets of a feed that is harvested first: tables are loaded once a process, not once a harvest."""
DATABASE = "catalogue.sqlite"
_RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    tells = True
    """Whether it says when files changed, and so may be asked whether they did."""

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""

    def send_header(self, keyword: str, value: str) -> None:
        """Without the date of the file when it does not tell."""
        if self.tells or keyword != "Last-Modified":
            super().send_header(keyword, value)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP, at the address yielded."""
    with listening(functools.partial(_Quiet, directory=str(folder))) as site:
        yield site


def harvested(catalogue: Catalogue, source: str) -> int:
    """One run; fails when it was not a good one."""
    run = catalogue.runs.harvest(source)
    assert run.state.startswith("done"), run.error
    return run.seen


def cut(address: str) -> int:
    """Fetches a feed and cuts it into records, which are thrown away."""
    source = Source(id="feed", name="feed", title="Feed", url=address, kind="dcat")
    with Client(allow=("127.0.0.0/8",), pace=Pace(0)) as client:
        return sum(1 for _ in HARVESTERS["dcat"].fetch(source, client, Crawl()))


def changed(data: bytes) -> bytes:
    """The feed with one value of one dataset changed: the last word of the first quoted text that holds two."""
    found = re.search(rb'"[^"\\\\<>\n]{3,40} (\w+)"', data)
    assert found, "no text to change"
    return data[: found.start(1)] + b"Autrement" + data[found.end(1) :]


class Times(NamedTuple):
    """Seconds of the processor for a feed of so many datasets."""

    datasets: int
    triples: int
    first: float
    """The whole harvest."""
    told: float
    """Again, when the source says that nothing changed."""
    one: float
    """Again, with one dataset changed."""
    same: float
    """Again, with the same bytes, of which the source says nothing."""
    cutting: float
    """Fetching, parsing and cutting it into records alone."""
    parse: float
    """rdflib's parse of the same bytes."""
    kept: int
    """Bytes of the database beyond an empty one, an entry."""


def measured(data: bytes, format: str) -> Times:
    """Harvests a feed again and again."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"small.{format}").write_bytes(feed(SMALL, format))
        file = folder / f"feed.{format}"
        file.write_bytes(data)
        settings = Settings(data_dir=folder / "var", fetch_allow=("127.0.0.0/8",), harvest_processes=1)
        with served(folder) as address:
            with closing(Catalogue(settings)) as catalogue:
                catalogue.init()
            empty = (settings.data_dir / DATABASE).stat().st_size
            catalogue = Catalogue(settings)
            small = catalogue.sources.add(f"{address}/small.{format}", "dcat", title="Small")
            harvested(catalogue, small.name)
            source = catalogue.sources.add(f"{address}/feed.{format}", "dcat", title="Feed").name
            count, first = timed_together(lambda: harvested(catalogue, source))
            told = timed_together(lambda: harvested(catalogue, source))[1]
            _Quiet.tells = False
            file.write_bytes(changed(data))
            one = timed_together(lambda: harvested(catalogue, source))[1]
            same = timed_together(lambda: harvested(catalogue, source))[1]
            _Quiet.tells = True
            cutting = timed_together(lambda: cut(f"{address}/feed.{format}"))[1]
            catalogue.close()
        kept = ((settings.data_dir / DATABASE).stat().st_size - empty) // (count + SMALL)
        triples, parse = timed(lambda: len(rdflib.Graph().parse(data=data, format=_RDFLIB[format])))
    return Times(count, triples, first, told, one, same, cutting, parse, kept)


def main(what: str = "1000", format: str = "ttl") -> None:
    """Prints one line per figure."""
    data = feed(int(what), format) if what.isdigit() else Path(what).read_bytes()
    found = measured(data, format)
    count, cutting = found.datasets, found.cutting
    print(f"{count} datasets, {found.triples} triples, {format}")
    print(f"rdflib.Graph.parse     {count / found.parse:8.0f} datasets/s")
    print(
        f"harvest                {count / found.first:8.0f} datasets/s   {found.parse / found.first:6.2f} times rdflib"
    )
    print(f"one dataset changed    {count / found.one:8.0f} datasets/s   {found.one / cutting:6.2f} of parse and cut")
    print(f"the same bytes         {count / found.same:8.0f} datasets/s   {found.same / cutting:6.2f} of parse and cut")
    print(f"the source says so     {count / found.told:8.0f} datasets/s   {found.told / cutting:6.2f} of parse and cut")
    print(f"database               {found.kept / 1000:8.1f} KB a dataset")


if __name__ == "__main__":
    main(*sys.argv[1:])
