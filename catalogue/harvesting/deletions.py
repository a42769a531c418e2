"""What a source itself says of its records: that it deleted them, or that they are public no longer.

Such a word needs no second run to be believed.
"""

from collections.abc import Iterable
from datetime import datetime

from ..batches import batched
from ..ingest import tombstones
from ..ingest.identity import clean_identifier
from ..store import records
from ..store.database import Transaction
from ..store.missing import Absent

AT_ONCE = 500
"""Identifiers in one statement."""

WITHDRAWN = frozenset({"PRIVATE", "NOT_ACTIVE"})
"""Codes of records that are skipped because their source says that they are not public, or no longer."""


def said(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> frozenset[str]:
    """The identifiers of entries that go with these records of the source: their own, and those of their parts."""
    clean = sorted(set(map(clean_identifier, identifiers)))
    parts = (records.parts(tx, source_id, some) for some in batched(clean, AT_ONCE))
    return frozenset(clean).union(*(names for found in parts for names in found.values()))


def bury(
    tx: Transaction, source_id: str, run_id: int, gone: Iterable[Absent], deleted: frozenset[str], *, moment: datetime
) -> int:
    """Removes entries, each with its reason: the source deleted it, or no longer lists it. Returns rows written."""
    by_code: dict[str, list[Absent]] = {"DELETED_AT_SOURCE": [], "MISSING_AT_SOURCE": []}
    for one in gone:
        by_code["DELETED_AT_SOURCE" if one.identifier in deleted else "MISSING_AT_SOURCE"].append(one)
    return sum(tombstones.bury(tx, source_id, run_id, some, code=code, moment=moment) for code, some in by_code.items())
