"""What a producer may do with a key alone: so many sources, not too often, and none that nobody has looked at.

Who registers others' addresses must not make us hammer them (robustness 2.5, A8).
"""

from harvesters import PUSH

from ..errors import Conflict
from ..settings import Settings
from ..store import sources
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import credentials, schedule
from .editing import Change


def check_new(tx: Transaction, settings: Settings, publisher: str, cron: str) -> None:
    """Raises `Conflict` for one source too many, `Invalid` for one that would be read too often."""
    schedule.check_interval(schedule.check(cron))
    if (count := len(sources.all(tx, publisher))) >= settings.source_quota:
        raise Conflict(
            f"{publisher!r} has {count} sources, and its keys may register {settings.source_quota}. Remove one, or ask "
            "those who run this catalogue for more (DATASTORE_SOURCE_QUOTA)."
        )


def needs_approval(settings: Settings, kind: str) -> bool:
    """True for what makes us ask somebody's server; what a producer sends comes with the producer's own key."""
    return settings.source_approval and kind != PUSH


def check_change(change: Change) -> None:
    """Raises `Invalid` for a source that would be read too often."""
    if isinstance(change.schedule, str):
        schedule.check_interval(schedule.check(change.schedule))


def must_wait(settings: Settings, before: SourceRow, after: SourceRow) -> bool:
    """True when a change leads us to another server, which an operator looks at first, or is made to a source that one
    declined, which is looked at again."""
    has_moved = settings.source_approval and not credentials.same_server(before.url, after.url)
    return has_moved or bool(before.declined)
