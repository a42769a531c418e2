"""Which of several values says most, where one is allowed: CC BY-NC rather than `unknown`, a size that is a number."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .model import Agent, Concept, LicenseDocument, Node, RightsStatement, Text
from .normalise import numbers
from .normalise.dates import date, duration
from .normalise.formats import is_container, meaning, media_type
from .normalise.frequencies import frequency
from .normalise.geometries import geometry
from .normalise.iris import mail
from .normalise.licences import licence, said
from .normalise.notes import Repair
from .normalise.parties import body
from .normalise.terms import find, spellings
from .vocab import ACCESS_RIGHTS, AVAILABILITIES, DISTRIBUTION_STATUSES, PUBLISHER_TYPES, Vocabulary, concepts

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
    true of an older state. Of several access rights it is the narrowest: nobody must be told that closed data is open.
    """
    if field in _BEGINNINGS:
        return min(values, key=lambda value: date(str(value)).value or _NEVER)
    if field in _ENDINGS:
        return max(values, key=lambda value: date(str(value)).value or "")
    return max(values, key=lambda value: _telling(field, value))


def _telling(field: str, value: Any) -> int:
    if isinstance(value, Concept | RightsStatement):
        return _of_term(field, value)
    if isinstance(value, str):
        return _of_literal(field, value)
    weigh = next((weigh for struct, weigh in _WEIGHTS.items() if isinstance(value, struct)), None)
    return weigh(value) if weigh else 0


def _of_literal(field: str, given: str) -> int:
    repair = _LITERALS.get(field)
    return bool(given.strip()) if repair is None else bool(repair(given).value)


def _of_license(given: LicenseDocument) -> int:
    words = said(given)
    if any(map(licence, words)):
        return 3
    if given.iri and given.iri.startswith("http") and not _EMPTY.fullmatch(given.iri):
        return 2
    return any(not _EMPTY.fullmatch(word.strip()) for word in words if word.strip())


def _of_term(field: str, given: Concept | RightsStatement) -> int:
    words = spellings(given)
    if all(_EMPTY.fullmatch(word.strip()) for word in words):
        return 0
    weigh = _TERMS.get(field)
    found = max(map(weigh, words)) if weigh else 2 * (given.iri in concepts())
    return found or 1


def _of_format(word: str) -> int:
    """A format says more than what it is packed in, or that it is bytes."""
    found = meaning(word)
    return 0 if found is None else 2 if is_container(found.term) else 3


def _of_media_type(word: str) -> int:
    return _of_format(word) or 3 * bool(media_type(word))


def _of_access(word: str) -> int:
    term = find(ACCESS_RIGHTS, word)
    return _NARROWNESS[term.code] if term else 0


def _in(vocabulary: Vocabulary) -> Callable[[str], int]:
    return lambda word: 2 if find(vocabulary, word) else 0


def _of_agent(given: Agent) -> int:
    return 3 if body(given) else 2 * bool(given.name)


def _of_text(given: Text) -> int:
    return bool(given.value.strip()) and not _EMPTY.fullmatch(given.value.strip())


_BEGINNINGS = frozenset({"dct:issued", "dcat:startDate"})
_ENDINGS = frozenset({"dct:modified", "dcat:endDate"})
_NEVER = "~"
"""After every date."""
_LITERALS: Mapping[str, Callable[[str], Repair]] = {
    "dcat:byteSize": numbers.byte_size,
    "dcat:spatialResolutionInMeters": numbers.metres,
    "dcat:temporalResolution": duration,
    "spdx:checksumValue": numbers.hexadecimal,
    "spdx:algorithm": numbers.algorithm,
    "foaf:mbox": mail,
    "dcat:bbox": geometry,
    "dcat:centroid": geometry,
    "locn:geometry": geometry,
}
"""How literals and addresses are read; one that cannot be says nothing."""
_NARROWNESS = {"PUBLIC": 2, "NORMAL": 2, "RESTRICTED": 3, "SENSITIVE": 4, "CONFIDENTIAL": 4, "NON_PUBLIC": 4}
_TERMS: Mapping[str, Callable[[str], int]] = {
    "dct:accessRights": _of_access,
    "dct:accrualPeriodicity": lambda word: 2 if frequency(word) else 0,
    "dct:format": _of_format,
    "dcat:mediaType": _of_media_type,
    "dcat:compressFormat": lambda word: 2 if meaning(word) else 0,
    "dcat:packageFormat": lambda word: 2 if meaning(word) else 0,
    "adms:status": _in(DISTRIBUTION_STATUSES),
    "dcatap:availability": _in(AVAILABILITIES),
    "dct:type": _in(PUBLISHER_TYPES),
}
"""How much a word or an IRI says as a value of a field; 0 when nobody knows what it means."""
_WEIGHTS: Mapping[type[Any], Callable[[Any], int]] = {
    LicenseDocument: _of_license,
    Agent: _of_agent,
    Text: _of_text,
    Node: lambda node: node != type(node)(iri=node.iri),
}
"""How much a value of each kind says; the first kind that fits counts."""
