"""Filters by size: how recent, where, when."""

import re
from datetime import timedelta

from dcat import vocab
from dcat.days import first_day, last_day, microseconds, utc

from .. import clock
from .clauses import All, AnyOf, Between, Clause, Sum

COUNTRY, REGION = "01000", "04000"
IN_REGION = re.compile(r"210(0[0-9]|1[0-9])")
"""NIS codes of the communes of the region and of their arrondissement."""
AROUND_COMMUNE = (REGION, COUNTRY)
AROUND = {COUNTRY: (), REGION: (COUNTRY,), "02000": (COUNTRY,), "03000": (COUNTRY,)}
"""Place → the places around it."""

DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
"""A year, a month or a day as in an address; documents may say more."""
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
        example = "2026-01-31 or 2026-01-31T12:00:00Z"
        raise ValueError(f"must be a date such as {example}, not {value[:40]!r}") from None


def since(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries of which something new was learned since the first of the moments."""
    return Between("changed", min(microseconds(value) for value in values))


def parse_box(value: str) -> str:
    """minx,miny,maxx,maxy in degrees."""
    try:
        west, south, east, north = (float(part) for part in value.split(","))
    except ValueError:
        raise ValueError(f"must be four numbers minx,miny,maxx,maxy in degrees, not {value!r}") from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(f"must be minx,miny,maxx,maxy with minx ≤ maxx, miny ≤ maxy, in degrees, not {value!r}")
    return ",".join(_plain(number) for number in (west, south, east, north))


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def box(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries whose bounding box overlaps one of the boxes."""
    return Sum(tuple(_overlap(*(float(part) for part in value.split(","))) for value in values))


def _overlap(west: float, south: float, east: float, north: float) -> Clause:
    return All(
        (
            Between("west", high=east),
            Between("east", low=west),
            Between("south", high=north),
            Between("north", low=south),
        )
    )


def covering(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries about at least a part of one of the places: the place, one around it, a box that overlaps its own."""
    return Sum(tuple(clause for value in values for clause in _covering(value)))


def _covering(code: str) -> tuple[Clause, ...]:
    around = (code, *AROUND.get(code, AROUND_COMMUNE if IN_REGION.fullmatch(code) else ()))
    named = AnyOf("place", around)
    box_of = vocab.PLACES.by_code[code].extra.get("bbox")
    return (named, _overlap(*(float(number) for number in box_of.split()))) if box_of else (named,)


def parse_period(value: str) -> str:
    """A date, or start/end with either end left open."""
    start, _, end = value.partition("/") if "/" in value else (value, "", value)
    first, last = first_day(start), last_day(end)
    is_date = all(DAY.fullmatch(one) for one in (start, end) if one)
    if not is_date or (start and first is None) or (end and last is None) or not (start or end):
        raise ValueError(f"must be a date or start/end, such as 2019 or 2018-01/2019-06, not {value!r}")
    if first is not None and last is not None and first > last:
        raise ValueError(f"must begin before it ends: {value!r}")
    return value


def period(_name: str, values: tuple[str, ...]) -> Clause:
    """Entries whose period overlaps one of the periods."""
    return Sum(tuple(_overlapping_days(value) for value in values))


def _overlapping_days(value: str) -> Clause:
    start, _, end = value.partition("/") if "/" in value else (value, "", value)
    return All((Between("start_day", high=last_day(end)), Between("end_day", low=first_day(start))))
