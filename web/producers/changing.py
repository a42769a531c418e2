"""Changing a source of one's own by a form: its title, its address, when it is read, and the options of its kind."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import UNSET

from catalogue.errors import Invalid
from catalogue.sources.editing import Change
from catalogue.store.rows import SourceRow
from harvesters.options import Option

from ..api.auth import own_source
from ..current import catalogue
from ..wording.words import gettext as _
from .door import asked, producer, typed

OPTION = "option-"
"""What the name of an option's field begins with."""
EASY = (int, float, str, bool, list)
"""The types of options that a form can hold: the others are for programs."""


class Field(NamedTuple):
    """An option as a field of the form."""

    option: Option
    name: str
    value: str
    is_switch: bool
    is_on: bool


def show(name: str) -> ResponseReturnValue:
    """The form: as the source is, or as it was filled in."""
    source = own_source(producer(), name)
    given: Mapping[str, str] = request.form if typed() else {}
    return render_template(
        "producers/change.html",
        source=source,
        given={one: given.get(one, getattr(source, one)) for one in ("title", "url", "schedule")},
        rhythms=rhythms(given.get("schedule", source.schedule)),
        fields=[field(option, source, given) for option in options(source)],
    )


def act(name: str) -> ResponseReturnValue:
    """Changes what differs, or tries all of the source with it."""
    source = own_source(producer(), name)
    form = request.form
    texts = {one: form[one].strip() for one in ("title", "url", "schedule") if one in form}
    changed: dict[str, Any] = {one: value for one, value in texts.items() if value != getattr(source, one)}
    config = {option.name: read(option) for option in options(source) if is_changed(option, source)}
    change = Change(**changed, config=config or UNSET)
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


# --- options of the kind ---------------------------------------------------------------------------------------------


def options(source: SourceRow) -> list[Option]:
    """Those that a form can hold."""
    harvester = catalogue().harvesters.get(source.kind)
    return [option for option in harvester.all_options if option.type in EASY] if harvester else []


def field(option: Option, source: SourceRow, given: Mapping[str, str]) -> Field:
    """An option with what it is now, or what was filled in."""
    name, value = OPTION + option.name, source.config.get(option.name, option.default)
    is_on = name in given if given else bool(value)
    return Field(option, name, given.get(name, written(value)), option.type is bool, is_on)


def written(value: Any) -> str:
    """A value as a field holds it: a list by commas."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def is_changed(option: Option, source: SourceRow) -> bool:
    """True when the field says something else than what counts now."""
    return written(read(option)) != written(source.config.get(option.name, option.default))


def read(option: Option) -> Any:
    """What a field says; None, which puts an option back to its default, for an empty one. Raises `Invalid`."""
    text = request.form.get(OPTION + option.name, "").strip()
    if option.type is bool:
        return bool(text)
    if not text:
        return None
    if option.type is list:
        return [part for part in (part.strip() for part in text.split(",")) if part]
    try:
        return option.type(text)
    except ValueError as error:
        raise Invalid(f"{option.name} must be a number, not {text[:40]!r}.", "config") from error
