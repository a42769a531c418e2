"""Who changed what: rows that are added and, after their time, forgotten; none is changed but to erase a person."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import delete, func, select, update

from . import outbox
from .codec import pack, unpack
from .database import Transaction
from .rows import AuditRow
from .tables import audit
from .types import storable

LAST = "audit"
"""The counter that writers of this table wait for each other at."""
READ = 500
"""Rows that are fetched together."""

Facts = dict[str, Any]


def add(
    tx: Transaction,
    *,
    at: datetime,
    who: str,
    what: str,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Adds a row, chained to the one before it."""
    outbox.note(tx, LAST, int(at.timestamp()))  # whoever adds another one waits until this transaction ends
    last = tx.execute(select(audit.c.chain).order_by(audit.c.id.desc()).limit(1)).scalar_one_or_none() or b""
    values = {"at": at, "who": storable(who), "what": what, "subject": storable(subject)}
    values |= {"before": pack(before), "after": pack(after)}
    tx.execute(audit.insert().values(**values, chain=_link(last, values)))


def read(tx: Transaction, since: datetime | None, offset: int = 0, limit: int | None = None) -> Iterator[AuditRow]:
    """Rows since then, newest first."""
    query = select(audit).order_by(audit.c.id.desc()).offset(offset).limit(limit)
    if since:
        query = query.where(audit.c.at >= since)
    with tx.execute(query.execution_options(stream_results=True, yield_per=READ)) as found:
        for row in found.mappings():
            yield _row(row)


def count(tx: Transaction, since: datetime | None) -> int:
    """How many there are since then."""
    query = select(func.count()).select_from(audit)
    return tx.execute(query.where(audit.c.at >= since) if since else query).scalar_one()


def first_broken(tx: Transaction) -> AuditRow | None:
    """The first row that is not what was added after the one before it; None when all are.

    What is before the oldest row was forgotten, so that one is believed.
    """
    last: bytes | None = None
    query = select(audit).order_by(audit.c.id).execution_options(stream_results=True, yield_per=READ)
    with tx.execute(query) as found:
        for row in found.mappings():
            if last is not None and row["chain"] != _link(last, row):
                return _row(row)
            last = row["chain"]
    return None


def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Deletes at most so many of the oldest rows, of before then. Returns how many."""
    old = select(audit.c.id).where(audit.c.at < before).order_by(audit.c.id).limit(limit)
    return tx.execute(delete(audit).where(audit.c.id.in_(old))).rowcount


def count_naming(tx: Transaction, of_text: Callable[[str], str]) -> int:
    """How many rows hold what a text is taken out of."""
    with tx.execute(select(audit).execution_options(stream_results=True, yield_per=READ)) as found:
        return sum(_without(row, of_text) is not None for row in found.mappings())


def rewrite(tx: Transaction, of_text: Callable[[str], str], at: datetime) -> None:
    """Takes what a text is taken out of from rows, and chains all that follow anew. Who acted stays."""
    outbox.note(tx, LAST, int(at.timestamp()))
    last, is_new = b"", False
    for row in tx.execute(select(audit).order_by(audit.c.id)).mappings().all():
        fresh = _without(row, of_text)
        is_new |= fresh is not None
        if is_new:
            values = {**row, **(fresh or {})}
            last = _link(last, values)
            tx.execute(update(audit).where(audit.c.id == row["id"]).values(**(fresh or {}), chain=last))
        else:
            last = row["chain"]


def _without(row: Mapping[Any, Any], of_text: Callable[[str], str]) -> dict[str, Any] | None:
    """What of a row is another when it is taken out; None when nothing is."""
    facts = {name: of_text(row[name].decode()).encode() for name in ("before", "after")}
    fresh = {**facts, "subject": of_text(row["subject"])}
    return fresh if any(row[name] != value for name, value in fresh.items()) else None


def _link(last: bytes, row: Mapping[Any, Any]) -> bytes:
    said = [row["at"].isoformat(), row["who"], row["what"], row["subject"], row["before"], row["after"]]
    return blake2b(last + pack(said), digest_size=32).digest()


def _row(row: Mapping[Any, Any]) -> AuditRow:
    values = {name: row[name] for name in AuditRow.__struct_fields__}
    return AuditRow(**values | {name: unpack(row[name], Facts) for name in ("before", "after")})
