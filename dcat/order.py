"""Canonical order: the same content gives the same tuples, whatever the order of a source."""

from collections.abc import Iterable
from typing import Any

import msgspec

from .model import Node, Text


def in_order(values: Iterable[Any]) -> list[Any]:
    """Values in canonical order, each once."""
    by_key = {_key(value): value for value in values}
    return [by_key[key] for key in sorted(by_key)]


def _key(value: Any) -> Any:
    if isinstance(value, Text):
        return value.lang, value.value
    return _order(value) if isinstance(value, Node) else value


def _order(node: Node) -> tuple[bool, str, bytes]:
    """Canonical order: by IRI, then those without, by content."""
    return (False, node.iri, b"") if node.iri is not None else (True, "", msgspec.json.encode(node))
