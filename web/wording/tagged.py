"""Texts as HTML: in which language they are, and what of them matched. What they say is escaped."""

from collections.abc import Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from dcat.model import Text, Texts

from . import words
from .words import gettext as _

NOTHING = Markup()
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages that are written from right to left."""
MARK, MARKED = Markup("<mark>"), Markup("</mark>")


def lang(text: Text | None) -> Markup:
    """The attribute that says in which language a text is, where that is not the language of the page."""
    return _attribute(text.lang) if text and text.lang != words.language() else NOTHING


def say(text: Text | None) -> Markup:
    """A text with its language; a machine's translation says so."""
    if not text:
        return NOTHING
    is_own = text.lang == words.language()
    said = escape(text.value) if is_own else Markup("<span%s>%s</span>") % (_attribute(text.lang), text.value)
    if text.is_machine_translated:
        said += Markup(' <small class="tag">%s</small>') % _("automatic translation")
    return said


def best(texts: Texts) -> Markup:
    """The text of several that this reader is shown."""
    chosen = words.pick(texts)
    return say(chosen.text) if chosen else NOTHING


def marked(text: Text, marks: tuple[tuple[int, int], ...]) -> Markup:
    """A text with what matched in it marked."""
    return NOTHING.join(_pieces(text.value, marks))


def _pieces(text: str, marks: tuple[tuple[int, int], ...]) -> Iterator[str]:
    done = 0
    for start, end in sorted(marks):
        if start < done or end > len(text):
            continue
        yield from (text[done:start], MARK, text[start:end], MARKED)
        done = end
    yield text[done:]


@lru_cache(maxsize=256)
def _attribute(language: str) -> Markup:
    """With the direction of a language that is written the other way: without it, marks stand at the wrong end."""
    direction = Markup(' dir="rtl"') if language.partition("-")[0] in RIGHT_TO_LEFT else NOTHING
    return Markup(' lang="%s"%s') % (words.tag(language), direction)
