"""Who wants to hear what: mailboxes of people, and addresses of programs."""

import os
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address

from .. import audit, clock
from ..errors import Conflict, Invalid, SettingsError, found
from ..settings import Settings
from ..sources import registration, tokens
from ..store import notices as stored
from ..store.database import Database, Rejected, Transaction
from ..store.notices import MAIL
from ..store.rows import DeliveryRow, SubscriptionRow
from . import events, hook, mail

WANTED = ("always", "on_error", "never")
MOST = 20
"""Subscriptions of one publisher."""


class Subscriptions:
    """Adds, reads and changes them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def add(
        self, address: str, *, publisher: str = "", wanted: str = "on_error", language: str = ""
    ) -> tuple[SubscriptionRow, str]:
        """Somebody wants to hear of the sources of a publisher, or of all; with the secret that messages to a program
        are signed with, empty for a mailbox. Raises `Invalid` with the field, `Conflict`."""
        self._check(wanted, language)
        address, nonce = self._checked(address), os.urandom(16)
        language = language or self._settings.languages[0]
        try:
            with self._database.write() as tx:
                slug = registration.register_publisher(tx, publisher, self._settings.languages)
                if slug and len(stored.subscriptions_of(tx, slug)) >= MOST:
                    raise Conflict(f"{slug!r} has {MOST} subscriptions already. Remove one first.")
                row = SubscriptionRow(
                    id=0, publisher=slug, address=address, wanted=wanted, language=language, created=clock.now()
                )
                made = stored.subscribe(tx, row, nonce)
                audit.record(tx, "notices.add", hook.shown(address), after=_facts(made))
        except Rejected as error:
            raise Conflict(f"{address} is told already.") from error
        return made, "" if address.startswith(MAIL) else hook.secret(tokens.secret(self._settings), nonce)

    def all(self, publisher: str | None = None) -> list[SubscriptionRow]:
        """Who wants to hear, or those who do of one publisher's sources."""
        with self._database.read() as tx:
            return stored.subscriptions_of(tx, *([] if publisher is None else [publisher]))

    def one(self, id: int) -> SubscriptionRow:
        """One of them; raises `NotFound`."""
        with self._database.read() as tx:
            return known(tx, id)

    def change(self, id: int, *, wanted: str = "", language: str = "") -> SubscriptionRow:
        """Sets what they want to hear, or in which language. Raises `Invalid`, `NotFound`."""
        self._check(wanted or WANTED[0], language)
        values = {name: value for name, value in (("wanted", wanted), ("language", language)) if value}
        with self._database.write() as tx:
            before = known(tx, id)
            if values:
                stored.change(tx, id, **values)
            after = known(tx, id)
            audit.record(tx, "notices.change", hook.shown(after.address), before=_facts(before), after=_facts(after))
        return after

    def remove(self, id: int) -> SubscriptionRow:
        """They want to hear no more; raises `NotFound`."""
        with self._database.write() as tx:
            row = known(tx, id)
            stored.unsubscribe(tx, id)
            audit.record(tx, "notices.remove", hook.shown(row.address), before=_facts(row))
        return row

    def deliveries(self, id: int, limit: int = 50) -> list[DeliveryRow]:
        """The log of what was or is to be told them, newest first; raises `NotFound`."""
        with self._database.read() as tx:
            return stored.log(tx, known(tx, id).id, limit)

    def unreached(self, since: datetime) -> list[tuple[str, str]]:
        """Who was not reached since then: (whom the address belongs to, what the other side said)."""
        with self._database.read() as tx:
            return [(hook.shown(address), why) for address, why in stored.undelivered(tx, since)]

    def _checked(self, address: str) -> str:
        """The address, tidied; a mailbox may be written without `mailto:`. Raises `Invalid`, also when there is no way
        to send mail."""
        text = address.strip()
        if "://" in text:
            return registration.check_url(text)
        try:
            text = MAIL + Address(addr_spec=text.removeprefix(MAIL)).addr_spec
            text.encode("ascii")  # what is beyond it few mail servers take
        except (ValueError, IndexError, HeaderParseError) as error:
            raise Invalid(f"{address!r} is neither a mailbox nor an http(s) address.", "url") from error
        try:
            mail.check(self._settings)
        except SettingsError as error:
            raise Invalid(f"No letter can be sent from here. {error}", "url") from error
        return text

    def _check(self, wanted: str, language: str) -> None:
        if wanted not in WANTED:
            raise Invalid(f"{wanted!r} is not one of {', '.join(WANTED)}.", "wanted")
        if language and language not in self._settings.languages:
            raise Invalid(f"{language!r} is not one of {', '.join(self._settings.languages)}.", "language")


def known(tx: Transaction, id: int) -> SubscriptionRow:
    """One of them; raises `NotFound`."""
    return found(stored.subscription(tx, id), f"subscription {id}")


def wants(row: SubscriptionRow, event: str) -> bool:
    """True when they want to hear of such an event."""
    return row.wanted == "always" or (row.wanted == "on_error" and event not in events.QUIET)


def _facts(row: SubscriptionRow) -> dict[str, str]:
    return {"publisher": row.publisher, "wanted": row.wanted, "language": row.language}
