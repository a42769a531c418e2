"""`limit` and `offset`: a client that pages by them where they mean nothing would read the first page for ever."""

from collections.abc import Iterable

from flask import Flask, current_app, request

from catalogue.search.base import BadQuery

NAMES = ("limit", "offset")
_TAKING = "slices"


def register(app: Flask) -> None:
    """Refuses them everywhere but at the endpoints that `take` them."""
    app.extensions[_TAKING] = frozenset()
    app.before_request(refuse)


def take(app: Flask, endpoints: Iterable[str]) -> None:
    """Lets these endpoints use them."""
    app.extensions[_TAKING] |= frozenset(endpoints)


def refuse() -> None:
    """Raises `BadQuery` for one that this address would not look at."""
    given = next((name for name in NAMES if name in request.args), "")
    if given and request.method in {"GET", "HEAD"} and request.endpoint not in current_app.extensions[_TAKING]:
        raise BadQuery("%(name)s is not used at this address. Lists in pages take %(known)s.", given, known="page")
