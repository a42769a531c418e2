"""Redirects to a path of ours: the Host header of the request, which anybody can write, has no part in them."""

from flask import redirect, request
from werkzeug import Response


def see_other(path: str) -> Response:
    """303: what was asked for is described there, in the format and language of this reader (RFC 9110, 15.4.4)."""
    response = redirect(request.script_root + path, 303)
    response.vary.update(["Accept", "Accept-Language"])
    return response


def moved(path: str) -> Response:
    """301: the same thing has another name now, for good."""
    return redirect(request.script_root + path, 301)
