"""The headings of a list: which field of a dataset a column holds, in four languages and the words of other systems.

`headings.csv` has one field a row: the properties of DCAT that it gives, whether its texts have languages, its words in
each language (the first is that of our template) and what other systems call it.
"""

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from dcat.our_languages import OUR_LANGUAGES


class Field(NamedTuple):
    """One field of a dataset that a column can hold."""

    name: str
    properties: tuple[str, ...]
    """Paths, such as `dcat:distribution/dct:license`, by which findings name what the column says."""
    has_languages: bool
    """True for a field that a list may give once for each language."""
    words: dict[str, str]
    """What our template calls it, in each language."""
    called: dict[str, tuple[str, ...]]
    """Everything that it is called in each language; in English with the words of other systems."""
    spellings: frozenset[str]
    """The same, folded."""


class Heading(NamedTuple):
    """What a column holds."""

    field: str
    lang: str = ""

    @property
    def key(self) -> str:
        """As `harvesters.fields` names a text in a language: `title_fr`."""
        return f"{self.field}_{self.lang}" if self.lang else self.field


@cache
def fields() -> dict[str, Field]:
    """Every field by its name, in the order of our template."""
    text = files(__package__).joinpath("headings.csv").read_text("utf-8")
    return {row["field"]: _field(row) for row in csv.DictReader(text.splitlines())}


def _field(row: dict[str, str]) -> Field:
    spelt = {language: row[language].split(" | ") for language in OUR_LANGUAGES}
    spelt["en"] = list(filter(None, dict.fromkeys((*spelt["en"], *row["also"].split(" | ")))))
    every = [row["field"], *(word for words in spelt.values() for word in words)]
    return Field(
        name=row["field"],
        properties=tuple(row["properties"].split()),
        has_languages=bool(row["languages"]),
        words={language: words[0] for language, words in spelt.items()},
        called={language: tuple(words) for language, words in spelt.items()},
        spellings=frozenset(filter(None, map(folded, every))),
    )


_PREFIX = re.compile(r"\s*(dct|dcterms|dcat|dcatap|dc|foaf|adms):", re.IGNORECASE)


def folded(text: str) -> str:
    """What spellings of one heading share: case, accents, blanks and signs do not matter, nor does a prefix."""
    decomposed = unicodedata.normalize("NFKD", _PREFIX.sub("", text).casefold())
    return "".join(letter for letter in decomposed if letter.isalnum())


@cache
def _spellings() -> dict[str, Heading]:
    """Every heading that is known, folded; the field itself before a field with a language, which it may look like."""
    found: dict[str, Heading] = {}
    for field in fields().values():
        for spelling in field.spellings:
            found.setdefault(spelling, Heading(field.name))
    for field in fields().values():
        for language in OUR_LANGUAGES if field.has_languages else ():
            for spelling in field.spellings:
                found.setdefault(spelling + language, Heading(field.name, language))
    return found


def heading_of(text: str) -> Heading | None:
    """What a column with that heading holds; None for a heading that nobody knows."""
    return _spellings().get(folded(text))


def known(cells: tuple[str, ...]) -> int:
    """How many different fields these cells are headings of; 0 when they name no title, without which nothing can be
    published."""
    found = {heading.field for heading in map(heading_of, cells) if heading is not None}
    return len(found) if found & {"title", "name"} else 0
