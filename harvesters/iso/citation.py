"""What a resource is called, when it came to be, and under which identifiers (CI_Citation)."""

from collections.abc import Iterable
from typing import NamedTuple

from dcat.model import Date, Identifier, Iri, Text

from ..nodes import date
from .tree import Item

_PUBLISHED = ("publication", "released", "distribution")
_REVISED = ("revision", "lastRevision", "lastUpdate")
_CREATED = ("creation",)
_LONGEST = 500
"""Characters of an identifier; what is longer is something else, put in its place."""
_WEB = ("http://", "https://")


class Dates(NamedTuple):
    """The dates that DCAT has a property for."""

    issued: Date | None
    modified: Date | None


def dates(resource: Item) -> Dates:
    """First published (else made), and last revised."""
    said: dict[str, list[str]] = {}
    for each in resource.items("citation/date"):
        if when := each.text("date"):
            said.setdefault(each.code("dateType"), []).append(when)
    issued = sorted(_of(said, _PUBLISHED)) or sorted(_of(said, _CREATED))
    modified = sorted(_of(said, _REVISED))
    return Dates(date(issued[0]) if issued else None, date(modified[-1]) if modified else None)


def _of(said: dict[str, list[str]], types: Iterable[str]) -> list[str]:
    return [when for type in types for when in said.get(type, ())]


def iri(resource: Item) -> Iri | None:
    """The IRI that the source gives the resource, as INSPIRE asks for: an identifier on the web."""
    return next((Iri(found) for found in map(_spelled, resource.items("citation/identifier")) if _is_web(found)), None)


def other_identifiers(resource: Item, *known: str | None) -> tuple[Identifier, ...]:
    """Its identifiers, with the namespace that they are given in, beside those known already."""
    found = dict.fromkeys(_spelled(one) for one in resource.items("citation/identifier"))
    return tuple(Identifier(notation=(Text(one),)) for one in found if one and one not in known and len(one) < _LONGEST)


def identifier(resource: Item) -> str:
    """The first of them; empty for none."""
    return next(filter(None, map(_spelled, resource.items("citation/identifier"))), "")


def _spelled(one: Item) -> str:
    """An identifier as one text: its address where it is one, else namespace and code."""
    code, space = one.value("code"), one.text("codeSpace")
    if _is_web(code.href):
        return code.href
    if not space or not code.text or _is_web(code.text) or code.text.startswith(space):
        return code.text
    return f"{space}{'' if space.endswith(('/', ':', '#')) else '/'}{code.text}"


def _is_web(text: str) -> bool:
    return text.startswith(_WEB) and " " not in text
