"""Text → terms, the same way for documents and for queries; every engine indexes the terms as given.

A text is cut into words (letters and digits of any script, decimals and version numbers kept whole, French elision and
the possessive 's taken off), words are folded (case, accents, ligatures), and stems are made of the folded words, so
that `energies` finds `énergies`. Highlights come from the same cut, by offset in the original text.
"""

import operator
import re
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import chain, pairwise
from typing import NamedTuple

import Stemmer

from dcat.model import Text
from dcat.normalise.languages import UNDETERMINED, guess
from dcat.our_languages import OUR_LANGUAGES

from . import dutch, french, german
from .compounds import parts
from .folding import fold
from .lexicon import Lexicon
from .stopwords import ANY_STOP_WORD, STOP_WORDS

VERSION = 11
"""Raised whenever the same text gives other terms than before: an index of another version must be rebuilt."""

QUERY_LIMIT = 32
"""Words of a query that are looked for."""
WORD_LIMIT = 64
"""Longer words are no words (encoded data, hashes); identifiers of any length are matched whole by their own field."""

OFTEN_ASKED = 200
"""Characters of a text whose words are wanted again and again: a title is searched, sorted by, compared."""

BETWEEN = "_"
"""Stands between two stems that are held as one term; no word has it."""

_GLUE = "\u0300-\u036f\u00ad\u200c\u200d\u2060\ufeff"  # accents of decomposed text, soft hyphens, zero-width joiners
_APOSTROPHE = "['’ʼ‘`´]"
# In both cases by hand: re.IGNORECASE would take half as long again, for every letter of every text.
_QU = "(?:[jJ][uU][sS]|[lL][oO][rR][sS]|[pP][uU][iI][sS]|[qQ][uU][oO][iI])?[qQ][uU]"
_WORD = re.compile(
    rf"(?<![^\W_])(?:[cdjlmnstCDJLMNST]|{_QU}){_APOSTROPHE}(?=[^\W\d_])"  # l'air, qu'une: skipped
    rf"|{_APOSTROPHE}[sS](?![^\W_])"  # city's, auto's: skipped
    rf"|((?<![^\W_])(?:[^\W\d_]\.){{2,}}(?:[^\W\d_](?![^\W_]))?"  # U.S., S.N.C.B, a.s.b.l.: one word without dots
    rf"|[^\W_]+(?:[{_GLUE}]+[^\W_]*|(?<=\d)\.\d+)*)"
)
AROUND = ".,;:()"
"""Signs beside a word that never make it another one."""
OFTEN_REPEATED = 80
"""Characters of a text that other documents are likely to have too: names of publishers and places, keywords. What is
made of longer ones is not remembered."""
_DIGITS = re.compile(r"[0-9]+")
SORTED_DIGITS = 8
"""Digits up to which numbers are sorted by their size, years and days (`20230501`) among them."""
_SPAN = operator.methodcaller("span", 1)
_SNOWBALL = {"fr": "french", "de": "german", "en": "english"}

# Each call holds the interpreter's lock from begin to end, so that one stemmer serves all threads; the cache is ours.
_STEMMERS = {language: Stemmer.Stemmer(name, 0) for language, name in _SNOWBALL.items()}

_SINGULARS = {"fr": french.singular, "de": german.singular}
"""What Snowball's stemmers are given, where they part a word from its own plural."""


class Token(NamedTuple):
    """A word with its place in the original text."""

    word: str
    """Folded."""
    start: int
    end: int


def words(text: str) -> list[str]:
    """The folded words of a text, in order: the short way for whole documents."""
    return list(_words_once(text)) if len(text) <= OFTEN_ASKED else _words(text)


def _words(text: str) -> list[str]:
    """No word goes on beyond a blank, and what stands between two blanks is met again and again."""
    return [*chain.from_iterable(map(between_blanks.__getitem__, text.split()))]


def _cut(text: str) -> tuple[str, ...]:
    bare = text.strip(AROUND)
    if bare.isalnum() and len(bare) <= WORD_LIMIT and "ʼ" not in bare:  # which Python takes for a letter
        return (fold(bare),)
    return tuple(fold(word) for word in _WORD.findall(text) if 0 < len(word) <= WORD_LIMIT)


between_blanks = Lexicon(_cut)
"""What stands between two blanks of a text → the folded words in it."""


_words_once = lru_cache(maxsize=4_096)(_words)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their places."""
    for start, end in map(_SPAN, _WORD.finditer(text)):  # (-1, -1) for an elision
        if start >= 0 and end - start <= WORD_LIMIT:
            yield Token(fold(text[start:end]), start, end)


@lru_cache(maxsize=8_192)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; the word itself in a language without stemmer."""
    if language == "nl":
        return dutch.stem(word)
    stemmer = _STEMMERS.get(language)
    if not stemmer:
        return word
    if singular := _SINGULARS.get(language):
        word = singular(word)
    return word if language == "fr" and word in french.WHOLE else fold(stemmer.stemWord(word))


def stems_of(word: str, language: str = "") -> tuple[str, ...]:
    """The different stems of a word whose language is unknown, or only likely, as in a query. A French word that is its
    own stem has no other: `gares` parks nothing. Nor is a little word one, or two letters
    that the word does not begin with: `forem` is nothing for somebody, `AED` no advertisement."""
    if language == "fr" and (own := stem(word, "fr")) in french.WHOLE:
        return (own,)
    found = dict.fromkeys(stem(word, language) for language in OUR_LANGUAGES)
    return tuple(one for one in found if one == word or _says_something(one, word)) or (word,)


def _says_something(stem: str, word: str) -> bool:
    """False for a little word that is left of a longer one, and for two letters that the word does not begin with."""
    if stem in ANY_STOP_WORD:
        return len(stem) > len(word.removesuffix("s")) - 2
    return len(stem) > 2 or word.startswith(stem)


def stemmed(word: str, language: str) -> tuple[str, ...]:
    """What a word of a document gives to the field of stems: its stem and, of a compound, the stems of its parts; in a
    text of unknown language every stem that it can have."""
    return _stemmed_in(language)[word]


@lru_cache(maxsize=16)
def _stemmed_in(language: str) -> Lexicon[tuple[str, ...]]:
    return Lexicon(partial(_stemmed, language=language))


def _stemmed(word: str, language: str) -> tuple[str, ...]:
    if word in STOP_WORDS.get(language, ANY_STOP_WORD):
        return ()
    if not language:
        return stems_of(word)
    return (stem(word, language), *(stem(part, language) for part in parts(word, language)))


def stems(folded: list[str], language: str) -> list[str]:
    """The stems of folded words, without stop words, with the parts of compounds."""
    return [*chain.from_iterable(map(_stemmed_in(language).__getitem__, folded))]


def pairs(folded: list[str], language: str) -> list[str]:
    """The stems of words that follow each other, two by two."""
    return [f"{one}{BETWEEN}{other}" for one, other in pairwise(stem(word, language) for word in folded)]


def language_of(text: Text) -> str:
    """The language to stem a text in: its tag, or, when none is known, the one that its little words speak for."""
    return guess(text.value, hits=1) if text.language in {"", UNDETERMINED} else text.language


def said(text: str) -> list[str]:
    """The folded words of a text in order, without what only says that there are data."""
    return french.without_jeu_de_donnees(words(text))


def without_stop_words(folded: list[str]) -> list[str]:
    """Folded words without those that are too common in any language; these, where there are no others."""
    return [word for word in folded if word not in ANY_STOP_WORD] or folded


def query_words(text: str, limit: int = QUERY_LIMIT) -> list[str]:
    """The different words of a query, without stop words unless it has nothing else."""
    return without_stop_words(list(dict.fromkeys(said(text))))[:limit]


def key(text: str) -> str:
    """A whole text as one term: titles and identifiers that are typed exactly."""
    return " ".join(words(text)) or fold(" ".join(text.split()))


def sort_key(text: str) -> str:
    """A text as what it is sorted by: its `key`, with numbers in order of size (`Lot 2` before `Lot 10`)."""
    return _DIGITS.sub(lambda found: found[0].zfill(SORTED_DIGITS), key(text))
