"""The entries as others see them: datasets, series and services, those that are live and what is left of the others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from dcat.model import KINDS

from ..errors import NotFound
from ..store import changes, entries
from ..store.database import Database
from ..store.entries import BY_ID, Order, Place, Within
from ..store.remembered import Remembered
from ..store.rows import Address, ChangeRow, Counts, Dated, EntryRow, Listed, Tombstone

BATCH = 100
"""Entries read together."""
NEAR = 500
"""Entries that are passed over one by one; of every so many one is remembered."""


class Entries:
    """Reads entries: each call sees one moment of the store."""

    def __init__(self, database: Database) -> None:
        self._database, self._remembered = database, Remembered(database)

    def named(self, kind: str, name: str) -> EntryRow | Tombstone:
        """The entry with that slug, or with that id: clients of CKAN write either; raises `NotFound`."""
        with self._database.read() as tx:
            found = entries.by_name(tx, kind, name) or entries.by_id(tx, kind, name)
            return _found(found, f"{kind} named {name!r}")

    def with_id(self, kind: str, id: str) -> EntryRow | Tombstone:
        """The entry with that id; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(entries.by_id(tx, kind, id), f"{kind} with the id {id!r}")

    def find(self, name_or_id: str) -> EntryRow | Tombstone:
        """The entry with that slug or id, of whatever kind; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(entries.find(tx, name_or_id), f"entry named {name_or_id!r}")

    def with_ids(self, ids: Iterable[str]) -> list[EntryRow]:
        """Live entries in the order asked for; those that are gone are left out."""
        with self._database.read() as tx:
            return entries.by_ids(tx, ids)

    def with_iris(self, iris: Iterable[str], limit: int | None = None) -> dict[str, EntryRow]:
        """Live entries by IRI, in order of name: for the datasets of a service, the series of a dataset."""
        with self._database.read() as tx:
            return entries.by_iris(tx, iris, limit)

    def count_of(self, iris: Iterable[str]) -> int:
        """How many live entries have one of these IRIs."""
        with self._database.read() as tx:
            return entries.count_iris(tx, iris)

    def serving(self, iri: str, limit: int | None = None) -> list[EntryRow]:
        """Services whose dcat:servesDataset names this dataset, in order of name."""
        with self._database.read() as tx:
            return entries.linked(tx, "serves_dataset", iri, limit)

    def using(self, iri: str, limit: int | None = None) -> list[EntryRow]:
        """Publications whose dct:references names this dataset, in order of name."""
        with self._database.read() as tx:
            return entries.linked(tx, "uses", iri, limit)

    def members(self, iri: str) -> list[EntryRow]:
        """Datasets whose dcat:inSeries names this series, in order of name."""
        with self._database.read() as tx:
            return entries.linked(tx, "in_series", iri)

    def issues(self, iri: str) -> list[str]:
        """Ids of the members of a series, the latest first."""
        with self._database.read() as tx:
            found = entries.dated(tx, "in_series", iri)
        return [id for id, dates in sorted(found, key=lambda one: issue_date(one[1]), reverse=True)]

    def addresses(self, page: int, size: int) -> list[Address]:
        """Where live entries stand, pages from 1, in order of id."""
        ends = ["", *(id for _, id in self._ends(Within(tuple(KINDS)), BY_ID, size))]
        if page > len(ends):
            return []
        with self._database.read() as tx:
            return entries.addresses(tx, ends[page - 1], size)

    def after(self, id: str, limit: int, offset: int = 0) -> list[EntryRow]:
        """At most `limit` live entries whose id comes after `id`, in order of id, the first `offset` left out."""
        place = Place((id, id), offset) if id else self._place(Within(tuple(KINDS)), BY_ID, offset)
        with self._database.read() as tx:
            return entries.after(tx, place, limit)

    def all(self) -> Iterator[EntryRow]:
        """Every live entry, in order of id."""
        last = ""
        while batch := self.after(last, BATCH):
            yield from batch
            last = batch[-1].id

    def listed(
        self,
        kinds: Sequence[str],
        offset: int,
        limit: int,
        *,
        order: str = "id",
        is_falling: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Listed:
        """Entries of some kinds that changed between two moments, in order of `id`, `name`, `created` or `updated`."""
        within, ordered = Within(tuple(kinds), since, until), Order(order, is_falling)
        count = partial(entries.number, within=within)
        if since or until:
            with self._database.read() as tx:
                return Listed(count(tx), entries.listed(tx, within, ordered, Place(None, offset), limit))
        total, place = self._remembered.ask(("number", within), count), self._place(within, ordered, offset)
        with self._database.read() as tx:
            return Listed(total, entries.listed(tx, within, ordered, place, limit))

    def names(self, kinds: Sequence[str], offset: int = 0, limit: int | None = None) -> list[str]:
        """Slugs of entries of some kinds, in order of id."""
        place = self._place(Within(tuple(kinds)), BY_ID, offset)
        with self._database.read() as tx:
            return entries.names(tx, kinds, place, limit)

    def _place(self, within: Within, order: Order, offset: int) -> Place:
        """Where a list goes on: told from an entry near by, as databases count what they pass over."""
        ends = self._ends(within, order, NEAR) if offset >= NEAR else []
        steps = min(offset // NEAR, len(ends))
        return Place(ends[steps - 1] if steps else None, offset - steps * NEAR)

    def _ends(self, within: Within, order: Order, size: int) -> list[tuple[Any, str]]:
        """Where full pages of that size end."""
        ask = partial(entries.ends, within=within, order=order, size=size)
        return self._remembered.ask(("ends", within, order, size), ask)

    def recent(self, limit: int = 5) -> list[EntryRow]:
        """Entries that changed last, newest first."""
        with self._database.read() as tx:
            return entries.recent(tx, limit)

    def changed(self) -> datetime | None:
        """When the one that changed last did."""
        return self._remembered.ask("changed", entries.changed)

    def counts(self) -> Counts:
        """How many live entries and publishers there are."""
        return self._remembered.ask("counts", entries.counts)

    def changes(self, after: int = 0, limit: int = 100) -> list[ChangeRow]:
        """What changed beyond that number (`ChangeRow.number`), the oldest first."""
        with self._database.read() as tx:
            return changes.after(tx, after, limit)

    def removed(self, since: datetime | None = None, limit: int = 1000) -> list[Tombstone]:
        """Tombstones, last removed first."""
        with self._database.read() as tx:
            return entries.tombstones(tx, since, limit)


def issue_date(dates: Dated) -> str:
    """By which the issues of a series follow each other: the end of their period, else when they were published."""
    ends = [period.end or period.start or "" for period in dates.temporal]
    return max(ends, default="") or dates.issued or dates.modified or ""


def _found(row: EntryRow | Tombstone | None, what: str) -> EntryRow | Tombstone:
    if row is None:
        raise NotFound(f"There is no {what}.")
    return row
