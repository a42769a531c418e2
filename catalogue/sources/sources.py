"""The harvest sources: which there are, and what people do with them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .. import audit, clock
from ..errors import Conflict, Invalid
from ..settings import Settings
from ..store import revisions, sources
from ..store.database import Database, Rejected, Transaction
from ..store.remembered import Remembered
from ..store.rows import SourceRow
from . import credentials as kept
from . import due, registration
from . import producer_limits as limits
from .conditions import Condition, anyhow
from .editing import Change, edit

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from harvesters.base import Harvester


REASON = 1000
"""Characters of why a source is declined."""


class Sources:
    """Registers, reads and changes sources."""

    def __init__(self, database: Database, settings: Settings, harvesters: Mapping[str, "Harvester"]) -> None:
        self._database, self._settings, self._harvesters = database, settings, harvesters
        self._remembered = Remembered(database)

    def add(
        self,
        url: str,
        kind: str,
        *,
        name: str = "",
        title: str = "",
        publisher: str = "",
        schedule: str = "",
        config: dict[str, Any] | None = None,
        credentials: dict[str, Any] | None = None,
        by_producer: bool = False,
    ) -> SourceRow:
        """Registers a source. Raises `Invalid` with the field, `Conflict` when it is registered already.

        `name`: its slug; without it one is made of the title. `credentials`: what lets us in there, as
        `harvesters.http.credentials.FORMS` shows. `by_producer`: within the limits of producers' keys; it waits for an
        operator, unless the settings say otherwise.
        """
        with _unless_taken(f"The source {url} is registered already."), self._database.write() as tx:
            if by_producer:
                limits.check_new(tx, self._settings, publisher, schedule)
            row = registration.add(
                tx,
                self._harvesters,
                url=url,
                kind=kind,
                name=name,
                title=title,
                publisher=publisher,
                cron=schedule,
                config=config or {},
                languages=self._settings.languages,
                approved=not (by_producer and limits.needs_approval(self._settings, kind)),
            )
            if credentials is not None:
                kept.keep(tx, self._settings, row.id, row.url, credentials)
            made = self._named(tx, row.name)
            audit.record(tx, "source.add", row.name, after=made.decided)
            return made

    def all(self, publisher: str = "") -> list[SourceRow]:
        """All sources, or those of one publisher."""
        live = self._live()
        with self._database.read() as tx:
            return due.all_timed(tx, sources.all(tx, publisher, live), self._settings.zone)

    def named(self, name: str) -> SourceRow:
        """One source by slug; raises `NotFound`."""
        live = self._live()
        with self._database.read() as tx:
            return due.timed(tx, registration.named(tx, name, live), self._settings.zone)

    def title(self, name: str) -> str:
        """What a source is called; its slug when it has no title or is gone."""
        with self._database.read() as tx:
            return sources.title(tx, name) or name

    def due(self, now: datetime | None = None) -> list[SourceRow]:
        """Sources whose next run is due and that have none waiting or going on."""
        with self._database.read() as tx:
            return due.due(tx, now or clock.now(), self._settings.zone)

    def edit(self, name: str, change: Change, *, by_producer: bool = False, condition: Condition = anyhow) -> SourceRow:
        """Changes a source; its name, its kind and who its records are stay. Raises `NotFound`, `Invalid` with the
        field, `Conflict` when another one has that address, and what the condition raises. `by_producer`: as for
        `add`."""
        if by_producer:
            limits.check_change(change)
        taken = _unless_taken("Another source has that address already, and reads the same part of it.")
        with taken, self._database.write() as tx:
            before = self._on(tx, name, condition)
            edit(tx, self._harvesters, self._settings, before, change)
            if by_producer and limits.must_wait(self._settings, before, registration.named(tx, name)):
                sources.change(tx, before.id, approved=False, declined="", untold=True)
            given = {"credentials": "given anew"} if change.credentials else {}
            return self._changed(tx, "source.edit", before, **given)

    def approve(self, name: str) -> SourceRow:
        """A source that a producer registered may run; its publisher is told."""
        if (row := self.named(name)).approved:
            return row
        return self._change("source.approve", name, approved=True, declined="", untold=True)

    def decline(self, name: str, why: str) -> SourceRow:
        """A source that waits is not to be read, for a reason that its publisher is told. Nothing of it is removed; it
        waits again when it is changed. Raises `Invalid` without a reason, `Conflict` for one that does not wait."""
        if not (why := why.strip()):
            raise Invalid("Say why, so that its publisher knows what to change.", "reason")
        if self.named(name).approved:
            raise Conflict(f"Source {name!r} does not wait for anybody. Pause it, or remove it.")
        return self._change("source.decline", name, declined=why[:REASON], untold=True)

    def waiting(self) -> list[SourceRow]:
        """Those that wait for an operator, the longest first."""
        return sorted((row for row in self.all() if not (row.approved or row.declined)), key=attrgetter("created"))

    def pause(self, name: str) -> SourceRow:
        """No run starts until it is resumed."""
        return self._change("source.pause", name, active=False)

    def resume(self, name: str) -> SourceRow:
        """Runs start again."""
        return self._change("source.resume", name, active=True)

    def remove(self, name: str, *, condition: Condition = anyhow) -> int:
        """Removes the source and its entries, which answer 410 from then on. Returns how many. Raises `NotFound`, and
        what the condition raises."""
        with self._database.write() as tx:
            row = self._on(tx, name, condition)
            count = registration.remove(tx, row)
            audit.record(tx, "source.remove", name, before=row.decided | {"entries": count})
            return count

    def _on(self, tx: Transaction, name: str, condition: Condition) -> SourceRow:
        """The source as it is, which stays so until it is changed. Raises `NotFound`, and what the condition raises."""
        revisions.lock(tx)
        row = registration.named(tx, name)
        condition(row.version)
        return row

    def _change(self, what: str, name: str, **values: object) -> SourceRow:
        with self._database.write() as tx:
            before = registration.named(tx, name)
            sources.change(tx, before.id, **values)
            return self._changed(tx, what, before)

    def _changed(self, tx: Transaction, what: str, before: SourceRow, **more: str) -> SourceRow:
        """A source as it is now that it was changed, which is remembered."""
        after = self._named(tx, before.name)
        audit.record(tx, what, before.name, before=before.decided, after=after.decided | more)
        return after

    def _live(self) -> dict[str, int]:
        return self._remembered.ask("live", sources.live)

    def _named(self, tx: Transaction, name: str) -> SourceRow:
        return due.timed(tx, registration.named(tx, name), self._settings.zone)


@contextmanager
def _unless_taken(sentence: str) -> Iterator[None]:
    """Two who register the same thing at the same moment: the database lets one through."""
    try:
        yield
    except Rejected as error:
        raise Conflict(sentence) from error
