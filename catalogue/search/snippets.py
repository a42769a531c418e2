"""What of a text is shown and where it matches: from the same words as the index, in the text's own language."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dcat.model import Text

from . import concepts
from .analysis import language_of, stem, stemmed, tokens
from .base import Document, Hit
from .plan import SHORTEST_PREFIX, Plan
from .stopwords import ANY_STOP_WORD, STOP_WORDS
from .texts import best_text

LENGTH = 200
"""Characters of a snippet."""
BEFORE = 60
"""Characters that are shown before the first match."""
SCANNED = 3_000
"""Characters of a description that are looked through for a match."""

Marks = tuple[tuple[int, int], ...]

_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,1000}>")
_MARKUP = re.compile(
    r"!?\[([^\]\n]{0,300})\]\([^)\s]{0,500}\)|(?:^|(?<=\s))(?:[#*>=-]{1,6}|\*\*|__)(?=\s|\w)|\*\*|__|`"
)


class Wanted(NamedTuple):
    """What to mark."""

    words: frozenset[str]
    stems: dict[str, frozenset[str]]
    """Language → stems of the words, and of what means the same."""
    phrases: dict[str, dict[str, tuple[tuple[str, ...], ...]]]
    """Language → first stem → stems of several words that mean the same."""
    prefix: str
    known: dict[tuple[str, str], bool]
    """(word, language) → whether it is marked, as far as it was met."""


def wanted(plan: Plan) -> Wanted:
    """What a query marks in texts."""
    chosen = [word for word in plan.words if word not in ANY_STOP_WORD] or list(plan.words)
    meant = [found.concept for found in plan.meanings]
    names = {language: concepts.stemmed_names(meant, language) for language in concepts.LANGUAGES}
    stems = {language: frozenset(stem(word, language) for word in chosen) for language in names}
    return Wanted(
        words=frozenset(chosen),
        stems={lang: stems[lang] | {name[0] for name in names[lang] if len(name) == 1} for lang in names},
        phrases={lang: _by_first(name for name in names[lang] if len(name) > 1) for lang in names},
        prefix=plan.words[-1] if plan.words and len(plan.words[-1]) >= SHORTEST_PREFIX else "",
        known={},
    )


def _by_first(names: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for name in names:
        found[name[0]] = (*found.get(name[0], ()), name)
    return found


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
    marked = [place for place, word in enumerate(folded) if _is_marked(word, language, what)]
    if phrases := what.phrases.get(language):
        marked = sorted({*marked, *_in_phrases(folded, language, phrases)})
    return tuple((found[place].start, found[place].end) for place in marked)


def _is_marked(word: str, language: str, what: Wanted) -> bool:
    key = word, language
    known = what.known.get(key)
    if known is None:
        stems = what.stems.get(language, frozenset())
        known = word in what.words or not stems.isdisjoint(stemmed(word, language))
        known = known or bool(what.prefix and word.startswith(what.prefix))
        what.known[key] = known
    return known


def _in_phrases(folded: list[str], language: str, phrases: dict[str, tuple[tuple[str, ...], ...]]) -> Iterator[int]:
    """The places of words that are part of a phrase; small words between its words are part of it too."""
    places = [place for place, word in enumerate(folded) if word not in STOP_WORDS[language]]
    stems = [stem(folded[place], language) for place in places]
    for at, first in enumerate(stems):
        for name in phrases.get(first, ()):
            if tuple(stems[at : at + len(name)]) == name:
                yield from range(places[at], places[at + len(name) - 1] + 1)


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
