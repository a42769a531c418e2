"""Which of several values says most, where one is allowed: CC BY-NC rather than `unknown`, a date that is one."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .model import Agent, Concept, LicenseDocument, Node, RightsStatement, Text
from .normalise.dates import date
from .normalise.frequencies import frequency
from .normalise.licences import licence, said
from .normalise.parties import body
from .normalise.terms import spellings
from .vocab import concepts

V = TypeVar("V")

_EMPTY = re.compile(
    r"(?:.*[/#_\s-])?(?:unknown|not[ _-]?specified|unspecified|not[ _-]?set|undefined|other|none|null|no[ _-]licen[cs]e"
    r"|n/?a|inconnue?|non[ _-]sp[eé]cifi[eé]e?|autre|onbekend|geen|overige|andere|unbekannt|keine?)[/#.)]*",
    re.IGNORECASE,
)
"""Words, alone or at the end of an address, that say that nothing is said."""


def most_telling(field: str, values: Sequence[V]) -> V:
    """The value of a field (`dct:license`) that says most; of those that say as much the first.

    Of several dates it is the first of what begins, and the last of what changes or ends: an older `dct:modified` is
    true of an older state.
    """
    if field in _BEGINNINGS:
        return min(values, key=lambda value: date(str(value)).value or _NEVER)
    if field in _ENDINGS:
        return max(values, key=lambda value: date(str(value)).value or "")
    return max(values, key=_telling)


def _telling(value: Any) -> int:
    weigh = next((weigh for struct, weigh in _WEIGHTS.items() if isinstance(value, struct)), None)
    return weigh(value) if weigh else 0


def _of_license(given: LicenseDocument) -> int:
    words = said(given)
    if any(map(licence, words)):
        return 3
    if given.iri and given.iri.startswith("http") and not _EMPTY.fullmatch(given.iri):
        return 2
    return any(not _EMPTY.fullmatch(word.strip()) for word in words if word.strip())


def _of_term(given: Concept | RightsStatement) -> int:
    words = spellings(given)
    if all(_EMPTY.fullmatch(word.strip()) for word in words):
        return 0
    is_known = given.iri in concepts() or any(map(frequency, words))
    return 2 if is_known else 1


def _of_agent(given: Agent) -> int:
    return 3 if body(given) else 2 * bool(given.name)


def _of_text(given: Text) -> int:
    return bool(given.value.strip()) and not _EMPTY.fullmatch(given.value.strip())


_BEGINNINGS = frozenset({"dct:issued", "dcat:startDate"})
_ENDINGS = frozenset({"dct:modified", "dcat:endDate"})
_NEVER = "~"
"""After every date."""
_WEIGHTS: Mapping[type[Any], Callable[[Any], int]] = {
    LicenseDocument: _of_license,
    Concept: _of_term,
    RightsStatement: _of_term,
    Agent: _of_agent,
    Text: _of_text,
    Node: lambda node: node != type(node)(iri=node.iri),
}
"""How much a value of each kind says; the first kind that fits counts."""
