"""Entries that took the place of others of their source."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update

from dcat.model import Texts

from .codec import unpack
from .database import Transaction
from .entries import LIVE
from .tables import entries


class Place(NamedTuple):
    """An entry of a source, or what is left of it."""

    id: str
    identifier: str
    kind: str
    is_live: bool
    is_missing: bool
    """True when the last complete run did not see it."""


def places(tx: Transaction, source_id: str, names: Iterable[str]) -> dict[str, Place]:
    """The entries of a source with these slugs, live and removed ones."""
    columns = (entries.c.name, entries.c.id, entries.c.identifier, entries.c.kind, entries.c.removed)
    query = select(*columns, entries.c.missing_runs).where(entries.c.source_id == source_id)
    return {
        row.name: Place(row.id, row.identifier, row.kind, row.removed is None, row.missing_runs > 0)
        for row in tx.execute(query.where(entries.c.name.in_(list(names))))
    }


class Resident(NamedTuple):
    """A live entry as it is compared with others of its source."""

    id: str
    name: str
    kind: str
    identifier: str
    title: Texts
    publisher: str
    created: datetime


def residents(tx: Transaction, source_id: str, ids: Collection[str], since: datetime) -> list[Resident]:
    """Live entries of a source: those with these ids, and those that came since that moment."""
    columns = (entries.c.id, entries.c.name, entries.c.kind, entries.c.identifier, entries.c.title, entries.c.publisher)
    rows = tx.execute(select(*columns, entries.c.created).where(LIVE, entries.c.source_id == source_id))
    return [
        Resident(row.id, row.name, row.kind, row.identifier, unpack(row.title, Texts), row.publisher, row.created)
        for row in rows
        if row.id in ids or row.created >= since
    ]


def lead(tx: Transaction, old: str, new: str) -> None:
    """Lets the addresses of a removed entry lead to another one (ids)."""
    tx.execute(update(entries).where(entries.c.id == old).values(moved_to=new))
