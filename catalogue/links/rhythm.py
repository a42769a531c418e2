"""How often a file changes, learnt from when it was seen to. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

LEAST = 4
"""Changes from which on a rhythm can be told."""
NAMED = ((10, "WEEKLY"), (20, "BIWEEKLY"), (45, "MONTHLY"), (75, "BIMONTHLY"), (135, "QUARTERLY"), (270, "ANNUAL_2"))
"""The most days between two changes of each frequency (`dcat/tables/frequency.csv`). What changes more often than it is
asked looks weekly."""


def rhythm(changes: Sequence[datetime]) -> str:
    """The code of the frequency that the changes look like; empty while there are too few, or when they follow none."""
    if len(changes) < LEAST:
        return ""
    days = [(after - before).total_seconds() / 86_400 for before, after in pairwise(sorted(changes))]
    middle = median(days)
    is_even = sum(middle / 2 <= one <= middle * 2 for one in days) >= 0.7 * len(days)
    if not is_even:
        return ""
    return next((code for most, code in NAMED if middle <= most), "ANNUAL" if middle <= 450 else "")
