"""What was found at the addresses that entries lead to, and when each is to be asked again."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, bindparam, case, delete, exists, func, select, union_all, update

from ..batches import batched
from .codec import among, pack, unpack, upsert
from .counting import counted
from .database import Database, Transaction
from .entries import LIVE
from .tables import address_uses, addresses, contents, entries, sources

WORKS, BROKEN, BLOCKED, UNKNOWN = "works", "broken", "blocked", ""
"""How an address stands. BLOCKED: it lets no program in, which says nothing about people. UNKNOWN: nobody asked, or
asking cannot tell."""
GATHERED = "gathered"
"""The counter of the highest revision of an entry whose addresses are known."""
ASKED_AT_ONCE = 5_000
"""Values in one question: databases bound them."""


class AddressRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one address."""

    url: str
    host: str
    state: str = UNKNOWN
    code: str = ""
    """Why it is not WORKS: `HTTP_404`, `ROBOTS`, or the code of a `HarvestError`."""
    status: int = 0
    """Of the last answer; 0 when there was none."""
    since: datetime | None = None
    """When it came into this state."""
    asked: datetime | None = None
    """When it was last asked."""
    worked: datetime | None = None
    """When it last worked."""
    failures: int = 0
    """In a row."""
    failed: datetime | None = None
    """When the first of these was seen."""
    size: int | None = None
    """In bytes."""
    media_type: str = ""
    format: str = ""
    """Code of the real format; empty when nothing tells it."""
    modified: datetime | None = None
    """The server's `Last-Modified`."""
    etag: str = ""
    checksum: str = ""
    """SHA-256 in hexadecimal digits, of small files."""
    changes: tuple[datetime, ...] = ()
    """When the file was seen to change, newest last."""


class Use(NamedTuple):
    """An entry that leads to an address."""

    entry_id: str
    name: str
    kind: str
    title: bytes
    publisher: str
    source: str
    source_id: str
    identifier: str
    address: AddressRow


@lru_cache(maxsize=8_192)
def key(url: str) -> bytes:
    """What stands for an address. Remembered: those of a batch are asked for before the writers' lock is taken and
    again while others wait for it."""
    return blake2b(url.encode("utf-8", "replace"), digest_size=16).digest()


# --- which addresses there are ----------------------------------------------------------------------------------------


Changed = tuple[str, int, str, bytes | None]
"""An entry: id, revision, kind, JSON; without JSON one that was removed."""


def changed_since(tx: Transaction, revision: int, limit: int) -> list[Changed]:
    """The entries that changed after a revision, in that order."""
    return _changed(tx, _CHANGED.where(entries.c.revision > revision).order_by(entries.c.revision).limit(limit))


def entry(tx: Transaction, id: str) -> Changed | None:
    """One entry, as it is now."""
    return next(iter(_changed(tx, _CHANGED.where(entries.c.id == id))), None)


_CHANGED = select(entries.c.id, entries.c.revision, entries.c.kind, entries.c.removed, contents.c.said).outerjoin(
    contents, contents.c.entry_id == entries.c.id
)


def _changed(tx: Transaction, query: Select[Any]) -> list[Changed]:
    return [(row.id, row.revision, row.kind, None if row.removed else row.said.entry) for row in tx.execute(query)]


def replace_uses(tx: Transaction, found: Mapping[str, Mapping[str, tuple[str, str]]], moment: datetime) -> None:
    """By id of an entry, the addresses that it leads to from now on, each with its host and use. Those that are new are
    due now; those that nobody leads to any more are forgotten."""
    ids = list(found)
    before = set(tx.execute(select(address_uses.c.key).where(address_uses.c.entry_id.in_(ids))).scalars())
    tx.execute(delete(address_uses).where(address_uses.c.entry_id.in_(ids)))
    fresh = {url: host for uses in found.values() for url, (host, _) in uses.items()}
    blank = {"due": moment, "changes": b"[]"}
    rows = [{"key": key(url), "url": url, "host": host, **blank} for url, host in sorted(fresh.items())]
    upsert(tx, addresses, rows, keep=("url", "host", "due", "changes"))
    uses = [
        {"entry_id": id, "key": key(url), "use": use} for id, some in found.items() for url, (_, use) in some.items()
    ]
    upsert(tx, address_uses, uses)
    used = exists().where(address_uses.c.key == addresses.c.key)
    for some in batched(sorted(before), ASKED_AT_ONCE):
        tx.execute(delete(addresses).where(addresses.c.key.in_(some), ~used))


# --- which are to be asked --------------------------------------------------------------------------------------------

_UNTOLD = addresses.c.state != addresses.c.told


def due(tx: Transaction, moment: datetime, most: int | None) -> tuple[int, datetime | None]:
    """How many are to be asked, or have something to be told, counted to `most`; and since when, if any is to be
    asked."""
    count, since = counted(tx, select(addresses.c.due).where(addresses.c.due <= moment).order_by(addresses.c.due), most)
    left = None if most is None else most - count
    told = select(addresses.c.due).where(_UNTOLD, addresses.c.due > moment)
    return (count + counted(tx, told, left)[0] if left != 0 else count), since


def hosts(tx: Transaction, moment: datetime) -> list[str]:
    """The hosts that have addresses of which something is due, longest first."""
    longest = select(addresses.c.host, func.min(addresses.c.due).label("due")).group_by(addresses.c.host)
    parts = (longest.where(addresses.c.due <= moment), longest.where(_UNTOLD))  # an index for each, and none for both
    found = union_all(*parts).subquery()
    query = select(found.c.host).group_by(found.c.host)
    return list(tx.execute(query.order_by(func.min(found.c.due), found.c.host)).scalars())


def of_host(tx: Transaction, host: str, moment: datetime, limit: int) -> list[tuple[AddressRow, frozenset[str]]]:
    """Addresses of a host that are to be asked, and what each leads to."""
    query = select(addresses).where(addresses.c.host == host, addresses.c.due <= moment)
    rows = list(tx.execute(query.order_by(addresses.c.due, addresses.c.key).limit(limit)))
    uses: dict[bytes, set[str]] = {row.key: set() for row in rows}
    some = select(address_uses.c.key, address_uses.c.use).where(address_uses.c.key.in_(uses)).distinct()
    for one in tx.execute(some):
        uses[one.key].add(one.use)
    return [(row_of(row), frozenset(uses[row.key])) for row in rows]


def save(tx: Transaction, row: AddressRow, due: datetime) -> None:
    """Keeps what was found; nothing when nobody leads there any more."""
    values = msgspec.structs.asdict(row) | {"changes": pack(row.changes), "due": due}
    tx.execute(update(addresses).where(addresses.c.key == key(row.url)).values(values))


def postpone(tx: Transaction, host: str, until: datetime) -> None:
    """Nothing of a host is asked before then."""
    tx.execute(update(addresses).where(addresses.c.host == host, addresses.c.due < until).values(due=until))


def ask_now(tx: Transaction, entry_id: str, moment: datetime) -> int:
    """The addresses of an entry are due. Returns how many they are."""
    those = select(address_uses.c.key).where(address_uses.c.entry_id == entry_id)
    statement = update(addresses).where(addresses.c.key.in_(those)).values(due=moment)
    return tx.execute(statement).rowcount


def untold(tx: Transaction, host: str, limit: int) -> list[tuple[str, str]]:
    """Addresses of a host whose state the quality of their entries was not computed with: (address, state)."""
    query = select(addresses.c.url, addresses.c.state).where(addresses.c.host == host, _UNTOLD).limit(limit)
    return [(row.url, row.state) for row in tx.execute(query)]


def note_told(tx: Transaction, told: Iterable[tuple[str, str]]) -> None:
    """The quality of their entries was computed with these states."""
    for url, state in told:
        tx.execute(update(addresses).where(addresses.c.key == key(url)).values(told=state))


# --- what is known of them --------------------------------------------------------------------------------------------


def states(tx: Transaction, urls: Iterable[str]) -> dict[str, str]:
    """How addresses stand; those that nobody knows are left out."""
    found: dict[str, str] = {}
    for some in batched(sorted({key(url) for url in urls}), ASKED_AT_ONCE):
        query = select(addresses.c.url, addresses.c.state).where(among(tx, addresses.c.key, some))
        found.update((row.url, row.state) for row in tx.execute(query) if row.state)
    return found


def of_entry(tx: Transaction, entry_id: str) -> dict[str, AddressRow]:
    """What is known of the addresses of an entry, by address."""
    return {row.url: row_of(row) for row in tx.execute(_OF_ENTRY, {"entry": entry_id})}


_OF_ENTRY = (  # made once: the page of each entry asks it
    select(addresses)
    .join(address_uses, address_uses.c.key == addresses.c.key)
    .where(address_uses.c.entry_id == bindparam("entry"))
)


def broken_in(database: Database, ids: Sequence[str]) -> set[str]:
    """Those of the entries that lead to a broken address, read at a glance: each page of results asks it. The state is
    part of the statement, or SQLite would not take the index that holds the broken ones alone."""
    return set(database.glance(_BROKEN_IN, ids)) if ids else set()


_BROKEN_IN = (
    "SELECT DISTINCT u.entry_id FROM address_uses u JOIN addresses a ON a.key = u.key "
    "WHERE a.state = 'broken' AND u.entry_id IN ({})"
)


def counts(tx: Transaction, *, publisher: str = "", source: str = "") -> Counter[str]:
    """How many addresses there are of each state: of all entries, of those of one publisher (slug), or of one
    source (slug)."""
    query = select(addresses.c.state, func.count(func.distinct(addresses.c.key)).label("number"))
    query = _among(query.select_from(_USED), publisher, source).group_by(addresses.c.state)
    return Counter({row.state: row.number for row in tx.execute(query)})


class Health(NamedTuple):
    """How the addresses of a source stand."""

    known: int
    """Those that were asked with an answer that tells."""
    broken: int
    fresh: int
    """Of the broken ones, those that broke lately."""


def health(tx: Transaction, since: datetime) -> dict[str, Health]:
    """By id of a source, how its addresses stand; `fresh` are those that have been broken since then or later."""
    columns = (entries.c.source_id, addresses.c.key, addresses.c.state, addresses.c.since)
    told = select(*columns).select_from(_USED).where(LIVE, addresses.c.state.in_((WORKS, BROKEN))).distinct().subquery()
    is_broken = told.c.state == BROKEN
    query = select(
        told.c.source_id,
        func.count().label("known"),
        func.sum(case((is_broken, 1), else_=0)).label("broken"),
        func.sum(case((is_broken & (told.c.since >= since), 1), else_=0)).label("fresh"),
    ).group_by(told.c.source_id)
    return {row.source_id: Health(row.known, int(row.broken), int(row.fresh)) for row in tx.execute(query)}


def standing(
    tx: Transaction, state: str, *, publisher: str = "", source: str = "", offset: int = 0, limit: int
) -> list[Use]:
    """Addresses in a state with the entries that lead to them, those that have been so longest first."""
    query = select(
        addresses,
        entries.c.id.label("entry_id"),
        entries.c.name,
        entries.c.kind,
        entries.c.title,
        entries.c.publisher,
        sources.c.name.label("source"),
        entries.c.source_id,
        entries.c.identifier,
    )
    query = _among(query.select_from(_USED), publisher, source).where(addresses.c.state == state)
    rows = tx.execute(query.order_by(addresses.c.since, addresses.c.key, entries.c.id).offset(offset).limit(limit))
    return [_use(row) for row in rows]


def users(tx: Transaction, urls: Iterable[str]) -> list[tuple[str, str]]:
    """The live entries that lead to these addresses: (source id, identifier)."""
    query = select(entries.c.source_id, entries.c.identifier).select_from(_USED).distinct()
    query = query.where(LIVE, addresses.c.key.in_([key(url) for url in urls]))
    return [(row.source_id, row.identifier) for row in tx.execute(query.order_by(*query.selected_columns))]


_USED = (
    addresses.join(address_uses, address_uses.c.key == addresses.c.key)
    .join(entries, entries.c.id == address_uses.c.entry_id)
    .join(sources, sources.c.id == entries.c.source_id)
)


def _among(query: Select[Any], publisher: str, source: str) -> Select[Any]:
    query = query.where(LIVE)
    query = query.where(entries.c.publisher == publisher) if publisher else query
    return query.where(sources.c.name == source) if source else query


def _use(row: Any) -> Use:
    where = (row.source, row.source_id, row.identifier)
    return Use(row.entry_id, row.name, row.kind, row.title, row.publisher, *where, row_of(row))


def row_of(row: Any) -> AddressRow:
    """A row as a struct."""
    values = {field: getattr(row, field) for field in AddressRow.__struct_fields__ if field != "changes"}
    return AddressRow(**values, changes=unpack(row.changes, tuple[datetime, ...]))
