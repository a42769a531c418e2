"""What was made with data: articles and apps that publishers and operators name."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update

from .counting import number
from .database import Transaction
from .tables import entries, reuses, sources

WAITING, SHOWN = "waiting", "shown"
STATES = (WAITING, SHOWN)
"""WAITING: an operator has not looked at it yet."""
KINDS = ("article", "app", "map", "research", "teaching")


class ReuseRow(NamedTuple):
    """Something that was made with a dataset."""

    id: int
    entry_id: str
    at: datetime
    kind: str
    """One of `KINDS`."""
    title: str
    language: str
    url: str
    state: str
    publisher: str
    """Slug of who named it."""
    entry_kind: str
    name: str
    """Of the entry."""
    entry_title: bytes
    """JSON of the texts."""


def add(tx: Transaction, **values: Any) -> int:
    """Keeps one; its number."""
    return int(tx.execute(insert(reuses).values(values)).inserted_primary_key[0])  # type: ignore[index]


def by_id(tx: Transaction, id: int) -> ReuseRow | None:
    """One of them."""
    row = tx.execute(_whole().where(reuses.c.id == id)).first()
    return ReuseRow(*row) if row else None


def listed(
    tx: Transaction, *, state: str = "", publisher: str = "", entry_id: str = "", offset: int = 0, limit: int = 100
) -> tuple[int, list[ReuseRow]]:
    """How many of live entries there are, and some of them, the newest first."""
    within: list[ColumnElement[bool]] = [entries.c.removed.is_(None)]
    within += [reuses.c.state == state] if state else []
    within += [reuses.c.publisher == publisher] if publisher else []
    within += [reuses.c.entry_id == entry_id] if entry_id else []
    query = _whole().where(*within).order_by(reuses.c.id.desc()).limit(limit).offset(offset)
    rows = [ReuseRow(*row) for row in tx.execute(query)]
    return number(rows, offset, limit, lambda: _count(tx, within)), rows


def _count(tx: Transaction, within: list[ColumnElement[bool]]) -> int:
    query = select(func.count()).select_from(reuses).join(entries, entries.c.id == reuses.c.entry_id)
    return int(tx.execute(query.where(*within)).scalar_one())


def owners(tx: Transaction, entry_id: str) -> set[str]:
    """The slugs of the publisher of an entry, and of the one whose source it came from."""
    query = select(entries.c.publisher, sources.c.publisher).join(sources, sources.c.id == entries.c.source_id)
    return set(tx.execute(query.where(entries.c.id == entry_id)).one())


def addresses_of(tx: Transaction, entry_ids: list[str]) -> dict[str, list[str]]:
    """Where what was made with these entries is, as far as it is shown."""
    found: dict[str, list[str]] = {}
    query = select(reuses.c.entry_id, reuses.c.url).where(reuses.c.entry_id.in_(entry_ids), reuses.c.state == SHOWN)
    for entry_id, url in tx.execute(query):
        found.setdefault(entry_id, []).append(url)
    return found


def is_known(tx: Transaction, entry_id: str, url: str) -> bool:
    """True when that was named already."""
    query = select(func.count()).select_from(reuses).where(reuses.c.entry_id == entry_id, reuses.c.url == url)
    return bool(tx.execute(query).scalar_one())


def change(tx: Transaction, id: int, **values: Any) -> None:
    """Sets columns."""
    tx.execute(update(reuses).where(reuses.c.id == id).values(values))


def remove(tx: Transaction, id: int) -> None:
    """It is shown no more."""
    tx.execute(delete(reuses).where(reuses.c.id == id))


@cache
def _whole() -> Select[tuple[Any, ...]]:
    own = [reuses.c[name] for name in ReuseRow._fields[:9]]
    query = select(*own, entries.c.kind, entries.c.name, entries.c.title)
    return query.join(entries, entries.c.id == reuses.c.entry_id)
