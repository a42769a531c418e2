"""What was seen of the files of datasets, and which datasets are to be looked at (again)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, delete, or_, select, update

from . import outbox, revisions
from .codec import unpack, upsert
from .counting import counted
from .database import Transaction
from .entries import LIVE
from .tables import entries, looked, previews

DATASET = "dataset"
NOTED = "previews"
"""The counter of the highest revision of an entry of which it is noted whether it is to be looked at. Where the dates
are lost it must be too, as when a backup is put back."""


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
    return {row.file: PreviewRow(*row) for row in tx.execute(_OF_ENTRY, {"entry": entry_id})}


_OF_ENTRY = select(previews).where(previews.c.entry_id == bindparam("entry"))  # made once: each page of a dataset asks


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
    by_id: dict[str, tuple[str, ...]] = {}
    for id, found in tx.execute(_FOUND, {"ids": list(ids)}):
        names = (one.name for one in unpack(found, _Columns).columns)
        by_id[id] = (*by_id.get(id, ()), *filter(None, names))
    return by_id


_FOUND = (  # made once, as the one above
    select(previews.c.entry_id, previews.c.found)
    .where(previews.c.entry_id.in_(bindparam("ids", expanding=True)), previews.c.found.is_not(None))
    .order_by(previews.c.file)
)


# --- which datasets are to be looked at -------------------------------------------------------------------------------


def note_changed(tx: Transaction, limit: int) -> int:
    """Notes of some entries that changed whether they are to be looked at: live datasets are, what is gone no more.
    Returns of how many; 0 when all are noted."""
    query = _CHANGED.where(entries.c.revision > outbox.noted(tx, NOTED)).order_by(entries.c.revision).limit(limit)
    rows = tx.execute(query).all()
    if not rows:
        return 0
    tx.execute(delete(looked).where(looked.c.entry_id.in_([row.id for row in rows if row.removed])))
    fresh = [row for row in rows if not row.removed and row.kind == DATASET and row.revision != row.seen]
    upsert(tx, looked, [{"entry_id": row.id, "revision": row.revision, "due": row.updated} for row in fresh])
    outbox.note(tx, NOTED, rows[-1].revision)
    return len(rows)


_WITH_LOOKED = entries.outerjoin(looked, looked.c.entry_id == entries.c.id)
_CHANGED = select(
    entries.c.id,
    entries.c.kind,
    entries.c.revision,
    entries.c.updated,
    entries.c.removed,
    looked.c.revision.label("seen"),
).select_from(_WITH_LOOKED)


def due(tx: Transaction, moment: datetime, most: int | None) -> tuple[int, datetime | None]:
    """How many datasets are to be looked at, counted to `most`, and since when the first one is; at least one when it
    is not noted of all entries whether they are."""
    count, since = counted(tx, select(looked.c.due).where(looked.c.due <= moment).order_by(looked.c.due), most)
    noted = outbox.noted(tx, NOTED)
    if count == most or revisions.published(tx) <= noted:
        return count, since
    is_other = or_(looked.c.entry_id.is_(None), (looked.c.revision != entries.c.revision) & (looked.c.due > moment))
    changed = select(entries.c.updated).select_from(_WITH_LOOKED).order_by(entries.c.revision)
    changed = changed.where(LIVE, entries.c.kind == DATASET, entries.c.revision > noted, is_other)
    more, first = counted(tx, changed, None if most is None else most - count)
    return max(count + more, 1), min(filter(None, (since, first)), default=None)


def batch(tx: Transaction, moment: datetime, limit: int) -> list[tuple[str, int]]:
    """Some datasets that are to be looked at: id and revision, those that wait longest first."""
    query = select(entries.c.id, entries.c.revision).join(looked, looked.c.entry_id == entries.c.id)
    query = query.where(LIVE, looked.c.due <= moment).order_by(looked.c.due, looked.c.revision)
    return [(id, revision) for id, revision in tx.execute(query.limit(limit))]


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


def look_again(tx: Transaction, entry_id: str, moment: datetime) -> int:
    """Makes a dataset due that was looked at; how many there are of it."""
    return tx.execute(update(looked).where(looked.c.entry_id == entry_id).values(due=moment)).rowcount
