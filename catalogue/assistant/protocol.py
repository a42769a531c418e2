"""One message of an assistant and its answer: JSON-RPC 2.0 as https://modelcontextprotocol.io/specification has it.

No message depends on one before it, so any process answers any of them.
"""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from ..errors import DatastoreError, Unavailable
from ..search.base import BadQuery, SearchUnavailable
from ..service import Catalogue
from .refusing import BadArguments
from .tools import TOOLS

Json = dict[str, Any]

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
"""Of the protocol, the oldest first. The last one needs no greeting."""
GREETED = VERSIONS[-2]
"""What is offered to a client that greets with a version that is not known."""
LARGEST = 64 * 1024
"""Bytes of a message: it names what it wants."""
FRESH_MS = 300_000
"""How long a client may keep what does not depend on the catalogue."""

PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602


class Refused(Exception):
    """The message cannot be answered."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def answer(catalogue: Catalogue, message: bytes) -> bytes | None:
    """The answer to one message; None for one that wants none."""
    id: Any = None
    try:
        said = _read(message)
        id = said.get("id")
        if "id" not in said or "method" not in said:  # a notification, or an answer to a question that we never ask
            return None
        return msgspec.json.encode({"jsonrpc": "2.0", "id": id, "result": _result(catalogue, said)})
    except Refused as refused:
        error = {"code": refused.code, "message": str(refused)}
        return msgspec.json.encode({"jsonrpc": "2.0", "id": id, "error": error})


def _read(message: bytes) -> Json:
    try:
        said = msgspec.json.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(PARSE_ERROR, "The message is not JSON.") from error
    if not isinstance(said, dict) or said.get("jsonrpc") != "2.0" or not isinstance(said.get("method", ""), str):
        raise Refused(INVALID_REQUEST, "A message is one JSON object of JSON-RPC 2.0.")
    if not isinstance(said.get("id", 0), str | int) or isinstance(said.get("id"), bool):
        raise Refused(INVALID_REQUEST, "id must be a text or a whole number.")
    return said


def _result(catalogue: Catalogue, said: Json) -> Json:
    params = said.get("params", {})
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "params must be an object.")
    if said["method"] not in METHODS:
        raise Refused(NO_METHOD, f"There is no method {said['method'][:60]!r}. Known: {', '.join(METHODS)}.")
    return {"resultType": "complete", **METHODS[said["method"]](catalogue, params)}


def _initialize(catalogue: Catalogue, params: Json) -> Json:
    wanted = params.get("protocolVersion")
    return {"protocolVersion": wanted if wanted in VERSIONS[:-1] else GREETED, **_self(catalogue)}


def _discover(catalogue: Catalogue, _: Json) -> Json:
    told = _self(catalogue)
    stamp = {"io.modelcontextprotocol/serverInfo": told.pop("serverInfo")}
    return {"supportedVersions": list(VERSIONS), **told, **_fresh(), "_meta": stamp}


def _self(catalogue: Catalogue) -> Json:
    """What this is, and how to use it."""
    settings = catalogue.settings
    return {
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "datastore", "title": settings.title, "version": _version()},
        "instructions": (
            f"{settings.title} describes the open data of public bodies ({settings.region}), in French, Dutch, German "
            "and English. Search with the words of the question, then read a dataset before you tell what it holds. "
            "Whoever uses an answer must be told its publisher, licence, date and address: `citation` says them."
        ),
    }


def _ping(_catalogue: Catalogue, _: Json) -> Json:
    return {}


def _list_tools(_catalogue: Catalogue, _: Json) -> Json:
    return {"tools": [tool.told() for tool in TOOLS.values()], **_fresh()}


def _fresh() -> Json:
    return {"ttlMs": FRESH_MS, "cacheScope": "public"}


def _call_tool(catalogue: Catalogue, params: Json) -> Json:
    name, given = params.get("name"), params.get("arguments") or {}
    if not isinstance(name, str) or name not in TOOLS or not isinstance(given, dict):
        raise Refused(INVALID_PARAMS, f"There is no tool {str(name)[:60]!r}. Known: {', '.join(TOOLS)}.")
    try:
        found = TOOLS[name].call(catalogue, given)
    except (SearchUnavailable, Unavailable):
        return _content("A part of the catalogue does not answer at the moment. Try again in a minute.", is_error=True)
    except (BadArguments, BadQuery, DatastoreError) as error:
        return _content(str(error), is_error=True)
    return _content(msgspec.json.encode(found).decode()) | {"structuredContent": msgspec.to_builtins(found)}


def _content(text: str, *, is_error: bool = False) -> Json:
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


METHODS: dict[str, Callable[[Catalogue, Json], Json]] = {
    "initialize": _initialize,
    "server/discover": _discover,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": _call_tool,
}
"""Everything that can be asked."""


def _version() -> str:
    try:
        return version("datastore-portal")
    except PackageNotFoundError:
        return "0"
