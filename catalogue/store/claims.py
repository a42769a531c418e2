"""Which IRIs and slugs have an owner."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select, update

from .codec import among
from .database import Transaction
from .tables import entries


class Owner(NamedTuple):
    """The entry that has an IRI."""

    id: str
    kind: str
    reason: str
    """Why it was removed; empty for a live one."""
    source: str
    """Id of its source."""
    identifier: str
    """That of its record there."""


def owners(tx: Transaction, iris: Iterable[str]) -> dict[str, Owner]:
    """Who has these IRIs."""
    columns = (entries.c.iri, entries.c.id, entries.c.kind, entries.c.reason, entries.c.source_id, entries.c.identifier)
    query = select(*columns).where(among(tx, entries.c.iri, iris))
    return {iri: Owner(*owner) for iri, *owner in tx.execute(query)}


def taken_names(tx: Transaction, names: Iterable[str]) -> set[str]:
    """Those of the slugs that an entry has."""
    return set(tx.execute(select(entries.c.name).where(among(tx, entries.c.name, names))).scalars())


def release(tx: Transaction, id: str, iri: str) -> None:
    """Gives a tombstone another IRI, so that a live entry can take over the one it had."""
    tx.execute(update(entries).where(entries.c.id == id).values(iri=iri))
