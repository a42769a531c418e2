"""Nodes that many entries use, publishers, licences, concepts: their lines are kept once, named by what they say.

An entry holds the keys of its nodes; saying something else of a node is another node with another key, so nothing is
ever changed, and what no entry names any more is swept away.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from sqlalchemy import delete, select

from ..batches import batched
from .bulk import add
from .codec import among
from .database import Transaction
from .tables import contents, entries, nodes

BATCH = 500
"""Nodes read or deleted in one statement."""


def save(tx: Transaction, blocks: dict[int, str]) -> None:
    """Keeps the nodes that are not there yet. The writer holds the lock (`revisions.lock`), so none is swept now."""
    held: set[int] = set()
    for batch in batched(blocks, BATCH):
        held.update(tx.execute(select(nodes.c.key).where(among(tx, nodes.c.key, batch))).scalars())
    fresh = [{"key": key, "lines": lines} for key, lines in blocks.items() if key not in held]
    add(tx, nodes, fresh)


def read(tx: Transaction, keys: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Nodes in order of key, each with its lines."""
    for batch in batched(sorted(keys), BATCH):
        for row in tx.execute(select(nodes).where(among(tx, nodes.c.key, batch)).order_by(nodes.c.key)):
            yield row.key, row.lines


def every(tx: Transaction) -> set[int]:
    """The keys of all nodes."""
    return set(tx.execute(select(nodes.c.key)).scalars())


def named(tx: Transaction, since: int) -> set[int]:
    """The keys of the nodes that entries name which changed after that revision; after 0, all that are named."""
    query = select(contents.c.shared)
    if since:
        query = query.join(entries, entries.c.id == contents.c.entry_id).where(entries.c.revision > since)
    return {key for packed in tx.execute(query).scalars() for key in unpacked(packed)}


def drop(tx: Transaction, keys: Iterable[int]) -> int:
    """Deletes nodes that no entry names. Returns how many; the caller holds the writers' lock."""
    dropped = 0
    for batch in batched(keys, BATCH):
        dropped += tx.execute(delete(nodes).where(nodes.c.key.in_(batch))).rowcount
    return dropped


def split(lines: str) -> dict[int, str]:
    """N-Triples by node: the lines of each subject under its key, in their order."""
    return dict(_keyed(found[0]) for found in _OF_ONE_SUBJECT.finditer(lines))


_OF_ONE_SUBJECT = re.compile(r"([^ ]+ ).*+\n(?:\1.*+\n)*+")
"""Lines that follow each other; it never goes back."""


def packed(keys: Iterable[int]) -> bytes:
    """Keys as bytes of a column."""
    numbers = tuple(keys)
    return struct.pack(f"<{len(numbers)}q", *numbers)


def unpacked(data: bytes) -> tuple[int, ...]:
    """What `packed` was given."""
    return struct.unpack(f"<{len(data) // 8}q", data)


@lru_cache(maxsize=4_096)
def _keyed(text: str) -> tuple[int, str]:
    """A text with its key, the same object for equals: hundreds of entries in memory share a few hundred nodes.

    The key is eight bytes of a digest: with a million nodes, one chance in thirty million that any two are taken for
    one.
    """
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True), text
