"""One index per engine, filled once with the same documents."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from searchables import TODAY, documents

from catalogue import clock
from catalogue.search.base import Document, Query, Results, SearchIndex
from catalogue.search.embedded import EmbeddedIndex

NOON = datetime.combine(TODAY, time(12), UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture(scope="session")
def corpus() -> list[Document]:
    """What the shared index holds."""
    return documents()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, corpus: list[Document]) -> Iterator[SearchIndex]:
    """An index with the corpus; tests only read it."""
    index = EmbeddedIndex(tmp_path_factory.mktemp("filled") / "search")
    index.rebuild(corpus)
    yield index
    index.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[SearchIndex]:
    """An index of its own for a test that writes."""
    index = EmbeddedIndex(tmp_path / "search")
    index.rebuild(())
    yield index
    index.close()


@pytest.fixture(scope="session")
def ask(filled: SearchIndex) -> Callable[..., Results]:
    """Asks the shared index."""
    return lambda text="", **fields: filled.search(Query(text=text, **fields))
