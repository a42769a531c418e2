"""Producers' keys, as keyed hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from .database import Transaction
from .rows import TokenRow
from .tables import tokens


def add(tx: Transaction, row: TokenRow, hash: bytes) -> TokenRow:
    """Keeps a new key; its number is given here."""
    values = {
        "prefix": row.prefix,
        "hash": hash,
        "publisher": row.publisher,
        "scopes": " ".join(row.scopes),
        "created": row.created,
        "expires": row.expires,
        "publishers": "\n".join(row.publishers),
    }
    return row_of(tx.execute(tokens.insert().values(values).returning(tokens)).one())


def all(tx: Transaction) -> list[TokenRow]:
    """Every key, oldest first."""
    return [row_of(row) for row in tx.execute(select(tokens).order_by(tokens.c.id))]


def of_publisher(tx: Transaction, publisher: str) -> list[TokenRow]:
    """The keys of one publisher, newest first."""
    query = select(tokens).where(tokens.c.publisher == publisher).order_by(tokens.c.id.desc())
    return [row_of(row) for row in tx.execute(query)]


def by_prefix(tx: Transaction, prefix: str) -> list[tuple[bytes, TokenRow]]:
    """Keys that begin like that, with their hashes."""
    return [(row.hash, row_of(row)) for row in tx.execute(select(tokens).where(tokens.c.prefix == prefix))]


def by_id(tx: Transaction, id: int) -> TokenRow | None:
    """One key."""
    row = tx.execute(select(tokens).where(tokens.c.id == id)).first()
    return row_of(row) if row else None


def use(tx: Transaction, id: int, moment: datetime) -> None:
    """Notes that the key was used."""
    tx.execute(update(tokens).where(tokens.c.id == id).values(last_used=moment))


def revoke(tx: Transaction, id: int, moment: datetime) -> TokenRow | None:
    """Ends a key; one that ended before keeps the moment it did."""
    tx.execute(update(tokens).where(tokens.c.id == id, tokens.c.revoked.is_(None)).values(revoked=moment))
    return by_id(tx, id)


def row_of(row: Row[Any]) -> TokenRow:
    """A key as the house knows it."""
    return TokenRow(
        id=row.id,
        prefix=row.prefix,
        publisher=row.publisher,
        scopes=tuple(row.scopes.split()),
        created=row.created,
        expires=row.expires,
        last_used=row.last_used,
        revoked=row.revoked,
        publishers=tuple(row.publishers.splitlines()),
    )
