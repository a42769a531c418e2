"""Changing a source of one's own by a form: its title, its address, when it is read, what lets us in, what is agreed
with it, which of its records are read, and the options of its kind."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import UNSET

from catalogue.sources.editing import Change

from ..api.auth import own_source
from ..current import catalogue
from ..wording.words import gettext as _
from . import agreed_fields, filter_fields, option_fields, secret_fields
from .door import asked, producer, typed


def show(name: str) -> ResponseReturnValue:
    """The form: as the source is, or as it was filled in."""
    source = own_source(producer(), name)
    given: Mapping[str, str] = request.form if typed() else {}
    return render_template(
        "producers/change.html",
        source=source,
        given={one: given.get(one, getattr(source, one)) for one in ("title", "url", "schedule")},
        rhythms=rhythms(given.get("schedule", source.schedule)),
        fields=option_fields.fields(source, given),
        agreed=agreed_fields.fields(source.config, given),
        filters=filter_fields.fields(source.config, given),
        secret_forms=secret_fields.forms(source.credentials),
        secret=(given.get(secret_fields.FORM, ""), given.get(secret_fields.NAME, "")),
        is_open={name for name in ("defaults", "overrides", "include", "exclude") if source.config.get(name)},
    )


def act(name: str) -> ResponseReturnValue:
    """Changes what differs, or tries all of the source with it."""
    source = own_source(producer(), name)
    form = request.form
    texts = {one: form[one].strip() for one in ("title", "url", "schedule") if one in form}
    changed: dict[str, Any] = {one: value for one, value in texts.items() if value != getattr(source, one)}
    config = option_fields.changed(source)
    config |= agreed_fields.changed(source.config, form) | filter_fields.changed(source.config, form)
    change = Change(**changed, config=config or UNSET, credentials=secret_fields.read(form))
    if asked() == "try":
        catalogue().rehearsals.request(name, change)
        return make_response(redirect(url_for("producers.trial", name=name), HTTPStatus.SEE_OTHER))
    catalogue().sources.edit(name, change, by_producer=True)
    return make_response(redirect(url_for("producers.source", name=name), HTTPStatus.SEE_OTHER))


def rhythms(current: str) -> list[tuple[str, str]]:
    """When a source can be read: the schedule and its words; what it has now is among them."""
    known = [
        ("", _("Only when somebody asks")),
        ("0 * * * *", _("Every hour")),
        ("0 3 * * *", _("Every night")),
        ("0 3 * * 1", _("Every week, on Monday")),
        ("0 3 1 * *", _("Every month, on the first")),
    ]
    return known if current in dict(known) else [*known, (current, current)]
