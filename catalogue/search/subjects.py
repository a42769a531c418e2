"""The subjects of which one asks who publishes them: each a row of `subjects.toml`, told by titles and keywords alone.

A description mentions much that the data are not about; titles tell, and keywords where no title does.
"""

import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any, NamedTuple

from dcat.model import Text, Texts
from dcat.our_languages import OUR_LANGUAGES

from .base import Document
from .filters import Labels
from .language import concepts
from .language.analysis import language_of, words
from .language.compounds import LANGUAGES as COMPOUND_LANGUAGES


class Subject(NamedTuple):
    """What somebody may publish."""

    id: str
    name: Labels
    concepts: frozenset[str]
    words: dict[str, tuple[str, ...]]
    """Language → names beside those of the concepts."""
    unless: frozenset[str]
    """Concepts, and words as folded, with which a text speaks of something else."""
    is_money: bool
    bodies: tuple[str, ...]
    """Kinds of body that are asked: `commune`, `cpas`."""
    due: int | None
    """Months from the end of a year until that of the year is due; None where only the state of today counts."""


@cache
def subjects() -> dict[str, Subject]:
    """All of them by id, in the order of the table."""
    return {id: _subject(id, row) for id, row in tomllib.loads(_table()).items()}


def _subject(id: str, row: dict[str, Any]) -> Subject:
    return Subject(
        id,
        {language: row[language] for language in OUR_LANGUAGES},
        frozenset(row["concepts"]),
        {language: tuple(names) for language, names in row.get("words", {}).items()},
        frozenset(row.get("unless", ())),
        row.get("money", False),
        tuple(row["bodies"]),
        row.get("due"),
    )


def label(id: str, language: str) -> str:
    """What a subject is called."""
    return subjects()[id].name[language] if id in subjects() else id


def fingerprint() -> str:
    """Changes with the table."""
    return blake2b(_table().encode(), digest_size=6).hexdigest()


def of(document: Document) -> tuple[str, ...]:
    """What a document is about."""
    return _named(document.title) or _named(document.keyword)


def _named(texts: Texts) -> tuple[str, ...]:
    by_people = (text for text in texts if not text.is_machine_translated)
    return tuple(dict.fromkeys(id for text in by_people for id in _in_text(text)))


@lru_cache(maxsize=4_096)
def _in_text(text: Text) -> tuple[str, ...]:
    """The subjects that a title or keyword names; those of all languages when nobody says which it is written in."""
    folded, language = words(text.value), language_of(text)
    meant = set(_concepts(folded, language))
    said = meant.union(folded)
    named = {*(id for id, one in subjects().items() if one.concepts & meant), *_by_words(folded, language)}
    return tuple(id for id, one in subjects().items() if id in named and not one.unless & said)


def _concepts(folded: list[str], language: str) -> Iterator[str]:
    yield from (found.concept for found in concepts.in_words(folded, language) if found.is_sure)
    if language in COMPOUND_LANGUAGES:
        yield from (concept for word in folded for concept in concepts.of_parts(word, language))


def _by_words(folded: list[str], language: str) -> Iterator[str]:
    own = f" {' '.join(folded)} "
    for tongue in (language,) if language in OUR_LANGUAGES else OUR_LANGUAGES:
        yield from (id for id, name in _names(tongue) if f" {name} " in own)


@cache
def _names(language: str) -> tuple[tuple[str, str], ...]:
    """Subject and name, written as it must be: `comptes` are accounts, `compte` may count anything."""
    return tuple((id, " ".join(words(name))) for id, one in subjects().items() for name in one.words.get(language, ()))


def _table() -> str:
    return files(__package__).joinpath("subjects.toml").read_text("utf-8")
