"""Which records of a source are read (`harvesters.options`), as fields of a form: a pattern in each line."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from harvesters.options import FILTERED

from ..wording.words import gettext as _

OPTIONS = ("include", "exclude")
"""The options of a source that these fields fill; the names of the fields begin with them."""


class Filter(NamedTuple):
    """One of the fields."""

    name: str
    words: str
    value: str


def fields(config: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, list[Filter]]:
    """By option: as the source has them, or as they were filled in."""
    return {
        option: [
            Filter(name, words, given.get(name, _written(config.get(option, {}).get(field, []))))
            for field, words in _words().items()
            if (name := f"{option}-{field}")
        ]
        for option in OPTIONS
    }


def changed(config: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The options that a form changes; None for one that nothing is left of."""
    found: dict[str, Any] = {}
    for option in OPTIONS:
        names = {field: f"{option}-{field}" for field in FILTERED}
        if not any(name in given for name in names.values()):
            continue
        said = {field: lines for field, name in names.items() if (lines := _read(given.get(name, "")))}
        was = {field: _read(_written(value)) for field, value in config.get(option, {}).items()}
        if said != was:
            found[option] = said or None
    return found


def _words() -> dict[str, str]:
    return {
        "publisher": _("Publisher"),
        "theme": _("Theme"),
        "keyword": _("Keyword"),
        "title": _("Words of the title"),
        "identifier": _("Identifier"),
    }


def _written(patterns: Any) -> str:
    return "\n".join(map(str, patterns if isinstance(patterns, list) else [patterns]))


def _read(text: str) -> list[str]:
    return [line for line in (line.strip() for line in text.splitlines()) if line]
