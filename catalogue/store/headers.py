"""Who is in the catalogue and who was, in order of id, for those who keep a copy of it.

An entry keeps its id, so whoever goes on after the last one that he read meets each that was there all the time once,
whatever comes, changes or goes meanwhile.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, bindparam, func, select

from dcat.model import Concept

from .codec import unpack
from .database import Transaction
from .rows import Header
from .tables import contents, entries, moments, sources
from .types import Moment


class Range(NamedTuple):
    """Which entries are meant."""

    since: datetime | None = None
    before: datetime | None = None
    """Bounds of the last change, the second one not included."""
    source: str = ""
    publisher: str = ""
    """Slugs."""


class Themed(msgspec.Struct, frozen=True):
    """The themes of an entry, read without the rest of it."""

    theme: tuple[Concept, ...] = ()


_given = (
    select(moments.c.at)
    .where(moments.c.last >= entries.c.revision)
    .order_by(moments.c.last)
    .limit(1)
    .correlate(entries)
    .scalar_subquery()
)
"""When the number of an entry's change was given (`moments`). A run dates all that it writes by its beginning: whoever
asked in between for news since then would never hear of it."""
_changed = func.coalesce(_given, entries.c.removed, entries.c.updated, type_=Moment())
_HEADERS = (
    select(
        entries.c.id,
        entries.c.name,
        entries.c.kind,
        entries.c.iri,
        entries.c.revision,
        entries.c.removed,
        _changed.label("changed"),
        entries.c.publisher,
        sources.c.name.label("source"),
        contents.c.said,
    )
    .join(sources, sources.c.id == entries.c.source_id)
    .outerjoin(contents, (contents.c.entry_id == entries.c.id) & (contents.c.entry_id > bindparam("after", "")))
)
"""Those after an id. PostgreSQL, told it of one table alone, reads the other one from its beginning."""


def after(tx: Transaction, id: str, limit: int, chosen: Range) -> list[Header]:
    """At most `limit` headers whose id comes after `id`."""
    query = _within(_HEADERS, chosen).where(entries.c.id > bindparam("after"))
    return [_header(row) for row in tx.execute(query.order_by(entries.c.id).limit(limit), {"after": id})]


def by_id(tx: Transaction, id: str) -> Header | None:
    """One header."""
    row = tx.execute(_HEADERS.where(entries.c.id == id)).first()
    return _header(row) if row else None


def count(tx: Transaction, chosen: Range) -> int:
    """How many headers there are."""
    query = select(func.count()).select_from(entries).join(sources, sources.c.id == entries.c.source_id)
    return int(tx.execute(_within(query, chosen)).scalar_one())


def first(tx: Transaction) -> datetime | None:
    """A moment before which nothing changed; None while there was never anything."""
    moment: datetime | None = tx.execute(select(entries.c.created).order_by(entries.c.created).limit(1)).scalar()
    return moment


def _within(query: Select[Any], chosen: Range) -> Select[Any]:
    if chosen.since:
        query = query.where(_changed >= chosen.since)
    if chosen.before:
        query = query.where(_changed < chosen.before)
    if chosen.source:
        query = query.where(sources.c.name == chosen.source)
    if chosen.publisher:
        query = query.where(entries.c.publisher == chosen.publisher)
    return query


def _header(row: Any) -> Header:
    return Header(
        id=row.id,
        name=row.name,
        kind=row.kind,
        iri=row.iri,
        revision=row.revision,
        at=row.changed,
        is_removed=row.removed is not None,
        source=row.source,
        publisher=row.publisher,
        themes=_themes(row.said.entry) if row.removed is None else (),
    )


def _themes(entry: bytes) -> tuple[str, ...]:
    return tuple(theme.iri for theme in unpack(entry, Themed).theme if theme.iri)
