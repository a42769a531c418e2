"""How dates, sizes, numbers and addresses are written for this reader."""

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from babel import dates, numbers, units
from flask_babel import format_datetime, format_decimal, format_percent, to_user_timezone

from catalogue import clock
from dcat.days import first_day

from . import words
from .words import gettext as _
from .words import pgettext

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DURATION = re.compile(
    r"P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,9})?)S)?)?",
    re.ASCII,
)
_UNITS_OF_TIME = ("year", "month", "week", "day", "hour", "minute", "second")
_MONTH = re.compile(r"(\d{4})-(\d\d)(?!\d)")

LINKED = ("http", "https", "mailto", "tel")
"""Schemes that a link of ours may have; any other address is shown as text."""

UNITS = {
    "fr": ("octets", "ko", "Mo", "Go", "To"),
    "de": ("Bytes", "kB", "MB", "GB", "TB"),
    "": ("bytes", "kB", "MB", "GB", "TB"),
}


def day(value: str | date | None) -> str:
    """A date in words; as the source wrote it when it is none. Months and years stay months and years."""
    if isinstance(value, date):
        return _written(value)
    text = value or ""
    try:
        if found := _DAY.match(text):
            return _written(date(*map(int, found.groups())))
        if found := _MONTH.match(text):
            return _in_words(date(int(found[1]), int(found[2]), 1), "MMMM y", words.language())
    except ValueError:
        return text
    return text


def _written(value: date) -> str:
    language, when = words.language(), to_user_timezone(value).date() if isinstance(value, datetime) else value
    pattern = {"de": "d. MMMM y", "fr": "d'er' MMMM y" if when.day == 1 else "d MMMM y"}
    return _in_words(when, pattern.get(language, "d MMMM y"), language)


@lru_cache(maxsize=4096)
def _in_words(value: date, pattern: str, language: str) -> str:
    return str(dates.format_date(value, pattern, locale=language))


def is_to_come(value: str | None) -> bool:
    """True for a date that lies in the future by more than the day that time zones explain."""
    return (first_day(value or "") or 0) > clock.now().date().toordinal() + 1


def dated(value: str | None) -> str:
    """A date of something done, in words; of one that is to come, that it is announced."""
    if value is None or not is_to_come(value):
        return day(value)
    if _DAY.match(value):
        return _("announced for %(date)s", date=day(value))
    return pgettext("month or year", "announced for %(date)s", date=day(value))


def duration(value: str) -> str:
    """A span of time in words (`PT15M`: 15 minutes); as the source wrote it when it is none."""
    found = _DURATION.fullmatch(value)
    if not found or not any(found.groups()):
        return value
    spans = [
        units.format_unit(float(number.replace(",", ".")), f"duration-{unit}", locale=words.language())
        for unit, number in zip(_UNITS_OF_TIME, found.groups(), strict=True)
        if number
    ]
    return " ".join(spans)


def updated(value: str) -> str:
    """When something was updated, or shall be, in a sentence that fits a day, a month or a year."""
    if is_to_come(value):
        return dated(value)
    if _DAY.match(value):
        return _("updated on %(date)s", date=day(value))
    return _("updated in %(date)s", date=day(value))


def done(value: str | None) -> str:
    """The day of something that happened, for machines; nothing when it is to come, or is no date."""
    return "" if is_to_come(value) else iso(value)


def iso(value: str | datetime | None) -> str:
    """The day of a moment for machines, or nothing when it is no date."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    found = _DAY.match(value or "")
    return found[0] if found else ""


def moment(value: datetime) -> str:
    """A moment to the minute, in UTC."""
    return f"{_written(value)}, {format_datetime(value, 'HH:mm')} UTC"


def number(value: int) -> str:
    """A number with the thousands of the reader's language."""
    return _number(value, words.language())


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return str(numbers.format_decimal(value, locale=language))


def share(part: int, whole: int) -> str:
    """A share of a whole in hundredths, never all of it or nothing of it by rounding alone."""
    hundredths = round(100 * part / whole)
    kept = min(max(hundredths, int(part > 0)), 99 + int(part == whole))
    return str(format_percent(kept / 100))


def size(value: str | int | None) -> str:
    """A number of bytes in the unit that a reader can picture; nothing when it is no number, or none at all: nobody
    publishes an empty file, but many write 0 for what they do not know."""
    text = str(value or "")
    if not (text.isascii() and text.isdigit() and text.strip("0")) or len(text) > 18:
        return ""
    amount, units = float(text), UNITS.get(words.language(), UNITS[""])
    step = 0
    while round(amount) >= 1000 and step < len(units) - 1:  # 999 999 bytes are 1 MB, not 1 000 kB
        amount, step = amount / 1000, step + 1
    pattern = "#,##0.#" if step and amount < 100 else "#,##0"
    unit = units[step].rstrip("s") if amount == 1 and not step else units[step]
    return f"{format_decimal(amount, pattern)}\N{NO-BREAK SPACE}{unit}"


def link(address: str | None) -> str:
    """The address when a page may link to it, else nothing."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    good = parts.scheme in LINKED and (parts.netloc or parts.scheme in {"mailto", "tel"})
    return address or "" if good else ""


def spoken(address: str) -> str:
    """A mailbox, a number or a page as people say it: without what only machines need."""
    scheme, _, rest = address.partition(":")
    if scheme in {"http", "https"}:
        return rest.removeprefix("//").removeprefix("www.").rstrip("/")
    return unquote(rest.partition("?")[0]) if scheme in LINKED else address


def host(address: str) -> str:
    """Where an address leads, for the eye."""
    try:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    except ValueError:
        return address


def folded(text: str) -> str:
    """A text without accents and capitals: how names are put in order, and compared."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
