"""What people decided on single records, whatever their source says of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select

from .codec import among, upsert
from .database import Transaction
from .rows import WithdrawnRow
from .tables import decisions, entries, versions

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


def kept_away(tx: Transaction, source_id: str, offset: int, limit: int) -> tuple[int, list[WithdrawnRow]]:
    """How many records of a source are kept away, and some of them, the last one first."""
    ours = (decisions.c.source_id == source_id, decisions.c.field == WHOLE)
    total = tx.execute(select(func.count()).select_from(decisions).where(*ours)).scalar_one()
    same = (entries.c.source_id == decisions.c.source_id) & (entries.c.identifier == decisions.c.identifier)
    query = select(decisions.c.identifier, entries.c.name, decisions.c.at).outerjoin(entries, same).where(*ours)
    rows = tx.execute(query.order_by(decisions.c.at.desc(), decisions.c.identifier).offset(offset).limit(limit))
    return total, [WithdrawnRow(identifier, name or "", at) for identifier, name, at in rows]


def correct(tx: Transaction, source_id: str, identifier: str, fields: Mapping[str, str], moment: datetime) -> None:
    """Lays values over fields of a record from now on; an empty one takes the correction away."""
    place = {"source_id": source_id, "identifier": identifier}
    forget(tx, source_id, identifier, fields)
    upsert(tx, decisions, [{**place, "field": f, "value": value, "at": moment} for f, value in fields.items() if value])


def forget(tx: Transaction, source_id: str, identifier: str, fields: Iterable[str]) -> None:
    """Takes corrections of a record away."""
    ours = (decisions.c.source_id == source_id, decisions.c.identifier == identifier)
    tx.execute(delete(decisions).where(*ours, decisions.c.field.in_(list(fields))))


def corrections(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> dict[str, dict[str, str]]:
    """By identifier, the fields of these records that are corrected, each with its value."""
    ours = (decisions.c.source_id == source_id, decisions.c.field != WHOLE)
    query = select(decisions).where(*ours, among(tx, decisions.c.identifier, identifiers)).order_by(decisions.c.field)
    found: dict[str, dict[str, str]] = {}
    for row in tx.execute(query):
        found.setdefault(row.identifier, {})[row.field] = row.value
    return found


def withdrawn(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> set[str]:
    """Those of the records that are kept away."""
    ours = (decisions.c.source_id == source_id, decisions.c.field == WHOLE)
    query = select(decisions.c.identifier).where(*ours, among(tx, decisions.c.identifier, identifiers))
    return set(tx.execute(query).scalars())
