"""How often files were downloaded, by month."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from .codec import insert
from .database import Transaction
from .tables import downloads, entries


class DownloadRow(NamedTuple):
    """The downloads of a file in a month."""

    month: str
    """`2026-11`."""
    entry_id: str
    kind: str
    name: str
    """Of the dataset."""
    file: str
    times: int


class Used(NamedTuple):
    """A dataset and its downloads."""

    entry_id: str
    times: int


def add(tx: Transaction, counts: Mapping[tuple[str, str], int], month: str) -> None:
    """Counts downloads: (id of the dataset, key of the file) → times. What belongs to no entry is left out."""
    wanted = {entry_id for entry_id, _ in counts}
    known = set(tx.execute(select(entries.c.id).where(entries.c.id.in_(wanted))).scalars())
    rows = [
        {"entry_id": id, "file": file, "month": month, "times": times}
        for (id, file), times in sorted(counts.items())  # two processes count at once: each locks in the same order
        if id in known
    ]
    if rows:
        statement = insert(tx, downloads)
        more = {"times": downloads.c.times + statement.excluded.times}
        keys = ["entry_id", "file", "month"]
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=more), rows)


def of_entry(tx: Transaction, entry_id: str, since: str) -> dict[str, int]:
    """The downloads of each file of an entry from that month on."""
    return {file: int(times) for file, times in tx.execute(_OF_ENTRY, {"entry": entry_id, "since": since})}


_OF_ENTRY = (  # made once: each page of a dataset asks it
    select(downloads.c.file, func.sum(downloads.c.times))
    .where(downloads.c.entry_id == bindparam("entry"), downloads.c.month >= bindparam("since"))
    .group_by(downloads.c.file)
)


def by_month(tx: Transaction, months: Iterable[str]) -> dict[str, int]:
    """The downloads of each of these months; of one without any nothing."""
    query = select(downloads.c.month, func.sum(downloads.c.times)).where(downloads.c.month.in_(list(months)))
    return {month: int(times) for month, times in tx.execute(query.group_by(downloads.c.month))}


def most(tx: Transaction, since: str, limit: int) -> list[Used]:
    """The live entries that were downloaded most from that month on."""
    times = func.sum(downloads.c.times)
    query = select(downloads.c.entry_id, times).join(entries, entries.c.id == downloads.c.entry_id)
    query = query.where(downloads.c.month >= since, entries.c.removed.is_(None)).group_by(downloads.c.entry_id)
    return [Used(id, int(n)) for id, n in tx.execute(query.order_by(times.desc(), downloads.c.entry_id).limit(limit))]


def months(tx: Transaction) -> list[str]:
    """The months in which anything was downloaded, the newest first."""
    return list(tx.execute(select(downloads.c.month).distinct().order_by(downloads.c.month.desc())).scalars())


def of_month(tx: Transaction, month: str) -> list[DownloadRow]:
    """The downloads of a month, by dataset and file."""
    table = downloads.c
    query = select(table.month, table.entry_id, entries.c.kind, entries.c.name, table.file, table.times)
    query = query.join(entries, entries.c.id == table.entry_id).where(table.month == month)
    return [DownloadRow(*row) for row in tx.execute(query.order_by(entries.c.name, table.file))]
