"""What the list of concepts may lack: words that titles in two languages use for each other, and no concept holds.

Only proposes; a person decides, and writes `concepts.csv`. A pair is as sure as it is exclusive: both words stand in
the same titles and in hardly any other (Dice's coefficient), and each is the other's best.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations, product
from typing import NamedTuple

from dcat.our_languages import OUR_LANGUAGES

from ..base import Document
from .analysis import stem, words
from .concepts import in_words
from .stopwords import ANY_STOP_WORD

SURE = 2 / 3
"""The least coefficient: of three titles with one of the words, two have both."""
SHORTEST = 3
"""Letters of a word worth a proposal."""

Word = tuple[str, str]
"""Language and folded word."""
Pair = tuple[Word, Word]


class Proposal(NamedTuple):
    """Two words that seem to mean the same."""

    language: str
    word: str
    other_language: str
    other_word: str
    titles: int
    """Different titles that have both."""
    sureness: float
    """From `SURE` to 1."""
    example: str
    other_example: str
    """A title of each language."""


def proposals(documents: Iterable[Document], *, least: int = 2) -> list[Proposal]:
    """Pairs of words that at least so many different titles have together, most first."""
    alone: Counter[Word] = Counter()
    together: Counter[Pair] = Counter()
    example: dict[Pair, dict[str, str]] = {}
    for titles in _different(documents):
        held = {language: sorted(_words(title)) for language, title in titles.items()}
        alone.update((language, word) for language, found in held.items() for word in found)
        for one, other in combinations(held, 2):
            for pair in _unexplained([(one, word) for word in held[one]], [(other, word) for word in held[other]]):
                together[pair] += 1
                example.setdefault(pair, titles)
    sure = {pair: 2 * count / (alone[pair[0]] + alone[pair[1]]) for pair, count in together.items() if count >= least}
    found = [_proposal(pair, together[pair], sure[pair], example[pair]) for pair in _exclusive(sure)]
    return sorted(found, key=lambda proposal: (-proposal.titles, -proposal.sureness, proposal.word))


def _different(documents: Iterable[Document]) -> Iterator[dict[str, str]]:
    """Titles that people wrote in at least two languages, each wording once."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    for document in documents:
        human = {text.language: text.value for text in document.title if not text.is_machine_translated}
        titles = {language: human[language] for language in OUR_LANGUAGES if language in human}
        wording = tuple(titles.items())
        if len(titles) > 1 and wording not in seen:
            seen.add(wording)
            yield titles


def _words(title: str) -> set[str]:
    return {word for word in words(title) if len(word) >= SHORTEST and word.isalpha() and word not in ANY_STOP_WORD}


def _unexplained(words: list[Word], others: list[Word]) -> Iterator[Pair]:
    """Pairs of those words of two titles that search does not find by any of the other."""
    known = [(one, other) for one, other in product(words, others) if _is_known(one, other)]
    explained = {word for pair in known for word in pair}
    yield from ((one, other) for one, other in product(words, others) if not explained & {one, other})


def _exclusive(sure: Mapping[Pair, float]) -> Iterator[Pair]:
    """The sure pairs of which each word is the other's best in its language."""
    best: dict[tuple[Word, str], float] = {}
    for (one, other), sureness in sure.items():
        for word, language in ((one, other[0]), (other, one[0])):
            best[word, language] = max(sureness, best.get((word, language), 0.0))
    for (one, other), sureness in sure.items():
        if sureness >= SURE and sureness == best[one, other[0]] == best[other, one[0]]:
            yield one, other


@lru_cache(maxsize=32_768)
def _is_known(one: Word, other: Word) -> bool:
    """Whether search finds the one by the other already: by a concept of both, or by their stems."""
    is_alike = one[1] == other[1] or stem(one[1], one[0]) == stem(other[1], other[0])
    return is_alike or bool(_concepts(one) & _concepts(other))


def _concepts(word: Word) -> set[str]:
    return {found.concept for found in in_words([word[1]], word[0])}


def _proposal(pair: Pair, titles: int, sureness: float, example: Mapping[str, str]) -> Proposal:
    one, other = pair
    return Proposal(*one, *other, titles, round(sureness, 2), example[one[0]], example[other[0]])
