"""W3C-DTF texts as numbers: engines compare days, and sort by one number."""

import re
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?)?)?")
LATEST = 99_999_999_999_999
"""One more than the largest `moment`."""


def moment(text: str) -> int | None:
    """A date or time as one number, YYYYMMDDhhmmss; None when the text does not begin with a W3C-DTF date."""
    found = _DATE.match(text)
    return int("".join((part or "00").zfill(2) for part in found.groups())) if found else None


def first_day(text: str) -> int | None:
    """The first day that a date can mean, as a proleptic Gregorian ordinal: `2019-05` → 1 May 2019."""
    return _ordinal(text, last=False)


def last_day(text: str) -> int | None:
    """The last day that a date can mean: `2019-05` → 31 May 2019."""
    return _ordinal(text, last=True)


def _ordinal(text: str, *, last: bool) -> int | None:
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups()[:3])
    try:
        if year and month and day:
            return date(year, month, day).toordinal()
        if not last:
            return date(year or 0, month or 1, 1).toordinal()
        following = (year or 0, month + 1) if month and month < 12 else ((year or 0) + 1, 1)
        return date(*following, 1).toordinal() - 1
    except ValueError:  # there is no such day
        return None
