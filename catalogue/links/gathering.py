"""Which addresses there are to ask: those that the entries lead to which changed since this was last looked at."""

from collections.abc import Mapping

import msgspec

from dcat.model import KINDS

from .. import clock
from ..stopping import Stop
from ..store import addresses, outbox, revisions
from ..store.database import Database
from . import entry_addresses

TOGETHER = 200
"""Entries that are looked at in one transaction."""


def behind(database: Database) -> bool:
    """True when entries changed since."""
    with database.read() as tx:
        return revisions.published(tx) > outbox.noted(tx, addresses.GATHERED)


def gather(database: Database, stop: Stop) -> int:
    """Looks at the entries that changed. Returns at how many."""
    count = 0
    while not stop.asked:
        with database.write() as tx:
            changed = addresses.changed_since(tx, outbox.noted(tx, addresses.GATHERED), TOGETHER)
            if not changed:
                break
            addresses.replace_uses(tx, {id: _of(kind, body) for id, _, kind, body in changed}, clock.now())
            outbox.note(tx, addresses.GATHERED, changed[-1][1])
            outbox.note_mended(tx)  # pages count addresses
        count += len(changed)
    return count


def _of(kind: str, body: bytes | None) -> Mapping[str, tuple[str, str]]:
    """The addresses that an entry leads to, each with its host and use."""
    if body is None:
        return {}
    found = entry_addresses.of_entry(msgspec.json.decode(body, type=KINDS[kind]))
    return {url: (entry_addresses.host(url), use) for url, use in found.items()}
