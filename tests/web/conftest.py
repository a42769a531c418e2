"""The portal over a filled catalogue, asked through Flask's test client."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from factory import filled_catalogue
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import WSGIRequestHandler, make_server

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


class Silent(WSGIRequestHandler):
    """A server that logs nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def site(app: Flask) -> Iterator[str]:
    """The portal on a port of the loopback address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who reads the portal."""
    return app.test_client()
