"""CKAN's harvest actions that read single records and the log (https://github.com/ckan/ckanext-harvest).

A harvest object is what became of a record, under the number that our reports give it. Its content is shown to its
publisher's key alone.
"""

from collections.abc import Callable
from typing import Any

from catalogue.errors import NotFound
from catalogue.store.outcome import NOT_TAKEN, PUBLISHED, Outcome
from catalogue.store.outcomes import Item
from catalogue.store.rows import EntryRow, RunRow

from ..api.auth import visitor
from ..current import catalogue
from .harvesting import written
from .packages import TYPES, Json, moment
from .parameters import Invalid, Parameters

STATUS = {
    Outcome.NEW: "added",
    Outcome.RESTORED: "added",
    Outcome.CHANGED: "updated",
    Outcome.SAME: "not modified",
    Outcome.REFUSED: "errored",
    Outcome.FAILED: "errored",
    Outcome.REMOVED: "deleted",
}
"""What ckanext-harvest calls what became of a record; it has no word for the others."""
LEVELS = {
    "DEBUG": (),
    "INFO": ("done",),
    "WARNING": ("held", "done-with-findings"),
    "ERROR": ("failed", "aborted"),
    "CRITICAL": (),
}
"""Levels of the log, with the states of the runs that are told at each."""
LINES = 1_000
"""Lines of one answer of the log."""


def harvest_object_list(given: Parameters) -> list[str]:
    """Ids of the published records of a source, oldest first. Parameters: `source_id`, needed here; `only_current`,
    true: what earlier jobs did is in `harvest_job_report`."""
    if not given.flag("only_current", default=True):
        raise Invalid("only_current", "Only what stands now is listed. harvest_job_report tells of earlier jobs.")
    return [str(number) for number in catalogue().runs.items_of(given.needed("source_id"))]


def harvest_object_show(given: Parameters) -> Json:
    """One record of a source, and what became of it. Parameters: `id`, as `harvest_object_list` gives it, or
    `dataset_id`, the id or name of a package: then what stands of it now."""
    if given.text("attr"):
        raise Invalid("attr", "A harvest object is found by its id or its dataset_id.")
    if given.text("id"):
        return harvest_object(catalogue().runs.item(_number(given.text("id"))))
    origin = catalogue().records.origin(given.needed("dataset_id", "id"))
    return harvest_object(catalogue().runs.item(catalogue().runs.item_of(*origin)))


def harvest_log_list(given: Parameters) -> list[Json]:
    """How the runs of all sources ended, newest first. Parameters: `level` (`INFO`: all went well, `WARNING`: there is
    something to look at, `ERROR`: it failed), `per_page` (100; at most 1000), `offset`."""
    level = given.text("level").upper()
    if level and level not in LEVELS:
        raise Invalid("level", f"level must be one of {', '.join(LEVELS)}, not {level[:40]!r}.")
    states = LEVELS[level] if level else [state for some in LEVELS.values() for state in some]
    per_page = given.whole("per_page", 100, 1, LINES)
    return [line(run) for run in catalogue().runs.ended(states, given.whole("offset", 0), per_page)]


def harvest_object(item: Item) -> Json:
    """A record of a source, in the fields of ckanext-harvest."""
    row, run = item.row, _run(item.run)
    is_taken = row.outcome not in NOT_TAKEN
    begun, ended = (written(run.started), written(run.ended)) if run else (None, None)
    package = _package(row.name)
    return _content(item) | {
        "id": str(row.id),
        "guid": row.identifier,
        "current": item.is_standing and row.outcome in PUBLISHED,
        "state": "COMPLETE" if is_taken else "ERROR",
        "report_status": STATUS.get(Outcome(row.outcome)),
        **dict.fromkeys(("gathered", "fetch_started", "import_started"), begun),
        **dict.fromkeys(("fetch_finished", "import_finished"), ended),
        "metadata_modified_date": None,
        "retry_times": 0,
        **dict.fromkeys(("harvest_source_id", "source"), item.source),
        **dict.fromkeys(("harvest_job_id", "job"), str(item.run) if item.run else None),
        **dict.fromkeys(("package_id", "package"), package),
        "errors": [] if is_taken else [{"stage": "Import", "message": row.reason, "line": None, "type": row.code}],
        "extras": {},
    }


def line(run: RunRow) -> Json:
    """A line of the log: how one run ended."""
    level = next(level for level, states in LEVELS.items() if run.state in states)
    counts = (f"{getattr(run, name)} {name}" for name in ("seen", "new", "changed", "refused", "failed", "removed"))
    said = f"{run.source}, job {run.id}: {run.state}. {', '.join(counts)}. {run.error}".strip()
    return {"id": str(run.id), "level": level, "content": said, "created": moment(run.ended or run.queued)}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound(f"There is no harvest object {text[:40]!r}.")
    return int(text)


def _run(number: int | None) -> RunRow | None:
    """The run of an outcome, which may be forgotten by now."""
    try:
        return catalogue().runs.numbered(number) if number else None
    except NotFound:
        return None


def _package(name: str) -> str | None:
    """The id of the package that is published of a record."""
    row = catalogue().entries.find(name) if name else None
    return row.id if isinstance(row, EntryRow) and row.kind in TYPES else None


def _content(item: Item) -> Json:
    """The record as it came, for its own publisher."""
    reader = visitor()
    if not reader or catalogue().sources.named(item.source).publisher != reader:
        return {}
    try:
        raw = catalogue().records.raw(item.source, item.row.identifier)
    except NotFound:
        return {"content": None}
    return {"content": raw.body.decode("utf-8", "replace")}


ALL: tuple[Callable[[Parameters], Any], ...] = (harvest_object_list, harvest_object_show, harvest_log_list)
"""The actions of this file."""
