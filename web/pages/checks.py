"""What was checked in one entry: its quality score, what to mend, and what became of each value."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from dcat.findings import Finding, Severity
from dcat.messages import RULES, explain, field_name
from dcat.normalise import Note
from dcat.quality import MAXIMUM

from ..current import catalogue
from ..http.caching import cached
from ..json import quality_shapes
from ..wording import words
from .entry_pages import live

SHOWN = 40
"""Rows of a table; more of them would make the page heavy, and the command line shows all."""


class Remark(NamedTuple):
    """A finding in the reader's language."""

    severity: str
    message: str
    fix: str


class Change(NamedTuple):
    """What became of one value, in the reader's language."""

    field: str
    raw: str
    why: str
    published: str


@cached()
def show(kind: str, name: str) -> ResponseReturnValue:
    """One dataset, series or service."""
    row = live(kind, name)
    outcome = catalogue().records.outcome(row.source, row.identifier)
    notes = catalogue().records.trace(row.source, row.identifier)
    remarks, changes = list(remarks_of(outcome.findings)), list(changes_of(notes))
    score = row.score
    return render_template(
        "checks.html",
        row=row,
        title=words.pick(row.entry.title),
        score=score,
        maximum=MAXIMUM,
        hints=list(quality_shapes.advice(score)) if score else [],
        remarks=remarks[:SHOWN],
        more_remarks=len(remarks[SHOWN:]),
        changes=changes[:SHOWN],
        more_changes=len(changes[SHOWN:]),
    )


def remarks_of(findings: Iterable[Finding]) -> Iterable[Remark]:
    """Findings as sentences, the worst first."""
    order = list(Severity)
    for finding in sorted(findings, key=lambda one: order.index(RULES[one.rule].severity)):
        yield Remark(RULES[finding.rule].severity, *explain(finding, words.language()))


def changes_of(notes: Iterable[Note]) -> Iterable[Change]:
    """Notes as rows of a table."""
    lang = words.language()
    for note in notes:
        why = explain(Finding(note.rule, "", note.field, note.raw or note.published), lang).message
        yield Change(field_name(note.field, lang), note.raw, why, note.published)
