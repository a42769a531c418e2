"""Many records in one request: lines of JSON, or one graph of RDF. A bad one is told, and the others are taken."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from harvesters import HARVESTERS, LINGUA_FRANCA
from harvesters.base import Crawl, Harvester, HarvestError, RawRecord, Source
from harvesters.http import OneAnswer, Response

from .. import audit
from ..errors import Invalid
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import Taken, outcome_row
from ..store import decisions, sources
from ..store.database import Transaction
from ..store.outcome import PUBLISHED, Outcome
from ..store.rows import OutcomeRow, SourceRow
from . import push

NDJSON = ("application/x-ndjson", "application/jsonl")
"""Media types of lines of JSON."""
MOST = 10_000
"""Records of one request."""
_HERE = "https://sent.invalid/graph"


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line: a record, by the producer's own identifier of it."""

    identifier: str
    record: dict[str, Any]
    """DCAT in JSON-LD, or the JSON of the kind of the source."""


class Sent(NamedTuple):
    """What was sent: the records that can be read, by who reads them, and the others with the reason."""

    raws: dict[str, tuple[RawRecord, Harvester]]
    """By identifier, in the order sent."""
    bad: list[OutcomeRow]


def read(harvesters: Mapping[str, Harvester], source: SourceRow, body: bytes, media_type: str) -> Sent:
    """The records of a body. Raises `Invalid` when nothing of it can be read."""
    if not body.strip():
        raise Invalid("The body is empty; the records stand in it. curl sends a file with --data-binary @FILE.", "body")
    type = media_type.partition(";")[0].strip().lower()
    found = _lines(harvesters, source, body) if type in NDJSON else _graph(body, media_type)
    sent = Sent({}, [])
    for identifier, what in found:
        if isinstance(what, str):
            sent.bad.append(_refused(identifier, what))
        elif identifier in sent.raws:
            sent.bad.append(_refused(identifier, "Another record of this request has the same identifier."))
        else:
            sent.raws[identifier] = what
        if len(sent.raws) + len(sent.bad) > MOST:
            raise Invalid(f"A request may have {MOST:,} records; send the others in another one.", "body")
    if not sent.raws and not sent.bad:
        raise Invalid("The body has no record.", "body")
    return sent


def _lines(
    harvesters: Mapping[str, Harvester], source: SourceRow, body: bytes
) -> Iterator[tuple[str, tuple[RawRecord, Harvester] | str]]:
    for number, text in enumerate(body.splitlines(), 1):
        if not text.strip():
            continue
        identifier = f"line {number}"
        try:
            line = msgspec.json.decode(text, type=Line)
            identifier = clean_identifier(line.identifier) or identifier
            is_linked = any(key.startswith("@") for key in line.record)
            form = "application/ld+json" if is_linked else "application/json"
            yield (
                identifier,
                push.raw_record(harvesters, source, line.identifier, msgspec.json.encode(line.record), form),
            )
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            yield identifier, f"Line {number} is no object with `identifier` and `record`: {error}."
        except Invalid as error:
            yield identifier, str(error)


def _graph(body: bytes, media_type: str) -> Iterator[tuple[str, tuple[RawRecord, Harvester] | str]]:
    reader, crawl = HARVESTERS[LINGUA_FRANCA], Crawl()
    document = Response(_HERE, 200, {"content-type": media_type}, body, proven=True)
    source = Source(id="sent", name="sent", title="sent", url=_HERE, kind=LINGUA_FRANCA)
    try:
        with OneAnswer(document) as client:
            for raw in reader.records_of(client, source, crawl):
                if isinstance(raw, RawRecord):
                    kept = msgspec.structs.replace(raw, address="", version="")
                    yield clean_identifier(raw.identifier), (kept, reader)
    except HarvestError as error:
        raise Invalid(f"The graph cannot be read: {str(error).replace(_HERE, 'it')}", "body") from error


def _refused(identifier: str, reason: str) -> OutcomeRow:
    return OutcomeRow(identifier=identifier, outcome=Outcome.REFUSED, code="UNREADABLE", reason=reason)


class Receipts:
    """What became of each record of a request."""

    def __init__(self, source: SourceRow) -> None:
        self._source = source
        self.rows: list[OutcomeRow] = []

    def deciding(self, tx: Transaction) -> None:
        """On no condition."""

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:
        """A run that goes on must not think that it knows everything; what is sent again is wanted again."""
        sources.disturb(tx, self._source.id)
        published = [one.identifier for one in taken if one.outcome in PUBLISHED]
        for identifier in decisions.withdrawn(tx, self._source.id, published):
            decisions.put_back(tx, self._source.id, identifier)
        audit.record(tx, "records.push", self._source.name, after={"records": len(taken), "rows": written})

    def saved(self, taken: list[Taken], written: int) -> None:  # noqa: ARG002 (as a run has it)
        """Keeps the outcomes."""
        self.rows += map(outcome_row, taken)
