"""The same dataset in several catalogues: who is the same, which one counts, and what only looks the same.

Entries of one kind and of different sources that share a key are one cluster, also when it takes a third one to see it
(A and B share one key, B and C another). Two entries of one source are never the same: a key that a source gives to two
of its own says nothing, and a bond that would bring a second entry of a source into a cluster is left out.

Nothing that is stored of an entry tells of another one: the keys are looked up when somebody asks. Only the search
index remembers, so everybody in a cluster is indexed anew when one of them changes (`watched`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby

import msgspec

from ..store import entries, keys, outbox
from ..store.database import Transaction
from ..store.keys import Holder
from ..store.rows import EntryRow

STEPS = 10
"""Entries from the first one to the last that are followed from key to key."""
LISTED = 10_000
"""Keys that the list of all clusters looks at, and as many codes of looks."""

Group = tuple[Holder, ...]
"""Entries of one kind, each of another source, that have one key in common."""


class Twin(msgspec.Struct, frozen=True, kw_only=True):
    """One of the entries that are the same dataset."""

    id: str
    name: str
    kind: str
    iri: str
    source: str
    """Slug of its source."""
    source_title: str
    is_own: bool
    """True when its source is registered as its publisher's own."""
    shared: tuple[str, ...]
    """Addresses, DOIs and UUIDs that it has in common with one of the others; none when they only look the same."""


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that are the same dataset, or look so: the one that counts first."""

    twins: tuple[Twin, ...]

    @property
    def canonical(self) -> Twin:
        """The one of the publisher's own source, else the one that came first."""
        return self.twins[0]

    @property
    def reason(self) -> str:
        """Why that one counts: `own-source` or `first`."""
        return "own-source" if self.canonical.is_own else "first"

    def others(self, id: str) -> tuple[Twin, ...]:
        """All but one."""
        return tuple(twin for twin in self.twins if twin.id != id)


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is listed more than once."""

    clusters: tuple[Cluster, ...]
    suggested: tuple[Cluster, ...]
    """Entries that look the same without sharing a key: nothing follows from it."""


def clusters(tx: Transaction, ids: Iterable[str]) -> dict[str, Cluster]:
    """By id, the cluster of each of these entries that is in one, and of everybody in those."""
    groups: list[Group] = []
    new = met = set(ids)
    asked: set[str] = set()
    for _ in range(STEPS):
        wanted = keys.common(tx, new, like=False) - asked
        if not wanted:
            break
        asked |= wanted
        fresh = list(_groups(keys.holders(tx, wanted)))
        groups += fresh
        new = {holder.id for group in fresh for holder in group} - met
        met = met | new
    return _clusters(groups)


def suggestions(tx: Transaction, ids: Iterable[str]) -> dict[str, Cluster]:
    """By id, the entries of other sources with the same title, publisher and landing page, as far as they are not
    known to be the same."""
    found = _clusters(_groups(keys.holders(tx, keys.common(tx, ids, like=True))))
    return _unknown(found, clusters(tx, found))


def overview(tx: Transaction) -> Overview:
    """All clusters and suggestions, in order of the name of the entry that counts."""
    found, alike = (
        _clusters(_groups(keys.holders(tx, keys.shared(tx, like=like, limit=LISTED)))) for like in (False, True)
    )
    whole = clusters(tx, found)
    return Overview(clusters=_listed(whole), suggested=_listed(_unknown(alike, clusters(tx, alike))))


def copies(tx: Transaction, ids: Iterable[str]) -> dict[str, str]:
    """For each of these entries that is not the canonical one of its cluster, the IRI of that one."""
    return {id: twin.iri for id, twin in _canonical(tx, ids).items()}


def originals(tx: Transaction, ids: Iterable[str]) -> dict[str, EntryRow]:
    """The same with all that is published of that one."""
    found = _canonical(tx, ids)
    rows = {row.id: row for row in entries.by_ids(tx, {twin.id for twin in found.values()})}
    return {id: rows[twin.id] for id, twin in found.items()}


def _canonical(tx: Transaction, ids: Iterable[str]) -> dict[str, Twin]:
    wanted = set(ids)
    found = clusters(tx, wanted)
    return {id: found[id].canonical for id in wanted & found.keys() if found[id].canonical.id != id}


@contextmanager
def watched(tx: Transaction, ids: Iterable[str]) -> Iterator[None]:
    """Whatever becomes of these entries within, all who are or were in a cluster with one of them are indexed anew."""
    changed = set(ids)
    before = clusters(tx, changed).keys()
    yield
    stale = (before | clusters(tx, changed).keys()) - changed
    if stale:
        outbox.forget(tx, sorted(stale))


def _groups(holders: Iterable[Holder]) -> Iterator[Group]:
    """Who shares a key with somebody of another source."""
    ordered = sorted(holders, key=lambda one: (one.key, one.kind, one.source, one.is_missing, one.id))
    for _, same_key in groupby(ordered, key=lambda one: (one.key, one.kind)):
        of_sources = [_present(list(found)) for _, found in groupby(same_key, key=lambda one: one.source)]
        if len(of_sources) > 1 and all(len(found) == 1 for found in of_sources):
            yield tuple(found[0] for found in of_sources)


def _present(found: list[Holder]) -> list[Holder]:
    """Of the entries of one source those that it still lists: one that took another identifier is there twice until
    the old one is removed."""
    return [one for one in found if not one.is_missing] or found[:1]


def _clusters(groups: Iterable[Group]) -> dict[str, Cluster]:
    members: dict[str, dict[str, Holder]] = {}
    shared: dict[str, set[str]] = {}
    for group in sorted(groups):
        joined = {id: one for holder in group for id, one in members.get(holder.id, {holder.id: holder}).items()}
        if len({one.source for one in joined.values()}) < len(joined):
            continue
        members.update(dict.fromkeys(joined, joined))
        for holder in group:
            shared.setdefault(holder.id, set()).add(holder.key)
    return {id: _cluster(joined, shared) for id, joined in members.items()}


def _cluster(joined: dict[str, Holder], shared: dict[str, set[str]]) -> Cluster:
    ordered = sorted(joined.values(), key=lambda one: (not one.is_own, one.created, one.id))
    return Cluster(twins=tuple(_twin(one, shared[one.id]) for one in ordered))


def _twin(one: Holder, shared: set[str]) -> Twin:
    return Twin(
        id=one.id,
        name=one.name,
        kind=one.kind,
        iri=one.iri,
        source=one.source,
        source_title=one.source_title or one.source,
        is_own=bool(one.is_own),
        shared=tuple(key for key in sorted(shared) if not key.startswith(keys.LIKE)),
    )


def _unknown(alike: dict[str, Cluster], same: dict[str, Cluster]) -> dict[str, Cluster]:
    """Those that look the same without all being known to be the same."""
    return {
        id: found
        for id, found in alike.items()
        if id not in same or not {twin.id for twin in found.twins} <= {twin.id for twin in same[id].twins}
    }


def _listed(found: dict[str, Cluster]) -> tuple[Cluster, ...]:
    return tuple(sorted({one.canonical.id: one for one in found.values()}.values(), key=lambda one: one.canonical.name))
