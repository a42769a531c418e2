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
from .when import NEVER, When

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


class Read(NamedTuple):
    """The words of a query, with what each tells."""

    text: str
    """As it was typed, without what is left out."""
    language: str
    """The one that it is likely in."""
    meant: dict[str, tuple[Meaning, ...]]
    """Word, folded → what it means."""
    starred: frozenset[str]
    """Those typed with a star."""
    begun: tuple[str, ...]
    """The same, in order, as far as they are searched."""
    last: tuple[str, ...]
    """The one that may go on."""
    times: When
    """When it is of what they ask for."""
    spare: frozenset[str]
    """Those that no entry need have."""
    spellings: tuple[spelt.Spelt, ...]
    """What some of them are in another spelling."""


class Sought(NamedTuple):
    """What is sought of each word of a query: word → documents."""

    scored: dict[str, Clause]
    """Those that have it, scored."""
    had: dict[str, Clause]
    """The same, not scored."""
    in_title: dict[str, Clause]
    """Those that have it in a title, not scored."""
    looser: dict[str, tuple[Clause, ...]]
    """Those with what is shown without counting as that word."""


def plan(query: Query) -> Plan:
    """Understands a query."""
    asked = operators.read(query.text)
    language = likely(said(asked.text), query.language)
    exact = _exact(query.text)
    filters = _filters(query, asked, language, exact)
    typed = tuple(query_words(asked.text))
    if not typed:
        match = EVERYTHING if is_signs(asked.text) else exact
        return Plan((), (), (), (match,), {}, (), frozenset(), match, match, match, filters)
    read = _read(asked.text, typed, language, only=query.only)
    sought = _sought(read, only=query.only)
    needed = _alternatives(asked, _needed(read.meant, read.spare))
    all_words = Sum((exact, _all_of(sought.had, needed)))
    around = _around(read.meant, read.times, read.spare)
    loose = _about({word: (sought.scored[word], *found) for word, found in sought.looser.items()}, *around)
    listed = ((sought.had[word], *found) for word, found in sought.looser.items() if word not in around.times)
    return Plan(
        words=typed,
        spelt=tuple(dict.fromkeys(word for other in read.spellings for word in other.words)),
        concepts=tuple(dict.fromkeys(one for found in read.meant.values() for one in concepts_of(found))),
        tiers=_tiers(exact, _in_order(read.text, _every(sought, needed)), loose, all_words),
        has_word=sought.had,
        beginnings=tuple(dict.fromkeys((*read.begun, *read.last))),
        meaning=read.starred.union(word for word, found in read.meant.items() if found),
        exact=exact,
        all_words=all_words,
        match=Sum((exact, *_different(listed))),
        filters=filters,
    )


def _filters(query: Query, asked: Asked, language: str, exact: Clause) -> dict[str, Clause]:
    """What is demanded besides words, by name. What has the title that was typed stays, though the title has a word
    with a minus before it."""
    filters = {name: FILTERS[name].clause(name, values) for name, values in query.filters.items() if values}
    if query.condition:
        filters[CONDITION] = Fixed(_demanded(query.condition), 0.0)
    if having := [one for text in asked.left_out if (one := _having(text, language, only=query.only))]:
        filters[LEFT_OUT] = Fixed(Without(EVERYTHING, Without(Sum(tuple(having)), exact)), 0.0)
    return filters


def _read(text: str, typed: tuple[str, ...], language: str, *, only: bool) -> Read:
    """Finds out what the words tell. One with a star, one that is set aside and the name of a street mean nothing."""
    starred = beginnings(text)
    meant = dict(zip(typed, [()] * len(typed) if only else _meanings(typed, language), strict=True))
    meant |= dict.fromkeys((*starred.union(aside(text)).intersection(typed), *street_name(typed)), ())
    times = when.read(text, [word for word, found in meant.items() if not found])
    whole = {word: found for word, found in meant.items() if word not in starred and word not in times.bounds}
    return Read(
        text=text,
        language=language,
        meant=meant,
        starred=starred,
        begun=tuple(word for word in typed if word in starred),
        last=_last(typed),
        times=times,
        spare=unneeded(text),
        spellings=tuple(spelt.read(text, whole, language, only=only)),
    )


def _sought(read: Read, *, only: bool) -> Sought:
    """Makes clauses of the words. A beginning, or the time that a year bounds, is sought in the place of the word."""
    words = {word: Word(word, found, read.language) for word, found in read.meant.items()}
    instead = {word: _begins(word) for word in read.begun} | {
        word: read.times.scored(word) for word in read.times.bounds
    }
    shares = _shares(read.meant, read.spare)
    scored = {word: instead.get(word) or one.scored(shares[word]) for word, one in words.items()}
    had = {word: instead.get(word) or one.had() for word, one in words.items()}
    for word, others in _besides(read.spellings, read.times).items():
        scored[word] = best_of(scored[word], *(by for by, _ in others))
        had[word] = Sum((had[word], *(also for _, also in others)))
    return Sought(
        scored=scored,
        had=had,
        in_title={word: one.in_title() for word, one in words.items()},
        looser={word: one.looser(word in read.last, only) for word, one in words.items()},
    )


def _besides(spellings: Iterable[spelt.Spelt], times: When = NEVER) -> dict[str, list[tuple[Clause, Clause]]]:
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
    for word, others in _besides(spelt.read(text, meant, language, only=only)).items():
        has[word] = Sum((has[word], *(had for _, had in others)))
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


def _every(sought: Sought, needed: Needed) -> Clause:
    """Documents that have all the words that are needed, a little above the others those that have all of these in
    their titles, in whatever order; other words only add to the score."""
    every, counted = _all_of(sought.scored, needed), {word for group in needed for words in group for word in words}
    for word, clause in sought.scored.items():
        every = every if word in counted else Boosted(every, clause)
    return Boosted(every, Fixed(_all_of(sought.in_title, needed), weights.IN_TITLE))


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
