"""A document among results as a reader of a language sees it: title, snippet, and where else it matches."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from dcat.markup import one_line
from dcat.model import Text
from dcat.our_languages import OUR_LANGUAGES

from .base import Document, Hit
from .language.analysis import OFTEN_ASKED, language_of, stemmed
from .language.folding import fold
from .language.texts import best_text
from .snippets import SCANNED, Marks, Wanted, cut, first_marks, marks

LOOKED_AT = 200
"""Texts that are looked through for where else a document matches: some have thousands of files."""


class Placed(NamedTuple):
    """A document in its place among the results."""

    document: Document
    score: float
    has_all_words: bool = True


class Elsewhere(NamedTuple):
    """A text with words that neither title nor snippet shows."""

    where: str
    """`keyword`, `file`, `column` or `layer`; empty where there is none."""
    text: Text
    marks: Marks


NOWHERE = Elsewhere("", Text(""), ())


def hit(placed: Placed, language: str, what: Wanted, similar: int = 0) -> Hit:
    """A document as a reader of a language sees it."""
    document = placed.document
    title = best_text(document.title, language)
    described = best_text(document.description, title.language if title.language in OUR_LANGUAGES else language)
    plain = Text(one_line(described.value[:SCANNED]), described.lang)
    title_marks = marks(title, what)
    snippet, snippet_marks = cut(plain, first_marks(plain, what))
    shown = _stems(title, title_marks) | _stems(snippet, snippet_marks)
    is_looked_for = placed.has_all_words or not shown  # what lacks words is likely to have them nowhere else
    found = elsewhere(document, what, shown) if is_looked_for else NOWHERE
    return Hit(
        document=document,
        score=placed.score,
        has_all_words=placed.has_all_words,
        title=title,
        title_marks=title_marks,
        snippet=snippet,
        snippet_marks=snippet_marks,
        similar=similar,
        where=found.where,
        there=found.text,
        there_marks=found.marks,
    )


def elsewhere(document: Document, what: Wanted, shown: set[str]) -> Elsewhere:
    """The first text beside title and description with a word that is not shown yet. `shown`: stems of those that
    are."""
    if len(shown) < len(what.words):
        for where, text in islice(_beside(document), LOOKED_AT):
            plain = Text((_one_line_once if len(text.value) <= OFTEN_ASKED else one_line)(text.value), text.lang)
            found = marks(plain, what)
            if not _stems(plain, found) <= shown:
                return Elsewhere(where, *cut(plain, found))
    return NOWHERE


_one_line_once = lru_cache(maxsize=8_192)(one_line)
"""Keywords and names of files are those of many documents."""


def _beside(document: Document) -> Iterator[tuple[str, Text]]:
    for where, texts in (("keyword", document.keyword), ("file", document.file), ("file", document.file_text)):
        yield from ((where, text) for text in texts)
    for where, names in (("column", document.column), ("layer", document.layer)):
        yield from ((where, Text(name)) for name in names)


def _stems(text: Text, places: Marks) -> set[str]:
    """The stems of the words that are marked in a text."""
    language = language_of(text) if places else ""
    found = (stemmed(fold(text.value[start:end]), language) for start, end in places)
    return {stems[0] for stems in found if stems}
