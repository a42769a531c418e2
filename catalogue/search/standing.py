"""What speaks for a document whatever is asked, as one number that its scores are multiplied by."""

from dcat.days import first_day

from . import weights
from .base import Document

OLDEST, NEWEST = 1990, 2090
"""Years between which a change counts; without date it is as old as can be."""
_DAYS = 365.2425


def standing(document: Document) -> float:
    """1, and more for a document that is fresh, of high value, on time; below 1.25."""
    return (
        1
        + weights.YEAR * _years(document)
        + weights.HIGH_VALUE * bool(document.hvd)
        + weights.ON_TIME * (bool(document.frequency) and not document.late)
    )


def has_been(date: str, document: Document) -> bool:
    """False for a date that was still to come when the catalogue learned of it, by more than a day: nobody has changed
    or published anything then."""
    day, known = first_day(date) or 0, first_day(document.updated)
    return known is None or day <= known + 1


def _years(document: Document) -> float:
    """Years from the oldest to the last change; a date in the future is a mistake and counts as none."""
    modified = first_day(document.modified) or 0
    year = 1 + modified / _DAYS if has_been(document.modified, document) else OLDEST
    return min(max(year, OLDEST), NEWEST) - OLDEST
