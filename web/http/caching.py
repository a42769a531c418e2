"""Conditional answers: a page or feed that has not changed is not made a second time (RFC 9110, section 13).

What a public address answers depends on the catalogue, this program, the day, its address and the request headers that
it varies by: its state, which is known before any of it is rendered. The entity tag is made of what the answer says, so
that one which says the same in another state keeps it; which tag a state had is remembered, so comparing costs a
fraction of rendering. What is streamed is never held whole: its state is its tag.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import cache, wraps
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple, ParamSpec

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from catalogue import clock

from ..current import catalogue, is_reduced, settings
from .kept import Kept
from .kept_pages import KeptPages

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

PUBLIC = "public, max-age=300, stale-while-revalidate=86400"
"""Five minutes without asking; a day in which the old answer may be shown while a new one is fetched."""
ASK_AGAIN = "public, no-cache"
"""Kept, but never shown without asking."""
PAGES, TAGS = "kept pages", "kept tags"
MOST_TAGS, MOST_BYTES = 20_000, 1024 * 1024
"""Of the tags that one process remembers."""


class Moment(NamedTuple):
    """What stands between these in an answer is no news: when it was asked for, when a source said the same again."""

    begins: bytes
    ends: bytes


def register(app: Flask) -> None:
    """Gives the application a place for pages that are kept, and for tags."""
    app.extensions[PAGES] = KeptPages()
    app.extensions[TAGS] = Kept[str](MOST_BYTES, MOST_TAGS)


def cached(
    *vary: str, also: Callable[[], object] | None = None, kept: bool = False, moment: Moment | None = None
) -> Callable[[View[P]], View[P]]:
    """Makes a view whose answer changes only with the catalogue conditional: `ETag`, `Cache-Control`, `Vary`, 304.

    `vary` names the request headers that choose between representations of the same address. `also` gives what else
    the answer depends on, such as the runs that go on; such an answer is asked for again each time. `kept`: the page is
    one of a few that many ask for, and is made once for each state of the catalogue. `moment`: what its tag leaves out.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def conditional(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            generation = catalogue().index.generation()
            now = state(generation, *vary, also=also() if also else None)
            tag = tags().get(now) or now
            if not (is_known := request.if_none_match.contains_weak(tag)):
                response = answered(now, lambda: view(*args, **kwargs), kept=kept)
                tag = tag_in(now, generation, response, moment)
                is_known = response.status_code < 400 and request.if_none_match.contains_weak(tag)
            if is_known:
                response = unchanged()
            if is_reduced():
                response.headers["Cache-Control"] = "no-store"
            elif response.status_code < 400:
                response.set_etag(tag, weak=True)
                response.headers.setdefault("Cache-Control", ASK_AGAIN if also else PUBLIC)
                response.vary.update((*vary, "Accept-Encoding"))
            return response

        return conditional

    return decorate


def answered(state: str, make: Callable[[], ResponseReturnValue], *, kept: bool) -> Response:
    """What is answered: made now, or kept from the last time if it is the plain address that many ask for."""
    pages: KeptPages | None = current_app.extensions[PAGES] if kept and not request.query_string else None
    if pages and (known := pages.get(state)):
        return known
    response = make_response(make())
    if pages and not is_reduced():
        pages.keep(state, response)
    return response


def of_its_own(moment: Moment | None = None) -> Callable[[View[P]], View[P]]:
    """Makes a view of one thing conditional by what it says: whatever else changes, its tag stays. It is made before it
    is compared, so this is for what is small. `moment`: what its tag leaves out."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def conditional(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            response = make_response(view(*args, **kwargs))
            tag = tag_of(response, moment)
            if request.if_none_match.contains_weak(tag):
                response = unchanged()
            response.set_etag(tag, weak=True)
            response.headers["Cache-Control"] = PUBLIC
            response.vary.add("Accept-Encoding")
            return response

        return conditional

    return decorate


def unchanged() -> Response:
    """304: without a body there is no media type."""
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response


def state(generation: str, *vary: str, also: object = None) -> str:
    """Stands for everything that the answer of this address to this request depends on now."""
    portal = (program(), settings().site_url, settings().title, settings().languages)
    asked = (request.full_path, [request.headers.get(name, "") for name in vary])
    parts = repr((portal, generation, clock.now().date(), asked, also))
    return digest(parts.encode("utf-8", "replace"))


def tag_in(state: str, generation: str, response: Response, moment: Moment | None) -> str:
    """The tag of an answer, which may have its own, remembered if nothing changed while it was made: else it may say
    what came after."""
    if response.status_code != HTTPStatus.OK or response.is_streamed or is_reduced():
        return state
    tag = response.get_etag()[0] or tag_of(response, moment)
    if catalogue().index.generation() == generation:
        tags().keep(state, tag, len(state))
    return tag


def tags() -> Kept[str]:
    """The tags of states that this process answered in."""
    kept: Kept[str] = current_app.extensions[TAGS]
    return kept


def tag_of(response: Response, moment: Moment | None) -> str:
    """The tag of an answer by what it says."""
    return digest(f"{response.content_type}\n".encode(), *news(response.get_data(), moment))


def news(said: bytes, moment: Moment | None) -> Iterator[memoryview]:
    """What is said around the moments; nothing is copied, since an answer may be long."""
    whole, start = memoryview(said), 0
    while moment and (end := said.find(moment.begins, start)) >= 0:
        yield whole[start:end]
        start = max(said.find(moment.ends, end + len(moment.begins)), end + len(moment.begins))
    yield whole[start:]


def digest(*texts: bytes | memoryview) -> str:
    """A short stand-in for texts, one after another."""
    sum = hashlib.blake2b(digest_size=12)
    for text in texts:
        sum.update(text)
    return sum.hexdigest()


@cache
def program() -> str:
    """The installed version of this program: a new one may render the same data differently."""
    try:
        return version("datastore-portal")
    except PackageNotFoundError:
        return "source"
