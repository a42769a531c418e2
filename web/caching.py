"""Conditional answers: a page or feed that has not changed is not made a second time (RFC 9110, section 13).

What a public address answers depends on the catalogue, this program, the day, its address and the request headers that
it varies by: so its entity tag is known before any of it is rendered, and comparing costs a fraction of rendering.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from importlib.metadata import PackageNotFoundError, version
from typing import ParamSpec

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from catalogue import clock

from .current import catalogue, settings

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

PUBLIC = "public, max-age=300, stale-while-revalidate=86400"
"""Five minutes without asking; a day in which the old answer may be shown while a new one is fetched."""


def cached(*vary: str) -> Callable[[View[P]], View[P]]:
    """Makes a view whose answer changes only with the catalogue conditional: `ETag`, `Cache-Control`, `Vary`, 304.

    `vary` names the request headers that choose between representations of the same address.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def conditional(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            tag = entity_tag(*vary)
            if request.if_none_match.contains_weak(tag):
                return _describe(Response(status=304), tag, vary)
            response = make_response(view(*args, **kwargs))
            return _describe(response, tag, vary) if response.status_code < 400 else response

        return conditional

    return decorate


def entity_tag(*vary: str) -> str:
    """The tag of what this address answers now to this request."""
    portal = (program(), settings().site_url, settings().title, settings().languages)
    asked = (request.full_path, [request.headers.get(name, "") for name in vary])
    parts = repr((portal, catalogue().generation(), clock.now().date(), asked))
    return hashlib.blake2b(parts.encode("utf-8", "replace"), digest_size=12).hexdigest()


@cache
def program() -> str:
    """The installed version of this program: a new one may render the same data differently."""
    try:
        return version("datastore-portal")
    except PackageNotFoundError:
        return "source"


def _describe(response: Response, tag: str, vary: tuple[str, ...]) -> Response:
    response.set_etag(tag, weak=True)
    response.headers.setdefault("Cache-Control", PUBLIC)
    response.vary.update(vary)
    return response
