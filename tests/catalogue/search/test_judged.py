"""Queries that people type, in four languages, with the documents that should come first.

The weights in `catalogue/search/weights.py` are changed with this list and `benchmarks/relevance.py` at hand.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.search.base import Document, Query, SearchIndex
from dcat.model import Text, Texts

DATA = Path(__file__).parents[2] / "data" / "search"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(row: dict[str, str], **columns: str) -> Texts:
    """Columns as texts: language → column."""
    return tuple(Text(row[column], language) for language, column in columns.items() if row[column])


def judged_documents() -> Iterator[Document]:
    """The documents that the queries are about."""
    for row in rows("documents.csv"):
        yield Document(
            id=row["id"],
            revision=1,
            iri=f"http://example.org/{row['id']}",
            name=row["id"],
            type="dataset",
            title=texts(row, fr="fr", nl="nl", en="en", de="de"),
            description=texts(row, fr="description_fr", nl="description_nl"),
            keyword=(Text(row["keyword"], "fr"),),
            publisher=(Text(row["publisher"], "fr"),),
            theme=(row["theme"],),
            format=(row["format"],),
            spatial=(Text("Région de Bruxelles-Capitale", "fr"), Text("Brussels Hoofdstedelijk Gewest", "nl")),
        )


@pytest.fixture(scope="module")
def judged(opening: object) -> Iterator[SearchIndex]:
    """An index with these documents."""
    index: SearchIndex = opening("judged")  # type: ignore[operator]
    index.rebuild(judged_documents())
    yield index
    index.close()


def found(index: SearchIndex, row: dict[str, str]) -> list[str]:
    """Ids of the first ten."""
    results = index.search(Query(text=row["query"], language=row["language"]))
    return [hit.document.id for hit in results.hits]


@pytest.mark.parametrize("row", rows("judged.csv"), ids=lambda row: f"{row['query']} ({row['language']})")
def test_what_is_wanted_is_among_the_first_three(judged: SearchIndex, row: dict[str, str]) -> None:
    wanted = row["wanted"].split()
    assert set(found(judged, row)[: max(3, len(wanted))]) >= set(wanted)


def test_what_is_wanted_is_mostly_first(judged: SearchIndex) -> None:
    queries = rows("judged.csv")
    first = [found(judged, row)[0] in row["wanted"].split() for row in queries]
    assert sum(first) / len(first) >= 0.95
