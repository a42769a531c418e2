"""How fast search answers: median and 95th percentile of five kinds of query.

    python -m benchmarks.search [--documents 100000] [--queries 200] [--folder FOLDER] [--elasticsearch URL] [--flask]

Through the seam (`SearchIndex.search`: everything that a result page shows), in bare tantivy, and on request through
Flask (`/search.json` with the same parameters) and on a running Elasticsearch. Bare tantivy means: one ready-made query
over the same fields with the same weights, its count, its ten best, the same facets in one aggregation, the ten stored
documents; no tiers, no counts without a facet's own choice, no highlights, no words in other languages. With `--folder`
the index is kept there and used again.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.corpus import data_gov_be, many
from catalogue.search.analysis import query_words, words
from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.clauses import AnyOf, Clause, narrowed
from catalogue.search.elastic import ElasticIndex
from catalogue.search.embedded import EmbeddedIndex, to_query
from catalogue.search.params import params_from_query
from catalogue.search.plan import plan
from catalogue.search.stopwords import ANY_STOP_WORD
from catalogue.service import Catalogue
from catalogue.settings import Settings
from web.app import create_app

FACETS = ("type", "theme", "publisher", "format_family", "licence_family", "updated")
LONGEST_WORD = 14


class Kind(NamedTuple):
    """A kind of query."""

    name: str
    queries: list[Query]


def kinds(documents: list[Document], number: int, seed: int = 1) -> list[Kind]:
    """Five kinds of query, from words of the documents."""
    chance = random.Random(seed)
    vocabulary = [word for one in documents for text in one.title for word in words(text.value)]
    vocabulary = [word for word in vocabulary if word not in ANY_STOP_WORD and 3 < len(word) < LONGEST_WORD]

    def some(count: int) -> str:
        return " ".join(chance.sample(vocabulary, count))

    themes = [one.theme[0] for one in documents if one.theme]
    return [
        Kind("one word", [Query(text=some(1)) for _ in range(number)]),
        Kind("three words", [Query(text=some(3)) for _ in range(number)]),
        Kind("one word, six facets", [Query(text=some(1), facets=FACETS) for _ in range(number)]),
        Kind(
            "two words, a filter, six facets",
            [Query(text=some(2), filters={"theme": (chance.choice(themes),)}, facets=FACETS) for _ in range(number)],
        ),
        Kind(
            "a filter, newest first, page 3, six facets",
            [
                Query(filters={"theme": (chance.choice(themes),)}, sort="-modified", page=3, facets=FACETS)
                for _ in range(number)
            ],
        ),
    ]


def bare(index: EmbeddedIndex) -> Callable[[Query], Any]:
    """Answers with tantivy alone; what can be made beforehand is made beforehand."""
    searcher = index._view().searcher  # noqa: SLF001 - the measure is the engine below the seam
    counted = {name: {"terms": {"field": name, "size": 100}} for name in FACETS if name != "updated"}

    @cache
    def ready(asked: bytes) -> Any:
        return prepare(msgspec.json.decode(asked, type=Query))

    def prepare(query: Query) -> Any:
        filters: list[Clause] = [AnyOf(name, values) for name, values in query.filters.items()]
        understood = plan(msgspec.structs.replace(query, only=True))
        return to_query(
            narrowed(understood.tiers[-1][0].clause if query_words(query.text) else understood.match, *filters)
        )

    def answer(query: Query) -> Any:
        native = ready(msgspec.json.encode(query))
        order = {"order_by_field": "by_modified"} if query.sort == "-modified" else {}
        found = searcher.search(native, limit=10, offset=(query.page - 1) * 10, **order)
        if query.facets:
            searcher.aggregate(native, counted)
        return [searcher.doc(address)["document"] for _, address in found.hits]

    return answer


def milliseconds(ask: Callable[[Query], Any], queries: Iterable[Query]) -> list[float]:
    """Time of each query."""
    times = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        times.append(1000 * (time.perf_counter() - start))
    return times


def percentile(times: list[float], share: float) -> float:
    """The time that this share of the queries stays below."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def report(chosen: list[Kind], ways: dict[str, Callable[[Query], Any]]) -> None:
    """Prints a line per kind of query and way, with the ratio to the last way, the bare one."""
    for kind in chosen:
        warm = kind.queries[: len(kind.queries) // 10]
        measured: dict[str, list[float]] = {}
        for name, ask in ways.items():
            milliseconds(ask, kind.queries if name == "bare" else warm)  # its queries are made beforehand
            measured[name] = milliseconds(ask, kind.queries[len(warm) :])
        middle, slow = (_summary(measured, share) for share in (0.5, 0.95))
        bare_name = list(ways)[-1]
        for name in ways:
            ratio = f"{middle[name] / middle[bare_name]:6.2f} {slow[name] / slow[bare_name]:6.2f}"
            print(f"{kind.name:45} {name:14} {middle[name]:8.2f} {slow[name]:8.2f} ms   ratio {ratio}", flush=True)


def _summary(measured: dict[str, list[float]], share: float) -> dict[str, float]:
    return {name: percentile(times, share) for name, times in measured.items()}


def through_flask(folder: Path) -> Callable[[Query], Any]:
    """Asks `/search.json` of the portal over the index in a folder."""
    settings = Settings(data_dir=folder)
    catalogue = Catalogue(settings)
    catalogue.init()
    client = create_app(settings, catalogue).test_client()

    def ask(query: Query) -> Any:
        answer = client.get("/search.json", query_string=params_from_query(query))
        if answer.status_code != 200:
            raise RuntimeError(answer.get_data(as_text=True))
        return answer

    return ask


def filled(index: SearchIndex, count: int) -> None:
    """Builds the index unless it holds that many documents already; says how fast and how large it is."""
    if index.status().get("documents") != count:
        start = time.perf_counter()
        index.rebuild(many(count))
        print(f"built at {count / (time.perf_counter() - start):.0f} documents/s")
    status = index.status()
    print(f"{status['engine']} {status['version']}: {count} documents, {int(str(status['bytes'])) / 1e6:.0f} MB")


def main() -> None:
    """Prints a table: median and 95th percentile, and their ratios to bare tantivy."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--elasticsearch")
    parser.add_argument("--flask", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        embedded = EmbeddedIndex(folder / "search")
        filled(embedded, chosen.documents)
        ways: dict[str, Callable[[Query], Any]] = {"seam": embedded.search}
        if chosen.flask:
            ways["flask"] = through_flask(folder)
        if chosen.elasticsearch:
            elastic = ElasticIndex(chosen.elasticsearch)
            filled(elastic, chosen.documents)
            ways["elasticsearch"] = elastic.search
        report(kinds(data_gov_be(), chosen.queries), ways | {"bare": bare(embedded)})


if __name__ == "__main__":
    main()
