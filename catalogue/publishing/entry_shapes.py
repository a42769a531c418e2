"""An entry as JSON, the same from the API and in files: the names of the model, texts by language, nothing empty."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from dcat.model import Node, Text, Texts

from ..ingest.twins import Cluster, Twin
from ..store.rows import EntryRow
from .copies import Copies
from .quality_shape import quality_shape
from .texts_by_language import by_language, lists_by_language, values

PageAddress = Callable[[str, str], str]
"""The public address of the page of an entry, of that kind and name."""

OWN_SHAPE: dict[str, Callable[[Texts], Any]] = {
    "keyword": lists_by_language,
    "identifier": values,
    "notation": values,
}
"""Fields whose texts are several of one language, or have none."""
RENAMED = {"type": "dcat_type", "source": "derived_from"}
"""Fields of the model that are called as what is known of every entry: its kind, and where it was harvested."""


class Known(NamedTuple):
    """An entry, and where else it stands."""

    row: EntryRow
    same: Cluster | None
    alike: Cluster | None

    @property
    def made_of(self) -> tuple[object, ...]:
        """What makes another shape when it is another one."""
        row = self.row
        said = (row.version, row.iri, row.name, row.source, row.publisher_name, row.checked, row.score)
        return (*said, self.same, self.alike)

    def shape(self, page: PageAddress) -> dict[str, Any]:
        """The entry as JSON, with where else it stands."""
        row, same = self.row, self.same
        return {
            **entry_shape(row, page),
            "duplicates": [twin_shape(twin, same, page) for twin in same.others(row.id)] if same else [],
            "suggested": [suggestion_shape(twin, page) for twin in strangers(self.alike, same, row)],
        }


def known(rows: Iterable[EntryRow], copies: Copies) -> list[Known]:
    """Entries, each with where else it stands."""
    asked = list(rows)
    ids = [row.id for row in asked]
    same, alike = copies.clusters(ids), copies.suggested(ids)
    return [Known(row, same.get(row.id), alike.get(row.id)) for row in asked]


def entry_shape(row: EntryRow, page: PageAddress) -> dict[str, Any]:
    """One entry: what the catalogue knows of it, then its fields under the names of the model."""
    return {
        "id": row.id,
        "iri": row.iri,
        "name": row.name,
        "type": row.kind,
        "url": page(row.kind, row.name),
        "source": {"name": row.source, "identifier": row.identifier},
        "publisher_name": row.publisher_name,
        "created": row.created,
        "updated": row.updated,
        "checked": row.checked,
        **({"quality": quality_shape(row.score)} if row.score else {}),
        **{RENAMED.get(name, name): value for name, value in node_shape(row.entry).items()},
    }


def node_shape(node: Node) -> dict[str, Any]:
    """The fields of a node that say something."""
    fields = ((name, getattr(node, name)) for name in node.__struct_fields__)
    return {name: _value_shape(name, value) for name, value in fields if value or isinstance(value, str)}


def twin_shape(twin: Twin, cluster: Cluster, page: PageAddress) -> dict[str, Any]:
    """One of the entries of a cluster as JSON."""
    return {
        "id": twin.id,
        "iri": twin.iri,
        "name": twin.name,
        "url": page(twin.kind, twin.name),
        "source": twin.source,
        "canonical": twin.id == cluster.canonical.id,
        "shared": twin.shared,
    }


def suggestion_shape(twin: Twin, page: PageAddress) -> dict[str, Any]:
    """An entry that looks the same as JSON."""
    address = page(twin.kind, twin.name)
    return {"id": twin.id, "iri": twin.iri, "name": twin.name, "url": address, "source": twin.source}


def others(cluster: Cluster | None, row: EntryRow) -> tuple[Twin, ...]:
    """Those of a cluster that are not this entry."""
    return cluster.others(row.id) if cluster else ()


def strangers(alike: Cluster | None, cluster: Cluster | None, row: EntryRow) -> tuple[Twin, ...]:
    """Those that look the same and are not known to be."""
    same = {twin.id for twin in others(cluster, row)}
    return tuple(twin for twin in others(alike, row) if twin.id not in same)


def _value_shape(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        if isinstance(value[0], Text):
            return OWN_SHAPE.get(name, by_language)(value)
        return [_value_shape(name, one) for one in value]
    if isinstance(value, Node):
        return node_shape(value)
    return value.value if isinstance(value, Text) else msgspec.to_builtins(value)
