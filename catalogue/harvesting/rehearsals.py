"""Dry runs of whole sources: made now for whoever waits, or asked for and made by a worker."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import structlog

from harvesters import PUSH
from harvesters.base import Crawl, Harvester, HarvestError
from harvesters.http import Client, Credentials

from .. import audit, clock
from ..errors import Conflict, DatastoreError, found
from ..ingest.draft import Intake
from ..leases import Held, beating
from ..settings import Settings
from ..sources import credentials as kept
from ..sources import editing, intakes, registration
from ..sources import producer_limits as limits
from ..sources.editing import Change
from ..sources.manners import client
from ..stopping import Stop
from ..store import rehearsals, sources
from ..store.database import Database, Hold, Transaction
from ..store.rows import Rehearsal, RehearsalRow, SourceRow
from .account import Account
from .dry_run import row_of
from .rehearsal import rehearse

TRIES = 3
"""So often a worker begins; what killed that many is given up."""

log = structlog.get_logger(__name__)


class Rehearsals:
    """Tries whole sources, and writes nothing of what they give."""

    def __init__(self, database: Database, settings: Settings, harvesters: Mapping[str, Harvester]) -> None:
        self._database, self._settings, self._harvesters = database, settings, harvesters

    # --- now -------------------------------------------------------------------------------------------------------

    def of_address(
        self, url: str, kind: str, *, config: dict[str, Any] | None = None, credentials: dict[str, Any] | None = None
    ) -> Rehearsal:
        """What a source that is not registered would bring, compared with what is published already of that
        address."""
        intake = intakes.unregistered(self._harvesters, self._settings, url, kind, config or {})
        shown = kept.of_form(credentials, intake.source.url) if credentials is not None else None
        with self._client(intake, shown) as web:
            return rehearse(self._database, intake, web)

    def of_source(self, source: str) -> Rehearsal:
        """What the next run of a registered source would do."""
        with self._database.read() as tx:
            intake, shown = self._opened(tx, registration.named(tx, source), Change())
        with self._client(intake, shown) as web:
            return rehearse(self._database, intake, web)

    # --- asked for -------------------------------------------------------------------------------------------------

    def request(self, source: str, change: Change | None = None) -> RehearsalRow:
        """Asks for one of a registered source, as it is or with another `url` and `config`; gives back the one that
        goes on when it is the same. Raises `NotFound`, `Invalid`, and `Conflict` for a source or an address that nobody
        may read yet, or while another one goes on."""
        change = change or Change()
        asked = {name: value for name in ("url", "config") if (value := getattr(change, name)) is not msgspec.UNSET}

        def work(tx: Transaction) -> RehearsalRow:
            row = registration.named(tx, source)
            self._check(row, change)
            last = rehearsals.of_source(tx, row.id)
            if last and last.state in {"waiting", "running"} and last.change == asked:
                return last
            if last and last.state == "running":
                raise Conflict(f"Another try of {source!r} goes on. Wait until it has ended.")
            rehearsals.ask(tx, row.id, asked, clock.now())
            audit.record(tx, "source.rehearse", source, after=asked)
            return found(rehearsals.of_source(tx, row.id), f"try of {source!r}")

        return self._database.write_again(work)

    def last(self, source: str) -> RehearsalRow | None:
        """The last one that was asked for of a source; None when nobody did. Raises `NotFound`."""
        with self._database.read() as tx:
            return rehearsals.of_source(tx, registration.named(tx, source).id)

    def waiting(self) -> list[tuple[str, datetime]]:
        """The sources (id) of those that were asked for and have not ended, and since when, the longest first."""
        with self._database.read() as tx:
            return rehearsals.waiting(tx)

    def begin(self, source_id: str, hold: Hold) -> RehearsalRow | None:
        """Whoever holds the lease begins; None when there is nothing to do any more."""
        with self._database.fenced(hold).write() as tx:
            return rehearsals.begin(tx, source_id, clock.now())

    def carry_out(self, source_id: str, asked: RehearsalRow, held: Held, stop: Stop) -> None:
        """Makes one that was begun and keeps what it came to, also that it could not be made; nothing when it is told
        to stop."""
        told = self._outcome(source_id, asked, held, stop)
        if told is not None and not stop.asked:
            self._database.fenced(held.hold).write_again(lambda tx: rehearsals.end(tx, source_id, told, clock.now()))

    # --- inside ----------------------------------------------------------------------------------------------------

    def _outcome(self, source_id: str, asked: RehearsalRow, held: Held, stop: Stop) -> Rehearsal | None:
        if (row := self._row(source_id)) is None:
            return None
        failed = partial(_failed, row, asked)
        if asked.tries > TRIES:
            return failed("ABORTED", "The program that read the source stopped each time that it was tried.")
        try:
            with self._database.read() as tx:
                intake, shown = self._opened(tx, row, Change(**asked.change))
            with self._client(intake, shown) as web, stop.calling(web.stop), beating(held.renew, web.stop):
                return rehearse(self._database, intake, web)
        except DatastoreError as error:
            return failed("CANNOT_START", str(error))
        except Exception:
            log.exception("rehearsal.fault", source=row.name)
            return failed("FAULT", "It could not be tried, by a fault of ours, which has been logged.")

    def _row(self, source_id: str) -> SourceRow | None:
        with self._database.read() as tx:
            return sources.by_id(tx, source_id)

    def _check(self, row: SourceRow, change: Change) -> None:
        """Raises for what is not read, or must not be read yet."""
        if row.kind == PUSH:
            raise Conflict(f"Nothing is read of source {row.name!r}: its producer sends the records.")
        registration.check_approved(row)
        changed = self._changed(row, change)
        if limits.must_wait(self._settings, row, changed):
            raise Conflict(
                f"{changed.url} is on another server, which those who run this catalogue look at before all of it is "
                "read. Save the new address; its first records can be tried at once."
            )

    def _changed(self, row: SourceRow, change: Change) -> SourceRow:
        harvester = registration.harvester_of(self._harvesters, row.kind)
        url, config = editing.placed(harvester, row, change)
        return msgspec.structs.replace(row, url=url, config=config)

    def _opened(self, tx: Transaction, row: SourceRow, change: Change) -> tuple[Intake, Credentials | None]:
        """A source as it is to be tried, and what lets us in: at its own server alone."""
        changed = self._changed(row, change)
        intake = intakes.intake(tx, changed, self._harvesters[row.kind], self._settings)
        return intake, kept.of(tx, self._settings, row) if kept.same_server(row.url, changed.url) else None

    def _client(self, intake: Intake, shown: Credentials | None) -> Client:
        return client(self._settings, intake.source.url, intake.source.config, shown)


def _failed(row: SourceRow, asked: RehearsalRow, code: str, why: str) -> Rehearsal:
    """One that could not be made, as a run that failed."""
    began = asked.started or asked.asked
    source, error = intakes.source_of(row), HarvestError(code, why)
    return Rehearsal(row_of(source, Crawl(), Account(), began, error), [], [], [])
