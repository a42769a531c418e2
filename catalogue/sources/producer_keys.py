"""Producers' keys as people handle them: made, listed, revoked, and asked what they open."""

from functools import cached_property

from .. import audit, clock
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
            key, row = tokens.create(tx, self.secret, slug, scopes, days)
            audit.record(tx, "key.create", _named(row), after=_facts(row))
            return key, row

    def all(self) -> list[TokenRow]:
        """All keys, without the keys themselves."""
        with self._database.read() as tx:
            return stored.all(tx)

    def revoke(self, id: int) -> TokenRow:
        """The key stops working at once; raises `NotFound`."""
        with self._database.write() as tx:
            before = found(stored.by_id(tx, id), f"token {id}")
            after = found(stored.revoke(tx, id, clock.now()), f"token {id}")
            audit.record(tx, "key.revoke", _named(after), before=_facts(before), after=_facts(after))
            return after

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


def _named(row: TokenRow) -> str:
    return f"{row.prefix}… of {row.publisher}"


def _facts(row: TokenRow) -> dict[str, object]:
    return {"id": row.id, "scopes": row.scopes, "expires": row.expires, "revoked": row.revoked}
