"""One request: its arguments in, an answer of the protocol out, whatever happens."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.search.base import BadQuery

from ..current import absolute
from ..errors import translate
from ..http.caching import Moment, cached
from ..xml import tree
from ..xml.tree import Element
from .dates import stamp
from .refusal import Refusal
from .verbs import VERBS

LARGEST = 64 * 1024
"""Bytes of a request by POST."""
_SCHEMAS = ("http://www.openarchives.org/OAI/2.0/", "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")


def call() -> ResponseReturnValue:
    """`/oai`, by GET with a query string or by POST with a form."""
    return answered(posted()) if request.method == "POST" else read()


@cached(moment=Moment(b"<responseDate>", b"<"))
def read() -> ResponseReturnValue:
    """A request by GET, which caches may keep."""
    return answered(list(request.args.items(multi=True)))


def posted() -> list[tuple[str, str]]:
    """The arguments of a POST. Raises `Refusal`."""
    if (request.content_length or 0) > LARGEST:
        raise Refusal("badArgument", f"A request has at most {LARGEST} bytes.")
    if request.mimetype not in {"", "application/x-www-form-urlencoded"}:
        raise Refusal("badArgument", "The body must be a form (application/x-www-form-urlencoded).")
    return list(request.form.items(multi=True))


def answered(given: list[tuple[str, str]]) -> Response:
    """What a verb answers. Raises `Refusal`."""
    names = [name for name, _ in given]
    arguments = dict(given)
    verb = arguments.pop("verb", "")
    if verb not in VERBS or names.count("verb") > 1:
        raise Refusal("badVerb", f"verb must be one of {', '.join(VERBS)}, and given once.")
    if doubled := {name for name in names if names.count(name) > 1}:
        raise Refusal("badArgument", f"Given more than once: {', '.join(sorted(doubled))[:200]}.")
    VERBS[verb].check(arguments)
    top = envelope({"verb": verb, **arguments})
    try:
        written = VERBS[verb].answer(tree.add(top, f"oai:{verb}"), arguments)
    except Refusal as refusal:
        return as_xml(with_error(envelope({"verb": verb, **arguments}), refusal.code, str(refusal)))
    return as_xml(top, written or ())


def envelope(arguments: dict[str, str]) -> Element:
    """The root of an answer with the moment and the request."""
    top = tree.root("oai:OAI-PMH", schemas=_SCHEMAS, is_bare=True)
    tree.add(top, "oai:responseDate", stamp(clock.now()))
    tree.add(top, "oai:request", absolute("/oai"), **arguments)
    return top


def with_error(top: Element, code: str, sentence: str) -> Element:
    """The answer with an error in it."""
    tree.add(top, "oai:error", sentence, code=code)
    return top


def as_xml(top: Element, written: Sequence[bytes] = (), status: int = HTTPStatus.OK) -> Response:
    """The answer as a document."""
    return Response(tree.document(top, written), status, mimetype="text/xml")


def refused(error: Exception) -> Response:
    """Any error in the protocol's form: what is wrong with a request is 200 there, what is wrong with HTTP keeps its
    status. The arguments are not repeated, as nobody knows what they are."""
    code, status, sentence, headers = told(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    response = as_xml(with_error(envelope({}), code, sentence), status=status)
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-cache"
    return response


def told(error: Exception) -> tuple[str, int, str, dict[str, str]]:
    """The protocol's code for an error, its status, what is said, and headers."""
    if isinstance(error, Refusal):
        return error.code, HTTPStatus.OK, str(error), {}
    if isinstance(error, BadQuery):
        return "badArgument", HTTPStatus.OK, str(error), {}
    problem, headers = translate(error)
    code = "badVerb" if problem.status == HTTPStatus.METHOD_NOT_ALLOWED else "badArgument"
    return code, problem.status, problem.detail, headers
