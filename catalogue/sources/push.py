"""A record that a producer sends, made into the raw record that a harvest would have fetched."""

from collections.abc import Mapping

from harvesters.base import Harvester, RawRecord
from harvesters.dcat_feed import parse_record

from ..errors import Invalid
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import Taken
from ..store.database import Transaction
from ..store.rows import OutcomeRow, SourceRow

READER_OF_RDF = "dcat"
"""Kind whose harvester reads a record in RDF, whatever the source is."""
JSON = "application/json"
RECORD_TYPE = "application/n-triples"
"""Media type of records in RDF, as `parse_record` makes them."""


def raw_record(
    harvesters: Mapping[str, Harvester], source: SourceRow, identifier: str, body: bytes, media_type: str
) -> tuple[RawRecord, Harvester]:
    """The raw record and what reads it. Raises `Invalid` for a body that cannot be read."""
    if not clean_identifier(identifier):
        raise Invalid("A record needs an identifier.", "identifier")
    kind = media_type.partition(";")[0].strip().lower()
    if kind == JSON and source.kind != READER_OF_RDF:
        return RawRecord(identifier=identifier, body=body, media_type=JSON), harvesters[source.kind]
    try:
        return parse_record(body, media_type, identifier), harvesters[READER_OF_RDF]
    except ValueError as error:
        raise Invalid(f"The record cannot be read: {error}", "body") from error


def reader(harvesters: Mapping[str, Harvester], source: SourceRow, raw: RawRecord) -> Harvester:
    """What reads a record that was kept, whether it was harvested or sent."""
    return harvesters[READER_OF_RDF if raw.media_type == RECORD_TYPE else source.kind]


class Receipt:
    """What became of the one record that was sent."""

    def __init__(self) -> None:
        self._taken: list[Taken] = []

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:
        """Nothing more is saved with it."""

    def saved(self, taken: list[Taken], written: int) -> None:  # noqa: ARG002 (as the keeper of a run has it)
        """Keeps the outcome."""
        self._taken += taken

    def row(self) -> OutcomeRow:
        """The outcome for the producer."""
        (one,) = self._taken
        return OutcomeRow(
            identifier=one.identifier,
            outcome=one.outcome,
            name=one.name,
            code=one.code,
            reason=one.reason,
            findings=one.findings,
        )
