"""Our own REST at `/api/1/`. Routes and OpenAPI document both come from `OPERATIONS`.

No operation has logic of its own: what it does, the command line can do too."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from catalogue.audit import acting

from ..current import settings
from ..feeds.entry_documents import json_document
from ..http import slices
from ..http.caching import cached
from . import (
    audit,
    changes,
    columns,
    duplicates,
    files,
    harvest,
    held,
    hooks,
    item,
    openapi,
    push,
    questions,
    reading,
    rehearsing,
    reuses,
    validate,
    withdrawn,
)
from .auth import authorise
from .operations import Operation


def begin() -> ResponseReturnValue:
    """Whoever types the beginning of all addresses gets what says the others."""
    return redirect(url_for("api.describe"), HTTPStatus.SEE_OTHER)


@cached()
def describe() -> Response:
    """This description of the API (OpenAPI 3.1)."""
    return json_document(openapi.document(OPERATIONS, settings().site_url, settings().title))


OPERATIONS: tuple[Operation, ...] = (
    *reading.OPERATIONS,
    *files.OPERATIONS,
    *columns.OPERATIONS,
    *changes.OPERATIONS,
    *duplicates.OPERATIONS,
    *harvest.OPERATIONS,
    *rehearsing.OPERATIONS,
    *held.OPERATIONS,
    *item.OPERATIONS,
    *push.OPERATIONS,
    *withdrawn.OPERATIONS,
    *validate.OPERATIONS,
    *questions.OPERATIONS,
    *reuses.OPERATIONS,
    *hooks.OPERATIONS,
    *audit.OPERATIONS,
    Operation("GET", "/api/1/openapi.json", describe, "The description of this API", answers={200: dict[str, Any]}),
)
"""Everything that `/api/1/` can do."""


def register(app: Flask) -> None:
    """Adds the API to the application."""
    api = Blueprint("api", __name__)
    for one in OPERATIONS:
        api.add_url_rule(one.rule, one.name, guarded(one), methods=[one.method], strict_slashes=False)
    api.add_url_rule("/api/1", "begin", begin, strict_slashes=False)
    app.register_blueprint(api)
    slices.take(app, {f"api.{one.name}": [each.name for each in one.parameters] for one in OPERATIONS})


def guarded(one: Operation) -> Callable[..., ResponseReturnValue]:
    """The view, asked only with a key that may: it gets the token as its first argument."""
    if not one.scope:
        return one.view

    @wraps(one.view)
    def view(**steps: str) -> ResponseReturnValue:
        token = authorise(one.scope)
        with acting(f"key {token.prefix}…"):
            return one.view(token, **steps)

    return view
