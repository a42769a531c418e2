"""What a query means: tiers of documents, best first, as clauses that any engine can run.

No word is required. Documents whose title or identifier was typed exactly come first, then those that have all the
words (`one_word`), then those that have some of them. A word that only says "data" is searched but not missed: all here
is data.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from dcat.our_languages import OUR_LANGUAGES

from . import named, operators, spelt, weights, when
from .base import Query
from .clauses import EVERYTHING, All, AnyOf, Boosted, Clause, Fixed, Prefix, Sum, Term, Without, best_of
from .conditions import Chosen, Condition, Each, Either, Other
from .facets import FILTERS
from .language import concepts
from .language.analysis import QUERY_LIMIT, pairs, query_words, said, without_stop_words
from .language.compounds import LANGUAGES as COMPOUND_LANGUAGES
from .language.elision import without_article
from .language.guessing import likely
from .language.stopwords import ANY_STOP_WORD
from .one_word import Meaning, Word, concepts_of
from .operators import Asked
from .typed import beginnings, street_name, without_house_number
from .unneeded import aside, unneeded
from .when import When

SHORTEST_PREFIX = 4
"""Letters that a word must have to be looked for as a beginning; shorter ones begin too many words."""
UNITS = frozenset({"municipality", "province"})
"""Concepts by which data of any subject is broken down: beside other words they tell little of what is asked for."""

SIGNS = frozenset({"Sc", "Sk", "Sm"})
"""Categories of signs that stand between words; an emoji may be a title."""

CONDITION, LEFT_OUT = "filter", "left_out"
"""The names of what a query demands besides its filters, and of what its words leave out, among them."""
OPEN_DATA = "open-data"
"""The concept that every entry has."""


Needed = tuple[tuple[tuple[str, ...], ...], ...]
"""Groups of alternatives of words: one alternative of each group is needed, with all its words."""


class Plan(NamedTuple):
    """A query, understood."""

    words: tuple[str, ...]
    """What is searched, folded; empty when everything is asked for."""
    spelt: tuple[str, ...]
    """What some of them are in another spelling."""
    concepts: tuple[str, ...]
    """What the words mean."""
    tiers: tuple[Clause, ...]
    """Disjoint, best first; together they are `match`."""
    has_word: dict[str, Clause]
    """Word → documents that have it."""
    beginnings: tuple[str, ...]
    """What words may begin with: those typed with a star, and the last one typed."""
    meaning: frozenset[str]
    """The words that mean something, whether or not a document has it, and those typed with a star: they are spelt
    right."""
    exact: Clause
    """Documents whose title or identifier was typed."""
    all_words: Clause
    """Documents that have all the words, or are named exactly."""
    match: Clause
    """Every document that is listed."""
    filters: dict[str, Clause]
    """Name → documents that the filter keeps."""


def plan(query: Query) -> Plan:
    """Understands a query."""
    asked = operators.read(query.text)
    language = likely(said(asked.text), query.language)
    filters = {name: FILTERS[name].clause(name, values) for name, values in query.filters.items() if values}
    if query.condition:
        filters[CONDITION] = Fixed(_demanded(query.condition), 0.0)
    exact = _exact(query.text)
    if having := [one for text in asked.left_out if (one := _having(text, language, only=query.only))]:
        filters[LEFT_OUT] = Fixed(Without(EVERYTHING, Without(Sum(tuple(having)), exact)), 0.0)
    typed = tuple(query_words(asked.text))
    if not typed:
        match = EVERYTHING if is_signs(asked.text) else exact
        return Plan((), (), (), (match,), {}, (), frozenset(), match, match, match, filters)
    starred = beginnings(asked.text)
    meant = dict(zip(typed, [()] * len(typed) if query.only else _meanings(typed, language), strict=True))
    meant |= dict.fromkeys((*starred.union(aside(asked.text)).intersection(typed), *street_name(typed)), ())
    begun, last = {word: _begins(word) for word in typed if word in starred}, _last(typed)
    times = when.read(asked.text, [word for word, found in meant.items() if not found])
    instead = begun | {word: times.scored(word) for word in times.bounds}
    spare = unneeded(asked.text)
    shares = _shares(meant, spare)
    read = {word: Word(word, found, language) for word, found in meant.items()}
    scored = {word: instead.get(word) or one.scored(shares[word]) for word, one in read.items()}
    has_word = {word: instead.get(word) or one.had() for word, one in read.items()}
    whole = {word: found for word, found in meant.items() if word not in instead}
    spellings = tuple(spelt.read(asked.text, whole, language, only=query.only))
    for word, others in _besides(times, spellings).items():
        scored[word] = best_of(scored[word], *(by for by, _ in others))
        has_word[word] = Sum((has_word[word], *(had for _, had in others)))
    looser = {word: one.looser(word in last, query.only) for word, one in read.items()}
    needed = _alternatives(asked, _needed(meant, spare))
    all_words = Sum((exact, _all_of(has_word, needed)))
    around = _around(meant, times, spare)
    loose = _about({word: (scored[word], *found) for word, found in looser.items()}, *around)
    listed = ((has_word[word], *found) for word, found in looser.items() if word not in around.times)
    return Plan(
        words=typed,
        spelt=tuple(dict.fromkeys(word for other in spellings for word in other.words)),
        concepts=tuple(dict.fromkeys(one for found in meant.values() for one in concepts_of(found))),
        tiers=_tiers(exact, _in_order(asked.text, _in_title(_every(scored, needed), read, needed)), loose, all_words),
        has_word=has_word,
        beginnings=tuple(dict.fromkeys((*begun, *last))),
        meaning=starred.union(word for word, found in meant.items() if found),
        exact=exact,
        all_words=all_words,
        match=Sum((exact, *_different(listed))),
        filters=filters,
    )


def _besides(times: When, spellings: Iterable[spelt.Spelt]) -> dict[str, list[tuple[Clause, Clause]]]:
    """By what else words are found: word → how that scores, and the documents that have it.

    All of one word stand beside each other: one in the other they would be as deep as a word is often repeated.
    """
    found = {word: [(times.scored(word), had)] for word, had in times.had.items()}
    for other in dict.fromkeys(spellings):
        for word in other.of:
            found.setdefault(word, []).append((other.scored, other.had))
    return found


def _demanded(condition: Condition) -> Clause:
    """The documents of which a condition is true."""
    match condition:
        case Chosen(name, values):
            return FILTERS[name].clause(name, values)
        case Each(parts):
            return All(tuple(map(_demanded, parts)))
        case Either(parts):
            return Sum(tuple(map(_demanded, parts)))
        case Other(part):
            return Without(EVERYTHING, _demanded(part))


def _having(text: str, language: str, *, only: bool) -> Clause | None:
    """The documents that would be said to have all the words of a text; None where it has none but common ones."""
    typed = [word for word in query_words(text) if word not in ANY_STOP_WORD]
    meant = dict(zip(typed, [()] * len(typed) if only else _meanings(tuple(typed), language), strict=True))
    has = {word: Word(word, found, language).had() for word, found in meant.items()}
    for one in spelt.read(text, meant, language, only=only):
        has |= {word: Sum((has[word], one.had)) for word in one.of}
    return All(tuple(has.values())) if has else None


def is_signs(text: str) -> bool:
    """True for nothing, a star, quotes, brackets: who types no more than that looks for everything."""
    return all(unicodedata.category(sign)[0] in "PZC" or unicodedata.category(sign) in SIGNS for sign in text)


def _begins(word: str) -> Clause:
    """Documents with a word that begins so."""
    return Sum(tuple(Prefix(field, word, weights.BEGINNING) for field in ("words", "minor")))


def _last(typed: tuple[str, ...]) -> tuple[str, ...]:
    """The last word, where it is long enough to be the beginning of one."""
    return typed[-1:] if len(typed[-1]) >= SHORTEST_PREFIX else ()


def _meanings(typed: tuple[str, ...], language: str) -> list[tuple[Meaning, ...]]:
    """What each word means; a compound that names no concept means those that its parts name."""
    read = [without_article(word) for word in typed] if language == "fr" else [*typed]
    found = concepts.in_query(read, language)
    named = [
        tuple(Meaning((one.concept,), one.end - one.start) for one in found if one.start <= place < one.end)
        for place in range(len(typed))
    ]
    return [own or _inside(word) for word, own in zip(typed, named, strict=True)]


def _inside(word: str) -> tuple[Meaning, ...]:
    cut = (concepts.in_parts(word, language) for language in COMPOUND_LANGUAGES)
    return tuple(Meaning(named, 1) for named in dict.fromkeys(cut) if named)


def _needed(meant: dict[str, tuple[Meaning, ...]], spare: frozenset[str]) -> tuple[str, ...]:
    """The words without those that no entry need have, and the number of a house."""
    missed = (word for word, found in meant.items() if word not in spare and OPEN_DATA not in concepts_of(found))
    return tuple(without_house_number(list(missed))) or tuple(meant)


def _alternatives(asked: Asked, needed: tuple[str, ...]) -> Needed:
    """The same words, with those of which some are enough beside each other."""
    grouped = [tuple(tuple(query_words(part)) for part in group) for group in asked.either]
    several = {word for group in grouped for words in group for word in words}
    known = set(needed)
    kept = [tuple(words for words in group if words and known.issuperset(words)) for group in grouped]
    return (*filter(None, kept), *(((word,),) for word in needed if word not in several))


def _all_of(clauses: dict[str, Clause], needed: Needed) -> Clause:
    """The documents of what is needed, by the clauses of its words."""
    groups = [tuple(_every_of(clauses, words) for words in group) for group in needed]
    return All(tuple(group[0] if len(group) == 1 else Sum(group) for group in groups))


def _every_of(clauses: dict[str, Clause], words: tuple[str, ...]) -> Clause:
    return clauses[words[0]] if len(words) == 1 else All(tuple(clauses[word] for word in words))


def _shares(meant: dict[str, tuple[Meaning, ...]], spare: frozenset[str]) -> dict[str, float]:
    """How much each word counts: all alike, but for those that tell little beside others that tell more, which are
    units and what no entry need have (`list` of schools)."""
    units = {word for word, found in meant.items() if found and UNITS.issuperset(concepts_of(found))}
    little = units | spare if set(meant) - units - spare else set[str]()
    return {word: weights.LITTLE if word in little else 1.0 for word in meant}


class Around(NamedTuple):
    """The words of a query that say where and when, beside others that tell what is asked of there and then."""

    places: tuple[str, ...]
    times: tuple[str, ...]


def _around(meant: dict[str, tuple[Meaning, ...]], times: When, spare: frozenset[str]) -> Around:
    places = tuple(word for word, found in meant.items() if found and all(map(concepts.is_place, concepts_of(found))))
    tells = any(word not in places and word not in times.had and word not in spare for word in meant)
    return Around(places, tuple(times.had)) if tells else Around((), ())


def _about(looser: dict[str, tuple[Clause, ...]], places: tuple[str, ...], times: tuple[str, ...]) -> Clause:
    """Documents that have some of the words, or what is looser; what is only in the place comes after what is asked of
    it, and what is only of the time is about anything."""
    asked = Sum(tuple(_different(found for word, found in looser.items() if word not in (*places, *times))))
    there, then = (tuple(_different(looser[word] for word in words)) for words in (places, times))
    told = Boosted(asked, Sum((*there, *then))) if there or then else asked
    return Sum((told, Fixed(Sum(there), weights.THERE))) if there else told


def _different(clauses: Iterable[tuple[Clause, ...]]) -> Iterable[Clause]:
    return dict.fromkeys(one for found in clauses for one in found)


def _every(scored: dict[str, Clause], needed: Needed) -> Clause:
    """Documents that have all the words that are needed; the others only add to the score."""
    every, counted = _all_of(scored, needed), {word for group in needed for words in group for word in words}
    for word, clause in scored.items():
        every = every if word in counted else Boosted(every, clause)
    return every


def _in_title(every: Clause, read: dict[str, Word], needed: Needed) -> Clause:
    """The same, and a little above the others what has all that is needed in its titles, in whatever order."""
    return Boosted(
        every, Fixed(_all_of({word: one.in_title() for word, one in read.items()}, needed), weights.IN_TITLE)
    )


def _in_order(text: str, every: Clause) -> Clause:
    """The same, and above the others what has the words in its title one after the other as they were typed, first of
    all with the common words between them."""
    typed = said(text)[:QUERY_LIMIT]
    telling = without_stop_words(typed)
    row = _row(typed)
    if row:
        every = Boosted(every, Fixed(row, weights.TITLE_ROW))
    near = row if telling == typed else _row(telling)
    return Boosted(every, near) if near else every


def _row(typed: list[str]) -> Clause | None:
    """Documents with these words one after the other in a title, as any language reads them."""
    if len(typed) < 2:
        return None
    read = dict.fromkeys(tuple(pairs(typed, language)) for language in (*OUR_LANGUAGES, ""))
    rows = [All(tuple(Term("title_pairs", one, weights.TITLE_PAIR) for one in found)) for found in read if found]
    return best_of(*rows) if rows else None


def _tiers(exact: Clause, every: Clause, loose: Clause, all_words: Clause) -> tuple[Clause, ...]:
    return (Boosted(exact, loose), Without(every, exact), Without(loose, all_words))


def _exact(text: str) -> Clause:
    return AnyOf("exact", named.keys(text))
