"""Where nothing is, an old address that an operator listed may be: it leads on."""

from http import HTTPStatus

from flask import Response, request
from werkzeug.urls import iri_to_uri

from catalogue.errors import DatastoreError

from ..current import catalogue, settings


def old_address() -> Response | None:
    """301 to where this address leads; None when it is no old one."""
    if request.method not in {"GET", "HEAD"}:
        return None
    query = request.query_string.decode("latin-1")
    try:
        target = catalogue().old_addresses.target(request.path + (f"?{query}" if query else ""))
    except DatastoreError:  # whoever needs the database says so
        return None
    if not target:
        return None
    there = settings().site_url + target if target.startswith("/") else target
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": iri_to_uri(there)})
