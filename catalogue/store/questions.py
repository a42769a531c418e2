"""What readers asked about entries, what was answered, and the letters about it that are still to be sent."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, select, update

from .codec import insert
from .counting import number
from .database import Transaction
from .tables import entries, question_letters, questions, sources

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
STATES = (OPEN, ANSWERED, CLOSED)
"""OPEN: nobody has said anything yet; CLOSED: it gets no answer."""
FORWARD, TO_PORTAL, CONFIRM, REPLY = "forward", "to-portal", "confirm", "reply"
"""Letters: the question to the publisher, or to the portal in its place; whether who asked wants the answer; the
answer."""


class QuestionRow(NamedTuple):
    """A question."""

    id: int
    entry_id: str
    at: datetime
    language: str
    text: str
    """As it was asked; empty once that is forgotten."""
    address: str
    """Where the answer goes, until it went; nobody is shown it."""
    confirmed: datetime | None
    nonce: bytes
    """From it and the installation's key comes what the links of letters are signed with."""
    state: str
    shown: bool
    wording: str
    """The question as everybody sees it."""
    answer: str
    answer_language: str
    answered: datetime | None
    kind: str
    name: str
    """Of the entry."""
    title: bytes
    """Of the entry: JSON of the texts."""
    source: str
    publisher: str
    """Slug of the entry's publisher."""
    owner: str
    """Slug of the publisher whose source the entry came from."""


class LetterRow(NamedTuple):
    """A letter that is to be sent."""

    question_id: int
    what: str
    attempts: int


def add(tx: Transaction, entry_id: str, *, form: bytes, moment: datetime, **values: Any) -> int | None:
    """Keeps a question; None when that form was sent before."""
    row = {
        "entry_id": entry_id,
        "form": form,
        "at": moment,
        "state": OPEN,
        "shown": False,
        "wording": "",
        "answer": "",
        "answer_language": "",
        **values,
    }
    statement = insert(tx, questions).values(row).on_conflict_do_nothing().returning(questions.c.id)
    id: int | None = tx.execute(statement).scalar_one_or_none()
    return id


def by_id(tx: Transaction, id: int) -> QuestionRow | None:
    """One of them."""
    row = tx.execute(_whole().where(questions.c.id == id)).first()
    return QuestionRow(*row) if row else None


def listed(
    tx: Transaction, *, publisher: str = "", state: str = "", offset: int = 0, limit: int = 100
) -> tuple[int, list[QuestionRow]]:
    """How many there are, and some of them: of a publisher's entries and sources, in a state; the open ones that wait
    longest first, of others the newest."""
    within: list[ColumnElement[bool]] = []
    if publisher:
        within.append((entries.c.publisher == publisher) | (sources.c.publisher == publisher))
    if state:
        within.append(questions.c.state == state)
    order = questions.c.id.asc() if state == OPEN else questions.c.id.desc()
    return _some(tx, within, order, offset, limit)


def shown(tx: Transaction, entry_id: str, offset: int, limit: int) -> tuple[int, list[QuestionRow]]:
    """How many of an entry everybody may see, and some of them, the last answered first."""
    within = [questions.c.entry_id == entry_id, questions.c.shown]
    return _some(tx, within, questions.c.answered.desc(), offset, limit)


def number_open(tx: Transaction, entry_id: str) -> int:
    """How many of an entry wait."""
    return _count(tx, [questions.c.entry_id == entry_id, questions.c.state == OPEN])


def number_since(tx: Transaction, moment: datetime) -> int:
    """How many were asked since then."""
    return _count(tx, [questions.c.at >= moment])


def change(tx: Transaction, id: int, **values: Any) -> None:
    """Sets columns."""
    tx.execute(update(questions).where(questions.c.id == id).values(values))


def forget_addresses(tx: Transaction, before: datetime) -> None:
    """Forgets addresses that nobody confirmed, of questions asked before that moment."""
    late = (questions.c.at < before) & (questions.c.address != "") & questions.c.confirmed.is_(None)
    tx.execute(update(questions).where(late).values(address=""))


def forget(tx: Transaction, before: datetime) -> None:
    """Forgets what was asked before that moment; of what everybody sees, only who and how it was asked."""
    old = questions.c.at < before
    tx.execute(delete(questions).where(old, ~questions.c.shown))
    tx.execute(update(questions).where(old, (questions.c.text != "") | (questions.c.address != "")).values(_BLANK))


_BLANK = {"text": "", "address": ""}


# --- letters ---------------------------------------------------------------------------------------------------------


def write(tx: Transaction, id: int, what: str, moment: datetime) -> None:
    """A letter is to be sent from that moment on; one that waits already is sent once."""
    row = {"question_id": id, "what": what, "due": moment, "attempts": 0}
    tx.execute(insert(tx, question_letters).values(row).on_conflict_do_nothing())


def due(tx: Transaction, moment: datetime) -> tuple[int, datetime | None]:
    """How many letters are to be sent, and since when."""
    table = question_letters.c
    count, since = tx.execute(select(func.count(), func.min(table.due)).where(table.due <= moment)).one()
    return count, since


def taken(tx: Transaction, moment: datetime, again: datetime, limit: int) -> list[LetterRow]:
    """Those that are to be sent; whoever sees not the end of it sends them again then."""
    table = question_letters.c
    order = select(table.question_id, table.what, table.attempts).where(table.due <= moment).order_by(table.due)
    found = [LetterRow(*row) for row in tx.execute(order.limit(limit))]
    for one in found:
        tx.execute(update(question_letters).where(_is(one)).values(due=again))
    return found


def try_again(tx: Transaction, letter: LetterRow, moment: datetime, attempts: int) -> None:
    """One that was not sent is tried again."""
    tx.execute(update(question_letters).where(_is(letter)).values(due=moment, attempts=attempts))


def postpone(tx: Transaction, until: datetime) -> None:
    """Nothing is sent before then."""
    tx.execute(update(question_letters).where(question_letters.c.due < until).values(due=until))


def drop(tx: Transaction, letter: LetterRow) -> bool:
    """It was sent, or never will be. False when it was gone already."""
    return tx.execute(delete(question_letters).where(_is(letter))).rowcount > 0


def _is(letter: LetterRow) -> ColumnElement[bool]:
    return (question_letters.c.question_id == letter.question_id) & (question_letters.c.what == letter.what)


def _some(
    tx: Transaction, within: list[ColumnElement[bool]], order: ColumnElement[Any], offset: int, limit: int
) -> tuple[int, list[QuestionRow]]:
    query = _whole().where(*within).order_by(order, questions.c.id).limit(limit).offset(offset)
    rows = [QuestionRow(*row) for row in tx.execute(query)]
    return number(rows, offset, limit, lambda: _count(tx, within)), rows


def _count(tx: Transaction, within: list[ColumnElement[bool]]) -> int:
    query = select(func.count()).select_from(questions).join(entries, entries.c.id == questions.c.entry_id)
    return int(tx.execute(query.join(sources, sources.c.id == entries.c.source_id).where(*within)).scalar_one())


@cache
def _whole() -> Select[tuple[Any, ...]]:
    own = [questions.c[name] for name in QuestionRow._fields if name in questions.c]
    about = (entries.c.kind, entries.c.name, entries.c.title, sources.c.name, entries.c.publisher, sources.c.publisher)
    query = select(*own, *about).join(entries, entries.c.id == questions.c.entry_id)
    return query.join(sources, sources.c.id == entries.c.source_id)
