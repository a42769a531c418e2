"""Registered sources."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, bindparam, func, select, update

from . import credentials, rehearsals, runs
from .codec import pack, unpack
from .database import Transaction
from .entries import LIVE
from .rows import SourceRow
from .tables import entries, sources

T = TypeVar("T")


def add(tx: Transaction, row: SourceRow, url_key: str) -> None:
    """Registers a source, or one that was removed before again, under the name it had."""
    values = {
        "title": row.title,
        "url": row.url,
        "url_key": url_key,
        "moved_to": "",
        "kind": row.kind,
        "publisher": row.publisher,
        "schedule": row.schedule,
        "config": pack(row.config),
        "active": row.active,
        "approved": row.approved,
        "declined": "",
        "untold": not row.approved,
        "removed": None,
        "failures": 0,
        "validators": None,
    }
    revived = tx.execute(update(sources).where(sources.c.id == row.id).values(values))
    if not revived.rowcount:
        tx.execute(sources.insert().values(id=row.id, name=row.name, created=row.created, **values))


UNCOUNTED: Mapping[str, int] = {}
"""For `live`: nobody looks at how many entries the sources have."""


def all(tx: Transaction, publisher: str = "", live: Mapping[str, int] | None = None) -> list[SourceRow]:
    """Sources in order of name, or those of one publisher. `live`: how many live entries each has, by id, when that is
    known; else they are counted."""
    query = select(sources).where(sources.c.removed.is_(None)).order_by(sources.c.name)
    if publisher:
        query = query.where(sources.c.publisher == publisher)
    return _rows(tx, list(tx.execute(query)), live)


def scheduled(tx: Transaction) -> list[SourceRow]:
    """Sources that run by themselves, without what is shown of them alone: the worker asks for them all the time."""
    may_run = (sources.c.removed.is_(None), sources.c.active, sources.c.approved)
    runs_itself = (*may_run, sources.c.schedule != "")
    return _rows(tx, list(tx.execute(select(sources).where(*runs_itself))), UNCOUNTED)


def untold(tx: Transaction) -> list[str]:
    """The sources (slug) of which people are to be told that they wait for an operator, or what one decided."""
    query = select(sources.c.name).where(sources.c.untold, sources.c.removed.is_(None))
    return list(tx.execute(query.order_by(sources.c.name)).scalars())


def by_name(tx: Transaction, name: str, live: Mapping[str, int] | None = None) -> SourceRow | None:
    """The source with that slug; `live` as for `all`."""
    query = select(sources).where(sources.c.name == name, sources.c.removed.is_(None))
    return next(iter(_rows(tx, list(tx.execute(query)), live)), None)


def by_id(tx: Transaction, id: str) -> SourceRow | None:
    """The source with that id, unless it was removed."""
    query = select(sources).where(sources.c.id == id, sources.c.removed.is_(None))
    return next(iter(_rows(tx, list(tx.execute(query)))), None)


class Place(NamedTuple):
    """A source that is or was registered, where, and with which options."""

    id: str
    name: str
    url: str
    config: dict[str, Any]
    is_removed: bool


def places(tx: Transaction, kind: str) -> list[Place]:
    """Every source of a kind, removed ones too."""
    columns = (sources.c.id, sources.c.name, sources.c.url, sources.c.config, sources.c.removed.is_not(None))
    rows = tx.execute(select(*columns).where(sources.c.kind == kind))
    return [Place(id, name, url, unpack(config, dict[str, Any]), gone) for id, name, url, config, gone in rows]


def ids(tx: Transaction) -> set[str]:
    """Every id ever given to a source."""
    return set(tx.execute(select(sources.c.id)).scalars())


def title(tx: Transaction, name: str) -> str | None:
    """What the source with that slug is called, without asking how it is; None when there is none."""
    return tx.execute(_TITLE, {"name": name}).scalar_one_or_none()


_TITLE = select(sources.c.title).where(sources.c.name == bindparam("name"), sources.c.removed.is_(None))  # made once


def names(tx: Transaction) -> set[str]:
    """Every slug ever given to a source."""
    return set(tx.execute(select(sources.c.name)).scalars())


def change(tx: Transaction, id: str, **values: object) -> None:
    """Sets columns of a source."""
    if "config" in values:
        values["config"] = pack(values["config"])
    tx.execute(update(sources).where(sources.c.id == id).values(**values))


def remove(tx: Transaction, id: str, moment: datetime) -> None:
    """Takes a source off the list, with what lets us in there; its row stays for its tombstones."""
    credentials.forget(tx, id)
    rehearsals.forget(tx, id)
    change(tx, id, removed=moment, active=False)


def failures(tx: Transaction, id: str) -> int:
    """Failed runs of a source in a row."""
    return int(tx.execute(select(sources.c.failures).where(sources.c.id == id)).scalar_one())


def patience(tx: Transaction, ids: Iterable[str]) -> dict[str, tuple[int, datetime | None]]:
    """By id, failed runs in a row, and the moment before which the source asked not to be bothered."""
    query = select(sources.c.id, sources.c.failures, sources.c.retry_at).where(sources.c.id.in_(list(ids)))
    return {id: (failures, retry_at) for id, failures, retry_at in tx.execute(query)}


def validators(tx: Transaction, id: str, type: type[T]) -> T | None:
    """How to ask the source whether anything changed, if that is known."""
    data = tx.execute(select(sources.c.validators).where(sources.c.id == id)).scalar_one()
    return unpack(data, type) if data else None


def remember(tx: Transaction, id: str, validators: object) -> None:
    """Keeps how to ask the source whether anything changed; None forgets it."""
    change(tx, id, validators=None if validators is None else pack(validators))


def disturb(tx: Transaction, id: str) -> None:
    """Somebody else than a run changes what we hold of the source, in this transaction: the next run that begins after
    it reads everything."""
    change(tx, id, validators=None, changes=sources.c.changes + 1)


def changes(tx: Transaction, id: str) -> int:
    """How often somebody did; who writes because of it is waited for until the transaction ends."""
    return int(tx.execute(select(sources.c.changes).where(sources.c.id == id).with_for_update()).scalar_one())


def live(tx: Transaction, ids: Iterable[str] | None = None) -> dict[str, int]:
    """How many live entries sources have, by id: these, or all."""
    query = select(entries.c.source_id, func.count()).where(LIVE).group_by(entries.c.source_id)
    query = query if ids is None else query.where(entries.c.source_id.in_(list(ids)))
    return {id: count for id, count in tx.execute(query)}  # noqa: C416 (rows, not pairs)


def _rows(tx: Transaction, found: list[Row[Any]], counted: Mapping[str, int] | None = None) -> list[SourceRow]:
    ids = [row.id for row in found]
    last = runs.latest(tx, ids)
    shown = {} if counted is UNCOUNTED else credentials.shown(tx, ids)
    counted = live(tx, ids) if counted is None else counted
    return [
        SourceRow(
            id=row.id,
            name=row.name,
            title=row.title,
            url=row.url,
            kind=row.kind,
            publisher=row.publisher,
            schedule=row.schedule,
            config=unpack(row.config, dict[str, Any]),
            active=row.active,
            created=row.created,
            last_run=last.get(row.id),
            entries=counted.get(row.id, 0),
            approved=row.approved,
            declined=row.declined,
            moved_to=row.moved_to,
            credentials=shown.get(row.id, ""),
        )
        for row in found
    ]
