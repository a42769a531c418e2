"""The one translator from what went wrong to what the reader is told.

People get a page, `/api/1` gets `application/problem+json` (RFC 9457), feeds get plain text. Nothing of the inside
shows: no path, no address with a password, no traceback; what we did not foresee is logged and said in one sentence.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec
from flask import Flask, Response, current_app, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException

from catalogue.errors import (
    Conflict,
    DatastoreError,
    Forbidden,
    Invalid,
    NotFound,
    SettingsError,
    Unavailable,
    Unreadable,
)
from catalogue.ingest.tombstones import REASONS
from catalogue.publishing.texts_by_language import by_language
from catalogue.search.base import BadQuery, BadValue, SearchUnavailable
from catalogue.store.rows import Tombstone

from .http.leading_on import elsewhere
from .wording.words import gettext, message

PROBLEM = "application/problem+json"

DATA = ("/catalog", "/dumps", "/ldes")
"""Where data are whose addresses have no ending of their own, and below."""
ENDINGS = re.compile(r"\.(ttl|rdf|xml|jsonld|nt|json|atom|csv|txt|gz)$")
"""How addresses of data end, also those at which nothing is."""
_DOORS = "doors"

Form = Callable[[Exception], Response]
"""How a door says what is wrong."""

_FORMS = "forms"

RETRY_SECONDS = 30
"""When to come back after a 503."""

STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Invalid, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Unreadable, HTTPStatus.UNPROCESSABLE_ENTITY),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (BadQuery, HTTPStatus.BAD_REQUEST),
    (SearchUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""What each of our errors means in HTTP. Anything else is a fault of ours: 500."""

SENTENCES = {
    HTTPStatus.BAD_REQUEST: message("The request cannot be understood."),
    HTTPStatus.NOT_FOUND: message("Nothing is at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: message("This address does not take that method."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: message("The body of the request is too large."),
    HTTPStatus.TOO_MANY_REQUESTS: message("Too many requests came from you within a minute. Try again a little later."),
    HTTPStatus.NOT_ACCEPTABLE: message("This address has no answer in a format that you asked for."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: message("The body is in a format that is not read here."),
    HTTPStatus.INTERNAL_SERVER_ERROR: message(
        "Something went wrong on our side. It has been recorded; try again later."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: message(
        "A part of the catalogue does not answer at the moment. Try again in a minute."
    ),
}
"""What is said where the error itself has no words for the reader."""


class Removed(Exception):
    """The entry was here and is gone: 410 in every representation."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(tombstone.name)
        self.tombstone = tombstone


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457). `type` is `about:blank`: the status says which kind of problem it is."""

    type: str
    title: str
    status: int
    detail: str
    field: str = ""
    """The part of the request that is wrong."""
    removed: dict[str, Any] = {}
    """What is still known of an entry that is gone."""


class Answer(NamedTuple):
    """A problem with the headers that go with it."""

    problem: Problem
    headers: dict[str, str]


def register(app: Flask) -> None:
    """Makes every error of the application go through this file."""
    app.extensions[_DOORS] = {}
    app.register_error_handler(Exception, respond)


def speaks(app: Flask, path: str, refused: Callable[[Exception], Response]) -> None:
    """At that path and below it errors are told as `refused` does, also where nothing is."""
    app.extensions[_DOORS][path] = refused


def respond(error: Exception) -> Response:
    """The error as this client can read it: in the form of the door at which he stands, if it has one of its own."""
    if status_of_any(error) == HTTPStatus.NOT_FOUND and (leads_on := elsewhere()):
        return leads_on
    doors: dict[str, Callable[[Exception], Response]] = current_app.extensions[_DOORS]
    return next((doors[path] for path in doors if is_at(path)), plainly)(error)


def is_at(path: str) -> bool:
    """True at that path and below it."""
    return f"{request.path}/".startswith(f"{path}/")


def status_of_any(error: Exception) -> int:
    """The status of an error of ours, or of the framework's."""
    return (error.code or 0) if isinstance(error, HTTPException) else status_of(error)


def plainly(error: Exception) -> Response:
    """The error as pages, feeds and our own API tell it."""
    problem, headers = translate(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    if is_api() or asks_json():
        response = as_json(problem)
    elif wants_page():
        response = as_page(problem, error)
    else:
        response = as_text(problem)
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def translate(error: Exception) -> Answer:
    """What the error means in HTTP."""
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        own_words = type(error).description != error.description
        detail = error.description if own_words and error.description else SENTENCES.get(status, status.description)
        kept = {name: text for name, text in error.get_headers() if name != "Content-Type"}
        return Answer(problem_of(status, detail), kept)
    if isinstance(error, Removed):
        return Answer(problem_of(HTTPStatus.GONE, obituary(error.tombstone), removed=facts(error.tombstone)), {})
    status = status_of(error)
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    is_for_people = isinstance(error, DatastoreError | BadQuery) and not isinstance(error, SettingsError | Unavailable)
    detail = str(error) if is_for_people and str(error) else SENTENCES.get(status, status.description)
    return Answer(problem_of(status, detail, field=field_of(error)), headers)


def field_of(error: Exception) -> str:
    """The part of the request that is wrong."""
    if isinstance(error, BadQuery):
        return error.parameter
    return error.field if isinstance(error, Invalid | Unreadable) else ""


def status_of(error: Exception) -> HTTPStatus:
    """The status for an error of ours. A value in an address that cannot be used is 400, in a body 422."""
    if isinstance(error, Invalid) and request.method in {"GET", "HEAD"}:
        return HTTPStatus.BAD_REQUEST
    return next((status for kind, status in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_of(status: HTTPStatus, detail: str, **more: Any) -> Problem:
    """Problem details with the status' own title."""
    return Problem(type="about:blank", title=status.phrase, status=status, detail=detail, **more)


def facts(tombstone: Tombstone) -> dict[str, Any]:
    """What is still known of a removed entry, for programs."""
    return {
        "id": tombstone.id,
        "iri": tombstone.iri,
        "name": tombstone.name,
        "type": tombstone.kind,
        "title": by_language(tombstone.title),
        "publisher": by_language(tombstone.publisher),
        "date": tombstone.removed.date().isoformat(),
        "reason": tombstone.reason,
    }


def obituary(tombstone: Tombstone) -> str:
    """What is still known of a removed entry, in a sentence."""
    title = tombstone.title[0].value if tombstone.title else tombstone.name
    publisher = f" of {tombstone.publisher[0].value}" if tombstone.publisher else ""
    why = REASONS.get(tombstone.reason, "")
    return f"“{title}”{publisher} was removed on {tombstone.removed.date().isoformat()} ({tombstone.reason}). {why}"


def is_api() -> bool:
    """True under our own REST, and for data in JSON."""
    return request.path.startswith("/api/") or request.path.endswith(".json")


def asks_json() -> bool:
    """True for who reads JSON and no pages, whatever the address."""
    accept = request.accept_mimetypes
    return bool(accept) and not accept.quality("text/html") and accept.quality("application/json") > 0


def wants_page() -> bool:
    """True for an address of a page that is read with something that shows pages."""
    is_data = bool(ENDINGS.search(request.path)) or "ending" in (request.view_args or {}) or any(map(is_at, DATA))
    accept = request.accept_mimetypes
    return not is_data and (not accept or accept.quality("text/html") > 0)


def as_json(problem: Problem) -> Response:
    """Problem details as RFC 9457 has them."""
    return Response(msgspec.json.encode(problem), problem.status, mimetype=PROBLEM)


def as_text(problem: Problem) -> Response:
    """Two lines for whoever reads a feed's answer in a log or a terminal."""
    return Response(f"{problem.title}\n{problem.detail}\n", problem.status, mimetype="text/plain")


def told(problem: Problem, error: Exception) -> str:
    """What is wrong, in the language of the page; empty when there are only English words for it."""
    if isinstance(error, BadValue):
        return gettext(error.sentence, **error.values)
    return gettext(problem.detail) if problem.detail in SENTENCES.values() else ""


def as_page(problem: Problem, error: Exception) -> Response:
    """The page of this status; plain text when there is none, or when the page itself cannot be made."""
    tombstone = error.tombstone if isinstance(error, Removed) else None
    try:
        page = render_template(
            [f"errors/{problem.status}.html", "errors/error.html"],
            problem=problem,
            tombstone=tombstone,
            told=told(problem, error),
        )
    except TemplateNotFound:
        return as_text(problem)
    except Exception as second:
        current_app.logger.error("The error page failed too", exc_info=second)
        return as_text(problem)
    return Response(page, problem.status, mimetype="text/html")
