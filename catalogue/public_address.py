"""The public address of the catalogue: under which one everything is named, and moving all of it to another one."""

from . import clock
from .errors import Invalid
from .settings import Settings
from .store import sites
from .store.database import Database
from .store.remembered import Remembered


class PublicAddress:
    """Where the catalogue is, and was."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._remembered, self._settings = database, Remembered(database), settings

    def minted_at(self) -> str:
        """The address below which our names are; that of the settings while there are none."""
        return self._remembered.ask("minted at", sites.minted_at) or self._settings.site_url

    def former(self) -> list[str]:
        """Addresses where the catalogue was before, the newest first."""
        return list(self._remembered.ask("former", sites.former))

    def difference(self) -> str:
        """A sentence when names are minted elsewhere than at the address of the settings; empty when all is well."""
        minted_at, wanted = self.minted_at(), self._settings.site_url
        if minted_at == wanted:
            return ""
        return (
            f"DATASTORE_SITE_URL is {wanted}, but everything here was named under {minted_at}, and goes on to be. "
            f"If the portal has moved for good: stop the workers, then datastore rebase {minted_at} {wanted}"
        )

    def rebase(self, old: str, new: str) -> int:
        """Names everything that was named under one address under another one, in one transaction. Returns how many
        entries. The index then has to follow.

        Raises `Invalid` for addresses that do not fit, `Conflict` while runs go on.
        """
        old, new = old.rstrip("/"), new.rstrip("/")
        if new != self._settings.site_url:
            raise Invalid(f"DATASTORE_SITE_URL is {self._settings.site_url}, not {new}. Set it first.", "new")
        if old == new:
            raise Invalid("Both addresses are the same.", "old")
        from .ingest.reminting import Move  # noqa: PLC0415 (as below)
        from .rebasing import rebase  # noqa: PLC0415 (all that takes records in is loaded where something is renamed)

        move = Move(old, new)
        return self._database.write_again(lambda tx: rebase(tx, move, self._settings, clock.now()))
