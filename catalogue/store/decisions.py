"""What people decided on single records, whatever their source says of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from .codec import upsert
from .database import Transaction
from .tables import decisions, versions

WHOLE = ""
"""In the place of a field: the whole record is kept away."""


def withdraw(tx: Transaction, source_id: str, identifier: str, moment: datetime) -> None:
    """From now on no harvest publishes the record."""
    row = {"source_id": source_id, "identifier": identifier, "field": WHOLE, "value": "", "at": moment}
    upsert(tx, decisions, [row])


def put_back(tx: Transaction, source_id: str, identifier: str) -> bool:
    """Harvests may publish it again, and fetch it anew. False when it was not kept away."""
    ours = (decisions.c.source_id == source_id, decisions.c.identifier == identifier, decisions.c.field == WHOLE)
    tx.execute(delete(versions).where(versions.c.source_id == source_id, versions.c.identifier == identifier))
    return bool(tx.execute(delete(decisions).where(*ours)).rowcount)


def withdrawn(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> set[str]:
    """Those of the records that are kept away."""
    ours = (decisions.c.source_id == source_id, decisions.c.field == WHOLE)
    query = select(decisions.c.identifier).where(*ours, decisions.c.identifier.in_(list(identifiers)))
    return set(tx.execute(query).scalars())
