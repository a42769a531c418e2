"""One call of an action: its parameters in, CKAN's envelope out, whatever happens."""

import re
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed

from catalogue.audit import acting
from catalogue.errors import Invalid as Unusable
from catalogue.errors import NotFound
from catalogue.search.base import BadQuery, SearchUnavailable

from ..api.auth import authorise, visitor
from ..current import absolute
from ..errors import translate
from ..feeds.entry_documents import json_document
from ..http.caching import cached
from . import harvested, harvesting
from .actions import ACTIONS
from .parameters import Invalid, Parameters
from .producing import PRODUCING
from .queries import Unsupported

LARGEST = 1024 * 1024
"""Bytes of a call: it names what it wants."""
PARTS = ("limit", "offset", "rows", "start", "page", "page_size", "per_page")
"""Which part of a list is wanted: who pages by one that an action does not read would get the first part for ever."""
FUNCTION = re.compile(r"[A-Za-z_$][\w$]{0,99}(?:\.[A-Za-z_$][\w$]{0,99}){0,9}", re.ASCII)
"""What a script may call the function that takes an answer."""

KINDS: dict[int, str] = {
    HTTPStatus.NOT_FOUND: "Not Found Error",
    HTTPStatus.FORBIDDEN: "Authorization Error",
    HTTPStatus.CONFLICT: "Validation Error",
}
"""What CKAN calls a status."""
FIELDS = {"kind": "source_type", "schedule": "frequency"}
"""What CKAN calls a field of ours."""


OF_NOW = {one.__name__ for one in (*harvesting.ALL, *harvested.ALL)}
"""Actions whose answers change without the catalogue."""
CLOCK = b"NOW"
"""What a question has in it whose answer changes with the time of day."""


class UnknownAction(LookupError):
    """No action has that name."""


def call(action: str) -> ResponseReturnValue:
    """`/api/3/action/{name}`, by GET with a query string or by POST with JSON or a form."""
    action = action.rstrip("/")
    if action in PRODUCING:
        return written(action)
    if request.method == "POST":
        return answered(action, posted())
    return of_now(action) if action in OF_NOW or CLOCK in request.query_string else read(action)


def of_now(action: str) -> ResponseReturnValue:
    """A call by GET about what goes on while the catalogue stays as it is; what a key shows is nobody else's."""
    response = for_scripts(answered(action, by_name(request.args)))
    response.headers["Cache-Control"] = "no-store" if visitor() else "no-cache"
    return response


@cached()
def read(action: str) -> ResponseReturnValue:
    """A call by GET, which caches may keep."""
    return for_scripts(answered(action, by_name(request.args)))


def by_name(given: MultiDict[str, str]) -> dict[str, Any]:
    """The parameters of a query string or a form; what is given more than once is a list."""
    return {name: values if len(values) > 1 else values[0] for name, values in given.lists()}


def for_scripts(response: Response) -> Response:
    """The answer as a script that calls a function with it (JSONP), where `callback` names one. Raises `Invalid`."""
    function = request.args.get("callback", "")
    if not function:
        return response
    if not FUNCTION.fullmatch(function):
        raise Invalid("callback", "callback must be the name of a function.")
    response.set_data(b"/**/%b(%b);" % (function.encode(), response.get_data()))
    response.mimetype = "text/javascript"
    return response


def answered(action: str, given: dict[str, Any]) -> Response:
    """The envelope around what an action gives."""
    if action not in ACTIONS:
        raise UnknownAction(
            f"Action name not known: {action[:100]}. Known: {', '.join(sorted({*ACTIONS, *PRODUCING}))}."
        )
    parameters = Parameters(given)
    result = ACTIONS[action](parameters)
    if unread := parameters.unread(PARTS):
        raise Unsupported(f"Invalid parameter: {unread} is not read by {action}; see `help_show`.")
    return json_document({"help": help_address(action), "success": True, "result": result})


def written(action: str) -> Response:
    """What a producer changes, with a key that may harvest. By GET nothing is changed."""
    if request.method != "POST":
        raise MethodNotAllowed(["POST"], "This action changes something: call it by POST.")
    token = authorise("harvest")
    with acting(f"key {token.prefix}…"):
        result = PRODUCING[action](token, Parameters(posted()))
    response = json_document({"help": help_address(action), "success": True, "result": result})
    response.headers["Cache-Control"] = "no-store"
    return response


def posted() -> dict[str, Any]:
    """The parameters in the body of a POST. Raises `Invalid` for what is no JSON object."""
    if (request.content_length or 0) > LARGEST:
        raise Invalid("data", f"A call has at most {LARGEST} bytes.")
    body = request.get_data().strip()
    if not body:
        return by_name(request.args)
    if body[:3].upper() == b"%7B":
        body = unquote_plus(body.decode(errors="replace")).encode()
    if not body.startswith(b"{") and request.form:  # curl calls JSON a form, unless it is told what it is
        return by_name(request.form)
    try:
        given = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid("data", "The body must be a JSON object with the parameters of the action.")
    return given


def version() -> ResponseReturnValue:
    """`/api/3`: which version of the API this is."""
    return json_document({"version": 3})


def refused(error: Exception) -> Response:
    """Any error in CKAN's form."""
    kind, status, said = told(error)
    headers = translate(error).headers
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    action = (request.view_args or {}).get("action", "")
    body = {"help": help_address(action), "success": False, "error": {"__type": kind, **said}}
    response = json_document(body)
    response.status_code = status
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def told(error: Exception) -> tuple[str, int, dict[str, Any]]:
    """CKAN's name for an error, its status, and what is said."""
    if isinstance(error, NotFound):
        return "Not Found Error", HTTPStatus.NOT_FOUND, {"message": f"Not found: {error}"}
    if isinstance(error, Invalid | Unusable):
        field = FIELDS.get(error.field, error.field) or "data"
        return "Validation Error", HTTPStatus.CONFLICT, {field: [str(error)], "message": str(error)}
    if isinstance(error, BadQuery | Unsupported):
        return "Search Query Error", HTTPStatus.BAD_REQUEST, {"message": str(error)}
    if isinstance(error, UnknownAction):
        return "Bad Request", HTTPStatus.BAD_REQUEST, {"message": f"Bad request - {error.args[0]}"}
    problem = translate(error).problem
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return "Authorization Error", HTTPStatus.FORBIDDEN, {"message": f"Access denied: {problem.detail}"}
    kind = "Search Error" if isinstance(error, SearchUnavailable) else KINDS.get(problem.status, problem.title)
    return kind, problem.status, {"message": problem.detail}


def help_address(action: str) -> str:
    """Where an action is explained."""
    known = action in ACTIONS or action in PRODUCING
    return absolute(f"/api/3/action/help_show?name={action}") if known else absolute("/en/developers")
