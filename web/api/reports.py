"""Sources, jobs and what became of each record, as producers read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from dcat.rules import RULES

from catalogue.store.rows import OutcomeRow, RunRow, SourceRow
from dcat.findings import Finding

from ..shapes import Languages

Shape = TypeVar("Shape", bound=msgspec.Struct)


class SourceShape(msgspec.Struct, frozen=True, kw_only=True):
    """A harvest source."""

    id: str
    name: str
    title: str
    url: str
    kind: str
    publisher: str
    schedule: str
    config: dict[str, Any]
    active: bool
    created: datetime
    entries: int
    next_run: datetime | None
    last_job: "JobShape | None"


class JobShape(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a source. seen = new + changed + same + skipped + refused + failed."""

    id: int
    source: str
    state: str
    queued: datetime
    started: datetime | None
    ended: datetime | None
    complete: bool
    seen: int
    new: int
    changed: int
    same: int
    skipped: int
    refused: int
    failed: int
    removed: int
    held: int
    restored: int
    writes: int
    error_code: str
    error: str
    incomplete: tuple[str, ...]
    unread: dict[str, int]
    findings: "tuple[FindingShape, ...]"


class FindingShape(msgspec.Struct, frozen=True, kw_only=True):
    """One remark about one value, with the way to mend it in every language of the portal."""

    rule: str
    severity: str
    field: str
    value: str
    message: Languages
    fix: Languages
    section: str


class ItemShape(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record."""

    identifier: str
    outcome: str
    name: str
    reason: str
    findings: tuple[FindingShape, ...]


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a job that have the same remark on the same field."""

    rule: str
    field: str
    records: int
    example: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its problems grouped by cause, most records first."""

    job: JobShape
    causes: tuple[Cause, ...]


def source_shape(row: SourceRow) -> SourceShape:
    """A source as the API gives it."""
    return _shape(SourceShape, row, last_job=job_shape(row.last_run) if row.last_run else None)


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
