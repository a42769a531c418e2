"""What words mean in any language: `vélo` = `fiets` = `Fahrrad` = `bicycle`, Ixelles = Elsene, `Verkehr` = theme TRAN.

The list is `concepts.csv` (one concept a row, labels of a language divided by ` | `, `codes` the terms of vocabularies
that mean it) and the labels of the EU vocabularies. A document carries the concepts that its words or its codes name;
a query for one of the words finds the concept too.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

from dcat import vocab

from .analysis import stem, words
from .stopwords import ANY_STOP_WORD, STOP_WORDS

LANGUAGES = ("fr", "nl", "de", "en")
LONGEST_LABEL = 4
"""Words of a vocabulary's label; longer ones are sentences, which nobody types."""

Labels = dict[str, tuple[str, ...]]


class Concept(NamedTuple):
    """One meaning with its words."""

    id: str
    labels: Labels
    """Language → words for it, the usual one first."""
    codes: tuple[str, ...] = ()
    """Terms of vocabularies that mean it, such as `theme:TRAN`."""


class Found(NamedTuple):
    """A concept seen in a list of words."""

    concept: str
    start: int
    end: int
    """Words from `start` up to, not including, `end`."""


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by id."""
    own = [_concept(row) for row in csv.DictReader(_csv().splitlines())]
    return {concept.id: concept for concept in (*own, *_from_vocabularies())}


@cache
def fingerprint() -> str:
    """Changes with the list: an index that was made with another one must be rebuilt."""
    everything = repr(sorted(concepts().values(), key=lambda concept: concept.id))
    return blake2b(everything.encode(), digest_size=6).hexdigest()


def in_words(folded: list[str], language: str) -> Iterator[Found]:
    """The concepts that words of a language name, the longest name first; every language's when it is unknown."""
    stop = STOP_WORDS.get(language, ANY_STOP_WORD)
    places = [place for place, word in enumerate(folded) if word not in stop]
    names = _names(language) if language in LANGUAGES else _names_of_all()
    stems = [stem(folded[place], language) for place in places]
    at = 0
    while at < len(stems):
        length, found = _longest(names, stems, at)
        for concept in found:
            yield Found(concept, places[at], places[at + length - 1] + 1)
        at += max(length, 1)


def in_query(folded: list[str], language: str) -> list[Found]:
    """The concepts that the words of a query name: in the reader's language, else in any other."""
    order = (language, *(other for other in LANGUAGES if other != language))
    taken: set[int] = set()
    found: list[Found] = []
    for tongue in order:
        new = [one for one in in_words(folded, tongue) if not taken.intersection(range(one.start, one.end))]
        found += new
        taken.update(place for one in new for place in range(one.start, one.end))
    return found


@cache
def by_code() -> dict[str, tuple[str, ...]]:
    """Term of a vocabulary, such as `theme:TRAN` → the concepts that mean it."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept in concepts().values():
        for code in concept.codes:
            found[code].append(concept.id)
    return {code: tuple(ids) for code, ids in found.items()}


def other_words(found: Iterable[str], typed: list[str]) -> tuple[str, ...]:
    """The usual words for concepts in the four languages, without those that were typed."""
    seen = {" ".join(typed), *typed}
    others: list[str] = []
    for labels in (concepts()[concept].labels for concept in found):
        for label in (labels[language][0] for language in LANGUAGES if labels.get(language)):
            name = " ".join(words(label))
            if name not in seen:
                seen.add(name)
                others.append(label)
    return tuple(others)


def _longest(names: "Names", stems: list[str], at: int) -> tuple[int, tuple[str, ...]]:
    for length in range(min(names.longest.get(stems[at], 0), len(stems) - at), 0, -1):
        if found := names.concepts.get(tuple(stems[at : at + length])):
            return length, found
    return 0, ()


class Names(NamedTuple):
    """Names of concepts as stems."""

    concepts: dict[tuple[str, ...], tuple[str, ...]]
    longest: dict[str, int]
    """First stem → length of the longest name that begins with it."""


@cache
def _names(language: str) -> Names:
    found: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for concept in concepts().values():
        for label in concept.labels.get(language, ()):
            name = tuple(stem(word, language) for word in words(label) if word not in STOP_WORDS[language])
            if name:
                found[name][concept.id] = None
    return _with_lengths({name: tuple(ids) for name, ids in found.items()})


@cache
def _names_of_all() -> Names:
    """Names as written, not stemmed: for words of no known language."""
    found: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for concept in concepts().values():
        for label in (label for labels in concept.labels.values() for label in labels):
            if name := tuple(word for word in words(label) if word not in ANY_STOP_WORD):
                found[name][concept.id] = None
    return _with_lengths({name: tuple(ids) for name, ids in found.items()})


def _with_lengths(found: dict[tuple[str, ...], tuple[str, ...]]) -> Names:
    longest: dict[str, int] = {}
    for name in found:
        longest[name[0]] = max(len(name), longest.get(name[0], 0))
    return Names(found, longest)


def _csv() -> str:
    return files(__package__).joinpath("concepts.csv").read_text("utf-8")


def _concept(row: dict[str, str]) -> Concept:
    labels = {language: tuple(row[language].split(" | ")) for language in LANGUAGES if row[language]}
    return Concept(row["id"], labels, tuple(row["codes"].split()))


def _from_vocabularies() -> Iterator[Concept]:
    tables = (
        ("theme", vocab.THEMES),
        ("format", vocab.FORMATS),
        ("frequency", vocab.FREQUENCIES),
        ("hvd", vocab.HVD_CATEGORIES),
        ("area", vocab.PLACES),
    )
    for name, vocabulary in tables:
        for term in vocabulary:
            labels: Labels = {
                text.lang: (text.value,) for text in term.labels if len(words(text.value)) <= LONGEST_LABEL
            }
            if labels:
                yield Concept(f"{name}:{term.code}", labels, (f"{name}:{term.code}",))
