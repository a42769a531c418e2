"""What a query demands beyond its filters: choices put together by and, or and not, as the doors of OGC ask."""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec


class Chosen(msgspec.Struct, frozen=True):
    """A filter keeps one of these values, which are in its canonical form."""

    name: str
    values: tuple[str, ...]


class Each(msgspec.Struct, frozen=True):
    """All of these."""

    parts: "tuple[Condition, ...]"


class Either(msgspec.Struct, frozen=True):
    """At least one of these."""

    parts: "tuple[Condition, ...]"


class Other(msgspec.Struct, frozen=True):
    """Not this."""

    part: "Condition"


Condition: TypeAlias = Chosen | Each | Either | Other


def choices(condition: Condition) -> Iterator[Chosen]:
    """The choices that it is made of."""
    match condition:
        case Chosen():
            yield condition
        case Other(part):
            yield from choices(part)
        case Each(parts) | Either(parts):
            for one in parts:
                yield from choices(one)
