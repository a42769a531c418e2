"""Who is signed in, as keyed hashes: whoever reads the table can be nobody."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from . import tokens
from .database import Transaction
from .rows import TokenRow
from .tables import sessions
from .tables import tokens as keys


def add(tx: Transaction, hash: bytes, token: int, expires: datetime) -> None:
    """Keeps a new session."""
    tx.execute(insert(sessions).values(hash=hash, token_id=token, expires=expires))


def token_of(tx: Transaction, hash: bytes, now: datetime) -> TokenRow | None:
    """The key that a session was opened with; None when either of them has ended."""
    alive = (sessions.c.expires > now, keys.c.expires > now, keys.c.revoked.is_(None))
    query = select(keys).join(sessions, sessions.c.token_id == keys.c.id).where(sessions.c.hash == hash, *alive)
    row = tx.execute(query).first()
    return tokens.row_of(row) if row else None


def remove(tx: Transaction, hash: bytes) -> None:
    """Ends a session."""
    tx.execute(delete(sessions).where(sessions.c.hash == hash))


def forget(tx: Transaction, before: datetime) -> None:
    """Forgets sessions that ended before."""
    tx.execute(delete(sessions).where(sessions.c.expires < before))
