"""Query strings: pages, feeds and APIs read them here, so that all ask and refuse the same way."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode

import msgspec
from flask import request

from catalogue.search.base import BadQuery, Query
from catalogue.search.params import one_of, params_from_query, printable, query_from_params

Pairs = tuple[tuple[str, str], ...]
"""The parameters of an address, in canonical order."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def asked(language: str, facets: tuple[str, ...] = (), *, fixed: Pairs = ()) -> Query:
    """What this address asks; `fixed` is what the page narrows by itself. Raises `BadQuery` with the parameter."""
    names = {name for name, _ in fixed}
    given = [(name, value) for name, value in request.args.items(multi=True) if name not in names]
    return query_from_params([*given, *fixed], language, facets)


def taken_away(query: Query) -> Query:
    """The same for who takes away what is found: what has only some of the words is in it when the address asks for
    that, never to fill up a page, where a program could not tell it from the rest."""
    return msgspec.structs.replace(query, partly="left") if query.partly == "filling" else query


def pairs(query: Query, page: int | None = None) -> Pairs:
    """The canonical parameters of a query, defaults left out; `page` replaces its page."""
    return tuple(params_from_query(query, page))


def address(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """A path with its parameters."""
    text = urlencode(list(parameters))
    return f"{path}?{text}" if text else path


def has_empty() -> bool:
    """True when a form sent fields that nobody filled in: the address is nicer without them."""
    return any(not value.strip() for value in request.args.values())


def page_number(name: str = "page") -> int:
    """A page of something other than search results, from 1."""
    return whole(name, 1, 1, 999_999)


def choice(name: str, known: tuple[str, ...]) -> str:
    """A value of a closed list, whose first one is the default."""
    return one_of(request.args, name, known)


def word(name: str, limit: int = 100) -> str:
    """A short text that somebody typed into a filter box."""
    return " ".join(_CONTROL.sub(" ", request.args.get(name, "")).split())[:limit]


def whole(name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query string, in plain digits."""
    given = request.args.get(name) or str(default)
    if not (given.isascii() and given.isdigit() and len(given) <= 10 and least <= int(given) <= most):
        raise BadQuery(
            "%(name)s must be a whole number from %(least)s to %(most)s, not “%(value)s”.",
            name,
            least=least,
            most=most,
            value=printable(given[:40]),
        )
    return int(given)
