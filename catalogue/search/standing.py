"""What speaks for a document whatever is asked, as one number that its scores are multiplied by."""

from dcat.days import first_day

from . import weights
from .base import Document

OLDEST, NEWEST = 1990, 2090
"""Years between which a change counts; without date it is as old as can be."""
_DAYS = 365.2425


def standing(document: Document) -> float:
    """1, and more for a document that is fresh, of high value, on time, without broken links; below 1.3."""
    return (
        1
        + weights.YEAR * _years(document)
        + weights.HIGH_VALUE * bool(document.hvd)
        + weights.ON_TIME * (bool(document.frequency) and not document.late)
        + weights.WORKING * (not document.broken)
    )


def _years(document: Document) -> float:
    """Years from the oldest to the last change. A date in the future is a mistake and counts as none, by the day on
    which the catalogue learned of it."""
    modified, known = first_day(document.modified) or 0, first_day(document.updated)
    year = 1 + modified / _DAYS if known is None or modified <= known + 1 else OLDEST
    return min(max(year, OLDEST), NEWEST) - OLDEST
