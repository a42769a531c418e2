"""How good the ranking is: judged queries of ACORDAR, and known items of data.gov.be in French and Dutch.

    python -m benchmarks.relevance [acordar] [known] [--samples ../shared/samples]

ACORDAR (https://github.com/nju-websoft/ACORDAR): 199 queries with graded judgements; nDCG@10 and MRR. Known items: for
datasets with a human French and a human Dutch title, a query is the title without its rarest word. It is asked of the
whole index (`same language`) and of one where nobody wrote in the language of the query (`across`).
"""

import argparse
import gzip
import json
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from benchmarks.corpus import SAMPLES, data_gov_be
from catalogue.search.analysis import words
from catalogue.search.base import Document, Query
from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.stopwords import ANY_STOP_WORD
from dcat.model import Text

RELEVANT_AT = 10

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


def find(ranking: Ranking, asked: dict[str, str]) -> tuple[float, float]:
    """(MRR, share found among the first ten)."""
    ranks = [reciprocal_rank(ranking(text), (id,)) for id, text in asked.items()]
    return sum(ranks) / len(ranks), sum(rank > 0 for rank in ranks) / len(ranks)


# --- running ---------------------------------------------------------------------------------------------------------


@contextmanager
def ranking_over(documents: Iterable[Document], language: str) -> Iterator[Ranking]:
    """Ranks with an embedded index of its own."""
    with tempfile.TemporaryDirectory() as folder:
        index = EmbeddedIndex(Path(folder) / "search")
        index.rebuild(documents)
        yield lambda text: [hit.document.id for hit in index.search(Query(text=text[:256], language=language)).hits]
        index.close()


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["acordar", "known"])
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    chosen = parser.parse_args()
    if "acordar" in chosen.parts:
        documents, queries, grades = acordar(chosen.samples)
        with ranking_over(documents, "en") as ranking:
            gain, rank, unanswered = judge(ranking, queries, grades)
        print(f"ACORDAR, {len(queries)} queries: nDCG@10 {gain:.4f}, MRR {rank:.4f}, {unanswered} without an answer")
    if "known" in chosen.parts:
        corpus = data_gov_be(chosen.samples)
        for language in ("fr", "nl"):
            asked = known_items(corpus, language)
            for what, held in (("same language", corpus), ("across", [hidden(one, language) for one in corpus])):
                with ranking_over(held, language) as ranking:
                    rank, found = find(ranking, asked)
                print(
                    f"data.gov.be, {language}, {what}, {len(asked)} items: MRR {rank:.4f}, in the first ten {found:.1%}"
                )


if __name__ == "__main__":
    main()
