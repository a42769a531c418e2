"""What an entry or publisher in JSON is made of, as types that a schema can be made of: they follow the model, as the
values do (`catalogue.publishing.entry_shapes`)."""

from datetime import datetime
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from catalogue.checking.finding_report import FindingReport, Hint
from catalogue.publishing.entry_shapes import OWN_SHAPE, RENAMED
from catalogue.publishing.quality_shape import QualityShape
from catalogue.publishing.texts_by_language import Tagged, lists_by_language
from dcat.model import KINDS, DataService, Field, Node, Text, properties


@cache
def type_of(node: type[Node]) -> type[msgspec.Struct]:
    """The type of a node: the names of the model, nothing that must be there."""
    fields = [("iri", str | UnsetType, UNSET), *_fields(node)]
    return msgspec.defstruct(node.__name__, fields, kw_only=True, namespace={"__doc__": node.__doc__})


def _fields(node: type[Node]) -> list[tuple[str, Any, Any]]:
    values = (
        (field.name, _loose(field) if (node, field.name) == _CIRCLE else _value(field)) for field in properties(node)
    )
    return [(name, value | UnsetType, UNSET) for name, value in values]


_CIRCLE = (DataService, "distribution")
"""A service has files and a file services: here the circle is cut."""


def _loose(field: Field) -> Any:
    return list[dict[str, Any]] if field.many else dict[str, Any]


def _value(field: Field) -> Any:
    if field.item is Text and field.many:
        shape = OWN_SHAPE.get(field.name)
        return dict[str, list[str]] if shape is lists_by_language else Tagged if shape is None else list[str]
    is_node = isinstance(field.item, type) and issubclass(field.item, Node)
    item: Any = type_of(field.item) if is_node else bool if field.item is bool else str
    return list[item] if field.many else item


class Quality(QualityShape, frozen=True, kw_only=True):
    """A quality score; with what would improve it where one thing is asked for."""

    hints: tuple[Hint, ...] | UnsetType = UNSET


class Origin(msgspec.Struct, frozen=True):
    """Where an entry was harvested."""

    name: str
    """Of the source."""
    identifier: str
    """The source's own."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """The same data in another catalogue, or what looks the same."""

    id: str
    iri: str
    name: str
    url: str
    source: str
    canonical: bool | UnsetType = UNSET
    """True for the one that counts."""
    shared: list[str] | UnsetType = UNSET
    """Addresses and identifiers that both have."""


_KNOWN: list[Any] = [
    ("id", str),
    ("iri", str),
    ("name", str),
    ("type", Literal["dataset", "series", "service", "publication"]),
    ("url", str),
    ("source", Origin),
    ("publisher_name", str),
    ("created", datetime),
    ("updated", datetime),
    ("checked", datetime),
    ("quality", Quality | UnsetType, UNSET),
    ("duplicates", list[Copy] | UnsetType, UNSET),
    ("suggested", list[Copy] | UnsetType, UNSET),
    ("findings", list[FindingReport] | UnsetType, UNSET),
]
"""What the catalogue knows of every entry; the last one stands in a document of its own only."""

_SAID = {
    name: (RENAMED.get(name, name), kind, default)
    for node in reversed(KINDS.values())
    for name, kind, default in _fields(node)
}

Entry = msgspec.defstruct(
    "Entry",
    [*_KNOWN, *_SAID.values()],
    kw_only=True,
    namespace={"__doc__": "An entry of any kind: what the catalogue knows of it, then what its source says."},
)

EntryList = msgspec.defstruct(
    "EntryList",
    [("data", list[Entry]), ("next", str | None)],  # type: ignore[valid-type]
    namespace={"__doc__": "Entries in order of id, and the address of the next ones; null at the end."},
)


class PublisherType(msgspec.Struct, frozen=True, kw_only=True):
    """One publisher with the number of its entries."""

    name: str
    iri: str
    title: Tagged
    datasets: int
    services: int
    updated: datetime | None
    url: str
    type: str | UnsetType = UNSET
    homepage: str | UnsetType = UNSET
    mbox: str | UnsetType = UNSET
    quality: Quality | UnsetType = UNSET


class PublisherTypes(msgspec.Struct, frozen=True):
    """All publishers."""

    data: list[PublisherType]
