"""How fast search answers: median and 95th percentile of five kinds of query, no query twice.

    python -m benchmarks.search [--documents 100000] [--queries 200] [--folder FOLDER] [--elasticsearch URL] [--flask]

Through the seam (`SearchIndex.search`: everything that a result page shows), in bare tantivy, and on request on a
running Elasticsearch and through Flask (the search page as people get it, where facets are counted). Bare tantivy
means: one ready-made query over the same fields with the same weights, its count, its ten best, the same facets in one
aggregation, the ten stored documents; no tiers, no counts without a facet's own choice, no highlights, no words in
other languages. With `--folder` the index is kept there and used again.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from benchmarks.corpus import data_gov_be, many
from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.clauses import AnyOf, Clause, Without, narrowed
from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.embedded.words import to_query
from catalogue.search.language.analysis import words
from catalogue.search.language.stopwords import ANY_STOP_WORD
from catalogue.search.params import params_from_query
from catalogue.search.plan import plan
from catalogue.service import Catalogue
from catalogue.settings import Settings
from web.app import create_app
from web.pages.results import SHOWN

FACETS = SHOWN
LONGEST_WORD = 14
FLASK, BARE = "flask", "bare"


class Kind(NamedTuple):
    """A kind of query."""

    name: str
    queries: list[Query]


def kinds(documents: list[Document], number: int, seed: int = 1) -> list[Kind]:
    """Five kinds of query, from words of the documents."""
    chance = random.Random(seed)
    vocabulary = [word for one in documents for text in one.title for word in words(text.value)]
    vocabulary = [word for word in vocabulary if word not in ANY_STOP_WORD and 3 < len(word) < LONGEST_WORD]
    asked: set[str] = set()

    def some(count: int) -> str:
        """Words, frequent ones more often; never the same again, because counts are remembered."""
        while (text := " ".join(chance.sample(vocabulary, count))) in asked:
            pass
        asked.add(text)
        return text

    themes = [one.theme[0] for one in documents if one.theme]

    def narrowings(count: int) -> list[dict[str, tuple[str, ...]]]:
        """One or two themes in one format."""
        held = {(theme, code) for one in documents for theme in one.theme for code in one.format}
        pairs = {(tuple(sorted({one, other})), code) for one, code in held for other in set(themes)}
        return [{"theme": chosen, "format": (code,)} for chosen, code in chance.sample(sorted(pairs), count)]

    return [
        Kind("one word", [Query(text=some(1)) for _ in range(number)]),
        Kind("three words", [Query(text=some(3)) for _ in range(number)]),
        Kind("one word, six facets", [Query(text=some(1), facets=FACETS) for _ in range(number)]),
        Kind(
            "two words, a filter, six facets",
            [Query(text=some(2), filters={"theme": (chance.choice(themes),)}, facets=FACETS) for _ in range(number)],
        ),
        Kind(
            "two filters, newest first, page 3, six facets",
            [Query(filters=chosen, sort="-modified", page=3, facets=FACETS) for chosen in narrowings(number)],
        ),
    ]


def bare(index: EmbeddedIndex) -> Callable[[Query], Any]:
    """Answers with tantivy alone; what can be made beforehand is made beforehand."""
    searcher = index._view().searcher  # noqa: SLF001 - the measure is the engine below the seam
    counted = {name: {"terms": {"field": name, "size": 100}} for name in FACETS if name != "updated"}

    made: dict[bytes, Any] = {}

    def prepare(query: Query) -> Any:
        filters: list[Clause] = [AnyOf(name, values) for name, values in query.filters.items()]
        understood = plan(msgspec.structs.replace(query, only=True))
        found = understood.tiers[-1]
        while isinstance(found, Without):  # without what the tiers before have
            found = found.clause
        return to_query(narrowed(found, *filters))

    def answer(query: Query) -> Any:
        if (asked := msgspec.json.encode(query)) not in made:
            made[asked] = prepare(query)
        native = made[asked]
        order = "by_modified" if query.sort == "-modified" else None
        found = searcher.search(native, limit=10, offset=(query.page - 1) * 10, order_by_field=order)
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
            if name == FLASK and not kind.queries[0].facets:
                continue
            milliseconds(ask, kind.queries if name == BARE else warm)  # its queries are made beforehand
            measured[name] = milliseconds(ask, kind.queries[len(warm) :])
        middle, slow = (_summary(measured, share) for share in (0.5, 0.95))
        for name in measured:
            ratio = f"{middle[name] / middle[BARE]:6.2f} {slow[name] / slow[BARE]:6.2f}"
            print(f"{kind.name:45} {name:14} {middle[name]:8.2f} {slow[name]:8.2f} ms   ratio {ratio}", flush=True)


def everything(index: EmbeddedIndex) -> None:
    """Prints what the search without words or filters takes: the first time on a state of the index, and then."""
    query = Query(facets=FACETS)
    first = [milliseconds(EmbeddedIndex(index.folder.path).search, [query])[0] for _ in range(5)]
    milliseconds(index.search, [query])
    again = milliseconds(index.search, [query] * 100)
    times = f"{percentile(first, 0.5):8.2f} ms on a new state of the index, {percentile(again, 0.95):.2f} ms then"
    print(f"{'everything, six facets':45} {'seam':14} {times}")


def _summary(measured: dict[str, list[float]], share: float) -> dict[str, float]:
    return {name: percentile(times, share) for name, times in measured.items()}


def through_flask(folder: Path) -> Callable[[Query], Any]:
    """Asks for the search page of the portal over the index in a folder."""
    settings = Settings(data_dir=folder, access_log=False)  # what we print is read
    catalogue = Catalogue(settings)
    catalogue.init()
    client = create_app(settings, catalogue).test_client()

    def ask(query: Query) -> Any:
        answer = client.get("/en/search", query_string=params_from_query(query), follow_redirects=True)
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
            ways[FLASK] = through_flask(folder)
        if chosen.elasticsearch:
            elastic = ElasticIndex(chosen.elasticsearch)
            filled(elastic, chosen.documents)
            ways["elasticsearch"] = elastic.search
        report(kinds(data_gov_be(), chosen.queries), ways | {BARE: bare(embedded)})
        everything(embedded)


if __name__ == "__main__":
    main()
