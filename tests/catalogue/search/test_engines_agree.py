"""Both engines, the same documents: the same hits in the same order with the same scores, the same counts."""

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from judged import judged_documents, rows

from catalogue.search.base import Document, Query, Results, SearchIndex
from catalogue.search.conditions import Chosen, Condition, Each, Either, Other
from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.facets import FACETS
from catalogue.search.params import SORTS

ALL_FACETS = tuple(FACETS)
WORDS = (
    "vélo",
    "fietspaden",
    "budget communal Ixelles",
    "qualité de l’air à Uccle 2019",
    "Schaarbeek bomen",
    "accidents",
    "Fahrrad",
    "public procurement",
    "biblio",
    "écoles primaires Anderlecht 2020",
    "overheidsopdrachten",
    "parc",
    "luchtkwaliteit",
    "STIB",
    "Comtages velos",
    "nothingatall",
    "transport public csv",
)
FILTERS: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"theme": ("TRAN", "ENVI"), "type": ("dataset",)},
    {"updated": ("12m",), "bbox": ("4.3,50.8,4.36,50.85",)},
)

TRAFFIC, TABLES = Chosen("theme", ("TRAN",)), Chosen("format", ("CSV",))
CONDITIONS = (
    Either((TRAFFIC, TABLES)),
    Each((TRAFFIC, Other(TABLES))),
    Other(Either((TRAFFIC, Each((TABLES, Other(Chosen("bbox", ("4.3,50.8,4.36,50.85",)))))))),
)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, corpus: list[Document]) -> Iterator[SearchIndex]:
    """The embedded index with the corpus."""
    index = EmbeddedIndex(tmp_path_factory.mktemp("agree") / "search")
    index.rebuild(corpus)
    yield index
    index.close()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("elasticsearch", marks=pytest.mark.service("elasticsearch")),
        pytest.param("elasticsearch9", marks=pytest.mark.service("elasticsearch9")),
    ],
)
def elastic(request: pytest.FixtureRequest, corpus: list[Document]) -> Iterator[SearchIndex]:
    """The same on a server."""
    index = ElasticIndex(f"{request.getfixturevalue(f'{request.param}_url')}/agree")
    index.rebuild(corpus)
    yield index
    index.close()


def same(one: Results, other: Results) -> None:
    """Everything but the generation is the same; scores to six digits."""
    assert [hit.document.id for hit in one.hits] == [hit.document.id for hit in other.hits]
    for first, second in zip(one.hits, other.hits, strict=True):
        assert math.isclose(first.score, second.score, rel_tol=1e-6)
        assert msgspec.structs.replace(first, score=second.score) == second
    for name in (
        "count",
        "count_all_words",
        "groups",
        "facets",
        "also_searched",
        "did_you_mean",
        "without",
        "wider",
        "nearest",
        "nearby",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert [hit.document.id for hit in one.closest] == [hit.document.id for hit in other.closest]


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("filters", FILTERS)
def test_the_same_answer_to_words(
    embedded: SearchIndex, elastic: SearchIndex, text: str, filters: dict[str, tuple[str, ...]]
) -> None:
    for page in (1, 2):
        for collapse in (False, True):
            query = Query(text=text, filters=filters, facets=ALL_FACETS, page=page, per_page=25, collapse=collapse)
            same(embedded.search(query), elastic.search(query))


@pytest.mark.parametrize("text", ["", "vélo", "nothingatall"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_same_answer_to_conditions(
    embedded: SearchIndex, elastic: SearchIndex, text: str, condition: Condition
) -> None:
    query = Query(text=text, condition=condition, facets=ALL_FACETS, per_page=100)
    same(embedded.search(query), elastic.search(query))
    assert text or embedded.search(query).count


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_same_order(embedded: SearchIndex, elastic: SearchIndex, sort: str, language: str) -> None:
    for text in ("", "commune"):
        query = Query(text=text, sort=sort, language=language, per_page=100, collapse=text == "")
        same(embedded.search(query), elastic.search(query))


def test_the_same_answer_to_the_judged_queries(tmp_path: Path, elastic: SearchIndex, corpus: list[Document]) -> None:
    embedded, held = EmbeddedIndex(tmp_path / "search"), [*corpus, *judged_documents()]
    for index in (embedded, elastic):
        index.rebuild(held)
    for row in rows("judged.csv"):
        query = Query(text=row["query"], language=row["language"], per_page=50, facets=ALL_FACETS)
        same(embedded.search(query), elastic.search(query))
    elastic.rebuild(corpus)


def test_the_same_after_writing(tmp_path: Path, elastic: SearchIndex, corpus: list[Document]) -> None:
    embedded, changed = EmbeddedIndex(tmp_path / "search"), corpus[:50]
    for index in (embedded, elastic):
        index.rebuild(corpus)
        index.remove(one.id for one in changed[:20])
        index.put(changed[10:30])
    assert embedded.revisions() == elastic.revisions()
    for text in WORDS[:6]:
        first, second = (index.search(Query(text=text, per_page=100)) for index in (embedded, elastic))
        assert {hit.document.id for hit in first.hits} == {hit.document.id for hit in second.hits}
        assert first.count_all_words == second.count_all_words
    elastic.rebuild(corpus)
