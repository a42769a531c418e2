"""Words that some write together, some apart and some with a sign between them: `COVID-19`, `covid 19` and `covid19`.

A text gives such words to the index as if they were one, beside the words that it has; of a query every two neighbours
may be one. So either finds the other, and nothing is lost of what is written with a sign.
"""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from .analysis import AROUND, WORD_LIMIT, Token, tokens
from .folding import fold
from .lexicon import Lexicon
from .stopwords import ANY_STOP_WORD

_HYPHENS = frozenset("-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}_'’+")
_THOUSANDS = frozenset(",'’ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_HUMPED = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")
_HUMPS = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]{2,}(?:[A-ZÀ-Þ][a-zß-ÿ]{2,})+")
_HUMP = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]+")
_ORDINALS = {"e": "eme", "eme": "e"}
_ORDINAL = re.compile(rf"(\d+)({'|'.join(_ORDINALS)})")
MOST_PIECES = 4
"""Words in one piece of a text; longer ones are addresses, codes, lists."""
SHORTEST = 3
"""Letters of a part of a word that may be written apart."""


class Spelling(NamedTuple):
    """One word that some words of a query may be."""

    word: str
    of: tuple[str, ...]
    """The words as typed, folded."""


def together(text: str, folded: list[str]) -> list[str]:
    """What a text says in one word besides. `folded`: its words."""
    pieces = (piece for piece in text.split() if not (piece.isalnum() or piece.strip(AROUND).isalnum()))
    return [*chain.from_iterable(map(_inside.__getitem__, pieces)), *_counted(folded)]


def apart(name: str) -> list[str]:
    """The folded words that a name without blanks is put together from: `BusStops`."""
    if not _HUMPED.search(name):  # most are none, and this is told quickly
        return []
    pieces = (piece for piece in name.split() if len(piece) <= WORD_LIMIT)
    return [fold(hump) for piece in pieces for humps in _HUMPS.findall(piece) for hump in _HUMP.findall(humps)]


def in_query(text: str) -> Iterator[Spelling]:
    """The words that some of a query may be."""
    typed = list(tokens(text))
    for one in typed:
        if _GROUPED.fullmatch(one.word):
            yield Spelling(one.word.replace(".", ""), (one.word,))
        elif found := _ORDINAL.fullmatch(one.word):
            yield Spelling(f"{found[1]}{_ORDINALS[found[2]]}", (one.word,))
    for one, two in pairwise(typed):
        if word := _one_word(one, text[one.end : two.start], two) or _beside(one, text[one.end : two.start], two):
            yield Spelling(word, (one.word, two.word))
    for one, two, three in zip(typed, typed[1:], typed[2:], strict=False):
        number = _number(two.word, text[two.end : three.start], three.word)
        if number and one.word.isalpha() and one.word not in ANY_STOP_WORD:
            yield Spelling(f"{one.word}{number}", (one.word, two.word, three.word))


def cuts(word: str) -> list[tuple[str, str]]:
    """The two words that one may be, wherever it is cut."""
    if len(word) < 2 * SHORTEST or not word.isalpha():
        return []
    both = ((word[:at], word[at:]) for at in range(SHORTEST, len(word) - SHORTEST + 1))
    return [pair for pair in both if ANY_STOP_WORD.isdisjoint(pair)]


def _cut(piece: str) -> tuple[str, ...]:
    if "://" in piece or len(piece) > WORD_LIMIT:
        return ()
    found = list(tokens(piece))
    if len(found) > MOST_PIECES:
        return ()
    plain = (one.word.replace(".", "") for one in found if _GROUPED.fullmatch(one.word))
    joined = (_one_word(one, piece[one.end : two.start], two) for one, two in pairwise(found))
    return tuple(filter(None, (*plain, *joined)))


_inside = Lexicon(_cut)
"""What stands between two blanks of a text → what it says in one word."""


def _counted(folded: list[str]) -> Iterator[str]:
    """Letters before a number, and numbers of which a blank parts the thousands."""
    for place in [place for place, word in enumerate(folded) if word[0].isdigit() and place]:
        one, two = folded[place - 1], folded[place]
        if one.isalpha() and one not in ANY_STOP_WORD:
            yield f"{one}{two}"
        elif len(two) == 3 and (number := _number(one, " ", two)):
            yield number


def _one_word(one: Token, sign: str, two: Token) -> str:
    """Two words with a sign between them as one; empty where the sign parts them."""
    if one.word[-1].isdigit() and two.word.isdigit():
        return _number(one.word, sign, two.word)
    has_small = any(len(word) < SHORTEST and word in ANY_STOP_WORD for word in (one.word, two.word))
    is_code = one.word.isdigit() or two.word[0].isdigit()
    return one.word + two.word if sign in _HYPHENS and (is_code or not has_small) else ""


def _number(one: str, sign: str, two: str) -> str:
    """Digits with a sign between them as one number: thousands, or a decimal."""
    if sign in _THOUSANDS and len(two) == 3 and two.isdigit() and one.isdigit() and len(one) < 4 and one[0] != "0":
        return one + two
    return f"{one}.{two}" if sign in {",", "."} and two.isdigit() and len(two) < 3 else ""


def _beside(one: Token, sign: str, two: Token) -> str:
    """Two words of a query with a blank between them as one, where they may be."""
    if not sign.isspace() or not ANY_STOP_WORD.isdisjoint((one.word, two.word)):
        return ""
    if one.word.isalpha():
        return one.word + two.word
    return one.word + two.word if one.word.isdigit() and two.word.isalpha() and len(two.word) < SHORTEST else ""
