"""Queries that people type, in four languages, with the documents that should come first.

The weights in `catalogue/search/weights.py` are changed with this list and `benchmarks/relevance.py` at hand.
"""

from collections.abc import Iterator

import pytest
from judged import judged_documents, rows

from catalogue.search.base import Query, SearchIndex


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
