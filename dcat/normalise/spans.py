"""Spans of time of which the end is said by their length: `2010-01-01/P1Y` (ISO 8601-1, 5.5.2.4)."""

import calendar
import re
from datetime import datetime, timedelta

_LENGTH = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,6})(?:\.\d+)?S)?)?",
    re.ASCII,
)
_FIRST = "0000-01-01"
"""What completes a year or a month to its first day."""


def ending(start: str, length: str) -> str | None:
    """The last day, or moment, of a span. `start`: a date of XML Schema; `length`: an xsd:duration.

    A span of whole days ends on its last one: `2010`, `P1Y` on 2010-12-31. None when the calendar has no such day.
    """
    said = _LENGTH.fullmatch(length)
    if said is None:
        return None
    part = {name: int(value or 0) for name, value in said.groupdict().items()}
    has_clock = "T" in start
    try:
        first = datetime.fromisoformat(start if has_clock else start + _FIRST[len(start) :])
        after = _months_later(first, 12 * part.pop("years") + part.pop("months")) + timedelta(**part)
        last = after if has_clock else after - timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    if last < first:
        return None
    return last.isoformat().replace("+00:00", "Z") if has_clock else last.date().isoformat()


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a month that is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
