"""`/mcp`: the tools of `catalogue.assistant` over HTTP, each message by itself: the stateless form of
https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http.

There are no sessions and nothing is ever pushed, so there is no stream to listen to either (405).
"""

from http import HTTPStatus

import msgspec
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from catalogue import assistant

from . import errors
from .current import catalogue

INVALID_REQUEST, INTERNAL_ERROR = -32600, -32603


def register(app: Flask) -> None:
    """Adds the door to the application."""
    mcp = Blueprint("mcp", __name__)
    mcp.add_url_rule("/mcp", view_func=message, methods=["POST"], strict_slashes=False)
    app.register_blueprint(mcp)
    errors.speaks(app, "/mcp", refused)


def message() -> Response:
    """One message; 202 for one that wants no answer. Raises `BadRequest`, `RequestEntityTooLarge`."""
    version = request.headers.get("MCP-Protocol-Version", assistant.VERSIONS[0])
    if version not in assistant.VERSIONS:
        raise BadRequest(f"MCP-Protocol-Version must be one of {', '.join(assistant.VERSIONS)}, not {version[:40]!r}.")
    body = request.get_data(cache=False) if (request.content_length or 0) <= assistant.LARGEST else b""
    if not 0 < len(body) <= assistant.LARGEST:
        raise RequestEntityTooLarge(f"A message has from 1 to {assistant.LARGEST} bytes.")
    said = assistant.answer(catalogue(), body)
    response = Response(said or b"", HTTPStatus.OK if said else HTTPStatus.ACCEPTED, mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def refused(error: Exception) -> Response:
    """An error of HTTP in the form of the protocol."""
    problem, headers = errors.translate(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    code = INVALID_REQUEST if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR else INTERNAL_ERROR
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": problem.detail}}
    response = Response(msgspec.json.encode(body), problem.status, mimetype="application/json")
    response.headers.update(headers | {"Cache-Control": "no-store"})
    return response
