"""Entries whose identifiers all changed because their portal did: it has another host name, or another path there.

Recognised by what that leaves alone: the path of an address with the title, its last step with the title, or the title
with the publisher, each only where exactly one entry that is gone and one that came have it. At the same host only the
last step with the title tells that, where more than numbers changed before it: what has merely the title of another, or
another number, may be its next year.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from ..ingest.sameness import called
from ..store import moves
from ..store.database import Transaction
from ..store.moves import Resident

Likeness = Callable[[Resident], tuple[str, str]]
"""What two entries have in common; with an empty part, nothing."""

_NUMBER = re.compile(r"\d+")
ALIKE: tuple[Likeness, ...] = (
    lambda one: (_path(one), called(one.title)),
    lambda one: (_path(one).rpartition("/")[2], called(one.title)),
    lambda one: (called(one.title), one.publisher),
)
"""The surest first."""


def pairs(
    tx: Transaction, source_id: str, gone: Collection[str], since: datetime
) -> Iterator[tuple[Resident, Resident]]:
    """Of entries (ids) that are gone since a moment, those that another host or path has now, each with that one."""
    known = [one for one in moves.residents(tx, source_id, gone, since) if _host(one)]
    old, new = [one for one in known if one.id in gone], [one for one in known if one.id not in gone]
    for alike in ALIKE:
        found = [pair for pair in _of_each_one(old, new, alike) if _moved(*pair)]
        yield from found
        done = {one.id for pair in found for one in pair}
        old, new = [one for one in old if one.id not in done], [one for one in new if one.id not in done]


def _of_each_one(old: list[Resident], new: list[Resident], alike: Likeness) -> Iterator[tuple[Resident, Resident]]:
    came = _by(new, alike)
    for key, left in _by(old, alike).items():
        if len(left) == 1 and len(arrived := came.get(key, [])) == 1:
            yield left[0], arrived[0]


def _moved(old: Resident, new: Resident) -> bool:
    if _host(old) != _host(new):
        return True
    (before, _, was), (after, _, is_now) = _path(old).rpartition("/"), _path(new).rpartition("/")
    return was == is_now and _NUMBER.sub("", before) != _NUMBER.sub("", after)


def _by(some: list[Resident], alike: Likeness) -> dict[tuple[str, ...], list[Resident]]:
    groups: dict[tuple[str, ...], list[Resident]] = defaultdict(list)
    for one in some:
        if all(key := alike(one)):
            groups[(one.kind, *key)].append(one)
    return groups


def _host(one: Resident) -> str:
    """The host of an identifier that is an address; empty for any other, which no new host changes."""
    try:
        parts = urlsplit(one.identifier)
        return parts.netloc.lower() if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _path(one: Resident) -> str:
    parts = urlsplit(one.identifier)
    return parts._replace(scheme="", netloc="", path=parts.path.strip("/")).geturl()
