"""When sources run next, as the store has them."""

from datetime import datetime, tzinfo

import msgspec

from .. import clock
from ..store import runs, sources
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import schedule


def timed(tx: Transaction, row: SourceRow, zone: tzinfo) -> SourceRow:
    """The row with the moment of its next run; its schedule is written in that zone."""
    return all_timed(tx, [row], zone)[0]


def all_timed(tx: Transaction, rows: list[SourceRow], zone: tzinfo) -> list[SourceRow]:
    """The same of several rows, which are asked for together."""
    known, now = sources.patience(tx, [row.id for row in rows]), clock.now()
    return [msgspec.structs.replace(row, next_run=schedule.next_run(row, zone, *known[row.id], now)) for row in rows]


def due(tx: Transaction, now: datetime, zone: tzinfo) -> list[SourceRow]:
    """Sources whose next run is due and that have none waiting or going on, longest due first."""
    busy = runs.open_sources(tx)
    rows = all_timed(tx, [row for row in sources.scheduled(tx) if row.id not in busy], zone)
    return sorted((row for row in rows if row.next_run and row.next_run <= now), key=lambda row: (row.next_run, row.id))
