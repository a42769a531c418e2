"""What is told of a run to programs that wait for it."""

from typing import Any

from ..store.rows import RunRow

SUMS = ("seen", "new", "changed", "same", "skipped", "refused", "failed", "removed", "held", "restored", "writes")


def run_event(run: RunRow) -> dict[str, Any]:
    """The last event of a run, as programs rely on it."""
    seconds = (run.ended - run.started).total_seconds() if run.ended and run.started else 0.0
    return {
        "event": "run",
        "run": run.id,
        "source": run.source,
        "state": run.state,
        **{name: getattr(run, name) for name in SUMS},
        "seconds": round(seconds, 3),
        "error": run.error or None,
    }
