"""What is agreed with a source besides its records (`dcat.normalise.agreed`), as fields of a form: a value, and whether
it stands where a record says nothing, or whatever a record says.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dcat.normalise.agreed import NAMES
from dcat.vocab import FREQUENCIES, LICENCES, THEMES, Vocabulary, label

from ..wording.words import gettext as _
from ..wording.words import language

DEFAULTS, OVERRIDES = "defaults", "overrides"
"""The options of a source that these fields fill."""
AGREED, ALWAYS = "agreed-", "always-"
"""What the names of the fields begin with: the value, and the switch beside it."""
LICENCES_SHOWN = ("CC0", "CC_BY_4_0", "CC_BYSA_4_0", "ODC_BL", "ODC_BY", "ODC_PDDL")
FREQUENCIES_SHOWN = ("CONT", "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL", "IRREG", "NEVER")
"""Those that nearly everybody means; what a source has besides is shown with them."""


class Agreed(NamedTuple):
    """One of the fields."""

    field: str
    words: str
    value: str
    """As it is written in the field."""
    hint: str
    choices: tuple[tuple[str, str], ...]
    """Values to choose from, with their words; none for a text."""
    is_always: bool


def fields(config: Mapping[str, Any], given: Mapping[str, str]) -> list[Agreed]:
    """All of them: as the source has them, or as they were filled in."""
    now = {name: _named(config.get(name, {})) for name in (DEFAULTS, OVERRIDES)}
    found = []
    for field, (words, hint) in _words().items():
        always = field in now[OVERRIDES]
        value = _written(now[OVERRIDES if always else DEFAULTS].get(field, ""))
        value = given.get(AGREED + field, value) if given else value
        is_always = ALWAYS + field in given if given else always
        found.append(Agreed(field, words, value, hint, _choices(field, value), is_always))
    return found


def changed(config: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The options that a form changes; None for one that nothing is left of."""
    if not any(name.startswith(AGREED) for name in given):
        return {}
    said: dict[str, dict[str, Any]] = {DEFAULTS: {}, OVERRIDES: {}}
    for field in _words():
        if value := _read(field, given.get(AGREED + field, "")):
            said[OVERRIDES if ALWAYS + field in given else DEFAULTS][field] = value
    was = {
        name: {field: _read(field, _written(value)) for field, value in _named(config.get(name, {})).items()}
        for name in said
    }
    was[DEFAULTS] = {field: value for field, value in was[DEFAULTS].items() if field not in was[OVERRIDES]}
    return {name: values or None for name, values in said.items() if values != was[name]}


def _words() -> dict[str, tuple[str, str]]:
    """What each field is called, and what helps to fill it in."""
    commas, tagged = _("Several with commas between."), _("Say the language after @, as in arbres@fr.")
    return {
        "publisher": (_("Publisher"), ""),
        "contact": (_("Contact"), _("A mail address, or the address of a page.")),
        "license": (_("Licence"), ""),
        "frequency": (_("How often the data is updated"), ""),
        "theme": (_("Themes"), f"{commas} {_codes(THEMES)}"),
        "keyword": (_("Keywords"), f"{commas} {tagged}"),
        "language": (_("Languages of the data"), f"{commas} fr, nl, de, en"),
    }


def _codes(vocabulary: Vocabulary) -> str:
    return ", ".join(
        f"{code}\N{NO-BREAK SPACE}({label(term, language())})" for code, term in vocabulary.by_code.items()
    )


def _choices(field: str, value: str) -> tuple[tuple[str, str], ...]:
    known = {"license": (LICENCES, LICENCES_SHOWN), "frequency": (FREQUENCIES, FREQUENCIES_SHOWN)}.get(field)
    if known is None:
        return ()
    vocabulary, codes = known
    terms = [(code, label(vocabulary.by_code[code], language())) for code in codes if code in vocabulary.by_code]
    own = [] if value in {"", *dict(terms)} else [(value, value)]
    return (("", _("nothing agreed")), *terms, *own)


def _named(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is agreed, under the names of the fields."""
    return {NAMES.get(name, name): value for name, value in said.items()}


def _written(value: Any) -> str:
    """A value as the field holds it."""
    if isinstance(value, Mapping):  # keywords by language
        return ", ".join(f"{word}@{tag}" if tag else word for tag, words in value.items() for word in _listed(words))
    return ", ".join(map(str, _listed(value)))


def _read(field: str, text: str) -> Any:
    """What a field says; empty when it says nothing."""
    if field not in {"theme", "keyword", "language"}:
        return text.strip()
    values = [part for part in (part.strip() for part in text.split(",")) if part]
    return _by_language(values) if field == "keyword" else values


def _by_language(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in words:
        word, _at, tag = each.rpartition("@") if "@" in each else (each, "", "")
        found.setdefault(tag.strip(), []).append(word.strip())
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
