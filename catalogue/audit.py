"""The audit: who changed what, when, from what to what. Each line is written in the transaction of the change itself.

Who acts is said once, at the door through which somebody comes in (`acting`); what is done within says only what.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from . import clock, log
from .stopping import Stop
from .store import audits
from .store.database import Database, Transaction
from .store.rows import AuditRow

FORGOTTEN = 500
"""Lines that go in one step."""
NOBODY = "datastore"
"""Who acts when nobody came in through a door: a worker."""

_who: ContextVar[str] = ContextVar("who", default=NOBODY)


@contextmanager
def acting(who: str) -> Iterator[None]:
    """While the block goes on, whatever is changed is changed by them: `key odc_1a2B3c…`, `command line anna`."""
    token = _who.set(who)
    try:
        yield
    finally:
        _who.reset(token)


def record(
    tx: Transaction,
    what: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Remembers a change, within its transaction. What was so before, and what holds secrets, is not written.

    `what` is a noun and a verb, such as `source.pause`; `subject` the name of what was changed. Call it after whatever
    else locks (`revisions.lock`), and with the same keys in `before` and `after` when something was changed.
    """
    before, after = before or {}, after or {}
    same = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    if before and before.keys() == after.keys() == same:
        return
    was, now = (log.blotted({k: v for k, v in facts.items() if k not in same}) for facts in (before, after))
    audits.add(tx, at=clock.now(), who=_who.get(), what=what, subject=subject, before=was, after=now)


class Audit:
    """Reads what was recorded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, since: datetime | None = None) -> Iterator[AuditRow]:
        """Every line since then, newest first, as it is read."""
        with self._database.read() as tx:
            yield from audits.read(tx, since)

    def some(self, since: datetime | None, offset: int, limit: int) -> tuple[int, list[AuditRow]]:
        """How many lines there are since then, and some of them, newest first."""
        with self._database.read() as tx:
            return audits.count(tx, since), list(audits.read(tx, since, offset, limit))

    def first_broken(self) -> AuditRow | None:
        """The first line that is not as it was written, or before which one is gone; None when all are there."""
        with self._database.read() as tx:
            return audits.first_broken(tx)


def forget(database: Database, stop: Stop, kept: timedelta) -> None:
    """Forgets lines that are older."""
    before, forgotten = clock.now() - kept, FORGOTTEN
    while forgotten == FORGOTTEN and not stop.asked:
        with database.write() as tx:
            forgotten = audits.forget(tx, before, FORGOTTEN)
