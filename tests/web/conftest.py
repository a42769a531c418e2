"""The portal over a filled catalogue, asked through Flask's test client."""

from collections.abc import Iterator

import pytest
from browsing import served
from factory import filled_catalogue
from flask import Flask
from flask.testing import FlaskClient
from previewed import previewed

from catalogue.service import Catalogue
from web.app import create_app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue that tests only read."""
    catalogue = filled_catalogue(tmp_path_factory.mktemp("filled"), contact="opendata@example.brussels")
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="session")
def app(filled: Catalogue) -> Flask:
    """The portal over it."""
    return create_app(filled.settings, filled)


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """The portal on a port of the loopback address."""
    with served(app) as address:
        yield address


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who reads the portal."""
    return app.test_client()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue whose files were looked into."""
    catalogue = previewed(tmp_path_factory.mktemp("previewed"))
    yield catalogue
    catalogue.close()
