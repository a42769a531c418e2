"""What a filter and a facet are, and how the values of an address are read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dcat.vocab import Vocabulary

from .base import BadValue, Document
from .clauses import AnyOf, Clause

Labels = Mapping[str, str]


@dataclass(frozen=True)
class Form:
    """What values look like, and how one is read."""

    read: Callable[[str], str]
    schema: Mapping[str, Any]
    """As JSON Schema says it, as far as it can."""

    def __call__(self, value: str) -> str:
        """A value in its canonical form; raises `BadValue` with the reason."""
        return self.read(value)


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
    parse: Form
    """A value of the address in its canonical form."""
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


def one_of(*known: str) -> Form:
    """Reads a value of a closed list, in any case."""
    by_key = {one.casefold(): one for one in known}

    def parse(value: str) -> str:
        if value.casefold() not in by_key:
            raise BadValue("%(name)s must be one of %(known)s, not “%(value)s”.", known=", ".join(known), value=value)
        return by_key[value.casefold()]

    return Form(parse, {"enum": list(known)})


def code_of(table: Vocabulary, *others: str) -> Form:
    """Reads a code as a table has it, or as one of the others, in any case, or any other spelling that the table knows;
    what is in no table stays as it is."""
    known = (*table.by_code, *others)
    by_key = {one.casefold(): one for one in known}
    read = matching(
        r"[A-Za-z0-9_.+-]{1,60}", "%(name)s must be a code of letters, digits, _ . + and -, not “%(value)s”."
    )

    def code(value: str) -> str:
        spelled = by_key.get(value.casefold()) or read(value)
        term = None if spelled in known else table.find(spelled)
        return term.code if term else spelled

    return Form(code, read.schema)


def matching(pattern: str, sentence: str, clean: Callable[[str], str] = str) -> Form:
    """Reads a value that has a form, after cleaning it; the sentence says of any other what it must be."""
    compiled = re.compile(pattern)

    def parse(value: str) -> str:
        cleaned = clean(value)
        if not compiled.fullmatch(cleaned):
            raise BadValue(sentence, value=value[:40])
        return cleaned

    return Form(parse, {"pattern": f"^{pattern}$"})
