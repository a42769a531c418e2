"""The public addresses of this catalogue: the one under which everything is minted, and those before it."""

from datetime import datetime

from sqlalchemy import select, update

from ..errors import Conflict
from .codec import upsert
from .database import Transaction
from .tables import sites


def minted_at(tx: Transaction) -> str:
    """The address under which everything is minted; empty while nothing was."""
    return tx.execute(select(sites.c.url).where(sites.c.until.is_(None))).scalar() or ""


def former(tx: Transaction) -> list[str]:
    """Addresses that were in force before, the newest first."""
    return list(
        tx.execute(select(sites.c.url).where(sites.c.until.is_not(None)).order_by(sites.c.until.desc())).scalars()
    )


def hold(tx: Transaction, url: str, moment: datetime) -> None:
    """Makes sure that what is minted at `url` now fits to what is there; the first one decides.

    Whoever mints asks with the writers' lock held. Raises `Conflict` when the address has changed meanwhile.
    """
    found = minted_at(tx)
    if not found:
        upsert(tx, sites, [{"url": url, "since": moment, "until": None}])
    elif found != url:
        raise Conflict(f"The public address has changed to {found} meanwhile. Try again.")


def move(tx: Transaction, old: str, new: str, moment: datetime) -> None:
    """From now on everything is minted at `new`, and `old` is an address that was in force before."""
    tx.execute(update(sites).where(sites.c.until.is_(None)).values(until=moment))
    upsert(tx, sites, [{"url": old, "since": moment, "until": moment}], keep=("since",))
    upsert(tx, sites, [{"url": new, "since": moment, "until": None}])
