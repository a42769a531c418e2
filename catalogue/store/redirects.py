"""Old addresses and where they lead."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select

from ..batches import batched
from .codec import upsert
from .database import Transaction
from .tables import redirects

BATCH = 500


def find(tx: Transaction, olds: Iterable[str]) -> dict[str, str]:
    """Where these old addresses lead."""
    query = select(redirects.c.old, redirects.c.new).where(redirects.c.old.in_(list(olds)))
    return {row.old: row.new for row in tx.execute(query)}


def save(tx: Transaction, leading: Mapping[str, str]) -> None:
    """Keeps where addresses lead; one that leads nowhere is forgotten."""
    for some in batched(leading.items(), BATCH):
        tx.execute(delete(redirects).where(redirects.c.old.in_([old for old, new in some if not new])))
        if kept := [{"old": old, "new": new} for old, new in some if new]:
            upsert(tx, redirects, kept)


def count(tx: Transaction) -> int:
    """How many there are."""
    return int(tx.execute(select(func.count()).select_from(redirects)).scalar_one())
