"""Fixtures that every folder of tests shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from factory import Memory, filled_catalogue, open_catalogue
from hypothesis import settings

from catalogue.service import Catalogue
from harvesters import news

pytest_plugins = ["services"]

# How long an example takes says how busy the machine is.
settings.register_profile("no deadline", parent=settings.default, deadline=None)
settings.load_profile("no deadline")

# Tracebacks in one plain line: the library's own way of showing them, with all variables, takes seconds each.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


@pytest.fixture
def empty_catalogue(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory]]:
    """A catalogue without entries, with the harvester that feeds it from memory."""
    catalogue, memory = open_catalogue(tmp_path / "var")
    yield catalogue, memory
    catalogue.close()


@pytest.fixture
def no_source_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates are believed of sources of a few records, as they are of large ones."""
    monkeypatch.setattr(news, "SMALL", 0)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue with a few dozen entries, indexed; shared by all tests, so only to be read."""
    catalogue = filled_catalogue(tmp_path_factory.mktemp("filled"))
    yield catalogue
    catalogue.close()
