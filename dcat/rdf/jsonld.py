"""JSON-LD on its way in: remote contexts come from our own folder or not at all."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from .formats import ParseError, excerpt

MAX_DEPTH = 256
"""Levels of objects and lists; pyoxigraph ends the process at some thousands."""

_DCAT_AP = "dcat-ap.jsonld"
_DATA_JSON = "data-json.jsonld"
_SCHEMA_ORG = "schema-org.jsonld"

CONTEXTS = {
    "semiceu.github.io/dcat-ap/releases/3.0.1/context/dcat-ap.jsonld": _DCAT_AP,
    "semiceu.github.io/dcat-ap/releases/3.0.0/context/dcat-ap.jsonld": _DCAT_AP,
    "semiceu.github.io/dcat-ap/releases/3.0.0-hvd/context/dcat-ap-hvd.jsonld": _DCAT_AP,
    "data.europa.eu/r5r/3.0.0/dcat-ap.jsonld": _DCAT_AP,
    "project-open-data.cio.gov/v1.1/schema/catalog.jsonld": _DATA_JSON,
    "schema.org": _SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.json": _SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.jsonld": _SCHEMA_ORG,
}
"""Remote contexts that feeds name, without scheme and in lower case, each with the file in `contexts/` for it."""


def prepare(data: bytes) -> bytes:
    """The document with its remote contexts replaced by ours.

    Raises `ParseError` for what is not JSON, is nested deeper than `MAX_DEPTH`, or names a context we do not have.
    """
    try:
        value = json.loads(data, strict=False, parse_int=_integer, parse_float=_number, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        near = excerpt(data, error.lineno, error.colno)
        raise ParseError(f"This is not JSON: {error.msg}.", error.lineno, error.colno, near) from error
    except RecursionError as error:
        raise ParseError(f"This JSON is nested deeper than {MAX_DEPTH} levels.") from error
    if not isinstance(value, dict | list):
        raise ParseError("This JSON is a single value, not a JSON-LD document.")
    return json.dumps(_resolve(value, 1), ensure_ascii=False).encode()


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 19 else digits


def _number(digits: str) -> float | str:
    value = float(digits)
    return digits if value in {float("inf"), float("-inf")} else value


def _no_constant(name: str) -> None:
    raise ParseError(f"This is not JSON: it holds {name}.")


def _resolve(value: Any, depth: int) -> Any:
    """The value with every `@context` made local."""
    if depth > MAX_DEPTH:
        raise ParseError(f"This JSON is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, list):
        return [_resolve(item, depth + 1) if isinstance(item, dict | list) else item for item in value]
    return {
        key: _local(item, depth + 1)
        if key == "@context"
        else _resolve(item, depth + 1)
        if isinstance(item, dict | list)
        else item
        for key, item in value.items()
    }


def _local(context: Any, depth: int) -> Any:
    """A context without addresses: by name, in lists, and where a term has a context of its own."""
    if isinstance(context, str):
        return bundled(context)
    if isinstance(context, list):
        return [_local(part, depth + 1) for part in context]
    if not isinstance(context, dict):
        return context
    if isinstance(imported := context.get("@import"), str):
        rest = {key: item for key, item in context.items() if key != "@import"}
        return _resolve({**bundled(imported), **rest}, depth + 1)
    return _resolve(context, depth + 1)


def bundled(address: str) -> dict[str, Any]:
    """Our own equivalent of a remote context; raises `ParseError` with its name when there is none."""
    name = CONTEXTS.get(address.partition("://")[2].lower().removeprefix("www.").rstrip("/#"))
    if name is None:
        raise ParseError(
            f"The context {address[:200]!r} is not known here, and contexts are not fetched. "
            "Put the context itself into the document."
        )
    return _context(name)


@cache
def _context(name: str) -> dict[str, Any]:
    text = files("dcat").joinpath("contexts", name).read_text("utf-8")
    context: dict[str, Any] = json.loads(text)["@context"]
    return context
