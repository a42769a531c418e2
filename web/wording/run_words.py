"""What became of a run and of its records, in words."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from catalogue.store.outcome import Outcome
from catalogue.store.rows import RunRow
from dcat.findings import Finding, Severity
from dcat.messages import RULES, explain, field_name

from .words import gettext as _
from .words import pgettext


class Cause(NamedTuple):
    """Remarks that have the same cause."""

    severity: Severity
    message: str
    fix: str
    times: int
    example: str
    """A value that it was said of."""
    rule: str = ""
    field: str = ""
    """Without the numbers of files and nodes."""


def causes(groups: Iterable[tuple[str, str, int, str]], lang: str) -> list[Cause]:
    """Remarks by (rule, field, number, example), in words: the worst first, then the most frequent.

    What is said of a field of one file and of another has one cause: they are counted together.
    """
    joined: dict[tuple[str, str], Cause] = {}
    for rule, path, number, example in groups:
        field = without_number(path)
        key = rule, field_name(field, lang)
        found = joined.get(key) or cause(rule, field, 0, example, lang)
        joined[key] = found._replace(times=found.times + number)
    return sorted(joined.values(), key=lambda one: (_WORST_FIRST.index(one.severity), -one.times))


def cause(rule: str, field: str, times: int, example: str, lang: str) -> Cause:
    """One of them; a rule that is no longer known keeps its code."""
    if rule not in RULES:
        return Cause(Severity.INFO, rule, "", times, example, rule, field)
    said = explain(Finding(rule, "", field, example), lang)
    return Cause(RULES[rule].severity, *said, times, example, rule, field)


def without_number(path: str) -> str:
    """The place of a field, whichever of several files or nodes it was seen in."""
    return _INDEX.sub("", path)


_INDEX = re.compile(r"\[\d+\]")
_WORST_FIRST = list(Severity)


def state(run: RunRow) -> str:
    """How a run ended, or how far it is."""
    names = {
        "queued": _("Waiting"),
        "running": _("Running"),
        "done": _("Done"),
        "done-with-findings": _("Done, with remarks"),
        "held": _("Done; removals wait for a person"),
        "failed": _("Failed"),
        "aborted": _("Stopped"),
    }
    return names.get(run.state, run.state)


def outcome(code: str) -> str:
    """What became of one record."""
    names: dict[str, str] = {
        Outcome.NEW: pgettext("record", "New"),
        Outcome.CHANGED: pgettext("record", "Changed"),
        Outcome.SAME: pgettext("record", "As before"),
        Outcome.SKIPPED: pgettext("record", "Skipped"),
        Outcome.REFUSED: pgettext("record", "Refused"),
        Outcome.FAILED: pgettext("record", "Failed"),
        Outcome.REMOVED: pgettext("record", "Removed"),
        Outcome.RESTORED: pgettext("record", "Restored"),
        Outcome.HELD: pgettext("record", "Removal held"),
    }
    return names.get(code, code)


def reason(code: str) -> str:
    """Why an entry is gone."""
    names = {
        "MISSING_AT_SOURCE": _("The publisher's catalogue no longer lists it."),
        "DELETED_AT_SOURCE": _("The publisher's catalogue says that it was deleted or is no longer public."),
        "SOURCE_REMOVED": _("The catalogue that it came from is no longer read."),
        "DELETED_BY_PRODUCER": _("The publisher withdrew it. It stays away until they put it back."),
        "MOVED": _("The publisher’s catalogue lists it under another identifier now."),
    }
    return names.get(code, code)
