"""Which entries that a source no longer lists are removed: the most dangerous decision of the catalogue.

Only a complete run asks. A source that lists nothing at all, or suddenly much less, is held: nothing is removed, and
people see the names. The rest is removed when a second complete run in a row misses it too (robustness 3.1), or at once
when the source itself says that it deleted it.
"""

from collections.abc import Container
from datetime import datetime, timedelta

import msgspec

from ..store.missing import Absent

FEW = 2
"""So many may always go, unless they are all."""
SHARE = 0.10
"""Part of a source that may go at once."""
LARGEST_SHARE = 0.30
"""Part that may go when the runs agree for long enough; beyond it, only people decide."""
RUNS = 2
"""Complete runs in a row that must miss an entry."""
AGREEING_RUNS = 3
AGREEING_TIME = timedelta(hours=72)
"""What releases a hold by itself."""


class Plan(msgspec.Struct, frozen=True):
    """What to do with the entries that were not seen."""

    remove: tuple[Absent, ...] = ()
    keep: tuple[tuple[Absent, str, str], ...] = ()
    """With the reason: its code, and for people."""
    is_held: bool = False


def plan(absent: tuple[Absent, ...], live: int, now: datetime, deleted: Container[str] = ()) -> Plan:
    """`absent`: live entries that this complete run did not see, of `live` that the source had. `deleted`: identifiers
    of those that the source says it deleted."""
    if absent and len(absent) == live:
        return _hold(absent, "ALL_MISSING", f"The source lists none of its {live} records any more.")
    if len(absent) > max(FEW, SHARE * live):
        if len(absent) <= LARGEST_SHARE * live and all(_agreed(one, now) for one in absent):
            return Plan(remove=absent)
        return _hold(absent, "MANY_MISSING", f"{len(absent)} of {live} records are missing at once.")
    reason = "It is missing at the source; it is removed when the next complete run does not find it either."
    is_certain = {one.id: one.runs >= RUNS or one.identifier in deleted for one in absent}
    return Plan(
        remove=tuple(one for one in absent if is_certain[one.id]),
        keep=tuple((one, "MISSING_ONCE", reason) for one in absent if not is_certain[one.id]),
    )


def _hold(absent: tuple[Absent, ...], code: str, reason: str) -> Plan:
    advice = "Nothing is removed until somebody confirms it."
    return Plan(keep=tuple((one, code, f"{reason} {advice}") for one in absent), is_held=True)


def _agreed(one: Absent, now: datetime) -> bool:
    return one.runs >= AGREEING_RUNS and now - one.since >= AGREEING_TIME
