"""The stored RDF of live entries, ready to be joined into feeds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from dcat.model import DATA

from . import nodes, references
from .database import Transaction
from .entries import LIVE
from .rows import Head, Piece
from .tables import contents, entries

_PIECES = select(
    entries.c.id,
    entries.c.name,
    entries.c.kind,
    entries.c.iri,
    entries.c.revision,
    entries.c.updated,
    contents.c.said,
    contents.c.shared,
    contents.c.pending,
).join(contents, contents.c.entry_id == entries.c.id)


def after(
    tx: Transaction, id: str, limit: int, modified_since: datetime | None = None, kinds: Iterable[str] = DATA
) -> list[Piece]:
    """At most `limit` pieces of some kinds whose id comes after `id`, in order of id."""
    # Said of both tables: PostgreSQL, told of one, reads the other one from its beginning.
    begun = (entries.c.id > id, contents.c.entry_id > id)
    query = _since(_PIECES, modified_since).where(*begun, entries.c.kind.in_(list(kinds)))
    return _pieces(tx, query.order_by(entries.c.id).limit(limit))


def heads(tx: Transaction, after: str, limit: int) -> list[Head]:
    """What tells at most `limit` pieces of data whose id comes after one from what they were before, in order of id."""
    query = select(entries.c.id, entries.c.kind, entries.c.iri, entries.c.revision, entries.c.hash)
    query = query.where(LIVE, entries.c.id > after, entries.c.kind.in_(DATA)).order_by(entries.c.id).limit(limit)
    return [Head(*row) for row in tx.execute(query)]


def by_ids(tx: Transaction, ids: Iterable[str]) -> list[Piece]:
    """The pieces of these entries, in the order asked for; those that are gone are left out."""
    wanted = list(ids)
    found = {piece.id: piece for piece in _pieces(tx, _PIECES.where(LIVE, entries.c.id.in_(wanted)))}
    return [found[id] for id in wanted if id in found]


def count(tx: Transaction, modified_since: datetime | None = None) -> int:
    """How many pieces of data there are."""
    query = select(func.count()).select_from(entries).where(entries.c.kind.in_(DATA))
    return int(tx.execute(_since(query, modified_since)).scalar_one())


def _since(query: Select[Any], moment: datetime | None) -> Select[Any]:
    query = query.where(LIVE)
    return query if moment is None else query.where(entries.c.updated >= moment)


def _pieces(tx: Transaction, query: Select[Any]) -> list[Piece]:
    rows = tx.execute(query).all()
    told = references.to(tx, {row.iri: row.kind for row in rows})
    return [
        Piece(
            id=row.id,
            name=row.name,
            kind=row.kind,
            iri=row.iri,
            revision=row.revision,
            updated=row.updated,
            own=row.said.own,
            shared=nodes.unpacked(row.shared),
            pending=row.pending,
            named=row.said.named,
            references=told.get(row.iri, ()),
        )
        for row in rows
    ]
