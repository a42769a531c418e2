"""CKAN's harvest actions that read (https://github.com/ckan/ckanext-harvest): sources, their jobs, what went wrong.

The options of a source are shown to its publisher's key alone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from catalogue.errors import NotFound
from catalogue.store.outcome import Outcome
from catalogue.store.rows import OutcomeRow, RunRow, SourceRow

from ..api.auth import visitor
from ..current import catalogue
from .packages import Json, moment
from .parameters import Parameters

JOBS = 30
"""Jobs of one answer: the newest."""
TROUBLED = 100
"""Records, refused or failed, that a report tells of one by one."""
SCHEDULES = {
    "MANUAL": "",
    "ALWAYS": "*/15 * * * *",
    "DAILY": "0 4 * * *",
    "WEEKLY": "0 4 * * 1",
    "BIWEEKLY": "0 4 1,15 * *",
    "MONTHLY": "0 4 1 * *",
}
"""The words of ckanext-harvest for how often, and what they are here: always is as often as a producer may."""
STATUS = {"queued": "New", "running": "Running", "aborted": "Aborted"}
"""Of a job; every other one is finished."""


def harvesters_info_show(_: Parameters) -> list[Json]:
    """The kinds of sources."""
    known = catalogue().harvesters.items()
    return [{"name": kind, "title": one.title, "description": one.title} for kind, one in sorted(known)]


def harvest_source_list(given: Parameters) -> list[Json]:
    """Sources. Parameters: `organization_id`, `only_active`."""
    publisher, active = given.text("organization_id"), given.flag("only_active")
    reader = visitor()
    return [source(row, reader) for row in catalogue().sources.all(publisher) if row.active or not active]


def harvest_source_show(given: Parameters) -> Json:
    """One source with how it stands. Parameter: `id`, its name."""
    row = catalogue().sources.named(given.needed("id", "name"))
    return source(row, visitor()) | {"status": status(row)}


def harvest_source_show_status(given: Parameters) -> Json:
    """How a source stands. Parameter: `id`."""
    return status(catalogue().sources.named(given.needed("id")))


def harvest_job_list(given: Parameters) -> list[Json]:
    """The newest jobs of a source. Parameters: `source_id`, `status`."""
    wanted = given.text("status")
    jobs = [job(row) for row in catalogue().runs.of_source(given.needed("source_id"), JOBS)]
    return [one for one in jobs if not wanted or one["status"] == wanted]


def harvest_job_show(given: Parameters) -> Json:
    """One job. Parameter: `id`."""
    return job(_run(given))


def harvest_job_report(given: Parameters) -> Json:
    """What went wrong in a job: as a whole, and record by record (the first). Parameter: `id`."""
    run = _run(given)
    return {
        "gather_errors": _gather_errors(run),
        "object_errors": {
            row.identifier: {"errors": [{"message": row.reason, "line": None, "type": row.code}]}
            for row in _troubled(run)
        },
    }


def source(row: SourceRow, reader: str) -> Json:
    """A source as the key of a publisher sees it, or nobody in particular."""
    own = bool(reader) and reader == row.publisher
    options = {"config": msgspec.json.encode(row.config).decode() if row.config else ""} if own else {}
    return options | {
        "id": row.name,
        "name": row.name,
        "url": row.url,
        "title": row.title,
        "source_type": row.kind,
        "type": row.kind,
        "owner_org": row.publisher or None,
        "publisher_id": row.publisher,
        "publisher_title": row.publisher,
        "active": row.active,
        "state": "active" if row.active else "inactive",
        "frequency": frequency(row.schedule),
        "created": moment(row.created),
        "next_run": written(row.next_run),
    }


def status(row: SourceRow) -> Json:
    """How a source stands."""
    return {
        "job_count": len(catalogue().runs.of_source(row.name, JOBS)),
        "next_harvest": written(row.next_run) or "Not yet scheduled",
        "last_job": job(row.last_run) if row.last_run else None,
        "last_harvest_request": written(row.last_run.queued) if row.last_run else None,
        "total_datasets": row.entries,
    }


def job(run: RunRow) -> Json:
    """A job."""
    return {
        "id": str(run.id),
        "source_id": run.source,
        "status": STATUS.get(run.state, "Finished"),
        "created": moment(run.queued),
        "gather_started": written(run.started),
        "gather_finished": written(run.ended),
        "finished": written(run.ended),
        "stats": {
            "added": run.new + run.restored,
            "updated": run.changed,
            "not modified": run.same,
            "errored": run.refused + run.failed,
            "deleted": run.removed,
        },
        "gather_error_summary": [{"message": one["message"], "error_count": 1} for one in _gather_errors(run)],
    }


def frequency(schedule: str) -> str:
    """A schedule in the words of ckanext-harvest, as near as they come."""
    if said := next((word for word, cron in SCHEDULES.items() if cron == schedule), ""):
        return said
    parts = schedule.split()
    if len(parts) != 5:
        return "MANUAL"
    if any(not part.isdigit() for part in parts[:2]):
        return "ALWAYS"
    is_weekly, is_monthly = parts[4] != "*", parts[2] != "*"
    return "WEEKLY" if is_weekly else "MONTHLY" if is_monthly else "DAILY"


def _run(given: Parameters) -> RunRow:
    number = given.needed("id")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise NotFound(f"There is no harvest job {number[:40]!r}.")
    return catalogue().runs.numbered(int(number))


def _gather_errors(run: RunRow) -> list[Json]:
    told = [run.error] if run.error else []
    return [{"message": one} for one in (*told, *run.incomplete)]


def _troubled(run: RunRow) -> list[OutcomeRow]:
    kinds = (Outcome.REFUSED, Outcome.FAILED)
    return [row for kind in kinds for row in catalogue().runs.outcomes(run.id, outcome=kind, limit=TROUBLED)]


def written(at: datetime | None) -> str | None:
    """A moment as CKAN writes it, where there is one."""
    return moment(at) if at else None


ALL: tuple[Callable[[Parameters], Any], ...] = (
    harvesters_info_show,
    harvest_source_list,
    harvest_source_show,
    harvest_source_show_status,
    harvest_job_list,
    harvest_job_show,
    harvest_job_report,
)
"""The actions of this file."""
