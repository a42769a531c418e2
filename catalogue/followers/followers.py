"""Following an entry by mail.

an address is given ──▶ a letter asks whether its owner means it ──yes──▶ on: told at most once a day
                                     └── no answer in two days ──▶ forgotten
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog

from .. import clock
from ..errors import Forbidden, SettingsError
from ..notices import mail
from ..notices.undelivered import Undelivered
from ..settings import Settings
from ..sources import tokens
from ..stopping import Stop
from ..store import follows, history
from ..store.database import Database, Hold, Transaction
from ..store.follows import ASKED, ON, WAITING, FollowRow
from . import letters

CONFIRM, END = "confirm", "end"
"""What the links of letters do."""
PATIENCE = timedelta(days=2)
"""How long the answer to the first letter is waited for."""
LOOK, REST = timedelta(hours=1), timedelta(days=1)
"""Until it is looked again when nothing happened, and after a letter."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
"""Between one try to send a letter and the next; after the last one the address is forgotten."""
AWAY = timedelta(minutes=30)
"""Until everything is tried again when the mail server cannot be used."""
MOST, UNCONFIRMED = 100, 3
"""Entries that an address may follow, and of how many it may be asked whether it does."""
TOGETHER, CHANGES = 20, 200

log = structlog.get_logger(__name__)


class Followers:
    """Who follows entries by mail."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    @property
    def are_possible(self) -> bool:
        """False when no mail can be sent from here."""
        try:
            mail.check(self._settings)
        except SettingsError:
            return False
        return True

    def ask(self, entry_id: str, address: str, language: str) -> None:
        """Has a letter sent that asks whether the owner of an address wants to follow an entry. Nobody is told whether
        the address follows it already, or has been asked too often. Raises `Invalid` for what is no mailbox."""
        box, now = mail.mailbox(address), clock.now()
        with self._database.write() as tx:
            on, asked = follows.numbers(tx, box)
            if on < MOST and asked < UNCONFIRMED:
                follows.add(tx, entry_id, box, language=language, nonce=secrets.token_bytes(16), moment=now)

    def of_link(self, id: int, what: str, token: str) -> FollowRow:
        """Whose link of a letter that is; raises `Forbidden` for one that is not ours, or whose time is over."""
        with self._database.read() as tx:
            return self._known(tx, id, what, token)

    def confirm(self, id: int, token: str) -> None:
        """They mean it: from now on they are told. Raises `Forbidden`."""
        with self._database.write() as tx:
            row = self._known(tx, id, CONFIRM, token)
            if row.state != ON:
                seen = follows.newest(tx, row.entry_id)
                late = {"late_told": row.late_from} if _is_overdue(row) else {}
                follows.change(tx, id, state=ON, seen=seen, attempts=0, due=clock.now() + LOOK, **late)

    def end(self, id: int, token: str) -> None:
        """They are told no more, and forgotten. Raises `Forbidden`."""
        with self._database.write() as tx:
            self._known(tx, id, END, token)
            follows.remove(tx, id)

    # --- for the worker -----------------------------------------------------------------------------------------------

    def due(self, moment: datetime) -> tuple[int, datetime] | None:
        """How many are to be looked at, and since when; None when nobody is."""
        with self._database.read() as tx:
            count, since = follows.due(tx, moment)
        return (count, since or moment) if count else None

    def tell(self, hold: Hold, stop: Stop) -> int:
        """Writes to everybody who is to be written to, until it is stopped. Returns how many letters went out."""
        database, sent = self._database.fenced(hold), 0
        while not stop.asked:
            now = clock.now()
            with database.write() as tx:
                rows = follows.taken(tx, now, now + LOOK, TOGETHER)
            if not rows:
                break
            for row in rows:
                sent += 0 if stop.asked else self._look_at(database, row, stop)
        return sent

    def _look_at(self, database: Database, row: FollowRow, stop: Stop) -> bool:
        """Does what is to be done for one of them. True when a letter went out; raises `Stopped` when it was broken
        off."""
        if row.state == WAITING:
            database.write_again(lambda tx: follows.remove_unconfirmed(tx, row.id))
            return False
        with database.read() as tx:
            changes = [one for one in history.of_entry(tx, row.entry_id, 0, CHANGES) if one.id > row.seen]
            newest = follows.newest(tx, row.entry_id)
        letter = self._letter(row, changes)
        if letter is None:
            return False
        try:
            mail.send(self._settings, letter, stop)
        except Undelivered as error:
            log.warning("follower.not_reached", follow=row.id, reason=str(error))
            is_of_all, is_final = error.is_of_all, error.is_final
            database.write_again(lambda tx: _fail(tx, row, is_of_all=is_of_all, is_final=is_final))
            return False
        database.write_again(lambda tx: _told(tx, row, newest))
        return True

    def _letter(self, row: FollowRow, changes: list[history.HistoryRow]) -> EmailMessage | None:
        """What is to be written; None when nothing is."""
        page = f"{self._settings.site_url}/{row.language}/{row.kind}/{row.name}"
        if row.state == ASKED:
            return letters.asking(self._settings, row, self._link(row, CONFIRM))
        if row.removed is not None:
            return letters.parting(self._settings, row, page)
        is_overdue = letters.is_late(row) and _is_overdue(row)
        told = [one for one in changes if one.what != "REMOVED"]
        if not told and not is_overdue:
            return None
        now = row if is_overdue else row._replace(late_from=None)
        return letters.telling(self._settings, now, reversed(told), f"{page}/changes", self._link(row, END))

    # --- links --------------------------------------------------------------------------------------------------------

    def _link(self, row: FollowRow, what: str) -> str:
        token = self._token(row, what)
        return f"{self._settings.site_url}/{row.language}/follow/{row.id}/{what}/{token}"

    def _token(self, row: FollowRow, what: str) -> str:
        said = f"follow\n{what}\n{row.id}\n{row.nonce.hex()}".encode()
        return hmac.new(tokens.secret(self._settings), said, hashlib.sha256).hexdigest()[:40]

    def _known(self, tx: Transaction, id: int, what: str, token: str) -> FollowRow:
        row = follows.by_id(tx, id)
        if row is None or not hmac.compare_digest(self._token(row, what).encode(), token.encode("utf-8", "replace")):
            raise Forbidden("This link is not one of ours, or its time is over.")
        return row


def _is_overdue(row: FollowRow) -> bool:
    """True when the next update is overdue today."""
    return row.late_from is not None and row.late_from <= clock.now().date()


def _told(tx: Transaction, row: FollowRow, newest: int) -> None:
    """A letter went out."""
    now = clock.now()
    if row.state == ASKED:
        follows.change(tx, row.id, state=WAITING, attempts=0, due=now + PATIENCE)
    elif row.removed is not None:
        follows.remove(tx, row.id)
    else:
        late = {"late_told": row.late_from} if _is_overdue(row) else {}
        follows.change(tx, row.id, seen=newest, attempts=0, due=now + REST, **late)


def _fail(tx: Transaction, row: FollowRow, *, is_of_all: bool, is_final: bool) -> None:
    """A letter did not go out. It is tried again; an address where nobody is is forgotten. When none would go out now,
    nobody is at fault, and all wait."""
    if is_of_all:
        follows.postpone(tx, row.id, clock.now() + AWAY)
    elif is_final or row.attempts >= len(WAITS):
        follows.remove(tx, row.id)
    else:
        follows.change(tx, row.id, attempts=row.attempts + 1, due=clock.now() + WAITS[row.attempts])
