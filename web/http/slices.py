"""`limit`, `offset`, `page` and their kin: a client that pages by one that means nothing would read the first page for
ever."""

from collections.abc import Iterable, Mapping

from flask import Flask, current_app, request

from catalogue.search.base import BadQuery

NAMES = ("limit", "offset")
PAGES = ("page", "page_size", "per_page")
OTHERS = ("start", "rows", "skip", "startindex")
"""As Solr, OData and older services of OGC call them."""
_TAKING = "slices"
_ELSEWHERE = frozenset(PAGES)
"""What is not refused at addresses that said nothing of it: searches and feeds have pages, and pass over what they do
not know."""


def register(app: Flask) -> None:
    """Refuses each at endpoints that did not `take` it."""
    app.extensions[_TAKING] = {}
    app.before_request(refuse)


def take(app: Flask, endpoints: Mapping[str, Iterable[str]]) -> None:
    """Says which of these names each endpoint uses; what it does not is refused there."""
    app.extensions[_TAKING] |= {endpoint: frozenset(names) for endpoint, names in endpoints.items()}


def refuse() -> None:
    """Raises `BadQuery` for one that this address would not look at."""
    taken = current_app.extensions[_TAKING].get(request.endpoint, _ELSEWHERE)
    given = next((name for name in (*NAMES, *OTHERS, *PAGES) if name in request.args and name not in taken), "")
    if given and request.method in {"GET", "HEAD"}:
        known = "page" if given in NAMES or "page" in taken else "limit"
        raise BadQuery("%(name)s is not used at this address. Lists in pages take %(known)s.", given, known=known)
