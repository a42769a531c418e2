"""Dates as XML Schema wants them, from the many forms that feeds hold. Ours and strict: nothing is ever guessed in.

https://www.w3.org/TR/NOTE-datetime and https://www.w3.org/TR/xmlschema11-2/#dateTime.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from . import zones
from .notes import Repair

FIRST_YEAR, LAST_YEAR = 1000, 2200
"""Years outside are mistakes (0001, 0023, 9999). A map of 1712 is none."""

_LONGEST = 120
_W3C = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?)?)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_LOOSE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ,]\s?(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,40}))?)?)?(?P<zone>.*)",
    re.ASCII,
)
_UNIX = re.compile(
    r"(?:[a-z]{3},? )?([a-z]{3}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?P<zone>[^0-9].*?)??(?: (\d{4}))?",
    re.ASCII,
)
_IN_ADDRESS = re.compile(
    r"(?:https?://|urn:).*(?:[/:#=](?P<date>\d{4}-\d\d[^/]*)|(?:year|dbpedia\.org/resource)/(?P<year>\d{4}))/?",
    re.IGNORECASE,
)
_TYPED = re.compile(r"[\"'](?P<date>[^\"']*)[\"'](?:\^\^.*)?")
_COMPACT = re.compile(
    r"((?:1[0-9]|20|21)\d\d)(\d\d)(\d\d)(?:t?(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(?P<zone>z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_EUROPEAN = re.compile(
    r"(?:[a-zé]{2,10}\.?,? )?(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T, ]+(\d{1,2}):(\d\d)(?::(\d\d))?)?", re.ASCII
)
_WORDS = re.compile(
    r"(?:[a-zé]{2,10}\.?,? )?(\d{1,2})(?:er|e|st|nd|rd|th)?\.?[ -](?:de )?([^\W\d_]{3,12})\.?,?[ -](\d{4})"
    r"(?: (\d\d):(\d\d)(?::(\d\d))?(?P<zone>.*))?"
)
_AMERICAN_WORDS = re.compile(
    r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? (\d\d):(\d\d)(?::(\d\d))?)?"
)
_HALF_DAY = re.compile(r"(?P<day>.*\d),? (?P<hour>1[0-2]|0?\d):(?P<rest>\d\d(?::\d\d)?) ?(?P<half>[ap])\.?m\.?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,12})\.?,?[ -](\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:-00(?:[t ]00:00:00.*)?)?", re.ASCII)
_YEAR_ALONE = re.compile(r"(\d{4})-00-00(?:[t ]00:00:00.*)?", re.ASCII)
_EPOCH = re.compile(r"(?:/date\()?(\d{9,10}|\d{12,13})(?:\.\d+)?(?:(?:[+-]\d{4})?\)/)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 25_569, 73_051
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_FRENCH_CLOCK = re.compile(r" (?:à )?(\d\d) ?h ?(\d\d)\Z| à (\d\d):(\d\d)")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier januari januar jänner jan janv",
            "february février fevrier februari februar feb févr fevr",
            "march mars maart märz maerz mar mrt mär",
            "april avril apr avr",
            "may mai mei",
            "june juin juni jun",
            "july juillet juli jul juil",
            "august août aout augustus aug",
            "september septembre sep sept",
            "october octobre oktober oct okt",
            "november novembre nov",
            "december décembre decembre dezember dec déc dez",
        ),
        start=1,
    )
    for name in names.split()
}
"""Name of a month, whole or short, in small letters → its number."""


@lru_cache(maxsize=8_192)
def date(text: str) -> Repair:
    """A W3C date of the precision that was given: year, month, day, or moment with seconds. None if it is no date."""
    bare = text.strip()
    if not bare:
        return Repair(None, "date-empty")
    if len(bare) > _LONGEST:
        return Repair(None, "date-invalid")
    value, rule = _w3c(bare) or _rewritten(_unwrapped(bare)) or Repair(None, "date-invalid")
    if value is None:
        return Repair(None, rule)
    if not FIRST_YEAR <= int(value[:4]) <= LAST_YEAR:
        return Repair(None, "date-unlikely")
    return Repair(value, rule or ("text-spaces" if value != text else ""))


def _unwrapped(text: str) -> str:
    found = _TYPED.fullmatch(text)
    return in_address(text) or (found["date"].strip() if found else text)


def in_address(text: str) -> str:
    """The date in an address that stands for one, such as `http://reference.data.gov.uk/id/day/2021-03-05`."""
    found = _IN_ADDRESS.fullmatch(text) if len(text) <= _LONGEST else None
    return found["date"] or found["year"] if found else ""


def _w3c(text: str) -> Repair | None:
    """The value itself when it is well-formed and exists in the calendar."""
    if not (found := _W3C.fullmatch(text)):
        return None
    year, month, day, hour, minute, second, _, zone = found.groups()
    if hour == "24" or day == "00":  # the end of a day, which hardly any reader knows; and a day that nobody knew
        return None
    if not _exists(year, month or "1", day or "1", (hour, minute, second), zone):
        return Repair(None, "date-unlikely" if year < "1000" else "date-invalid")
    if zone and not hour:  # a zone means nothing to a day, and readers stumble over it
        return Repair(text[: -len(zone)], "date-rewritten")
    return Repair(text)


def _rewritten(text: str) -> Repair | None:
    lower = _FRENCH_CLOCK.sub(_clock, text.casefold().translate(_DASHES))
    for form in (_plain, _compact, _half_day, _loose, _european, _in_words, _unix, _month, _epoch, _serial):
        if value := form(lower):
            return Repair(value, "date-rewritten")
    return None


def _clock(found: re.Match[str]) -> str:
    """`14h23`, `à 14:23`."""
    return f" {found[1] or found[3]}:{found[2] or found[4]}"


Clock = tuple[str | None, str | None, str | None]
"""Hour, minute and second as written; None where the source gave none."""

_NO_CLOCK: Clock = (None, None, None)


def _exists(year: str, month: str, day: str, clock: Clock, zone: str | None = None) -> bool:
    try:
        hour, minute, second = (int(part or 0) for part in clock)
        datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError):
        return False
    return not zone or zone == "Z" or (int(zone[1:3]) * 60 + int(zone[4:6]) <= 14 * 60 and int(zone[4:6]) < 60)


def _build(year: str, month: str, day: str, clock: Clock = _NO_CLOCK, rest: str = "") -> str | None:
    """A date, or a moment with `rest`: fraction and zone. Midnight at the end of a day is that of the next."""
    if clock[0] == "24" and int(clock[1] or 0) == int(clock[2] or 0) == 0:
        return _end_of_day(year, month, day, rest)
    zone = rest[-6:] if rest[-6:-5] in {"+", "-"} else None
    if not _exists(year, month, day, clock, zone):
        return None
    value = f"{year}-{int(month):02}-{int(day):02}"
    hour, minute, second = clock
    return f"{value}T{int(hour):02}:{minute}:{second or '00'}{rest}" if hour and minute else value


def _end_of_day(year: str, month: str, day: str, rest: str) -> str | None:
    if not _exists(year, month, day, _NO_CLOCK) or f"{year}-{int(month):02}-{int(day):02}" == "9999-12-31":
        return None
    following = datetime(int(year), int(month), int(day), tzinfo=UTC) + timedelta(days=1)
    return _build(f"{following.year:04}", str(following.month), str(following.day), ("00", "00", "00"), rest)


def _plain(text: str) -> str | None:
    """What is well-formed once an address or quotes around it are gone."""
    found = _w3c(text.upper())
    return found.value if found else None


def _loose(text: str) -> str | None:
    """`2023-5-1`, `2023/05/01 10:00`, `2023-05-01T10:00+0200`, `2023-05-01 10:00:00 Europe/Brussels`."""
    if not (found := _LOOSE.fullmatch(text)):
        return None
    year, month, day, hour, minute, second, fraction, rest = found.groups()
    value = _build(year, month, day, (hour, minute, second), f".{fraction[:_MOST_DIGITS]}" if fraction else "")
    return _zoned(value, rest)


_MOST_DIGITS = 9
"""Of a fraction of a second: nanoseconds. Longer ones are noise, and readers stumble over them."""


def _zoned(value: str | None, rest: str) -> str | None:
    """A moment with what follows it read as a time zone; a zone that nobody knows is left out, as that of a day is."""
    zone = zones.offset(rest, value or "")
    if value is None or zone is None or (rest.strip() and not zone and "T" not in value):
        return None
    if not _exists("2000", "1", "1", _NO_CLOCK, zone or None):
        return None
    return value + zone if "T" in value else value


def _compact(text: str) -> str | None:
    """`20230501`, `20230501T101500Z`, `20230501101500`."""
    if not (found := _COMPACT.fullmatch(text)):
        return None
    return _zoned(_build(found[1], found[2], found[3], (found[4], found[5], found[6])), found["zone"] or "")


def _half_day(text: str) -> str | None:
    """`5/1/2023 02:15:00 PM`: who counts to twelve writes the month first."""
    if not (found := _HALF_DAY.fullmatch(text)):
        return None
    hour = int(found["hour"]) % 12 + 12 * (found["half"] == "p")
    moment = f" {hour:02}:{found['rest']}"
    if day := _AMERICAN.fullmatch(found["day"]):
        value = _loose(f"{day[3]}-{day[1]}-{day[2]}{moment}") or _loose(f"{day[3]}-{day[2]}-{day[1]}{moment}")
    else:
        value = _loose(found["day"] + moment) or _in_words(found["day"] + moment)
    return value.removesuffix("T00:00:00") if value else None


def _european(text: str) -> str | None:
    """`01/05/2023` is the first of May here; `05/23/2023` can only be the other order."""
    if not (found := _EUROPEAN.fullmatch(text)):
        return None
    day, month, year, hour, minute, second = found.groups()
    is_midnight = int(hour or 0) == int(minute or 0) == int(second or 0) == 0
    clock = _NO_CLOCK if is_midnight else (hour, minute, second)
    return _build(year, month, day, clock) or _build(year, day, month, clock)


def _in_words(text: str) -> str | None:
    """`1er janvier 2023`, `12 mei 2021`, `May 5, 2021`, `Mon, 05 Jan 2015 10:00:00 GMT`."""
    if found := _WORDS.fullmatch(text):
        day, name, year, hour, minute, second, rest = found.groups()
        month = MONTHS.get(name)
        return _zoned(_build(year, str(month), day, (hour, minute, second)), rest or "") if month else None
    if found := _AMERICAN_WORDS.fullmatch(text):
        month = MONTHS.get(found[1])
        return _build(found[3], str(month), found[2], (found[4], found[5], found[6])) if month else None
    return None


def _unix(text: str) -> str | None:
    """What programs print: `Tue Nov 14 09:12:44 CET 2023`, `Tue Nov 14 2023 09:12:44 GMT+0100 (CET)`."""
    if not (found := _UNIX.fullmatch(text)) or (found[3] is None) == (found[8] is None):
        return None
    month = MONTHS.get(found[1])
    value = _build(found[3] or found[8], str(month), found[2], (found[4], found[5], found[6])) if month else None
    return _zoned(value, found["zone"] or "")


def _month(text: str) -> str | None:
    """`mai 2021`, `05/2021`, `2021/5`; also `2021-05-00` and `2021-00-00`, by which databases say what they do not
    know."""
    if found := _MONTH_YEAR.fullmatch(text):
        month = MONTHS.get(found[1])
        return f"{found[2]}-{month:02}" if month else None
    if found := _YEAR_ALONE.fullmatch(text):
        return found[1]
    found = _MONTH_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    return f"{found['year']}-{int(found['month']):02}" if found and 1 <= int(found["month"]) <= 12 else None


def _epoch(text: str) -> str | None:
    """Seconds or milliseconds since 1970, also as `/Date(1682928900000+0200)/`."""
    if not (found := _EPOCH.fullmatch(text)):
        return None
    seconds = int(found[1]) / (1000 if len(found[1]) > 10 else 1)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _serial(text: str) -> str | None:
    """`45292`: days since the end of 1899, as spreadsheets keep them; from 1970 to 2100."""
    if not (found := _SERIAL.fullmatch(text)) or not _FIRST_SERIAL <= int(found[1]) <= _LAST_SERIAL:
        return None
    return (datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=int(found[1]))).date().isoformat()


_UNITS = {
    "second": "S",
    "seconde": "S",
    "sekunde": "S",
    "minute": "M",
    "minuut": "M",
    "hour": "H",
    "heure": "H",
    "uur": "H",
    "stunde": "H",
    "day": "D",
    "jour": "D",
    "dag": "D",
    "tag": "D",
    "week": "W",
    "semaine": "W",
    "woche": "W",
    "month": "MO",
    "mois": "MO",
    "maand": "MO",
    "monat": "MO",
    "year": "Y",
    "an": "Y",
    "année": "Y",
    "jaar": "Y",
    "jahr": "Y",
}
_DURATION = re.compile(r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII)
_WEEKS = re.compile(r"P(\d{1,4})W", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,5})? ?([^\W\d_]+)")


@lru_cache(maxsize=1_024)
def duration(text: str) -> Repair:
    """An xsd:duration: `P1D`, from `p1d`, `P2W`, `1 hour`, `10 minutes`."""
    bare = text.strip()
    if len(bare) <= _LONGEST:
        upper = bare.upper()
        if _DURATION.fullmatch(upper) and not upper.startswith("-"):
            return Repair(upper, "" if upper == text else "duration-rewritten")
        if found := _WEEKS.fullmatch(upper):
            return Repair(f"P{int(found[1]) * 7}D", "duration-rewritten")
        if value := _spoken(bare.casefold()):
            return Repair(value, "duration-rewritten")
    return Repair(None, "duration-invalid")


def _spoken(text: str) -> str | None:
    if not (found := _AMOUNT.fullmatch(text)):
        return None
    amount, word = int(found[1] or 1), found[2]
    unit = next((_UNITS[form] for form in (word, word[:-1], word[:-2]) if form in _UNITS), None)
    if unit is None:
        return None
    if unit == "W":
        return f"P{amount * 7}D"
    if unit == "MO":
        return f"P{amount}M"
    return f"PT{amount}{unit}" if unit in {"S", "M", "H"} else f"P{amount}{unit}"


def is_after(one: str, other: str) -> bool:
    """True when the first date is certainly later: compared at the precision that both have."""
    length = min(len(one), len(other), 10)
    return one[:length] > other[:length]


@lru_cache(maxsize=8)
def tomorrow(today: str) -> str:
    """The day after: a source east of us may already be there."""
    return (datetime.fromisoformat(today) + timedelta(days=1)).date().isoformat()
