"""Spans of time whose ends are said in another way: by their length (`2010-01-01/P1Y`, ISO 8601-1, 5.5.2.4), as a
quarter of a year, or as the years in them."""

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

_QUARTER = re.compile(
    r"[qtk](?P<a>[1-4])[\s/-]*(?P<in_a>\d{4})|(?P<in_b>\d{4})[\s/-]*[qtk](?P<b>[1-4])"
    r"|(?P<c>[1-4])(?:st|nd|rd|th|er|e|de|ste|[eè]me|\.)?\s*(?:quarter|trimestre|kwartaal|quartal)"
    r"\s+(?:of |van |de )?(?P<in_c>\d{4})",
    re.IGNORECASE | re.ASCII,
)
_YEARS = re.compile(r"\d{4}(?:\s*[,;]\s*\d{4})+", re.ASCII)


def quarter(text: str) -> list[str]:
    """The first and last month of a quarter: `Q1 2010`, `2010-T1`, `1er trimestre 2010`; empty for anything else."""
    found = _QUARTER.fullmatch(text)
    if found is None:
        return []
    number, year = next((int(found[one]), found[f"in_{one}"]) for one in "abc" if found[one])
    return [f"{year}-{3 * number - 2:02}", f"{year}-{3 * number:02}"]


def years(text: str) -> list[str]:
    """The first and last of years that follow one another: `2010, 2011, 2012`; empty for anything else."""
    found = [int(year) for year in re.findall(r"\d{4}", text)] if _YEARS.fullmatch(text) else []
    return [str(found[0]), str(found[-1])] if found and found == list(range(found[0], found[-1] + 1)) else []


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
