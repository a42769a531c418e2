"""What was seen of the files of datasets, and which datasets are to be looked at (again)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Select, delete, func, or_, select

from .codec import unpack, upsert
from .database import Transaction
from .entries import LIVE
from .tables import entries, looked, previews

DATASET = "dataset"


class PreviewRow(NamedTuple):
    """What was seen of a file, or why nothing was."""

    entry_id: str
    file: str
    """Its key in the dataset (`previews.files.file_key`)."""
    address: str
    at: datetime
    """When it was fetched."""
    code: str = ""
    """Why there is nothing to see; with `found`, why it could not be seen again since."""
    found: bytes | None = None
    """What was seen, as JSON (`previews.preview.Preview`)."""
    rows: str = ""
    """Name of the file with the rows of its table."""
    size: int = 0
    """Bytes, as they came."""
    tag: str = ""
    modified: str = ""
    """By which its server knows this version: `ETag` and `Last-Modified`."""


def of_entry(tx: Transaction, entry_id: str) -> dict[str, PreviewRow]:
    """What was seen of the files of a dataset, by their keys."""
    rows = tx.execute(select(previews).where(previews.c.entry_id == entry_id))
    return {row.file: PreviewRow(*row) for row in rows}


def one(tx: Transaction, entry_id: str, file: str) -> PreviewRow | None:
    """What was seen of one file of a live dataset."""
    query = select(previews).join(entries, entries.c.id == previews.c.entry_id)
    row = tx.execute(query.where(LIVE, previews.c.entry_id == entry_id, previews.c.file == file)).first()
    return PreviewRow(*row) if row else None


class _Column(msgspec.Struct):
    name: str = ""


class _Columns(msgspec.Struct):
    """What search needs of a preview."""

    columns: tuple[_Column, ...] = ()


def columns_of(tx: Transaction, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """By id of a dataset, the headings of the tables in its files; those without tables are left out."""
    query = select(previews.c.entry_id, previews.c.found).where(previews.c.entry_id.in_(list(ids)))
    by_id: dict[str, tuple[str, ...]] = {}
    for id, found in tx.execute(query.where(previews.c.found.is_not(None)).order_by(previews.c.file)):
        names = (one.name for one in unpack(found, _Columns).columns)
        by_id[id] = (*by_id.get(id, ()), *filter(None, names))
    return by_id


def due(tx: Transaction, moment: datetime) -> tuple[int, datetime | None]:
    """How many datasets are to be looked at, and since when the first one is."""
    since = func.min(func.coalesce(looked.c.due, entries.c.updated))
    count, first = tx.execute(_due(select(func.count(), since), moment)).one()
    return count, first


def batch(tx: Transaction, moment: datetime, limit: int) -> list[tuple[str, int]]:
    """Some datasets that are to be looked at: id and revision, the longest known first."""
    query = _due(select(entries.c.id, entries.c.revision), moment)
    return [(id, revision) for id, revision in tx.execute(query.order_by(entries.c.revision).limit(limit))]


def _due(query: Select[Any], moment: datetime) -> Select[Any]:
    is_due: ColumnElement[bool] = or_(
        looked.c.entry_id.is_(None), looked.c.revision != entries.c.revision, looked.c.due <= moment
    )
    joined = entries.outerjoin(looked, looked.c.entry_id == entries.c.id)
    return query.select_from(joined).where(LIVE, entries.c.kind == DATASET, is_due)


def note(tx: Transaction, seen: Mapping[str, tuple[int, datetime]]) -> None:
    """Datasets were looked at as they were in a revision, and are to be again at a moment."""
    upsert(tx, looked, [{"entry_id": id, "revision": number, "due": again} for id, (number, again) in seen.items()])


def keep(tx: Transaction, row: PreviewRow) -> None:
    """What was seen of a file now."""
    upsert(tx, previews, [row._asdict()])


def drop(tx: Transaction, entry_id: str, but: Sequence[str]) -> int:
    """Forgets the files of a dataset that it has no more; how many."""
    query = delete(previews).where(previews.c.entry_id == entry_id, previews.c.file.not_in(but))
    return tx.execute(query).rowcount


def drop_removed(tx: Transaction) -> int:
    """Forgets the files of datasets that are published no more; how many."""
    gone = select(entries.c.id).where(entries.c.removed.is_not(None))
    return tx.execute(delete(previews).where(previews.c.entry_id.in_(gone))).rowcount


def is_live(tx: Transaction, entry_id: str) -> bool:
    """True for an entry that is published now."""
    return tx.execute(select(entries.c.id).where(LIVE, entries.c.id == entry_id)).first() is not None


def kept_rows(tx: Transaction) -> set[str]:
    """Names of the files with rows that are in use."""
    return set(tx.execute(select(previews.c.rows).where(previews.c.rows != "")).scalars())


def look_again(tx: Transaction, entry_id: str) -> int:
    """Makes a dataset due; how many there are of it."""
    return tx.execute(delete(looked).where(looked.c.entry_id == entry_id)).rowcount
