"""W3C-DTF texts as numbers: engines compare days, and sort by one number."""

import re
from datetime import UTC, date, datetime, timedelta

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?)?)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)
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


def utc(text: str) -> datetime:
    """A date, or a date with time (ISO 8601), in UTC; without an offset it is UTC. Raises ValueError."""
    mended = re.sub(r" (?=\d\d:\d\d\Z)", "+", text)  # a + that nobody escaped arrives as a blank
    if not _MOMENT.fullmatch(mended):
        raise ValueError(text)
    try:
        given = datetime.fromisoformat(mended)
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def microseconds(text: str) -> int:
    """A moment as microseconds since 1970."""
    return (utc(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


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
