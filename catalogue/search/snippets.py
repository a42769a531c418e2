"""What of a text is shown and where it matches: from the same words as the index, in the text's own language."""

import html
import re
from typing import NamedTuple

from dcat.model import Text

from . import concepts
from .analysis import language_of, stem, stemmed, tokens
from .base import Document, Hit
from .plan import SHORTEST_PREFIX, Plan
from .stopwords import ANY_STOP_WORD
from .texts import best_text

LENGTH = 200
"""Characters of a snippet."""
BEFORE = 60
"""Characters that are shown before the first match."""
SCANNED = 20_000

Marks = tuple[tuple[int, int], ...]

_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,1000}>")
_MARKUP = re.compile(
    r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,500}\)|(?:^|(?<=\s))(?:[#*>=-]{1,6}|\*\*|__)(?=\s|\w)|\*\*|__|`"
)


class Wanted(NamedTuple):
    """What to mark."""

    words: frozenset[str]
    stems: dict[str, frozenset[str]]
    """Language → stems of the words."""
    meanings: frozenset[str]
    prefix: str


def wanted(plan: Plan) -> Wanted:
    """What a query marks in texts."""
    chosen = [word for word in plan.words if word not in ANY_STOP_WORD] or plan.words
    return Wanted(
        frozenset(chosen),
        {language: frozenset(stem(word, language) for word in chosen) for language in concepts.LANGUAGES},
        frozenset(found.concept for found in plan.meanings),
        plan.words[-1] if plan.words and len(plan.words[-1]) >= SHORTEST_PREFIX else "",
    )


def hit(document: Document, score: float, language: str, what: Wanted, similar: int = 0) -> Hit:
    """A document as a reader of a language sees it."""
    title = best_text(document.title, language)
    described = best_text(document.description, title.language if title.language in concepts.LANGUAGES else language)
    plain = Text(plain_text(described.value[:SCANNED]), described.lang)
    snippet, snippet_marks = cut(plain, marks(plain, what))
    return Hit(
        document=document,
        score=score,
        title=title,
        title_marks=marks(title, what),
        snippet=snippet,
        snippet_marks=snippet_marks,
        similar=similar,
    )


def plain_text(text: str) -> str:
    """A description without HTML and Markdown, in one line."""
    return " ".join(_MARKUP.sub(r"\1", html.unescape(_TAG.sub(" ", text))).split())


def marks(text: Text, what: Wanted) -> Marks:
    """The places where a text matches, as (start, end) in characters, in order, none overlapping."""
    if not what.words:
        return ()
    found = list(tokens(text.value))
    folded = [token.word for token in found]
    language = language_of(text, folded)
    stems = what.stems.get(language, frozenset())
    marked = {
        place
        for place, word in enumerate(folded)
        if word in what.words
        or not stems.isdisjoint(stemmed(word, language))
        or (what.prefix and word.startswith(what.prefix))
    }
    if what.meanings:
        for one in concepts.in_words(folded, language):
            if one.concept in what.meanings:
                marked.update(range(one.start, one.end))
    return tuple((found[place].start, found[place].end) for place in sorted(marked))


def cut(text: Text, places: Marks) -> tuple[Text, Marks]:
    """At most `LENGTH` characters around the first match, cut between words, with the places inside."""
    if len(text.value) <= LENGTH:
        return text, places
    start = _start(text.value, places[0][0] if places else 0)
    end = _end(text.value, start)
    before, after = "… " if start else "", " …" if end < len(text.value) else ""
    shift = len(before) - start
    inside = tuple((first + shift, last + shift) for first, last in places if first >= start and last <= end)
    return Text(f"{before}{text.value[start:end]}{after}", text.lang), inside


def _start(text: str, first: int) -> int:
    if first <= BEFORE + 20 or len(text) <= LENGTH:
        return 0
    earliest = max(0, min(first - BEFORE, len(text) - LENGTH + 4))
    sentence = max(text.rfind(stop, earliest, first) for stop in (". ", "? ", "! ", ": "))
    if sentence >= 0:
        return sentence + 2
    blank = text.find(" ", earliest, first)
    return blank + 1 if blank >= 0 else earliest


def _end(text: str, start: int) -> int:
    limit = start + LENGTH - (2 if start else 0)
    if limit >= len(text):
        return len(text)
    blank = text.rfind(" ", start + LENGTH // 2, limit - 2)
    return blank if blank >= 0 else limit - 2
