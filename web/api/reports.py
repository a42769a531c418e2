"""What the store tells of sources, runs and records, in the shapes of the API."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from catalogue.store.rows import OutcomeRow, RunRow, SourceRow
from dcat.findings import Finding
from dcat.rules import RULES

from ..json.harvest_shapes import FindingShape, ItemShape, JobShape, SourceShape

Shape = TypeVar("Shape", bound=msgspec.Struct)


def source_shape(row: SourceRow, reader: str) -> SourceShape:
    """A source as the API gives it to a publisher, or to nobody in particular: its options only to its own."""
    last_job = job_shape(row.last_run) if row.last_run else None
    return _shape(
        SourceShape, row, config=row.config if reader and reader == row.publisher else None, last_job=last_job
    )


def job_shape(row: RunRow) -> JobShape:
    """A run as the API gives it."""
    return _shape(JobShape, row, findings=tuple(finding_shape(one) for one in row.findings))


def items(rows: Iterable[OutcomeRow]) -> tuple[ItemShape, ...]:
    """What became of records, as the API gives it."""
    return tuple(item_shape(row) for row in rows)


def item_shape(row: OutcomeRow) -> ItemShape:
    """What became of one record, as the API gives it."""
    return _shape(ItemShape, row, findings=tuple(finding_shape(one) for one in row.findings))


def finding_shape(remark: Finding) -> FindingShape:
    """One remark with its sentences filled in."""
    rule = RULES[remark.rule]
    return FindingShape(
        rule=remark.rule,
        severity=str(rule.severity),
        field=remark.field,
        value=remark.value,
        message={lang: _filled(text, remark) for lang, text in rule.message.items()},
        fix={lang: _filled(text, remark) for lang, text in rule.fix.items()},
        section=rule.section,
    )


def _filled(text: str, remark: Finding) -> str:
    """The sentence with field and value in it. Not `format`: a value may hold braces of its own."""
    return text.replace("{field}", remark.field).replace("{value}", remark.value)


def _shape(shape: type[Shape], row: msgspec.Struct, **given: Any) -> Shape:
    same = {name: getattr(row, name) for name in shape.__struct_fields__ if name not in given}
    return shape(**given, **same)
