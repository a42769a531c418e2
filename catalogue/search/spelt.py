"""Words of a query as others spell them, as clauses: two as one, and one as two that follow each other in a title."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dcat.our_languages import OUR_LANGUAGES

from . import weights
from .clauses import AnyOf, Clause, Fixed, Sum, Term, best_of
from .language import concepts, together
from .language.analysis import pairs, stem
from .language.compounds import LANGUAGES as COMPOUND_LANGUAGES
from .language.compounds import parts


class Spelt(NamedTuple):
    """What some words of a query may be besides."""

    of: tuple[str, ...]
    """Those words."""
    words: tuple[str, ...]
    """The one word for them, which texts are marked by."""
    had: Clause
    """The documents that have it; not scored."""
    scored: Clause
    """The same, scored as one word."""


def read(text: str, meant: Mapping[str, object], language: str, *, only: bool = False) -> Iterator[Spelt]:
    """The spellings of words. `meant`: the words that are looked for → what each means; of two that both mean
    something another spelling is worth looking for where it means something too."""
    for word, of in together.in_query(text):
        known = () if only else concepts.of_word(word, language)
        if known or not all(map(meant.get, of)):
            yield _as_one(word, tuple(one for one in of if one in meant), known, language)
    for word, meaning in meant.items():
        if (not meaning or concepts.is_in_one(word)) and (rows := _rows(word)):
            in_title = AnyOf("title_pairs", rows)
            yield Spelt((word,), (), in_title, Fixed(in_title, weights.APART))


def _as_one(word: str, of: tuple[str, ...], known: tuple[str, ...], language: str) -> Spelt:
    own, share = stem(word, language), 1 / max(1, len(of))
    meaning = (AnyOf("concepts", known),) if known else ()
    minor = tuple(dict.fromkeys((word, own)))
    had = Sum((AnyOf("words", (word,)), AnyOf("stems", (own,)), AnyOf("minor", minor), *meaning))
    terms = (Term("words", word, share * weights.WORDS), Term("stems", own, share * weights.STEMS))
    beside = (Term("minor", one, share * weights.MINOR) for one in minor)
    same = (Term("concepts", one, share * weights.CONCEPT) for one in known)
    return Spelt(of, (word,), had, best_of(Sum((*terms, best_of(*beside))), *same))


def _rows(word: str) -> tuple[str, ...]:
    """A word cut in two wherever it may be, as titles in any language hold the two; none of a compound, whose parts
    are looked for anyway."""
    if any(parts(word, language) for language in COMPOUND_LANGUAGES):
        return ()
    cut = (pairs([*two], language) for two in together.cuts(word) for language in OUR_LANGUAGES)
    return tuple(dict.fromkeys(row for found in cut for row in found))
