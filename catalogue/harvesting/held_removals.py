"""What a held run would remove, decided by people: exactly what that run saw missing, and nothing else."""

from datetime import datetime

from ..errors import Conflict, found
from ..ingest.tombstones import bury
from ..store import missing, runs, sources
from ..store.database import Transaction
from ..store.missing import Absent
from ..store.rows import RunRow, SourceRow

KEPT = "The source no longer lists it; somebody decided to keep it."


def newest(tx: Transaction, source: SourceRow) -> RunRow | None:
    """The run that is held and to be decided on; None when there is none."""
    seen = next((run for run in _runs(tx, source) if run.complete), None)
    return seen if seen and seen.state == "held" and missing.already(tx, source.id, seen.queued) else None


def approve(tx: Transaction, source: SourceRow, run_id: int, moment: datetime) -> int:
    """Removes what that run missed. Returns how many; raises `Conflict` when it is not what there is to decide on. The
    caller holds the writers' lock."""
    gone = _decidable(tx, source, run_id, moment)
    bury(tx, source.id, None, gone, code="MISSING_AT_SOURCE", moment=moment)
    sources.disturb(tx, source.id)
    return len(gone)


def keep(tx: Transaction, source: SourceRow, run_id: int, moment: datetime) -> int:
    """Keeps it published, and no later run misses it: as if a producer had sent it. The rest is as for `approve`."""
    gone = _decidable(tx, source, run_id, moment)
    missing.keep(tx, source.id, gone, code="KEPT", sentence=KEPT)
    sources.disturb(tx, source.id)
    return len(gone)


def _decidable(tx: Transaction, source: SourceRow, run_id: int, moment: datetime) -> list[Absent]:
    """What the run missed. Only a complete run finds more missing, so as long as there is none that is newer, as many
    are the same ones."""
    known = _runs(tx, source)
    run = found(next((one for one in known if one.id == run_id), None), f"run {run_id} of {source.name!r}")
    if run.state != "held":
        raise Conflict(f"Run {run_id} of {source.name!r} holds nothing: it is {run.state}.")
    later = [one.id for one in known if one.id > run_id and (one.complete or one.state == "running")]
    if later:
        raise Conflict(f"Run {later[0]} looked at {source.name!r} after run {run_id}: decide on what that one holds.")
    gone = missing.already(tx, source.id, moment)
    if len(gone) != run.held:
        raise Conflict(
            f"Run {run_id} held {run.held} removals, and {len(gone)} are left: what it saw has changed. "
            f"Harvest {source.name!r} again, and decide on what that run holds."
        )
    return gone


def _runs(tx: Transaction, source: SourceRow) -> list[RunRow]:
    return runs.of_source(tx, source.id, 100)
