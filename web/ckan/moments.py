"""Moments as Solr writes them: ISO 8601, `*` for an open end, and sums such as `NOW-7DAYS` or `NOW/DAY-1MONTH`.

https://solr.apache.org/guide/solr/latest/indexing-guide/date-formatting-math.html
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from catalogue import clock

_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_SMALLER = (("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0), ("microsecond", 0))
"""What is smaller than each unit, and its least value."""
_STEP = re.compile(rf"(?:(?P<number>[+-]\d{{1,5}})|/)(?P<unit>{'|'.join(_UNITS)})S?", re.ASCII)

STEP = timedelta.resolution
"""From one moment to the next."""


def span(text: str) -> tuple[datetime | None, datetime | None]:
    """The first and the last moment of `[A TO B]`; a brace leaves out the end that it stands at. Raises `ValueError`,
    `OverflowError`."""
    low, high = text[1:-1].split(" TO ")
    since, until = (moment(end.strip().strip('"')) for end in (low, high))
    after, before = (STEP if brace in "{}" else STEP * 0 for brace in (text[0], text[-1]))
    return since and since + after, until and until - before


def moment(text: str) -> datetime | None:
    """The moment; None for an open end. Raises `ValueError`."""
    if text == "*":
        return None
    if text.startswith("NOW"):
        return _sum(text.removeprefix("NOW"))
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _sum(steps: str) -> datetime:
    """This moment with each step taken in its turn."""
    at, place = clock.now(), 0
    while place < len(steps):
        if not (step := _STEP.match(steps, place)):
            raise ValueError(steps)
        at = _moved(at, int(step["number"]), step["unit"]) if step["number"] else _begun(at, step["unit"])
        place = step.end()
    return at


def _moved(at: datetime, number: int, unit: str) -> datetime:
    """So many units later; the last day of a month that is too short."""
    if unit in _UNITS[2:]:
        try:
            return at + timedelta(**{f"{unit.lower()}s": number})
        except OverflowError as error:
            raise ValueError(number) from error
    year, month = divmod(at.year * 12 + at.month - 1 + number * (12 if unit == "YEAR" else 1), 12)
    if not 1 <= year <= 9999:
        raise ValueError(number)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def _begun(at: datetime, unit: str) -> datetime:
    """When the year, month, day … of a moment began."""
    return at.replace(**dict(_SMALLER[_UNITS.index(unit) :]))  # type: ignore[arg-type]
