"""Why data belong together, in the reader's language."""

from collections.abc import Iterable
from typing import NamedTuple

from catalogue.indexing.related import COLUMNS, COMMUNE, PUBLICATION, PUBLISHER, SERIES, Related
from dcat.model import Text

from . import labels, words
from .words import gettext as _
from .words import message

REASONS = {
    SERIES: message("Part of the same series:"),
    PUBLICATION: message("Used by the same publication:"),
    COLUMNS: message("Same columns:"),
    PUBLISHER: message("Same publisher and theme:"),
    COMMUNE: message("About the same commune:"),
}
FACET = {PUBLISHER: "theme", COMMUNE: "area"}
"""Whose codes are told."""
NAMED = 3
"""Columns and themes that are named."""


class Relation(NamedTuple):
    """An entry with the reason why it is told."""

    kind: str
    name: str
    title: Text
    why: str
    what: tuple[Text, ...]
    """What is shared, each in its language."""


def told(found: Iterable[Related]) -> list[Relation]:
    """Data that belong together, each with its reason."""
    return [_relation(one) for one in found]


def _relation(one: Related) -> Relation:
    title = words.pick(one.title)
    return Relation(one.kind, one.name, title.text if title else Text(one.name), _(REASONS[one.reason]), _shared(one))


def _shared(one: Related) -> tuple[Text, ...]:
    if one.reason in FACET:
        return tuple(Text(labels.code(code.value, FACET[one.reason]), words.language()) for code in one.told[:NAMED])
    if one.reason == COLUMNS:
        return one.told[:NAMED]
    title = words.pick(one.told)
    return (title.text,) if title else ()
