"""The quality of the entries whose addresses stand otherwise than when it was last computed."""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from dcat.model import KINDS

from .. import clock
from ..ingest import answering
from ..ingest.restating import restated
from ..stopping import Stop
from ..store import addresses, assessments, minted, records, revisions, sites
from ..store.database import Database, Transaction
from ..store.records import EntryChange

TOGETHER = 50
"""Addresses whose entries are looked at in one transaction."""


def reassess(database: Database, host: str, site_url: str, stop: Stop) -> int:
    """Of all entries that lead to a host. Returns how many are published anew."""
    count = 0

    def work(tx: Transaction) -> tuple[int, int]:
        revisions.lock(tx)
        told = addresses.untold(tx, host, TOGETHER)
        changes = list(_changes(tx, [url for url, _ in told], sites.minted_at(tx) or site_url))
        minted.write(tx, changes, clock.now())
        addresses.note_told(tx, told)
        return len(told), len(changes)

    while not stop.asked:
        told, changed = database.write_again(work)
        count += changed
        if not told:
            break
    return count


def _changes(tx: Transaction, urls: list[str], site: str) -> Iterator[EntryChange]:
    for source_id, some in groupby(addresses.users(tx, urls), key=lambda user: user[0]):
        identifiers = [identifier for _, identifier in some]
        known = records.known(tx, source_id, identifiers)
        assessed = assessments.hashes(tx, [one.entry_id for one in known.values()])
        keys = minted.keys_of(tx, (one.entry_id for one in known.values()))
        rows = [(one, known[one.identifier]) for one in minted.read(tx, source_id, identifiers)]
        said = [msgspec.json.decode(one.entry, type=KINDS[row.kind]) for one, row in rows]
        reachable = answering.reachable(tx, said)
        for (one, row), entry in zip(rows, said, strict=True):
            own = keys.get(row.entry_id, frozenset())
            change = restated(one, row, entry, own, iri=row.iri, site=site, reachable=reachable)
            if change.assessment.hash != assessed.get(row.entry_id):
                yield change
