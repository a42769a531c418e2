"""By what entries are known elsewhere: keys that entries of several sources may have in common."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, func, select

from ..batches import batched
from .bulk import add
from .codec import among, among_named
from .database import Transaction
from .entries import LIVE
from .tables import entries, keys, sources

LIKE = "like:"
"""Begins the codes of what entries look like; every other key is an IRI and identifies."""
SHARERS = 50
"""Entries that may have a key in common; one that more have is the address of a portal, or a form field left as it was,
and says nothing."""
ASKED = 5_000
"""Values in one question: databases bound them."""


class Holder(NamedTuple):
    """A live entry that has a key."""

    key: str
    id: str
    name: str
    kind: str
    iri: str
    source: str
    """Slug of its source."""
    source_title: str
    is_own: bool
    """True when its publisher is the one that answers for its source."""
    created: datetime
    is_missing: bool
    """True when the last complete run of its source did not see it."""


def replace(tx: Transaction, wanted: dict[str, frozenset[str]], known: Collection[str]) -> int:
    """Gives entries (by id) their keys in place of those that they had; only those `known` had any. Returns how many
    were written."""
    held = _of(tx, known)
    gone = [{"id": id, "text": key} for id, found in held.items() for key in found - wanted[id]]
    if gone:
        tx.execute(delete(keys).where(keys.c.entry_id == bindparam("id"), keys.c.key == bindparam("text")), gone)
    fresh = [{"entry_id": id, "key": key} for id, found in wanted.items() for key in found - held.get(id, set())]
    return len(gone) + add(tx, keys, fresh)


def common(tx: Transaction, ids: Iterable[str], *, like: bool) -> set[str]:
    """Keys of these entries that others have too: those that identify, or those of looks."""
    query = _common(tx.dialect.name, like)
    return {key for some in _in_turn(ids) for key in tx.execute(query, {"ids": some}).scalars()}


@cache
def _common(dialect: str, like: bool) -> Select[Any]:
    """Made once: the page of each entry asks it, of keys of both sorts."""
    others = keys.alias("others")
    is_shared = exists().where(others.c.key == keys.c.key, others.c.entry_id != keys.c.entry_id)
    return select(keys.c.key).where(among_named(dialect, keys.c.entry_id, "ids"), _sort(like), is_shared)


def holders(tx: Transaction, wanted: Iterable[str]) -> list[Holder]:
    """Who has these keys, of each key that not too many have."""
    found: list[Holder] = []
    for some in _in_turn(wanted):
        counted = select(keys.c.key).where(among(tx, keys.c.key, some)).group_by(keys.c.key)
        few = tx.execute(counted.having(func.count() <= SHARERS)).scalars().all()
        found += (Holder(*row) for row in tx.execute(_HOLDERS.where(among(tx, keys.c.key, few))))
    return found


def shared(tx: Transaction, *, like: bool, limit: int) -> list[str]:
    """Keys that live entries of more than one source have, in order."""
    query = (
        select(keys.c.key)
        .join(entries, entries.c.id == keys.c.entry_id)
        .where(LIVE, _sort(like))
        .group_by(keys.c.key)
        .having(func.count(func.distinct(entries.c.source_id)) > 1, func.count() <= SHARERS)
    )
    return list(tx.execute(query.order_by(keys.c.key).limit(limit)).scalars())


_HOLDERS = (
    select(
        keys.c.key,
        entries.c.id,
        entries.c.name,
        entries.c.kind,
        entries.c.iri,
        sources.c.name,
        sources.c.title,
        (sources.c.publisher != "") & (sources.c.publisher == entries.c.publisher),
        entries.c.created,
        entries.c.missing_runs > 0,
    )
    .join(entries, entries.c.id == keys.c.entry_id)
    .join(sources, sources.c.id == entries.c.source_id)
    .where(LIVE)
    .order_by(keys.c.key, entries.c.id)
)


def _of(tx: Transaction, ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for some in _in_turn(ids):
        for id, key in tx.execute(select(keys.c.entry_id, keys.c.key).where(among(tx, keys.c.entry_id, some))):
            found.setdefault(id, set()).add(key)
    return found


def _sort(like: bool) -> ColumnElement[bool]:
    begins: ColumnElement[bool] = keys.c.key.startswith(LIKE, autoescape=True)
    return begins if like else ~begins


def _in_turn(values: Iterable[str]) -> Iterator[list[str]]:
    return batched(dict.fromkeys(values), ASKED)
