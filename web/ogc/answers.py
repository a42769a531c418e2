"""How the door answers: JSON of its own media types, and problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import msgspec
from flask import Response, current_app, request

from catalogue.search.base import BadQuery

from ..current import absolute
from ..errors import as_json, problem_of, translate
from ..finding.tree import Unsupported
from ..http import negotiate

JSON, GEOJSON = "application/json", "application/geo+json"
SCHEMA, OPENAPI = "application/schema+json", "application/vnd.oai.openapi+json;version=3.0"

Json = dict[str, Any]


def answer(body: Json, media_type: str, *parameters: str) -> Response:
    """A document. `parameters`: those that this address takes besides `f`. Raises `Unsupported` for others, and 406 for
    a client that takes no JSON."""
    check(*parameters)
    negotiate.media_type((media_type.partition(";")[0], JSON))
    response = Response(msgspec.json.encode(body))
    response.headers["Content-Type"] = media_type
    response.vary.add("Accept")
    return response


def check(*parameters: str) -> None:
    """Raises `Unsupported` for a parameter that this address does not take, or takes once and is given more often."""
    known = ("f", *parameters)
    for name, values in request.args.lists():
        if name not in known:
            raise Unsupported(f"{name[:60]} is not a parameter here. There are {', '.join(known)}.", name[:60])
        if len(values) > 1:
            raise Unsupported(f"{name} is given once; several values stand in it with commas between them.", name)
    if request.args.get("f", "json") not in {"json", "geojson"}:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.", "f", known="json", value=request.args["f"][:40]
        )


def link(path: str, relation: str, media_type: str = JSON, title: str = "") -> Json:
    """A link to an address of ours, or elsewhere."""
    href = path if "://" in path else absolute(path)
    said = {"rel": relation, "type": media_type, "title": title, "href": href}
    return {name: text for name, text in said.items() if text}


def refused(error: Exception) -> Response:
    """Any error as problem details."""
    if isinstance(error, Unsupported):
        problem = problem_of(HTTPStatus.BAD_REQUEST, str(error), field=error.parameter or "filter")
        headers = dict[str, str]()
    else:
        problem, headers = translate(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    response = as_json(problem)
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-store"
    return response
