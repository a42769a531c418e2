"""What a query means: tiers of documents, best first, as clauses that any engine can run.

No word is required. Documents whose title or identifier was typed exactly come first, then those that have all the
words, then those that have some of them. A word is had when it, its stem, its meaning in another language or all parts
of the compound are there.
"""

from datetime import timedelta
from typing import NamedTuple

from catalogue import clock

from . import concepts, weights
from .analysis import key, query_words, stem, stems_of
from .base import Query
from .clauses import EVERYTHING, All, AnyOf, Between, Boosted, Clause, Constant, Prefix, Sum, Term, Without, best_of
from .compounds import LANGUAGES as COMPOUND_LANGUAGES
from .compounds import parts
from .facets import FILTERS

SHORTEST_PREFIX = 4
"""Letters that a word must have to be looked for as a beginning; shorter ones begin too many words."""


class Plan(NamedTuple):
    """A query, understood."""

    words: tuple[str, ...]
    """What is searched, folded; empty when everything is asked for."""
    meanings: tuple[concepts.Found, ...]
    """Concepts that the words name; places are those in `words`."""
    tiers: tuple[Clause, ...]
    """Disjoint, best first; together they are `match`."""
    has_word: dict[str, Clause]
    """Word → documents that have it."""
    exact: Clause
    """Documents whose title or identifier was typed."""
    all_words: Clause
    """Documents that have all the words, or were named exactly."""
    match: Clause
    """Every document that is shown."""
    filters: dict[str, Clause]
    """Name → documents that the filter keeps."""


def plan(query: Query) -> Plan:
    """Understands a query."""
    filters = {name: FILTERS[name].clause(name, values) for name, values in query.filters.items() if values}
    typed = tuple(query_words(query.text))
    if not typed:
        match = _exact(query.text) if query.text.strip() else EVERYTHING
        return Plan((), (), (match,), {}, match, match, match, filters)
    meanings = () if query.only else tuple(concepts.in_query(list(typed), query.language))
    scored = [_word(word, place, meanings, query.language) for place, word in enumerate(typed)]
    has_word = {word: _has(word, place, meanings) for place, word in enumerate(typed)}
    exact, looser = _exact(query.text), _looser(typed)
    all_words = Sum((exact, All(tuple(has_word.values()))))
    match = Sum((exact, *has_word.values(), *looser))
    tiers = _tiers(exact, All(tuple(scored)), Sum((*scored, *looser)), all_words)
    return Plan(typed, meanings, tiers, has_word, exact, all_words, match, filters)


def _tiers(exact: Clause, every: Clause, loose: Clause, all_words: Clause) -> tuple[Clause, ...]:
    tiers = (Boosted(exact, loose), Without(every, exact), Without(loose, all_words))
    return tuple(_with_signals(tier) for tier in tiers)


def _with_signals(clause: Clause) -> Clause:
    """One inside the other: tantivy walks several optional clauses at once three times slower."""
    for signal in _signals():
        clause = Boosted(clause, signal)
    return clause


def _exact(text: str) -> Clause:
    return AnyOf("exact", (key(text),))


def _word(word: str, place: int, meanings: tuple[concepts.Found, ...], language: str) -> Clause:
    """Documents that have one word of the query, scored."""
    stems = stems_of(word)
    own = stem(word, language)
    clauses: list[Clause] = [
        Term("words", word, weights.WORDS),
        best_of(*(Term("stems", one, weights.STEMS * _share(one, own)) for one in stems)),
        Term("title_words", word, weights.TITLE_WORDS),
        best_of(*(Term("title_stems", one, weights.TITLE_STEMS * _share(one, own)) for one in stems)),
        best_of(*(Term("translated", one, weights.TRANSLATED) for one in dict.fromkeys((word, *stems)))),
    ]
    clauses += (All(tuple(found)) for found in _compounds(word))
    meant = (
        Term("concepts", found.concept, weights.CONCEPT / (found.end - found.start))
        for found in meanings
        if found.start <= place < found.end
    )
    return best_of(Sum(tuple(clauses)), *meant)


def _has(word: str, place: int, meanings: tuple[concepts.Found, ...]) -> Clause:
    """The same documents, not scored: for counting and leaving out."""
    stems = stems_of(word)
    meant = tuple(found.concept for found in meanings if found.start <= place < found.end)
    clauses: list[Clause] = [
        AnyOf("words", (word,)),
        AnyOf("stems", stems),
        AnyOf("translated", tuple(dict.fromkeys((word, *stems)))),
        *((AnyOf("concepts", meant),) if meant else ()),
        *(All(tuple(AnyOf(part.field, (part.term,)) for part in found)) for found in _compounds(word)),
    ]
    return Sum(tuple(clauses))


def _compounds(word: str) -> list[tuple[Term, ...]]:
    """Of a compound its parts, in each language that cuts it into more than one."""
    cut = (_parts(word, language) for language in COMPOUND_LANGUAGES)
    return [found for found in cut if len(found) > 1]


def _share(stem: str, own: str) -> float:
    return 1.0 if stem == own else weights.OTHER_STEMS


def _parts(word: str, language: str) -> tuple[Term, ...]:
    return tuple(Term("stems", stem(part, language), weights.PART) for part in parts(word, language))


def _looser(typed: tuple[str, ...]) -> tuple[Clause, ...]:
    """What is shown without counting as a word that is had: parts of compounds, the beginning of the last word."""
    found: list[Clause] = [part for word in typed for language in COMPOUND_LANGUAGES for part in _parts(word, language)]
    if len(typed[-1]) >= SHORTEST_PREFIX:
        found.append(Prefix("words", typed[-1], weights.PREFIX))
    return tuple(dict.fromkeys(found))


def _signals() -> tuple[Clause, ...]:
    a_year_ago = (clock.now().date() - timedelta(days=365)).toordinal()
    return (
        Constant(Between("modified_day", low=a_year_ago), weights.FRESH),
        Constant(AnyOf("signals", ("hvd",)), weights.HIGH_VALUE),
        Constant(AnyOf("signals", ("on-time",)), weights.ON_TIME),
        Constant(AnyOf("signals", ("working",)), weights.WORKING),
    )
