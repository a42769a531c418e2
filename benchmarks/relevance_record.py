"""The last record of how good the ranking is, in `relevance.json`, and what changed since."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

RECORD = Path(__file__).with_suffix("").with_name("relevance.json")
DIGITS = 4
"""Of figures: less is chance."""

Record = dict[str, dict[str, float]]
"""Name of a set, with the way it was asked → measure → figure."""


class Line(NamedTuple):
    """One set of queries, asked in one way."""

    name: str
    figures: Mapping[str, float]
    """Measure → figure; the more the better, but for what is unanswered, unwanted or empty."""


def last() -> Record:
    """The figures of the last record; none where there is no record."""
    return msgspec.json.decode(RECORD.read_bytes(), type=Record) if RECORD.exists() else {}


def told(line: Line, before: Record) -> str:
    """A line with its figures and what changed of each; what was not recorded yet is new."""
    known = before.get(line.name, {})
    return f"{line.name:44} " + "  ".join(_told(name, one, known.get(name)) for name, one in line.figures.items())


def _told(measure: str, figure: float, before: float | None) -> str:
    change = "new" if before is None else f"{_rounded(figure) - before:+.4f}".replace("+0.0000", "=")
    return f"{measure} {figure:.4f} ({change})".replace("-0.0000", "=")


def keep(lines: Iterable[Line]) -> None:
    """Makes the figures the record, those of sets that were not asked stay."""
    record = last() | {one.name: {name: _rounded(value) for name, value in one.figures.items()} for one in lines}
    RECORD.write_bytes(msgspec.json.format(msgspec.json.encode(record, order="sorted"), indent=2) + b"\n")


def differences(lines: Iterable[Line], others: Iterable[Line]) -> Iterator[str]:
    """What another engine says otherwise of the same sets."""
    for one, other in zip(lines, others, strict=True):
        here, there = ({name: _rounded(value) for name, value in line.figures.items()} for line in (one, other))
        if here != there:
            yield f"{one.name}: {here} embedded, {there} on the server"


def _rounded(figure: float) -> float:
    return round(figure, DIGITS)
