"""Records that took another identifier at their source (F-15): proposed when a run sees it, confirmed by a person.

Nothing follows from a proposal: the old entry is missing and will be removed as any other. Confirmed, its addresses
lead to the new one. What a harvester itself says of records whose identifier it makes (`Crawl.renamed`) needs nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import NamedTuple, Protocol

from dcat.findings import Finding, finding

from ..errors import Conflict, NotFound
from ..ingest.tombstones import bury
from ..store import keys, missing, moves, records
from ..store.database import Transaction
from ..store.missing import Absent
from ..store.records import Known
from ..store.rows import SourceRow
from . import renamed


class SourceRef(Protocol):
    """A source, as a run or the store has it."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


COMPARED = 1_000
"""Missing entries of one run that are compared with the new ones."""


class Move(NamedTuple):
    """An entry that is gone and the one that seems to go on as it, by their names."""

    old: str
    new: str

    @property
    def remark(self) -> Finding:
        """The proposal, for the report of a run."""
        return finding("identifier-changed", self.new, "dct:identifier", f"{self.old} → {self.new}")


def proposed(tx: Transaction, source: SourceRef, absent: Collection[Absent]) -> list[Move]:
    """Of entries that a run missed, those of which there is one that came since and has the same title, publisher and
    landing page, or the same place at another host or path (`renamed`)."""
    if not absent:
        return []
    since = min(one.since for one in absent)
    there = renamed.pairs(tx, source.id, {one.id for one in absent}, since)
    found = dict.fromkeys(Move(old.name, new.name) for old, new in there)
    left = {move.old for move in found}
    return [*found, *(move for move in _alike(tx, source.name, absent) if move.old not in left)]


def _alike(tx: Transaction, source: str, absent: Iterable[Absent]) -> dict[Move, None]:
    gone = {one.id: one for one in islice(absent, COMPARED)}
    found: dict[Move, None] = {}
    for _, sharers in groupby(keys.holders(tx, keys.common(tx, gone, like=True)), key=lambda one: one.key):
        own = [one for one in sharers if one.source == source]
        old, new = [one for one in own if one.id in gone], [one for one in own if one.id not in gone]
        if len(old) == len(new) == 1 and new[0].kind == old[0].kind and new[0].created >= gone[old[0].id].since:
            found[Move(old[0].name, new[0].name)] = None
    return found


def follow(
    tx: Transaction,
    source_id: str,
    run_id: int,
    absent: Collection[Absent],
    *,
    names: Mapping[str, list[str]],
    moment: datetime,
) -> list[Absent]:
    """Lets the addresses of absent entries lead to those that the harvester says they are now, and removes them.

    `names`: identifiers of an earlier run with those that the record may have now. Of several the one whose record is
    the same as before is it, else the first. Gives back who was followed.
    """
    wanted = {one.identifier: names[one.identifier] for one in absent if one.identifier in names}
    known = records.known(tx, source_id, {*wanted, *(name for now in wanted.values() for name in now)})
    followed: list[tuple[Absent, str]] = []
    for one in absent:
        now = [known[name] for name in wanted.get(one.identifier, ()) if name in known]
        before = known.get(one.identifier, Known())
        live = [place for place in now if place.entry_id and not place.is_removed and place.kind == before.kind]
        if live:
            same = (place for place in live if place.body_hash == before.body_hash)
            followed.append((one, next(same, live[0]).entry_id))
    gone = [one for one, _ in followed]
    if gone:  # all at once: everybody else who writes waits for it
        bury(tx, source_id, run_id, gone, code="MOVED", moment=moment)
    for one, entry_id in followed:
        moves.lead(tx, one.id, entry_id)
    return gone


def still_proposed(tx: Transaction, source: SourceRow, moment: datetime) -> list[Move]:
    """What the last complete run of a source proposes, and nobody has confirmed yet."""
    return proposed(tx, source, missing.already(tx, source.id, moment))


def confirm(tx: Transaction, source: SourceRow, old: str, new: str, moment: datetime) -> None:
    """Removes the entry `old` (slug) if it is still there, and lets its addresses lead to `new`.

    Raises `NotFound` when one of them is not of that source, `Conflict` when it cannot be so.
    """
    found = moves.places(tx, source.id, (old, new))
    for name in (old, new):
        if name not in found:
            raise NotFound(f"Source {source.name!r} has no entry named {name[:200]!r}.")
    before, after = found[old], found[new]
    if before.id == after.id or before.kind != after.kind or not after.is_live:
        raise Conflict(f"{new!r} must be another entry that is published, and of the same kind as {old!r}.")
    if before.is_live and not before.is_missing:
        raise Conflict(f"The source still lists {old!r}, so it did not move.")
    if before.is_live:
        gone = missing.one(tx, source.id, before.identifier, moment)
        bury(tx, source.id, None, gone, code="MOVED", moment=moment)
    moves.lead(tx, before.id, after.id)
