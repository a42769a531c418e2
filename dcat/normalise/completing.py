"""The last steps: what may occur once occurs once, defaults marked as ours, and every concept complete."""

from collections.abc import Callable
from functools import cache
from operator import is_
from typing import Any, TypeVar

import msgspec

from ..model import (
    Concept,
    DataService,
    Dataset,
    DatasetSeries,
    Decimal,
    Identifier,
    Location,
    Node,
    Publication,
    RightsStatement,
    Text,
    properties,
)
from ..order import ordered_nodes
from ..vocab import ACCESS_RIGHTS, AVAILABILITIES, PLACES, concepts
from . import places
from .notes import Log
from .terms import public

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)
N = TypeVar("N", bound=Node)

_ACCESS = "dct:accessRights"


def one_identifier(entry: Dataset, log: Log) -> Dataset:
    """One dct:identifier: data.gov.be skips a dataset whose identifier it saw before. Others become adms:identifier."""
    given = entry.identifier
    if len(given) == 1:
        return entry
    if not given:
        own = log.identifier or entry.iri
        if not own:
            return entry
        log.note("dct:identifier", "", "identifier-given", own)
        return msgspec.structs.replace(entry, identifier=(Text(own),))
    first = next((text for text in given if text.value == log.identifier), given[0])
    others = tuple(Identifier(notation=(text,)) for text in given if text != first)
    log.note("dct:identifier", " ".join(text.value for text in given), "identifier-several", first.value)
    return msgspec.structs.replace(
        entry, identifier=(first,), other_identifier=ordered_nodes((*entry.other_identifier, *others))
    )


def one_resolution(entry: Dataset, log: Log) -> Dataset:
    """One dcat:spatialResolutionInMeters, the finest: the official shapes allow no more."""
    if len(entry.spatial_resolution) < 2:
        return entry
    finest = min(entry.spatial_resolution, key=float)
    log.note("dcat:spatialResolutionInMeters", " ".join(entry.spatial_resolution), "resolution-finest", finest)
    return msgspec.structs.replace(entry, spatial_resolution=(Decimal(finest),))


def describe(entry: R, log: Log) -> R:
    """A description is a must: the title stands in for one that is missing, as data.gov.be does."""
    if entry.description or not entry.title or isinstance(entry, DataService):
        return entry
    log.note("dct:description", "", "description-default", entry.title[0].value)
    return msgspec.structs.replace(entry, description=entry.title)


def default_access(entry: Dataset, log: Log) -> Dataset:
    """What a public catalogue gives to everybody is public, and its files are available, unless it says otherwise, if
    only in words that nobody knows."""
    if entry.access_rights is None and not _is_unknown(log):
        log.note(_ACCESS, "", "access-right-default", ACCESS_RIGHTS.by_code["PUBLIC"].iri)
        entry = public(entry)
    available = AVAILABILITIES.concept(AVAILABILITIES.by_code["AVAILABLE"])
    if all(file.availability is not None for file in entry.distribution):
        return entry
    log.note("dcat:distribution/dcatap:availability", "", "availability-default", available.iri)
    files = tuple(
        file if file.availability is not None else msgspec.structs.replace(file, availability=available)
        for file in entry.distribution
    )
    return msgspec.structs.replace(entry, distribution=files)


def _is_unknown(log: Log) -> bool:
    return any(note.field == _ACCESS and note.rule == "access-right-unknown" and note.raw for note in log.notes)


def default_place(entry: R, log: Log) -> R:
    """The source's own area, where settings name one and the record names none."""
    if entry.spatial or not log.context.place or (term := places.place(log.context.place)) is None:
        return entry
    log.note("dct:spatial", "", "place-default", term.iri)
    return msgspec.structs.replace(entry, spatial=(places.published(term),))


# --- completing concepts --------------------------------------------------------------------------------------------


_OF_TABLES = frozenset({Concept, RightsStatement, Location})
"""What our tables say more of."""


@cache
def _parts(struct: type[Node]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """The fields that hold nodes with anything to complete, or several in some order, and what completes them."""
    parts: list[tuple[str, Callable[[Any], Any]]] = []
    for name, item, many in _nodes(struct):
        if item in _OF_TABLES or _nodes(item):
            parts.append((name, _all_completed if many else _completed))
        elif many:
            parts.append((name, ordered_nodes))
    return tuple(parts)


def _nodes(struct: type[Node]) -> list[tuple[str, type[Node], bool]]:
    fields = ((field.name, field.item, field.many) for field in properties(struct))
    return [found for found in fields if isinstance(found[1], type) and issubclass(found[1], Node)]


def complete(node: N) -> N:
    """The node with scheme and labels on every concept of our tables within it, so that a graph of it stands alone.

    Nodes within it are left in canonical order, each once.
    """
    changes: dict[str, Any] = {}
    for name, completed in _parts(type(node)):
        value = getattr(node, name)
        if value and (new := completed(value)) is not value:
            changes[name] = new
    return msgspec.structs.replace(node, **changes) if changes else node


def _all_completed(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    done = ordered_nodes(tuple(map(_completed, nodes)))
    return nodes if len(done) == len(nodes) and all(map(is_, done, nodes)) else done


def _completed(node: Node) -> Node:
    if isinstance(node, Concept):
        return concepts().get(node.iri or "", node)
    if isinstance(node, RightsStatement) and (term := ACCESS_RIGHTS.by_iri.get(node.iri or "")):
        return node if node.scheme else msgspec.structs.replace(node, pref_labels=term.labels, scheme=term.scheme)
    if isinstance(node, Location) and not node.labels and (term := PLACES.by_iri.get(node.iri or "")):
        return places.published(term)
    return complete(node)
