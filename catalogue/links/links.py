"""The addresses of the catalogue, and what is known of them.

entries that changed ──gather──▶ addresses ──ask, host by host──▶ what was found
                                                 └──▶ quality of the entries that lead there, anew
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from harvesters.errors import Stopped

from .. import clock
from ..settings import Settings
from ..stopping import Stop
from ..store import addresses, history, outbox, revisions
from ..store.addresses import BROKEN, AddressRow, Use
from ..store.database import Database, Hold
from ..store.remembered import Remembered
from . import gathering, reassessing, verdict
from .asking import Asked, Asker

AT_A_TIME = 50
"""Addresses of a host that are asked before others have their turn."""
SHOWN = ("state", "since", "size", "format", "modified", "checksum")
"""What readers see of an address, besides when it was asked."""


class Links:
    """What the addresses of the catalogue lead to."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._remembered, self._settings = database, Remembered(database), settings

    # --- for people ---------------------------------------------------------------------------------------------------

    def of_entry(self, id: str) -> dict[str, AddressRow]:
        """What is known of the addresses of an entry (id), by address."""
        with self._database.read() as tx:
            return addresses.of_entry(tx, id)

    def broken_in(self, ids: Iterable[str]) -> set[str]:
        """Those of the entries (ids) that lead to an address which does not work."""
        return addresses.broken_in(self._database, list(ids))

    def counts(self, *, publisher: str = "", source: str = "") -> Counter[str]:
        """How many addresses there are in each state: of all, of a publisher or of a source (slugs)."""
        asked = partial(addresses.counts, publisher=publisher, source=source)
        return self._remembered.ask((publisher, source), asked).copy()

    def standing(self, state: str, *, source: str = "", offset: int = 0, limit: int = 100) -> list[Use]:
        """Addresses in a state, with the entries that lead to them, those that have been so longest first."""
        with self._database.read() as tx:
            return addresses.standing(tx, state, source=source, offset=offset, limit=limit)

    def broken_of(self, publisher: str, limit: int) -> list[Use]:
        """The broken ones that entries of a publisher (slug) lead to, those that have been so longest first; looked up
        once for each state of the catalogue, and not at all where none is counted."""
        if not self.counts(publisher=publisher)[BROKEN]:
            return []
        asked = partial(addresses.standing, state=BROKEN, publisher=publisher, limit=limit)
        return list(self._remembered.ask((BROKEN, publisher, limit), asked))

    def ask_now(self, id: str) -> int:
        """The addresses of an entry (id) are asked as soon as a worker can. Returns how many they are."""
        with self._database.write() as tx:
            return addresses.ask_now(tx, id, clock.now())

    # --- for the worker -----------------------------------------------------------------------------------------------

    @property
    def is_wanted(self) -> bool:
        """False when the settings say that nothing is asked."""
        return self._settings.check_links

    def is_behind(self) -> bool:
        """True when entries changed since their addresses were looked at."""
        return gathering.behind(self._database)

    def gather(self, hold: Hold, stop: Stop) -> int:
        """Looks which addresses there are. Returns how many entries were looked at."""
        return gathering.gather(self._database.fenced(hold), stop)

    def due(self, moment: datetime, most: int | None = None) -> tuple[int, datetime] | None:
        """How many addresses are to be asked, counted to `most`, and since when; None when there are none."""
        with self._database.read() as tx:
            count, since = addresses.due(tx, moment, most)
        return (count, min(since or moment, moment)) if count else None

    def hosts(self, moment: datetime) -> list[str]:
        """The hosts that have such addresses, longest first."""
        with self._database.read() as tx:
            return addresses.hosts(tx, moment)

    def ask(self, host: str, hold: Hold, stop: Stop) -> int:
        """Asks some addresses of a host, and computes the quality of the entries anew whose addresses stand otherwise.
        Returns how many were asked; what is left when it is told to stop stays due."""
        database, now = self._database.fenced(hold), clock.now()
        with database.read() as tx:
            known = addresses.of_host(tx, host, now, AT_A_TIME)
        asker, count, is_news = Asker(self._settings, host), 0, False
        with asker.client as client, stop.calling(client.stop), suppress(Stopped):
            for asked in asker.ask(known):
                is_news |= self._keep(database, asked)
                count += 1
        reassessing.reassess(database, host, self._settings.site_url, stop)
        if is_news:
            database.write_again(outbox.note_mended)
        return count

    def _keep(self, database: Database, asked: Asked) -> bool:
        """Keeps what was found. True when readers see something else now."""
        after, now = asked.after, clock.now()
        with database.write() as tx:
            if after.changes != asked.before.changes:
                revisions.lock(tx)
                before, size = (str(row.size or "") for row in (asked.before, after))
                history.add_data(tx, addresses.key(after.url), after.url, (before, size), now)
            addresses.save(tx, after, verdict.again(after, self._every, now))
            if asked.not_before:
                addresses.postpone(tx, after.host, asked.not_before)
        return any(getattr(asked.before, name) != getattr(after, name) for name in SHOWN)

    @property
    def _every(self) -> timedelta:
        return timedelta(days=self._settings.check_links_days)
