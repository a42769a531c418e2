"""Who does which piece of work, and until when it is his. Time is that of the database, which all workers share."""

import os
import socket
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update

from .codec import database_time, upsert
from .database import Transaction
from .tables import leases

LEASE = timedelta(minutes=1)
"""Who gives no sign for so long is taken for dead."""


FARTHEST = timedelta(days=1)
"""No lease lasts longer, and nothing is put off for longer: a later moment was written while the clock was ahead."""
HOST = "host"
"""The chore whose pieces are hosts that somebody asks: no work, but whose turn it is (`sources/host_pace.py`)."""


class LostLease(Exception):
    """Somebody took us for dead and has what was ours: nothing of it may be committed any more."""


class Lease(NamedTuple):
    """A piece of work that is ours."""

    chore: str
    piece: str
    fence: int
    """Grows each time somebody takes it."""


def worker() -> str:
    """Who we are, so that what a process that is gone had taken can be told."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(name: str) -> bool:
    """True for a process of this machine that has ended; of other machines only the lease tells."""
    host, _, pid = name.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def take(tx: Transaction, chore: str, piece: str, lasting: timedelta = LEASE) -> Lease | None:
    """The piece is ours for so long from now on; None while somebody else has it, or nobody wants it yet."""
    blank = {"chore": chore, "piece": piece, "fence": 0, "worker": "", "until": None, "again": None}
    upsert(tx, leases, [blank], keep=("fence", "worker", "until", "again"))
    this = (leases.c.chore == chore, leases.c.piece == piece)
    row = tx.execute(select(leases).where(*this).with_for_update(skip_locked=True)).first()
    now = database_time(tx)
    if row is None or is_ahead(row.again, now) or (is_ahead(row.until, now) and not is_gone(row.worker)):
        return None
    lease = Lease(chore, piece, row.fence + 1)
    ours = {"fence": lease.fence, "worker": worker(), "until": now + lasting, "again": None}
    tx.execute(update(leases).where(*this).values(ours))
    return lease


def hold(tx: Transaction, lease: Lease) -> None:
    """Keeps what is ours for another while. Raises `LostLease` when it is not ours any more."""
    if not tx.execute(update(leases).where(*_ours(lease)).values(until=database_time(tx) + LEASE)).rowcount:
        raise LostLease


def give_back(tx: Transaction, lease: Lease, again: datetime | None = None) -> None:
    """It is nobody's; before `again` nobody wants it. Nothing happens when it is not ours any more."""
    tx.execute(update(leases).where(*_ours(lease)).values(until=None, worker="", again=again))


def give_back_after(tx: Transaction, lease: Lease, pause: timedelta) -> None:
    """It is nobody's, and nobody wants it before that time has passed."""
    give_back(tx, lease, database_time(tx) + pause)


def seconds_until(tx: Transaction, chore: str, piece: str) -> float:
    """Until somebody may want a piece; 0 when nothing is known."""
    moment, now = again(tx, chore, piece), database_time(tx)
    return (moment - now).total_seconds() if moment and is_ahead(moment, now) else 0.0


def again(tx: Transaction, chore: str, piece: str) -> datetime | None:
    """Before when nobody wants a piece."""
    return tx.execute(
        select(leases.c.again).where(leases.c.chore == chore, leases.c.piece == piece)
    ).scalar_one_or_none()


def is_ahead(moment: datetime | None, now: datetime) -> bool:
    """True while a moment is to come, of those that may be meant."""
    return moment is not None and now < moment <= now + FARTHEST


def holders(tx: Transaction, chore: str) -> list[str]:
    """Who has pieces of a chore and gave a sign of life."""
    rows = tx.execute(select(leases.c.worker).where(leases.c.chore == chore, leases.c.until > database_time(tx)))
    return sorted({name for name in rows.scalars() if not is_gone(name)})


def forget(tx: Transaction, chore: str) -> None:
    """Forgets the pieces of a chore that nobody has, and that anybody may want."""
    now = database_time(tx)
    is_free = leases.c.until.is_(None) | (leases.c.until < now - LEASE)
    is_due = leases.c.again.is_(None) | (leases.c.again < now)
    tx.execute(delete(leases).where(leases.c.chore == chore, is_free, is_due))


def _ours(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return leases.c.chore == lease.chore, leases.c.piece == lease.piece, leases.c.fence == lease.fence
