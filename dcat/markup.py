"""What a text says without its markup: the one place that knows HTML and Markdown. Each step is linear in the text."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded where a text has signs of Markdown
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BRACKETS = 500
"""Opening brackets that a text may have and still be read as Markdown: looking for their ends is quadratic."""

_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|u|s|em|strong|small|sup|sub|ul|ol|li|dl|dt|dd|h[1-6]|table|thead|tbody|tr|td|th|img"
    r"|font|blockquote|pre|code|hr|iframe|script|style|section|article|header|footer|figure|svg|o:p)\b[^<>]*>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_HIDDEN = ("script", "style")
_LINK = re.compile(
    r"<a\b[^<>]*?\bhref\s*=\s*[\"']?(https?://[^\"'\s<>]+)[^<>]*>((?:[^<]|<(?!/?a\b))*)</a>", re.IGNORECASE
)
"""A link with its words, and what is bold or cursive in them, up to where it or the next one ends."""
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:p|div|ul|ol|table|h[1-6]|blockquote|section|article|tr)\b[^<>]*>|<br\b[^<>]*>", re.IGNORECASE
)
_SIGN = re.compile(r"[*_#`\[>~|\\]")
_AT_A_LINE = re.compile(r"\n {0,3}(?:(?:[-+]|\d{1,9}[.)])[ \t]|[-=]{2,}[ \t]*$)", re.MULTILINE)
"""What makes it worth looking for Markdown: signs anywhere, and those that begin a line, which are found faster by the
end of the line before than by a beginning of a line."""


def has_tags(text: str) -> bool:
    """True when there is a tag of HTML in a text."""
    return "<" in text and _TAG.search(text) is not None


def without_html(text: str) -> str:
    """HTML as plain text: paragraphs and items become lines, a link keeps its address, entities their character."""
    is_tagged = has_tags(text)
    if not is_tagged and ("&" not in text or not _ENTITY.search(text)):
        return text
    plain = _unescaped(_without_tags(text) if is_tagged else text)
    if not is_tagged and has_tags(plain):  # it was escaped twice
        plain = _unescaped(_without_tags(plain))
    return plain


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def one_line(text: str) -> str:
    """What a text says, without HTML and Markdown, in one line."""
    plain = without_html(text)
    if _has_signs(plain) and may_be_markdown(plain):
        plain = _without_markdown(plain)
    return " ".join(plain.split())


def _has_signs(text: str) -> bool:
    return _SIGN.search(text) is not None or _AT_A_LINE.search(f"\n{text}") is not None


def may_be_markdown(text: str) -> bool:
    """False for a text that would take too long to be read as Markdown."""
    return text.count("[") <= BRACKETS


def markdown() -> "MarkdownIt":
    """A reader of CommonMark (https://spec.commonmark.org/0.31.2/) with tables and strike-through, without HTML."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 (its tables take longer to load than a small command)

    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    return reader.enable(["table", "strikethrough"])


_reader = cache(markdown)


@lru_cache(maxsize=1_024)
def _without_markdown(text: str) -> str:
    return "".join(_spoken(_reader().parse(text)))


def _spoken(tokens: Iterable["Token"]) -> Iterator[str]:
    """The words of what was read; one block and the next are parted."""
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            yield f" {token.info}{token.markup} "
        elif token.children is not None and token.type != "image":
            yield from _spoken(token.children)
            yield " "
        elif token.content:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "


def _without_tags(text: str) -> str:
    for name in _HIDDEN:
        text = _without_element(text, name)
    text = _without_comments(text)
    text = _LINK.sub(_link_text, text)
    text = _ITEM.sub("\n- ", text)
    text = _BREAK.sub("\n\n", text)
    return _TAG.sub(" ", text)


def _link_text(found: re.Match[str]) -> str:
    address, words = found[1], " ".join(_TAG.sub(" ", found[2]).split())
    return address if not words or words in address else f"{words} ({address})"


def _without_element(text: str, name: str) -> str:
    lower, kept, at = text.casefold(), [], 0
    if len(lower) != len(text):  # casefold of a few letters gives two; then positions would not agree
        lower = text.lower()
    while (start := lower.find(f"<{name}", at)) >= 0 and (end := lower.find(f"</{name}>", start)) >= 0:
        kept.append(text[at:start])
        at = end + len(name) + 3
    return "".join((*kept, text[at:]))


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join((*kept, text[at:]))
