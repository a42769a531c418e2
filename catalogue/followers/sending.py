"""Writing to followers, as a worker does it: one letter a day at most to each address, whatever it follows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import lru_cache, partial
from typing import NamedTuple

import structlog

from .. import clock
from ..indexing.followed_index import FollowedIndex
from ..notices import posting
from ..notices.undelivered import Undelivered
from ..search.base import BadQuery, SearchUnavailable
from ..settings import Settings
from ..stopping import Stop
from ..store import follows, history
from ..store.database import Database, Hold, Transaction
from ..store.follows import ASKED, WAITING, FollowRow
from ..store.outcome import Outcome
from . import letters, lists
from .followers import CONFIRM, END, END_ALL, LOOK, SETTLED, Followers, is_overdue
from .letters import News

PATIENCE = timedelta(days=2)
"""How long the answer to the first letter is waited for."""
REST = timedelta(days=1)
"""Until an address is looked at again after a letter."""
CHANGES = 200
"""Changes of an entry that are looked at."""

log = structlog.get_logger(__name__)


class Seen(NamedTuple):
    """What was looked at for one row, and what of it is kept when that was told."""

    news: News | None
    kept: dict[str, object]
    """Columns of the row."""


class Changes:
    """What became of entries until one moment: asked once for all who looked last at the same time, as those do who are
    looked at together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.read() as tx:
            self.until = history.settled(tx, clock.now() - SETTLED)
        self.since = lru_cache(maxsize=4)(self._since)  # each may hold all that a night changed

    def _since(self, seen: int) -> list[tuple[str, str]]:
        with self._database.read() as tx:
            return history.touched(tx, seen, self.until)


class Sending:
    """The letters to followers."""

    def __init__(self, database: Database, settings: Settings, index: FollowedIndex, followers: Followers) -> None:
        self._database, self._settings, self._index, self._followers = database, settings, index, followers

    def due(self, moment: datetime) -> tuple[int, datetime] | None:
        """How many are to be looked at, and since when; None when nobody is."""
        with self._database.read() as tx:
            count, since = follows.due(tx, moment)
        return (count, since or moment) if count else None

    def tell(self, hold: Hold, stop: Stop) -> int:
        """Writes to everybody who is to be written to, until it is stopped. Returns how many letters went out."""
        database, changes = self._database.fenced(hold), Changes(self._database)

        def taken() -> list[list[FollowRow]]:
            with database.write() as tx:
                return follows.taken(tx, clock.now(), clock.now() + LOOK, posting.TOGETHER)

        return posting.until_none(taken, lambda rows: self._look_at(database, rows, changes, stop), stop)

    def _look_at(self, database: Database, rows: Sequence[FollowRow], changes: Changes, stop: Stop) -> bool:
        """Does what is to be done for one address. True when a letter went out; raises `Stopped` when it was broken
        off."""
        row = rows[0]
        if row.state == WAITING:
            database.write_again(lambda tx: follows.remove_unconfirmed(tx, row.id))
            return False
        if row.state == ASKED:
            letter = letters.asking(self._settings, row, self._followers.title(row), self._followers.link(row, CONFIRM))
            return self._post(database, rows, letter, stop, partial(_asked, row=row))
        seen = {row.id: self._seen(row, changes) for row in rows}
        told = [one.news for one in seen.values() if one.news is not None]
        if not told:
            database.write_again(lambda tx: _keep(tx, seen))
            return False
        if len(rows) == 1 and told[0].what == "gone":
            letter = letters.parting(self._settings, told[0])
        else:
            end = told[0].end if len(told) == 1 else self._followers.link(row, END_ALL)
            letter = letters.telling(self._settings, told, end)
        return self._post(database, rows, letter, stop, partial(_told, seen=seen))

    def _post(
        self,
        database: Database,
        rows: Sequence[FollowRow],
        letter: EmailMessage,
        stop: Stop,
        sent: Callable[[Transaction], None],
    ) -> bool:
        def failed(error: Undelivered) -> None:
            log.warning("follower.not_reached", follow=rows[0].id, reason=str(error))
            database.write_again(lambda tx: _fail(tx, rows, error))

        if is_sent := posting.post(self._settings, letter, stop, failed):
            database.write_again(sent)
        return is_sent

    # --- what there is to tell ----------------------------------------------------------------------------------------

    def _seen(self, row: FollowRow, changes: Changes) -> Seen:
        return self._of_entry(row, row.entry_id) if row.entry_id is not None else self._of_list(row, changes)

    def _of_entry(self, row: FollowRow, id: str) -> Seen:
        if row.removed is not None:
            return Seen(self._news(row, "gone", [], ""), {})
        with self._database.read() as tx:
            changes = [one for one in history.of_entry(tx, id, 0, CHANGES) if one.id > row.seen]
            newest = follows.newest(tx, id)
        told = [one for one in reversed(changes) if one.field or one.what == Outcome.RESTORED]
        is_late = letters.is_late(row) and is_overdue(row)
        if not told and not is_late:
            return Seen(None, {})
        lines = letters.short((letters.line(one, row.language) for one in told), row.language)
        late = [letters.words("late_line", row.language)] if told and is_late else []
        news = self._news(row, "changed" if told else "late", [*lines, *late], "/changes")
        return Seen(news, {"seen": newest} | ({"late_told": row.late_from} if is_overdue(row) else {}))

    def _of_list(self, row: FollowRow, changes: Changes) -> Seen:
        """What came, changed, became late and went; nothing while search does not answer."""
        try:
            found = lists.held(self._index, row.query)
        except (BadQuery, SearchUnavailable) as error:
            log.warning("follower.not_looked", follow=row.id, reason=str(error))
            return Seen(None, {})
        known = lists.apart(row.known or b"")
        touched = changes.since(row.seen)
        with self._database.read() as tx:
            gone = follows.called(tx, lists.went(touched, known))
        told = lists.news(found, known, touched, gone)
        kept: dict[str, object] = {"seen": max(row.seen, changes.until), "known": lists.marks(found)}
        if not told:
            return Seen(None, kept)
        lines = (letters.line_of_list(self._settings, one, row.language) for one in told)
        return Seen(self._news(row, "listed", letters.short(lines, row.language)), kept)

    def _news(self, row: FollowRow, what: str, lines: Sequence[str], more: str = "") -> News:
        page = f"{self._settings.site_url}{self._followers.page(row)}{more}"
        return News(row, self._followers.title(row), what, lines, page, self._followers.link(row, END))


def _asked(tx: Transaction, row: FollowRow) -> None:
    """The letter that asks went out."""
    follows.change(tx, row.id, state=WAITING, attempts=0, due=clock.now() + PATIENCE)


def _keep(tx: Transaction, seen: Mapping[int, Seen]) -> None:
    """Nothing was told, and what was looked at need not be looked at again."""
    for id, one in seen.items():
        if one.kept:
            follows.change(tx, id, **one.kept)


def _told(tx: Transaction, seen: Mapping[int, Seen]) -> None:
    """The letter of a day went out."""
    follows.remove(tx, [id for id, one in seen.items() if one.news and one.news.what == "gone"])
    for id, one in seen.items():
        follows.change(tx, id, attempts=0, due=clock.now() + REST, **one.kept)


def _fail(tx: Transaction, rows: Sequence[FollowRow], error: Undelivered) -> None:
    """A letter did not go out. It is tried again; an address where nobody is is forgotten. When none would go out now,
    nobody is at fault, and all wait."""
    ids, attempts, now = [row.id for row in rows], rows[0].attempts, clock.now()
    if error.is_of_all:
        follows.postpone(tx, ids, now + posting.AWAY)
    elif (rest := posting.wait(error, attempts)) is None:
        follows.remove(tx, ids)
    else:
        for id in ids:
            follows.change(tx, id, attempts=attempts + 1, due=now + rest)
