"""What happened that somebody wants to hear, who wants to hear it, and what reached them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, select, update

from .codec import insert, pack, unpack, upsert
from .database import Transaction
from .rows import DeliveryRow, SubscriptionRow
from .tables import deliveries, entries, notices, runs, sources, subscriptions, watched

ASKED = "asked"
"""The counter of the day on which it was last asked who is silent."""
WAITING, SENT, GIVEN_UP = "waiting", "sent", "given-up"
MAIL = "mailto:"

Facts = dict[str, Any]

_UNSEEN = (
    select(func.min(runs.c.ended))
    .where(runs.c.source_id == sources.c.id, runs.c.id > func.coalesce(watched.c.run_id, 0), runs.c.ended.is_not(None))
    .correlate(sources, watched)
    .scalar_subquery()
)
"""When the first run of a source ended that nobody looked at. It is asked all the time, and reads but the newest runs:
what runs tell of themselves is long."""


class Outgoing(NamedTuple):
    """A delivery that is due, with where it goes."""

    delivery: DeliveryRow
    to: SubscriptionRow
    nonce: bytes


def behind(tx: Transaction) -> list[tuple[str, datetime]]:
    """The sources that are to be looked at, each with the moment since when."""
    watching = sources.outerjoin(watched, watched.c.source_id == sources.c.id)
    query = select(sources.c.name, _UNSEEN.label("ended")).select_from(watching).where(sources.c.removed.is_(None))
    return sorted(((row.name, row.ended) for row in tx.execute(query) if row.ended), key=lambda one: one[1])


def seen(tx: Transaction, source_id: str) -> int | None:
    """The last run that was looked at; None when none was. Who looks because of it is waited for."""
    query = select(watched.c.run_id).where(watched.c.source_id == source_id).with_for_update()
    return tx.execute(query).scalar_one_or_none()


def note_seen(tx: Transaction, source_id: str, run_id: int) -> None:
    """All runs up to that one were looked at."""
    upsert(tx, watched, [{"source_id": source_id, "run_id": run_id}])


def last_changes(tx: Transaction) -> dict[str, datetime]:
    """By id of a source, when one of its entries last came, changed or went; when it was registered for one that never
    gave any."""
    last = select(entries.c.source_id, func.max(entries.c.updated).label("at")).group_by(entries.c.source_id).subquery()
    query = select(sources.c.id, func.coalesce(last.c.at, sources.c.created).label("at"))
    found = tx.execute(query.outerjoin(last, last.c.source_id == sources.c.id).where(sources.c.removed.is_(None)))
    return {row.id: row.at for row in found}


class Notice(NamedTuple):
    """Something that happened."""

    source_id: str | None
    """None for a trial."""
    event: str
    key: str
    """It is told once, however often it is seen."""
    facts: Facts
    run_id: int | None = None


def add(tx: Transaction, notice: Notice, at: datetime, to: Iterable[int]) -> list[int]:
    """Remembers what happened, to be delivered to these subscriptions. Numbers of the deliveries; none when it is known
    already."""
    row = notice._asdict() | {"at": at, "facts": pack(notice.facts)}
    statement = insert(tx, notices).values(row).on_conflict_do_nothing()
    id = tx.execute(statement.returning(notices.c.id)).scalar_one_or_none()
    blank = {"notice_id": id, "state": WAITING, "attempts": 0, "due": at, "answer": ""}
    rows = [{**blank, "subscription_id": one} for one in to]
    if id is None or not rows:
        return []
    return list(tx.execute(deliveries.insert().returning(deliveries.c.id), rows).scalars())


def due(tx: Transaction, moment: datetime) -> list[datetime]:
    """Since when each delivery is due, longest first."""
    query = select(deliveries.c.due).where(deliveries.c.state == WAITING, deliveries.c.due <= moment)
    return list(tx.execute(query.order_by(deliveries.c.due)).scalars())


def outgoing(tx: Transaction, moment: datetime, limit: int) -> list[Outgoing]:
    """Deliveries that are due, longest first."""
    query = _deliveries().where(deliveries.c.state == WAITING, deliveries.c.due <= moment)
    return [
        _outgoing(row) for row in tx.execute(query.order_by(deliveries.c.due, deliveries.c.id).limit(limit)).mappings()
    ]


def one_outgoing(tx: Transaction, delivery: int) -> Outgoing | None:
    """One delivery, whatever became of it."""
    row = tx.execute(_deliveries().where(deliveries.c.id == delivery)).mappings().first()
    return _outgoing(row) if row else None


def log(tx: Transaction, subscription: int, limit: int) -> list[DeliveryRow]:
    """What was or is to be delivered to somebody, newest first."""
    query = _deliveries().where(deliveries.c.subscription_id == subscription).order_by(deliveries.c.id.desc())
    return [_outgoing(row).delivery for row in tx.execute(query.limit(limit)).mappings()]


def begin(tx: Transaction, one: DeliveryRow, moment: datetime, again: datetime) -> bool:
    """A try begins; if nobody sees its end, the next one is then. False when it is not due any more, or somebody else
    began it."""
    this = (deliveries.c.id == one.id, deliveries.c.state == WAITING, deliveries.c.attempts == one.attempts)
    values = {"attempts": one.attempts + 1, "tried": moment, "due": again}
    return bool(tx.execute(update(deliveries).where(*this, deliveries.c.due <= moment).values(values)).rowcount)


def end(tx: Transaction, delivery: int, state: str, answer: str, due: datetime | None) -> None:
    """How a try ended."""
    values = {"state": state, "answer": answer, "due": due}
    tx.execute(update(deliveries).where(deliveries.c.id == delivery).values(values))


def postpone(tx: Transaction, address: str, until: datetime) -> None:
    """What goes the same way, which does not work now, waits: all mail, or all for one program."""
    same = subscriptions.c.address.like(f"{MAIL}%") if address.startswith(MAIL) else subscriptions.c.address == address
    waits = (deliveries.c.state == WAITING, deliveries.c.due < until)
    where = deliveries.c.subscription_id.in_(select(subscriptions.c.id).where(same))
    tx.execute(update(deliveries).where(*waits, where).values(due=until))


def undelivered(tx: Transaction, since: datetime) -> list[tuple[str, str]]:
    """Addresses that something did not reach at the last try, made since then: (address, what the other side said)."""
    query = (
        select(subscriptions.c.address, deliveries.c.answer)
        .join(deliveries, deliveries.c.subscription_id == subscriptions.c.id)
        .where(deliveries.c.state != SENT, deliveries.c.answer != "", deliveries.c.tried >= since)
        .order_by(deliveries.c.tried.desc())
    )
    return list({row.address: (row.address, row.answer) for row in tx.execute(query)}.values())


def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Deletes at most so many notices of before then, with their deliveries. Returns how many."""
    is_waited_for = select(deliveries.c.notice_id).where(deliveries.c.state == WAITING)
    old = select(notices.c.id).where(notices.c.at < before, notices.c.id.not_in(is_waited_for)).limit(limit)
    return tx.execute(delete(notices).where(notices.c.id.in_(old))).rowcount


# --- who wants to hear ------------------------------------------------------------------------------------------------


def subscribe(tx: Transaction, row: SubscriptionRow, nonce: bytes) -> SubscriptionRow:
    """Somebody wants to hear; the number is given here."""
    values = {name: getattr(row, name) for name in row.__struct_fields__ if name != "id"}
    made = tx.execute(subscriptions.insert().values(**values, nonce=nonce).returning(subscriptions))
    return _subscription(made.mappings().one())


def subscriptions_of(tx: Transaction, *publishers: str) -> list[SubscriptionRow]:
    """Who wants to hear of the sources of these publishers; without one, everybody."""
    query = select(subscriptions).order_by(subscriptions.c.id)
    if publishers:
        query = query.where(subscriptions.c.publisher.in_(publishers))
    return [_subscription(row) for row in tx.execute(query).mappings()]


def subscription(tx: Transaction, id: int) -> SubscriptionRow | None:
    """One of them."""
    row = tx.execute(select(subscriptions).where(subscriptions.c.id == id)).mappings().first()
    return _subscription(row) if row else None


def change(tx: Transaction, id: int, **values: str) -> None:
    """Sets what somebody wants to hear, or in which language."""
    tx.execute(update(subscriptions).where(subscriptions.c.id == id).values(values))


def unsubscribe(tx: Transaction, id: int) -> None:
    """Somebody wants to hear no more; what waits for them is forgotten."""
    tx.execute(delete(deliveries).where(deliveries.c.subscription_id == id))
    tx.execute(delete(subscriptions).where(subscriptions.c.id == id))


def _deliveries() -> Select[Any]:
    told = (
        notices.c.event,
        notices.c.run_id.label("run"),
        notices.c.at,
        notices.c.facts,
        sources.c.name.label("source"),
    )
    who = [column.label(f"to_{column.name}") for column in subscriptions.columns]
    return (
        select(deliveries, *told, *who)
        .join(notices, notices.c.id == deliveries.c.notice_id)
        .join(subscriptions, subscriptions.c.id == deliveries.c.subscription_id)
        .outerjoin(sources, sources.c.id == notices.c.source_id)
    )


def _outgoing(row: Mapping[Any, Any]) -> Outgoing:
    own = ("id", "event", "run", "at", "state", "attempts", "due", "tried", "answer")
    delivery = DeliveryRow(
        **{name: row[name] for name in own},
        subscription=row["subscription_id"],
        source=row["source"] or "",
        facts=unpack(row["facts"], Facts),
    )
    to = _subscription({name: row[f"to_{name}"] for name in SubscriptionRow.__struct_fields__})
    return Outgoing(delivery, to, row["to_nonce"])


def _subscription(row: Mapping[Any, Any]) -> SubscriptionRow:
    return SubscriptionRow(**{name: row[name] for name in SubscriptionRow.__struct_fields__})
