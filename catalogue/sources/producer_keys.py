"""Producers' keys as people handle them: made, listed, revoked, and asked what they open."""

from collections.abc import Sequence
from functools import cached_property

from .. import audit, clock
from ..errors import NotFound, found
from ..settings import Settings
from ..store import tokens as stored
from ..store.database import Database, Transaction
from ..store.rows import TokenRow
from . import mandates, registration, tokens


class ProducerKeys:
    """Makes and checks keys."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def create(
        self,
        publisher: str,
        scopes: tuple[str, ...] = ("harvest", "push"),
        days: int = 365,
        also: Sequence[str] = (),
    ) -> tuple[str, TokenRow]:
        """A new key, shown this once, and what is kept of it. `also`: names or IRIs of other publishers whose records
        it may send. Raises `Invalid`."""
        with self._database.write() as tx:
            slug = registration.register_publisher(tx, publisher, self._settings.languages)
            others = mandates.named(tx, also, self._settings.languages)
            key, row = tokens.create(tx, self.secret, slug, scopes, days, publishers=others)
            audit.record(tx, "key.create", _named(row), after=_facts(row))
            return key, row

    def all(self) -> list[TokenRow]:
        """All keys, without the keys themselves."""
        with self._database.read() as tx:
            return stored.all(tx)

    def of(self, publisher: str) -> list[TokenRow]:
        """The keys of one publisher, newest first."""
        with self._database.read() as tx:
            return stored.of_publisher(tx, publisher)

    def another(self, like: TokenRow, replaced: int | None = None) -> tuple[str, TokenRow]:
        """A further key for the same publisher, which opens as much as the one it is asked for with; or one in the
        place of another of theirs, which stops working at once. Raises `NotFound`."""
        with self._database.write() as tx:
            key, row = tokens.create(
                tx, self.secret, like.publisher, like.scopes, tokens.LONGEST_DAYS - 1, publishers=like.publishers
            )
            audit.record(tx, "key.create", _named(row), after=_facts(row))
            if replaced is not None:
                self._end(tx, like.publisher, replaced)
            return key, row

    def revoke_own(self, publisher: str, id: int) -> TokenRow:
        """A key of that publisher stops working at once; raises `NotFound` for one of another."""
        with self._database.write() as tx:
            return self._end(tx, publisher, id)

    def revoke(self, id: int) -> TokenRow:
        """The key stops working at once; raises `NotFound`."""
        with self._database.write() as tx:
            return self._end(tx, None, id)

    @staticmethod
    def _end(tx: Transaction, publisher: str | None, id: int) -> TokenRow:
        """Ends a key, of whomever or of that publisher."""
        before = stored.by_id(tx, id)
        if before is None or publisher not in {None, before.publisher}:
            raise NotFound(f"There is no token {id}.")
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
    said = {"id": row.id, "scopes": row.scopes, "expires": row.expires, "revoked": row.revoked}
    return {**said, "publishers": row.publishers} if row.publishers else said
