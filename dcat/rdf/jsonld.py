"""JSON-LD on its way in: remote contexts come from our own folder or not at all."""

import json
from functools import cache
from importlib.resources import files
from math import isinf
from typing import Any

from ..findings import Finding
from . import json_slips
from .bases import of_jsonld
from .formats import ParseError, excerpt, record_before

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


def prepare(data: bytes) -> tuple[bytes, str, list[Finding]]:
    """The document with its remote contexts replaced by ours, GeoJSON within it as text, and the base that it declares,
    taken out of it, with what had to be mended.

    The same bytes when there is nothing to replace.

    Raises `ParseError` for what is not JSON, is nested deeper than `MAX_DEPTH`, or names a context we do not have.
    """
    value, is_usual, found = _loads(data)
    if not isinstance(value, dict | list):
        raise ParseError("This JSON is a single value, not a JSON-LD document.")
    is_replaced = _localise(value, has_texts_of_json=b'"@json"' in data)
    base = of_jsonld(value)
    is_kept = is_usual and not is_replaced and not base
    return data if is_kept else json.dumps(value, ensure_ascii=False).encode(), base, found


class _Numbers:
    """Reads numbers; one that no float or machine word holds stays the text it is."""

    def __init__(self) -> None:
        self.are_usual = True

    def integer(self, digits: str) -> int | str:
        if len(digits) < 19:
            return int(digits)
        self.are_usual = False
        return digits

    def decimal(self, digits: str) -> float | str:
        value = float(digits)
        if not isinf(value):
            return value
        self.are_usual = False
        return digits


def _loads(data: bytes) -> tuple[Any, bool, list[Finding]]:
    """The value, whether the parser of JSON-LD may take the document as it stands, and what was mended.

    Not so when it has a control character in a text, a monstrous number or a slip, which are read all the same.
    """
    numbers, text = _Numbers(), data.decode("utf-8", "replace")  # of bytes the module would guess the encoding
    hooks: dict[str, Any] = {
        "parse_int": numbers.integer,
        "parse_float": numbers.decimal,
        "parse_constant": _no_constant,
    }
    try:
        try:
            return json.loads(text, **hooks), numbers.are_usual, []
        except json.JSONDecodeError:
            pass
        try:
            return json.loads(text, strict=False, **hooks), False, []
        except json.JSONDecodeError:
            text, found = json_slips.mend(text)
            return json.loads(text, strict=False, **hooks), False, found
    except json.JSONDecodeError as error:
        near = excerpt(data, error.lineno, error.colno)
        record = record_before(data, error.lineno, error.colno)
        raise ParseError(f"This is not JSON: {error.msg}.", error.lineno, error.colno, near, record) from error
    except RecursionError as error:
        raise ParseError(f"This JSON is nested deeper than {MAX_DEPTH} levels.") from error


def _no_constant(name: str) -> None:
    raise json.JSONDecodeError(f"it holds {name}", name, 0)  # which is mended before it is told


def _localise(document: Any, *, has_texts_of_json: bool) -> bool:
    """Makes every context local, also those of terms, and GeoJSON the text that it is; True when there was any.

    `has_texts_of_json`: a context says itself which values are JSON (`"@type": "@json"`), and they become texts so.
    """
    is_replaced = False
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise ParseError(f"This JSON is nested deeper than {MAX_DEPTH} levels.")
        if isinstance(value, dict) and "@context" in value:
            local = _local(value["@context"])
            is_replaced = is_replaced or local is not value["@context"]
            value["@context"] = local
        for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if not has_texts_of_json and _is_geometry(item):
                value[key] = {"@value": json.dumps(item)}
                is_replaced = True
            elif isinstance(item, dict | list):
                waiting.append((item, depth + 1))
    return is_replaced


def _is_geometry(value: Any) -> bool:
    """True for an object of GeoJSON (RFC 7946, 3.1), also with the `envelope` of ArcGIS: as JSON-LD it says nothing."""
    if not isinstance(value, dict) or value.keys() & {"@id", "@type", "@value", "@context"}:
        return False
    return isinstance(value.get("coordinates"), list) and isinstance(value.get("type"), str)


def _local(context: Any) -> Any:
    """A context without addresses, or the same context when it has none."""
    if isinstance(context, str):
        return bundled(context)
    if isinstance(context, list):
        parts = [_local(part) for part in context]
        return context if all(new is old for new, old in zip(parts, context, strict=True)) else parts
    if isinstance(context, dict) and isinstance(imported := context.get("@import"), str):
        rest = {key: item for key, item in context.items() if key != "@import"}
        return {**bundled(imported), **rest}
    return context


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
