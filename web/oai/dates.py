"""Moments as the protocol writes them: UTC, to the second."""

import re
from datetime import UTC, datetime, timedelta

from .refusal import Refusal

DAY, SECOND = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"
_FORMS = (
    (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), DAY),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII), SECOND),
)
_STEP = {DAY: timedelta(days=1), SECOND: timedelta(seconds=1)}


def stamp(at: datetime) -> str:
    """A moment."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def bounds(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """The first moment that `from` means, and the first one that `until` means no more. Raises `Refusal`."""
    first, last = _read("from", since), _read("until", until)
    if first and last and first[1] != last[1]:
        raise Refusal("badArgument", "from and until must have the same granularity.")
    if first and last and last[0] < first[0]:
        raise Refusal("badArgument", "until must not be before from.")
    return first[0] if first else None, last[0] + _STEP[last[1]] if last else None


def _read(name: str, text: str) -> tuple[datetime, str] | None:
    if not text:
        return None
    form = next((form for pattern, form in _FORMS if pattern.fullmatch(text)), "")
    try:
        if not form or text.startswith("9999"):
            raise ValueError(text)
        return datetime.fromisoformat(text).replace(tzinfo=UTC), form
    except ValueError:
        raise Refusal("badArgument", f"{name} must be a date as {DAY} or {SECOND}, not {text[:40]!r}.") from None
