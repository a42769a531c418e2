"""Texts as HTML: in which language they are, and what of them matched. What they say is escaped."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from dcat.model import Text, Texts

from . import words
from .words import gettext as _

NOTHING = Markup()
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages that are written from right to left."""
Marks = tuple[tuple[int, int], ...]
"""Where in a text something matched: start and end, in characters."""


def lang(text: Text | None) -> Markup:
    """The attribute that says in which language a text is, where that is not the language of the page."""
    return _attribute(text.lang) if text and text.lang != words.language() else NOTHING


def say(text: Text | None) -> Markup:
    """A text with its language; a machine's translation says so."""
    return _said(text, words.language()) if text else NOTHING


def _said(text: Text, language: str) -> Markup:
    is_own = text.lang == language
    said = escape(text.value) if is_own else Markup("<span%s>%s</span>") % (_attribute(text.lang), text.value)
    if text.is_machine_translated:
        said += Markup(' <small class="tag">%s</small>') % _("automatic translation")
    return said


def best(texts: Texts) -> Markup:
    """The text of several that this reader is shown."""
    language = words.language()
    chosen = words.pick(texts, language)
    return _said(chosen.text, language) if chosen else NOTHING


def marked(text: Text, marks: Marks) -> Markup:
    """A text with what matched in it marked."""
    return escape(_Marked(text.value, marks))


class _Marked(NamedTuple):
    text: str
    marks: Marks

    def __html__(self) -> str:
        """Pieces are escaped one by one only where there is something to escape, and joined as plain strings:
        `Markup` takes several times as long for both."""
        is_plain = len(escape(self.text)) == len(self.text)
        return "".join(self._pieces(str if is_plain else escape))

    def _pieces(self, escaped: Callable[[str], str]) -> Iterator[str]:
        done = 0
        for start, end in sorted(self.marks):
            if start < done or end > len(self.text):
                continue
            yield from (escaped(self.text[done:start]), "<mark>", escaped(self.text[start:end]), "</mark>")
            done = end
        yield escaped(self.text[done:])


@lru_cache(maxsize=256)
def _attribute(language: str) -> Markup:
    """With the direction of a language that is written the other way: without it, marks stand at the wrong end."""
    direction = Markup(' dir="rtl"') if language.partition("-")[0] in RIGHT_TO_LEFT else NOTHING
    return Markup(' lang="%s"%s') % (words.tag(language), direction)
