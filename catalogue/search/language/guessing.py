"""Which language the words of a query are in: told by their letters, as few of them are little words.

A naive Bayes classifier over runs of letters (Cavnar and Trenkle 1994, "N-gram-based text categorization"), taught by
the names of concepts and the little words of each language. A reader's own language has a lead: names and words of
several languages do not change it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import log

from dcat.our_languages import OUR_LANGUAGES

from .analysis import words
from .concepts import PLACE, concepts, in_words
from .elision import without_article
from .stopwords import STOP_WORDS

RUNS = (3, 4)
"""Letters that are looked at together, the edges of words among them."""
SEEN_BY_DEFAULT = 0.5
"""How often a run counts as seen that a language was never seen with."""
LEAD = 2.0
"""By how much the words must speak against the language of a reader: a logarithm, so e² times likelier."""


def likely(folded: Iterable[str], reader: str) -> str:
    """The language that folded words are in: the reader's, unless those that name nothing in it speak clearly for
    another."""
    said = [_scores(word) for word in folded if word.isalpha() and not _is_name(word, reader)]
    total = {one: sum(scores[one] for scores in said) + LEAD * (one == reader) for one in OUR_LANGUAGES}
    return max(total, key=lambda one: total[one])


@lru_cache(maxsize=16_384)
def _is_name(word: str, language: str) -> bool:
    """Whether a word is a concept in a language: French `Forest` is a commune."""
    return any(in_words([without_article(word) if language == "fr" else word], language))


@lru_cache(maxsize=16_384)
def _scores(word: str) -> Mapping[str, float]:
    """Language → logarithm of the word's likelihood in it, the mean over the lengths of runs."""
    found = dict.fromkeys(OUR_LANGUAGES, 0.0)
    for length in RUNS:
        runs = _runs(word, length)
        for one, known in _likelihoods(length).items():
            found[one] += sum(map(known.__getitem__, runs)) / len(RUNS)
    return found


class _Likelihoods(dict[str, float]):
    """Run of letters → logarithm of how likely it is in a language; of those never seen all alike."""

    def __init__(self, counted: Counter[str], all_runs: int) -> None:
        least = log(counted.total() + SEEN_BY_DEFAULT * all_runs)
        super().__init__({run: log(times + SEEN_BY_DEFAULT) - least for run, times in counted.items()})
        self.never = log(SEEN_BY_DEFAULT) - least

    def __missing__(self, run: str) -> float:
        return self.never


@cache
def _likelihoods(length: int) -> dict[str, _Likelihoods]:
    """What each language is known by."""
    seen = {one: Counter(run for word in _taught(one) for run in _runs(word, length)) for one in OUR_LANGUAGES}
    all_runs = len(set().union(*seen.values()))
    return {one: _Likelihoods(counted, all_runs) for one, counted in seen.items()}


def _taught(language: str) -> Iterator[str]:
    """The words that a language is known by; names of places are no words of it."""
    yield from STOP_WORDS[language]
    for concept in concepts().values():
        if not any(code.startswith(PLACE) for code in concept.codes):
            yield from (word for label in concept.labels.get(language, ()) for word in words(label))


def _runs(word: str, length: int) -> list[str]:
    edged = f"^{word}$"
    return [edged[at : at + length] for at in range(max(1, len(edged) - length + 1))]
