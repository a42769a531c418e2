"""Fixtures of the catalogue's tests: the same test on both databases, and a clock that can be moved."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factory import Memory, open_catalogue

from catalogue import clock
from catalogue.service import Catalogue

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.service("postgresql")))


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[tuple[Catalogue, Memory]]:
    """An empty catalogue and the harvester that feeds it, on each database."""
    catalogue, memory = open_catalogue(tmp_path / "var", database_url=database_url)
    yield catalogue, memory
    catalogue.close()


@pytest.fixture
def catalogue(pair: tuple[Catalogue, Memory]) -> Catalogue:
    """The catalogue of the pair."""
    return pair[0]


@pytest.fixture
def memory(pair: tuple[Catalogue, Memory]) -> Memory:
    """The harvester of the pair."""
    return pair[1]


@pytest.fixture
def move_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Moves our clock, which otherwise stands still on 1 June 2026."""
    moment = [datetime(2026, 6, 1, 12, tzinfo=UTC)]

    def move(step: timedelta) -> datetime:
        moment[0] += step
        return moment[0]

    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return move
