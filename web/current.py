"""What a view works with: the catalogue and the settings of the running application."""

from typing import cast
from urllib.parse import unquote, urlsplit

from flask import current_app, g

from catalogue.search.base import Query, Results
from catalogue.service import Catalogue
from catalogue.settings import Settings


def catalogue() -> Catalogue:
    """The catalogue that `create_app` opened; kept in `app.extensions["catalogue"]`."""
    return cast("Catalogue", current_app.extensions["catalogue"])


def settings() -> Settings:
    """The settings that `create_app` was called with; kept in `app.extensions["settings"]`."""
    return cast("Settings", current_app.extensions["settings"])


def minted(path: str) -> str:
    """A name of ours: below the public address under which everything was named, which a move changes as a whole."""
    return catalogue().address.minted_at() + path


def absolute(path: str) -> str:
    """The public address of a path. Always from `site_url`, never from the Host header, which anybody can write."""
    site = settings().site_url
    root = unquote(urlsplit(site).path)
    is_below = root and path.startswith(f"{root}/")  # as `url_for` makes it
    return site + (path.removeprefix(root) if is_below else path)


def searched(query: Query) -> Results:
    """The entries that match; while the index does not answer, what can be told without it. Raises `BadQuery`, and
    `SearchUnavailable` for what only an index can answer."""
    found = catalogue().index.search_anyway(query)
    g.reduced = found.reduced or is_reduced()
    return found


def is_reduced() -> bool:
    """True when this answer was made without the index, and holds only until it is back."""
    return bool(g.get("reduced", False))
