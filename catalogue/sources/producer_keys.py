"""Producers' keys as people handle them: made, listed, revoked, and asked what they open."""

from functools import cached_property

from .. import clock
from ..errors import found
from ..settings import Settings
from ..store import tokens as stored
from ..store.database import Database
from ..store.rows import TokenRow
from . import registration, tokens


class ProducerKeys:
    """Makes and checks keys."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def create(
        self, publisher: str, scopes: tuple[str, ...] = ("harvest", "push"), days: int = 365
    ) -> tuple[str, TokenRow]:
        """A new key, shown this once, and what is kept of it."""
        with self._database.write() as tx:
            slug = registration.register_publisher(tx, publisher, self._settings.languages)
            return tokens.create(tx, self.secret, slug, scopes, days)

    def all(self) -> list[TokenRow]:
        """All keys, without the keys themselves."""
        with self._database.read() as tx:
            return stored.all(tx)

    def revoke(self, id: int) -> TokenRow:
        """The key stops working at once; raises `NotFound`."""
        with self._database.write() as tx:
            return found(stored.revoke(tx, id, clock.now()), f"token {id}")

    def authenticate(self, key: str) -> TokenRow:
        """What a key allows; raises `Forbidden` for an unknown, expired or revoked one alike."""
        with self._database.read() as tx:
            row = tokens.check(tx, self.secret, key)
        if tokens.is_worth_noting(row, now := clock.now()):
            with self._database.write() as tx:
                stored.use(tx, row.id, now)
        return row

    @cached_property
    def secret(self) -> bytes:
        """What keyed hashes of this catalogue are made with."""
        return tokens.secret(self._settings)
