"""What a cell says: a number, a day, a moment, yes or no; in the ways in which people of this country write them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from .preview import DAY, DECIMAL, MOMENT, WHOLE, YES_NO, Value

_NOTHING = re.compile(
    r"na|n/a|n\.a\.?|nan|null|none|nil|nd|n\.d\.|nr|n/d|n\.c\.|-{1,3}|[–—?…]|\.{1,3}|#n/a|#(?:ref|value|null|num|div/0)!|#name\?",
    re.IGNORECASE,
).fullmatch
"""What people write where there is no number or day."""

_WHOLE = re.compile(r"[+-]?(?:0|[1-9]\d{0,17}|[1-9]\d{0,2}(?:[ \u00a0\u202f']\d{3}){1,5})").fullmatch
_POINT = re.compile(
    r"[+-]?(?:(?:0|[1-9]\d{0,15})?\.\d{1,30}|(?:0|[1-9]\d{0,15})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)"
).fullmatch
_COMMA = re.compile(
    r"[+-]?(?:(?:0|[1-9]\d{0,15})|[1-9]\d{0,2}(?:[. \u00a0\u202f']\d{3}){1,5})?(?:,\d{1,30})?"
).fullmatch
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)").fullmatch
_BELGIAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})").fullmatch
_JAPANESE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})").fullmatch
_TIME = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?"
_MOMENT = re.compile(rf"(\d{{4}}-\d\d-\d\d|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{4}}|\d{{4}}/\d\d/\d\d)[T ]{_TIME}").fullmatch
_YES = frozenset(("true", "vrai", "waar", "wahr", "oui", "ja", "yes"))
_NO = frozenset(("false", "faux", "onwaar", "falsch", "non", "nee", "neen", "nein", "no"))


class Kind(NamedTuple):
    """A way to write values."""

    type: str
    read: Callable[[str], Value]
    """The value of a text; None for one that is not written so."""
    decimal: str = ""


def whole(text: str) -> int | None:
    """A whole number, perhaps with blanks between thousands; leading zeros make a code of it, no number."""
    if not _WHOLE(text):
        return None
    found = int(text if text.isascii() and text.lstrip("+-").isdigit() else re.sub(r"[^\d+-]", "", text))
    return found if abs(found) < 2**63 else None


def with_point(text: str) -> float | None:
    """A number with a decimal point."""
    return float(text) if _POINT(text) else None


def with_comma(text: str) -> float | None:
    """A number with a decimal comma, perhaps with points or blanks between thousands."""
    if not _COMMA(text) or not text.strip("+-,"):
        return None
    return float(re.sub(r"[^\d,+-]", "", text).replace(",", "."))


@lru_cache(maxsize=32_768)
def day(text: str) -> str | None:
    """A day."""
    if found := _ISO(text) or _JAPANESE(text):
        return _day(found[1], found[2], found[3])
    found = _BELGIAN(text)
    return _day(found[3], found[2], found[1]) if found else None


def american_day(text: str) -> str | None:
    """A day with the month first."""
    found = _BELGIAN(text)
    return _day(found[3], found[1], found[2]) if found else None


def moment(text: str) -> str | None:
    """A day and a time, perhaps with a zone."""
    found = _MOMENT(text)
    if not found or (on := day(found[1])) is None:
        return None
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    if hour > 23 or minute > 59 or second > 60:
        return None
    return f"{on}T{hour:02d}:{minute:02d}:{second:02d}{found[5] or ''}"


def day_or_moment(text: str) -> str | None:
    """A moment, or a day without time."""
    return moment(text) or day(text)


def yes_or_no(text: str) -> bool | None:
    """Yes or no, in one of our languages."""
    said = text.lower()
    return True if said in _YES else False if said in _NO else None


def _day(year: str, month: str, number: str) -> str | None:
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        return None


KINDS = (
    Kind(WHOLE, whole),
    Kind(DECIMAL, with_point, "."),
    Kind(DECIMAL, with_comma, ","),
    Kind(DAY, day),
    Kind(DAY, american_day),
    Kind(MOMENT, day_or_moment),
    Kind(YES_NO, yes_or_no),
)
"""What is tried for a column, in this order: the first one that all its cells are written in."""


def is_nothing(text: str) -> bool:
    """True for what people write where there is no value."""
    return len(text) < 9 and _NOTHING(text) is not None


def is_value(text: str) -> bool:
    """True for a number, a day or a moment."""
    return any(kind.read(text) is not None for kind in KINDS if kind.type != YES_NO)


def as_text(cell: object) -> str:
    """A typed cell, of a workbook or of JSON, as a text that says the same."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return (
            cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ", "seconds")
        )
    return str(cell).strip()
