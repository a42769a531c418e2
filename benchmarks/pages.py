"""How long readers wait for pages of the real server, and how many a process of it answers.

    python -m benchmarks.pages [ENTRIES] [--folder FOLDER] [--seconds 5]

Two processes, started as `datastore serve` starts them, are asked by two readers at once, each question over a
connection of its own as that of a new reader. No page is asked for twice but those that many ask for: the home page and
what did not change (304). The last columns are of the processor, which other programs on the machine change less: what
an answer costs its process, and so how many of them one process gives in a second. Then so many pages are crawled, and
the memory is told that the larger process has for itself. Last, pages of results are measured beside the bare engine,
one query after another in one process, again by the processor. With `--folder` the catalogue is kept there and used
again.
"""

import argparse
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from itertools import combinations, cycle, repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from benchmarks.feed_files import paged
from benchmarks.grown import grown
from benchmarks.processor import of_process, seconds
from benchmarks.search import bare
from catalogue.search.base import Query
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.language.analysis import words
from catalogue.search.language.stopwords import ANY_STOP_WORD
from catalogue.service import Catalogue
from catalogue.settings import Settings, as_environment
from catalogue.work.serve import SELDOM
from web.app import create_app
from web.pages.results import SHOWN

WORKERS, READERS = 2, 2
UNCHANGED = "304"
VOCABULARY = 200
"""Words of which two are asked for at a time, never the same two."""
CRAWLED = 2_000
"""Pages after which memory is looked at."""
QUERIES = 120
WARM = 12
"""Questions of each kind that are not counted: the first one loads tables in each process."""

Headers = Mapping[str, str]
PACKED: Headers = {"Accept-Encoding": "gzip"}


class Asked(NamedTuple):
    """What is asked for: an address, another one each time, and headers."""

    addresses: Iterator[str]
    headers: Headers = MappingProxyType({})
    status: int = 200


class Times(NamedTuple):
    """What came of it."""

    waited: list[float]
    """Milliseconds of each answer, sorted."""
    seconds: float
    processor: float
    """Milliseconds of the processor an answer."""

    def percentile(self, share: float) -> float:
        """What this share of the readers waited at most."""
        return self.waited[min(len(self.waited) - 1, int(share * len(self.waited)))]

    @property
    def a_process(self) -> float:
        """Answers that one process gives in a second, by its processor time."""
        return 1000 / self.processor if self.processor else float("inf")


class Server:
    """`datastore serve`, listening."""

    def __init__(self, process: subprocess.Popen[str], address: str, site_url: str) -> None:
        self.place, self.host = urlsplit(address).netloc, urlsplit(site_url).netloc
        self.children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    def ask(self, path: str, headers: Headers) -> tuple[int, str]:
        """Status and tag of an answer, read to its end."""
        with closing(HTTPConnection(self.place, timeout=60)) as connection:
            connection.request("GET", path, headers={"Host": self.host, **PACKED, **headers})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("ETag", "")

    def processor(self) -> float:
        """Seconds of the processor that its processes have taken."""
        return sum(map(of_process, self.children))

    def memory(self) -> float:
        """Megabytes that the larger of its processes shares with nobody."""
        rolled = (Path(f"/proc/{child}/smaps_rollup").read_text().splitlines() for child in self.children)
        return (
            max(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) for lines in rolled) / 1000
        )


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """The portal from processes of their own, until the block ends."""
    command = [sys.executable, "-m", "catalogue", "serve", "--port", "0", "--workers", str(WORKERS), "--no-worker"]
    environment = os.environ | as_environment(settings)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        address = _address(process.stderr)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield _ready(process, address, settings.site_url)
    finally:
        process.terminate()
        process.wait()


def _address(said: Iterable[str]) -> str:
    """Where it listens, which it says when it does; what it said else where it does not."""
    lines = []
    for line in said:
        if line.startswith("The portal:"):
            return line.split()[-1]
        lines.append(line)
    raise SystemExit("".join(lines))


def _ready(process: subprocess.Popen[str], address: str, site_url: str) -> Server:
    """The server once each of its processes runs."""
    while len((server := Server(process, address, site_url)).children) < WORKERS:
        time.sleep(0.1)
    return server


def measured(server: Server, asked: Asked, seconds: float) -> Times:
    """Asks for so many seconds, all readers at once."""
    for _ in range(WARM):
        server.ask(next(asked.addresses), asked.headers)
    waited: list[float] = []
    lock, end = threading.Lock(), time.monotonic() + seconds

    def read() -> None:
        while time.monotonic() < end:
            with lock:
                path = next(asked.addresses)
            began = time.perf_counter()
            status, _ = server.ask(path, asked.headers)
            waited.append(1000 * (time.perf_counter() - began))
            assert status == asked.status, (path, status)

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    began, before = time.perf_counter(), server.processor()
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert waited, "a reader failed; the lines above say why"
    processor = 1000 * (server.processor() - before) / len(waited)
    return Times(sorted(waited), time.perf_counter() - began, processor)


def crawled(server: Server, all_pages: Iterable[Asked]) -> float:
    """Asks for pages of each kind in turn. Returns the memory of the larger process then, in MB."""
    for _, asked in zip(range(CRAWLED), cycle(all_pages), strict=False):
        server.ask(next(asked.addresses), asked.headers)
    return server.memory()


def pages(settings: Settings, queries: Iterable[str], server: Server) -> dict[str, Asked]:
    """What is asked for, by name."""
    with closing(Catalogue(settings)) as catalogue:
        count = catalogue.pieces.count()
        datasets = [one.name for one in catalogue.entries.after("", 5_000, 0)]
        publishers = [one.name for one in catalogue.publishers.all()]
    _, tag = server.ask("/en/search", {})
    return {
        "home": Asked(repeat("/en/")),
        "search": Asked(cycle(f"/en/search?{urlencode({'q': words})}" for words in queries)),
        "dataset": Asked(cycle(f"/en/dataset/{name}" for name in datasets)),
        "publisher": Asked(cycle(f"/{lang}/publisher/{name}" for name in publishers for lang in ("en", "fr", "nl"))),
        "page of the feed": Asked(cycle(f"/catalog.ttl?page={page}" for page in range(1, count // 100 + 1))),
        UNCHANGED: Asked(repeat("/en/search"), {"If-None-Match": tag}, 304),
    }


def two_words(settings: Settings) -> Iterator[str]:
    """Two words of titles at a time."""
    with closing(Catalogue(settings)) as catalogue:
        titles = [text.value for one in catalogue.entries.after("", 500, 0) for text in one.entry.title]
    vocabulary = sorted({word for title in titles for word in words(title)} - ANY_STOP_WORD)
    pairs = [*combinations(vocabulary[:: len(vocabulary) // VOCABULARY + 1], 2)]
    random.Random(1).shuffle(pairs)
    return map(" ".join, pairs)


def beside_the_engine(settings: Settings, texts: list[str]) -> float:
    """How many times as long as the bare engine a page of results takes, at the median, by the processor."""
    gc.set_threshold(*SELDOM)
    engine = bare(EmbeddedIndex(settings.data_dir / "search"))
    queries = [Query(text=text, language="en", facets=SHOWN) for text in texts]
    settings = replace(settings, access_log=False)
    with closing(Catalogue(settings)) as catalogue:
        client = create_app(settings, catalogue).test_client()

        def page(query: Query) -> Any:
            return client.get("/en/search", query_string={"q": query.text}, base_url=settings.site_url).data

        _each(engine, queries)  # its queries are made beforehand
        _each(page, queries[:20])
        return statistics.median(_each(page, queries[20:])) / statistics.median(_each(engine, queries[20:]))


def _each(ask: Callable[[Query], Any], queries: list[Query]) -> list[float]:
    return [seconds(partial(ask, query)) for query in queries]


def unbounded(settings: Settings) -> Settings:
    """The same portal for readers that ask as fast as they can."""
    return replace(settings, check_links=False, searches_per_minute=0)


def waits(settings: Settings, seconds: float) -> Iterator[tuple[str, Times]]:
    """What came of each kind of page. Pages of the feed lie ready, as where a worker runs."""
    paged(settings)
    with serving(settings) as server:
        for name, asked in pages(settings, two_words(settings), server).items():
            yield name, measured(server, asked, seconds)


def memory(settings: Settings) -> float:
    """MB that the larger process has for itself after a crawl."""
    with serving(settings) as server:
        return crawled(server, pages(settings, two_words(settings), server).values())


def results(settings: Settings) -> float:
    """How many times as long as the bare engine a page of results takes."""
    texts = two_words(settings)
    return beside_the_engine(settings, [next(texts) for _ in range(QUERIES)])


def report(settings: Settings, seconds: float) -> None:
    """Prints a line a page, the memory, and the ratio of search to the engine."""
    print(f"{'two processes, two readers':<26} p50     p95          in all    processor    a process", flush=True)
    for name, found in waits(settings, seconds):
        print(
            f"{name:<20} {found.percentile(0.5):9.1f} {found.percentile(0.95):7.1f} ms "
            f"{len(found.waited) / found.seconds:8.0f}/s {found.processor:9.2f} ms {found.a_process:10.0f}/s",
            flush=True,
        )
    print(f"{memory(settings):.0f} MB of its own a process after {CRAWLED} pages", flush=True)
    print(f"a page of results takes {results(settings):.1f} times as long as the bare engine (median)")


def main() -> None:
    """Fills a catalogue, unless it is there, and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entries", type=int, nargs="?", default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        is_there = (folder / "var").is_dir()
        settings = Settings(data_dir=folder / "var") if is_there else grown(folder, chosen.entries)
        with closing(Catalogue(settings)) as catalogue:
            catalogue.init()  # one that was kept may be of another version
        report(unbounded(settings), chosen.seconds)


if __name__ == "__main__":
    main()
