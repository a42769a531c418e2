"""Signing in with a producer's key: what a browser holds afterwards is no key, and opens nothing but the pages.

The store keeps a keyed hash of it. It ends after some hours, when somebody signs out, and with the key itself.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b

from .. import audit, clock
from ..store import sessions
from ..store.database import Database
from ..store.rows import TokenRow
from . import tokens

LASTS = timedelta(hours=8)
"""A working day."""


class Sessions:
    """Opens, recognises and ends sessions."""

    def __init__(self, database: Database, secret: Callable[[], bytes]) -> None:
        self._database, self._secret = database, secret

    def open(self, key: TokenRow, before: str = "") -> str:
        """A new session for who showed that key, which ends the one that this browser had `before`."""
        session, now = secrets.token_urlsafe(32), clock.now()
        with audit.acting(f"key {key.prefix}…"), self._database.write() as tx:
            if before:
                sessions.remove(tx, self._hashed(before))
            sessions.forget(tx, now)
            sessions.add(tx, self._hashed(session), key.id, min(now + LASTS, key.expires))
            audit.record(tx, "session.open", f"{key.prefix}…", after={"publisher": key.publisher})
        return session

    def key(self, session: str) -> TokenRow | None:
        """The key that a session was opened with; None for one that ended or never was."""
        if not session:
            return None
        with self._database.read() as tx:
            return sessions.token_of(tx, self._hashed(session), clock.now())

    def close(self, session: str) -> None:
        """Ends a session."""
        with self._database.write() as tx:
            sessions.remove(tx, self._hashed(session))

    def form_token(self, session: str) -> str:
        """What a form of a session carries, so that no other site can send it: another one each time, or compression
        would tell it (https://www.breachattack.com).
        """
        return self._form_token(session, secrets.token_hex(8))

    def is_form_token(self, session: str, given: str) -> bool:
        """True for what a form of this session carries."""
        return given.isascii() and hmac.compare_digest(self._form_token(session, given.partition(".")[0]), given)

    def _form_token(self, session: str, salt: str) -> str:
        key, form = self._secret()[:64], f"{salt}.{session}".encode()
        return f"{salt}.{blake2b(form, key=key, digest_size=16, person=b'form').hexdigest()}"

    def _hashed(self, session: str) -> bytes:
        return tokens.hashed(self._secret(), session)
