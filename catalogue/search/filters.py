"""What a filter and a facet are, and how the values of an address are read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .base import Document
from .clauses import AnyOf, Clause

Labels = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One way to narrow a search."""

    name: str
    """The parameter, and the field of the index."""
    title: Labels
    """Its name for people, per language."""
    help: str
    """What values it takes, for the documentation of the API."""
    example: str
    parse: Callable[[str], str]
    """A value of the address in its canonical form; raises ValueError with the reason."""
    clause: Callable[[str, tuple[str, ...]], Clause] = AnyOf
    """(name, values) → the documents that any of the values keeps."""


@dataclass(frozen=True, kw_only=True)
class Facet(Filter):
    """A filter whose values are counted."""

    values: Callable[[Document], tuple[str, ...]] | None = None
    """The values that a document carries; None when `options` are counted instead."""
    options: tuple[str, ...] = ()
    """All values, in the order in which they are shown."""
    label: Callable[[str, str], str] = field(default=lambda value, _language: value)
    """(value, language) → its name for people; empty when the store must be asked."""


def one_of(*known: str) -> Callable[[str], str]:
    """Reads a value of a closed list."""

    def parse(value: str) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}")
        return value

    return parse


def matching(pattern: str, what: str, clean: Callable[[str], str] = str) -> Callable[[str], str]:
    """Reads a value that has a form, after cleaning it; `what` describes the form."""
    compiled = re.compile(pattern)

    def parse(value: str) -> str:
        cleaned = clean(value)
        if not compiled.fullmatch(cleaned):
            raise ValueError(f"must be {what}, not {value!r}")
        return cleaned

    return parse
