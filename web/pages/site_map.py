"""The site map for people: every kind of page, in the order in which people need them."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ..http.caching import cached
from ..wording.words import gettext as _
from . import frame, themes

Links = tuple[tuple[str, str], ...]


@cached()
def show() -> ResponseReturnValue:
    """The page."""
    return render_template("site_map.html", groups=groups(), themes=themes.counted())


def groups() -> tuple[tuple[str, Links], ...]:
    """Pages by what they are for: endpoint and words of each."""
    return (
        (
            _("Find data"),
            (
                ("pages.home", _("Home")),
                ("pages.search", _("Search all data")),
                ("pages.filters", _("All filters")),
                ("pages.themes", _("Themes")),
                ("pages.collections", _("Collections")),
                ("pages.publishers", _("Publishers")),
                ("pages.unanswered", _("Searched for and not found")),
                ("pages.search_how", _("How the search works")),
            ),
        ),
        (
            _("Take data away"),
            (
                ("pages.feeds", _("Feeds")),
                ("pages.dumps", _("The whole catalogue as files")),
                ("pages.developers", _("For developers")),
                ("pages.usage", _("How data are used")),
                ("pages.reuses", _("What was made with the data")),
            ),
        ),
        (_("About this site"), tuple(one for one in frame.footer() if one[0] not in ELSEWHERE)),
    )


ELSEWHERE = {"pages.developers", "pages.feeds"}
"""Pages of the footer that stand in another group."""
