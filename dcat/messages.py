"""What findings say to a producer, in every language of the portal, and what fields are called there.

The texts are kept in `tables/findings.toml` and `tables/field.csv`, where they can be read and translated side by side.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from .findings import Finding, Rule, Severity
from .our_languages import OUR_LANGUAGES
from .vocab import table

_FILE = re.compile(r"dcat:distribution\[(\d+)\]")
_NUMBER = re.compile(r"\[\d+\]\Z")
_OF_SOME_FILE = {"fr": "{} (fichier)", "nl": "{} (bestand)", "de": "{} (Datei)", "en": "{} (file)"}
_OF_FILE = {"fr": "{} (fichier {})", "nl": "{} (bestand {})", "de": "{} (Datei {})", "en": "{} (file {})"}


class Explanation(NamedTuple):
    """A finding in one language."""

    message: str
    """What is the matter."""
    fix: str
    """What can be done."""


class _Rules(Mapping[str, Rule]):
    """The rules by their key, read when first asked for."""

    def __getitem__(self, key: str) -> Rule:
        return _rules()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_rules())

    def __len__(self) -> int:
        return len(_rules())


RULES: Mapping[str, Rule] = _Rules()
"""Every kind of finding, by the key that `Finding.rule` holds."""


@cache
def _rules() -> dict[str, Rule]:
    document = tomllib.loads(files(__package__).joinpath("tables", "findings.toml").read_text("utf-8"))
    fixes: dict[str, dict[str, str]] = document["fix"]
    return {key: _rule(entry, fixes[entry["fix"]]) for key, entry in document["rule"].items()}


def _rule(entry: dict[str, Any], fix: dict[str, str]) -> Rule:
    return Rule(
        severity=Severity(entry["severity"]),
        section=entry["section"],
        message={language: entry[language] for language in OUR_LANGUAGES},
        fix=fix,
        trace_only=entry.get("trace", False),
    )


def explain(finding: Finding, language: str) -> Explanation:
    """What a finding says in a language, in English when that is not one of ours; in a table with the cells first."""
    rule = RULES[finding.rule]
    language = language if language in OUR_LANGUAGES else "en"
    name = field_name(finding.field, language)
    message, fix = (
        text.replace("{field}", name).replace("{value}", finding.value)
        for text in (rule.message[language], rule.fix[language])
    )
    is_name = ":" in message.partition(" ")[0]  # `dct:license` is written as the standard writes it
    message = message if is_name else message[:1].upper() + message[1:]
    return Explanation(f"{finding.cells}: {message}" if finding.cells else message, fix)


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("field")}


@lru_cache(maxsize=4_096)
def field_name(path: str, language: str) -> str:
    """What people call a field: "publication date" for `dct:issued`, "format (file 2)" for that of the second file,
    "format (file)" for that of whichever file.

    A source's own field keeps its own name.
    """
    last = _NUMBER.sub("", path.rpartition("/")[2] if ":" in path.rpartition("/")[2] else path)
    known = _names().get(last)
    name = known[language] if known else last
    if last == "dcat:distribution" or "dcat:distribution" not in path:
        return name
    file = _FILE.search(path)
    return _OF_FILE[language].format(name, file[1]) if file else _OF_SOME_FILE[language].format(name)
