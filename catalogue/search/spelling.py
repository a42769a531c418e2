"""Did you mean: a word that the index does not know is replaced by the nearest one that it does."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain, pairwise

from .counting import remembered
from .fields import SHORTEST_SPELLING
from .language import concepts
from .language.analysis import tokens
from .language.folding import fold
from .language.stopwords import ANY_STOP_WORD
from .plan import Plan
from .view import Ask, View

SHORT = 5
"""Letters up to which a word begins right and has no letter in place of another: `waard` is another word than `aard`,
`loup` than `loop`, while `Ukel` lacks a letter."""
LONG = 10
"""Letters from which a word may differ in two places."""
_SOUNDS = tuple(
    (re.compile(letters), sound)
    for letters, sound in (("ph", "f"), ("qu?|ck?(?![eiyh])|ck", "k"), ("c(?=[eiy])|z", "s"), ("y", "i"), ("th", "t"))
)
"""Letters of folded words that sound alike in French or Dutch: `farmacie` is `pharmacie`, `kalite` is `qualite`."""
_TWICE = re.compile(r"(.)\1+")
_SOUND_ALIKE = {"f": "p", "k": "cq", "c": "kqs", "q": "kc", "s": "cz", "z": "s", "i": "y", "y": "i"}
"""First letter → first letters of words that may sound alike."""
_ROWS = (
    "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
    "aq", "wz", "yz",
)  # fmt: skip
"""Letters that lie side by side on keyboards of our languages, and those that change places between them."""


def corrected(text: str, plan: Plan, view: View) -> str:
    """The text with unknown words replaced; empty when all are known or nothing is near. A word that means something
    is right, although no document has it."""
    has_word = {word: clause for word, clause in plan.has_word.items() if word not in plan.meaning}
    answers = remembered(view, [Ask(clause) for clause in has_word.values()])
    unknown = [word for word, one in zip(has_word, answers, strict=True) if not one.total]
    better = {word: found for word in unknown if (found := nearest(word, view))}
    return _replaced(text, better) if better else ""


def nearest(word: str, view: View) -> str:
    """The word of the index, or name of a concept, that differs least from a folded word, of equally near ones the most
    frequent, as it is written there; empty when none is near."""
    if len(word) < SHORTEST_SPELLING or not word.isalpha():
        return ""
    most = 2 if len(word) >= LONG else 1
    near = ((_apart(word, folded, most), -count, written) for folded, written, count in _candidates(word, most, view))
    best = min((one for one in near if one[0] <= most), default=None)
    return best[2] if best else ""


def _candidates(word: str, most: int, view: View) -> Iterator[tuple[str, str, int]]:
    """Words of about the same length that begin with the first letter, or, of a longer word, with the second when the
    first is wrong, or with one that sounds alike or lies beside it; nobody looks for a little word."""
    letters = word[0] if len(word) <= SHORT else word[:2] + _SOUND_ALIKE.get(word[0], "")
    for letter in dict.fromkeys(letters):
        for folded, written, count in _beginning(letter, view):
            if abs(len(folded) - len(word)) <= most and folded not in ANY_STOP_WORD and _may_be_meant(folded, word):
                yield folded, written, count
    for letter in _beside().get(word[0], "") if len(word) > SHORT else "":
        yield from (one for one in _beginning(letter, view) if one[0][1:] == word[1:])


def _beginning(letter: str, view: View) -> Iterator[tuple[str, str, int]]:
    """The words that begin with a letter: folded, as written, how many documents have them."""
    for term, count in (*_spellings(letter, view), *_names().get(letter, ())):
        folded, _, written = term.partition("/")
        yield folded, written, count


@cache
def _beside() -> dict[str, str]:
    """Letter → those beside it."""
    found: dict[str, str] = {}
    for one, two in chain.from_iterable(map(pairwise, _ROWS)):
        found[one], found[two] = found.get(one, "") + two, found.get(two, "") + one
    return {letter: "".join(dict.fromkeys(others)) for letter, others in found.items()}


def _apart(word: str, other: str, most: int) -> int:
    """How far two words lie apart; those that sound alike no further than a word may."""
    apart = distance(word, other, most)
    return most if apart > most and len(word) > SHORT and _sound(word) == _sound(other) else apart


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    return _TWICE.sub(r"\1", word).removesuffix("e")


def _may_be_meant(other: str, word: str) -> bool:
    if len(word) <= SHORT and len(other) == len(word):
        return other != word and sorted(other) == sorted(word)
    return other != word


def _spellings(letter: str, view: View) -> list[tuple[str, int]]:
    return view.memory.once(("spellings", letter), lambda: view.spellings(letter))


@cache
def _names() -> dict[str, list[tuple[str, int]]]:
    """Names of concepts in one word, communes among them, by their first letter; no document is known to have them."""
    found: dict[str, list[tuple[str, int]]] = {}
    for concept in concepts.concepts().values():
        for label in (label for labels in concept.labels.values() for label in labels if label.isalpha()):
            found.setdefault(fold(label)[0], []).append((f"{fold(label)}/{label}", 0))
    return found


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, drop or swap with their neighbour; `most` + 1 as soon as it must be more than `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        last, row = row, [place]
        for at, second in enumerate(other, 1):
            cost = min(last[at] + 1, row[at - 1] + 1, last[at - 1] + (letter != second))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == second:
                cost = min(cost, before[at - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return row[-1]


def _replaced(text: str, better: dict[str, str]) -> str:
    parts, end = [], 0
    for token in tokens(text):
        if token.word in better:
            parts += [text[end : token.start], _like(text[token.start : token.end], better[token.word])]
            end = token.end
    return "".join([*parts, text[end:]])


def _like(typed: str, written: str) -> str:
    """With a capital when the typed word had one."""
    return written.capitalize() if typed[:1].isupper() and fold(written) else written
