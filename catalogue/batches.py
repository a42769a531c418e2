"""Many things a few at a time: what one statement, one request or one piece of a stream can carry."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter. Taken as they are needed, so that a stream stays one."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def steady(items: Iterable[T], size: int, name: Callable[[T], str]) -> Iterator[list[T]]:
    """The items in lists of `size` in the middle, of twice as many at most. Where one ends is told by the name of
    the item that ends it: with an item more or less one or two lists are others, and not all that follow."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) >= 2 * size or zlib.crc32(name(item).encode()) % size == 0:
            yield batch
            batch = []
    if batch:
        yield batch
