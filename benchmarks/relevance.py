"""How good the ranking is: judged queries of ACORDAR, known items of data.gov.be in French and Dutch, and others.

    python -m benchmarks.relevance [acordar] [product] [known] [pairs] [belgian] [berlin]
        [--samples ../shared/samples] [--elasticsearch URL] [--record]

Each figure stands with its change since the last record, which `--record` replaces (`relevance.json`). With an address
of Elasticsearch everything is asked there too, and what differs is told.

ACORDAR (https://github.com/nju-websoft/ACORDAR): 199 queries with graded judgements in two folds; nDCG@10 and MRR.
Weights are tuned on the first fold and confirmed on the second. SQLite FTS5 answers in the same run: BM25 over title
and text, any word. `product` asks them of a portal that harvested the documents: `/search.json` without `lang`.

Known items: for datasets with a human French and a human Dutch title, a query is the title without its rarest word. It
is asked of the whole index (`same language`) and of one where nobody wrote in the language of the query (`across`).
Everything is asked twice: as the search page does, and without what words mean in other languages (`only`).

Pairs: queries of `tests/data/search`, judged by hand, homographs among them; precision is the share of what has all the
words that does not mean something else.

Belgian: what people type here, made and judged by hand (`tests/data/search/belgian.csv`), asked of the samples of
data.gov.be as the search page does. A result is right when one of its titles has words that the judgement names; where
the judgement names none, nothing there answers, and nothing should be said to have all the words.

Berlin: what people asked its portal, of its catalogue (`berlin_log`).
"""

import argparse
import gzip
import json
import math
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean

import msgspec

from benchmarks import berlin_log
from benchmarks.corpus import SAMPLES, data_gov_be
from benchmarks.ingest import harvested, served
from benchmarks.relevance_record import Line, differences, keep, last, told
from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.language.analysis import key, words
from catalogue.search.language.stopwords import ANY_STOP_WORD
from catalogue.service import Catalogue
from catalogue.settings import Settings
from dcat.model import Text
from tests.judged import judged_documents, rows
from web.app import create_app

DCT = "http://purl.org/dc/terms/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RELEVANT_AT = 10
SECOND_HALF = 1000
"""Queries of ACORDAR made from datasets have numbers from here on; each fold has those from TREC first, then these."""

Ranking = Callable[[str], list[str]]


def acordar(samples: Path) -> tuple[list[Document], dict[str, str], dict[str, dict[str, int]]]:
    """Documents, queries and judgements (query → document → grade)."""
    folder = samples / "relevance" / "acordar"
    with gzip.open(folder / "docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [_acordar_document(json.loads(line)) for line in lines]
    queries = dict(line.split("\t", 1) for line in (folder / "queries.tsv").read_text("utf-8").splitlines())
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.txt").read_text("utf-8").splitlines():
        query, _, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    return documents, queries, grades


def _acordar_document(row: dict[str, str]) -> Document:
    return Document(
        id=row["id"],
        revision=1,
        iri="",
        name="",
        type="dataset",
        title=(Text(row["title"]),),
        description=(Text(row["text"]),),
    )


def ndcg(ranked: Iterable[str], grades: dict[str, int]) -> float:
    """Normalised discounted cumulative gain at 10, gain 2^grade − 1."""
    gains = [2 ** grades.get(id, 0) - 1 for id in ranked][:RELEVANT_AT]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:RELEVANT_AT]
    return _discounted(gains) / _discounted(ideal) if any(ideal) else 0.0


def _discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def reciprocal_rank(ranked: Iterable[str], relevant: Iterable[str]) -> float:
    """1 / place of the first relevant document; 0 when there is none."""
    wanted = set(relevant)
    return next((1 / place for place, id in enumerate(ranked, 1) if id in wanted), 0.0)


def judge(ranking: Ranking, queries: dict[str, str], grades: dict[str, dict[str, int]]) -> tuple[float, float, int]:
    """(nDCG@10, MRR, queries without an answer)."""
    ranked = {id: ranking(text) for id, text in queries.items()}
    gain = sum(ndcg(found, grades[id]) for id, found in ranked.items()) / len(queries)
    relevant = {id: [document for document, grade in grades[id].items() if grade] for id in queries}
    rank = sum(reciprocal_rank(found, relevant[id]) for id, found in ranked.items()) / len(queries)
    return gain, rank, sum(not found for found in ranked.values())


def folds(queries: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The queries of fold 0 and of fold 1, which follow each other in the file."""
    ids = list(queries)
    cut = next(at for at in range(1, len(ids)) if int(ids[at]) < SECOND_HALF <= int(ids[at - 1]))
    return {id: queries[id] for id in ids[:cut]}, {id: queries[id] for id in ids[cut:]}


def fts5(documents: Iterable[Document]) -> Ranking:
    """Ranks with SQLite's own full-text search."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE found USING fts5(id UNINDEXED, title, text, tokenize='porter unicode61')")
    rows = ((one.id, one.title[0].value, one.description[0].value) for one in documents)
    base.executemany("INSERT INTO found VALUES (?, ?, ?)", rows)

    def ranking(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in words(text))
        found = base.execute("SELECT id FROM found WHERE found MATCH ? ORDER BY rank LIMIT 10", (asked,))
        return [id for (id,) in found]

    return ranking


# --- known items -----------------------------------------------------------------------------------------------------


def known_items(documents: list[Document], language: str) -> dict[str, str]:
    """Id of a dataset → its human title in that language without its rarest word; titles that are not unique are no
    known items."""
    titles = {one.id: title for one in documents if (title := _human(one.title, language))}
    other = "nl" if language == "fr" else "fr"
    both = {one.id for one in documents if _human(one.title, other)}
    seen = Counter(word for title in titles.values() for word in set(words(title)))
    asked = {id: _without_rarest(title, seen) for id, title in titles.items() if id in both}
    often = Counter(asked.values())
    return {id: text for id, text in asked.items() if text and often[text] == 1}


def _human(texts: Iterable[Text], language: str) -> str:
    return next((text.value for text in texts if text.lang == language), "")


def _without_rarest(title: str, seen: Counter[str]) -> str:
    kept = [word for word in words(title) if word not in ANY_STOP_WORD]
    if len(kept) < 3:
        return ""
    kept.remove(min(kept, key=lambda word: (seen[word], word)))
    return " ".join(kept)


def hidden(document: Document, language: str) -> Document:
    """A document as if nobody had written in that language."""

    def others(texts: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(text for text in texts if text.language != language)

    fields = {
        name: others(getattr(document, name)) for name in ("title", "description", "keyword", "publisher", "spatial")
    }
    return msgspec.structs.replace(document, **fields)


def find(ranking: Ranking, asked: dict[str, str]) -> tuple[float, float, float]:
    """(share found first, share found among the first ten, MRR)."""
    ranks = [reciprocal_rank(ranking(text), (id,)) for id, text in asked.items()]
    return sum(rank == 1 for rank in ranks) / len(ranks), sum(rank > 0 for rank in ranks) / len(ranks), mean(ranks)


# --- running ---------------------------------------------------------------------------------------------------------


@contextmanager
def portal_over(documents: Iterable[Document]) -> Iterator[Ranking]:
    """Ranks as a program is answered by a portal which harvested the documents."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        (Path(name) / "feed.nt").write_text("".join(map(_triples, documents)), encoding="utf-8")
        settings = Settings(data_dir=Path(name) / "var", fetch_allow=("127.0.0.0/8",), access_log=False)
        catalogue = Catalogue(settings)
        catalogue.init()
        harvested(catalogue, catalogue.sources.add(f"{address}/feed.nt", "dcat", title="Feed").name)
        client = create_app(settings, catalogue).test_client()

        def ranking(text: str) -> list[str]:
            said = client.get("/search.json", query_string={"q": text[:256]}).json
            return [found["iri"].removeprefix(IRIS) for found in (said or {})["results"]]

        yield ranking
        catalogue.close()


IRIS = "https://example.org/dataset/"


def _triples(document: Document) -> str:
    said = {"title": document.title[0].value, "description": document.description[0].value}
    subject = f"<{IRIS}{document.id}>"
    lines = [f"{subject} <{RDF_TYPE}> <http://www.w3.org/ns/dcat#Dataset> .\n"]
    lines += (f"{subject} <{DCT}{name}> {json.dumps(text, ensure_ascii=False)} .\n" for name, text in said.items())
    return "".join(lines)


@contextmanager
def index_over(documents: Iterable[Document], server: str) -> Iterator[SearchIndex]:
    """An index of its own over documents, embedded or on a server."""
    with tempfile.TemporaryDirectory() as folder:
        index = ElasticIndex(f"{server}/relevance") if server else EmbeddedIndex(Path(folder) / "search")
        index.rebuild(documents)
        yield index
        index.close()


@contextmanager
def rankings_over(documents: Iterable[Document], language: str, server: str) -> Iterator[dict[str, Ranking]]:
    """Ranks as the search page does, and the words as typed only."""

    def ranking(*, only: bool) -> Ranking:
        def ranked(text: str) -> list[str]:
            return [hit.document.id for hit in index.search(Query(text=text[:256], language=language, only=only)).hits]

        return ranked

    with index_over(documents, server) as index:
        yield {"with concepts": ranking(only=False), "only": ranking(only=True)}


def judged(samples: Path, server: str) -> Iterator[Line]:
    """ACORDAR, beside SQLite's own search."""
    documents, queries, grades = acordar(samples)
    with rankings_over(documents, "en", server) as rankings:
        for name, ranking in (rankings | {"SQLite FTS5": fts5(documents)}).items():
            yield _judgement(f"ACORDAR, {name}", ranking, queries, grades)


def _judgement(name: str, ranking: Ranking, queries: dict[str, str], grades: dict[str, dict[str, int]]) -> Line:
    gain, rank, unanswered = judge(ranking, queries, grades)
    first, second = (judge(ranking, fold, grades)[0] for fold in folds(queries))
    figures = {"nDCG@10": gain, "fold 0": first, "fold 1": second, "MRR": rank, "unanswered": unanswered}
    return Line(name, figures)


def product(samples: Path, _server: str) -> Iterator[Line]:
    """The same as programs are answered."""
    documents, queries, grades = acordar(samples)
    with portal_over(documents) as ranking:
        yield _judgement("ACORDAR, /search.json", ranking, queries, grades)


def known(samples: Path, server: str) -> Iterator[Line]:
    """Known items."""
    corpus = data_gov_be(samples)
    for language in ("fr", "nl"):
        asked = known_items(corpus, language)
        for what, held in (("same language", corpus), ("across", [hidden(one, language) for one in corpus])):
            with rankings_over(held, language, server) as rankings:
                for name, ranking in rankings.items():
                    first, ten, rank = find(ranking, asked)
                    yield Line(f"{language}, {what}, {name}", {"first": first, "among ten": ten, "MRR": rank})


def pairs(_samples: Path, server: str) -> Iterator[Line]:
    """The pairs judged by hand."""
    asked = rows("judged.csv")
    with index_over(judged_documents(), server) as index:
        found = [index.search(Query(text=row["query"], language=row["language"], partly="left")).hits for row in asked]
    ranked = [[hit.document.id for hit in hits] for hits in found]
    wanted = [(ids, row["wanted"].split()) for ids, row in zip(ranked, asked, strict=True) if row["wanted"]]
    first = mean(bool(set(ids[:1]) & set(good)) for ids, good in wanted)
    wrong = sum(len(set(ids) & set(row["unwanted"].split())) for ids, row in zip(ranked, asked, strict=True))
    count = sum(len(f"{row['wanted']} {row['unwanted']}".split()) for row in asked)
    yield Line("judged pairs", {"pairs": count, "first": first, "precision": 1 - wrong / sum(map(len, ranked))})


def belgian(samples: Path, server: str) -> Iterator[Line]:
    """What people type here."""
    held, asked = data_gov_be(samples), rows("belgian.csv")
    with index_over(held, server) as index:
        found = [index.search(Query(text=row["query"], language=row["language"], partly="filling")) for row in asked]
    answered = [(one, row["right"].split("|")) for one, row in zip(found, asked, strict=True) if row["right"]]
    ranks = [_rank((hit.document for hit in one.hits), right) for one, right in answered]
    quiet = [not one.count_all_words for one, row in zip(found, asked, strict=True) if not row["right"]]
    shares = {"first": mean(rank == 1 for rank in ranks), "among ten": mean(rank > 0 for rank in ranks)}
    yield Line("Belgian-looking", {"queries": len(asked), **shares, "MRR": mean(ranks), "none said": mean(quiet)})


def _rank(ranked: Iterable[Document], right: list[str]) -> float:
    """1 / place of the first document with a title that has one of the texts, from the beginning of a word on."""
    wanted = [f" {key(text)}" for text in right]
    titles = (" ".join(f" {key(text.value)}" for text in one.title) for one in ranked)
    return next((1 / place for place, said in enumerate(titles, 1) if any(one in said for one in wanted)), 0.0)


def berlin(samples: Path, server: str) -> Iterator[Line]:
    """What people asked Berlin's portal."""
    held = berlin_log.documents(samples)
    with index_over(held, server) as index:
        yield Line("Berlin 2019-2020", berlin_log.shares(held, index, samples))


PARTS = {"acordar": judged, "product": product, "known": known, "pairs": pairs, "belgian": belgian, "berlin": berlin}


def main() -> None:
    """Prints a line a set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--elasticsearch", default="")
    parser.add_argument("--record", action="store_true")
    chosen = parser.parse_args()
    before, lines = last(), list[Line]()
    for name in chosen.parts:
        found = []
        for line in PARTS[name](chosen.samples, ""):
            print(told(line, before), flush=True)
            found.append(line)
        if chosen.elasticsearch:
            there = PARTS[name](chosen.samples, chosen.elasticsearch)
            print("\n".join(differences(found, there)) or f"{name}: the same on Elasticsearch", flush=True)
        lines += found
    if chosen.record:
        keep(lines)


if __name__ == "__main__":
    main()
