"""Reading entries: live ones whole, removed ones as tombstones."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from dcat.model import KINDS, Texts

from .codec import unpack, unpack_score
from .database import Transaction
from .rows import Address, Counts, Dated, EntryRow, Listed, Tombstone
from .tables import assessments, contents, entries, links, sources

_WHOLE = (
    select(
        entries,
        contents.c.entry,
        assessments.c.measures,
        assessments.c.late_from,
        sources.c.name.label("source_name"),
        sources.c.confirmed,
    )
    .join(sources, sources.c.id == entries.c.source_id)
    .outerjoin(contents, contents.c.entry_id == entries.c.id)
    .outerjoin(assessments, assessments.c.entry_id == entries.c.id)
)
LIVE = entries.c.removed.is_(None)
MOVES = 10
"""Times that an entry may have moved before its first address leads nowhere."""


def by_name(tx: Transaction, kind: str, name: str) -> EntryRow | Tombstone | None:
    """The entry of that kind with that slug, or the one that took its place."""
    return _one(tx, entries.c.kind == kind, entries.c.name == name)


def by_id(tx: Transaction, kind: str, id: str) -> EntryRow | Tombstone | None:
    """The entry of that kind with that id, or the one that took its place."""
    return _one(tx, entries.c.kind == kind, entries.c.id == id)


def by_identifier(tx: Transaction, source_id: str, identifier: str) -> EntryRow | Tombstone | None:
    """The entry that a source knows by that identifier, or the one that took its place."""
    return _one(tx, entries.c.source_id == source_id, entries.c.identifier == identifier)


def find(tx: Transaction, name_or_id: str) -> EntryRow | Tombstone | None:
    """The entry with that slug or id, of whatever kind, or the one that took its place."""
    return _one(tx, (entries.c.name == name_or_id) | (entries.c.id == name_or_id))


def origin(tx: Transaction, name_or_id: str) -> tuple[str, str] | None:
    """The source (slug) of the entry with that slug or id, published or removed, and the identifier of its record."""
    query = select(sources.c.name, entries.c.identifier).join(sources, sources.c.id == entries.c.source_id)
    row = tx.execute(query.where((entries.c.name == name_or_id) | (entries.c.id == name_or_id))).first()
    return (row.name, row.identifier) if row else None


def by_ids(tx: Transaction, ids: Iterable[str]) -> list[EntryRow]:
    """Live entries in the order asked for."""
    wanted = list(ids)
    found = {row.id: row for row in _live(tx, _WHOLE.where(LIVE, entries.c.id.in_(wanted)))}
    return [found[id] for id in wanted if id in found]


def by_iris(tx: Transaction, iris: Iterable[str], limit: int | None = None) -> dict[str, EntryRow]:
    """Live entries by IRI, in order of name."""
    query = _WHOLE.where(LIVE, entries.c.iri.in_(list(iris))).order_by(entries.c.name)
    return {row.iri: row for row in _live(tx, query.limit(limit))}


def count_iris(tx: Transaction, iris: Iterable[str]) -> int:
    """How many live entries have one of these IRIs."""
    query = select(func.count()).select_from(entries).where(LIVE, entries.c.iri.in_(list(iris)))
    return int(tx.execute(query).scalar_one())


def linked(tx: Transaction, property: str, target: str, limit: int | None = None) -> list[EntryRow]:
    """Live entries that name the target by `property` themselves, in order of name."""
    return _live(tx, _WHOLE.where(LIVE, _says(property, target)).order_by(entries.c.name).limit(limit))


def dated(tx: Transaction, property: str, target: str) -> list[tuple[str, Dated]]:
    """The same as id and dates, of which many can be read for the price of a few whole ones."""
    query = select(entries.c.id, contents.c.entry).join(contents, contents.c.entry_id == entries.c.id)
    rows = tx.execute(query.where(LIVE, _says(property, target)).order_by(entries.c.name))
    return [(id, unpack(entry, Dated)) for id, entry in rows]


def after(tx: Transaction, id: str, limit: int, offset: int = 0) -> list[EntryRow]:
    """At most `limit` live entries whose id comes after `id`, in order of id, the first `offset` left out."""
    return _live(tx, _WHOLE.where(LIVE, entries.c.id > id).order_by(entries.c.id).limit(limit).offset(offset))


def listed(
    tx: Transaction,
    kinds: Sequence[str],
    offset: int,
    limit: int,
    *,
    order: str = "id",
    is_falling: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Listed:
    """Live entries of some kinds that changed between two moments (both included), from one place on. `order`: `id`,
    `name`, `created` or `updated`; equal ones stand in order of id."""
    within: list[ColumnElement[bool]] = [LIVE, entries.c.kind.in_(kinds)]
    within += [entries.c.updated >= since] if since else []
    within += [entries.c.updated <= until] if until else []
    columns = (entries.c[order], entries.c.id)
    ids = select(entries.c.id).where(*within).order_by(*(one.desc() if is_falling else one.asc() for one in columns))
    count = tx.execute(select(func.count()).select_from(entries).where(*within)).scalar_one()
    return Listed(count, by_ids(tx, tx.execute(ids.limit(limit).offset(offset)).scalars()))


def names(tx: Transaction, kinds: Sequence[str], offset: int, limit: int | None) -> list[str]:
    """The slugs of live entries of some kinds, in order of id."""
    query = select(entries.c.name).where(LIVE, entries.c.kind.in_(kinds)).order_by(entries.c.id)
    return list(tx.execute(query.limit(limit).offset(offset)).scalars())


def last_ids(
    tx: Transaction, size: int, modified_since: datetime | None = None, kinds: Iterable[str] = KINDS
) -> list[str]:
    """The ids with which full pages of live entries of some kinds end, in order of id; of all, or of those that changed
    since."""
    place = func.row_number().over(order_by=entries.c.id).label("place")
    news = () if modified_since is None else (entries.c.updated >= modified_since,)
    numbered = select(entries.c.id, place).where(LIVE, entries.c.kind.in_(list(kinds)), *news).subquery()
    return list(tx.execute(select(numbered.c.id).where(numbered.c.place % size == 0).order_by(numbered.c.id)).scalars())


def addresses(tx: Transaction, after: str, limit: int) -> list[Address]:
    """Where live entries stand whose ids come after one, in order of id."""
    query = select(entries.c.kind, entries.c.name, entries.c.updated).where(LIVE, entries.c.id > after)
    return [Address(*row) for row in tx.execute(query.order_by(entries.c.id).limit(limit))]


def recent(tx: Transaction, limit: int) -> list[EntryRow]:
    """Live entries, last changed first."""
    return _live(tx, _WHOLE.where(LIVE).order_by(entries.c.revision.desc()).limit(limit))


def of_source(tx: Transaction, source_id: str) -> list[tuple[str, str, str]]:
    """(identifier, id, name) of the live entries of a source, in order of identifier."""
    rows = select(entries.c.identifier, entries.c.id, entries.c.name).where(LIVE, entries.c.source_id == source_id)
    return [tuple(row) for row in tx.execute(rows.order_by(entries.c.identifier))]


def tombstones(tx: Transaction, since: datetime | None, limit: int) -> list[Tombstone]:
    """Removed entries, last removed first."""
    rows = _WHOLE.where(entries.c.removed.is_not(None)).order_by(entries.c.revision.desc()).limit(limit)
    if since is not None:
        rows = rows.where(entries.c.removed >= since)
    return [_tombstone(row) for row in tx.execute(rows)]


def counts(tx: Transaction) -> Counts:
    """How many live entries of each kind, and publishers with at least one."""
    kinds = select(entries.c.kind, func.count()).where(LIVE).group_by(entries.c.kind)
    number: dict[str, int] = {kind: count for kind, count in tx.execute(kinds)}  # noqa: C416 (rows, not pairs)
    publishers = select(func.count(func.distinct(entries.c.publisher))).where(LIVE, entries.c.publisher != "")
    return Counts(
        datasets=number.get("dataset", 0),
        services=number.get("service", 0),
        series=number.get("series", 0),
        publications=number.get("publication", 0),
        publishers=tx.execute(publishers).scalar_one(),
    )


def _says(property: str, target: str) -> ColumnElement[bool]:
    naming = select(links.c.entry_id, links.c.subject).where(links.c.property == property, links.c.target == target)
    return tuple_(entries.c.id, entries.c.iri).in_(naming)


def _one(tx: Transaction, *where: ColumnElement[bool]) -> EntryRow | Tombstone | None:
    row = tx.execute(_WHOLE.where(*where)).first()
    for _ in range(MOVES):
        if row is None or row.moved_to is None:
            break
        row = tx.execute(_WHOLE.where(entries.c.id == row.moved_to)).first()
    if row is None:
        return None
    return _entry(row) if row.removed is None else _tombstone(row)


def _live(tx: Transaction, query: Select[Any]) -> list[EntryRow]:
    return [_entry(row) for row in tx.execute(query)]


def _entry(row: Row[Any]) -> EntryRow:
    confirmed = row.confirmed if row.confirmed and not row.missing_runs and not row.pushed else row.checked
    return EntryRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        iri=row.iri,
        source=row.source_name,
        identifier=row.identifier,
        entry=unpack(row.entry, KINDS[row.kind]),
        publisher_name=row.publisher,
        revision=row.revision,
        created=row.created,
        updated=row.updated,
        checked=max(row.checked, confirmed),
        score=unpack_score(row.measures),
        late_from=row.late_from,
    )


def _tombstone(row: Row[Any]) -> Tombstone:
    return Tombstone(
        id=row.id,
        name=row.name,
        kind=row.kind,
        iri=row.iri,
        title=unpack(row.title, Texts),
        publisher=unpack(row.publisher_title, Texts),
        removed=row.removed,
        reason=row.reason,
    )
