"""Time zones as people and programs write them after a moment: `+0200`, `CET`, `Europe/Brussels`, `GMT+01:00`.

What is published has an offset from UTC, as XML Schema wants it, or none where nobody can tell which is meant.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])(\d{1,2}):?(\d\d)?(?::00)?z?(?: ?[(\[a-z].*)?", re.ASCII)
_NAME = re.compile(r"[(\[]?([a-z]{1,5}|[a-z]+(?:/[a-z_+-]+){1,2})[)\]]?(?: [(\[].*)?", re.ASCII)
_WHOLE_MINUTES = re.compile(r"[+-]\d\d:\d\d\Z")
"""Before there were zones, the offset of a place had seconds."""
_OFFSETS = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), "Z"),
    **dict.fromkeys(("cet", "mez", "met", "west", "bst"), "+01:00"),
    **dict.fromkeys(("cest", "mesz", "mest", "eet"), "+02:00"),
    "eest": "+03:00",
    "edt": "-04:00",
    "est": "-05:00",
    "pst": "-08:00",
    "pdt": "-07:00",
}
"""Names that mean one offset only; `CST` and `IST` are used on several continents."""


def offset(text: str, moment: str) -> str | None:
    """The offset that is written after a moment: `Z`, `+02:00`; empty when none or an unknown one is, None if no zone.

    `moment` is the local time that it follows, as XML Schema has it: summer time is another offset than winter time.
    """
    bare = text.strip()
    if not bare:
        return ""
    if found := _OFFSET.fullmatch(bare):
        return f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
    if not (found := _NAME.fullmatch(bare)):
        return None
    return _OFFSETS.get(found[1]) or _of_place(found[1], moment)


def _of_place(name: str, moment: str) -> str:
    """The offset of a zone of the tz database at a moment; empty when there is none such."""
    area, _, city = name.partition("/")
    if not city or "T" not in moment:
        return ""
    key = f"{area.title()}/{city.title()}"
    try:
        there = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(key))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    found = _WHOLE_MINUTES.search(there.isoformat())
    return found[0] if found else ""
