"""Records that somebody withdrew: no harvest publishes them, whatever their source lists, until they are put back."""

from collections.abc import Iterable

from harvesters.base import Fetched, RawRecord

from ..store import decisions
from ..store.database import Transaction
from ..store.outcome import Outcome
from .draft import Draft, body_hash

CODE = "WITHDRAWN"
REASON = "It was withdrawn here. It stays away, whatever its source lists, until it is put back."


def draft_of(fetched: Fetched, version: str) -> Draft:
    """What is kept of a withdrawn record that its source still lists: nothing of what it says, only by what `version`
    it is known there."""
    version = fetched.version if isinstance(fetched, RawRecord) else version
    raw = RawRecord(identifier=fetched.identifier, body=b"", media_type="", version=version)
    return Draft(raw=raw, body_hash=body_hash(raw), outcome=Outcome.SKIPPED, code=CODE, reason=REASON)


def without(tx: Transaction, source_id: str, drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts as a harvest may save them. The caller holds the writers' lock: somebody may have withdrawn a record
    while it was read."""
    read = list(drafts)
    gone = decisions.withdrawn(tx, source_id, [id for one in read for id in (one.raw.identifier, one.part_of) if id])
    kept = [one for one in read if one.part_of not in gone]
    return [draft_of(one.raw, "") if one.raw.identifier in gone else one for one in kept]
