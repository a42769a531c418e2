"""How often somebody did something within a minute, counted for all processes together."""

from sqlalchemy import delete, select

from .codec import insert
from .database import Transaction
from .tables import uses


def add(tx: Transaction, what: str, who: bytes, minute: int, times: int) -> int:
    """Counts some more; how many it are now."""
    statement = insert(tx, uses).values(what=what, who=who, minute=minute, times=times)
    grown = statement.on_conflict_do_update(
        index_elements=["what", "who", "minute"], set_={"times": uses.c.times + statement.excluded.times}
    )
    total: int = tx.execute(grown.returning(uses.c.times)).scalar_one()
    return total


def are_before(tx: Transaction, minute: int) -> bool:
    """True when something is known of minutes before that one."""
    return tx.execute(select(uses.c.who).where(uses.c.minute < minute).limit(1)).first() is not None


def forget(tx: Transaction, before: int) -> None:
    """Forgets what was done before that minute."""
    tx.execute(delete(uses).where(uses.c.minute < before))
