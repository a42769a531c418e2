"""What one request costs in a catalogue ten times as large: nothing may grow with the number of entries.

    python -m benchmarks.growth [few] [many]

Both catalogues are served in one process, in turns; times are of the processor, the median of the requests after the
first one at each address, since what is asked once for each state of the catalogue is asked by that. The first one has
its own column.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from flask.testing import FlaskClient

from benchmarks.grown import Shelf
from benchmarks.processor import timed
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work.serve import SELDOM
from web.app import create_app

PROMISE = 1.3
REQUESTS, MANY = 15, 300
"""At least, and at most."""
SECONDS = 0.5
"""For which each kind is asked for."""
LATE = 0.9
"""Where in a list its late pages are."""
UNCHANGED = "304 of "
"""What is asked for again by whoever has it."""
ADDRESSES = {
    "home": "/en/?anew=1",
    "home, kept": "/en/",
    "quality": "/en/quality?anew=1",
    "publishers": "/en/publishers?anew=1",
    "publisher": "/en/publisher/{publisher}",
    "dataset": "/en/dataset/{dataset}",
    "dataset, RDF": "/dataset/{dataset}.ttl",
    "sources": "/en/sources?anew=1",
    "source": "/en/source/{source}",
    "duplicates": "/api/1/duplicates/",
    "list of site maps": "/sitemap.xml",
    "late site map": "/sitemap/{map}.xml",
    "late page of the feed": "/catalog.nt?page={page}",
    "late page of quality": "/quality.nt?page={page}",
    "late page of the API": "/api/1/datasets/?limit=20&offset={late}",
    "late page of CKAN's names": "/api/3/action/package_list?limit=20&offset={late}",
    "late page of CKAN": "/api/3/action/package_search?rows=20&start={start}",
    "late page of OAI-PMH": "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "search, words": "/search.json?q=budget",
    "search, everything": "/search.json",
    "search page": "/en/search?q=budget",
    "readyz": "/readyz",
    f"{UNCHANGED}the search page": "/en/search",
    f"{UNCHANGED}a page of the feed": "/catalog.ttl?page=1",
}
"""What is asked for, by what it is."""


class Cost(NamedTuple):
    """Milliseconds of the processor of one kind of request, with few entries and with many."""

    kind: str
    few: float
    many: float
    first: tuple[float, float]
    """Of the first request."""

    @property
    def times(self) -> float:
        """How many times as much."""
        return self.many / self.few


class Portal:
    """One catalogue and somebody who asks it."""

    def __init__(self, settings: Settings) -> None:
        self.site = settings.site_url
        self.catalogue = Catalogue(settings)
        self.client: FlaskClient = create_app(replace(settings, access_log=False), self.catalogue).test_client()
        self.count = self.catalogue.pieces.count()

    def addresses(self) -> dict[str, str]:
        """Addresses by what they are."""
        late = int(self.count * LATE)
        names = {
            "dataset": self.catalogue.entries.after("", 1, late)[0].name,
            "source": self.catalogue.sources.all()[0].name,
            "publisher": self.catalogue.publishers.all()[0].name,
        }
        numbers = {"late": late, "page": late // 100, "map": late // 1000, "start": min(late, 9000)}
        return {kind: path.format(**names, **numbers) for kind, path in ADDRESSES.items()}

    def seconds(self, path: str, tag: str = "") -> float:
        """Processor time of one request."""
        headers = {"If-None-Match": tag} if tag else {}
        answer, took = timed(lambda: self.client.get(path, headers=headers, base_url=self.site))
        assert answer.status_code == (304 if tag else 200), (path, answer.status_code, answer.text[:200])
        return took

    def tag(self, path: str) -> str:
        """The tag of an answer."""
        return self.client.get(path, base_url=self.site).headers["ETag"]


def costs(few: Settings, many: Settings) -> Iterator[Cost]:
    """What each kind of request costs in two catalogues."""
    gc.set_threshold(*SELDOM)
    small, large = Portal(few), Portal(many)
    with closing(small.catalogue), closing(large.catalogue):
        there = large.addresses()
        for kind, path in small.addresses().items():
            yield _cost(kind, (small, path), (large, there[kind]))


def _cost(kind: str, *asked: tuple[Portal, str]) -> Cost:
    tagged = [(portal, path, portal.tag(path) if kind.startswith(UNCHANGED) else "") for portal, path in asked]
    first, *turns = _turns(tagged)
    few, many = map(statistics.median, zip(*turns, strict=True))
    return Cost(kind, few, many, (first[0], first[1]))


def _turns(asked: list[tuple[Portal, str, str]]) -> Iterator[list[float]]:
    """Milliseconds of each, turn after turn; more turns where they are short, since chance is more of them."""
    began = time.process_time()
    for turn in range(MANY + 1):
        if turn > REQUESTS and time.process_time() - began > SECONDS:
            return
        yield [1000 * portal.seconds(path, tag) for portal, path, tag in asked]


def main(few: int = 5_000, many: int = 50_000) -> None:
    """Builds both, measures, and fails when something grows."""
    with tempfile.TemporaryDirectory() as name:
        shelf = Shelf(Path(name))
        grows = run(*(shelf.catalogue(entries) for entries in (few, many)))
    if grows:
        sys.exit(f"More than {PROMISE} times as much: {', '.join(grows)}")


def run(few: Settings, many: Settings) -> list[str]:
    """Prints a line a kind. Returns those that grow more than is promised."""
    print(f"{'milliseconds of the processor':<30} {'few':>8} {'many':>8}  times   first")
    grows = []
    for one in costs(few, many):
        mark = " !" if one.times > PROMISE else ""
        grows += [one.kind] if mark else []
        first = " → ".join(f"{taken:.0f}" for taken in one.first)
        print(f"{one.kind:<30} {one.few:8.2f} {one.many:8.2f}  {one.times:5.2f}   {first}{mark}", flush=True)
    return grows


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
