"""Runs of sources: the queue, who runs what, and what came of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from dcat.findings import Finding

from ..errors import Conflict
from . import differences, leases
from .codec import database_time, pack, unpack
from .database import Transaction
from .rows import RunRow
from .tables import outcomes, runs, sources

_JSON: dict[str, Any] = {"incomplete": tuple[str, ...], "unread": dict[str, int], "findings": tuple[Finding, ...]}
_EMPTY = {"incomplete": pack(()), "unread": pack({}), "findings": pack(())}
CANCELLED = "CANCELLED"
"""Code of the error of a run that somebody cancelled: it is not tried again before its next time."""
DIED = "ABORTED"
"""Code of the error of a run whose worker died (`reap`)."""
DEATHS = 10
"""Runs that are looked at for what kills workers."""

_RUNS = select(runs, sources.c.name.label("source")).join(sources, sources.c.id == runs.c.source_id)


_BUSY = runs.alias("busy")
_STARTABLE = (
    select(runs.c.id, runs.c.source_id, runs.c.queued)
    .join(sources, sources.c.id == runs.c.source_id)
    .where(runs.c.state == "queued", sources.c.active, sources.c.approved, sources.c.removed.is_(None))
    .where(runs.c.source_id.not_in(select(_BUSY.c.source_id).where(_BUSY.c.state == "running")))
    .order_by(runs.c.id)
)
"""Runs that wait, of sources that may run and do not run now: one that cannot start keeps nobody waiting."""


def queue(tx: Transaction, source_id: str, moment: datetime, *, full: bool) -> int:
    """The run that waits for this source, made now if there is none."""
    values = {"source_id": source_id, "state": "queued", "full": full, "queued": moment, **_EMPTY}
    try:
        with tx.begin_nested():
            return int(tx.execute(runs.insert().values(values).returning(runs.c.id)).scalar_one())
    except IntegrityError:  # there is one, perhaps made by another process this moment
        waiting = update(runs).where(runs.c.source_id == source_id, runs.c.state == "queued")
        wanted = waiting.values(full=True if full else runs.c.full).returning(runs.c.id)
        return int(tx.execute(wanted).scalar_one())


def start(tx: Transaction, id: int, source_id: str, moment: datetime) -> None:
    """Makes a queued run ours. Raises `Conflict` when another run of the source goes on or somebody took it."""
    reap(tx)
    values = {
        "state": "running",
        "started": moment,
        "worker": leases.worker(),
        "lease": database_time(tx) + leases.LEASE,
    }
    ours = (runs.c.id == id, runs.c.source_id == source_id, runs.c.state == "queued")
    statement = update(runs).where(*ours).values(values)
    try:
        with tx.begin_nested():
            taken = tx.execute(statement).rowcount
    except IntegrityError as error:
        raise Conflict("A run of this source is going on already.") from error
    if not taken:
        raise Conflict(f"Run {id} was taken by another worker or has ended.")


def claim(tx: Transaction, moment: datetime) -> RunRow | None:
    """Makes the run that waits longest ours, of those that can start. Two who ask at once get two different ones."""
    row = tx.execute(_STARTABLE.limit(1).with_for_update(skip_locked=True, of=runs)).first()
    if row is None:
        return None
    try:
        start(tx, row.id, row.source_id, moment)
    except Conflict:  # a run of that source was begun by hand this moment
        return None
    return get(tx, row.id)


def waiting(tx: Transaction) -> list[datetime]:
    """Since when each run waits that can start, longest first."""
    return [row.queued for row in tx.execute(_STARTABLE)]


def dead(tx: Transaction) -> list[RunRow]:
    """Runs whose worker gave no sign of life for too long, or is gone."""
    going = tx.execute(select(runs.c.id, runs.c.worker, runs.c.lease).where(runs.c.state == "running")).all()
    moment = database_time(tx) if going else None
    lost = [
        row.id for row in going if (moment and not leases.is_ahead(row.lease, moment)) or leases.is_gone(row.worker)
    ]
    return _rows(tx, _RUNS.where(runs.c.id.in_(lost))) if lost else []


def open_sources(tx: Transaction) -> set[str]:
    """Ids of the sources that have a run waiting or going on."""
    return set(tx.execute(select(runs.c.source_id).where(runs.c.state.in_(("queued", "running")))).scalars())


def hold(tx: Transaction, id: int, **values: object) -> None:
    """Keeps the lease of a running run and saves its sums. Raises `LostLease` when it is not ours any more."""
    statement = update(runs).where(runs.c.id == id, runs.c.state == "running", runs.c.worker == leases.worker())
    if not tx.execute(statement.values(lease=database_time(tx) + leases.LEASE, **_packed(values))).rowcount:
        raise leases.LostLease


def close(tx: Transaction, id: int, state: str, moment: datetime, **values: object) -> None:
    """Ends a running run. Raises `LostLease` when it is not ours any more."""
    hold(tx, id, **values)
    _end(tx, id, state=state, ended=moment)


def cancel(tx: Transaction, source_id: str, moment: datetime, *, code: str, error: str) -> list[int]:
    """Ends whatever waits or goes on for a source, with the code and the words of the reason; their numbers. Whoever
    carries one out learns it at his next sign of life, and saves nothing more."""
    open_runs = select(runs.c.id).where(runs.c.source_id == source_id, runs.c.state.in_(("queued", "running")))
    ids = list(tx.execute(open_runs.with_for_update()).scalars())
    for id in ids:
        _end(tx, id, state="aborted", ended=moment, error_code=code, error=error)
    return ids


def reap(tx: Transaction) -> list[int]:
    """Ends the runs whose worker is dead, as `aborted`; what they had committed stays, and the next worker takes them
    up again. One that died twice in a row waits for its time: it may be what kills the workers."""
    gone, moment = dead(tx), database_time(tx)
    for run in gone:
        sentence = "The worker stopped in the middle of this run. What it had saved stays; the next run does the rest."
        if run.error_where:
            sentence += f" It was reading {run.error_where}."
        _end(tx, run.id, state="aborted", ended=moment, error_code="ABORTED", error=sentence)
        source_id = tx.execute(select(runs.c.source_id).where(runs.c.id == run.id)).scalar_one()
        last = [one.error_code for one in of_source(tx, source_id, 2)]
        if last != [DIED, DIED]:
            queue(tx, source_id, moment, full=run.full)
    return [run.id for run in gone]


def note_reading(tx: Transaction, id: int, identifier: str) -> None:
    """Notes which record a running run reads now; none when it is empty. When its worker dies that is where it died."""
    tx.execute(update(runs).where(runs.c.id == id, runs.c.state == "running").values(error_where=identifier))


def deaths(tx: Transaction, source_id: str, but: int) -> list[RunRow]:
    """The last runs of a source, besides one, in which the worker died, with none between them that ended otherwise."""
    last = (one for one in of_source(tx, source_id, DEATHS) if one.id != but and one.ended)
    return list(takewhile(lambda one: one.error_code == DIED, last))


def get(tx: Transaction, id: int) -> RunRow | None:
    """One run."""
    return next(iter(_rows(tx, _RUNS.where(runs.c.id == id))), None)


def of_source(tx: Transaction, source_id: str, limit: int) -> list[RunRow]:
    """Runs of a source, newest first."""
    return _rows(tx, _RUNS.where(runs.c.source_id == source_id).order_by(runs.c.id.desc()).limit(limit))


def ended(tx: Transaction, states: Iterable[str], offset: int, limit: int) -> list[RunRow]:
    """Runs of all sources that ended in these states, newest first."""
    query = _RUNS.where(runs.c.state.in_(list(states)), runs.c.ended.is_not(None), sources.c.removed.is_(None))
    return _rows(tx, query.order_by(runs.c.ended.desc(), runs.c.id.desc()).offset(offset).limit(limit))


def latest(tx: Transaction, source_ids: Iterable[str]) -> dict[str, RunRow]:
    """The newest run of each source."""
    newest = select(func.max(runs.c.id)).where(runs.c.source_id.in_(list(source_ids))).group_by(runs.c.source_id)
    found = tx.execute(_RUNS.where(runs.c.id.in_(newest))).mappings()
    return {row["source_id"]: _row(row) for row in found}


def forget(tx: Transaction, source_id: str, keep: int) -> None:
    """Deletes runs beyond the newest `keep`, with the outcomes that only they showed and what they changed."""
    newest = select(runs.c.id, runs.c.last_outcome).where(runs.c.source_id == source_id).order_by(runs.c.id.desc())
    kept = tx.execute(newest.limit(keep)).all()
    if len(kept) < keep:
        return
    oldest, last = kept[-1]
    differences.forget(tx, source_id, oldest)
    if last is not None:  # the source had given nothing yet
        before = or_(outcomes.c.run_id < oldest, outcomes.c.run_id.is_(None))
        tx.execute(outcomes.delete().where(outcomes.c.source_id == source_id, before, outcomes.c.superseded <= last))
    tx.execute(runs.delete().where(runs.c.source_id == source_id, runs.c.id < oldest, runs.c.ended.is_not(None)))


def _end(tx: Transaction, id: int, **values: object) -> None:
    last = (
        select(func.max(outcomes.c.id))
        .where(outcomes.c.source_id == runs.c.source_id)
        .correlate(runs)
        .scalar_subquery()
    )
    tx.execute(update(runs).where(runs.c.id == id).values(lease=None, last_outcome=last, **_packed(values)))


def _packed(values: dict[str, object]) -> dict[str, object]:
    return {name: pack(value) if name in _JSON else value for name, value in values.items()}


def _rows(tx: Transaction, query: Select[Any]) -> list[RunRow]:
    return [_row(row) for row in tx.execute(query).mappings()]


def _row(row: Mapping[Any, Any]) -> RunRow:
    values = {name: row[name] for name in RunRow.__struct_fields__}
    return RunRow(**{name: unpack(value, _JSON[name]) if name in _JSON else value for name, value in values.items()})
