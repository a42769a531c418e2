"""Descriptions as publishers wrote them, in Markdown or HTML or plain, made safe to show. The only file that says what
is markup: everything else that a source wrote is escaped by the templates.
"""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

LIMIT = 50_000
"""Characters of a description that are rendered: cleaning takes time that grows with the square of the nesting."""

TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote", "sub", "sup"}
"""What a description may be made of. Headings become paragraphs: the outline of the page is ours."""

ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).disable(["image", "heading"])
_LOOKS_LIKE_HTML = re.compile(r"</?(p|br|div|ul|ol|li|a|b|i|strong|em|span|h[1-6]|table)\b[^>]*>", re.IGNORECASE)
_BLOCKS = re.compile(r"</?(p|br|div|li|ul|ol|h[1-6]|tr|td|table|blockquote)\b[^>]*>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,1000}\)")
_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}|>)\s+|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)", re.MULTILINE)

BRACKETS = 500
"""Opening brackets that a text may have and still be read as Markdown: looking for their ends is quadratic."""


@lru_cache(maxsize=512)
def render(text: str) -> Markup:
    """A description as paragraphs, lists and links."""
    text = text[:LIMIT]
    if not _LOOKS_LIKE_HTML.search(text):
        text = _MARKDOWN.render(text) if text.count("[") <= BRACKETS else html.escape(text)
    clean = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
    )
    return Markup(clean)  # noqa: S704 - the one place; cleaned just above


@lru_cache(maxsize=2048)
def plain(text: str, length: int = 200) -> str:
    """The beginning of a description as one line without markup, cut at a word."""
    text = _BLOCKS.sub(" ", text[: LIMIT // 5])
    text = html.unescape(nh3.clean(text, tags=set()))
    text = " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + " …"
