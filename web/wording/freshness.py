"""Whether data are fresh: late by how many days, when the next update is due, or a final version."""

from typing import NamedTuple

from catalogue import clock
from catalogue.ingest import lateness
from catalogue.store.rows import EntryRow

from . import writing
from .words import gettext as _
from .words import ngettext

FINAL = "NEVER"
"""The frequency of what is no longer updated."""


class Freshness(NamedTuple):
    """How fresh an entry is."""

    kind: str
    """Class of the style sheet; empty for plain text."""
    words: str
    following: str = ""
    """When the next update is due; empty when nobody can say."""


def of(row: EntryRow) -> Freshness | None:
    """How fresh an entry is; None when nobody can say."""
    if lateness.frequency_code(row.entry) == FINAL:
        return Freshness("", _("final version"))
    expected, today = lateness.next_update(row.entry), clock.now().date()
    if expected is None or row.late_from is None:
        return None
    if row.late_from <= today:
        days = (today - expected).days
        said = ngettext("late by %(n)s day", "late by %(n)s days", days, n=writing.number(days))
        return Freshness("late", f"! {said}")
    in_time = _("on time")
    return Freshness("good", f"✓ {in_time}", writing.day(max(expected, today)))
