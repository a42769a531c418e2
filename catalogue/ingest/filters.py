"""Which records of a source are taken: those that match what it is told to include, and nothing that it excludes.

A pattern is compared without case, accents and hyphens; `*` stands for anything. A title matches when the pattern is
within it, every other value when it is the whole.
"""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from dcat.model import Entry
from dcat.vocab import THEMES, key

CODE = "FILTERED"
"""Of the outcome of a record that is left out."""


class Filter(NamedTuple):
    """What a source is told, as `include` and `exclude` are written (`harvesters.options`)."""

    include: Mapping[str, Any] = {}
    exclude: Mapping[str, Any] = {}

    def why_not(self, entry: Entry, identifier: str) -> str:
        """Why a record is left out, as a sentence; empty for one that is taken."""
        for name, patterns in self.include.items():
            wanted = _listed(patterns)
            if not any(_matches(one, name, entry, identifier) for one in wanted):
                named = ", ".join(map(repr, wanted))
                return f"Its source is read for some records only: its {name} is none of {named}."
        for name, patterns in self.exclude.items():
            if met := [one for one in _listed(patterns) if _matches(one, name, entry, identifier)]:
                return f"Its source is read without some records: its {name} is {met[0]!r}."
        return ""


EVERYTHING = Filter()


def _listed(patterns: Any) -> list[str]:
    return patterns if isinstance(patterns, list) else [patterns]


def _matches(pattern: str, name: str, entry: Entry, identifier: str) -> bool:
    if name == "theme" and (term := THEMES.find(pattern)):
        pattern = term.code
    wanted = key(pattern).replace("[", "[[]")
    if name == "title" and "*" not in wanted:
        wanted = f"*{wanted}*"
    return any(fnmatchcase(key(value), wanted) for value in _VALUES[name](entry, identifier))


def _publisher(entry: Entry, _identifier: str) -> Iterator[str]:
    if entry.publisher is not None:
        yield from (text.value for text in entry.publisher.name)
        yield entry.publisher.iri or ""


def _theme(entry: Entry, _identifier: str) -> Iterator[str]:
    for concept in entry.theme:
        yield from (text.value for text in concept.labels)
        term = THEMES.by_iri.get(concept.iri or "")
        yield term.code if term else concept.iri or ""


def _identifier(entry: Entry, identifier: str) -> Iterator[str]:
    yield from (identifier, entry.iri or "", *(text.value for text in entry.identifier))


_VALUES: Mapping[str, Callable[[Entry, str], Iterator[str]]] = {
    "publisher": _publisher,
    "theme": _theme,
    "keyword": lambda entry, _: (text.value for text in entry.keyword),
    "title": lambda entry, _: (text.value for text in entry.title),
    "identifier": _identifier,
}
