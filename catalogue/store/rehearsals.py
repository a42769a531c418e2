"""Dry runs of whole sources that somebody asked for: the last one of each source."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from .codec import pack, unpack, upsert
from .database import Transaction
from .rows import Rehearsal, RehearsalRow
from .tables import rehearsals


def ask(tx: Transaction, source_id: str, change: Mapping[str, Any], moment: datetime) -> None:
    """Asks for one, in the place of the last one of the source."""
    row = {
        "source_id": source_id,
        "asked": moment,
        "change": pack(change),
        "tries": 0,
        "started": None,
        "ended": None,
        "told": None,
    }
    upsert(tx, rehearsals, [row])


def of_source(tx: Transaction, source_id: str) -> RehearsalRow | None:
    """The last one that was asked for."""
    found = tx.execute(select(rehearsals).where(rehearsals.c.source_id == source_id)).first()
    return _row(found) if found else None


def waiting(tx: Transaction) -> list[tuple[str, datetime]]:
    """The sources (id) of those that have not ended, and since when each is asked for, the longest first."""
    query = select(rehearsals.c.source_id, rehearsals.c.asked).where(rehearsals.c.ended.is_(None))
    return [(id, asked) for id, asked in tx.execute(query.order_by(rehearsals.c.asked))]


def begin(tx: Transaction, source_id: str, moment: datetime) -> RehearsalRow | None:
    """Somebody begins the one that has not ended; None when there is none."""
    goes_on = (rehearsals.c.source_id == source_id, rehearsals.c.ended.is_(None))
    begun = update(rehearsals).where(*goes_on).values(started=moment, tries=rehearsals.c.tries + 1)
    return of_source(tx, source_id) if tx.execute(begun).rowcount else None


def end(tx: Transaction, source_id: str, told: Rehearsal, moment: datetime) -> None:
    """What it came to."""
    ended = {"ended": moment, "told": pack(told)}
    tx.execute(update(rehearsals).where(rehearsals.c.source_id == source_id).values(ended))


def forget(tx: Transaction, source_id: str) -> None:
    """Forgets that of a source."""
    tx.execute(delete(rehearsals).where(rehearsals.c.source_id == source_id))


def _row(found: Row[Any]) -> RehearsalRow:
    return RehearsalRow(
        asked=found.asked,
        change=unpack(found.change, dict[str, Any]),
        tries=found.tries,
        started=found.started,
        ended=found.ended,
        told=unpack(found.told, Rehearsal) if found.told else None,
    )
