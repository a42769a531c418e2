"""What an index holds of a document: the one definition that the schemas of both engines follow.

Text fields hold terms divided by blanks, made by `analysis`; keyword fields hold whole values; number fields hold what
is compared by size; sort fields hold texts whose alphabetical order is the order wanted, each ending in the id so that
no two are equal.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from dcat.days import LATEST, first_day, last_day, microseconds, moment
from dcat.markup import without_html
from dcat.model import Text
from dcat.our_languages import OUR_LANGUAGES

from . import subjects
from .base import Document
from .facets import FACETS, column_value
from .language import concepts, homographs
from .language.analysis import (
    OFTEN_REPEATED,
    VERSION,
    key,
    language_of,
    pairs,
    said,
    sort_key,
    stem,
    stems,
    tokens,
    without_stop_words,
    words,
)
from .language.compounds import LANGUAGES as COMPOUND_LANGUAGES
from .language.compounds import parts, wholes
from .language.lexicon import Lexicon
from .language.texts import best_text
from .language.together import apart, together
from .near_duplicates import group
from .standing import has_been, standing

TEXT_FIELDS = ("words", "stems", "title_words", "title_stems", "title_pairs", "concepts", "title_concepts", "minor")
"""All words as written; their stems; the same of titles; stems that follow each other in titles; concepts, and those of
titles; words and stems of what counts least: machine translations, the publisher's name, what is said of files, columns
of their tables, layers of services, and what others write in one word."""
KEYWORD_FIELDS = ("exact", "similar", "place", "column", *(facet.name for facet in FACETS.values() if facet.values))
"""Whole titles and identifiers; the code of near-duplicates; its own places, without those around them; the facets."""
DAY_FIELDS = ("modified_day", "start_day", "end_day")
MOMENT_FIELD = "changed"
"""When the catalogue last learned something new, in microseconds since 1970."""
DEGREE_FIELDS = ("west", "south", "east", "north")
STANDING_FIELD = "standing"
"""What scores are multiplied by, at least 1."""
SORT_FIELDS = (
    "by_modified",
    "by_issued",
    "by_updated",
    "by_id",
    *(f"by_title_{language}" for language in OUR_LANGUAGES),
)
SPELLING_FIELD = "spelling"
"""Words of titles, keywords and publishers as `folded/written`: what did-you-mean proposes."""

DEFINITION = f"18.{VERSION}.{concepts.fingerprint()}.{subjects.fingerprint()}"
"""Changes whenever the same document would be indexed otherwise; an index of another definition must be rebuilt."""

AREA = "area:"
"""How the concepts begin that are places."""
NO_TERM = "-"
"""Stands in a text field without terms: Lucene counts only documents that have a field, tantivy all, and BM25 needs
their number. Our analysis never makes it."""
TEXT_LIMIT = 20_000
"""Characters of a text that are indexed."""
FIRST_DAY, LAST_DAY = 1, 3_652_059
"""Where a period without beginning begins, and one without end ends: the years 1 and 9999."""
FURTHEST = 10**17
"""More microseconds since 1970 than any moment has."""
SORT_LENGTH = 300
"""Characters of a title that it is sorted by."""
BEFORE_MORE = "\t"
"""Stands after a title where it is sorted: before the blank that goes on with more words."""
SHORTEST_SPELLING = 4
"""Letters of a word that is worth proposing for a misspelt one."""


class Shadow(NamedTuple):
    """The values of one document in the fields above; a field without value is missing."""

    texts: dict[str, str]
    keywords: dict[str, tuple[str, ...]]
    days: dict[str, int]
    moments: dict[str, int]
    degrees: dict[str, float]
    standing: float
    sorts: dict[str, str]
    spelling: tuple[str, ...]


class _Terms:
    """Terms of one document, collected text by text."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.stems: list[str] = []
        self.title_words: list[str] = []
        self.title_stems: list[str] = []
        self.title_pairs: list[str] = []
        self.minor: list[str] = []
        self.concepts: dict[str, None] = {}
        self.title_concepts: dict[str, None] = {}
        self.doubtful: dict[str, None] = {}
        """Concepts that only words name which have another meaning besides."""
        self.title_doubtful: dict[str, None] = {}

    def add(self, text: Text, *, is_title: bool = False) -> None:
        if text.is_machine_translated:
            self.add_minor(text)
            return
        analysed = _analysis(text)
        self.words += analysed.words
        self.stems += analysed.stems
        self.minor += analysed.in_one
        self.concepts |= analysed.concepts
        self.doubtful |= analysed.doubtful
        if is_title:
            self.title_words += analysed.words
            self.title_stems += analysed.stems
            self.title_pairs += _pairs(analysed.words, language_of(text))
            self.title_concepts |= analysed.concepts
            self.title_doubtful |= analysed.doubtful
            if humps := apart(text.value):
                self.add(Text(" ".join(humps), text.lang), is_title=True)

    def add_minor(self, text: Text) -> None:
        """A text that says little of what the data is about; of what it means only places count."""
        minor = _minor(text)
        self.minor += minor.terms
        self.concepts |= minor.places

    def add_files(self, document: Document) -> None:
        """What is said of files, each word once: a dataset says the same of each of its files."""
        files = _Terms()
        for text in (*document.file, *document.file_text):
            files.add_minor(text)
            files.minor += apart(text.value)
        for name in (*document.column, *document.layer):
            files.minor += (*words(name), *apart(name))
        self.minor += dict.fromkeys(files.minor)
        self.concepts |= files.concepts

    def add_name_of_place(self, text: Text) -> None:
        """A name of a place is a place, whatever else it may mean: Forest is no forest."""
        analysed = _analysis(text)
        self.words += analysed.words
        self.stems += analysed.stems
        self.concepts |= _places(analysed)

    def decide(self, codes: Iterable[str]) -> None:
        """Which of the doubtful concepts are meant: what else was named, codes among it, tells."""
        named = {*self.concepts, *codes}
        self.concepts |= dict.fromkeys(homographs.meant(self.doubtful, named))
        self.title_concepts |= dict.fromkeys(one for one in self.title_doubtful if one in self.concepts)


class _Analysed(NamedTuple):
    """One text as terms."""

    words: list[str]
    stems: list[str]
    in_one: list[str]
    """Words, and their stems, that others write for some of its words."""
    concepts: dict[str, None]
    """The concepts that it names; none in a machine translation."""
    doubtful: dict[str, None]
    """Those that it only names by words with another meaning besides."""


def _analysed(text: Text) -> _Analysed:
    plain = without_html(text.value[:TEXT_LIMIT])
    folded = said(plain)
    in_one = together(plain, folded)
    language = language_of(text)
    named = {} if text.is_machine_translated else _named_concepts(folded, language)
    if in_one and not text.is_machine_translated:
        named = _meant_in_one(in_one, language) | named
    sure = {one: None for one, is_sure in named.items() if is_sure}
    doubtful = {one: None for one in named if one not in sure}
    spelt = list(dict.fromkeys((*in_one, *(stem(one, language) for one in in_one))))
    return _Analysed(folded, stems(folded, language), spelt, sure, doubtful)


def _meant_in_one(in_one: list[str], language: str) -> dict[str, bool]:
    """The concepts of which words in one are names."""
    return dict(chain.from_iterable(map(dict.items, map(_meant_by(language).__getitem__, in_one))))


@cache
def _meant_by(language: str) -> Lexicon[dict[str, bool]]:
    return Lexicon(lambda word: concepts.meant([word], language))


def _pairs(folded: list[str], language: str) -> Iterable[str]:
    """Words that follow each other, also where only common words stand between them."""
    return dict.fromkeys((*pairs(folded, language), *pairs(without_stop_words(folded), language)))


_analysed_once = lru_cache(maxsize=4_096)(_analysed)


def _analysis(text: Text) -> _Analysed:
    return (_analysed_once if len(text.value) <= OFTEN_REPEATED else _analysed)(text)


class _Minor(NamedTuple):
    """One text of which little counts."""

    terms: list[str]
    """Its words, and stems that are no words of it."""
    places: dict[str, None]


def _of_little(text: Text) -> _Minor:
    analysed = _analysed(text)
    written = set(analysed.words)
    terms = [*analysed.words, *(term for term in (*analysed.stems, *analysed.in_one) if term not in written)]
    return _Minor(terms, _places(analysed))


_of_little_once = lru_cache(maxsize=4_096)(_of_little)


def _minor(text: Text) -> _Minor:
    return (_of_little_once if len(text.value) <= OFTEN_REPEATED else _of_little)(text)


def _places(analysed: _Analysed) -> dict[str, None]:
    return {one: None for one in analysed.concepts if one.startswith(AREA)}


def _named_concepts(folded: list[str], language: str) -> dict[str, bool]:
    """The concepts that words name, and whether one of them does so for sure."""
    named = concepts.meant(folded, language)
    if language in COMPOUND_LANGUAGES:
        inside = map(_concepts_inside(language).__getitem__, dict.fromkeys(folded))
        for found in chain.from_iterable(inside):
            named[found.concept] = found.is_sure or named.get(found.concept, False)
    return named


@cache
def _concepts_inside(language: str) -> Lexicon[tuple[concepts.Found, ...]]:
    """The concepts that the parts of a compound name, whole or in parts again."""

    def inside(word: str) -> tuple[concepts.Found, ...]:
        both = dict.fromkeys(cut for cut in (parts(word, language), wholes(word, language)) if cut)
        plain = ([concepts.unlinked(part, language) for part in cut] for cut in both)
        return tuple(found for cut in plain for found in concepts.in_words(cut, language))

    return Lexicon(inside)


def shadow(document: Document) -> Shadow:
    """What the index holds of a document."""
    return Shadow(
        texts=_texts(document),
        keywords=_keywords(document),
        days=_days(document),
        moments={MOMENT_FIELD: microseconds(document.updated)} if document.updated else {},
        degrees=dict(zip(DEGREE_FIELDS, document.bbox or (), strict=False)),
        standing=standing(document),
        sorts=_sorts(document),
        spelling=_spelling(document),
    )


def _texts(document: Document) -> dict[str, str]:
    terms = _Terms()
    for text in document.title:
        terms.add(text, is_title=True)
    for text in (*document.description, *document.keyword):
        terms.add(text)
    for text in document.publisher:
        terms.add_minor(text)
    terms.add_files(document)
    for text in document.spatial:
        terms.add_name_of_place(text)
    terms.words += dict.fromkeys(word for code in (*document.format, *document.identifier) for word in _told_by(code))
    codes = tuple(_codes(document))
    for code in codes:
        terms.concepts.update((concept, None) for concept in concepts.by_code().get(code, ()))
    terms.decide(codes)
    found = {field: " ".join(getattr(terms, field)) for field in TEXT_FIELDS}
    return {field: text or NO_TERM for field, text in found.items()}


def _told_by(code: str) -> list[str]:
    """The words of a code or identifier; of an address only those at its end, since the others name its portal."""
    return words(code.rstrip("/#").rpartition("/")[2] if "://" in code else code)


def _codes(document: Document) -> Iterable[str]:
    yield from (f"theme:{code}" for code in document.theme)
    yield from (f"format:{code}" for code in document.format)
    yield from (f"hvd:{code}" for code in document.hvd)
    yield from (f"{AREA}{code}" for code in document.area)
    if document.frequency:
        yield f"frequency:{document.frequency}"


def _keywords(document: Document) -> dict[str, tuple[str, ...]]:
    named = (document.id, document.name, document.iri, *document.identifier, *(t.value for t in document.title))
    values = {one.name: tuple(dict.fromkeys(one.values(document))) for one in FACETS.values() if one.values}
    values["exact"] = tuple(dict.fromkeys(filter(None, (key(name)[:500] for name in named))))
    values["similar"] = (group(document),)
    values["place"] = document.area
    values["column"] = tuple(dict.fromkeys(filter(None, map(column_value, document.column))))
    return {field: found for field, found in values.items() if found}


def _days(document: Document) -> dict[str, int]:
    days = {"modified_day": first_day(document.modified) if has_been(document.modified, document) else None}
    if document.start or document.end:
        days["start_day"] = first_day(document.start) or FIRST_DAY
        days["end_day"] = last_day(document.end) or LAST_DAY
    return {field: day for field, day in days.items() if day is not None}


def _sorts(document: Document) -> dict[str, str]:
    by_title = {f"by_title_{language}": _title_key(document, language) for language in OUR_LANGUAGES}
    return {
        "by_modified": f"{_newest_first(document.modified, document)} {document.id}",
        "by_issued": f"{_newest_first(document.issued, document)} {document.id}",
        "by_updated": f"{FURTHEST - (microseconds(document.updated) if document.updated else 0):017d} {document.id}",
        "by_id": document.id,
        **by_title,
    }


def _newest_first(date: str, document: Document) -> str:
    """A text that sorts before those of older dates; without date, or with one that is still to come, last."""
    return f"{LATEST - (moment(date) or 0) * has_been(date, document):014d}"


def _title_key(document: Document, language: str) -> str:
    return f"{sort_key(best_text(document.title, language).value)[:SORT_LENGTH] or '~'}{BEFORE_MORE}{document.id}"


def _spelling(document: Document) -> tuple[str, ...]:
    texts = (*document.title, *document.keyword, *document.publisher)
    human = (text.value[:TEXT_LIMIT] for text in texts if not text.is_machine_translated)
    return tuple(dict.fromkeys(word for text in human for word in _written(text)))


@lru_cache(maxsize=4_096)
def _written(text: str) -> tuple[str, ...]:
    return tuple(
        f"{token.word}/{text[token.start : token.end].lower()}"
        for token in tokens(text)
        if len(token.word) >= SHORTEST_SPELLING and token.word.isalpha()
    )
