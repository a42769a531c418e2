"""One line for each request, without whole addresses; headers of the network are believed of servers in front alone."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from commands import logs_kept
from flask import Flask
from flask.testing import FlaskClient

from catalogue import log
from catalogue.service import Catalogue
from web.app import create_app

PROXY = "192.0.2.7"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What is logged."""
    stream = io.StringIO()
    with logs_kept():
        log.configure(logging.INFO, stream)
        yield stream


@pytest.fixture
def ask(filled: Catalogue, said: io.StringIO) -> Ask:
    """Asks for a page and gives the line of the log about it."""
    app: Flask = create_app(replace(filled.settings, proxies=(f"{PROXY}/32",)), filled)

    def ask(path: str = "/fr/search?q=secret+words", peer: str = "203.0.113.77", **headers: str) -> dict[str, Any]:
        client: FlaskClient = app.test_client()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.get(path, environ_overrides={"REMOTE_ADDR": peer}, headers=named)
        line: dict[str, Any] = json.loads(said.getvalue().splitlines()[-1])
        assert answer.headers["X-Request-ID"] == line["request"]
        return line

    return ask


def test_a_request_is_one_line_without_whole_addresses_and_words(ask: Ask, said: io.StringIO) -> None:
    line = ask()
    assert line["event"] == "request.answered"
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/fr/search", 200, "info")
    assert line["visitor"] == "203.0.113.0/24"
    assert line["ms"] > 0
    assert len(line["request"]) == 16
    assert "203.0.113.77" not in said.getvalue()
    assert "secret" not in said.getvalue()


@pytest.mark.parametrize(
    ("peer", "forwarded", "visitor"),
    [
        ("203.0.113.77", "198.51.100.9", "203.0.113.0/24"),  # nobody in front: the header is a claim of the visitor
        (PROXY, "198.51.100.9", "198.51.100.0/24"),
        (PROXY, "1.2.3.4, 198.51.100.9", "198.51.100.0/24"),  # what stands before it, the visitor wrote
        (PROXY, f"198.51.100.9, {PROXY}", "198.51.100.0/24"),
        (PROXY, "2001:db8:1:2:3::9", "2001:db8:1::/48"),
        (PROXY, "nonsense", "192.0.2.0/24"),
        (PROXY, "", "192.0.2.0/24"),
        ("::ffff:203.0.113.77", "", "203.0.113.0/24"),
    ],
)
def test_who_asks_is_believed_of_servers_in_front_alone(ask: Ask, peer: str, forwarded: str, visitor: str) -> None:
    assert ask(peer=peer, X_Forwarded_For=forwarded)["visitor"] == visitor


def test_a_request_id_is_taken_from_a_server_in_front_alone(ask: Ask) -> None:
    assert ask(peer=PROXY, X_Request_ID="abc-0123456789")["request"] == "abc-0123456789"
    assert ask(X_Request_ID="abc-0123456789")["request"] != "abc-0123456789"
    assert ask(peer=PROXY, X_Request_ID="bad id")["request"] != "bad id"


def test_errors_are_logged_too_and_the_log_can_be_left_out(ask: Ask, filled: Catalogue, said: io.StringIO) -> None:
    assert ask("/fr/nothing/here")["status"] == 404
    before = said.getvalue()
    create_app(replace(filled.settings, access_log=False), filled).test_client().get("/fr/")
    assert said.getvalue() == before
