"""When a source is harvested next: its cron text, or sooner and then ever later after failures.

A cron text is read in the time zone of the settings, as Debian's cron does it: an hour that does not exist in spring is
made up for at once, and one that comes twice in autumn counts once.
"""

import random
import zlib
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

from ..errors import Invalid
from ..store.rows import SourceRow
from ..store.runs import CANCELLED

FIRST_RETRY = timedelta(minutes=5)
"""Wait after the first failed run; doubled after each further one."""
LAST_RETRY = timedelta(hours=24)
"""Longest wait."""
SHORTEST = timedelta(minutes=15)
"""Shortest interval that a producer may ask for."""
LOOKED_AT = 300
"""Runs of a cron text that are looked at for it: more than there are in three days."""
AHEAD = timedelta(days=1)
"""A run that began longer after now began while the clock was ahead: nothing follows from when it did."""
SPREAD = 60
"""Seconds over which sources with the same cron text are spread."""
FAILURES = ("failed", "aborted")


def check(schedule: str) -> str:
    """The cron text, tidied. Raises `Invalid`."""
    text = " ".join(schedule.split())
    if text:
        try:
            CronSim(_five(text), datetime(2000, 1, 1))  # noqa: DTZ001 (only read for its form)
        except CronSimError as error:
            if _never_comes(text):
                raise Invalid(
                    f"Schedule {text[:100]!r} never comes: no such month has that day.", "schedule"
                ) from error
            raise Invalid(
                f"Schedule {schedule[:100]!r} is not a cron text of five parts (minute, hour, day of the month, month, "
                "day of the week), such as '0 4 * * *' for every day at 04:00.",
                "schedule",
            ) from error
    return text


def _never_comes(text: str) -> bool:
    """True for a cron text in which only the day does not exist, such as 31 February."""
    minute, hour, day, month, weekday = parts if len(parts := text.split()) == 5 else [""] * 5
    return _is_read(f"{minute} {hour} * {month} {weekday}") and _is_read(f"{minute} {hour} {day} * {weekday}")


def _is_read(text: str) -> bool:
    try:
        CronSim(text, datetime(2000, 1, 1))  # noqa: DTZ001 (only read for its form)
    except CronSimError:
        return False
    return True


def _five(text: str) -> str:
    """Some read a sixth part, for seconds or years, and others mean something else by it."""
    if len(text.split()) != 5:
        raise CronSimError("Wrong number of fields")
    return text


def check_interval(schedule: str) -> None:
    """Raises `Invalid` for a cron text that runs more often than producers may ask for."""
    if not schedule:
        return
    times = list(islice(CronSim(schedule, datetime(2000, 1, 1)), LOOKED_AT))  # noqa: DTZ001 (only looked at for its steps)
    shortest = min((after - before for before, after in pairwise(times)), default=SHORTEST)
    if shortest < SHORTEST:
        raise Invalid(
            f"Schedule {schedule!r} runs every {_minutes(shortest)} minutes at times; the shortest interval is "
            f"{_minutes(SHORTEST)} minutes, as in '*/15 * * * *'.",
            "schedule",
        )


def _minutes(step: timedelta) -> int:
    return int(step.total_seconds() // 60)


def next_run(
    source: SourceRow, zone: tzinfo, failures: int, not_before: datetime | None, now: datetime
) -> datetime | None:
    """When the source is due (UTC); None when it only runs on request. `zone`: that of its cron text."""
    if not source.active or not source.approved or not source.schedule:
        return None
    began = source.last_run and source.last_run.started
    if (began or source.created) > now + AHEAD:
        return now - timedelta(seconds=SPREAD)  # now, though it begins a little later than it is due
    due = _due(source, zone, failures)
    return max(due, not_before) if not_before else due


def period(schedule: str, moment: datetime) -> timedelta:
    """How long it is from one run of that cron text to the next one, after that moment."""
    times = CronSim(schedule, moment)
    first: datetime = next(times)
    return next(times) - first


def start(source: SourceRow) -> datetime:
    """When a source that has a next run begins it: a little later than its cron text says, always as much for one
    source, so that those with the same text do not all start at once."""
    if source.next_run is None:
        raise ValueError(f"{source.name} has no next run")
    return source.next_run + spread(source.id)


def spread(source_id: str) -> timedelta:
    """How much later."""
    return timedelta(seconds=zlib.crc32(source_id.encode()) % SPREAD)


def _due(source: SourceRow, zone: tzinfo, failures: int) -> datetime:
    last = source.last_run
    if last is None or last.started is None:
        return _next(source.schedule, source.created, zone)
    if last.state in FAILURES and last.ended is not None and last.error_code != CANCELLED:
        return last.ended + retry_after(failures, seed=last.id)
    return _next(source.schedule, last.started, zone)


def _next(cron: str, after: datetime, zone: tzinfo) -> datetime:
    return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)


def retry_after(failures: int, seed: int) -> timedelta:
    """How long to wait after that many failed runs in a row; spread by up to a tenth, so that sources that failed
    together do not come back together."""
    wait: timedelta = min(FIRST_RETRY * 2 ** min(max(failures - 1, 0), 16), LAST_RETRY)
    return wait * (1 + random.Random(seed).random() / 10)  # noqa: S311 (jitter, no secret)
