"""Reports of runs: what became of each record, and the findings grouped."""

import re
from itertools import product
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, Select, and_, func, or_, select

from dcat.findings import Finding

from .database import Transaction
from .outcome import NEWS, PROBLEMS, PUBLISHED, Outcome
from .records import findings_of, standing
from .rows import OutcomeRow
from .tables import entries, findings, outcomes, runs, sources

DEEPEST = 4
"""Steps of the longest path of a field."""


class Item(NamedTuple):
    """What became of one record, with where."""

    source: str
    """Slug of the source."""
    run: int | None
    """None for what was pushed."""
    is_standing: bool
    """True until something else becomes of the record."""
    row: OutcomeRow


class Cause(NamedTuple):
    """What was remarked of records: a rule, and where; whichever of several files or nodes it was seen in."""

    rule: str
    field: str


def of_run(
    tx: Transaction, run_id: int, outcome: str, offset: int, limit: int, *, cause: Cause | None = None
) -> list[OutcomeRow]:
    """What became of each record, in the order they were first seen; `outcome` narrows to one, `cause` to those of
    which that was remarked."""
    query = _seen_by(tx, run_id)
    if cause is not None:
        place = or_(*(findings.c.field.like(path, escape="!") for path in _numbered(cause.field)))
        query = query.where(
            outcomes.c.id.in_(select(findings.c.outcome_id).where(findings.c.rule == cause.rule, place))
        )
    if outcome == Outcome.SAME:
        query = query.where(
            or_(outcomes.c.run_id != run_id, outcomes.c.run_id.is_(None), outcomes.c.outcome == Outcome.SAME)
        )
        query = query.where(outcomes.c.outcome.in_(PUBLISHED))
    elif outcome in NEWS | {Outcome.REMOVED}:
        query = query.where(outcomes.c.outcome == outcome, outcomes.c.run_id == run_id)
    elif outcome:
        query = query.where(outcomes.c.outcome == outcome)
    rows = tx.execute(query.order_by(outcomes.c.id).offset(offset).limit(limit)).all()
    remarks = findings_of(tx, (row.id for row in rows))
    outcome_of = {row.id: row.outcome if row.run_id == run_id else standing(row.outcome) for row in rows}
    found = [_row(row, outcome_of[row.id], remarks.get(row.id, ())) for row in rows]
    return [msgspec.structs.replace(one, id=row.id) for one, row in zip(found, rows, strict=True)]


def place(tx: Transaction, id: int) -> tuple[str, str] | None:
    """The source (slug) of the record that an outcome is of, and its identifier there."""
    query = select(sources.c.name, outcomes.c.identifier).join(sources, sources.c.id == outcomes.c.source_id)
    row = tx.execute(query.where(outcomes.c.id == id, sources.c.removed.is_(None))).first()
    return (row.name, row.identifier) if row else None


def item(tx: Transaction, id: int) -> Item | None:
    """One outcome by its number, of a source that is still there."""
    query = _OUTCOMES.add_columns(sources.c.name.label("source")).join(sources, sources.c.id == outcomes.c.source_id)
    row = tx.execute(query.where(outcomes.c.id == id, sources.c.removed.is_(None))).first()
    if row is None:
        return None
    told = msgspec.structs.replace(_row(row, row.outcome, findings_of(tx, [id]).get(id, ())), id=id)
    return Item(row.source, row.run_id, row.superseded is None, told)


def standing_number(tx: Transaction, source_id: str, identifier: str) -> int | None:
    """The number of the outcome that stands for a record now."""
    query = select(outcomes.c.id).where(outcomes.c.source_id == source_id, outcomes.c.identifier == identifier)
    return tx.execute(query.where(outcomes.c.superseded.is_(None))).scalar()


def published_numbers(tx: Transaction, source_id: str) -> list[int]:
    """The numbers of the outcomes that stand for the published records of a source, oldest first."""
    query = select(outcomes.c.id).where(outcomes.c.source_id == source_id, outcomes.c.superseded.is_(None))
    return list(tx.execute(query.where(outcomes.c.outcome.in_(PUBLISHED)).order_by(outcomes.c.id)).scalars())


def _numbered(field: str) -> list[str]:
    """Patterns for a field, each of whose steps may have a number: `dcat:distribution[2]/dct:format`."""
    steps = re.sub("([!%_])", r"!\1", field).split("/")[:DEEPEST]
    return ["/".join(path) for path in product(*((step, f"{step}[%]") for step in steps))]


def of_record(tx: Transaction, source_id: str, identifier: str) -> OutcomeRow | None:
    """The outcome that stands for a record now."""
    query = _OUTCOMES.where(
        outcomes.c.source_id == source_id, outcomes.c.identifier == identifier, outcomes.c.superseded.is_(None)
    )
    if (row := tx.execute(query).first()) is None:
        return None
    return _row(row, row.outcome, findings_of(tx, [row.id]).get(row.id, ()))


def of_source(tx: Transaction, source_id: str, offset: int, limit: int) -> tuple[int, list[OutcomeRow]]:
    """How many records of a source there are, and what stands of some of them, in order of identifier."""
    standing = (outcomes.c.source_id == source_id, outcomes.c.superseded.is_(None))
    count = int(tx.execute(select(func.count()).select_from(outcomes).where(*standing)).scalar_one())
    query = _OUTCOMES.where(*standing).order_by(outcomes.c.identifier).offset(offset).limit(limit)
    rows = tx.execute(query).all()
    remarks = findings_of(tx, (row.id for row in rows))
    return count, [_row(row, row.outcome, remarks.get(row.id, ())) for row in rows]


def _row(row: Row[Any], outcome: str, remarks: tuple[Finding, ...]) -> OutcomeRow:
    return OutcomeRow(
        identifier=row.identifier,
        outcome=outcome,
        name=row.name or "",
        code=row.code,
        reason=row.reason,
        findings=remarks,
    )


def rules(tx: Transaction, source_id: str) -> set[str]:
    """The rules of everything that was found in the records of a source and still stands."""
    standing = (
        outcomes.c.source_id == source_id,
        outcomes.c.superseded.is_(None),
        outcomes.c.outcome != Outcome.REMOVED,
    )
    query = select(findings.c.rule).join(outcomes, outcomes.c.id == findings.c.outcome_id).where(*standing)
    return set(tx.execute(query.distinct()).scalars())


def groups(tx: Transaction, run_id: int) -> list[tuple[str, str, int, str]]:
    """(rule, field, number of records, an example value), most records first."""
    seen = _seen_by(tx, run_id).with_only_columns(outcomes.c.id).subquery()
    number = func.count(func.distinct(findings.c.outcome_id))
    query = (
        select(findings.c.rule, findings.c.field, number, func.min(findings.c.value))
        .where(findings.c.outcome_id.in_(select(seen.c.id)))
        .group_by(findings.c.rule, findings.c.field)
        .order_by(number.desc(), findings.c.rule, findings.c.field)
    )
    return [(rule, field, count, value) for rule, field, count, value in tx.execute(query)]


_OUTCOMES = select(outcomes, entries.c.name).outerjoin(
    entries, (entries.c.source_id == outcomes.c.source_id) & (entries.c.identifier == outcomes.c.identifier)
)


def _seen_by(tx: Transaction, run_id: int) -> Select[Any]:
    """Outcomes of the run itself, and those of earlier ones that still stood when it ended.

    A complete run saw every record, so what stood then was its outcome too; of an incomplete one we only know that
    the records which had a problem were not mended.
    """
    run = tx.execute(select(runs).where(runs.c.id == run_id)).one()
    own = outcomes.c.run_id == run_id
    if run.last_outcome is None:
        return _OUTCOMES.where(own)
    stood = and_(
        outcomes.c.id <= run.last_outcome,
        or_(outcomes.c.superseded.is_(None), outcomes.c.superseded > run.last_outcome),
        or_(outcomes.c.run_id.is_(None), outcomes.c.run_id < run_id),
        outcomes.c.outcome != Outcome.REMOVED,
    )
    if not run.complete:
        stood = and_(stood, outcomes.c.outcome.in_(PROBLEMS))
    return _OUTCOMES.where(outcomes.c.source_id == run.source_id, or_(own, stood))
