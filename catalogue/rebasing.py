"""Everything of ours is named under another public address, as if it had come in there (`ingest.reminting`)."""

from collections.abc import Iterator
from datetime import datetime

from . import audit
from .batches import batched
from .errors import Conflict, Invalid
from .ingest import answering, fingerprint, reminting
from .ingest.reminting import Move
from .ingest.restating import restated
from .settings import Settings
from .sources import intakes
from .store import minted, outbox, records, revisions, sites, sources
from .store.database import Transaction
from .store.records import EntryChange

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
    outbox.note_mended(tx)  # everything that is shown is asked for again
    audit.record(tx, "catalogue.rebase", "catalogue", before={"site_url": move.old}, after={"site_url": move.new})
    return count


def _changes(
    tx: Transaction, source_id: str, identifiers: list[str], move: Move, settings: Settings
) -> Iterator[EntryChange]:
    known = records.known(tx, source_id, identifiers)
    keys = minted.keys_of(tx, (one.entry_id for one in known.values()))
    rows = [(one, known[one.identifier]) for one in minted.read(tx, source_id, identifiers)]
    named = [reminting.entry(one.entry, row.kind, row.entry_id, move, settings.languages) for one, row in rows]
    reachable = answering.reachable(tx, named)
    for (one, row), entry in zip(rows, named, strict=True):
        own = frozenset(map(move.key, keys.get(row.entry_id, ())))
        yield restated(one, row, entry, own, iri=move.of(row.iri), site=move.new, reachable=reachable)


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
