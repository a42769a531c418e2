"""What is logged is one JSON object a line, whatever a source says, and holds no secret."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from commands import logs_kept

from catalogue.log import configure, without_secrets

NASTY = "one\ntwo\r\x1b[31mred\x00\u2028three\u202efour"


@pytest.fixture
def lines() -> Iterator[Any]:
    stream = io.StringIO()
    with logs_kept():
        configure(logging.INFO, stream)
        yield lambda: stream.getvalue().splitlines()


@pytest.mark.against("TC-11")
def test_control_characters_of_a_source_stay_in_one_line(lines: Any) -> None:
    structlog.get_logger("t").info("record.failed", identifier=NASTY)
    logging.getLogger("library").warning("bad title %s", NASTY)
    ours, theirs = lines()
    assert json.loads(ours)["identifier"] == NASTY
    assert json.loads(theirs)["event"] == f"bad title {NASTY}"
    assert all(char.isascii() and char.isprintable() for char in ours + theirs)


def test_a_line_says_when_who_and_how_bad(lines: Any) -> None:
    structlog.get_logger("catalogue.work.worker").warning("worker.waiting", reason="locked")
    event = json.loads(lines()[0])
    assert (event["level"], event["logger"], event["event"]) == ("warning", "catalogue.work.worker", "worker.waiting")
    assert event["timestamp"].endswith("Z")


def test_a_traceback_is_part_of_its_line(lines: Any) -> None:
    try:
        raise ValueError(NASTY)
    except ValueError:
        structlog.get_logger("t").exception("run.broken")
        logging.getLogger("library").exception("it broke")
    assert len(lines()) == 2
    assert all("ValueError" in json.loads(line)["exception"] for line in lines())


def test_below_the_level_nothing_is_said(lines: Any) -> None:
    structlog.get_logger("t").debug("index.busy")
    logging.getLogger("library").debug("detail")
    assert lines() == []


def test_libraries_that_tell_each_of_their_steps_are_heard_only_when_something_is_wrong(lines: Any) -> None:
    alembic, transport = map(logging.getLogger, ("alembic.runtime.plugins", "elastic_transport.transport"))
    for library in (alembic, transport):
        library.info("one more")
    transport.warning("one more try")  # whoever asked says it
    alembic.warning("wrong")
    transport.error("wrong too")
    assert [json.loads(line)["event"] for line in lines()] == ["wrong", "wrong too"]
    configure(logging.DEBUG, io.StringIO())
    assert logging.getLogger("elastic_transport.transport").isEnabledFor(logging.INFO)


@pytest.mark.parametrize(
    "fields",
    [
        {"token": "odc_hidden"},
        {"secret_key": "hidden"},
        {"headers": {"Authorization": "hidden", "X-API-Key": "hidden"}},
        {"url": "postgresql+psycopg://user:hidden@db/name"},
        {"urls": ["https://user:hidden@host:9200/prefix"]},
        {"error": "401 for https://elastic:hid%2Fden@host/"},
        {"header": "Bearer hidden"},
    ],
)
def test_secrets_are_blotted_out(lines: Any, fields: dict[str, Any]) -> None:
    structlog.get_logger("t").info("event", **fields)
    assert "hid" not in lines()[0]
    assert "***" in lines()[0]


def test_what_is_no_secret_stays() -> None:
    text = "https://example.org/path?a=b@c and mailto:user@example.org"
    assert without_secrets(text) == text
