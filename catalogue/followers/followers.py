"""Following an entry, or what a search finds, by mail.

an address is given ──▶ a letter asks whether its owner means it ──yes──▶ on: told at most once a day
                                     └── no answer in two days ──▶ forgotten
"""

import secrets
from datetime import timedelta

from dcat.model import Texts
from dcat.our_languages import best_for

from .. import clock
from ..errors import Forbidden, Invalid
from ..indexing.followed_index import FollowedIndex
from ..notices import mail, posting
from ..notices.signed import is_signed, signature
from ..notices.words import tidy
from ..search.base import BadQuery, Query
from ..settings import Settings
from ..sources import tokens
from ..store import follows, history, publishers
from ..store.codec import unpack
from ..store.database import Database, Transaction
from ..store.follows import ON, FollowRow
from . import letters, lists

CONFIRM, END, END_ALL = "confirm", "end", "all"
"""What the links of letters do."""
LOOK = timedelta(hours=1)
"""Until it is looked again when nothing happened."""
SETTLED = timedelta(minutes=10)
"""How old a change is before those who follow a search are told: what is written at the same time has come in."""
MOST, UNCONFIRMED = 100, 3
"""How much an address may follow, and of how much it may be asked whether it does."""


class Followers:
    """Who follows entries and searches by mail."""

    def __init__(self, database: Database, settings: Settings, index: FollowedIndex) -> None:
        self._database, self._settings, self._index = database, settings, index

    @property
    def are_possible(self) -> bool:
        """False when no mail can be sent from here."""
        return posting.is_possible(self._settings)

    def ask(self, entry_id: str, address: str, language: str) -> None:
        """Has a letter sent that asks whether the owner of an address wants to follow an entry. Nobody is told whether
        the address follows it already, or has been asked too often. Raises `Invalid` for what is no mailbox."""
        self._ask(address, language, entry_id=entry_id)

    def ask_for(self, query: Query, address: str, language: str) -> None:
        """The same for what a search finds. Raises `Invalid` also for a search that is too long."""
        self._ask(address, language, query=lists.parameters(query))

    def _ask(self, address: str, language: str, *, entry_id: str | None = None, query: str = "") -> None:
        box, now = mail.mailbox(address), clock.now()
        with self._database.write() as tx:
            on, asked = follows.numbers(tx, box)
            if on < MOST and asked < UNCONFIRMED:
                nonce = secrets.token_bytes(16)
                follows.add(tx, box, entry_id=entry_id, query=query, language=language, nonce=nonce, moment=now)

    def of_link(self, id: int, what: str, token: str) -> FollowRow:
        """Whose link of a letter that is; raises `Forbidden` for one that is not ours, or whose time is over."""
        with self._database.read() as tx:
            return self._known(tx, id, what, token)

    def confirm(self, id: int, token: str) -> None:
        """They mean it: from now on they are told. Raises `Forbidden`, and `SearchUnavailable` where a search is
        followed and cannot be asked now."""
        row = self.of_link(id, CONFIRM, token)
        known = self._found_by(row) if row.query else None
        with self._database.write() as tx:
            row = self._known(tx, id, CONFIRM, token)
            if row.state != ON:
                now = clock.now()
                seen = follows.newest(tx, row.entry_id) if row.entry_id else history.settled(tx, now)
                late = {"late_told": row.late_from} if is_overdue(row) else {}
                due = max(now + LOOK, follows.rests_until(tx, row.address) or now)
                follows.change(tx, id, state=ON, seen=seen, known=known, attempts=0, due=due, **late)

    def end(self, id: int, what: str, token: str) -> None:
        """They are told no more of it, or of nothing, and it is forgotten. Raises `Forbidden`."""
        with self._database.write() as tx:
            row = self._known(tx, id, what, token)
            if what == END_ALL:
                follows.remove_all(tx, row.address)
            else:
                follows.remove(tx, [id])

    def title(self, row: FollowRow) -> str:
        """What is followed is called, for them."""
        if row.title is not None and row.name is not None:
            best = best_for(row.language, unpack(row.title, Texts))
            return tidy(best.value) if best else row.name
        return self.name(lists.query_of(row.query, row.language), row.language)

    def name(self, query: Query, language: str) -> str:
        """What a search is called."""
        with self._database.read() as tx:
            known = publishers.titles(tx) if "publisher" in query.filters else {}
        return lists.name(query, language, known) or letters.words("everything", language)

    def page(self, row: FollowRow) -> str:
        """The address of what is followed, without the site's."""
        if row.entry_id is None:
            return f"/{row.language}/search?{row.query}"
        return f"/{row.language}/{row.kind}/{row.name}"

    def link(self, row: FollowRow, what: str) -> str:
        """The address of a link of a letter."""
        token = signature(self._key, "follow", what, row.id, row.nonce.hex())
        return f"{self._settings.site_url}/{row.language}/follow/{row.id}/{what}/{token}"

    def _found_by(self, row: FollowRow) -> bytes:
        try:
            return lists.marks(lists.held(self._index, row.query))
        except BadQuery as error:
            raise Invalid("This search cannot be asked any more.", "query") from error

    def _known(self, tx: Transaction, id: int, what: str, token: str) -> FollowRow:
        row = follows.by_id(tx, id)
        if row is None or not is_signed(self._key, token, "follow", what, row.id, row.nonce.hex()):
            raise Forbidden("This link is not one of ours, or its time is over.")
        return row

    @property
    def _key(self) -> bytes:
        return tokens.secret(self._settings)


def is_overdue(row: FollowRow) -> bool:
    """True when the next update is overdue today."""
    return row.late_from is not None and row.late_from <= clock.now().date()
