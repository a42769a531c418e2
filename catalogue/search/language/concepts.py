"""What words mean in any language: `vélo` = `fiets` = `Fahrrad` = `bicycle`, Ixelles = Elsene, `Verkehr` = theme TRAN.

The list is `concepts.csv` (one concept a row, labels of a language divided by ` | `, `codes` the terms of vocabularies
that mean it) and the labels of the EU vocabularies. A document carries the concepts that its words or its codes name;
a query for one of the words finds the concept too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

from dcat import vocab
from dcat.our_languages import OUR_LANGUAGES

from . import homographs
from .analysis import stem, stems_of, words
from .communes import communes
from .compounds import parts, wholes
from .concept_list import listed, names
from .false_friends import ANY_FALSE_FRIEND, FALSE_FRIENDS, NATIVE, SILENCED
from .lexicon import Lexicon
from .saints import with_short_names
from .stopwords import ANY_STOP_WORD, STOP_WORDS

LONGEST_LABEL = 4
"""Words of a vocabulary's label; longer ones are sentences, which nobody types."""
SAYS_DATA = frozenset(["statistics", "database"])
"""Concepts that a part of a compound only names to say that there are data: `Unfallstatistik` asks for accidents."""
_COUNTED = """
    aantal aantallen cijfer cijfers data gegevens graad
    anzahl daten kennzahlen quote quoten rate raten zahl zahlen ziffer ziffern
"""
COUNTED = frozenset(_COUNTED.split())
"""Parts of compounds, folded, that say the same and name no concept: `werkloosheidscijfers`, `Geburtenrate`."""
SAY_NOTHING = frozenset(["OTHER", "UNKNOWN"])
"""Terms whose labels are words of any text."""
SURE = 2
"""Languages whose names for one concept hold a name of another, for it to be the wider one: `piste cyclable` and
`fietspad` hold bicycles, while the street is in `street market` by accident of English."""

NO_KINDS = frozenset(["identity-card", "resident-parking"])
"""Concepts that are no kind of what their words name: an identity card is no map, although it is a `carte`."""

PLACE = "area:"
"""How the codes of places begin."""
YEARS = frozenset(map(str, range(1800, 2101)))
"""Numbers that are years unless the place is named beside them whose postal codes they are."""

Labels = dict[str, tuple[str, ...]]


Meanings = tuple[tuple[str, bool], ...]
"""Concepts, each with whether it is surely meant."""


class Concept(NamedTuple):
    """One meaning with its words."""

    id: str
    labels: Labels
    """Language → words for it, the usual one first."""
    codes: tuple[str, ...] = ()
    """Terms of vocabularies that mean it, such as `theme:TRAN`."""


class Found(NamedTuple):
    """A concept seen in a list of words."""

    concept: str
    start: int
    end: int
    """Words from `start` up to, not including, `end`."""
    is_sure: bool = True
    """False where the word has another meaning in its language, and a sign must tell which (`homographs`)."""


@cache
def concepts() -> dict[str, Concept]:
    """All concepts by id. A term of a vocabulary that has the names of one of ours, in singular or plural, is that
    one."""
    own = {row["id"]: _concept(row) for row in listed()}
    named = {(language, _stems(label, language)): id for id, one in own.items() for language, label in _all_labels(one)}
    for term in _from_vocabularies():
        names = {language: (language, _stems(found[0], language)) for language, found in term.labels.items()}
        same = [named[name] for name in names.values() if name in named]
        if len(same) > 1 and len(set(same)) == 1:
            own[same[0]] = own[same[0]]._replace(codes=tuple(dict.fromkeys((*own[same[0]].codes, *term.codes))))
        else:
            labels = {language: found for language, found in term.labels.items() if names[language] not in named}
            own[term.id] = term._replace(labels=labels)
    coded = {code for one in own.values() for code in one.codes}
    others = (one for one in communes() if f"{PLACE}{one.code}" not in coded)
    own |= {f"{PLACE}{one.code}": Concept(f"{PLACE}{one.code}", one.names, (f"{PLACE}{one.code}",)) for one in others}
    return {id: one._replace(labels=with_short_names(one.labels)) for id, one in own.items()}


@cache
def fingerprint() -> str:
    """Changes with the list: an index that was made with another one must be rebuilt."""
    listed = sorted(concepts().values(), key=lambda concept: concept.id)
    friends = sorted((language, *sorted(found)) for language, found in FALSE_FRIENDS.items())
    everything = repr((listed, friends, sorted(SILENCED.items()), homographs.rows()))
    return blake2b(everything.encode(), digest_size=6).hexdigest()


def in_words(folded: list[str], language: str) -> Iterator[Found]:
    """All concepts that words of a language name, also one inside the other (`piste cyclable` and `cyclable`); those of
    every language when it is unknown."""
    text = _Stemmed(folded, language)
    for at in text.begins:
        place = text.places[at]
        for id, is_sure in text.alone(at):
            yield Found(id, place, place + 1, is_sure)
        for length in text.lengths(at):
            yield from text.found(at, length)


def meant(folded: list[str], language: str) -> dict[str, bool]:
    """The same for a whole text: each concept once, with whether some word surely means it."""
    text = _Stemmed(folded, language)
    named: dict[str, bool] = {}
    for at in text.begins:
        for id, is_sure in text.alone(at):
            named[id] = is_sure or named.get(id, False)
        for length in text.lengths(at):
            for one in text.found(at, length):
                named[one.concept] = one.is_sure or named.get(one.concept, False)
    return named


class _Name(NamedTuple):
    """A name of concepts in the words of a query, as some language reads it."""

    found: tuple[Found, ...]
    length: int
    """Words that it has."""
    language: str
    is_exact: bool
    """Whether it is written as in the list, and not only has its stem."""

    @property
    def places(self) -> range:
        return range(self.found[0].start, self.found[0].end)


def _names_in_query(folded: Sequence[str], language: str, reader: str) -> Iterator[_Name]:
    text = _Stemmed(folded, language, None if language == reader else ANY_FALSE_FRIEND)
    native = NATIVE.get(reader, frozenset())
    for at, place in enumerate(text.places):
        for length in range(1, text.longest(at) + 1):
            found = [] if folded[place] in native and length == 1 else text.found(at, length)
            if found and (length == 1 or language == reader or text.is_alike(at, length)):
                yield _Name(tuple(found), length, language, text.is_exact(at, length))


def in_query(folded: Iterable[str], language: str) -> tuple[Found, ...]:
    """The concepts that the words of a query name: the longest names that any language reads in them, of equal ones the
    reader's, then those that are written so; besides, inside a long one, the wider concepts that its words name."""
    return _in_query(tuple(folded), language)


@lru_cache(maxsize=256)  # a page asks more than once, and its reader the next one again
def _in_query(folded: tuple[str, ...], language: str) -> tuple[Found, ...]:
    found = dict.fromkeys(_by_number(folded))
    order = (language, *(other for other in OUR_LANGUAGES if other != language))
    names = [name for tongue in order for name in _names_in_query(folded, tongue, language)]
    names.sort(key=lambda name: (-name.length, name.language != language, not name.is_exact))
    taken: dict[int, _Name] = {}
    for name in names:
        around = {taken[place].found: taken[place] for place in name.places if place in taken}
        if not around:
            taken |= dict.fromkeys(name.places, name)
            found |= dict.fromkeys(name.found)
        elif len(around) == 1 and all(place in taken for place in name.places):
            found |= dict.fromkeys(_wider(name, *around.values()))
    named = {one.concept for one in found if folded[one.start] not in YEARS}
    told = [one for one in found if one.concept in named]
    return tuple(sorted(_by_sense(told), key=lambda one: (one.start, one.start - one.end)))


def _by_number(folded: Sequence[str]) -> Iterator[Found]:
    """The places whose postal or NIS code is typed; in a text such a number may count anything."""
    for place, word in enumerate(folded):
        for concept in _numbered().get(word, ()):
            yield Found(concept, place, place + 1)


@cache
def _numbered() -> dict[str, tuple[str, ...]]:
    """Postal or NIS code → the places."""
    ours = ((term.code, tuple(filter(None, term.extra.get("postcodes", "").split("|")))) for term in vocab.PLACES)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for code, postcodes in (*ours, *((one.code, one.postcodes) for one in communes())):
        for number in (code, *postcodes):
            found[number].update(dict.fromkeys(by_code()[f"{PLACE}{code}"]))
    return {number: tuple(places) for number, places in found.items()}


def _by_sense(found: list[Found]) -> Iterator[Found]:
    """Of the meanings of a word those that the other words of the query speak for; all, where they speak for none."""
    for one in found:
        around = {other.concept for other in found if other.end <= one.start or other.start >= one.end}
        alike = [other.concept for other in found if (other.start, other.end) == (one.start, one.end)]
        told = homographs.told(alike, around)
        if not told or one.concept in told:
            yield one


def _wider(name: _Name, longer: _Name) -> Iterator[Found]:
    """Of the concepts that a name inside a longer one means, those that are wider than what the longer one means."""
    if name.language == longer.language and name.length < longer.length:
        yield from (one for one in name.found if any(one.concept in wider(long.concept) for long in longer.found))


@cache
def wider(concept: str) -> frozenset[str]:
    """The concepts whose names are parts of the names of one: bicycles of bike lanes, air of air quality."""
    if concept in NO_KINDS or _is_about_when_or_where(concept):
        return frozenset()
    seen = Counter(part for language in OUR_LANGUAGES for part in _inside_names(concept, language))
    sure = (part for part, languages in seen.items() if languages >= SURE)
    return frozenset(part for part in sure if not _is_about_when_or_where(part))


def _is_about_when_or_where(concept: str) -> bool:
    """Whether it is a place or a frequency: what is around it, or in it, was not asked for."""
    return any(code.startswith((PLACE, "frequency:")) for code in concepts()[concept].codes)


@cache
def _in_one() -> frozenset[str]:
    labels = (both for concept in concepts().values() for both in _all_labels(concept))
    names = ((language, words(label)) for language, label in labels)
    return frozenset(stem("".join(name), language) for language, name in names if len(name) == 2)


def is_in_one(word: str) -> bool:
    """Whether a folded word is a name of two words in one (`busstops`)."""
    return not _in_one().isdisjoint(stems_of(word))


def of_word(word: str, language: str) -> tuple[str, ...]:
    """The concepts that one folded word of a query names."""
    if not any((stem(word, one),) in _names(one).labels for one in OUR_LANGUAGES):
        return ()  # most are none, and this is told quickly
    return tuple(dict.fromkeys(found.concept for found in in_query([word], language)))


@lru_cache(maxsize=8_192)
def named_in(word: str, named: frozenset[str]) -> tuple[str, ...]:
    """The languages in which a folded word surely names one of these concepts."""
    names = ((language, found) for language in OUR_LANGUAGES for found in in_words([word], language))
    return tuple(dict.fromkeys(language for language, found in names if found.is_sure and found.concept in named))


def is_name(word: str, language: str) -> bool:
    """Whether a folded word is a name by itself in a language, as it stands in the list or with the `s` of a plural."""
    named = _names(language).labels.get((stem(word, language),), ())
    return any(name in {word, word.removesuffix("s")} for _, name in named)


def is_place(concept: str) -> bool:
    """Whether a concept is a place."""
    return any(code.startswith(PLACE) for code in concepts()[concept].codes)


def _inside_names(concept: str, language: str) -> set[str]:
    names = [words(label) for label in concepts()[concept].labels.get(language, ())]
    seen = {found.concept for name in names for found in in_words(name, language)}
    seen.update(part for name in names for word in name for part in of_parts(word, language))
    return seen - {concept}


def in_parts(word: str, language: str) -> tuple[str, ...]:
    """The concepts that the parts of a compound name, one each, without those that only say that there are data; empty
    when a part names none."""
    named = _of_each(wholes(word, language), language)
    if not all(named) or len(parts(word, language)) < 2:
        return ()
    return tuple(dict.fromkeys(one for one in named if one not in SAYS_DATA)) or tuple(dict.fromkeys(named))


@lru_cache(maxsize=8_192)
def of_parts(word: str, language: str) -> tuple[str, ...]:
    """The concepts of those parts of a compound that name one, also of parts of parts: of `Unfallstatistiken` accidents
    and statistics, of `Unfallskizze` accidents alone; empty when no part does, or the language forms no compounds."""
    both = dict.fromkeys((wholes(word, language), parts(word, language)))
    return tuple(dict.fromkeys(one for cut in both for one in _of_each(cut, language) if one))


def _of_each(cut: tuple[str, ...], language: str) -> tuple[str, ...]:
    told = (part for part in cut if part not in COUNTED)
    return tuple(_of_part(unlinked(part, language), language) for part in told)


def unlinked(part: str, language: str) -> str:
    """A part of a compound without the `s` that links it to the next, where it names something only so."""
    return part if _of_part(part, language) else part.removesuffix("s")


def _of_part(part: str, language: str) -> str:
    """The concept that a part of a compound names."""
    return next((found.concept for found in in_words([part], language)), "")


def stemmed_names(found: Iterable[str], language: str) -> set[tuple[str, ...]]:
    """The names of concepts in a language, as stems."""
    return {name for concept in found for name in _stemmed_names(concept, language)}


@cache
def _stemmed_names(concept: str, language: str) -> frozenset[tuple[str, ...]]:
    labels = concepts()[concept].labels.get(language, ())
    names = ([word for word in words(label) if word not in STOP_WORDS[language]] for label in labels)
    return frozenset(tuple(stem(word, language) for word in name) for name in names if name)


@cache
def by_code() -> dict[str, tuple[str, ...]]:
    """Term of a vocabulary, such as `theme:TRAN` → the concepts that mean it."""
    found: dict[str, list[str]] = defaultdict(list)
    for concept in concepts().values():
        for code in concept.codes:
            found[code].append(concept.id)
    return {code: tuple(ids) for code, ids in found.items()}


def other_words(found: Iterable[str], typed: list[str]) -> tuple[str, ...]:
    """The usual words for concepts in the four languages, without those that were typed, in whatever form."""
    seen: set[str] = set()
    others: list[str] = []
    for labels in (concepts()[concept].labels for concept in found):
        for language, label in ((language, labels[language][0]) for language in OUR_LANGUAGES if labels.get(language)):
            name = _plain(label)
            if name not in seen and not _is_typed(label, language, typed):
                seen.add(name)
                others.append(label)
    return tuple(others)


def _is_typed(label: str, language: str, typed: list[str]) -> bool:
    """Whether a query holds all the words of a label, in whatever form."""
    name = _written(label, ANY_STOP_WORD) or words(label)
    return {stem(word, language) for word in name} <= {stem(word, language) for word in typed}


class Names(NamedTuple):
    """Names of concepts in one language."""

    labels: dict[tuple[str, ...], tuple[tuple[str, str], ...]]
    """Stems of a name → the concepts that have it, with the name as folded words."""
    longest: dict[str, int]
    """First stem → length of the longest name that begins with it."""
    second: dict[str, frozenset[str]]
    """First stem → the stems that come next in names of several words."""


@cache
def _names(language: str) -> Names:
    """Names by their stems; without language those of all languages, as written."""
    found: dict[tuple[str, ...], dict[tuple[str, str], None]] = defaultdict(dict)
    stop = STOP_WORDS.get(language, ANY_STOP_WORD)
    for concept in concepts().values():
        for label in concept.labels.get(language, ()) if language else (label for _, label in _all_labels(concept)):
            for name in _written(label, stop), _written(label, ANY_STOP_WORD):  # a query lacks those of every language
                if name:
                    found[tuple(stem(word, language) for word in name)][concept.id, " ".join(name)] = None
    for id, written in [name for named in found.values() for name in named if name[1].count(" ") == 1]:
        in_one = written.replace(" ", "")
        if in_one.isalpha() and (stem(in_one, language),) not in found:
            found[stem(in_one, language),][id, in_one] = None  # `bikesharing`, unless that is a name by itself
    longest: dict[str, int] = {}
    second: dict[str, set[str]] = defaultdict(set)
    for stems in found:
        longest[stems[0]] = max(len(stems), longest.get(stems[0], 0))
        second[stems[0]].update(stems[1:2])
    labels = {stems: tuple(named) for stems, named in found.items()}
    return Names(labels, longest, {first: frozenset(stems) for first, stems in second.items()})


def _written(label: str, stop: frozenset[str]) -> list[str]:
    return [word for word in words(label) if word not in stop]


class _Word(NamedTuple):
    """A word that may be part of a name."""

    stem: str
    longest: int
    """Words of the longest name that begins with it; 0 when none does."""
    alone: Meanings
    """What it names by itself in a text of its language."""
    second: frozenset[str]
    """Stems that come next in names of several words that begin with it."""
    silencers: frozenset[str]
    """Stems of words after which it means nothing."""


_NO_STEMS: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def _known_in(language: str) -> Lexicon[_Word | None]:
    """The words of a language; None for those that are too common to be in a name."""
    stop, names = STOP_WORDS.get(language, ANY_STOP_WORD), _names_for(language)
    strangers, silenced = _strangers(language), _silenced(language)

    def known(word: str) -> _Word | None:
        if word in stop:
            return None
        own = stem(word, language)
        alone = _meanings((own,), word, language, strangers) if (own,) in names.labels else ()
        second = names.second.get(own, _NO_STEMS)
        return _Word(own, names.longest.get(own, 0), alone, second, silenced.get(own, _NO_STEMS))

    return Lexicon(known)


class _Stemmed:
    """Words as stems, ready to be compared with names."""

    def __init__(self, folded: Sequence[str], language: str, strangers: frozenset[str] | None = None) -> None:
        words = [*map(_known_in(language).__getitem__, folded)]
        self.folded = folded
        self.language = language
        self.places = [place for place, word in enumerate(words) if word is not None]
        self.words = [*filter(None, words)]
        self.begins = [at for at, word in enumerate(self.words) if word.alone or word.second]
        """Where names may begin."""
        self.names = _names_for(language)
        self.strangers = _strangers(language) if strangers is None else strangers

    def is_exact(self, at: int, length: int) -> bool:
        """Whether so many words are written as a name in the list."""
        named = self.names.labels.get(self._stems(at, length), ())
        return any(name == self._written(at, length) for _, name in named)

    def is_alike(self, at: int, length: int) -> bool:
        """Whether each of so many words begins as the word of a name: French `population âge` shares only stems with
        `population ageing`."""
        named = self.names.labels.get(self._stems(at, length), ())
        written = [self.folded[place] for place in self.places[at : at + length]]
        return any(all(map(str.startswith, written, name.split())) for _, name in named)

    def longest(self, at: int) -> int:
        """Length of the longest name that may begin at a place."""
        return min(self.words[at].longest, len(self.words) - at)

    def lengths(self, at: int) -> Iterable[int]:
        """Of the names of several words that may begin at a place."""
        if at + 1 < len(self.words) and self.words[at + 1].stem in self.words[at].second:
            return range(2, self.longest(at) + 1)
        return ()

    def alone(self, at: int) -> Meanings:
        """What one word of a text names."""
        return () if at and self._is_silenced(at) else self.words[at].alone

    def found(self, at: int, length: int) -> list[Found]:
        """The concepts named by so many words."""
        stems = self._stems(at, length)
        if stems not in self.names.labels or (length == 1 and at and self._is_silenced(at)):
            return []
        first, end = self.places[at], self.places[at + length - 1] + 1
        meanings = _meanings(stems, self._written(at, length), self.language, self.strangers)
        return [Found(id, first, end, is_sure) for id, is_sure in meanings]

    def _stems(self, at: int, length: int) -> tuple[str, ...]:
        return tuple([word.stem for word in self.words[at : at + length]])

    def _written(self, at: int, length: int) -> str:
        return " ".join([self.folded[place] for place in self.places[at : at + length]])

    def _is_silenced(self, at: int) -> bool:
        return self.words[at - 1].stem in self.words[at].silencers


@lru_cache(maxsize=8_192)
def _meanings(stems: tuple[str, ...], written: str, language: str, strangers: frozenset[str]) -> Meanings:
    """The concepts that words mean, whose stems are those of a name."""
    labels = _names_for(language).labels[stems]
    named = tuple(one for one in labels if one[1] == written or _is_alike_enough(*one, written, strangers))
    found = _meant(named, written) if named else ()
    return tuple((id, len(stems) > 1 or not homographs.is_doubtful(id, stems[0], language)) for id in found)


def _is_alike_enough(concept: str, name: str, written: str, strangers: frozenset[str]) -> bool:
    """Whether what is written may stand for a name with which it shares the stem only: never for a place (`mon` is
    not Mons) but in the genitive, nor what is known to mean something else."""
    is_place = any(code.startswith(PLACE) for code in concepts()[concept].codes)
    return written == f"{name}s" if is_place else written not in strangers


def _strangers(language: str) -> frozenset[str]:
    """Words of a text that look like names and mean something else."""
    return FALSE_FRIENDS.get(language, ANY_FALSE_FRIEND)


def _names_for(language: str) -> Names:
    """The names that texts of a language are compared with."""
    return _names(language if language in OUR_LANGUAGES else "")


@cache
def _silenced(language: str) -> dict[str, frozenset[str]]:
    """Stem of a word → the stems of those after which it means nothing."""
    pairs = (pair for own, pairs in SILENCED.items() if language in {own, ""} for pair in pairs)
    found: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        found[stem(second, language)].add(stem(first, language))
    return {second: frozenset(firsts) for second, firsts in found.items()}


def _meant(named: tuple[tuple[str, str], ...], written: str) -> tuple[str, ...]:
    """Of names that share a stem (`park`, `parking`): those written so, else the longest ones that what is written
    begins with (`parks`), else those that differ least in length."""

    def distance(name: str) -> tuple[bool, int]:
        return not written.startswith(name), abs(len(name) - len(written))

    least = min(distance(name) for _, name in named)
    return tuple(dict.fromkeys(id for id, name in named if distance(name) == least))


def _all_labels(concept: Concept) -> list[tuple[str, str]]:
    return [(language, label) for language, labels in concept.labels.items() for label in labels]


def _plain(label: str) -> str:
    return " ".join(words(label))


def _stems(label: str, language: str) -> tuple[str, ...]:
    return tuple(stem(word, language) for word in words(label))


def _concept(row: dict[str, str]) -> Concept:
    labels = {language: names(row, language) for language in OUR_LANGUAGES if row[language]}
    return Concept(row["id"], labels, tuple(row["codes"].split()))


def _from_vocabularies() -> Iterator[Concept]:
    tables = (
        ("theme", vocab.THEMES),
        ("format", vocab.FORMATS),
        ("frequency", vocab.FREQUENCIES),
        ("hvd", vocab.HVD_CATEGORIES),
        ("area", vocab.PLACES),
    )
    for name, vocabulary in tables:
        for term in (one for one in vocabulary if one.code not in SAY_NOTHING):
            typed = (text for text in term.labels if _is_name(words(text.value), text.lang))
            labels: Labels = {text.lang: (text.value,) for text in typed}
            if labels:
                yield Concept(f"{name}:{term.code}", labels, (f"{name}:{term.code}",))


def _is_name(label: list[str], language: str) -> bool:
    """Whether a label of a vocabulary can be typed, and is no phrase around one common word (`toutes les heures`)."""
    said = [word for word in label if word not in STOP_WORDS.get(language, ANY_STOP_WORD) | _SMALL_WORDS]
    return len(label) <= LONGEST_LABEL and (len(label) == 1 or len(said) > 1)


_SMALL_WORDS = frozenset(["as", "bei", "elke", "every", "if", "indien", "selon"])
"""Words of phrases in the vocabularies that say nothing by themselves."""
