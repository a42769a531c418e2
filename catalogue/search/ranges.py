"""Filters by size: how recent, where, when."""

import re
from datetime import timedelta

from dcat import vocab
from dcat.days import first_day, last_day, microseconds, utc

from .. import clock
from .base import BadValue
from .clauses import All, AnyOf, Between, Clause, Sum
from .surroundings import around

DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
"""A year, a month or a day as in an address; documents may say more."""
OPEN = re.compile(r"\.\.\Z")
"""An end that is not known yet, or a beginning that nobody knows."""
TURN, HALF_TURN = 360, 180
DAYS = {"30d": 30, "12m": 365, "3y": 3 * 365}
"""Values of `updated` in days."""


def updated(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries that changed within the longest of the spans."""
    today = clock.now().date()
    return Between("modified_day", (today - timedelta(days=max(DAYS[value] for value in values))).toordinal())


def parse_since(value: str) -> str:
    """A date or a moment, as a moment in UTC."""
    try:
        return utc(value).isoformat().replace("+00:00", "Z")
    except ValueError:
        sentence = "%(name)s must be a date such as 2026-01-31 or 2026-01-31T12:00:00Z, not “%(value)s”."
        raise BadValue(sentence, value=value[:40]) from None


def since(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries of which something new was learned since the first of the moments."""
    return Between("changed", min(microseconds(value) for value in values))


def parse_box(value: str) -> str:
    """minx,miny,maxx,maxy in degrees; a box whose west is greater than its east goes across 180°
    (https://www.rfc-editor.org/rfc/rfc7946#section-5.2)."""
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise BadValue(
            "%(name)s must be four numbers minx,miny,maxx,maxy in degrees, not “%(value)s”.", value=value[:40]
        ) from None
    if not (abs(west) <= HALF_TURN and abs(east) <= HALF_TURN and -90 <= south <= north <= 90):
        raise BadValue(
            "%(name)s must be minx,miny,maxx,maxy in degrees, with minx and maxx from -180 to 180 and miny ≤ maxy from "
            "-90 to 90, not “%(value)s”.",
            value=value[:40],
        )
    return ",".join(_plain(number) for number in (west, south, east, north))


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def box(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries whose bounding box overlaps one of the boxes."""
    return Sum(tuple(_overlap(*(float(part) for part in value.split(","))) for value in values))


def _overlap(west: float, south: float, east: float, north: float) -> Clause:
    """Documents whose box overlaps this one, a turn of the world further east or west too: a box across 180° goes on
    beyond it, in documents (`fields`) as in questions."""
    end = east + TURN * (west > east)
    here = [(west + turn, end + turn) for turn in (-TURN, 0, TURN)]
    spans = [(low, high) for low, high in here if low <= HALF_TURN + TURN and high >= -HALF_TURN]
    around = Sum(tuple(All((Between("west", high=high), Between("east", low=low))) for low, high in spans))
    return All((around, Between("south", high=north), Between("north", low=south)))


def covering(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries about at least a part of one of the places: the place, one around it, a box that overlaps its own."""
    return Sum(tuple(clause for value in values for clause in _covering(value)))


def _covering(code: str) -> tuple[Clause, ...]:
    named = AnyOf("place", (code, *around(code)))
    box_of = vocab.PLACES.by_code[code].extra.get("bbox")
    return (named, _overlap(*(float(number) for number in box_of.split()))) if box_of else (named,)


def parse_period(value: str) -> str:
    """A date, or start/end with either end left open: empty, or `..` (ISO 8601-2)."""
    start, end = (OPEN.sub("", one) for one in (value.split("/", 1) if "/" in value else (value, value)))
    first, last = first_day(start), last_day(end)
    is_date = all(DAY.fullmatch(one) for one in (start, end) if one)
    if not is_date or (start and first is None) or (end and last is None) or not (start or end):
        raise BadValue(
            "%(name)s must be a date or start/end, such as 2019 or 2018-01/2019-06, not “%(value)s”.", value=value[:40]
        )
    if first is not None and last is not None and first > last:
        raise BadValue("%(name)s must begin before it ends, not as in “%(value)s”.", value=value)
    return f"{start}/{end}" if "/" in value else value


def period(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries whose period overlaps one of the periods."""
    return Sum(tuple(_overlapping_days(value) for value in values))


def _overlapping_days(value: str) -> Clause:
    start, _, end = value.partition("/") if "/" in value else (value, "", value)
    return All((Between("start_day", high=last_day(end)), Between("end_day", low=first_day(start))))
