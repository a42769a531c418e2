"""Sending the letters about questions, as a worker does it."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog

from dcat.model import Entry
from dcat.our_languages import writes_in

from .. import clock
from ..notices import mail, posting
from ..notices.undelivered import Undelivered
from ..settings import Settings
from ..stopping import Stop
from ..store import entries, questions
from ..store.database import Database, Hold, Transaction
from ..store.questions import CLOSED, CONFIRM, FORWARD, OPEN, REPLY, TO_PORTAL, LetterRow, QuestionRow
from ..store.rows import EntryRow, Tombstone
from . import letters
from .questions import ANSWER, Questions

REST = timedelta(hours=1)
"""After which a letter is looked at again whose end nobody saw."""

log = structlog.get_logger(__name__)


class Sending:
    """The letters about questions."""

    def __init__(self, database: Database, settings: Settings, asked: Questions) -> None:
        self._database, self._settings, self._asked = database, settings, asked

    def due(self, moment: datetime) -> tuple[int, datetime] | None:
        """How many are to be sent, and since when; None when none are."""
        with self._database.read() as tx:
            count, since = questions.due(tx, moment)
        return (count, since or moment) if count else None

    def send(self, hold: Hold, stop: Stop) -> int:
        """Sends what is to be sent, until it is stopped. Returns how many letters went out."""
        database = self._database.fenced(hold)

        def taken() -> list[LetterRow]:
            with database.write() as tx:
                return questions.taken(tx, clock.now(), clock.now() + REST, posting.TOGETHER)

        return posting.until_none(taken, lambda letter: self._send(database, letter, stop), stop)

    def _send(self, database: Database, letter: LetterRow, stop: Stop) -> bool:
        """Sends one; True when it went out."""
        with self._database.read() as tx:
            row = questions.by_id(tx, letter.question_id)
            entry = entries.by_id(tx, row.kind, row.entry_id) if row else None
        written = self._written(letter, row, entry) if row else None
        if row is None or written is None:
            database.write_again(lambda tx: _give_up(tx, letter))
            return False

        def failed(error: Undelivered) -> None:
            log.warning("question.not_sent", question=letter.question_id, letter=letter.what, reason=str(error))
            database.write_again(lambda tx: _fail(tx, letter, error))

        if is_sent := posting.post(self._settings, written, stop, failed):
            database.write_again(lambda tx: _sent(tx, letter))
        return is_sent

    def _written(self, letter: LetterRow, row: QuestionRow, entry: EntryRow | Tombstone | None) -> EmailMessage | None:
        """The letter; None when there is nobody to write to, or nothing to say any more. Who asked is written to also
        when the entry is gone by then."""
        if letter.what in {FORWARD, TO_PORTAL}:
            if row.state != OPEN or not isinstance(entry, EntryRow):
                return None
            return self._forwarded(letter, row, entry.entry)
        if not row.address:
            return None
        if letter.what == CONFIRM:
            link = self._asked.link(row, CONFIRM, row.language)
            return None if row.state == CLOSED else letters.confirming(self._settings, row, link)
        return letters.replying(self._settings, row)

    def _forwarded(self, letter: LetterRow, row: QuestionRow, entry: Entry) -> EmailMessage | None:
        """The question for the publisher, or for the portal; None when neither has a mailbox."""
        box = (letter.what == FORWARD and publishers_box(entry)) or portals_box(self._settings)
        language = writes_in(entry.title)
        link = self._asked.link(row, ANSWER, language)
        return letters.forwarding(self._settings, row, box, link, language) if box else None


def publishers_box(entry: Entry) -> str:
    """The mailbox of the publisher's desk; empty when none is given that can be written to."""
    return next((box for one in entry.contact for email in one.email if (box := mail.box_of(email))), "")


def portals_box(settings: Settings) -> str:
    """The mailbox of those who run the portal; empty when their contact is a page, or nothing."""
    return mail.box_of(settings.contact)


def _sent(tx: Transaction, letter: LetterRow) -> None:
    questions.drop(tx, letter)
    if letter.what == REPLY:
        questions.change(tx, letter.question_id, address="")


def _give_up(tx: Transaction, letter: LetterRow) -> None:
    """It is never sent: to a publisher who cannot be reached the portal is next, an address that is none is
    forgotten. Of a question that was erased meanwhile no letter is left, and none is written."""
    if not questions.drop(tx, letter):
        return
    if letter.what == FORWARD:
        questions.write(tx, letter.question_id, TO_PORTAL, clock.now())
    elif letter.what in {CONFIRM, REPLY}:
        questions.change(tx, letter.question_id, address="")


def _fail(tx: Transaction, letter: LetterRow, error: Undelivered) -> None:
    """It did not go out. It is tried again, or given up: to a publisher the portal is written to then, in their place.
    When none would go out now, nobody is at fault, and all wait."""
    now = clock.now()
    if error.is_of_all:
        questions.postpone(tx, now + posting.AWAY)
        questions.try_again(tx, letter, now + posting.AWAY, letter.attempts)
    elif (rest := posting.wait(error, letter.attempts)) is None:
        _give_up(tx, letter)
    else:
        questions.try_again(tx, letter, now + rest, letter.attempts + 1)
