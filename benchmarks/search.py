"""How fast search answers: median and 95th percentile of five kinds of query, through the seam and in bare tantivy.

    python -m benchmarks.search [--documents 100000] [--queries 200] [--index FOLDER] [--elasticsearch URL]

Bare tantivy means: one ready-made query over the same fields with the same weights, its count, its ten best, the same
counts of facets in one aggregation, the ten stored documents; no tiers, no counts without a facet's own choice, no
snippets, no words in other languages. With `--index` the index is kept in a folder and used again.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.corpus import data_gov_be, many
from catalogue.search.analysis import query_words, words
from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.clauses import AnyOf, Clause, narrowed
from catalogue.search.embedded import EmbeddedIndex, to_query
from catalogue.search.plan import plan
from catalogue.search.stopwords import ANY_STOP_WORD

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
    ready: dict[int, Any] = {}

    def prepare(query: Query) -> Any:
        filters: list[Clause] = [AnyOf(name, values) for name, values in query.filters.items()]
        understood = plan(msgspec.structs.replace(query, only=True))
        return to_query(
            narrowed(understood.tiers[-1][0].clause if query_words(query.text) else understood.match, *filters)
        )

    def answer(query: Query) -> Any:
        native = ready[id(query)]
        order = {"order_by_field": "by_modified"} if query.sort == "-modified" else {}
        found = searcher.search(native, limit=10, offset=(query.page - 1) * 10, **order)
        if query.facets:
            searcher.aggregate(native, counted)
        return [searcher.doc(address)["document"] for _, address in found.hits]

    answer.prepare = lambda query: ready.setdefault(id(query), prepare(query))  # type: ignore[attr-defined]
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


def report(index: SearchIndex, native: Callable[[Query], Any] | None, chosen: list[Kind]) -> None:
    """Prints a line per kind of query."""
    for kind in chosen:
        warm = kind.queries[: len(kind.queries) // 10]
        milliseconds(index.search, warm)
        seam = milliseconds(index.search, kind.queries[len(warm) :])
        line = f"{kind.name:45} seam {statistics.median(seam):7.2f} {percentile(seam, 0.95):7.2f} ms"
        if native:
            for query in kind.queries:
                native.prepare(query)  # type: ignore[attr-defined]
            milliseconds(native, warm)
            below = milliseconds(native, kind.queries[len(warm) :])
            ratios = (
                statistics.median(seam) / statistics.median(below),
                percentile(seam, 0.95) / percentile(below, 0.95),
            )
            line += f"   bare {statistics.median(below):7.2f} {percentile(below, 0.95):7.2f} ms"
            line += f"   ratio {ratios[0]:.2f} {ratios[1]:.2f}"
        print(line, flush=True)


def main() -> None:
    """Prints a table: median and 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--index", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        index = EmbeddedIndex(chosen.index or Path(temporary) / "search")
        if index.status().get("documents") != chosen.documents:
            start = time.perf_counter()
            index.rebuild(many(chosen.documents))
            print(f"built at {chosen.documents / (time.perf_counter() - start):.0f} documents/s")
        status = index.status()
        print(f"{status['documents']} documents, {int(str(status['bytes'])) / 1e6:.0f} MB; median and p95")
        report(index, bare(index), kinds(data_gov_be(), chosen.queries))


if __name__ == "__main__":
    main()
