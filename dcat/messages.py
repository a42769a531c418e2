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
from .quoting import printable
from .vocab import table

_FILE = re.compile(r"dcat:distribution\[(\d+)\]")
_NUMBER = re.compile(r"\[\d+\]\Z")
_OF_SOME_FILE = {"fr": "{} (fichier)", "nl": "{} (bestand)", "de": "{} (Datei)", "en": "{} (file)"}
_OF_FILE = {"fr": "{} (fichier {})", "nl": "{} (bestand {})", "de": "{} (Datei {})", "en": "{} (file {})"}

_NAMELESS = {"fr": "le champ «\N{NO-BREAK SPACE}{}\N{NO-BREAK SPACE}»", "nl": "het veld ‘{}’", "de": "das Feld „{}“"}
_NAMELESS |= {"en": "the field “{}”"}
_FORMS = {"fr": ("le", "la"), "nl": ("de", "het"), "de": ("der", "die", "das")}
"""Articles, in the order of the forms in braces."""
_ALTERNATIVES = re.compile(r"{([^{}|]*(?:\|[^{}|]*)+)}")


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
    name, (subject, form) = field_name(finding.field, language), _subject(finding.field, language)
    value = printable(finding.value)
    message, fix = (
        _agreeing(text, form).replace("{Field}", subject).replace("{field}", name).replace("{value}", value)
        for text in (rule.message[language], rule.fix[language])
    )
    is_name = ":" in message.partition(" ")[0]  # `dct:license` is written as the standard writes it
    message = message if is_name else message[:1].upper() + message[1:]
    return Explanation(f"{finding.cells}: {message}" if finding.cells else message, fix)


def names_field(rule: str) -> bool:
    """True for a rule whose sentence names the field that it is about."""
    return "{field}" in RULES[rule].message["en"].casefold()


@lru_cache(maxsize=4_096)
def _subject(path: str, language: str) -> tuple[str, int]:
    """A field as the subject of a sentence, with its article, and which of the forms in braces agree with it.

    A field of which we have no such name is spoken of as a field, as is one whose name is a plural.
    """
    known = _names().get(_last(path), {})
    plain = _NAMELESS[language]
    if language == "en":
        return ("the {}" if known.get("fr_the") else plain).format(field_name(path, language)), 0
    whole = known.get(f"{language}_the", "")
    if not whole:
        return plain.format(field_name(path, language)), _FORMS[language].index(plain.partition(" ")[0])
    article = "la" if known["fr_gender"] == "f" and language == "fr" else whole.partition(" ")[0]
    forms = _FORMS[language]
    return _of_file(whole, path, language), forms.index(article) if article in forms else 0


def _agreeing(text: str, form: int) -> str:
    """A sentence with the forms that agree with its subject: `donné{|e}`, `{ihn|sie|es}`."""
    return _ALTERNATIVES.sub(lambda found: found[1].split("|")[form], text)


@cache
def _names() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("field")}


@lru_cache(maxsize=4_096)
def field_name(path: str, language: str) -> str:
    """What people call a field: "publication date" for `dct:issued`, "format (file 2)" for that of the second file,
    "format (file)" for that of whichever file.

    A source's own field keeps its own name.
    """
    last = _last(path)
    known = _names().get(last)
    return _of_file(known[language] if known else last, path, language)


def _last(path: str) -> str:
    """The property at the end of a path; a source's own field as it is."""
    return _NUMBER.sub("", path.rpartition("/")[2] if ":" in path.rpartition("/")[2] else path)


def _of_file(name: str, path: str, language: str) -> str:
    """A field's name with the file whose field it is."""
    if _last(path) == "dcat:distribution" or "dcat:distribution" not in path:
        return name
    file = _FILE.search(path)
    return _OF_FILE[language].format(name, file[1]) if file else _OF_SOME_FILE[language].format(name)
