"""Publishers: slugs for life, and what their sources say about them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Row, Select, func, select

from dcat.model import Agent, Texts

from .codec import among, pack, unpack, upsert
from .database import Transaction
from .entries import LIVE
from .rows import PublisherRow
from .tables import agents, entries, publishers


def slugs(tx: Transaction, iris: Iterable[str]) -> dict[str, str]:
    """Slugs of the publishers with these IRIs, as far as they are known."""
    query = select(agents.c.iri, agents.c.publisher).where(among(tx, agents.c.iri, iris))
    return {iri: publisher for iri, publisher in tx.execute(query)}  # noqa: C416 (rows, not pairs)


def statements(tx: Transaction, source_id: str, iris: Iterable[str]) -> dict[str, Agent]:
    """What this source last said about these publishers."""
    query = select(agents.c.iri, agents.c.agent).where(agents.c.source_id == source_id, among(tx, agents.c.iri, iris))
    return {row.iri: unpack(row.agent, Agent) for row in tx.execute(query)}


def register(tx: Transaction, title: dict[str, Texts], moment: datetime) -> None:
    """Makes sure that these slugs exist; a slug that does keeps the title it was registered by."""
    rows = [{"name": name, "title": pack(texts), "created": moment} for name, texts in title.items()]
    upsert(tx, publishers, rows, keep=("title", "created"))


def exists(tx: Transaction, name: str) -> bool:
    """True when that slug was given to somebody."""
    return tx.execute(select(publishers.c.name).where(publishers.c.name == name)).scalar() is not None


def all(tx: Transaction) -> list[PublisherRow]:
    """Publishers with at least one live entry, in order of slug."""
    return [row for row in _rows(tx) if row.updated is not None]


def by_name(tx: Transaction, name: str) -> PublisherRow | None:
    """The publisher with that slug, with or without entries."""
    return next(iter(_rows(tx, [name])), None)


def by_iri(tx: Transaction, iri: str) -> PublisherRow | None:
    """The publisher with that IRI."""
    name = slugs(tx, [iri]).get(iri)
    return by_name(tx, name) if name else None


def titles(tx: Transaction) -> dict[str, Texts]:
    """What all publishers are called, by slug, with or without entries."""
    said = _said(tx, None)
    registered = select(publishers.c.name, publishers.c.title)
    return {row.name: _shown(said.get(row.name, ()), row.title).name for row in tx.execute(registered)}


def _rows(tx: Transaction, names: Collection[str] | None = None) -> list[PublisherRow]:
    """The publishers with these slugs, or all, in order of slug."""
    said, tallies = _said(tx, names), _tallies(tx, names)
    query = _of(select(publishers), publishers.c.name, names).order_by(publishers.c.name)
    return [_row(row, said.get(row.name, ()), tallies.get(row.name, ())) for row in tx.execute(query)]


def _of(query: Select[Any], column: Column[str], names: Collection[str] | None) -> Select[Any]:
    return query if names is None else query.where(column.in_(names))


def _said(tx: Transaction, names: Collection[str] | None) -> dict[str, list[Agent]]:
    """What sources say about each."""
    said: dict[str, list[Agent]] = {}
    query = select(agents.c.publisher, agents.c.agent).order_by(agents.c.source_id, agents.c.iri)
    for row in tx.execute(_of(query, agents.c.publisher, names)):
        said.setdefault(row.publisher, []).append(unpack(row.agent, Agent))
    return said


def _tallies(tx: Transaction, names: Collection[str] | None) -> "dict[str, list[_Tally]]":
    """How many live entries of each kind each has."""
    columns = entries.c.publisher, entries.c.kind
    live = select(*columns, func.count(), func.max(entries.c.updated)).where(LIVE).group_by(*columns)
    tallies: dict[str, list[_Tally]] = {}
    for publisher, *tally in tx.execute(_of(live, entries.c.publisher, names)):
        tallies.setdefault(publisher, []).append(_Tally(*tally))
    return tallies


class _Tally(NamedTuple):
    kind: str
    number: int
    newest: datetime


def _shown(said: Iterable[Agent], registered: bytes) -> Agent:
    """What is shown of what was said; who has no name there keeps the one it was registered by."""
    agent = max(said, key=_completeness, default=Agent())
    return agent if agent.name else msgspec.structs.replace(agent, name=unpack(registered, Texts))


def _row(row: Row[Any], said: Iterable[Agent], tallies: Iterable[_Tally]) -> PublisherRow:
    agent = _shown(said, row.title)
    number = {tally.kind: tally.number for tally in tallies}
    return PublisherRow(
        name=row.name,
        iri=agent.iri or "",
        title=agent.name,
        datasets=number.get("dataset", 0),
        services=number.get("service", 0),
        updated=max((tally.newest for tally in tallies), default=None),
        type=(agent.type.iri or "").rpartition("/")[2] if agent.type else "",
        homepage=(agent.homepage.iri or "") if agent.homepage else "",
        mbox=agent.mbox or "",
    )


def _completeness(agent: Agent) -> tuple[int, bool, bool, bool]:
    """The statement that says most is shown; of equals the one that comes first by source and IRI."""
    return len(agent.name), agent.type is not None, agent.homepage is not None, agent.mbox is not None
