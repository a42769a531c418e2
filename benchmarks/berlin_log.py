"""What people asked Berlin's data portal in 2019 and 2020, asked again of its catalogue of 2013.

    python -m benchmarks.berlin_log [queries]

The most frequent queries, each as often as it was asked. An empty answer need not be where a better spelling is known,
or where a word of the query is part of what the catalogue says, as in compounds that are not cut.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.corpus import SAMPLES
from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.language.analysis import query_words
from catalogue.search.language.folding import fold
from dcat.model import Text, Texts

SHORTEST = 4
"""Letters of a word that says something where it is part of another."""
ALL_WORDS, SOME_WORDS, EMPTY, NEED_NOT_BE = "all words", "some words", "empty, as it must be", "empty, and need not be"


def documents(samples: Path = SAMPLES) -> list[Document]:
    """The packages of the catalogue."""
    path = samples / "ckan" / "german-cities" / "metadata" / "berlin" / "catalog.json"
    return [_document(number, one) for number, one in enumerate(json.loads(path.read_text("utf-8")))]


def _document(number: int, package: dict[str, Any]) -> Document:
    return Document(
        id=f"{number:08x}",
        revision=1,
        iri="",
        name=package["name"],
        type="dataset",
        title=_texts(package["title"]),
        description=_texts(package["notes"]),
        keyword=_texts(*package["tags"]),
        publisher=_texts(package["author"]),
        file=_texts(*(resource["description"] for resource in package["resources"])),
    )


def _texts(*values: str | None) -> Texts:
    return tuple(Text(value, "de") for value in values if value)


def fate(text: str, index: SearchIndex, said: str) -> str:
    """What becomes of a query. `said`: all texts of the catalogue, folded."""
    found = index.search(Query(text=text[:256], language="de", partly="filling"))
    if found.count:
        return ALL_WORDS if found.count_all_words else SOME_WORDS
    is_there = any(word in said for word in query_words(text) if len(word) >= SHORTEST)
    return NEED_NOT_BE if is_there or found.did_you_mean else EMPTY


def shares(held: list[Document], index: SearchIndex, samples: Path = SAMPLES, queries: int = 3_000) -> dict[str, float]:
    """Fate → share of the searches that have it."""
    texts = (text.value for one in held for text in (*one.title, *one.description, *one.keyword, *one.file))
    said = fold(" ".join(texts))
    lines = (samples / "queries" / "berlin" / "terms_2019-02_2020-12.tsv").read_text("utf-8").splitlines()[:queries]
    fates: Counter[str] = Counter()
    for text, times in (line.rsplit("\t", 1) for line in lines):
        fates[fate(text, index, said)] += int(times)
    return {name: fates[name] / fates.total() for name in (ALL_WORDS, SOME_WORDS, EMPTY, NEED_NOT_BE)}


def main(queries: int = 3_000) -> None:
    """Prints a line a fate."""
    held = documents()
    with tempfile.TemporaryDirectory() as folder:
        index = EmbeddedIndex(Path(folder) / "search")
        index.rebuild(held)
        for name, share in shares(held, index, queries=queries).items():
            print(f"{name:24} {share:7.2%}")
        index.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
