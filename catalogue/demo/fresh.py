"""The dates of the agencies move with today: what was up to date stays so, and what is late stays late."""

import re
from datetime import date, timedelta

AS_OF = date(2026, 11, 22)
"""The day on which the files of the agencies were written, as what they say is to be read."""
RECENT = timedelta(days=366)
"""How old a date is at most that moves: what was old then is meant to be old."""

_MODIFIED = re.compile(
    r"""((?:\bdct:modified|metadata_modified|last_modified|"modified")[^0-9\n]{1,80})(\d{4}-\d\d-\d\d)"""
)


def moved(text: str, today: date) -> str:
    """A document of the agencies with the dates of its last changes as they would be today. Periods, and when something
    was first published, stay: the budget of a year is that of the year."""
    days = today - AS_OF
    return _MODIFIED.sub(lambda found: found[1] + _moved(found[2], days), text) if days > timedelta() else text


def _moved(text: str, days: timedelta) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:  # some of what they say is no date, on purpose
        return text
    return (day + days).isoformat() if AS_OF - RECENT <= day <= AS_OF else text
