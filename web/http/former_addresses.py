"""Addresses where this portal was before lead to where it is now.

Where it was is read from the store, where it is from the settings: nothing that a request says is ever led to.
"""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from flask import Flask, redirect, request
from werkzeug import Response

from catalogue.errors import DatastoreError

from ..current import catalogue, settings

STAY = ("/healthz", "/readyz", "/metrics")
"""What those ask who look after this very process, under whatever name they know it."""


def register(app: Flask) -> None:
    """Looks at each request that comes under another name than ours, or for a page that there is not."""
    app.before_request(lead_on)


def lead_on() -> Response | None:
    """301 to the same path below the public address; None when the request is to be answered here."""
    here = urlsplit(settings().site_url)
    is_elsewhere = request.host.lower() != here.netloc.lower()
    if request.path in STAY or not (is_elsewhere or request.url_rule is None):
        return None
    for former in _former():
        below = former.path != here.path and former.path and request.path.startswith(f"{former.path}/")
        is_there = request.host.lower() == former.netloc.lower() and former.netloc != here.netloc
        if below or (is_there and not is_internal(former.hostname or "")):
            path = request.path.removeprefix(former.path) if below else request.path
            return _there(path)
    return None


def _former() -> list[SplitResult]:
    try:
        return [urlsplit(url) for url in catalogue().address.former()]
    except DatastoreError:  # whatever needs the database says so; what does not is answered
        return []


def is_internal(host: str) -> bool:
    """True for a name that a server in front may use for us, so that leading on would lead in a circle."""
    try:
        return ip_address(host) is not None
    except ValueError:
        return host == "localhost" or "." not in host


def _there(path: str) -> Response:
    query = request.query_string.decode("latin-1")
    return redirect(settings().site_url + path + (f"?{query}" if query else ""), 301)
