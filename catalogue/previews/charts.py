"""What a table can be drawn as, where it is clear about it: a wrong drawing is worse than none."""

import re
from collections.abc import Sequence
from pathlib import Path

from ..store import kept_rows
from .preview import DAY, MOMENT, NUMBERS, POINTS, TEXT, WHOLE, Chart, Column

MOST_BARS, FEWEST = 12, 3
_YEAR = re.compile(r"(annee|an|year|jaar|jahr|exercice|boekjaar)(_.*)?")
_NO_MEASURE = re.compile(
    r"(.*_)?(id|code|nr|num|numero|nummer|ref|cp|codepostal|postcode|zip|nis|ins|lat|latitude|lon|lng|long|longitude|x|y"
    r"|tel|telephone|fid|objectid|ogc_fid|gid|ordre|rang|telefoon|postal|annee|year|jaar|jahr|huisnummer)"
)


def chart(file: Path, columns: Sequence[Column], rows: int) -> Chart | None:
    """One number along days, moments or years, or one for each of a few things; None for another table."""
    measures = [
        place for place, one in enumerate(columns) if one.type in NUMBERS and not _NO_MEASURE.fullmatch(one.key)
    ]
    if len(measures) != 1 or not FEWEST <= rows <= POINTS:
        return None
    steps = [place for place, one in enumerate(columns) if is_time(one) and one.distinct == rows and not one.empty]
    things = [place for place, one in enumerate(columns) if one.type == TEXT and one.distinct == rows and not one.empty]
    if len(steps) == 1 and not things:
        return _drawn(file, columns, "line", steps[0], measures[0])
    if not any(map(is_time, columns)) and things and rows <= MOST_BARS:
        return _drawn(file, columns, "bars", things[0], measures[0])
    return None


def is_time(column: Column) -> bool:
    """True for days, moments and years."""
    is_year = column.type == WHOLE and _YEAR.fullmatch(column.key) is not None
    return column.type in {DAY, MOMENT} or (is_year and 1000 <= int(column.least or 0) <= int(column.most or 0) <= 2200)


def _drawn(file: Path, columns: Sequence[Column], kind: str, along: int, measure: int) -> Chart | None:
    order = ((along, False),) if kind == "line" else ()
    _, rows = kept_rows.ask(file, kept_rows.Question((along, measure), order=order, limit=POINTS))
    points = tuple((str(label)[:80], float(number)) for label, number in rows if isinstance(number, int | float))
    return Chart(kind, columns[along].key, columns[measure].key, points) if len(points) >= FEWEST else None
