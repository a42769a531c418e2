"""Documents of JSON with something odd in some place."""

import json
from collections.abc import Iterator
from typing import Any

Place = tuple[Any, ...]


def places_in(value: Any, place: Place = ()) -> Iterator[Place]:
    """Where the values within a value of JSON stand."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield (*place, name)
        yield from places_in(one, (*place, name))


def with_odd(body: bytes, place: Place, odd: Any) -> bytes:
    """A document with something odd in that place."""
    said = within = json.loads(body)
    for name in place[:-1]:
        within = within[name]
    within[place[-1]] = odd
    return json.dumps(said).encode()
