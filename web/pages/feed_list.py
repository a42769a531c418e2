"""All feeds on a page: what a feed is, which there are, and all of them as one file."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ..feeds import opml
from ..http.caching import cached
from ..wording.words import language

SHOWN = 40
"""Feeds of a kind on the page; the file has all."""


@cached()
def show() -> ResponseReturnValue:
    """The page."""
    groups = [(one.name, one.feeds[:SHOWN], len(one.feeds[SHOWN:])) for one in opml.groups(language()) if one.feeds]
    return render_template("feeds.html", groups=groups)
