"""Registering a source by a form: any page of a portal is enough, and what it belongs to is found out and asked."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import UNSET

from catalogue.checking.finding_out import find_out
from catalogue.errors import Invalid, Unreadable

from ..current import catalogue, settings
from ..http import trial as a_check
from ..wording import labels
from . import secret_fields
from .changing import rhythms
from .door import asked, producer, typed


def show(found: Mapping[str, str] | None = None, why: str = "") -> ResponseReturnValue:
    """The form: empty, as it was filled in, or with what was found out."""
    given = {**(request.form if typed() else {}), **(found or {})}
    return render_template(
        "producers/new.html",
        given=given,
        found=found,
        why=why,
        kinds=sorted(((kind, labels.kind(kind)) for kind in catalogue().harvesters), key=lambda one: one[1].lower()),
        rhythms=rhythms(given.get("schedule", "0 3 * * *")),
        secret_forms=secret_fields.forms(),
        secret=(given.get(secret_fields.FORM, ""), given.get(secret_fields.NAME, "")),
    )


def act() -> ResponseReturnValue:
    """Finds out what an address is, or registers what was found or is known."""
    kind, url = request.form.get("kind", ""), request.form.get("url", "").strip()
    credentials = secret_fields.read(request.form)
    secret = None if credentials is UNSET else credentials
    if asked() == "add" and not kind:
        return look(url, secret)
    if asked() != "add":
        raise Invalid("Register the source.", "do")
    row = catalogue().sources.add(
        url,
        kind,
        title=request.form.get("title", ""),
        publisher=producer().publisher,
        schedule=request.form.get("schedule", ""),
        config=config_of(request.form.get("config", "")),
        credentials=secret,
        by_producer=True,
    )
    return make_response(redirect(url_for("producers.source", name=row.name), HTTPStatus.SEE_OTHER))


def look(url: str, secret: dict[str, Any] | None) -> ResponseReturnValue:
    """The form with what an address was found to be. Raises `Invalid` with what is there instead."""
    try:
        with a_check.turn():
            found = find_out(url, settings(), catalogue().harvesters, secret)
    except Unreadable as error:
        raise Invalid(str(error), "url") from error
    return show({"kind": found.kind, "url": found.url, "config": json.dumps(found.config)}, found.why)


def config_of(text: str) -> dict[str, Any]:
    """The options that were found out, as our own form sends them back. Raises `Invalid`."""
    try:
        value = json.loads(text or "{}")
    except ValueError as error:
        raise Invalid("The options are not JSON.", "config") from error
    if not isinstance(value, dict):
        raise Invalid("The options are no JSON object.", "config")
    return value
