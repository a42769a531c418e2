"""Queries that people type, in four languages, with the documents that should come first.

The weights in `catalogue/search/weights.py` are changed with this list and `benchmarks/relevance.py` at hand.
"""

from collections.abc import Iterator

import pytest
from judged import judged_documents, rows

from catalogue.search.base import Query, SearchIndex
from catalogue.search.language.analysis import words
from dcat.our_languages import OUR_LANGUAGES


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


def test_what_means_something_else_is_not_said_to_have_the_words(judged: SearchIndex) -> None:
    """Homographs, false friends and parts of words: each was found by one of these queries once, or may be."""
    wrong = {}
    for row in (one for one in rows("judged.csv") if one["unwanted"]):
        results = judged.search(Query(text=row["query"], language=row["language"], partly="left", per_page=100))
        if found := {hit.document.id for hit in results.hits} & set(row["unwanted"].split()):
            wrong[row["query"], row["language"]] = found
    assert not wrong


def test_three_hundred_pairs_in_four_languages_are_judged() -> None:
    queries = rows("judged.csv")
    assert sum(len(f"{row['wanted']} {row['unwanted']}".split()) for row in queries) >= 300
    assert {row["language"] for row in queries} == set(OUR_LANGUAGES)
    known = {one.id for one in judged_documents()}
    assert known.issuperset(id for row in queries for id in f"{row['wanted']} {row['unwanted']}".split())


def test_what_is_wanted_is_mostly_first(judged: SearchIndex) -> None:
    queries = [row for row in rows("judged.csv") if row["wanted"]]
    first = [found(judged, row)[0] in row["wanted"].split() for row in queries]
    assert sum(first) / len(first) >= 0.95


def test_belgian_queries_are_judged_once_each_in_four_languages() -> None:
    """`benchmarks.relevance` asks them of the samples: each names what a title says in words that are looked for."""
    queries = rows("belgian.csv")
    assert len({(row["query"], row["language"]) for row in queries}) == len(queries) >= 200
    assert {row["language"] for row in queries} == set(OUR_LANGUAGES)
    assert all(all(words(right) for right in row["right"].split("|")) for row in queries if row["right"])
