"""Canonical order: the same content gives the same tuples, whatever the order of a source."""

from collections.abc import Iterable
from operator import lt
from typing import Any, TypeVar

import msgspec

from .model import Node, Text

N = TypeVar("N", bound=Node)


def in_order(values: Iterable[Any]) -> list[Any]:
    """Values in canonical order, each once."""
    by_key = {_key(value): value for value in values}
    return [by_key[key] for key in sorted(by_key)]


def ordered_nodes(nodes: tuple[N, ...]) -> tuple[N, ...]:
    """Nodes without repetition, by IRI, those without one by content."""
    if len(nodes) < 2 or _are_ordered([node.iri for node in nodes]):
        return nodes
    return tuple(sorted(dict.fromkeys(nodes), key=_order))


def _are_ordered(names: list[Any]) -> bool:
    """True for names that all differ and follow each other, as most do: nobody need look into what they name."""
    return None not in names and all(map(lt, names, names[1:]))


def _key(value: Any) -> Any:
    if isinstance(value, Text):
        return value.lang, value.value
    return _order(value) if isinstance(value, Node) else value


def _order(node: Node) -> tuple[bool, str, bytes]:
    """Canonical order: by IRI, then those without, by content."""
    return (False, node.iri, b"") if node.iri is not None else (True, "", msgspec.json.encode(node))
