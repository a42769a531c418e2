"""Many things a few at a time: what one statement, one request or one piece of a stream can carry."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter. Taken as they are needed, so that a stream stays one."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch
