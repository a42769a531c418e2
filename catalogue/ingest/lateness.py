"""Whether the next update of an entry is overdue, by the frequency that its publisher promises."""

from datetime import date
from math import ceil

from dcat import vocab
from dcat.days import last_day
from dcat.model import Entry

CONTINUOUS = frozenset({"CONT", "UPDATE_CONT"})
"""Frequencies of what never stops changing."""


def late_from(modified: str | None, frequency: str) -> date | None:
    """The first day on which the update after `modified` (W3C-DTF) is overdue; None when nobody can say.

    An update is due one period after the last one, with a grace of one day or a tenth of the period, whichever is
    longer. Nothing is said of what changes faster than daily: the date of a live stream's description is not that of
    its data. A month or a year counts as its last day.
    """
    found = _period(modified, frequency)
    if found is None:
        return None
    last, days = found
    return _date(last + int(days + max(1.0, days / 10)) + 1)


def next_update(entry: Entry) -> date | None:
    """The day on which the next update of an entry is due, without grace; None when nobody can say."""
    found = _period(entry.modified, frequency_code(entry))
    return _date(found[0] + ceil(found[1])) if found else None


def _period(modified: str | None, frequency: str) -> tuple[int, float] | None:
    """The last day (ordinal) of the last update, and the days to the next one."""
    term = vocab.FREQUENCIES.by_code.get(frequency)
    days = vocab.days_between_updates(term) if term else None
    last = last_day(modified or "")
    if days is None or days < 1 or last is None or frequency in CONTINUOUS:
        return None
    return last, days


def _date(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal <= date.max.toordinal() else None


def of_entry(entry: Entry) -> date | None:
    """The first day on which the next update of an entry is overdue."""
    return late_from(entry.modified, frequency_code(entry))


def frequency_code(entry: Entry) -> str:
    """The code of the update frequency; empty when the vocabulary does not know it."""
    term = vocab.FREQUENCIES.by_iri.get(entry.frequency.iri or "") if entry.frequency else None
    return term.code if term else ""
