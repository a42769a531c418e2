"""The page for developers: each door with a request that works and the answer that it has now, from this catalogue."""

from functools import lru_cache
from string import Formatter
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
    """With `{dataset}` for the name of a dataset, `{table}` for one with a table in it."""
    accept: str = ""
    body: str = ""
    """What is sent; empty for a question that stands in its address."""


DOORS = (
    Door(message("Search"), "/search.json?per_page=10&lang=en"),
    Door(message("New results for feed readers"), "/search.atom"),
    Door(message("New results for feed readers, in JSON"), "/search.feed.json"),
    Door(message("One dataset"), "/dataset/{dataset}.ttl"),
    Door(message("The whole catalogue as DCAT-AP 3"), "/catalog.ttl?page=1"),
    Door(message("The whole catalogue as files of each night"), "/dumps/index.json"),
    Door(message("What changed since you last looked"), "/api/1/changes?limit=2"),
    Door(message("What changed, as an event stream (LDES)"), "/ldes", "application/trig"),
    Door("REST", "/api/1/datasets/?limit=1"),
    Door(message("Description of the API (OpenAPI)"), "/api/1/openapi.json"),
    Door(message("As a CKAN portal"), "/api/3/action/package_search?rows=1"),
    Door("data.json (Project Open Data, DCAT-US 1.1)", "/data.json"),
    Door("OGC API – Records", "/ogc/collections/datasets/items?limit=1"),
    Door("CSW 2.0.2", "/csw?service=CSW&version=2.0.2&request=GetCapabilities"),
    Door("OAI-PMH", "/oai?verb=Identify"),
    Door("schema.org (sitemap.xml)", "/sitemap.xml"),
    Door("Croissant 1.0", "/dataset/{table}/croissant.json"),
    Door("OpenSearch", "/opensearch.xml"),
    Door(
        message("For assistants: model context protocol (MCP)"),
        "/mcp",
        body='{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search_datasets", '
        '"arguments": {"query": "", "limit": 1}}}',
    ),
    Door("llms.txt", "/llms.txt"),
    Door(message("Quality of the descriptions"), "/quality.ttl?page=1"),
    Door(message("Who publishes what"), "/coverage/trees.csv"),
    Door(message("Downloads"), "/downloads.csv"),
    Door(message("All feeds as one file (OPML)"), "/feeds.opml"),
)
"""Every door, the most used first."""
EXAMPLES = 50
"""Datasets that are looked at for an example, the newest."""


class Shown(NamedTuple):
    """A door as the page shows it."""

    title: str
    command: str
    answer: str


@cached(kept=True)
def show() -> ResponseReturnValue:
    """What programs can ask, and what they get."""
    answers = _answers(catalogue(), catalogue().index.generation())
    doors = [Shown(_(door.title), command(door), answer) for door, answer in answers]
    return render_template("texts/developers.html", doors=doors)


def command(door: Door) -> str:
    """The request, as it is typed."""
    options = f"-H 'Accept: {door.accept}' " if door.accept else ""
    if door.body:
        options += f"-H 'Content-Type: application/json' -d '{door.body}' "
    return f"curl {options}'{absolute(door.path)}'"


@lru_cache(maxsize=4)
def _answers(source: Catalogue, _generation: str) -> tuple[tuple[Door, str], ...]:
    """The doors that lead to something, each with the beginning of its answer, once for each state of the
    catalogue."""
    names = examples(source)
    found = [door._replace(path=door.path.format(**names)) for door in DOORS if names.keys() >= _places(door)]
    return tuple((door, _answer(door)) for door in found)


def _places(door: Door) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(door.path) if name}


def examples(source: Catalogue) -> dict[str, str]:
    """The names that stand in paths, as far as the catalogue has such entries."""
    datasets = [row for row in source.entries.recent(EXAMPLES) if row.kind == "dataset"]
    tables = (row for row in datasets if any(seen.has_rows for seen in source.previews.of_entry(row.id).values()))
    found = {"dataset": next(iter(datasets), None), "table": next(tables, None)}
    return {place: row.name for place, row in found.items() if row}


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
