"""Questions of readers.

a form ──▶ open ──▶ a letter to the publisher, else to the portal ──▶ answered (shown to everybody, or not) · closed
             └── an address was given ──▶ a letter asks whether its owner wants the answer ──yes──▶ the answer by letter
"""

import secrets
from datetime import timedelta
from typing import NamedTuple

from .. import audit, clock
from ..errors import Conflict, Forbidden, Invalid, found
from ..notices import mail, posting
from ..notices.signed import is_signed, signature
from ..settings import Settings
from ..sources import tokens
from ..store import outbox, questions
from ..store.database import Database, Transaction
from ..store.questions import ANSWERED, CLOSED, CONFIRM, FORWARD, REPLY, QuestionRow
from . import forms

ANSWER = "answer"
"""With `CONFIRM`, what the links of letters do."""
SHORTEST, LONGEST = 10, 2000
"""Characters of a question."""
LONGEST_ANSWER = 4000
WAITING, A_DAY = 50, 500
"""Questions about an entry that may wait, and questions of a day about all of them: more are not people."""


class Asked(NamedTuple):
    """What a reader asks."""

    text: str
    address: str = ""
    """Where the answer is to go; empty when it need not."""
    language: str = "en"


class Answer(NamedTuple):
    """What a publisher says."""

    text: str
    language: str
    is_shown: bool = False
    """True when everybody may see question and answer."""
    wording: str = ""
    """The question as everybody sees it; as it was asked when empty."""


class Questions:
    """Questions about entries, and their answers."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    @property
    def go_by_mail(self) -> bool:
        """False when no mail can be sent from here: then questions wait on the pages of publishers and operators."""
        return posting.is_possible(self._settings)

    # --- for readers --------------------------------------------------------------------------------------------------

    def form(self, entry_id: str, code: str = "") -> str:
        """The code of a form about an entry: that of the one that was sent, while it may be sent again."""
        return forms.kept(self._key, entry_id, code)

    def ask(self, entry_id: str, asked: Asked, code: str) -> None:
        """Takes a question; a form that is sent twice counts once. Raises `Invalid`, `TooSoon` and `Forbidden` for the
        form, `Conflict` when too many wait."""
        text = _bounded(asked.text, SHORTEST, LONGEST, "text")
        box = mail.mailbox(asked.address) if asked.address.strip() else ""
        form, now = forms.number(self._key, entry_id, code), clock.now()
        with self._database.write() as tx:
            if questions.number_open(tx, entry_id) >= WAITING or questions.number_since(tx, now - _DAY) >= A_DAY:
                raise Conflict("Too many questions wait for an answer. Try again tomorrow.")
            values = {"text": text, "language": asked.language, "address": box, "nonce": secrets.token_bytes(16)}
            id = questions.add(tx, entry_id, form=form, moment=now, **values)
            if id is not None and self.go_by_mail:
                for letter in (FORWARD, *((CONFIRM,) if box else ())):
                    questions.write(tx, id, letter, now)

    def shown(self, entry_id: str, offset: int = 0, limit: int = 20) -> tuple[int, list[QuestionRow]]:
        """How many of an entry everybody may see, and some of them, the last answered first."""
        with self._database.read() as tx:
            return questions.shown(tx, entry_id, offset, limit)

    # --- for publishers and operators ---------------------------------------------------------------------------------

    def listed(
        self, publisher: str = "", state: str = "", offset: int = 0, limit: int = 100
    ) -> tuple[int, list[QuestionRow]]:
        """How many there are, and some of them: those about the entries and sources of a publisher, or all."""
        with self._database.read() as tx:
            return questions.listed(tx, publisher=publisher, state=state, offset=offset, limit=limit)

    def one(self, id: int) -> QuestionRow:
        """A question; raises `NotFound`."""
        with self._database.read() as tx:
            return _found(tx, id)

    def answer(self, id: int, answer: Answer) -> QuestionRow:
        """Answers a question, or changes the answer. Who asked gets it once, where they confirmed their address. Raises
        `NotFound`, `Invalid`."""
        said = _bounded(answer.text, 1, LONGEST_ANSWER, "answer")
        with self._database.write() as tx:
            row = _found(tx, id)
            wording = answer.wording.strip() or row.text or row.wording
            if answer.is_shown:
                wording = _bounded(wording, 1, LONGEST, "question")
            now = {
                "state": ANSWERED,
                "answer": said,
                "answer_language": answer.language,
                "answered": clock.now(),
                "shown": answer.is_shown,
                "wording": wording if answer.is_shown else "",
            }
            questions.change(tx, id, **now)
            self._reply(tx, row)
            _note(tx, row, {"state": row.state, "shown": row.shown}, {"state": ANSWERED, "shown": answer.is_shown})
            return _found(tx, id)

    def close(self, id: int) -> QuestionRow:
        """A question gets no answer, such as one that is advertising; one that was shown is shown no more. Raises
        `NotFound`."""
        with self._database.write() as tx:
            row = _found(tx, id)
            questions.change(tx, id, state=CLOSED, shown=False, wording="", address="")
            _note(tx, row, {"state": row.state, "shown": row.shown}, {"state": CLOSED, "shown": False})
            return _found(tx, id)

    def _reply(self, tx: Transaction, row: QuestionRow) -> None:
        if row.address and row.confirmed and self.go_by_mail:
            questions.write(tx, row.id, REPLY, clock.now())

    # --- links of letters ---------------------------------------------------------------------------------------------

    def of_link(self, id: int, what: str, token: str) -> QuestionRow:
        """Whose link of a letter that is; raises `Forbidden` for one that is not ours, or whose time is over."""
        with self._database.read() as tx:
            row = questions.by_id(tx, id)
        if row is None or not is_signed(self._key, token, *_signed(row, what)):
            raise Forbidden("This link is not one of ours, or its time is over.")
        return row

    def confirm(self, id: int, token: str) -> None:
        """The owner of an address wants the answer. Raises `Forbidden`."""
        row = self.of_link(id, CONFIRM, token)
        with self._database.write() as tx:
            now = _found(tx, row.id)
            if now.address and now.confirmed is None:
                questions.change(tx, id, confirmed=clock.now())
                if now.state == ANSWERED:
                    self._reply(tx, now._replace(confirmed=clock.now()))

    def link(self, row: QuestionRow, what: str, language: str) -> str:
        """The address of a link of a letter."""
        token = signature(self._key, *_signed(row, what))
        return f"{self._settings.site_url}/{language}/question/{row.id}/{what}/{token}"

    @property
    def _key(self) -> bytes:
        return tokens.secret(self._settings)


_DAY = timedelta(days=1)


def _signed(row: QuestionRow, what: str) -> tuple[object, ...]:
    """What the link of a letter says."""
    return "question", what, row.id, row.nonce.hex()


def _found(tx: Transaction, id: int) -> QuestionRow:
    return found(questions.by_id(tx, id), f"question with the number {id}")


def _note(tx: Transaction, row: QuestionRow, before: dict[str, object], after: dict[str, object]) -> None:
    """Writes the audit, and lets pages that show it be made anew."""
    outbox.note_mended(tx)
    audit.record(tx, "question.answer", str(row.id), before=before, after=after)


def _bounded(text: str, least: int, most: int, field: str) -> str:
    tidied = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not least <= len(tidied) <= most:
        raise Invalid(f"It must have {least} to {most} characters, and has {len(tidied)}.", field)
    return tidied
