"""What is worth telling, found in the runs of a source as the store has them. Nothing is asked or written here.

Each happening has a key, by which it is told once, however often it is looked at and however long it goes on.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from ..sources import schedule
from ..store.addresses import Health
from ..store.rows import RunRow, SourceRow

IN_A_ROW = 3
"""Failed runs after which a source is said to fail (F-01)."""
SHARE, RECORDS = 0.1, 5
"""By how much the share of records that are not taken, and their number, must rise to be told."""
SILENCE, PERIODS = timedelta(days=90), 12
"""A source is silent after so long without a change, and so many times its schedule, whichever is longer."""

ADDRESSES, LATELY = 5, timedelta(days=7)
"""So many addresses at least must have stopped working within so long to be told, and the same share of all."""

LOUD = ("failing", "recovered", "held", "refused", "silent", "broken-links")
"""What is told to whoever wants to hear of problems."""
QUIET = ("finished", "failed")
"""What is told to whoever wants to hear of everything."""
TO_OPERATORS, TO_PRODUCERS = ("waiting",), ("approved", "declined")
"""What is told to those who run the catalogue alone, and to the publisher of a source alone, loudly."""
EVENTS = (*LOUD, *QUIET, *TO_OPERATORS, *TO_PRODUCERS)


class Happening(NamedTuple):
    """Something that is worth telling."""

    event: str
    """One of `EVENTS`."""
    key: str
    facts: dict[str, Any]
    """What the words need."""
    run: int | None = None


def of_run(source: SourceRow, run: RunRow, earlier: Sequence[RunRow]) -> list[Happening]:
    """What a run that ended gives to tell; `earlier`: those before it, newest first."""
    facts = _facts(source, run)
    if run.state == "aborted":  # by us: it is taken up again
        return []
    quiet = "failed" if run.state == "failed" else "finished"
    known = [one for one in earlier if one.state != "aborted"]
    found = (find(run, known, facts) for find in (_failing, _recovered, _held, _refused))
    return [Happening(quiet, f"run {run.id}", facts, run.id), *(one for one in found if one is not None)]


def approval(source: SourceRow, moment: datetime) -> Happening:
    """That a source waits for an operator, or what one decided."""
    event = "declined" if source.declined else "approved" if source.approved else "waiting"
    facts = {"source": source.title, "url": source.url, "publisher": source.publisher, "reason": source.declined}
    return Happening(event, moment.isoformat(), facts)


def silence(source: SourceRow, last_change: datetime, moment: datetime) -> Happening | None:
    """That nothing in a source has changed for long against its schedule; it is read without fault meanwhile."""
    last = source.last_run
    if not (source.active and source.schedule and last and last.state not in {"failed", "aborted"}):
        return None
    if moment - last_change < max(SILENCE, PERIODS * schedule.period(source.schedule, moment)):
        return None
    about = {"source": source.title, "url": source.url}
    facts = about | {"since": f"{last_change:%Y-%m-%d}", "days": str((moment - last_change).days)}
    return Happening("silent", f"since {last_change.isoformat()}", facts, last.id)


def broken_links(source: SourceRow, health: Health, moment: datetime) -> Happening | None:
    """That many addresses of a source stopped working lately; told at most once a week."""
    if health.fresh < ADDRESSES or health.fresh < SHARE * health.known:
        return None
    year, week, _ = moment.isocalendar()
    facts = {"source": source.title, "url": source.url, "days": LATELY.days, **health._asdict()}
    return Happening("broken-links", f"{year}-W{week:02}", facts)


def _failing(run: RunRow, earlier: Sequence[RunRow], facts: dict[str, Any]) -> Happening | None:
    streak = [run, *_streak("failed", earlier)] if run.state == "failed" else []
    if len(streak) < IN_A_ROW:
        return None
    first = streak[-1]
    since = {"since": _moment(first.started or first.queued), "times": len(streak)}
    return Happening("failing", f"run {first.id}", facts | since, run.id)


def _recovered(run: RunRow, earlier: Sequence[RunRow], facts: dict[str, Any]) -> Happening | None:
    if run.state == "failed" or len(_streak("failed", earlier)) < IN_A_ROW:
        return None
    return Happening("recovered", f"run {run.id}", facts, run.id)


def _held(run: RunRow, earlier: Sequence[RunRow], facts: dict[str, Any]) -> Happening | None:
    if run.state != "held":
        return None
    first = [run, *_streak("held", [one for one in earlier if one.state != "failed"])][-1]
    return Happening("held", f"run {first.id}", facts, run.id)


def _refused(run: RunRow, earlier: Sequence[RunRow], facts: dict[str, Any]) -> Happening | None:
    before = next((one for one in earlier if one.state != "failed" and one.seen), None)
    if run.state == "failed" or not run.seen or before is None:
        return None
    now, then = run.refused + run.failed, before.refused + before.failed
    if now - then < RECORDS or now / run.seen - then / before.seen < SHARE:
        return None
    return Happening("refused", f"run {run.id}", facts | {"before": then, "seen_before": before.seen}, run.id)


def _streak(state: str, runs: Sequence[RunRow]) -> list[RunRow]:
    return list(takewhile(lambda one: one.state == state, runs))


def _facts(source: SourceRow, run: RunRow) -> dict[str, Any]:
    sums = {name: getattr(run, name) for name in ("seen", "new", "changed", "same", "removed", "held")}
    more = {"refused": run.refused + run.failed, "published": source.entries, "error": run.error}
    more |= {"error_code": run.error_code}
    return {"source": source.title, "url": source.url, **sums, **more}


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
