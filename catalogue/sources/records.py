"""The records of sources: what producers send or withdraw, and what became of each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

import msgspec

from dcat.normalise import Note
from harvesters.base import Harvester, RawRecord

from .. import audit, clock
from ..batches import batched
from ..errors import Invalid, NotFound, found
from ..ingest import corrections, identity, raw_records, reference_remarks, trace
from ..ingest.draft import Intake
from ..ingest.erased import Erased
from ..ingest.tombstones import bury
from ..settings import Settings
from ..store import decisions, entries, missing, outcomes, records, sources
from ..store.database import Database, Transaction
from ..store.outcome import Outcome
from ..store.rows import EntryRow, OutcomeRow, SourceRow, TokenRow, WithdrawnRow
from . import bulk, intakes, mandates, push, registration
from .conditions import Condition, anyhow

T = TypeVar("T")

BATCH = 500
"""Records of one request that are saved together."""


class Records:
    """Takes, withdraws and explains single records."""

    def __init__(self, database: Database, settings: Settings, harvesters: Mapping[str, Harvester]) -> None:
        self._database, self._settings, self._harvesters = database, settings, harvesters

    def push(
        self,
        source: str,
        identifier: str,
        body: bytes,
        media_type: str,
        *,
        condition: Condition = anyhow,
        key: TokenRow | None = None,
    ) -> OutcomeRow:
        """Takes one record as a harvest would, for whom the key that sends it was made. Raises `NotFound`, `Invalid`
        for a body that cannot be read, and what the condition raises."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            raw, harvester = push.raw_record(self._harvesters, row, identifier, body, media_type)
            intake = self._sent(intakes.intake(tx, row, harvester, self._settings), key)
        receipt = push.Receipt(row, identifier, condition)
        raw_records.take(self._database, intake, [raw], receipt, clock.now(), again=True)
        return receipt.row()

    def push_many(self, source: str, body: bytes, media_type: str, *, key: TokenRow | None = None) -> list[OutcomeRow]:
        """Takes the records of one body, lines of JSON or a graph; a bad one leaves the others alone. Gives the outcome
        of each and of its parts, those that cannot be read first. Raises `NotFound`, `Invalid` for a body of which
        nothing can be read."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
        sent, receipts = bulk.read(self._harvesters, row, body, media_type), bulk.Receipts(row)
        for harvester in dict.fromkeys(harvester for _, harvester in sent.raws.values()):
            with self._database.read() as tx:
                intake = self._sent(intakes.intake(tx, row, harvester, self._settings), key)
            raws = [raw for raw, reader in sent.raws.values() if reader is harvester]
            for some in batched(raws, BATCH):
                raw_records.take(self._database, intake, some, receipts, clock.now(), again=True)
        return [*sent.bad, *receipts.rows]

    def _sent(self, intake: Intake, key: TokenRow | None) -> Intake:
        """For what is sent with a key."""
        return replace(intake, mandate=mandates.of(key, self._settings)) if key else intake

    def of_source(self, source: str, offset: int, limit: int) -> tuple[int, list[OutcomeRow]]:
        """How many records of a source there are, and what stands of some of them, in order of identifier."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            return outcomes.of_source(tx, row.id, offset, limit)

    def withdraw(self, source: str, identifier: str, *, condition: Condition = anyhow) -> OutcomeRow:
        """Removes one record with its parts; they answer 410, and no harvest publishes them until somebody puts them
        back. Raises `NotFound`, and what the condition raises."""

        def work(tx: Transaction) -> OutcomeRow:
            row, now = registration.named(tx, source), clock.now()
            key = identity.clean_identifier(identifier)
            version = push.check(tx, row.id, key, condition)
            gone = missing.of_record(tx, row.id, key, now)
            if not gone:
                raise absent(tx, row, identifier, "published record")
            bury(tx, row.id, None, gone, code="DELETED_BY_PRODUCER", moment=now)
            decisions.withdraw(tx, row.id, key, now)
            sources.disturb(tx, row.id)
            audit.record(tx, "record.withdraw", f"{source} {key}", before={"version": version}, after={"version": ""})
            return outcomes.of_record(tx, row.id, key) or OutcomeRow(identifier=key, outcome=Outcome.REMOVED)

        return self._database.write_again(work)

    def withdrawn(self, source: str, offset: int = 0, limit: int = 100) -> tuple[int, list[WithdrawnRow]]:
        """How many records of a source were withdrawn and not put back, and some of them, the last one first."""
        with self._database.read() as tx:
            return decisions.kept_away(tx, registration.named(tx, source).id, offset, limit)

    def put_back(self, source: str, identifier: str) -> None:
        """Lets harvests publish a record again that was withdrawn; the next one does. Raises `NotFound`."""
        with self._database.write() as tx:
            row, key = registration.named(tx, source), identity.clean_identifier(identifier)
            if not decisions.put_back(tx, row.id, key):
                raise NotFound(f"Record {identifier!r} of {source!r} was not withdrawn.{meant(tx, row, key)}")
            sources.disturb(tx, row.id)
            audit.record(tx, "record.put-back", f"{source} {key}")

    def correct(
        self,
        source: str,
        identifier: str,
        values: Mapping[str, str],
        *,
        condition: Condition = anyhow,
        key: TokenRow | None = None,
    ) -> OutcomeRow:
        """Lays values over single fields of a published record, named as people do (`title[fr]`, `licence`); an empty
        value takes the correction away. They stay through every harvest, until the source says the same.

        Raises `NotFound`, `Invalid` with the field for one that is none or a value that cannot be published, and what
        the condition raises.
        """
        name = identity.clean_identifier(identifier)
        fields = {corrections.field_of(name): value.strip() for name, value in values.items()}
        with self._database.read() as tx:
            row = registration.named(tx, source)
            raw = known(tx, row, identifier, records.raw(tx, row.id, name))
            _check_whom_they_name(intakes.erased(tx, self._settings), fields)
            intake = self._sent(intakes.intake(tx, row, push.reader(self._harvesters, row, raw), self._settings), key)

        def work(tx: Transaction) -> None:
            push.check(tx, row.id, name, condition)
            entry = entries.by_identifier(tx, row.id, name)
            if not isinstance(entry, EntryRow):
                raise absent(tx, row, identifier, "published record")
            before = decisions.corrections(tx, row.id, [name]).get(name, {})
            for field, value in fields.items():
                if value:
                    mandates.check(tx, intake.mandate, field, value)
                    corrections.check(entry.entry, field, value, intake.context)
            decisions.correct(tx, row.id, name, fields, clock.now())
            sources.disturb(tx, row.id)
            was = {field: before.get(field, "") for field in fields}
            audit.record(tx, "record.correct", f"{source} {name}", before=was, after=fields)

        self._database.write_again(work)
        raw_records.take(self._database, intake, [raw], push.Rereading(), clock.now(), again=True, keeps=True)
        return self.outcome(source, name)

    def origin(self, name: str) -> tuple[str, str]:
        """The source (slug) of an entry, published or removed, and the record's identifier there; raises
        `NotFound`."""
        with self._database.read() as tx:
            return found(entries.origin(tx, name), f"dataset, service or series {name!r}")

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
            outcome = known(tx, row, identifier, outcomes.of_record(tx, row.id, identifier))
            remarks = reference_remarks.remarks(tx, row.id, identifier)
            version = push.version(tx, row.id, identifier)
        return msgspec.structs.replace(outcome, findings=(*outcome.findings, *remarks), version=version)

    def trace(self, source: str, identifier: str) -> tuple[Note, ...]:
        """What became of each value of a record, in the order in which it was changed; raises `NotFound`."""
        with self._database.read() as tx:
            row = registration.named(tx, source)
            raw = found(records.raw(tx, row.id, identifier), f"record {identifier!r} of {source!r}")
            intake = intakes.intake(tx, row, push.reader(self._harvesters, row, raw), self._settings)
            corrected = decisions.corrections(tx, row.id, [identifier]).get(identifier, {})
        return trace.trace(raw, intake, identifier, corrected)


def _check_whom_they_name(erased: Erased, fields: Mapping[str, str]) -> None:
    for field, value in fields.items():
        if erased.is_in(value):
            raise Invalid("This names a person whose data were erased on demand.", field)


def known(tx: Transaction, source: SourceRow, identifier: str, row: T | None) -> T:
    """What is kept of a record; raises `NotFound` with those that may be meant."""
    if row is None:
        raise absent(tx, source, identifier)
    return row


def absent(tx: Transaction, source: SourceRow, identifier: str, what: str = "record") -> NotFound:
    """That a source has no such record, with those that may be meant."""
    key = identity.clean_identifier(identifier)
    return NotFound(f"Source {source.name!r} has no {what} {identifier!r}.{meant(tx, source, key)}")


def meant(tx: Transaction, source: SourceRow, identifier: str) -> str:
    """Records that may be meant by an identifier that is none, as a sentence of its own: where the address of a record
    identifies it, its dct:identifier does not."""
    if not identifier or not (found := records.alike(tx, source.id, identifier)):
        return ""
    named = ", ".join(quote(one, safe="") for one in found)
    return f" Its identifier may be {' or '.join(map(repr, found))}: in an address, {named}."
