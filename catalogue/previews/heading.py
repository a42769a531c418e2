"""Where a table begins, and what its columns are called."""

import re
from collections import Counter
from collections.abc import Sequence

from slugify import slugify

from . import values

FIRST_ROWS = 30
"""Among which the heading stands: titles and remarks for people may come before it."""
KEY_LENGTH = 60

_UNIT = re.compile(r"[(\[]\s*([^()\[\]]{1,12}?)\s*[)\]]\s*\Z")
_UNIT_IN_KEY = re.compile(r"_(ug_m3|m2|m3|km2|km|cm|mm|ha|kg|kwh|mwh|eur|pct)\Z")
_SPELT = {
    "ug_m3": "µg/m³",
    "m2": "m²",
    "m3": "m³",
    "km2": "km²",
    "kwh": "kWh",
    "mwh": "MWh",
    "eur": "€",
    "euro": "€",
    "pct": "%",
}
_UNITS = re.compile(
    r"[kcm]?m[²³]?|km/h|m/s|ha|t|k?g|mg|µg|[mµ]g/m³|l|mg/l|[kMG]Wh|[kM]?W|V|A|Hz|s|min|h|j|%|‰|[kM]?€|°[CF]|h?Pa|bar"
    r"|dB(?:A|\(A\))?|lux|(?:hab|inh|inw)/km²"
)


def begins(first: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """Which of the first rows the table begins with, and whether that one holds the headings."""
    width = width_of(first)
    full = [place for place, cells in enumerate(first) if _filled(cells) and len(cells) >= min(width, 2)]
    wide = [place for place in full if _filled(first[place]) >= max(1, width // 2)]
    place = next(iter(wide or full), 0)
    return place, is_heading(first[place]) if first else False


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """How many cells most rows have."""
    counted = Counter(len(cells) for cells in rows if _filled(cells))
    return max(counted, key=lambda width: (counted[width], width), default=0)


def is_heading(cells: Sequence[str]) -> bool:
    """True for a row of names: no number, no day, few blanks."""
    said = [cell for cell in cells if cell]
    if not said or any(len(cell) > 300 for cell in said):
        return False
    return not any(values.is_value(cell) and not re.fullmatch(r"(19|20)\d\d", cell) for cell in said)


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell) for cell in cells)


def keys(names: Sequence[str]) -> list[str]:
    """What columns are called in addresses: of their names, each once; by their place when a name gives nothing."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        slug = slugify(name, separator="_", max_length=KEY_LENGTH) or f"column_{place}"
        key, number = slug, 1
        while key in found:
            number += 1
            key = f"{slug}_{number}"
        found[key] = None
    return list(found)


def unit(name: str, key: str) -> str:
    """The unit that a heading names, such as `Longueur (km)`; empty when it names none that we know."""
    said = _UNIT.search(name)
    if said and _UNITS.fullmatch(_spelt(said[1])):
        return _spelt(said[1])
    inside = _UNIT_IN_KEY.search(key)
    return _spelt(inside[1]) if inside else ""


def _spelt(unit: str) -> str:
    return _SPELT.get(unit.lower(), unit.replace("m2", "m²").replace("m3", "m³"))
