"""What words mean in any language: `vélo` = `fiets` = `Fahrrad` = `bicycle`, Ixelles = Elsene, `Verkehr` = theme TRAN.

The list is `concepts.csv` (one concept a row, labels of a language divided by ` | `, `codes` the terms of vocabularies
that mean it) and the labels of the EU vocabularies. A document carries the concepts that its words or its codes name;
a query for one of the words finds the concept too.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

from dcat import vocab

from .analysis import stem, words
from .compounds import parts
from .false_friends import ANY_FALSE_FRIEND, FALSE_FRIENDS
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
    """All concepts by id. A term of a vocabulary that has the name of one of ours is that one."""
    own = {row["id"]: _concept(row) for row in csv.DictReader(_csv().splitlines())}
    named = {(language, _plain(label)): id for id, one in own.items() for language, label in _all_labels(one)}
    for term in _from_vocabularies():
        same = [named[name] for name in ((lang, _plain(label)) for lang, label in _all_labels(term)) if name in named]
        if len(same) > 1 and len(set(same)) == 1:
            own[same[0]] = own[same[0]]._replace(codes=tuple(dict.fromkeys((*own[same[0]].codes, *term.codes))))
        else:
            labels = {lang: found for lang, found in term.labels.items() if (lang, _plain(found[0])) not in named}
            own[term.id] = term._replace(labels=labels)
    return own


@cache
def fingerprint() -> str:
    """Changes with the list: an index that was made with another one must be rebuilt."""
    everything = repr((sorted(concepts().values(), key=lambda concept: concept.id), sorted(ANY_FALSE_FRIEND)))
    return blake2b(everything.encode(), digest_size=6).hexdigest()


def in_words(folded: list[str], language: str) -> Iterator[Found]:
    """All concepts that words of a language name, also one inside the other (`piste cyclable` and `cyclable`); those of
    every language when it is unknown."""
    text = _Stemmed(folded, language)
    begins = text.names.longest
    for at in (place for place, one in enumerate(text.stems) if one in begins):
        for length in range(1, text.longest(at) + 1):
            yield from text.found(at, length)


def _longest_in_words(folded: list[str], language: str, strangers: frozenset[str] | None) -> Iterator[Found]:
    """The concepts that words name, of names that overlap the longest one."""
    text, at = _Stemmed(folded, language, strangers), 0
    while at < len(text.stems):
        lengths = (length for length in range(text.longest(at), 0, -1) if text.found(at, length))
        length = next(lengths, 0)
        yield from text.found(at, length)
        at += max(length, 1)


def in_query(folded: list[str], language: str) -> list[Found]:
    """The concepts that the words of a query name: in the reader's language, else in any other."""
    order = (language, *(other for other in LANGUAGES if other != language))
    taken: set[int] = set()
    found: list[Found] = []
    for tongue in order:
        strangers = None if tongue == language else ANY_FALSE_FRIEND
        named = _longest_in_words(folded, tongue, strangers)
        new = [one for one in named if not taken.intersection(range(one.start, one.end))]
        found += new
        taken.update(place for one in new for place in range(one.start, one.end))
    return found


@lru_cache(maxsize=16_384)
def in_parts(word: str, language: str) -> tuple[str, ...]:
    """The concepts that the parts of a compound name, one each; empty when a part names none."""
    cut = parts(word, language)
    named = [next((found.concept for found in in_words([part], language)), "") for part in cut]
    return tuple(dict.fromkeys(named)) if len(cut) > 1 and all(named) else ()


def stemmed_names(found: Iterable[str], language: str) -> set[tuple[str, ...]]:
    """The names of concepts in a language, as stems."""
    return {name for concept in found for name in _stemmed_names(concept, language)}


@cache
def _stemmed_names(concept: str, language: str) -> frozenset[tuple[str, ...]]:
    labels = concepts()[concept].labels.get(language, ())
    names = ([word for word in words(label) if word not in STOP_WORDS[language]] for label in labels)
    return frozenset(tuple(stem(word, language) for word in name) for name in names if name)


@cache
def by_code() -> dict[str, tuple[str, ...]]:
    """Term of a vocabulary, such as `theme:TRAN` → the concepts that mean it."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept in concepts().values():
        for code in concept.codes:
            found[code].append(concept.id)
    return {code: tuple(ids) for code, ids in found.items()}


def other_words(found: Iterable[str], typed: list[str]) -> tuple[str, ...]:
    """The usual words for concepts in the four languages, without those that were typed, in whatever form."""
    seen = {" ".join(typed), *typed}
    others: list[str] = []
    for labels in (concepts()[concept].labels for concept in found):
        for language, label in ((language, labels[language][0]) for language in LANGUAGES if labels.get(language)):
            name = _plain(label)
            if name not in seen and stem(name, language) not in {stem(word, language) for word in typed}:
                seen.add(name)
                others.append(label)
    return tuple(others)


class Names(NamedTuple):
    """Names of concepts in one language."""

    labels: dict[tuple[str, ...], tuple[tuple[str, str], ...]]
    """Stems of a name → the concepts that have it, with the name as folded words."""
    longest: dict[str, int]
    """First stem → length of the longest name that begins with it."""


@cache
def _names(language: str) -> Names:
    """Names by their stems; without language those of all languages, as written."""
    found: dict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    stop = STOP_WORDS.get(language, ANY_STOP_WORD)
    for concept in concepts().values():
        for label in concept.labels.get(language, ()) if language else (label for _, label in _all_labels(concept)):
            for name in _written(label, stop), _written(label, ANY_STOP_WORD):  # a query lacks those of every language
                if name:
                    found[tuple(stem(word, language) for word in name)][concept.id, " ".join(name)] = None
    longest: dict[str, int] = {}
    for stems in found:
        longest[stems[0]] = max(len(stems), longest.get(stems[0], 0))
    return Names({stems: tuple(named) for stems, named in found.items()}, longest)


def _written(label: str, stop: frozenset[str]) -> list[str]:
    return [word for word in words(label) if word not in stop]


class _Stemmed:
    """Words as stems, ready to be compared with names."""

    def __init__(self, folded: list[str], language: str, strangers: frozenset[str] | None = None) -> None:
        stop = STOP_WORDS.get(language, ANY_STOP_WORD)
        self.folded = folded
        self.places = [place for place, word in enumerate(folded) if word not in stop]
        self.stems = [stem(folded[place], language) for place in self.places]
        self.names = _names(language if language in LANGUAGES else "")
        self.strangers = FALSE_FRIENDS.get(language, ANY_FALSE_FRIEND) if strangers is None else strangers

    def longest(self, at: int) -> int:
        """Length of the longest name that may begin at a place."""
        return min(self.names.longest.get(self.stems[at], 0), len(self.stems) - at)

    def found(self, at: int, length: int) -> list[Found]:
        """The concepts named by so many words."""
        named = self.names.labels.get(tuple(self.stems[at : at + length]))
        if not named:
            return []
        places = self.places[at : at + length]
        written = " ".join(self.folded[place] for place in places)
        if written in self.strangers:
            named = tuple(one for one in named if one[1] == written)
        return [Found(id, places[0], places[-1] + 1) for id in _meant(named, written)] if named else []


@lru_cache(maxsize=32_768)
def _meant(named: tuple[tuple[str, str], ...], written: str) -> tuple[str, ...]:
    """Of names that share a stem (`park`, `parking`): those written so, else the longest ones that what is written
    begins with (`parks`), else those that differ least in length."""

    def distance(name: str) -> tuple[bool, int]:
        return not written.startswith(name), abs(len(name) - len(written))

    least = min(distance(name) for _, name in named)
    return tuple(dict.fromkeys(id for id, name in named if distance(name) == least))


def _all_labels(concept: Concept) -> list[tuple[str, str]]:
    return [(language, label) for language, labels in concept.labels.items() for label in labels]


def _plain(label: str) -> str:
    return " ".join(words(label))


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
