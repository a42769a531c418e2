"""What the store tells of sources, runs and records, in the shapes of the API."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from catalogue.checking.finding_report import described
from catalogue.store.rows import OutcomeRow, RunRow, SourceRow

from ..json.harvest_shapes import ItemShape, JobShape, SourceShape

Shape = TypeVar("Shape", bound=msgspec.Struct)


def source_shape(row: SourceRow, reader: str) -> SourceShape:
    """A source as the API gives it to a publisher, or to nobody in particular: its options, and why it was
    declined, only to its own."""
    last_job = job_shape(row.last_run) if row.last_run else None
    own = bool(reader) and reader == row.publisher
    private = {name: getattr(row, name) if own else None for name in ("config", "credentials", "declined")}
    return _shape(SourceShape, row, **private, last_job=last_job)


def job_shape(row: RunRow) -> JobShape:
    """A run as the API gives it."""
    return _shape(JobShape, row, findings=tuple(described(one) for one in row.findings))


def items(rows: Iterable[OutcomeRow]) -> tuple[ItemShape, ...]:
    """What became of records, as the API gives it."""
    return tuple(item_shape(row) for row in rows)


def item_shape(row: OutcomeRow) -> ItemShape:
    """What became of one record, as the API gives it."""
    return _shape(ItemShape, row, findings=tuple(described(one) for one in row.findings), id=row.id or msgspec.UNSET)


def _shape(shape: type[Shape], row: msgspec.Struct, **given: Any) -> Shape:
    same = {name: getattr(row, name) for name in shape.__struct_fields__ if name not in given}
    return shape(**given, **same)
