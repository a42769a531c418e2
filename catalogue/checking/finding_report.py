"""What was found in a feed, as programs read it: the same from the command line and over the web."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from dcat import quality
from dcat.findings import Finding, Severity
from dcat.messages import RULES, explain
from dcat.our_languages import OUR_LANGUAGES
from dcat.quality import Score

if TYPE_CHECKING:  # who only words a finding waits for nothing that checks
    from .feed_check import Report

Sentences = dict[str, str]
"""The same sentence in each language of the portal."""

_INDEX = re.compile(r"\[\d+\]")
"""Which of several files or nodes a field was seen in."""


class FindingReport(msgspec.Struct, frozen=True, kw_only=True):
    """One remark about one value, with the way to mend it."""

    rule: str
    severity: str
    field: str
    """The property, such as `dct:issued`."""
    value: str
    message: Sentences
    fix: Sentences
    section: str
    """Where the rule stands in the specification."""


class CheckedFinding(FindingReport, frozen=True, kw_only=True):
    """A remark with what it is about."""

    subject: str
    """IRI or identifier of the resource."""


class UnpublishedRecord(msgspec.Struct, frozen=True):
    """A record that would not be published."""

    identifier: str
    reason: str


class Hint(msgspec.Struct, frozen=True):
    """What would bring points."""

    indicator: str
    points: float
    """That would be gained by doing it everywhere."""
    hint: Sentences


class SentReport(msgspec.Struct, frozen=True):
    """How often the profile is broken by a feed as it came, before anything was repaired."""

    violations: int
    warnings: int


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a feed."""

    as_sent: SentReport
    violations: int
    """What must be mended."""
    warnings: int
    """What should be mended."""
    resources: int
    """Datasets, series and services that were read."""
    score: int | None
    """Quality score, of 405 points, that the datasets would have together; null when there is none."""
    hints: tuple[Hint, ...]
    """What would bring points, most first."""
    findings: tuple[CheckedFinding, ...]
    left_out: int
    """Findings that are counted above and not listed."""
    refused: tuple[UnpublishedRecord, ...]
    """Records that cannot be published; each is counted as a violation."""
    skipped: tuple[UnpublishedRecord, ...]
    """Records that the feed itself says are not to be published."""
    incomplete: tuple[str, ...]
    """Why not everything was read."""
    unread: dict[str, int]
    """Properties outside the profile, with how often they were seen."""


def check_report(report: "Report", most: int | None = None) -> CheckReport:
    """A report with its sentences filled in; at most so many findings, the worst of them."""
    listed = report.findings if most is None else tuple(worst_first(report.findings))[:most]
    return CheckReport(
        as_sent=SentReport(*report.as_sent),
        violations=report.violations,
        warnings=report.warnings,
        resources=report.resources,
        score=report.score.points if report.score else None,
        hints=hints_of(report.score) if report.score else (),
        findings=tuple(checked(finding) for finding in listed),
        left_out=len(report.findings) - len(listed),
        refused=tuple(UnpublishedRecord(*each) for each in report.refused),
        skipped=tuple(UnpublishedRecord(*each) for each in report.skipped),
        incomplete=report.incomplete,
        unread=report.unread,
    )


def described(finding: Finding) -> FindingReport:
    """A finding with everything that a report says about it (contract: shapes that programs rely on)."""
    rule = RULES[finding.rule]
    said = {language: explain(finding, language) for language in OUR_LANGUAGES}
    return FindingReport(
        rule=finding.rule,
        severity=str(rule.severity),
        field=finding.field,
        value=finding.value,
        message={language: text.message for language, text in said.items()},
        fix={language: text.fix for language, text in said.items()},
        section=rule.section,
    )


def checked(finding: Finding) -> CheckedFinding:
    """The same with what it is about."""
    return CheckedFinding(subject=finding.subject, **msgspec.structs.asdict(described(finding)))


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, else in their order."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(RULES[finding.rule].severity))


def causes(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings that say the same of the same field, together: the worst first, then the most frequent."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in worst_first(findings):
        groups.setdefault((finding.rule, _INDEX.sub("", finding.field)), []).append(finding)
    order = list(Severity)
    return sorted(groups.values(), key=lambda alike: (order.index(RULES[alike[0].rule].severity), -len(alike)))


def hints_of(score: Score) -> tuple[Hint, ...]:
    """What would bring points, most first."""
    known = quality.indicators()
    return tuple(Hint(one.code, round(one.to_gain, 1), dict(known[one.code].hint)) for one in score.hints)
