"""What is agreed with a source besides its records: values where a record says nothing, or whatever it says.

As it is written: `{"publisher": "Ville", "contact": "opendata@ville.example", "license": "CC_BY_4_0",
"theme": ["ENVI"], "keyword": {"fr": ["arbres"]}, "language": ["fr", "nl"], "frequency": "MONTHLY"}`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ..model import Text, Texts
from ..near_values import near, near_terms
from ..vocab import FREQUENCIES, LANGUAGES, LICENCES, THEMES, Vocabulary

_MAIL = re.compile(r"[^\s@:/]+@[^\s@/]+\.[^\s@/.]+\Z")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")
_TAG = re.compile(r"[a-z]{2}\Z")
NAMES = {"licence": "license", "themes": "theme", "keywords": "keyword", "languages": "language"}
"""Other spellings of the fields, as people write them."""


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """Values for the records of a source; what is empty is not agreed."""

    publisher: str = ""
    """Its name, or its number."""
    contact: str = ""
    """A mail address, or the address of a page."""
    license: str = ""
    """IRI of the licence table."""
    theme: tuple[str, ...] = ()
    """IRIs of the EU themes."""
    keyword: Texts = ()
    language: tuple[str, ...] = ()
    """IRIs of the languages of the content."""
    frequency: str = ""
    """IRI of the frequency table."""


def read(said: Mapping[str, Any]) -> Agreed:
    """What is agreed, from how it is written. Raises `ValueError` with what is wrong in which field, as what follows
    "says" in a sentence, with near values."""
    values: dict[str, Any] = {}
    for name, value in said.items():
        field = NAMES.get(name, name)
        if field not in _READ:
            raise ValueError(f"{name!r}, which is none of {', '.join(_READ)}{near(name, _READ)}")
        values[field] = _READ[field](value, field)
    return Agreed(**values)


def _term(vocabulary: Vocabulary, what: str, like: str) -> Callable[[Any, str], str]:
    def read(value: Any, field: str) -> str:
        text = _text(value, field)
        if (term := vocabulary.find(text)) is None or not term.iri:
            raise ValueError(
                f"{field} {text!r}, which is no {what} that we know, such as {like!r}{near_terms(text, vocabulary)}"
            )
        return term.iri

    return read


def _several(one: Callable[[Any, str], str]) -> Callable[[Any, str], tuple[str, ...]]:
    def read(value: Any, field: str) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        return tuple(sorted({one(each, field) for each in values}))

    return read


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{field} {value!r}, which is no text")
    return value.strip()


def _name(value: Any, field: str) -> str:
    text = _text(value, field)
    if "://" in text:
        raise ValueError(f"{field} {text!r}, which is an address; write its name")
    return text


def _contact(value: Any, field: str) -> str:
    text = _text(value, field)
    if not _MAIL.match(text) and not _ADDRESS.match(text):
        raise ValueError(f"{field} {text!r}, which is neither a mail address nor an address of the web")
    return text


def _keywords(value: Any, field: str) -> Texts:
    """A list of words, or one for each language."""
    by_language = value if isinstance(value, Mapping) else {"": value}
    if strange := [tag for tag in by_language if tag and not _TAG.match(str(tag))]:
        raise ValueError(f"{field} in {strange[0]!r}, which is no language, such as 'fr'")
    pairs = [(tag, words if isinstance(words, list) else [words]) for tag, words in by_language.items()]
    found = {Text(_text(word, field), tag) for tag, words in pairs for word in words}
    return tuple(sorted(found, key=lambda text: (text.lang, text.value)))


_READ: Mapping[str, Callable[[Any, str], Any]] = {
    "publisher": _name,
    "contact": _contact,
    "license": _term(LICENCES, "licence", "CC_BY_4_0"),
    "theme": _several(_term(THEMES, "European theme", "ENVI")),
    "keyword": _keywords,
    "language": _several(_term(LANGUAGES, "language", "fr")),
    "frequency": _term(FREQUENCIES, "frequency", "MONTHLY"),
}
