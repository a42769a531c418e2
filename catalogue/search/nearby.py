"""What is near to words that nothing has: the same without place or year, and neighbouring concepts."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from . import when
from .language import concepts
from .language.analysis import query_words, tokens
from .language.concept_list import listed
from .language.guessing import likely
from .language.stopwords import ANY_STOP_WORD
from .unneeded import unneeded

SUBJECTS = (
    "bicycle", "bus", "traffic", "airport", "commuter", "air", "flood", "noise", "waste", "environment", "energy",
    "population", "first-name", "education", "culture", "tourism", "sport", "association", "health", "food", "trade",
    "tax", "government", "law", "housing", "municipality", "map", "statistics",
)  # fmt: skip
"""The first concept of each subject, in the order of the list; behind the last one it has no order."""
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’]\Z", re.IGNORECASE)
REACH = 4
"""How far concepts of one subject lie apart in the list that are near to each other."""


def wider(text: str, reader: str) -> Iterator[str]:
    """The words as typed without the names and numbers of places, without years and dates, and without either, nor what
    only leads to these (`l'année 2019`); none where there are none of these, or nothing else."""
    typed = query_words(text)
    found = concepts.in_query(typed, likely(typed, reader))
    named = {typed[at]: concepts.is_place(one.concept) for one in found for at in range(one.start, one.end)}
    places = {word for word, is_place in named.items() if is_place}
    times = set(when.read(text, (word for word in typed if word not in named)).had)
    for words in filter(None, (places, times, places | times if places and times else set())):
        only_with_them = unneeded(text) - unneeded(_without(text, words))
        if kept := _without(text, words | only_with_them):
            yield kept


def _without(text: str, left: set[str]) -> str:
    """A text without some of its words and the common ones beside them."""
    kept: list[tuple[str, str]] = []
    is_beside = False
    for token in tokens(text):
        if token.word in left:
            kept = _without_last_stop_words(kept)
        elif not (is_beside and token.word in ANY_STOP_WORD):
            elided = _ELIDED.search(text, 0, token.start)
            kept.append((token.word, text[elided.start() if elided else token.start : token.end]))
        is_beside = token.word in left or (is_beside and token.word in ANY_STOP_WORD)
    return " ".join(written for _, written in _without_last_stop_words(kept))


def _without_last_stop_words(kept: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Words with how they are written, without the common ones at their end."""
    while kept and kept[-1][0] in ANY_STOP_WORD:
        kept = kept[:-1]
    return kept


@cache
def near(concept: str) -> tuple[str, ...]:
    """The concepts near to one, the nearest first: what it is a part of, what is a part of it, neighbours of its
    subject."""
    parts = (row["id"] for row in listed() if concept in concepts.wider(row["id"]))
    found = dict.fromkeys((*sorted(concepts.wider(concept)), *parts, *_neighbours(concept)))
    return tuple(one for one in found if one != concept and not concepts.is_place(one))


def _neighbours(concept: str) -> list[str]:
    rows = [row["id"] for row in listed()]
    begins = [rows.index(first) for first in SUBJECTS]
    at = rows.index(concept) if concept in rows else begins[-1]
    if at >= begins[-1]:
        return []
    begin, end = next(pair for pair in pairwise(begins) if at < pair[1])
    same = rows[max(begin, at - REACH) : min(end, at + REACH + 1)]
    return sorted(same, key=lambda one: abs(rows.index(one) - at))


def word_for(concept: str, language: str) -> str:
    """The usual word for a concept, in a language where there is one."""
    labels = concepts.concepts()[concept].labels
    return (labels.get(language) or next(iter(labels.values())))[0]
