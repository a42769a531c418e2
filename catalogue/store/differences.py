"""What a run changed in records: field, before and after, kept as long as the run."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select

from dcat.differences import Difference

from .database import Transaction
from .rows import DifferenceRow
from .tables import contents, differences, entries, outcomes

OF_RECORD = 20
"""Differences of one record that are looked for."""
OF_RUN = 2_000
"""Differences that a run keeps: what changes everywhere at once is seen in fewer."""


def published(tx: Transaction, entry_ids: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """Kind and JSON of what is published of these entries until now."""
    query = select(entries.c.id, entries.c.kind, contents.c.said).join(contents, contents.c.entry_id == entries.c.id)
    rows = tx.execute(query.where(entries.c.id.in_(list(entry_ids))))
    return {id: (kind, said.entry) for id, kind, said in rows}


def save(tx: Transaction, run_id: int, told: Iterable[tuple[int, Sequence[Difference]]]) -> int:
    """Keeps the differences of outcomes (by number), as far as there is room for more. Returns rows written."""
    rows = [
        {
            "outcome_id": number,
            "position": position,
            "field": one.field,
            "before": one.before,
            "after": one.after,
        }
        for number, some in told
        for position, one in enumerate(some)
    ]
    rows = rows[: max(0, OF_RUN - count(tx, run_id))] if rows else []
    if rows:
        tx.execute(differences.insert(), rows)
    return len(rows)


def count(tx: Transaction, run_id: int) -> int:
    """How many a run keeps."""
    query = select(func.count()).select_from(differences).join(outcomes, outcomes.c.id == differences.c.outcome_id)
    return int(tx.execute(query.where(outcomes.c.run_id == run_id)).scalar_one())


def of_run(tx: Transaction, run_id: int, offset: int, limit: int) -> list[DifferenceRow]:
    """Those of a run, record by record in the order seen."""
    query = (
        select(outcomes.c.identifier, entries.c.name, differences.c.field, differences.c.before, differences.c.after)
        .join(outcomes, outcomes.c.id == differences.c.outcome_id)
        .outerjoin(
            entries, (entries.c.source_id == outcomes.c.source_id) & (entries.c.identifier == outcomes.c.identifier)
        )
        .where(outcomes.c.run_id == run_id)
        .order_by(differences.c.outcome_id, differences.c.position)
    )
    rows = tx.execute(query.offset(offset).limit(limit))
    return [DifferenceRow(identifier, name or "", *said) for identifier, name, *said in rows]


def forget(tx: Transaction, source_id: str, before: int) -> None:
    """Deletes those of the runs of a source before that one; the outcomes that still stand stay."""
    old = select(outcomes.c.id).where(outcomes.c.source_id == source_id, outcomes.c.run_id < before)
    tx.execute(delete(differences).where(differences.c.outcome_id.in_(old)))
