"""What speaks for a document whatever is asked, as one number that its scores are multiplied by."""

from . import weights
from .base import Document
from .dates import first_day

OLDEST, NEWEST = 1990, 2090
"""Years between which a change counts; without date it is as old as can be."""
_DAYS = 365.2425


def standing(document: Document) -> float:
    """1, and more for a document that is fresh, of high value, on time, without broken links; below 1.3."""
    return (
        1
        + weights.YEAR * _years(document.modified)
        + weights.HIGH_VALUE * bool(document.hvd)
        + weights.ON_TIME * (bool(document.frequency) and not document.late)
        + weights.WORKING * (not document.broken)
    )


def _years(modified: str) -> float:
    """Years from the oldest to a date."""
    year = 1 + (first_day(modified) or 0) / _DAYS
    return min(max(year, OLDEST), NEWEST) - OLDEST
