"""What `make test` looks at a part of, and `make soak` at all of."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

SOAK = os.environ.get("DATASTORE_SOAK") == "1"
"""True when everything is to be looked at, however long it takes."""


def sampled(items: Sequence[T], most: int) -> list[T]:
    """All when soaking, else at most so many, evenly spread and always the same."""
    if SOAK or len(items) <= most:
        return list(items)
    return [items[number * len(items) // most] for number in range(most)]
