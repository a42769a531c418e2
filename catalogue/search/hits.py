"""A document among results as a reader of a language sees it: title, snippet, and where else it matches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from dcat.markup import one_line
from dcat.model import Text, Texts
from dcat.our_languages import OUR_LANGUAGES

from .base import Document, Hit
from .language.analysis import OFTEN_ASKED, language_of, stemmed
from .language.folding import fold
from .language.texts import best_text
from .snippets import SCANNED, Marks, Wanted, cut, first_marks, marks
from .view import Match

LOOKED_AT = 200
"""Texts that are looked through for where else a document matches: some have thousands of files."""


class Placed(NamedTuple):
    """A document in its place among the results."""

    match: Match
    has_all_words: bool = True

    @property
    def document(self) -> Document:
        """What the index says of it."""
        return self.match.document


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
        score=placed.match.score,
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
    if len(shown) < what.typed:
        for where, texts in _beside(document):
            for text in _worth_a_look(texts, what, shown):
                found = marks(text, what)
                if not _stems(text, found) <= shown:
                    return Elsewhere(where, *cut(text, found))
    return NOWHERE


def _worth_a_look(texts: Texts, what: Wanted, shown: set[str]) -> Iterator[Text]:
    """The texts, as plain ones, without those of languages in which none has more: to look at all at once is faster."""
    plain = [(_plain(text.value), text.lang) for text in texts]
    spoken: dict[str, list[str]] = defaultdict(list)
    for value, lang in plain:
        spoken[lang].append(value)
    has_more = {lang for lang, said in spoken.items() if _has_more(said, Text("", lang).language, what, shown)}
    return (Text(value, lang) for value, lang in plain if lang in has_more)


def _has_more(said: list[str], language: str, what: Wanted, shown: set[str]) -> bool:
    """Whether texts may have a word that is not shown yet; those of which only their letters tell the language may."""
    if language not in OUR_LANGUAGES:
        return True
    pieces = what.pieces(language)
    found = dict.fromkeys(pieces.within(" ".join(said)))
    return pieces.have_phrases(found) or not _first_stems(pieces.marked(found), language) <= shown


def _plain(value: str) -> str:
    return _one_line_once(value) if len(value) <= OFTEN_ASKED else one_line(value)


_one_line_once = lru_cache(maxsize=8_192)(one_line)
"""Keywords and names of files are those of many documents."""


def _beside(document: Document) -> Iterator[tuple[str, Texts]]:
    """Where else there are texts, and the first of them."""
    left = LOOKED_AT
    for where, texts in (("keyword", document.keyword), ("file", document.file), ("file", document.file_text)):
        yield where, texts[:left]
        left -= len(texts[:left])
    for where, names in (("column", document.column), ("layer", document.layer)):
        yield where, tuple(map(Text, names[:left]))
        left -= len(names[:left])


def _stems(text: Text, places: Marks) -> set[str]:
    """The stems of the words that are marked in a text."""
    language = language_of(text) if places else ""
    return _first_stems((fold(text.value[start:end]) for start, end in places), language)


def _first_stems(folded: Iterable[str], language: str) -> set[str]:
    found = (stemmed(word, language) for word in folded)
    return {stems[0] for stems in found if stems}
