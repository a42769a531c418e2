"""What lets us in at sources, sealed: nothing here can read it."""

from sqlalchemy import delete, select

from .database import Transaction
from .tables import credentials


def put(tx: Transaction, source_id: str, shown: str, sealed: bytes) -> None:
    """Keeps it in place of what was kept; `shown` is what may be told of it."""
    forget(tx, source_id)
    tx.execute(credentials.insert().values(source_id=source_id, shown=shown, sealed=sealed))


def get(tx: Transaction, source_id: str) -> bytes | None:
    """What is kept for a source; None when nothing is."""
    query = select(credentials.c.sealed).where(credentials.c.source_id == source_id)
    return tx.execute(query).scalar_one_or_none()


def forget(tx: Transaction, source_id: str) -> None:
    """Keeps nothing for a source."""
    tx.execute(delete(credentials).where(credentials.c.source_id == source_id))


def shown(tx: Transaction, ids: list[str]) -> dict[str, str]:
    """What may be told of it, by source, where something is kept."""
    query = select(credentials.c.source_id, credentials.c.shown).where(credentials.c.source_id.in_(ids))
    return {row.source_id: row.shown for row in tx.execute(query)}
