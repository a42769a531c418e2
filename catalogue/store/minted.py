"""What was minted under our public address, read to be minted under another one, and written back."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from dcat.model import Agent

from . import revisions
from .codec import pack, unpack
from .database import Transaction
from .records import EntryChange, save_contents
from .tables import agents, contents, entries, keys, records, runs

READ = 100
"""Rows that are fetched together."""


class Minted(NamedTuple):
    """What is stored of an entry, live or removed, beside what `records.known` tells."""

    identifier: str
    entry: bytes
    """JSON of the struct."""
    address: str
    """Where its raw record was read."""
    publisher: str
    publisher_title: bytes


def is_named(tx: Transaction, site: str) -> bool:
    """True when a catalogue record has a name below that address."""
    start = f"<{site}/id/record/"
    with tx.execute(select(contents.c.said).execution_options(stream_results=True, yield_per=READ)) as found:
        return any(start in said.own for said in found.scalars())


def sources(tx: Transaction) -> list[str]:
    """Ids of the sources that have entries, those too that were removed."""
    return sorted(tx.execute(select(entries.c.source_id).distinct()).scalars())


def identifiers(tx: Transaction, source_id: str) -> list[str]:
    """Those of the entries of a source of which more than a tombstone is there, in order."""
    query = select(entries.c.identifier).join(contents, contents.c.entry_id == entries.c.id)
    return list(tx.execute(query.where(entries.c.source_id == source_id).order_by(entries.c.identifier)).scalars())


def read(tx: Transaction, source_id: str, wanted: Iterable[str]) -> list[Minted]:
    """These entries of a source."""
    here = (records.c.source_id == entries.c.source_id) & (records.c.identifier == entries.c.identifier)
    columns = (records.c.address, entries.c.publisher, entries.c.publisher_title)
    query = select(entries.c.identifier, contents.c.said, *columns)
    query = query.join(contents, contents.c.entry_id == entries.c.id).outerjoin(records, here)
    rows = tx.execute(query.where(entries.c.source_id == source_id, entries.c.identifier.in_(list(wanted))))
    return [Minted(row[0], row[1].entry, row[2] or "", *row[3:]) for row in rows]


def keys_of(tx: Transaction, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """By what these entries are known elsewhere, by id."""
    found: dict[str, set[str]] = {}
    for id, key in tx.execute(select(keys.c.entry_id, keys.c.key).where(keys.c.entry_id.in_(list(ids)))):
        found.setdefault(id, set()).add(key)
    return {id: frozenset(some) for id, some in found.items()}


def write(tx: Transaction, changed: list[EntryChange], moment: datetime) -> None:
    """Gives entries the IRI, the JSON and the RDF that they have now; the caller holds the writers' lock."""
    first = revisions.take(tx, len(changed))
    rows = [
        {"key": one.id, "new_iri": one.iri, "new_hash": one.hash, "number": number}
        for number, one in enumerate(changed, first)
    ]
    statement = update(entries).where(entries.c.id == bindparam("key"))
    if rows:
        statement = statement.values(iri=bindparam("new_iri"), hash=bindparam("new_hash"), revision=bindparam("number"))
        tx.execute(statement, rows)
        live = entries.c.id.in_([one.id for one in changed]) & entries.c.removed.is_(None)
        tx.execute(update(entries).where(live).values(updated=moment))
        save_contents(tx, changed)


def move_tombstones(tx: Transaction, old: str, new: str) -> int:
    """Gives entries of which nothing but a tombstone is left their IRI below another address. Returns how many."""
    query = select(entries.c.id, entries.c.iri).where(entries.c.iri.startswith(f"{old}/id/", autoescape=True))
    rows = [{"key": id, "new_iri": new + iri.removeprefix(old)} for id, iri in tx.execute(query)]
    if rows:
        tx.execute(update(entries).where(entries.c.id == bindparam("key")).values(iri=bindparam("new_iri")), rows)
    return len(rows)


def statements(tx: Transaction) -> list[tuple[str, str, str, Agent]]:
    """What sources say about publishers: source, IRI, slug, statement."""
    return [(row.source_id, row.iri, row.publisher, unpack(row.agent, Agent)) for row in tx.execute(select(agents))]


def restate(tx: Transaction, source_id: str, iri: str, publisher: str, agent: Agent) -> None:
    """Puts a statement about a publisher in the place of the one that was under that IRI."""
    tx.execute(delete(agents).where(agents.c.source_id == source_id, agents.c.iri.in_([iri, agent.iri])))
    values = {"source_id": source_id, "iri": agent.iri, "publisher": publisher, "agent": pack(agent)}
    tx.execute(agents.insert().values(values))


def read_by(tx: Transaction, source_id: str, old: bytes, new: bytes) -> None:
    """Records of a source that one mapping read are as another one would have read them."""
    ours = (records.c.source_id == source_id, records.c.mapping == old)
    tx.execute(update(records).where(*ours).values(mapping=new))


def running(tx: Transaction) -> int:
    """How many runs go on."""
    return int(tx.execute(select(func.count()).select_from(runs).where(runs.c.state == "running")).scalar_one())
