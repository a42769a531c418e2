"""Forgetting what nobody needs any more: what removed entries held, nodes that no entry names, words nobody asks for,
lines of the audit and notices whose time is over.

What may go is looked for without keeping anybody waiting, and goes a few rows at a time: each step holds the writers'
lock for a few milliseconds and looks again at what it takes away.
"""

from datetime import timedelta

import structlog

from . import audit, clock
from .batches import batched
from .settings import Settings
from .stopping import Stop
from .store import (
    ahead_of_time,
    history,
    leases,
    missing,
    moments,
    nodes,
    notices,
    outbox,
    questions,
    revisions,
    sessions,
    unanswered,
    uses,
)
from .store.database import Database, Hold

log = structlog.get_logger(__name__)

FORGOTTEN_AFTER = timedelta(days=90)
"""After so long words that nobody asks for any more are forgotten."""
WHOLE_FOR = timedelta(days=30)
"""For so long it is known to the microsecond when a number was given; of days before, their last moment."""
LONG_AGO = timedelta(days=31)
"""When it was not done for so long, the machine was off, or its clock jumped ahead."""
UNCONFIRMED = timedelta(days=3)
"""For so long an address is kept whose owner did not say that the answer is to go there."""
ENTRIES, NODES, WORDS = 25, 500, 500
"""Of each, how many go in one step."""
FEW = 500
"""Changes since the nodes were counted that are looked at with the lock held."""


class Tidying:
    """Tidies the store, once a day."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def done_on(self) -> int:
        """The day, as an ordinal, on which it was last done; 0 when it never was."""
        with self._database.read() as tx:
            return outbox.last_day(tx, outbox.TIDIED)

    def all(self, hold: Hold | None = None, stop: Stop | None = None) -> int:
        """Forgets what there is to forget, until it is stopped. Returns of how many entries."""
        database, stop = self._database.fenced(hold) if hold else self._database, stop or Stop()
        kept = self._settings
        put_right(database, timedelta(days=kept.check_links_days))
        if self._is_doubtful():
            log.warning(
                "tidying.put_off", reason="It was long not done: should the clock be wrong, nothing is lost yet."
            )
            self._note(database)
            return 0
        forgotten = purge(database, stop, timedelta(days=kept.keep_removed_days))
        forget_words(database, stop)
        audit.forget(database, stop, timedelta(days=kept.keep_audit_days))
        forget_notices(database, stop, timedelta(days=kept.keep_notices_days))
        forget_questions(database, timedelta(days=kept.keep_questions_days))
        forget_history(database, stop)
        thin_moments(database)
        sign_out(database)
        forget_uses(database)
        forget_hosts(database)
        sweep(database, stop, at_any_rate=forgotten > 0)
        if not stop.asked:
            self._note(database)
        return forgotten

    def _is_doubtful(self) -> bool:
        """True when the clock may have jumped: nothing is forgotten before the next day, lest all of it be."""
        last, today = self.done_on(), clock.now().date().toordinal()
        return last > 0 and abs(today - last) > LONG_AGO.days

    def _note(self, database: Database) -> None:
        today = clock.now().date()
        database.write_again(lambda tx: outbox.note_day(tx, outbox.TIDIED, today))


def put_right(database: Database, asked_every: timedelta) -> None:
    """Lets what a clock that was ahead planned for much later be done now."""
    now = clock.now()
    with database.read() as tx:
        is_any = ahead_of_time.is_any(tx, now, asked_every)
    if is_any:
        rows = database.write_again(lambda tx: ahead_of_time.put_right(tx, now, asked_every))
        log.warning("clock.was_ahead", rows=rows)


def purge(database: Database, stop: Stop, kept: timedelta) -> int:
    """Forgets what entries held that were removed longer ago. Returns how many."""
    before, count = clock.now() - kept, 0
    with database.read() as tx:
        old = missing.forgettable(tx, before)
    for some in batched(old, ENTRIES):
        if stop.asked:
            break
        with database.write() as tx:
            revisions.lock(tx)
            count += missing.purge(tx, some, before)
    return count


def forget_uses(database: Database) -> None:
    """Forgets how often somebody did something in minutes that are over."""
    minute = int(clock.now().timestamp()) // 60 - 1
    with database.read() as tx:
        is_idle = not uses.are_before(tx, minute)
    if not is_idle:
        database.write_again(lambda tx: uses.forget(tx, minute))


def forget_hosts(database: Database) -> None:
    """Forgets the pace of hosts that nobody asks any more."""
    with database.write() as tx:
        leases.forget(tx, leases.HOST)


def forget_words(database: Database, stop: Stop) -> None:
    """Forgets words that nobody asks for any more."""
    before, forgotten = (clock.now() - FORGOTTEN_AFTER).date(), WORDS
    while forgotten == WORDS and not stop.asked:
        with database.write() as tx:
            forgotten = unanswered.forget(tx, before, WORDS)


def forget_notices(database: Database, stop: Stop, kept: timedelta) -> None:
    """Forgets what people were told longer ago."""
    before, forgotten = clock.now() - kept, WORDS
    while forgotten == WORDS and not stop.asked:
        with database.write() as tx:
            forgotten = notices.forget(tx, before, WORDS)


def forget_questions(database: Database, kept: timedelta) -> None:
    """Forgets addresses that nobody confirmed, and what was asked longer ago."""
    now = clock.now()
    with database.write() as tx:
        questions.forget_addresses(tx, now - UNCONFIRMED)
        questions.forget(tx, now - kept)


def forget_history(database: Database, stop: Stop) -> None:
    """Forgets the oldest changes of entries that change all the time."""
    with database.read() as tx:
        old = history.excess(tx)
    for some in batched(old, WORDS):
        if stop.asked:
            break
        with database.write() as tx:
            history.forget(tx, some)


def thin_moments(database: Database) -> None:
    """Of old days keeps one moment at which numbers were given."""
    with database.write() as tx:
        moments.thin(tx, clock.now() - WHOLE_FOR)


def sign_out(database: Database) -> None:
    """Forgets sessions of producers that ended."""
    with database.write() as tx:
        sessions.forget(tx, clock.now())


def sweep(database: Database, stop: Stop, *, at_any_rate: bool) -> int:
    """Deletes nodes that no entry names any more, when entries changed since it was last done. Returns how many.

    An entry that comes to name a node is a change with a higher number, so looking at what changed since the counting
    is enough, and that is done with the lock held.
    """
    with database.read() as tx:
        seen = revisions.published(tx)
        if seen == outbox.noted(tx, outbox.SWEPT) and not at_any_rate:
            return 0
        counted, named = seen, nodes.named(tx, 0)
        idle = sorted(nodes.every(tx) - named)
    dropped = 0
    for some in batched(idle, NODES):
        if stop.asked:
            return dropped
        seen = _catch_up(database, named, seen)
        with database.write() as tx:
            revisions.lock(tx)
            named |= nodes.named(tx, seen)
            dropped += nodes.drop(tx, set(some) - named)
    database.write_again(lambda tx: outbox.note(tx, outbox.SWEPT, counted))
    return dropped


def _catch_up(database: Database, named: set[int], seen: int) -> int:
    """Adds what changed since to what is named, until few changes are left. Returns up to which it is known."""
    while True:
        with database.read() as tx:
            last = revisions.published(tx)
            if last - seen <= FEW:
                return seen
            named |= nodes.named(tx, seen)
        seen = last
