"""A source that says that nothing changed since its last complete run (HTTP 304, or the same number of records with the
same last change among them): what that run reported holds again.

It is only asked while the same software with the same settings would read it, while that run is remembered, while
nothing that we hold of the source was changed by anybody else since, and for a week: then all its records are read, so
that what it forgot to tell is seen.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from ..ingest.draft import Intake
from ..store import runs, sources
from ..store.database import Transaction
from ..store.rows import RunRow

LONGEST = timedelta(days=7)
"""How long a source is believed that nothing changed, until all its records are read again."""


class Validators(msgspec.Struct, frozen=True):
    """How to ask a source whether anything changed, and since when."""

    headers: dict[str, str]
    """If-None-Match, If-Modified-Since."""
    fingerprint: str
    """Which software and settings read it, in hexadecimal digits."""
    run: int
    """The complete run that the source gave them to."""
    read: datetime | None = None
    """When all its records were read last (UTC)."""


class Before(NamedTuple):
    """What may hold again."""

    headers: dict[str, str]
    run: RunRow
    read: datetime


def before(tx: Transaction, intake: Intake, now: datetime) -> Before | None:
    """What to ask the source with, and the run that its answer may repeat; None when everything must be read."""
    known = sources.validators(tx, intake.source.id, Validators)
    if known is None or known.fingerprint != intake.fingerprint.hex():
        return None
    if known.read is None or not timedelta() <= now - known.read < LONGEST:  # or the clock was ahead
        return None
    run = runs.get(tx, known.run)
    return Before(known.headers, run, known.read) if run is not None else None


def keep(
    tx: Transaction, intake: Intake, headers: dict[str, str], *, run_id: int, read: datetime, changes: int
) -> None:
    """Remembers what a complete run was given, and when all was `read`, unless somebody changed our records since there
    had been so many `changes`: what he wrote was not compared with the source, so the next run reads everything."""
    is_undisturbed = sources.changes(tx, intake.source.id) == changes
    known = Validators(headers, intake.fingerprint.hex(), run_id, read) if headers and is_undisturbed else None
    sources.remember(tx, intake.source.id, known)


def forget(tx: Transaction, source_id: str) -> None:
    """The next run reads everything: something that we hold of the source was changed."""
    sources.remember(tx, source_id, None)
