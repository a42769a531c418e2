"""Entries that a source no longer lists, and their removal."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, delete, exists, or_, select, update

from dcat.model import Texts

from . import history, revisions
from .codec import unpack
from .database import Transaction
from .entries import LIVE
from .outcome import Outcome
from .records import record_outcomes
from .tables import assessments, contents, entries, keys, links, outcomes, records, versions


class Absent(msgspec.Struct, frozen=True):
    """A live entry that a complete run did not see."""

    id: str
    identifier: str
    runs: int
    """Complete runs in a row that did not see it, this one included."""
    since: datetime
    """When the first of them began."""
    was: str
    """Its outcome until now."""
    reason: str
    outcome_id: int | None


def harvested(tx: Transaction, source_id: str, moment: datetime) -> list[Absent]:
    """All live entries that a crawl of the source should list, as if all were missing now."""
    return _absent(tx, moment, entries.c.source_id == source_id, entries.c.pushed.is_(False))


def listed(tx: Transaction, source_id: str) -> list[tuple[str, Texts]]:
    """The identifiers of the live records that a crawl of the source should list, each with its title."""
    is_part = exists().where(
        records.c.source_id == entries.c.source_id,
        records.c.identifier == entries.c.identifier,
        records.c.part_of != "",
    )
    query = select(entries.c.identifier, entries.c.title).where(
        LIVE, entries.c.source_id == source_id, entries.c.pushed.is_(False), ~is_part
    )
    return [(row.identifier, unpack(row.title, Texts)) for row in tx.execute(query)]


def of_source(tx: Transaction, source_id: str, moment: datetime) -> list[Absent]:
    """All live entries of the source, pushed ones too."""
    return _absent(tx, moment, entries.c.source_id == source_id)


def one(tx: Transaction, source_id: str, identifier: str, moment: datetime) -> list[Absent]:
    """The live entry that the source knows by that identifier, if there is one."""
    return _absent(tx, moment, entries.c.source_id == source_id, entries.c.identifier == identifier)


def of_record(tx: Transaction, source_id: str, identifier: str, moment: datetime) -> list[Absent]:
    """The live entries of a record: its own, and those of its parts."""
    parts = select(records.c.identifier).where(
        records.c.source_id == source_id, records.c.part_of == identifier, records.c.part_of != ""
    )
    ours = or_(entries.c.identifier == identifier, entries.c.identifier.in_(parts))
    return _absent(tx, moment, entries.c.source_id == source_id, ours)


def already(tx: Transaction, source_id: str, moment: datetime) -> list[Absent]:
    """Live entries of the source that its last complete run missed."""
    return _absent(tx, moment, entries.c.source_id == source_id, entries.c.missing_runs > 0)


def _absent(tx: Transaction, moment: datetime, *where: ColumnElement[bool]) -> list[Absent]:
    stands = (outcomes.c.source_id == entries.c.source_id) & (outcomes.c.identifier == entries.c.identifier)
    of_entry = (entries.c.id, entries.c.identifier, entries.c.missing_runs, entries.c.missing_since)
    query = (
        select(*of_entry, outcomes.c.id.label("outcome_id"), outcomes.c.outcome, outcomes.c.reason.label("said"))
        .outerjoin(outcomes, stands & outcomes.c.superseded.is_(None))
        .where(LIVE, *where)
        .order_by(entries.c.identifier)
    )
    return [
        Absent(
            row.id,
            row.identifier,
            row.missing_runs + 1,
            row.missing_since or moment,
            row.outcome or "",
            row.said or "",
            row.outcome_id,
        )
        for row in tx.execute(query)
    ]


def note(tx: Transaction, source_id: str, run_id: int, kept: list[tuple[Absent, str, str]], cap: int) -> int:
    """Keeps entries that are missing, each with the code and the words of the reason; counts their runs up to `cap`.
    Returns rows written."""
    counted = [
        {"key": absent.id, "runs": absent.runs, "since": absent.since} for absent, _, _ in kept if absent.runs <= cap
    ]
    if counted:
        values: dict[str, Any] = {"missing_runs": bindparam("runs"), "missing_since": bindparam("since")}
        tx.execute(update(entries).where(entries.c.id == bindparam("key")).values(values), counted)
    news = [(one, code, reason) for one, code, reason in kept if one.was != Outcome.SKIPPED and _is_news(one, reason)]
    if news:
        first = revisions.take(tx, len(news))
        rows = [
            (number, absent.identifier, Outcome.HELD, code, reason, absent.outcome_id)
            for number, (absent, code, reason) in enumerate(news, first)
        ]
        record_outcomes(tx, source_id, run_id, rows)
    return len(counted) + len(news)


def _is_news(absent: Absent, reason: str) -> bool:
    return (absent.was, absent.reason) != (Outcome.HELD, reason)


def bury(
    tx: Transaction,
    source_id: str,
    run_id: int | None,
    gone: list[Absent],
    *,
    code: str,
    sentence: str,
    moment: datetime,
) -> int:
    """Makes tombstones of entries. Returns rows written."""
    if not gone:
        return 0
    first = revisions.take(tx, len(gone))
    rows: list[dict[str, Any]] = [{"key": absent.id, "number": number} for number, absent in enumerate(gone, first)]
    stone: dict[str, Any] = {"removed": moment, "reason": code, "revision": bindparam("number")}
    tx.execute(update(entries).where(entries.c.id == bindparam("key")).values(stone), rows)
    record_outcomes(
        tx,
        source_id,
        run_id,
        [
            (number, absent.identifier, Outcome.REMOVED, code, sentence, absent.outcome_id)
            for number, absent in enumerate(gone, first)
        ],
    )
    return 2 * len(gone) + history.add(tx, ((one.id, Outcome.REMOVED, ()) for one in gone), moment, run_id)


def keep(tx: Transaction, source_id: str, kept: list[Absent], *, code: str, sentence: str) -> None:
    """Entries that no crawl is expected to list any more: they are missing no longer."""
    if not kept:
        return
    ids = [{"key": absent.id} for absent in kept]
    values: dict[str, Any] = {"pushed": True, "missing_runs": 0, "missing_since": None}
    tx.execute(update(entries).where(entries.c.id == bindparam("key")).values(values), ids)
    numbered = enumerate(kept, revisions.take(tx, len(kept)))
    rows = [(number, one.identifier, "SAME", code, sentence, one.outcome_id) for number, one in numbered]
    record_outcomes(tx, source_id, None, rows)


def forgettable(tx: Transaction, before: datetime) -> list[str]:
    """Ids of entries that were removed before that moment and of which more than the tombstone is left."""
    old = select(entries.c.id).join(contents, contents.c.entry_id == entries.c.id).where(entries.c.removed < before)
    return list(tx.execute(old).scalars())


def purge(tx: Transaction, ids: list[str], before: datetime) -> int:
    """Forgets what these entries held, but for those that came back meanwhile; their tombstones stay. Returns how
    many; the caller holds the writers' lock."""
    old = select(entries.c.id, entries.c.source_id, entries.c.identifier).where(entries.c.id.in_(ids))
    rows = tx.execute(old.where(entries.c.removed < before)).all()
    for table in (assessments, contents, keys, links):
        tx.execute(delete(table).where(table.c.entry_id.in_([row.id for row in rows])))
    ours = (records.c.source_id == bindparam("source"), records.c.identifier == bindparam("key"))
    if rows:
        gone = [{"source": row.source_id, "key": row.identifier} for row in rows]
        tx.execute(delete(records).where(*ours), gone)
        tx.execute(
            delete(versions).where(
                versions.c.source_id == bindparam("source"), versions.c.identifier == bindparam("key")
            ),
            gone,
        )
    return len(rows)
