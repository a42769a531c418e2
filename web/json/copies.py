"""The same data in other catalogues: as an entry's page and as programs are told of it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from catalogue.ingest.twins import Twin
from catalogue.publishing import entry_shapes as shapes
from catalogue.store.rows import EntryRow

from ..current import catalogue
from ..http.caching import Moment
from ..http.kept_records import kept
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


CHECKED = Moment(b'"checked":"', b'"')
"""When its source last said the same of an entry."""


def whole_shape(row: EntryRow) -> dict[str, Any]:
    """An entry as JSON, with where else it stands."""
    (one,) = shapes.known([row], catalogue().copies)
    return one.shape(page_address)


def written(rows: Iterable[EntryRow]) -> tuple[msgspec.Raw, ...]:
    """Entries as JSON, each with where else it stands, as they were written before if nothing of them changed."""
    return tuple(map(_written, shapes.known(rows, catalogue().copies)))


def _written(one: shapes.Known) -> msgspec.Raw:
    return msgspec.Raw(kept(lambda: msgspec.json.encode(one.shape(page_address)), "entry", *one.made_of))
