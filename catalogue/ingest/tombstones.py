"""Entries that are removed: what is left of them, and why they went."""

from datetime import datetime

from ..store import missing
from ..store.database import Transaction
from ..store.missing import Absent
from . import twins

REASONS = {
    "MISSING_AT_SOURCE": "The source no longer lists it.",
    "DELETED_AT_SOURCE": "The source says that it deleted it, or no longer publishes it.",
    "SOURCE_REMOVED": "The source it came from was taken off the catalogue.",
    "DELETED_BY_PRODUCER": "Its producer withdrew it. No harvest publishes it until it is put back.",
    "MOVED": "It has another identifier at the source now.",
}
"""Why an entry was removed, by the code that its tombstone keeps."""


def bury(
    tx: Transaction, source_id: str, run_id: int | None, gone: list[Absent], *, code: str, moment: datetime
) -> int:
    """Makes tombstones of entries, with the words for the reason. Returns rows written."""
    with twins.watched(tx, (absent.id for absent in gone)):
        return missing.bury(tx, source_id, run_id, gone, code=code, sentence=REASONS[code], moment=moment)
