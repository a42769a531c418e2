"""What changes in a record that was published before: its description as it was, beside that to be published."""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from dcat.differences import Difference, differences
from dcat.model import KINDS

from ..store import differences as stored
from ..store.database import Transaction
from ..store.outcome import Outcome
from ..store.records import Change, EntryChange


def told(tx: Transaction, changes: Iterable[Change], site_url: str) -> Iterator[Change]:
    """The changes; those that are CHANGED with what differs."""
    changes = list(changes)
    untold = (one for one in changes if one.outcome == Outcome.CHANGED and not one.differences)
    changed = {one.entry.id: one.entry for one in untold if one.entry}
    before = stored.published(tx, changed) if changed else {}
    for one in changes:
        if one.entry and one.entry.id in changed and one.entry.id in before:
            yield msgspec.structs.replace(one, differences=_between(before[one.entry.id], one.entry, site_url))
        else:
            yield one


def _between(before: tuple[str, bytes], after: EntryChange, site_url: str) -> tuple[Difference, ...]:
    kind, body = before
    old = msgspec.json.decode(body, type=KINDS[kind])
    new = msgspec.json.decode(after.contents.entry, type=KINDS[after.kind])
    return tuple(islice(differences(old, new, f"{site_url}/id/"), stored.OF_RECORD))
