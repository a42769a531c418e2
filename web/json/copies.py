"""The same data in other catalogues: as an entry's page and as programs are told of it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from catalogue.ingest.twins import Cluster, Twin
from catalogue.store.rows import EntryRow

from ..current import catalogue
from .entry_shapes import entry_shape, page_address


class Copies(NamedTuple):
    """Where else an entry stands, for its page."""

    original: Twin | None
    """The entry that counts, when it is not this one."""
    others: tuple[Twin, ...]
    """The same data in other catalogues."""
    alike: tuple[Twin, ...]
    """What looks the same in other catalogues."""


def of(row: EntryRow) -> Copies:
    """Where else the entry stands."""
    same, alike = _found([row])
    cluster = same.get(row.id)
    original = cluster.canonical if cluster and cluster.canonical.id != row.id else None
    return Copies(original, _others(cluster, row), _strangers(alike.get(row.id), cluster, row))


def entry_shapes(rows: Iterable[EntryRow]) -> tuple[dict[str, Any], ...]:
    """Entries as JSON, each with where else it stands."""
    asked = list(rows)
    same, alike = _found(asked)
    return tuple(_shape(row, same.get(row.id), alike.get(row.id)) for row in asked)


def twin_shape(twin: Twin, cluster: Cluster) -> dict[str, Any]:
    """One of the entries of a cluster as JSON."""
    return {
        "id": twin.id,
        "iri": twin.iri,
        "name": twin.name,
        "url": page_address(twin.kind, twin.name),
        "source": twin.source,
        "canonical": twin.id == cluster.canonical.id,
        "shared": twin.shared,
    }


def suggestion_shape(twin: Twin) -> dict[str, Any]:
    """An entry that looks the same as JSON."""
    address = page_address(twin.kind, twin.name)
    return {"id": twin.id, "iri": twin.iri, "name": twin.name, "url": address, "source": twin.source}


def _found(rows: list[EntryRow]) -> tuple[dict[str, Cluster], dict[str, Cluster]]:
    ids = [row.id for row in rows]
    return catalogue().copies.clusters(ids), catalogue().copies.suggested(ids)


def _shape(row: EntryRow, cluster: Cluster | None, alike: Cluster | None) -> dict[str, Any]:
    return {
        **entry_shape(row),
        "duplicates": [twin_shape(twin, cluster) for twin in cluster.others(row.id)] if cluster else [],
        "suggested": [suggestion_shape(twin) for twin in _strangers(alike, cluster, row)],
    }


def _others(cluster: Cluster | None, row: EntryRow) -> tuple[Twin, ...]:
    return cluster.others(row.id) if cluster else ()


def _strangers(alike: Cluster | None, cluster: Cluster | None, row: EntryRow) -> tuple[Twin, ...]:
    """Those that look the same and are not known to be."""
    known = {twin.id for twin in _others(cluster, row)}
    return tuple(twin for twin in _others(alike, row) if twin.id not in known)
