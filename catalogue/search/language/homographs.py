"""Words that mean two things in one language, and what tells which: German `Haushalt` is a budget and a household.

The list is `homographs.csv`: in a text of that language the word, in whatever form, means the concept only where
something else in the document names one of the `signs` (concepts, or terms of vocabularies such as `theme:TRAN`; none:
always), and nothing names one of `unless`. Names of several words are never in doubt.
"""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Set
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .analysis import stem
from .folding import fold


class Sense(NamedTuple):
    """What speaks for a meaning, and what against it."""

    signs: frozenset[str]
    unless: frozenset[str]

    def is_meant(self, named: Set[str]) -> bool:
        """Whether a text that names these means it."""
        return (not self.signs or bool(self.signs & named)) and not self.unless & named


def is_doubtful(concept: str, stemmed: str, language: str) -> bool:
    """Whether a stem names a concept only with a sign; in a text of unknown language, a word as written."""
    return concept in _by_stem().get((language, stemmed), ())


def meant(doubtful: Iterable[str], named: Collection[str]) -> list[str]:
    """Those of doubtful concepts that a text means which names these for sure."""
    signs = frozenset(named)
    return [one for one in doubtful if senses()[one].is_meant(signs)]


def told(meanings: Iterable[str], named: Collection[str]) -> set[str]:
    """Those of the meanings of a word that one of these concepts is a sign of."""
    return {one for one in meanings if one in senses() and senses()[one].signs.intersection(named)}


@cache
def senses() -> dict[str, Sense]:
    """Concept → what tells that a doubtful word means it, in any language."""
    found: dict[str, Sense] = defaultdict(lambda: Sense(frozenset(), frozenset()))
    for row in rows():
        signs, unless = found[row["concept"]]
        found[row["concept"]] = Sense(signs.union(row["signs"].split()), unless.union(row["unless"].split()))
    return dict(found)


@cache
def rows() -> list[dict[str, str]]:
    """The list as it stands in the file."""
    return list(csv.DictReader(files(__package__).joinpath("homographs.csv").read_text("utf-8").splitlines()))


@cache
def _by_stem() -> dict[tuple[str, str], frozenset[str]]:
    """(language, stem) → the concepts that it names in doubt; ("", word) for texts of unknown language."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows():
        word = fold(row["word"])
        found[row["language"], stem(word, row["language"])].add(row["concept"])
        found["", word].add(row["concept"])
    return {key: frozenset(named) for key, named in found.items()}
