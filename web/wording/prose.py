"""Descriptions as publishers wrote them, in Markdown or HTML or plain, made safe to show. The only file that says what
is markup: everything else that a source wrote is escaped by the templates.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markupsafe import Markup

LIMIT = 50_000
"""Characters of a description that are rendered: cleaning takes time that grows with the square of the nesting."""

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "s", "a", "code", "pre", "blockquote", "sub", "sup", "hr", *TABLE}
"""What a description may be made of. Headings become paragraphs: the outline of the page is ours."""

ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}}
SCHEMES = {"http", "https", "mailto", "tel"}

_LOOKS_LIKE_HTML = re.compile(r"</?(p|br|div|ul|ol|li|a|b|i|strong|em|span|h[1-6]|table)\b[^>]*>", re.IGNORECASE)
_BLOCKS = re.compile(r"</?(p|br|div|li|ul|ol|h[1-6]|tr|t[dh]|table|blockquote|hr|pre)\b[^>]*>", re.IGNORECASE)

BRACKETS = 500
"""Opening brackets that a text may have and still be read as Markdown: looking for their ends is quadratic."""


def _markdown() -> MarkdownIt:
    """CommonMark with tables and strike-through; a heading is a paragraph of its own, a picture a link to it."""
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True})
    reader.enable(["table", "strikethrough"])
    reader.add_render_rule("heading_open", lambda *_: "<p><strong>")
    reader.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    reader.add_render_rule("image", _picture)
    return reader


def _picture(_renderer: RendererProtocol, tokens: Sequence[Token], at: int, *_: object) -> str:
    address = str(tokens[at].attrs.get("src", ""))
    return f'<a href="{html.escape(address)}">{html.escape(tokens[at].content or address)}</a>'


_MARKDOWN = _markdown()


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
    text = _BLOCKS.sub(" ", render(text[: LIMIT // 5]))
    text = " ".join(html.unescape(nh3.clean(text, tags=set())).split())
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + " …"
