"""Telling: what happened, and the way of each notice to those who want to hear.

    runs in the store ──look──▶ notices ──▶ deliveries ──send──▶ sent · tried again · given up

Looking writes a notice with all its deliveries and how far it looked in one transaction, so that a worker that dies
loses and doubles nothing. A delivery is tried at least once: a try whose end nobody saw is made again, under the same
number, by which the receiver knows it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from .. import clock
from ..errors import Conflict, found
from ..settings import Settings
from ..sources import tokens
from ..stopping import Stop
from ..store import addresses, outbox, runs, sources
from ..store import notices as stored
from ..store.database import Database, Hold, Transaction
from ..store.notices import GIVEN_UP, SENT, WAITING, Notice, Outgoing
from ..store.rows import DeliveryRow, SourceRow
from . import decision, events, subscriptions
from .events import Happening
from .message import Messenger
from .undelivered import Undelivered

HISTORY = 30
"""Runs of a source that are looked at: as many as are kept."""
PAUSE = timedelta(minutes=1)
"""Between two trials of one subscription."""
TOGETHER = 50
"""Deliveries that are taken from the store at a time."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""Between one try and the next; after the last one a delivery is given up."""

log = structlog.get_logger(__name__)


class Notices:
    """Tells who wants to hear."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def due(self, moment: datetime) -> tuple[int, datetime] | None:
        """How much there is to look at or to deliver, and since when; None when there is nothing."""
        with self._database.read() as tx:
            since = [*(ended for _, ended in stored.behind(tx)), *stored.due(tx, moment)]
            since += [moment for _ in sources.untold(tx)]
            is_asked = outbox.last_day(tx, stored.ASKED) == moment.toordinal()
        since += [] if is_asked else [moment]
        return (len(since), min(since)) if since else None

    def tell(self, hold: Hold | None = None, stop: Stop | None = None) -> int:
        """Looks at what happened and delivers what is due, until it is stopped. Returns how many deliveries arrived."""
        database, stop = self._database.fenced(hold) if hold else self._database, stop or Stop()
        self._look(database, stop)
        sent = 0
        while some := self._outgoing():
            for one in some:
                if stop.asked:
                    return sent
                sent += self._deliver(database, one, stop)
        return sent

    def trial(self, id: int) -> DeliveryRow:
        """Tells a subscription now that this is a test; what came of it.

        Raises `NotFound`, and `Conflict` when that was done a moment ago: nobody fills the mailbox of somebody else.
        """
        with self._database.write() as tx:
            row, now = subscriptions.known(tx, id), clock.now()
            if any(one.event == "trial" and now - one.at < PAUSE for one in stored.log(tx, id, 1)):
                raise Conflict("That was tried a moment ago. Try again in a minute.")
            (delivery,) = stored.add(tx, Notice(None, "trial", "", {}), now, [row.id])
            one = found(stored.one_outgoing(tx, delivery), f"delivery {delivery}")
        self._deliver(self._database, one, Stop(), is_only_try=True)
        with self._database.read() as tx:
            return found(stored.one_outgoing(tx, delivery), f"delivery {delivery}").delivery

    def may_decide(self, source: str, *, until: str, signature: str) -> bool:
        """True for what stands in the link of a letter of ours about removals that are held."""
        key, today = tokens.secret(self._settings), clock.now().date()
        return decision.may_decide(key, source, until=until, signature=signature, today=today)

    # --- what happened ----------------------------------------------------------------------------------------------

    def _look(self, database: Database, stop: Stop) -> None:
        with self._database.read() as tx:
            names, untold = [name for name, _ in stored.behind(tx)], sources.untold(tx)
        for name in untold:
            with database.write() as tx:
                self._tell_of_approval(tx, name)
        for name in names:
            if stop.asked:
                return
            with database.write() as tx:
                self._look_at(tx, name)
        today = clock.now().date()
        with database.write() as tx:
            if outbox.last_day(tx, stored.ASKED) != today.toordinal():
                self._ask_how_they_are(tx)
                outbox.note_day(tx, stored.ASKED, today)

    def _look_at(self, tx: Transaction, name: str) -> None:
        """Notes what the runs of a source that nobody looked at give to tell. Of one that nobody ever looked at, only
        the last run is news."""
        if (source := sources.by_name(tx, name)) is None:
            return
        last = stored.seen(tx, source.id)
        known = [run for run in runs.of_source(tx, source.id, HISTORY) if run.ended is not None]
        fresh = known[:1] if last is None else [run for run in known if run.id > last]
        for run in reversed(fresh):
            self._note(tx, source, events.of_run(source, run, [one for one in known if one.id < run.id]))
        if fresh:
            stored.note_seen(tx, source.id, fresh[0].id)

    def _tell_of_approval(self, tx: Transaction, name: str) -> None:
        """Notes that a source waits for an operator, or what one decided."""
        if (source := sources.by_name(tx, name)) is not None:
            self._note(tx, source, [events.approval(source, clock.now())])
            sources.change(tx, source.id, untold=False)

    def _ask_how_they_are(self, tx: Transaction) -> None:
        """Notes who is silent, and whose addresses stopped working."""
        now, last = clock.now(), stored.last_changes(tx)
        health = addresses.health(tx, now - events.LATELY)
        for source in sources.all(tx):
            links = health.get(source.id, addresses.Health(0, 0, 0))
            found = (events.silence(source, last[source.id], now), events.broken_links(source, links, now))
            self._note(tx, source, [told for told in found if told is not None])

    def _note(self, tx: Transaction, source: SourceRow, told: Iterable[Happening]) -> None:
        """What somebody wants to hear, and all that is no matter of course."""
        for one in told:
            listeners = stored.subscriptions_of(tx, *_audience(source, one.event))
            to = [each.id for each in listeners if subscriptions.wants(each, one.event)]
            if to or one.event not in events.QUIET:
                stored.add(tx, Notice(source.id, one.event, one.key, one.facts, one.run), clock.now(), to)

    # --- its way ----------------------------------------------------------------------------------------------------

    def _outgoing(self) -> list[Outgoing]:
        with self._database.read() as tx:
            return stored.outgoing(tx, clock.now(), TOGETHER)

    def _deliver(self, database: Database, one: Outgoing, stop: Stop, *, is_only_try: bool = False) -> bool:
        """One try. True when it arrived; raises `Stopped` when it was broken off."""
        now, id, done = clock.now(), one.delivery.id, one.delivery.attempts
        again = now + WAITS[min(done, len(WAITS) - 1)]
        with database.write() as tx:
            if not stored.begin(tx, one.delivery, now, again):
                return False
        try:
            answer = self._send(one, stop)
        except Undelivered as error:
            log.warning("notice.undelivered", delivery=id, subscription=one.to.id, reason=str(error))
            is_over = is_only_try or error.is_final or done >= len(WAITS)
            with database.write() as tx:
                self._fail(tx, one, error, None if is_over else max(error.again or now, again))
            return False
        database.write_again(lambda tx: stored.end(tx, id, SENT, answer, None))
        log.info("notice.sent", delivery=id, subscription=one.to.id, event_told=one.delivery.event)
        return True

    def _send(self, one: Outgoing, stop: Stop) -> str:
        """What the other side said. Raises `Undelivered`, also for a fault of ours: a notice that cannot be said keeps
        no other from being told."""
        try:
            return Messenger(self._settings).send(one, stop)
        except Undelivered:
            raise
        except Exception as error:
            log.exception("notice.fault", delivery=one.delivery.id)
            raise Undelivered("It could not be said, by a fault of ours, which has been logged.") from error

    def _fail(self, tx: Transaction, one: Outgoing, error: Undelivered, again: datetime | None) -> None:
        """It did not arrive: it waits, and what would go the same way with it, or it is given up."""
        stored.end(tx, one.delivery.id, WAITING if again else GIVEN_UP, str(error), again)
        if error.is_of_all and again:
            stored.postpone(tx, one.to.address, again)


def _audience(source: SourceRow, event: str) -> tuple[str, ...]:
    """Whose subscriptions count: those of the source's publisher, of those who run the catalogue (without one), or
    both. Who runs the catalogue may have sources without a publisher."""
    if event in events.TO_OPERATORS:
        return ("",)
    return (source.publisher,) if event in events.TO_PRODUCERS else (source.publisher, "")
