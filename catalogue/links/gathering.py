"""Which addresses there are to ask: those that the entries lead to which changed since this was last looked at."""

from collections.abc import Sequence

import msgspec

from dcat.model import KINDS

from .. import clock
from ..stopping import Stop
from ..store import addresses, outbox, reuses, revisions
from ..store.database import Database, Transaction
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
            addresses.replace_uses(tx, _all_of(tx, changed), clock.now())
            outbox.note(tx, addresses.GATHERED, changed[-1][1])
            outbox.note_mended(tx)  # pages count addresses
        count += len(changed)
    return count


def gather_one(tx: Transaction, id: str) -> None:
    """Looks at one entry now, because something else that is shown with it has another address."""
    if (row := addresses.entry(tx, id)) is not None:
        addresses.replace_uses(tx, _all_of(tx, [row]), clock.now())


def _all_of(tx: Transaction, rows: Sequence[addresses.Changed]) -> dict[str, dict[str, tuple[str, str]]]:
    """By id of an entry, the addresses that it and what was made with it lead to."""
    made = reuses.addresses_of(tx, [id for id, _, _, body in rows if body is not None])
    return {
        id: {url: (host, entry_addresses.PAGE) for url in made.get(id, ()) if (host := entry_addresses.host(url))}
        | _of(kind, body)
        for id, _, kind, body in rows
    }


def _of(kind: str, body: bytes | None) -> dict[str, tuple[str, str]]:
    """The addresses that an entry leads to, each with its host and use."""
    if body is None:
        return {}
    found = entry_addresses.of_entry(msgspec.json.decode(body, type=KINDS[kind]))
    return {url: (entry_addresses.host(url), use) for url, use in found.items()}
