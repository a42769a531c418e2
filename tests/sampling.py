"""What `make test` looks at a part of, and `make soak` at all of."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SHARE = float(os.environ.get("DATASTORE_SOAK") or 0)
"""How much of what is counted is done: 1 is all, 0 a few."""

SOAK = SHARE >= 1
"""True when everything is to be looked at, however long it takes."""


def share(few: int, all: int) -> int:
    """How often something is done: a few times, or as much of all as was asked for."""
    return max(few, min(all, round(all * SHARE)))


def sampled(items: Sequence[T], most: int) -> list[T]:
    """All when soaking, else at most so many, evenly spread and always the same."""
    if SOAK or len(items) <= most:
        return list(items)
    return [items[number * len(items) // most] for number in range(most)]
