"""What an answer, or none, means for an address, and when it is asked again. Pure."""

from datetime import datetime, timedelta

import msgspec

from harvesters.errors import HarvestError

from ..store.addresses import BLOCKED, BROKEN, UNKNOWN, WORKS, AddressRow
from .probing import Seen, is_success

WAITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""Until an address is asked again that failed once, twice, … in a row."""
CONFIRMED = 2
"""Failures in a row after which one that may pass is believed."""
MOST_CHANGES = 24
"""Changes of a file that are remembered."""

GONE = frozenset({404, 410})
"""Statuses that are believed at once."""
NOT_LET_IN = frozenset({401, 402, 403, 407, 429, 451})
"""Statuses that say something of who asks, not of what is there."""
ROBOTS, NO_ROBOTS = "ROBOTS", "NO_ROBOTS"
"""Its robots.txt keeps programs out, or cannot be read, which asks the same of us."""
CANNOT_TELL = frozenset({"ADDRESS_NOT_ALLOWED", "TLS_ISSUER", "ENCODING"})
"""Faults that a browser may not have: a port that we do not ask, certificates in between that it fetches itself."""


def seen(known: AddressRow, answer: Seen, moment: datetime, *, is_service: bool = False) -> AddressRow:
    """The address after an answer. A service that is asked without parameters may call that a bad request: it is
    there."""
    is_there = is_success(answer.status) or (is_service and answer.status in {400, 405, 422})
    if not is_there:
        return failed(known, f"HTTP_{answer.status}", moment, status=answer.status)
    facts = {name: getattr(answer, name) for name in ("size", "media_type", "format", "modified", "etag", "checksum")}
    return msgspec.structs.replace(
        known,
        **facts,
        state=WORKS,
        code="",
        status=answer.status,
        since=known.since if known.state == WORKS else moment,
        asked=moment,
        worked=moment,
        failures=0,
        failed=None,
        changes=_changes(known, answer, moment),
    )


def failed(known: AddressRow, code: str, moment: datetime, *, status: int = 0) -> AddressRow:
    """The address after no answer, or one that is none."""
    failures, since = known.failures + 1, known.failed or moment
    is_sure = status in GONE or failures >= CONFIRMED or code in {ROBOTS, NO_ROBOTS, *CANNOT_TELL}
    state = _state(code, status) if is_sure else known.state
    return msgspec.structs.replace(
        known,
        state=state,
        code=code[:32],
        status=status,
        since=known.since if state == known.state else since,
        asked=moment,
        failures=failures,
        failed=since,
    )


def of_error(known: AddressRow, error: HarvestError, moment: datetime) -> AddressRow:
    """The address after a fault on the way."""
    code = f"HTTP_{error.status}" if error.status else error.code
    return failed(known, code, moment, status=error.status)


def again(row: AddressRow, every: timedelta, moment: datetime) -> datetime:
    """When it is asked again: a few hours earlier or later than others, so that not all come at once."""
    if row.failures and row.state != BLOCKED and row.code not in CANNOT_TELL:
        return moment + min(every, WAITS[min(row.failures, len(WAITS)) - 1])
    return moment + every * (0.9 + 0.1 * (sum(row.url.encode()) % 11) / 10)


def _state(code: str, status: int) -> str:
    if code in CANNOT_TELL:
        return UNKNOWN
    return BLOCKED if code in {ROBOTS, NO_ROBOTS} or status in NOT_LET_IN else BROKEN


def _changes(known: AddressRow, answer: Seen, moment: datetime) -> tuple[datetime, ...]:
    """When the file changed, with a change that is seen now."""
    at = answer.modified or moment
    if not has_changed(known, answer) or at in known.changes:
        return known.changes
    return (*known.changes, at)[-MOST_CHANGES:]


def has_changed(known: AddressRow, answer: Seen) -> bool:
    """True when the file is certainly another one than when it was last looked at."""
    if known.worked is None:
        return False
    if known.checksum and answer.checksum:
        return known.checksum != answer.checksum
    if known.size is not None and answer.size is not None and known.size != answer.size:
        return True
    if known.modified is not None and answer.modified is not None:
        return answer.modified > known.modified
    return False
