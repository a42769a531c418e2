"""What could not be understood stays as it was written: readers see it, marked so, and RDF does not hold it."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from ..model import AsWritten, Distribution, Resource
from .notes import Note
from .texts import line

N = TypeVar("N", bound=Resource | Distribution)

RULES = frozenset({"date-invalid", "size-invalid", "number-invalid", "duration-invalid"})
"""Rules by which a value is dropped because nobody understands it."""


def keep(node: N, field: str, values: Iterable[str]) -> N:
    """The node with what was written for a field, but for placeholders."""
    lines = filter(None, (line(text)[0] for text in values))
    kept = {*node.as_written, *(AsWritten(field, value) for value in lines)}
    return msgspec.structs.replace(node, as_written=tuple(sorted(kept))) if kept != {*node.as_written} else node


def keep_dropped(node: N, notes: Iterable[Note], place: str) -> N:
    """The node with the values that these notes say were dropped from its own fields, or from its periods."""
    for note in notes:
        field = note.field.removeprefix(place).removeprefix("/")
        if note.rule in RULES and not note.published:
            own = field.partition("[")[0] if field.startswith("dct:temporal[") else field
            node = node if "/" in own else keep(node, own, (note.raw,))
    return node
