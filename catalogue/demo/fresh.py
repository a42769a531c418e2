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
_YEAR = re.compile(r"\{year(?:-(\d))?\}")


def moved(text: str, today: date) -> str:
    """A document of the agencies with the dates of its last changes as they would be today, and `{year}` and
    `{year-1}` as the years they are. Other periods, and when something was first published, stay: the budget of a year
    is that of the year."""
    today = max(today, AS_OF)
    text = _YEAR.sub(lambda found: str(today.year - int(found[1] or 0)), text)
    return _MODIFIED.sub(lambda found: found[1] + _moved(found[2], today - AS_OF), text)


def _moved(text: str, days: timedelta) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:  # some of what they say is no date, on purpose
        return text
    return (day + days).isoformat() if AS_OF - RECENT <= day <= AS_OF else text
