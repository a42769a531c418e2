"""A feed as it was sent: what others will find in it who repair nothing.

Our rules say of an entry what the official shapes say of it (https://semiceu.github.io/DCAT-AP/releases/3.0.1/); here
they look at what was read before anything of it was mended.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dcat.findings import Finding, Severity
from dcat.rules import RULES, check
from harvesters.base import RawRecord, SkipRecord

from ..ingest.draft import Intake, entries


class AsSent(NamedTuple):
    """How often the profile is broken."""

    violations: int
    warnings: int


def as_sent(raws: Iterable[RawRecord], intake: Intake, remarks: Iterable[Finding]) -> AsSent:
    """Counts what is broken in records, and what remarks on the feed as a whole say of the same kind."""
    found = [*remarks, *(one for raw in raws for one in _broken(raw, intake))]
    severities = [RULES[one.rule].severity for one in found]
    return AsSent(severities.count(Severity.VIOLATION), severities.count(Severity.WARNING))


def _broken(raw: RawRecord, intake: Intake) -> Iterator[Finding]:
    try:
        said = intake.harvester.normalise(raw, intake.source)
    except (SkipRecord, ValueError):
        return  # a record that is not to be published, or cannot be read, is told as such
    for name, entry in entries(said, raw.identifier):
        yield from check(entry, name)
