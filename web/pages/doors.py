"""The page for developers: each door with a request that works and the answer that it has now, from this catalogue."""

from functools import lru_cache
from typing import NamedTuple

from flask import current_app, render_template
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from catalogue.service import Catalogue

from ..current import absolute, catalogue
from ..http.caching import cached
from ..wording.words import gettext as _
from ..wording.words import message

LINES, WIDTH = 12, 110
"""Of an answer, how many lines are shown, and how many characters of each."""
LONGEST = 4_000
"""Bytes that are read of an answer."""


class Door(NamedTuple):
    """One way in."""

    title: str
    path: str
    accept: str = ""
    body: str = ""
    """What is sent; empty for a question that stands in its address."""


DOORS = (
    Door(message("Search"), "/search.json?per_page=10&lang=en"),
    Door(message("New results for feed readers"), "/search.atom"),
    Door(message("New results for feed readers, in JSON"), "/search.feed.json"),
    Door(message("The whole catalogue as DCAT-AP 3"), "/catalog.ttl?page=1"),
    Door(message("The whole catalogue as files of each night"), "/dumps/index.json"),
    Door(message("What changed since you last looked"), "/api/1/changes?limit=2"),
    Door(message("What changed, as an event stream (LDES)"), "/ldes", "application/trig"),
    Door(message("As a CKAN portal"), "/api/3/action/package_search?rows=1"),
    Door("data.json (Project Open Data, DCAT-US 1.1)", "/data.json"),
    Door("OGC API – Records", "/ogc/collections/datasets/items?limit=1"),
    Door("CSW 2.0.2", "/csw?service=CSW&version=2.0.2&request=GetCapabilities"),
    Door("OAI-PMH", "/oai?verb=Identify"),
    Door(
        message("For assistants: model context protocol (MCP)"),
        "/mcp",
        body='{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search_datasets", '
        '"arguments": {"query": "", "limit": 1}}}',
    ),
)
"""Every door, the most used first."""


class Shown(NamedTuple):
    """A door as the page shows it."""

    title: str
    command: str
    answer: str


@cached(kept=True)
def show() -> ResponseReturnValue:
    """What programs can ask, and what they get."""
    answers = _answers(catalogue(), catalogue().index.generation())
    doors = [Shown(_(door.title), command(door), answer) for door, answer in zip(DOORS, answers, strict=True)]
    return render_template("texts/developers.html", doors=doors)


def command(door: Door) -> str:
    """The request, as it is typed."""
    options = f"-H 'Accept: {door.accept}' " if door.accept else ""
    if door.body:
        options += f"-H 'Content-Type: application/json' -d '{door.body}' "
    return f"curl {options}'{absolute(door.path)}'"


@lru_cache(maxsize=4)
def _answers(_catalogue: Catalogue, _generation: str) -> tuple[str, ...]:
    """The beginning of each answer, once for each state of the catalogue."""
    return tuple(map(_answer, DOORS))


def _answer(door: Door) -> str:
    """What a door answers to a stranger; asked apart, since a request within one shares its language and more."""
    with current_app.app_context():
        return _asked(door, current_app.test_client())


def _asked(door: Door, client: FlaskClient) -> str:
    headers = {"Accept": door.accept or "*/*"}
    if door.body:
        found = client.post(door.path, data=door.body, headers=headers | {"Content-Type": "application/json"})
    else:
        found = client.get(door.path, headers=headers)
    with found:
        said = b""
        for block in found.response:
            said += block if isinstance(block, bytes) else block.encode()
            if len(said) >= LONGEST:
                break
    return beginning(said[:LONGEST].decode("utf-8", "ignore"), found.mimetype or "")


def beginning(text: str, media_type: str) -> str:
    """As much of an answer as shows what it is like."""
    if media_type.endswith("json"):
        text = text.replace(',"', ',\n"', LINES * 2)
    lines = [line if len(line) <= WIDTH else line[: WIDTH - 1] + "…" for line in text.splitlines() if line.strip()]
    return "\n".join(lines[:LINES] + (["…"] if len(lines) > LINES else []))
