"""The same data in other catalogues: as an entry's page and as programs are told of it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from catalogue.ingest.twins import Twin
from catalogue.publishing import entry_shapes as shapes
from catalogue.store.rows import EntryRow

from ..current import catalogue
from .entry_shapes import page_address


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
    copies = catalogue().copies
    cluster, alike = copies.clusters([row.id]).get(row.id), copies.suggested([row.id]).get(row.id)
    original = cluster.canonical if cluster and cluster.canonical.id != row.id else None
    return Copies(original, shapes.others(cluster, row), shapes.strangers(alike, cluster, row))


def entry_shapes(rows: Iterable[EntryRow]) -> tuple[dict[str, Any], ...]:
    """Entries as JSON, each with where else it stands."""
    return shapes.entry_shapes(rows, catalogue().copies, page_address)
