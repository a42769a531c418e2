"""The records of sources: what producers send or withdraw, and what became of each."""

from collections.abc import Mapping

import msgspec

from dcat.normalise import Note
from harvesters.base import Harvester, RawRecord

from .. import clock
from ..errors import NotFound, found
from ..ingest import identity, raw_records, reference_remarks, trace
from ..ingest.tombstones import bury
from ..settings import Settings
from ..store import missing, outcomes, records, revisions, sources
from ..store.database import Database, Transaction
from ..store.rows import OutcomeRow
from . import intakes, push, registration


class Records:
    """Takes, withdraws and explains single records."""

    def __init__(self, database: Database, settings: Settings, harvesters: Mapping[str, Harvester]) -> None:
        self._database, self._settings, self._harvesters = database, settings, harvesters

    def push(self, source: str, identifier: str, body: bytes, media_type: str) -> OutcomeRow:
        """Takes one record as a harvest would. Raises `NotFound`, `Invalid` for a body that cannot be read."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
        raw, harvester = push.raw_record(self._harvesters, row, identifier, body, media_type)
        with self._database.write() as tx:
            sources.remember(tx, row.id, None)
            intake = intakes.intake(tx, row, harvester, self._settings)
        keeper = push.Receipt()
        raw_records.take(self._database, intake, [raw], keeper, clock.now())
        return keeper.row()

    def withdraw(self, source: str, identifier: str) -> OutcomeRow:
        """Removes one record; its address answers 410. Raises `NotFound`."""

        def work(tx: Transaction) -> OutcomeRow:
            revisions.lock(tx)
            row, now = registration.named(tx, source), clock.now()
            key = identity.clean_identifier(identifier)
            gone = missing.one(tx, row.id, key, now)
            if not gone:
                raise NotFound(f"Source {source!r} has no published record {identifier!r}.")
            bury(tx, row.id, None, gone, code="DELETED_BY_PRODUCER", moment=now)
            sources.remember(tx, row.id, None)
            return outcomes.of_record(tx, row.id, key) or OutcomeRow(identifier=key, outcome="REMOVED")

        return self._database.write_again(work)

    def raw(self, source: str, identifier: str) -> RawRecord:
        """The record as it came; raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            return found(records.raw(tx, row.id, identifier), f"record {identifier!r} of {source!r}")

    def outcome(self, source: str, identifier: str) -> OutcomeRow:
        """What became of a record the last time it changed, with its findings and where its references lead now;
        raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            outcome = found(outcomes.of_record(tx, row.id, identifier), f"record {identifier!r} of {source!r}")
            remarks = reference_remarks.remarks(tx, row.id, identifier)
        return msgspec.structs.replace(outcome, findings=(*outcome.findings, *remarks))

    def trace(self, source: str, identifier: str) -> tuple[Note, ...]:
        """What became of each value of a record, in the order in which it was changed; raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            raw = found(records.raw(tx, row.id, identifier), f"record {identifier!r} of {source!r}")
            intake = intakes.intake(tx, row, push.reader(self._harvesters, row, raw), self._settings)
        return trace.trace(raw, intake)
