"""Reading entries: live ones whole, removed ones as tombstones."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, select, tuple_

from dcat.model import KINDS, Texts

from .codec import among, unpack, unpack_score
from .database import Transaction
from .rows import Address, Counts, Dated, EntryRow, Tombstone
from .tables import assessments, contents, entries, links, sources

_WHOLE = (
    select(
        entries,
        contents.c.said,
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
    return _one(tx, _NAMED, kind=kind, name=name)


def by_id(tx: Transaction, kind: str, id: str) -> EntryRow | Tombstone | None:
    """The entry of that kind with that id, or the one that took its place."""
    return _one(tx, _WHOLE.where(entries.c.kind == kind, entries.c.id == id))


def by_identifier(tx: Transaction, source_id: str, identifier: str) -> EntryRow | Tombstone | None:
    """The entry that a source knows by that identifier, or the one that took its place."""
    return _one(tx, _WHOLE.where(entries.c.source_id == source_id, entries.c.identifier == identifier))


def find(tx: Transaction, name_or_id: str) -> EntryRow | Tombstone | None:
    """The entry with that slug or id, of whatever kind, or the one that took its place."""
    return _one(tx, _WHOLE.where((entries.c.name == name_or_id) | (entries.c.id == name_or_id)))


def origin(tx: Transaction, name_or_id: str) -> tuple[str, str] | None:
    """The source (slug) of the entry with that slug or id, published or removed, and the identifier of its record."""
    query = select(sources.c.name, entries.c.identifier).join(sources, sources.c.id == entries.c.source_id)
    row = tx.execute(query.where((entries.c.name == name_or_id) | (entries.c.id == name_or_id))).first()
    return (row.name, row.identifier) if row else None


def by_ids(tx: Transaction, ids: Iterable[str]) -> list[EntryRow]:
    """Live entries in the order asked for."""
    wanted = list(ids)
    found = {row.id: row for row in _live(tx, _WHOLE.where(LIVE, among(tx, entries.c.id, wanted)))}
    return [found[id] for id in wanted if id in found]


def by_iris(tx: Transaction, iris: Iterable[str], limit: int | None = None) -> dict[str, EntryRow]:
    """Live entries by IRI, in order of name."""
    wanted = list(iris)
    return {row.iri: row for row in _live(tx, _with_iris(limit), iris=wanted)} if wanted else {}


def revisions(tx: Transaction, iris: Iterable[str]) -> list[tuple[str, int]]:
    """Live entries by IRI, each with its revision, in order of IRI."""
    query = select(entries.c.iri, entries.c.revision).where(LIVE, among(tx, entries.c.iri, iris))
    return [(row.iri, row.revision) for row in tx.execute(query.order_by(entries.c.iri))]


def count_iris(tx: Transaction, iris: Iterable[str]) -> int:
    """How many live entries have one of these IRIs."""
    query = select(func.count()).select_from(entries).where(LIVE, entries.c.iri.in_(list(iris)))
    return int(tx.execute(query).scalar_one())


def linked(tx: Transaction, property: str, target: str, limit: int | None = None) -> list[EntryRow]:
    """Live entries that name the target by `property` themselves, in order of name."""
    return _live(tx, _linked(limit), property=property, target=target)


def dated(tx: Transaction, property: str, target: str) -> list[tuple[str, Dated]]:
    """The same as id and dates, of which many can be read for the price of a few whole ones."""
    query = select(entries.c.id, contents.c.said).join(contents, contents.c.entry_id == entries.c.id)
    saying = query.where(LIVE, _SAYING).order_by(entries.c.name)
    rows = tx.execute(saying, {"property": property, "target": target})
    return [(id, unpack(said.entry, Dated)) for id, said in rows]


class Place(NamedTuple):
    """Where a list begins: `offset` entries after one that is named by what it is ordered by and its id; without that
    one, after the begin."""

    after: tuple[Any, str] | None = None
    offset: int = 0


class Order(NamedTuple):
    """In which order entries are listed; equal ones stand in order of id."""

    column: str = "id"
    """`id`, `name`, `created` or `updated`."""
    is_falling: bool = False

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """The same as SQL."""
        both = entries.c[self.column], entries.c.id
        return [one.desc() if self.is_falling else one.asc() for one in both]

    def where(self, place: Place) -> list[ColumnElement[bool]]:
        """What comes after a place, but for its offset."""
        if place.after is None:
            return []
        column = entries.c[self.column]
        own, other = tuple_(column, entries.c.id), tuple_(literal(place.after[0], column.type), place.after[1])
        return [own < other if self.is_falling else own > other]


BY_ID = Order()


def after(tx: Transaction, place: Place, limit: int) -> list[EntryRow]:
    """At most `limit` live entries from a place on, in order of id."""
    # The ids by themselves: what is passed over would be joined and read too.
    ids = select(entries.c.id).where(LIVE, *BY_ID.where(place)).order_by(entries.c.id)
    return _live(tx, _WHOLE.where(entries.c.id.in_(ids.limit(limit).offset(place.offset))).order_by(entries.c.id))


class Within(NamedTuple):
    """Which live entries are listed."""

    kinds: tuple[str, ...]
    since: datetime | None = None
    """When they changed at the earliest, and at the latest (both included)."""
    until: datetime | None = None

    @property
    def where(self) -> list[ColumnElement[bool]]:
        """The same as SQL."""
        since = [entries.c.updated >= self.since] if self.since else []
        until = [entries.c.updated <= self.until] if self.until else []
        return [LIVE, entries.c.kind.in_(self.kinds), *since, *until]


def number(tx: Transaction, within: Within) -> int:
    """How many live entries are listed."""
    return int(tx.execute(select(func.count()).select_from(entries).where(*within.where)).scalar_one())


def listed(tx: Transaction, within: Within, order: Order, place: Place, limit: int) -> list[str]:
    """Ids of live entries from one place on."""
    ids = select(entries.c.id).where(*within.where, *order.where(place)).order_by(*order.columns)
    return list(tx.execute(ids.limit(limit).offset(place.offset)).scalars())


def names(tx: Transaction, kinds: Sequence[str], place: Place, limit: int | None) -> list[str]:
    """The slugs of live entries of some kinds, in order of id."""
    query = select(entries.c.name).where(LIVE, entries.c.kind.in_(kinds), *BY_ID.where(place)).order_by(entries.c.id)
    return list(tx.execute(query.limit(limit).offset(place.offset)).scalars())


def ends(tx: Transaction, within: Within, order: Order, size: int) -> list[tuple[Any, str]]:
    """Where full pages end: what the last entry of each is ordered by, and its id."""
    place = func.row_number().over(order_by=order.columns).label("place")
    numbered = select(entries.c[order.column].label("value"), entries.c.id.label("last"), place).where(*within.where)
    found = numbered.subquery()
    query = select(found.c.value, found.c.last).where(found.c.place % size == 0).order_by(found.c.place)
    return [(row.value, row.last) for row in tx.execute(query)]


def last_ids(
    tx: Transaction, size: int, modified_since: datetime | None = None, kinds: Iterable[str] = KINDS
) -> list[str]:
    """The ids with which full pages of live entries of some kinds end, in order of id; of all, or of those that changed
    since."""
    return [id for _, id in ends(tx, Within(tuple(kinds), modified_since), BY_ID, size)]


def addresses(tx: Transaction, after: str, limit: int) -> list[Address]:
    """Where live entries stand whose ids come after one, in order of id."""
    query = select(entries.c.kind, entries.c.name, entries.c.updated).where(LIVE, entries.c.id > after)
    return [Address(*row) for row in tx.execute(query.order_by(entries.c.id).limit(limit))]


def recent(tx: Transaction, limit: int) -> list[EntryRow]:
    """Live entries, last changed first."""
    return _live(tx, _WHOLE.where(LIVE).order_by(entries.c.revision.desc()).limit(limit))


def changed(tx: Transaction) -> datetime | None:
    """When the live entry that changed last did."""
    query = select(entries.c.updated).where(LIVE).order_by(entries.c.revision.desc()).limit(1)
    return tx.execute(query).scalar_one_or_none()


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


# --- statements that each page asks, made once: to make one takes longer than to answer it ----------------------------

_NAMED = _WHOLE.where(entries.c.kind == bindparam("kind"), entries.c.name == bindparam("name"))
_SAYING = tuple_(entries.c.id, entries.c.iri).in_(
    select(links.c.entry_id, links.c.subject).where(
        links.c.property == bindparam("property"), links.c.target == bindparam("target")
    )
)
"""Whether an entry names the target by a property itself."""


@cache
def _linked(limit: int | None) -> Select[Any]:
    return _WHOLE.where(LIVE, _SAYING).order_by(entries.c.name).limit(limit)


@cache
def _with_iris(limit: int | None) -> Select[Any]:
    some = entries.c.iri.in_(bindparam("iris", expanding=True))
    return _WHOLE.where(LIVE, some).order_by(entries.c.name).limit(limit)


def _one(tx: Transaction, query: Select[Any], **values: str) -> EntryRow | Tombstone | None:
    row = tx.execute(query, values).first()
    for _ in range(MOVES):
        if row is None or row.moved_to is None:
            break
        row = tx.execute(_WHOLE.where(entries.c.id == row.moved_to)).first()
    if row is None:
        return None
    return _entry(row) if row.removed is None else _tombstone(row)


def _live(tx: Transaction, query: Select[Any], **values: object) -> list[EntryRow]:
    return [_entry(row) for row in tx.execute(query, values)]


def _entry(row: Row[Any]) -> EntryRow:
    confirmed = row.confirmed if row.confirmed and not row.missing_runs and not row.pushed else row.checked
    return EntryRow(
        id=row.id,
        name=row.name,
        kind=row.kind,
        iri=row.iri,
        source=row.source_name,
        identifier=row.identifier,
        entry=unpack(row.said.entry, KINDS[row.kind]),
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
