"""Everything of ours is named under another public address, as if it had come in there (`ingest.reminting`)."""

from collections.abc import Iterator
from datetime import datetime

from dcat.model import Texts
from dcat.write import own_and_shared

from . import audit, clock
from .batches import batched
from .errors import Conflict, Invalid
from .ingest import catalog_record, fingerprint, identity, reminting
from .ingest.catalog_record import Topic
from .ingest.edition import edition
from .ingest.reminting import Move
from .settings import Settings
from .sources import intakes
from .store import minted, records, revisions, sites, sources
from .store.codec import unpack
from .store.database import Transaction
from .store.minted import Minted
from .store.records import EntryChange, Known

BATCH = 200
"""Entries that are in memory at a time."""


def rebase(tx: Transaction, move: Move, settings: Settings, moment: datetime) -> int:
    """Returns how many entries; raises as `PublicAddress.rebase`."""
    revisions.lock(tx)
    if move.old != sites.minted_at(tx) and not minted.is_named(tx, move.old):
        raise Invalid(f"Nothing was named under {move.old}; it was under {sites.minted_at(tx) or 'none yet'}.", "old")
    if number := minted.running(tx):
        raise Conflict(f"Runs that go on: {number}. Stop the workers, or wait until they are done.")
    count = 0
    for source_id in minted.sources(tx):
        for some in batched(minted.identifiers(tx, source_id), BATCH):
            changes = list(_changes(tx, source_id, some, move, settings))
            minted.write(tx, changes, moment)
            count += len(changes)
    minted.move_tombstones(tx, move.old, move.new)
    _restate(tx, move)
    _reread(tx, move, settings)
    sites.move(tx, *move, moment)
    audit.record(tx, "catalogue.rebase", "catalogue", before={"site_url": move.old}, after={"site_url": move.new})
    return count


def _changes(
    tx: Transaction, source_id: str, identifiers: list[str], move: Move, settings: Settings
) -> Iterator[EntryChange]:
    known = records.known(tx, source_id, identifiers)
    keys = minted.keys_of(tx, (one.entry_id for one in known.values()))
    for one in minted.read(tx, source_id, identifiers):
        entry = known[one.identifier]
        yield _change(one, entry, frozenset(map(move.key, keys.get(entry.entry_id, ()))), move, settings)


def _change(stored: Minted, known: Known, keys: frozenset[str], move: Move, settings: Settings) -> EntryChange:
    """One entry, as it would be if it had come in under the new address."""
    id, base = known.entry_id, identity.minted_iri(move.new, known.kind, known.entry_id)
    entry = reminting.entry(stored.entry, known.kind, id, move, settings.languages)
    made = edition(entry, base, keys)
    created = known.created or clock.now()
    topic = Topic(identity.minted_iri(move.new, "record", id), entry, known.findings, stored.address, created)
    found = catalog_record.quality_of(topic, move.new)
    own, shared = own_and_shared(catalog_record.record(topic, found, clock.now()))
    return EntryChange(
        id=id,
        kind=known.kind,
        name=known.name,
        iri=move.of(known.iri),
        title=entry.title,
        publisher=stored.publisher,
        publisher_title=unpack(stored.publisher_title, Texts),
        hash=made.hash,
        entry=made.body,
        own=made.said.own + own,
        shared=made.said.shared + shared,
        pending=made.said.pending,
        named=made.said.named,
        references=made.said.references,
        keys=keys,
        agent=None,
        registers=None,
        releases=None,
        created=created,
        assessment=catalog_record.assessment(topic, found),
    )


def _restate(tx: Transaction, move: Move) -> None:
    """What sources say about publishers."""
    for source_id, iri, publisher, agent in minted.statements(tx):
        if (moved := reminting.agent(agent, move)) != agent or move.of(iri) != iri:
            minted.restate(tx, source_id, iri, publisher, moved)


def _reread(tx: Transaction, move: Move, settings: Settings) -> None:
    """Records need not be read again: read under the new address, they would say what they say now."""
    for row in sources.all(tx):
        old, new = (fingerprint.of(intakes.source_of(row), settings, site) for site in move)
        minted.read_by(tx, row.id, old, new)
