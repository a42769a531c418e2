"""Parts that lack what is mandatory of them: they are left out, so that the rest can be published."""

from functools import cache
from typing import Any, TypeVar

import msgspec

from ..model import Entry, Node, properties
from ..rules import lacking, musts
from .notes import Log

E = TypeVar("E", bound=Entry)
N = TypeVar("N", bound=Node)


def without_incomplete(entry: E, log: Log) -> E:
    """The entry without nodes that have not what `dcat.rules` says is mandatory: a service without address, say."""
    return _without(entry, log)


def _without(node: N, log: Log) -> N:
    changes: dict[str, Any] = {}
    for name, curie, many in _parts(type(node)):
        value = getattr(node, name)
        if not value:
            continue
        kept = _kept(value, curie, log) if many else _complete(value, curie, log)
        if kept != value:
            changes[name] = kept
    return msgspec.structs.replace(node, **changes) if changes else node


def _kept(nodes: tuple[Node, ...], curie: str, log: Log) -> tuple[Node, ...]:
    told = (_complete(node, f"{curie}[{number}]", log) for number, node in enumerate(nodes, start=1))
    return tuple(node for node in told if node is not None)


def _complete(node: Node, place: str, log: Log) -> Node | None:
    log.place.append(place)
    node = _without(node, log)
    missing = lacking(node)
    for field in missing:
        log.note(field, "", "part-dropped")
    log.place.pop()
    return None if missing else node


@cache
def _parts(struct: type[Node]) -> tuple[tuple[str, str, bool], ...]:
    """The fields that hold nodes of which something is mandatory, or that hold such nodes in turn."""
    fields = (field for field in properties(struct) if isinstance(field.item, type) and issubclass(field.item, Node))
    return tuple(
        (field.name, field.property.curie, field.many) for field in fields if musts(field.item) or _parts(field.item)
    )
