"""A record that a producer sends, made into the raw record that a harvest would have fetched."""

import hashlib
from collections.abc import Mapping

import msgspec

from dcat.entries import SeveralEntries
from harvesters import LINGUA_FRANCA
from harvesters.base import Harvester, RawRecord

from .. import audit
from ..errors import Invalid
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import Taken, outcome_row
from ..store import decisions, entries, revisions, sources
from ..store.database import Transaction
from ..store.outcome import PUBLISHED
from ..store.rows import EntryRow, OutcomeRow, SourceRow
from .conditions import Condition


def raw_record(
    harvesters: Mapping[str, Harvester], source: SourceRow, identifier: str, body: bytes, media_type: str
) -> tuple[RawRecord, Harvester]:
    """The raw record and what reads it: in a form of the source's own kind, or in RDF.

    Raises `Invalid` for a body that cannot be read.
    """
    if not clean_identifier(identifier):
        raise Invalid("A record needs an identifier.", "identifier")
    if not body.strip():
        raise Invalid("The body is empty; the record stands in it. curl sends a file with --data-binary @FILE.", "body")
    try:
        for kind in (source.kind, LINGUA_FRANCA):
            if (raw := harvesters[kind].record(identifier, body, media_type)) is not None:
                return raw, harvesters[kind]
    except SeveralEntries as error:
        together = f"Or send all of them together: POST /api/1/dataset/{source.name}/"
        raise Invalid(f"The record cannot be read: {error} {together}", "body") from error
    except ValueError as error:
        raise Invalid(f"The record cannot be read: {error}", "body") from error
    raise Invalid(f"A record of {media_type or 'no type'} cannot be read; send it in RDF.", "body")


def reader(harvesters: Mapping[str, Harvester], source: SourceRow, raw: RawRecord) -> Harvester:
    """What reads a record that was kept, whether it was harvested or sent."""
    own = harvesters[source.kind]
    return own if raw.media_type in own.record_types else harvesters[LINGUA_FRANCA]


def check(tx: Transaction, source_id: str, identifier: str, condition: Condition) -> str:
    """Asks the condition with the writers' lock held: what it saw is still so when the change is made. Returns the
    version that it was asked about."""
    revisions.lock(tx)
    found = version(tx, source_id, identifier)
    condition(found)
    return found


def version(tx: Transaction, source_id: str, identifier: str) -> str:
    """What is published of a record now, and how it is corrected; empty when nothing is.

    A correction counts as soon as it stands, before the record is read again with it: of two people who correct the
    same version at the same time, the second is told.
    """
    entry = entries.by_identifier(tx, source_id, identifier)
    if not isinstance(entry, EntryRow):
        return ""
    corrected = decisions.corrections(tx, source_id, [identifier]).get(identifier)
    return f"{entry.version}-{_digest(corrected)}" if corrected else entry.version


def _digest(corrected: Mapping[str, str]) -> str:
    return hashlib.blake2b(msgspec.json.encode(corrected, order="sorted"), digest_size=8).hexdigest()


class Rereading:
    """Nobody waits for what becomes of a record that is read again."""

    def deciding(self, tx: Transaction) -> None:
        """On no condition."""

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:
        """Whoever had it read again has told of it."""

    def saved(self, taken: list[Taken], written: int) -> None:
        """Nothing is kept."""


class Receipt:
    """What became of the one record that was sent, on a condition."""

    def __init__(self, source: SourceRow, identifier: str, condition: Condition) -> None:
        self._source, self._identifier, self._condition = source, clean_identifier(identifier), condition
        self._taken: list[Taken] = []
        self._before = self._version = ""

    def deciding(self, tx: Transaction) -> None:
        """Raises what the condition raises."""
        self._before = check(tx, self._source.id, self._identifier, self._condition)

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:  # noqa: ARG002 (as a run has it)
        """A run that goes on must not think that it knows everything; which version is there now."""
        sources.disturb(tx, self._source.id)
        if taken[0].outcome in PUBLISHED:  # sent again, it is wanted again
            decisions.put_back(tx, self._source.id, self._identifier)
        self._version = version(tx, self._source.id, self._identifier)
        what = {"before": {"version": self._before}, "after": {"version": self._version}}
        audit.record(tx, "record.push", f"{self._source.name} {self._identifier}", **what)

    def saved(self, taken: list[Taken], written: int) -> None:  # noqa: ARG002 (as the keeper of a run has it)
        """Keeps the outcome."""
        self._taken += taken

    def row(self) -> OutcomeRow:
        """The outcome for the producer: that of the record's own entry, which comes before those of its parts."""
        return outcome_row(self._taken[0], version=self._version)
