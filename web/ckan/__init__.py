"""CKAN's action API, as its clients speak it: packages, organisations, groups and tags are views of our entries.

A door only translates: what it cannot express is refused in CKAN's own form, never ignored.
https://docs.ckan.org/en/2.11/api/#action-api-reference
"""

from flask import Blueprint, Flask

from .. import errors
from ..http import slices
from . import addresses, calls

ADDRESSES = ("/api/3/action/<path:action>", "/api/action/<path:action>")
"""ckanapi asks the second; neither ever redirects, since it does not follow a redirect of a POST."""


def register(app: Flask) -> None:
    """Adds the actions to the application, and the addresses of CKAN's pages."""
    addresses.register(app)
    ckan = Blueprint("ckan", __name__)
    for number, rule in enumerate(ADDRESSES):
        ckan.add_url_rule(rule, f"action{number or ''}", calls.call, methods=["GET", "POST"], strict_slashes=False)
    for number, rule in enumerate(("/api/3", "/api/action", "/api/3/action")):
        ckan.add_url_rule(rule, f"version{number or ''}", calls.version, strict_slashes=False)
    app.register_blueprint(ckan)
    for path in ("/api/3", "/api/action"):
        errors.speaks(app, path, calls.refused)
    taken = (*slices.NAMES, *slices.PAGES, *slices.OTHERS)
    slices.take(app, {f"ckan.action{number or ''}": taken for number, _ in enumerate(ADDRESSES)})
