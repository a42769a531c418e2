"""CKAN's harvest actions that write (https://github.com/ckan/ckanext-harvest), for a producer with a key.

They are the harvest API in other words. What cannot be said there is refused, never passed over.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from catalogue.errors import Forbidden, NotFound
from catalogue.store.rows import RunRow, SourceRow, TokenRow

from ..api.auth import own_run, own_source
from ..api.harvest import changed, registered
from ..api.held import cancelled
from ..current import catalogue
from ..json.harvest_shapes import NewSource, SourceChange
from .harvesting import SCHEDULES, frequency, job, source
from .packages import Json
from .parameters import Invalid, Parameters

CHANGEABLE = ("url", "title", "config", "frequency", "active")
"""What can be said of a source later too."""
SAID = frozenset({*CHANGEABLE, "name", "source_type", "type", "owner_org"})
"""What can be said of a new one."""
ALWAYS_TRUE: Json = {"private": False, "state": "active", "type": "harvest", "run": True}
"""What clients say of every source, and is true of ours."""


def harvest_source_create(token: TokenRow, given: Parameters) -> Json:
    """Registers a source. Parameters: `url`, `source_type`, `title`, `name`, `config` (JSON), `frequency` (`MANUAL`,
    `ALWAYS`: every 15 minutes, `DAILY`, `WEEKLY`, `BIWEEKLY`: twice a month, `MONTHLY`), `active`, `owner_org`: the
    publisher of the key, as without it."""
    _refuse(given, SAID, ALWAYS_TRUE)
    if given.text("owner_org", token.publisher) not in {token.publisher, ""}:
        raise Forbidden(f"This key is that of {token.publisher!r}: owner_org cannot be another.")
    new = NewSource(
        kind=given.needed("source_type", "type"),
        url=given.text("url"),
        title=given.text("title") or given.text("name"),
        schedule=_schedule(given),
        config=given.mapping("config"),
    )
    row = registered(token, new, given.text("name"))
    return source(row if given.flag("active", default=True) else catalogue().sources.pause(row.name), token.publisher)


def harvest_source_update(token: TokenRow, given: Parameters) -> Json:
    """Replaces what is said of a source. Parameters: `id` and those of `harvest_source_create`; what has a value and is
    not to be changed is given as it is."""
    row = _own(token, given)
    shown = source(row, token.publisher)
    for name in CHANGEABLE:
        if name not in given and shown[name] not in {"", "MANUAL", True}:
            raise Invalid(name, "Missing value. Give it as it is, or change single values with harvest_source_patch.")
    return _changed(token, row, given)


def harvest_source_patch(token: TokenRow, given: Parameters) -> Json:
    """Changes what is named of a source. Parameters: `id` and those of `harvest_source_create`."""
    return _changed(token, _own(token, given), given)


def harvest_source_delete(token: TokenRow, given: Parameters) -> Json:
    """Removes a source; its packages answer 410 from then on. Parameter: `id`."""
    row = _own(token, given)
    return {"id": row.name, "deleted": catalogue().sources.remove(row.name)}


def harvest_source_clear(token: TokenRow, given: Parameters) -> Json:
    """Is not done here: packages go with their source (`harvest_source_delete`), or when it lists them no longer."""
    row = _own(token, given)
    raise Invalid(
        "id",
        f"The packages of {row.name!r} are not removed without it: harvest_source_delete removes both. To read all of "
        f'it again, POST {{"job_type": "force_harvest"}} to /api/1/harvest/source/{row.name}/run/; names and ids stay.',
    )


def harvest_job_create(token: TokenRow, given: Parameters) -> Json:
    """Queues a job; the one that waits already when there is one. Parameter: `source_id`."""
    _refuse(given, {"source_id"}, ALWAYS_TRUE)
    return job(catalogue().runs.request(own_source(token, given.needed("source_id")).name))


def harvest_job_abort(token: TokenRow, given: Parameters) -> Json:
    """Ends a job that waits or goes on; what it had saved stays. Parameter: `id`, of the job or of its source."""
    return job(cancelled(_own_run(token, given.needed("id"))))


def _own(token: TokenRow, given: Parameters) -> SourceRow:
    return own_source(token, given.needed("id"))


def _own_run(token: TokenRow, id: str) -> RunRow:
    """The job of that number, or the newest of the source with that name."""
    if id.isdigit():
        return own_run(token, id)
    newest = catalogue().runs.of_source(own_source(token, id).name, 1)
    if not newest:
        raise NotFound(f"Source {id[:100]!r} has no job.")
    return newest[0]


def _changed(token: TokenRow, row: SourceRow, given: Parameters) -> Json:
    shown = source(row, token.publisher)
    _refuse(given, {*CHANGEABLE, "id", "status"}, ALWAYS_TRUE | shown, {"type": "harvest"})
    wanted = SourceChange()
    if given.text("url", row.url) != row.url:
        wanted.url = given.text("url")
    if given.text("title", row.title) != row.title:
        wanted.title = given.text("title")
    if given.text("frequency", frequency(row.schedule)) != frequency(row.schedule):
        wanted.schedule = _schedule(given)
    if "config" in given and (config := given.mapping("config")) != row.config:
        wanted.config = dict.fromkeys(row.config) | config  # what is left out is put back to its default
    row = changed(row, wanted)
    if (active := given.flag("active", default=row.active)) != row.active:
        row = catalogue().sources.resume(row.name) if active else catalogue().sources.pause(row.name)
    return source(row, token.publisher)


def _schedule(given: Parameters) -> str:
    word = given.text("frequency").upper() or "MANUAL"
    if word not in SCHEDULES:
        raise Invalid("frequency", f"frequency must be one of {', '.join(SCHEDULES)}, not {word[:40]!r}.")
    return SCHEDULES[word]


def _refuse(given: Parameters, said: set[str] | frozenset[str], *true: Json) -> None:
    """Raises `Invalid` for what is given and can be neither said nor is empty or true already."""
    for name, value in given:
        is_true = any(name in each and each[name] == value for each in true)
        if name not in said and value not in ("", None, [], {}) and not is_true:
            raise Invalid(name, f"{name[:40]} is not kept or cannot be changed here. Known: {', '.join(sorted(said))}.")


PRODUCING: Mapping[str, Callable[[TokenRow, Parameters], Any]] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            harvest_source_create,
            harvest_source_update,
            harvest_source_patch,
            harvest_source_delete,
            harvest_source_clear,
            harvest_job_create,
            harvest_job_abort,
        )
    }
)
"""The actions of this file, by name."""
