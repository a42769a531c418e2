"""The catalogue for assistants: by the official client of the model context protocol, over HTTP and as a command."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from browsing import served
from flask.testing import FlaskClient
from mcp import Client, StdioServerParameters
from previewed import FILES, previewed
from searchables import document as searchable

from catalogue.assistant import VERSIONS
from catalogue.assistant.tools import TOOLS
from catalogue.service import Catalogue
from web.app import create_app

Asking = Callable[[Client], Awaitable[Any]]


def asked(server: Any, asking: Asking, mode: str = "auto") -> Any:
    """What the client gets."""

    async def ask() -> Any:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            return await asking(client)

    return asyncio.run(ask())


def told(server: Any, tool: str, mode: str = "auto", **arguments: Any) -> Any:
    """What a tool gives."""
    result = asked(server, lambda client: client.call_tool(tool, arguments), mode)
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_finds_the_tools(site: str, mode: str) -> None:
    listed = asked(f"{site}/mcp", lambda client: client.list_tools(), mode)
    assert {tool.name for tool in listed.tools} == TOOLS.keys()
    for tool in listed.tools:
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.input_schema["type"] == "object"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_search_leads_to_a_dataset_that_can_be_cited(site: str, filled: Catalogue, mode: str) -> None:
    found = told(f"{site}/mcp", "search_datasets", mode, query="vélo", language="nl", limit=3)
    assert found["count"] >= len(found["results"]) >= 1
    for one in found["results"]:
        entry = filled.entries.find(one["name"])
        read = told(f"{site}/mcp", "get_dataset", mode, dataset=one["name"], language="nl")
        assert read["iri"] == entry.iri
        assert read["url"] == f"https://data.example.brussels/nl/dataset/{one['name']}"
        for part in (read["title"], read["publisher"], read["modified"], *read["licence"], read["url"]):
            assert part in read["citation"]
        assert read["files"][0]["download"].startswith("https://")
        assert told(f"{site}/mcp", "get_dataset", dataset=entry.iri)["id"] == entry.id


@pytest.mark.parametrize(
    ("lang", "words", "dataset"),
    [
        ("fr", "plaine de jeux à Auderghem", "auderghem-playgrounds"),
        ("fr", "budget communal Ixelles", "ixelles-budget"),
        ("nl", "bomen", "trees"),
        ("de", "Luftqualität", "air"),
        ("en", "road accidents", "accidents"),
    ],
)
def test_what_citizens_ask_is_answered_with_source_licence_and_date(
    site: str, filled: Catalogue, lang: str, words: str, dataset: str
) -> None:
    found = told(f"{site}/mcp", "search_datasets", query=words, language=lang, limit=3)
    first = found["results"][0]
    assert filled.entries.find(first["name"]).identifier.rpartition("/")[2] == dataset
    read = told(f"{site}/mcp", "get_dataset", dataset=first["name"], language=lang)
    assert all(part in first["citation"] for part in (read["publisher"], *read["licence"], read["modified"]))


def test_an_assistant_is_told_what_is_not_quite_what_was_asked(site: str) -> None:
    found = told(f"{site}/mcp", "search_datasets", query="comptages vélos piscine", language="fr")
    assert (found["count"], found["looser"] > 0) == (0, True)
    assert {one["has_all_words"] for one in found["results"]} == {False}
    nothing = told(f"{site}/mcp", "search_datasets", query="bomen", theme="EDUC", language="nl")
    assert (nothing["count"], nothing["results"]) == (0, [])
    assert nothing["closest"][0]["title"] == "Laanbomen"
    assert nothing["without_filter"]["theme"] == 1


def test_an_assistant_is_led_on_from_words_that_nothing_has(empty_catalogue: tuple[Catalogue, object]) -> None:
    catalogue, _ = empty_catalogue
    museum = searchable("m", fr="Musées", theme=("EDUC",), publisher_name="jette")
    catalogue.index.engine.put([museum, searchable("j", fr="Budget de Jette")])
    search = partial(TOOLS["search_datasets"].call, catalogue)
    nothing = search({"query": "cinema", "language": "en"})
    assert (nothing["count"], nothing["near_words"]) == (0, ["museum"])
    assert nothing["near_filters"] == {"theme": ["EDUC"], "publisher": ["jette"]}
    assert search({"query": "museum in Jette", "language": "en"})["wider"] == "museum"
    assert {"near_words", "near_filters", "wider"} & search({"query": "museum"}).keys() == set()


def test_a_table_is_read_from_its_dataset_on(tmp_path: Path) -> None:
    catalogue = previewed(tmp_path, {name: FILES[name] for name in ("counts.csv", "page.csv")})
    with served(create_app(catalogue.settings, catalogue)) as address:
        found = told(f"{address}/mcp", "search_datasets", query="counts")["results"][0]
        (file,) = told(f"{address}/mcp", "get_dataset", dataset=found["name"])["files"]
        table = told(f"{address}/mcp", "read_file", file=file["file"], limit=3)
        assert [one["key"] for one in table["columns"]] == [
            "date",
            "commune",
            "code_postal",
            "passages",
            "vitesse_km_h",
        ]
        assert (table["total"], len(table["rows"])) == (20, 3)
        assert table["citation"].startswith(found["title"])
        town = table["rows"][0]["commune"]
        some = told(f"{address}/mcp", "read_file", file=file["file"], column="commune", contains=town.upper())
        assert {row["commune"] for row in some["rows"]} == {town}
        wrong = {"file": file["file"], "column": "passages", "contains": "5"}
        refused = asked(f"{address}/mcp", lambda client: client.call_tool("read_file", wrong))
        assert refused.is_error
        assert "commune" in refused.content[0].text
        other = told(f"{address}/mcp", "search_datasets", query="page")["results"][0]
        assert "file" not in told(f"{address}/mcp", "get_dataset", dataset=other["name"])["files"][0]
    catalogue.close()


def test_publishers_and_filters_go_together(site: str) -> None:
    publishers = told(f"{site}/mcp", "list_publishers", name="auderghem", language="fr")["publishers"]
    (one,) = publishers
    found = told(f"{site}/mcp", "search_datasets", query="", publisher=one["name"], language="fr")
    assert found["count"] == one["datasets"] + one["services"]
    assert {each["publisher"] for each in found["results"]} == {one["title"]}


def test_changes_are_followed_by_cursor(site: str, filled: Catalogue) -> None:
    seen, since, more = [], 0, True
    while more:
        part = told(f"{site}/mcp", "list_changes", since=since, limit=20)
        seen += [one["iri"] for one in part["changes"]]
        since, more = part["next"], part["more"]
    assert len(seen) == len(set(seen))
    assert set(seen) == {row.iri for row in filled.entries.after("", 1000)}


@pytest.mark.parametrize(
    ("tool", "arguments", "part"),
    [
        ("search_datasets", {"query": ""}, "results"),
        ("list_changes", {}, "changes"),
        ("list_publishers", {}, "publishers"),
    ],
)
def test_who_does_not_say_how_many_gets_as_many_as_the_tool_says(
    site: str, tool: str, arguments: dict[str, Any], part: str
) -> None:
    found = told(f"{site}/mcp", tool, **arguments)
    usual = TOOLS[tool].properties["limit"]["default"]
    assert len(found[part]) == min(usual, found.get("count", usual))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search_datasets", {}, "query is missing"),
        ("search_datasets", {"query": "x" * 300}, "256"),
        ("search_datasets", {"query": "x", "theme": "NONE"}, "theme"),
        ("search_datasets", {"query": "x", "language": "es"}, "language must be one of"),
        ("search_datasets", {"query": "x", "limit": 500}, "limit must be from 1 to 20"),
        ("search_datasets", {"query": "x", "color": "red"}, "no argument 'color'"),
        ("get_dataset", {"dataset": "nobody"}, "nobody"),
        ("get_dataset", {"dataset": "https://nobody.example/x"}, "nobody.example"),
    ],
)
def test_what_cannot_be_done_is_told_to_the_assistant(
    site: str, tool: str, arguments: dict[str, Any], said: str
) -> None:
    result = asked(f"{site}/mcp", lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    assert said in result.content[0].text


def test_the_command_speaks_the_same(filled: Catalogue) -> None:
    settings = filled.settings
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "catalogue", "mcp"],
        env={"DATASTORE_DATA_DIR": str(settings.data_dir), "DATASTORE_SITE_URL": settings.site_url, "PYTHONPATH": "."},
    )
    found = told(server, "search_datasets", query="budget", language="fr")
    assert found["count"] >= 1


# --- by hand ---------------------------------------------------------------------------------------------------------


def sent(client: FlaskClient, message: Any, **headers: str) -> Any:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return client.post("/mcp", data=body, headers={"Content-Type": "application/json"} | headers)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{", -32700),
        (b"[" * 50_000, -32700),
        ([], -32600),
        ({"id": 1, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": True, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "resources/list"}, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": 5}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "rm"}}, -32602),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": [], "arguments": []}}, -32602),
    ],
)
def test_a_broken_message_is_an_error_of_the_protocol(client: FlaskClient, message: Any, code: int) -> None:
    answer = sent(client, message)
    assert answer.status_code == 200
    assert answer.get_json()["error"]["code"] == code


def test_what_wants_no_answer_gets_none(client: FlaskClient) -> None:
    answer = sent(client, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (answer.status_code, answer.data) == (202, b"")


def test_every_version_is_greeted(client: FlaskClient) -> None:
    for wanted in (*VERSIONS[:-1], "1999-01-01"):
        greeting = {"jsonrpc": "2.0", "id": "a", "method": "initialize", "params": {"protocolVersion": wanted}}
        given = sent(client, greeting).get_json()["result"]
        assert given["protocolVersion"] == (wanted if wanted in VERSIONS else VERSIONS[-2])
        assert given["capabilities"] == {"tools": {"listChanged": False}}


def test_http_is_as_the_protocol_wants_it(client: FlaskClient) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert sent(client, ping).get_json() == {"jsonrpc": "2.0", "id": 1, "result": {"resultType": "complete"}}
    assert sent(client, ping).headers["Access-Control-Allow-Origin"] == "*"
    assert sent(client, ping, **{"MCP-Protocol-Version": "1999-01-01"}).status_code == 400
    assert client.get("/mcp").status_code == 405
    assert client.delete("/mcp").status_code == 405
    for refused in (
        sent(client, b"x" * 70_000),
        sent(client, ping, **{"MCP-Protocol-Version": "x"}),
        client.get("/mcp"),
    ):
        assert refused.get_json()["error"]["code"] == -32600
    assert sent(client, b"x" * 70_000).status_code == 413
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert "POST" in client.options("/mcp", headers=asked).headers["Access-Control-Allow-Methods"]
