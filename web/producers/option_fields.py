"""The options of a kind of source as fields of a form: those that a form can hold, each in one field."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request

from catalogue.errors import Invalid
from catalogue.store.rows import SourceRow
from harvesters.options import Option

from ..current import catalogue

OPTION = "option-"
"""What the name of an option's field begins with."""
EASY = (int, float, str, bool, list)
"""The types of options that a form can hold: the others have forms of their own, or are for programs."""
ELSEWHERE = {"license"}
"""Options that are asked for with what is agreed."""


class Field(NamedTuple):
    """An option as a field of the form."""

    option: Option
    name: str
    value: str
    is_switch: bool
    is_on: bool


def fields(source: SourceRow, given: Mapping[str, str]) -> list[Field]:
    """All of them: as the source has them, or as they were filled in."""
    return [field(option, source, given) for option in options(source)]


def changed(source: SourceRow) -> dict[str, Any]:
    """The options that the form changes; None for one that goes back to its default."""
    return {option.name: read(option) for option in options(source) if is_changed(option, source)}


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
