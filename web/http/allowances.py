"""How often one visitor may search and check, and one key may write; a visitor with wrong keys is slowed down.

A visitor is known by an address, with IPv6 by the network of one connection. Where all requests come from a private
address and no server in front is named by the settings, nobody can be told from others, and no address is limited.
"""

from flask import Flask, g, request
from werkzeug.exceptions import TooManyRequests

from ..current import catalogue, settings
from . import origin

ALWAYS = frozenset(
    {
        "pages.search",
        "pages.filters",
        "pages.values",
        "pages.follow_search",
        "pages.asked_to_follow_search",
        "feeds.results",
        "api.search_entries",
        "api.list_rows",
        "mcp.message",
    }
)
"""Endpoints that search whatever they are asked; the others say so when they do (`search`)."""
SEARCHING = frozenset(
    {
        "package_search",
        "package_autocomplete",
        "group_package_show",
        "organization_autocomplete",
        "group_autocomplete",
        "tag_search",
        "tag_autocomplete",
        "format_autocomplete",
    }
)
"""Actions of CKAN's API that search."""
CHECKS = frozenset({"pages.checked", "api.validate_feed"})
"""Endpoints that cost something."""
WRONG_KEYS = 10
"""Keys that are none which one visitor may try in a minute."""


def register(app: Flask) -> None:
    """Counts searches and checks."""
    app.before_request(count)


def count() -> None:
    """Raises `TooManyRequests`."""
    action = (request.view_args or {}).get("action", "")
    if request.endpoint in ALWAYS or action.rstrip("/") in SEARCHING:
        search()
    elif request.endpoint in CHECKS:
        spend("check", visitor(), settings().checks_per_minute)


def search() -> None:
    """Somebody searches; a request that asks the index several times is one search. Raises `TooManyRequests`."""
    if not g.get("is_a_search", False):
        g.is_a_search = True
        spend("search", visitor(), settings().searches_per_minute)


def write(key: int) -> None:
    """Somebody writes with the key of that number. Raises `TooManyRequests`."""
    if request.method not in {"GET", "HEAD"}:
        spend("write", f"key {key}", settings().writes_per_minute)


def wrong_key() -> None:
    """Somebody tried a key that is none."""
    if who := visitor():
        catalogue().allowances.take("key", who, WRONG_KEYS)


def hold_up() -> None:
    """Raises `TooManyRequests` for who tried too many keys that are none, whatever key comes now."""
    if (who := visitor()) and (seconds := catalogue().allowances.wait("key", who, WRONG_KEYS)):
        raise TooManyRequests(retry_after=seconds)


def spend(what: str, who: str, most: int) -> None:
    """Does it once. Raises `TooManyRequests` when it was too often, with the seconds after which it is not; 0 is
    no limit."""
    if who and most and (seconds := catalogue().allowances.take(what, who, most)):
        raise TooManyRequests(retry_after=seconds)


def visitor() -> str:
    """Who asks; empty when they cannot be told from others."""
    network = origin.network(origin.ONE)
    if network is None or (network.is_private and not settings().proxies):
        return ""
    return str(network)
