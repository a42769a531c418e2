"""Descriptions as publishers wrote them, in Markdown or HTML or plain, made safe to show. The only file that makes
markup of them: everything else that a source wrote is escaped by the templates.
"""

import html
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markupsafe import Markup

from dcat import markup

LIMIT = 50_000
"""Characters of a description that are rendered: cleaning takes time that grows with the square of the nesting."""

TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "s", "a", "code", "pre", "blockquote", "sub", "sup", "hr", *TABLE}
"""What a description may be made of. Headings become paragraphs: the outline of the page is ours."""

ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def _markdown() -> MarkdownIt:
    """A heading is a paragraph of its own, a picture a link to it."""
    reader = markup.markdown()
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
    if not markup.has_tags(text):
        text = _MARKDOWN.render(text) if markup.may_be_markdown(text) else html.escape(text)
    clean = nh3.clean(
        text,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",  # relative to a page of the publisher that nobody names: here it would lead to nothing
        link_rel="nofollow noopener",
        clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
    )
    return Markup(clean)  # noqa: S704 - the one place; cleaned just above


def plain(text: str, length: int = 200) -> str:
    """The beginning of a description as one line without markup, cut at a word."""
    text = markup.one_line(text[: LIMIT // 5])
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + " …"
