"""Where nothing is, what was asked for may be elsewhere: where an operator says that it went, or below a language."""

import re
from http import HTTPStatus

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.urls import iri_to_uri

from catalogue.errors import DatastoreError

from ..current import catalogue, settings
from . import negotiate


def elsewhere() -> Response | None:
    """The redirect to where what was asked for is; None when it is nowhere."""
    if request.method not in {"GET", "HEAD"}:
        return None
    return _old_address() or _page_of_a_language() or _page_below_a_language()


def _old_address() -> Response | None:
    """301 to where this address leads; None when it is no old one."""
    try:
        target = catalogue().old_addresses.target(request.path + _query())
    except DatastoreError:  # whoever needs the database says so
        return None
    if not target:
        return None
    there = settings().site_url + target if target.startswith("/") else target
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": iri_to_uri(there)})


def _page_of_a_language() -> Response | None:
    """301 to a page whose language was written otherwise (`/FR/search`, `/nl-BE/`); None when there is none."""
    first, _, rest = request.path.removeprefix("/").partition("/")
    ours = re.split("[-_]", first.lower())[0]
    if ours == first or ours not in settings().languages or not _is_page(path := f"/{ours}/{rest}"):
        return None
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": _here(path)})


def _page_below_a_language() -> Response | None:
    """303 to a page whose language was left out (`/search?q=trees`), in the reader's; None when there is none."""
    path = f"/{negotiate.language()}{request.path}"
    if request.url_rule is not None or not _is_page(path):  # something is here, and lacks what it was asked for
        return None
    return Response(status=HTTPStatus.SEE_OTHER, headers={"Location": _here(path), "Vary": "Accept-Language"})


def _is_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.match(path)[0].startswith("pages.")
    except HTTPException:
        return False


def _here(path: str) -> str:
    return iri_to_uri(f"{request.script_root}{path}{_query()}")


def _query() -> str:
    query = request.query_string.decode("latin-1")
    return f"?{query}" if query else ""
