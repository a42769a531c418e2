"""What all cells of a column are written in: found by going through the rows once."""

from collections.abc import Iterable, Sequence
from itertools import islice

from . import values
from .preview import NUMBERS, Value
from .values import KINDS, Kind

BATCH = 5_000
"""Rows that are looked at together: what is said often is looked at once."""

_NUMBERS = [kind for kind in KINDS if kind.type in NUMBERS]


def kinds_of(rows: Iterable[Sequence[str]], width: int) -> list[Kind | None]:
    """How the values of each column are written; None where they are words."""
    left: list[list[Kind]] = [list(KINDS) for _ in range(width)]
    has_any = [False] * width
    every = iter(rows)
    while batch := list(islice(every, BATCH)):
        for place, cells in enumerate(zip(*batch, strict=True)):
            if left[place]:
                has_any[place] |= _narrow(left[place], set(cells))
    return [kinds[0] if kinds and some else None for kinds, some in zip(left, has_any, strict=True)]


def _narrow(left: list[Kind], cells: set[str]) -> bool:
    """Takes away the kinds in which one of the cells is not written; True when one of them holds a value."""
    some = False
    for text in cells:
        if not text or values.is_nothing(text):
            continue
        some = True
        if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 16:  # what most numbers look like
            if len(left) > len(_NUMBERS):
                left[:] = [kind for kind in left if kind in _NUMBERS]
        else:
            left[:] = [kind for kind in left if kind.read(text) is not None]
        if not left:
            return True
    return some


def value(text: str, kind: Kind | None) -> Value:
    """The value of a cell of a column that is written so; None for an empty one."""
    if not text:
        return None
    return text if kind is None else kind.read(text)
