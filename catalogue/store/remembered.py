"""Answers of the store that hold until something changes: asked once, and remembered as long as its number stays.

The number of the store (`revisions`) grows in the transaction that publishes, so whoever reads it first and finds it
unchanged may say again what was said before, whichever process published.
"""

from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeVar, cast

from . import revisions
from .database import Database, Transaction

T = TypeVar("T")

MOST = 256
"""Answers that are remembered at a time; one more, and all are asked again."""


class _Known(NamedTuple):
    """What was answered at one number of the store."""

    number: int
    answers: dict[Hashable, object]


class Remembered:
    """Asks the store, each question once as long as nothing changes. Answers are shared: nobody may change one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = _Known(-1, {})

    def ask(self, question: Hashable, answer: Callable[[Transaction], T]) -> T:
        """What `answer` says, now or the last time that this was asked, if nothing changed since."""
        known = self._known  # another thread may put a newer one there
        if known.number == revisions.glance(self._database) and question in known.answers:
            return cast("T", known.answers[question])
        with self._database.read() as tx:
            number, said = revisions.last(tx), answer(tx)
        self._keep(number, question, said)
        return said

    def _keep(self, number: int, question: Hashable, said: object) -> None:
        known = self._known
        if known.number != number or len(known.answers) >= MOST:
            known = self._known = _Known(number, {})
        known.answers[question] = said
