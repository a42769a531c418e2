"""What happened and what to do, in a language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dcat.our_languages import OUR_LANGUAGES

from ..one_line import one_line
from ..sources import why_failed

LONGEST = 300
"""Characters of a fact in a message: some libraries quote whole pages."""


class Said(NamedTuple):
    """A notice in words."""

    subject: str
    happened: str
    todo: str


def said(event: str, facts: Mapping[str, Any], language: str) -> Said:
    """What an event means for people."""
    shown = {name: tidy(value) for name, value in facts.items()}
    code, error = str(facts.get("error_code", "")), str(facts.get("error", ""))
    shown["why"] = why_failed.words(code, error, language) or "–"
    return Said(*(template(event, part, language).format(**shown) for part in Said._fields))


def in_all_languages(event: str, facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The same by part and language, for programs."""
    told = {language: said(event, facts, language) for language in OUR_LANGUAGES}
    return {part: {language: getattr(told[language], part) for language in told} for part in Said._fields}


def template(event: str, part: str, language: str) -> str:
    """The words themselves."""
    return _words()[event][part][language]


def tidy(value: object) -> str:
    """A fact as text on one line: what a source calls itself begins no header field of a mail."""
    text = one_line(str(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
