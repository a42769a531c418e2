"""The pages for people, each at the same address in every language.

A view parses, asks and renders; it never searches, counts or words anything itself."""

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g
from flask.typing import ResponseReturnValue

from ..wording import words
from . import (
    changes,
    check_feed,
    checks,
    collection_pages,
    communes,
    coverage,
    decide,
    doors,
    dumps,
    entry_pages,
    feed_list,
    file_pages,
    follow,
    frame,
    home,
    publishers,
    quality_pages,
    questions,
    reuse_pages,
    search,
    site_map,
    sources,
    start,
    statements,
    texts,
    themes,
    usage,
)

Page = Callable[..., ResponseReturnValue]

PAGES: tuple[tuple[str, str, Page], ...] = (
    ("/", "home", home.show),
    ("/search", "search", search.show),
    ("/search/filters", "filters", search.filters),
    ("/search/values/<facet>", "values", search.values),
    ("/search/unanswered", "unanswered", search.unanswered),
    ("/search/how", "search_how", texts.search_how),
    ("/dataset/<name>", "dataset", entry_pages.dataset),
    ("/dataset/<name>/file/<key>", "file", file_pages.show),
    ("/dataset/<name>/file/<key>/table", "table", file_pages.table),
    ("/service/<name>", "service", entry_pages.service),
    ("/series/<name>", "series", entry_pages.series),
    ("/publication/<name>", "publication", entry_pages.publication),
    ("/<any(dataset, service, series, publication):kind>/<name>/checks", "checks", checks.show),
    ("/<any(dataset, service, series, publication):kind>/<name>/changes", "changes", changes.show),
    ("/publishers", "publishers", publishers.index),
    ("/publisher/<name>", "publisher", publishers.show),
    ("/area", "area", communes.index),
    ("/commune/<name>", "commune", communes.show),
    ("/money", "money", coverage.money),
    ("/coverage", "coverage_index", coverage.index),
    ("/coverage/<subject>", "coverage", coverage.show),
    ("/coverage/<subject>/<name>", "coverage_row", coverage.row),
    ("/collections", "collections", collection_pages.index),
    ("/collection/<name>", "collection", collection_pages.show),
    ("/themes", "themes", themes.index),
    ("/theme/<code>", "theme", themes.show),
    ("/keyword/<path:word>", "keyword", themes.keyword),
    ("/sources", "sources", sources.index),
    ("/source/<name>", "source", sources.show),
    ("/source/<name>/run/<int(max=999999999):number>", "run", sources.run),
    ("/check", "check", check_feed.show),
    ("/quality", "quality", quality_pages.show),
    ("/dumps", "dumps", dumps.show),
    ("/feeds", "feeds", feed_list.show),
    ("/usage", "usage", usage.show),
    ("/reuses", "reuses", reuse_pages.show),
    ("/about", "about", texts.about),
    ("/help", "help", texts.help),
    ("/sitemap", "sitemap", site_map.show),
    ("/developers", "developers", doors.show),
    ("/accessibility", "accessibility", statements.accessibility),
    ("/eco-design", "eco_design", statements.eco_design),
    ("/privacy", "privacy", texts.privacy),
    ("/terms", "terms", texts.terms),
)
"""Address below `/{lang}`, name and view of each page."""


FOLLOW = "/<any(dataset, service, series, publication):kind>/<name>/follow"
"""The form of who wants to follow an entry by mail; only where mail can be sent."""
QUESTIONS = "/<any(dataset, service, series, publication):kind>/<name>/questions"
"""What readers asked, and the form."""
OF_QUESTION = "/question/<int(max=999999999):number>/<any(confirm, answer):what>/<token>"
"""Where the links of letters about questions lead."""
FOLLOW_SEARCH = "/search/follow"
"""The same for what a search finds."""
LETTER = "/follow/<int(max=999999999):number>/<any(confirm, end, all):what>/<token>"
"""Where the links of letters to followers lead."""
DECIDE = "/source/<name>/decide"
"""Where the link of a letter leads; nobody else finds anything there."""

CONTROL = bytes({*range(32), 127} - set(b"\t\n\r"))
NO_CHARACTERS = tuple(
    re.compile(rare)
    for rare in (
        rb"\xc2[\x80-\x9f]",
        rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])",
        *(plane + rb"[\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]" for plane in (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")),
    )
)
"""What no text of a page may hold, in UTF-8: control characters, and numbers that are no characters, such as U+FFFE
(https://html.spec.whatwg.org/multipage/parsing.html#preprocessing-the-input-stream). Each begins with one byte, which
is found four times as fast as any of several."""


def register(app: Flask) -> None:
    """Adds the front door, and the pages below one folder per language."""
    app.add_url_rule("/", "start", start.choose)
    app.register_blueprint(blueprint(app.extensions["settings"].languages))
    frame.register(app)
    app.after_request(without_control_characters)


def blueprint(languages: tuple[str, ...]) -> Blueprint:
    """All pages."""
    pages = in_languages("pages", languages)
    for path, name, view in PAGES:
        pages.add_url_rule(path, name, view)
    pages.add_url_rule(DECIDE, "decide", decide.show)
    pages.add_url_rule(DECIDE, "decided", decide.act, methods=["POST"])
    pages.add_url_rule(FOLLOW, "follow", follow.show)
    pages.add_url_rule(FOLLOW, "asked_to_follow", follow.ask, methods=["POST"])
    pages.add_url_rule(FOLLOW_SEARCH, "follow_search", follow.show_list)
    pages.add_url_rule(FOLLOW_SEARCH, "asked_to_follow_search", follow.ask_list, methods=["POST"])
    pages.add_url_rule(QUESTIONS, "questions", questions.show)
    pages.add_url_rule(QUESTIONS, "asked", questions.ask, methods=["POST"])
    pages.add_url_rule(OF_QUESTION, "of_question", questions.letter)
    pages.add_url_rule(OF_QUESTION, "decided_question", questions.act, methods=["POST"])
    pages.add_url_rule(LETTER, "letter", follow.letter)
    pages.add_url_rule(LETTER, "followed", follow.act, methods=["POST"])
    pages.add_url_rule("/check", "checked", check_feed.answer, methods=["POST"])
    return pages


def in_languages(name: str, languages: tuple[str, ...]) -> Blueprint:
    """A part of the site whose addresses begin with a language, which links keep without being told."""
    part = Blueprint(name, __name__, url_prefix=f"/<any({', '.join(languages)}):lang>")
    part.url_value_preprocessor(take_language)
    part.url_defaults(keep_language)
    return part


def without_control_characters(response: Response) -> Response:
    """HTML has no way to write them; a source's identifier, message or value as it came may still hold one."""
    if response.mimetype == "text/html" and not response.direct_passthrough:
        said = response.get_data().translate(None, CONTROL)
        for none in NO_CHARACTERS:
            said = none.sub(b"", said)
        response.set_data(said)
    return response


def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The language of the address belongs to the request, not to the view."""
    if values:
        g.lang = values.pop("lang", None)


def keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """A link leads to a page in the same language unless it says otherwise."""
    values.setdefault("lang", words.language())
