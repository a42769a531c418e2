"""One index per engine, filled once with the same documents."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time

import pytest
from searchables import TODAY, documents

from catalogue import clock
from catalogue.search.base import Document, Query, Results, SearchIndex
from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.embedded.index import EmbeddedIndex

_NUMBERS = itertools.count()
NOON = datetime.combine(TODAY, time(12), UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture(scope="session")
def corpus() -> list[Document]:
    """What the shared index holds."""
    return documents()


Opening = Callable[[str], SearchIndex]

ENGINES = [
    "embedded",
    pytest.param("elasticsearch", marks=pytest.mark.service("elasticsearch")),
    pytest.param("elasticsearch9", marks=pytest.mark.service("elasticsearch9")),
]


@pytest.fixture(scope="session", params=ENGINES)
def opening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens an index of its own, by name, on each engine."""
    if request.param == "embedded":
        folder = tmp_path_factory.mktemp("embedded")
        return lambda name: EmbeddedIndex(folder / name)
    url = request.getfixturevalue(f"{request.param}_url")
    return lambda name: ElasticIndex(f"{url}/{name}")


@pytest.fixture(scope="session")
def filled(opening: Opening, corpus: list[Document]) -> Iterator[SearchIndex]:
    """An index with the corpus; tests only read it."""
    index = opening("filled")
    index.rebuild(corpus)
    yield index
    index.close()


@pytest.fixture
def empty(opening: Opening) -> Iterator[SearchIndex]:
    """An index of its own for a test that writes."""
    index = opening(f"empty-{next(_NUMBERS)}")
    index.rebuild(())
    yield index
    index.close()


@pytest.fixture(scope="session")
def ask(filled: SearchIndex) -> Callable[..., Results]:
    """Asks the shared index."""
    return lambda text="", **fields: filled.search(Query(text=text, **fields))
