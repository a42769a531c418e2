"""Is everything there that the catalogue needs, and if not, what to do. Each check answers for itself."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import disk_usage
from typing import NamedTuple, cast

from .. import clock, disk
from ..errors import DatastoreError, for_operators
from ..log import without_secrets
from ..names import refuse_foreign_packages
from ..notices import mail
from ..search.base import SearchUnavailable
from ..service import Catalogue
from ..settings import Settings, as_environment, unknown
from ..sources import tokens
from ..store.rows import SourceRow
from .figures import due, standing
from .usable import must_be_usable

PATIENCE = timedelta(hours=1)
"""How long something may be due while no worker lives: a timer of the system may start one now and then."""
APART = timedelta(minutes=1)
"""How far clocks may be apart."""
UNSAVED = timedelta(days=7)
"""How old the last backup may be."""
UNREACHED = timedelta(days=7)
"""For how long it is told that somebody could not be reached."""
LEAST_ROOM = 1_000_000_000
"""Bytes that should be free in the data folder: room for a second index beside the first, and for a backup."""
WRITTEN = ("feeds", "dumps", "previews")
"""Folders in the data folder into which a worker writes; the index is looked at by itself."""
TROUBLE = ("failed", "held", "never")
LISTED = 5
"""Sources that are named."""


class Check(NamedTuple):
    """One answer."""

    name: str
    ok: bool
    message: str
    """A sentence: what was found, and what to do when it is not well."""


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which a person would mend things."""
    return [_answer(name, check, settings) for name, check in CHECKS.items()]


def _answer(name: str, check: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, True, check(settings))
    except OSError as error:
        return Check(name, False, without_secrets(disk.sentence(error)))
    except (DatastoreError, SearchUnavailable) as error:
        return Check(name, False, without_secrets(for_operators(error)))


def variables(_settings: Settings) -> str:
    """Every variable that begins with DATASTORE_ is a setting."""
    if strangers := unknown():
        raise DatastoreError(" ".join(strangers))
    return "Every DATASTORE_ variable is a setting."


def in_force(settings: Settings) -> str:
    """The settings can be used, each by itself, or we would not be here; so can what they lead to. What they are."""
    must_be_usable(settings)
    values = {name.removeprefix("DATASTORE_").lower(): value for name, value in as_environment(settings).items()}
    values["secret_key"] = "set" if settings.secret_key else ""
    return without_secrets(", ".join(f"{name} {value}" for name, value in values.items() if value)) + "."


def packages(_settings: Settings) -> str:
    """The names of our packages are ours alone."""
    refuse_foreign_packages()
    return "catalogue, dcat, harvesters and web are those of Datastore."


def folder(settings: Settings) -> str:
    """The data folder, and those in it that a worker of another user may have made, can be written; its key be read."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for place in (settings.data_dir, *filter(Path.is_dir, (settings.data_dir / name for name in WRITTEN))):
        probe = place / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    if tokens.secret_file(settings).exists():
        tokens.secret(settings)
    room = disk_usage(settings.data_dir)
    told = f"{room.free / 1e9:.1f} GB of {room.total / 1e9:.0f} GB are free"
    if room.free < LEAST_ROOM:
        raise DatastoreError(f"{settings.data_dir.resolve()}: {told}. Make room, or nothing can be written soon.")
    return f"{settings.data_dir.resolve()} can be written; {told}."


def database(settings: Settings) -> str:
    """The database answers and has the tables of this version."""
    with closing(Catalogue(settings)) as catalogue:
        catalogue.must_be_made()
        counts = catalogue.entries.counts()
    return f"{without_secrets(settings.database)} holds {counts.datasets} datasets and {counts.services} services."


def address(settings: Settings) -> str:
    """Everything is named under the public address of the settings."""
    with closing(Catalogue(settings)) as catalogue:
        if difference := catalogue.address.difference():
            raise DatastoreError(difference)
        former = catalogue.address.former()
    return f"Everything is named under {settings.site_url}" + (
        f", before under {', '.join(former)}." if former else "."
    )


def index(settings: Settings) -> str:
    """The index answers and holds every entry."""
    with closing(Catalogue(settings)) as catalogue:
        status = catalogue.index.status()
    if problem := status.get("problem"):
        raise DatastoreError(str(problem))
    if refused := cast("dict[str, str]", status["refused"]):
        name, why = next(iter(refused.items()))
        raise DatastoreError(
            f"Entries that cannot be indexed: {len(refused)}, first {name}: {why}. They are tried again once a day and "
            "when they change; try now with: datastore index reconcile"
        )
    size = f"{status['documents']} entries, {int(str(status['bytes'])) / 1e6:.1f} MB, {status['waiting']} waiting"
    what = f"{status['engine']} {status['version']} in {without_secrets(str(status['where']))}: {size}"
    return what + HEALTH.get(str(status.get("health")), "") + "."


HEALTH = {
    "green": ", green",
    "yellow": ", yellow: it works, but a part has no copy on another server and would be lost with its own",
}
"""What Elasticsearch says of the index, in words."""


def work(settings: Settings) -> str:
    """What is due is done: a worker lives, or nothing waits for one."""
    now = clock.now()
    with closing(Catalogue(settings)) as catalogue:
        workers = catalogue.leases.workers()
        found = due(catalogue, now)
    waits = ", ".join(f"{name} {one.pieces} (since {one.since:%Y-%m-%d %H:%M} UTC)" for name, one in found.items())
    oldest = min((one.since for one in found.values()), default=now)
    if not workers and now - oldest > PATIENCE:
        raise DatastoreError(f"Nobody does what is due: {waits}. Start a worker: datastore worker, or datastore serve")
    lives = f"{len(workers)} worker{'s' * (len(workers) != 1)} ({', '.join(workers)})" if workers else "No worker"
    return f"{lives} {'live' if len(workers) > 1 else 'lives'}; {f'due: {waits}' if waits else 'nothing is due'}."


def time(settings: Settings) -> str:
    """The clock is that of the database, and no run began later than now."""
    now = clock.now()
    with closing(Catalogue(settings)) as catalogue:
        ahead = catalogue.leases.ahead()
        began = {row.name: row.last_run.started for row in catalogue.sources.all() if row.last_run}
    said = f"It is {now:%Y-%m-%d %H:%M} UTC"
    if abs(ahead) > APART:
        raise DatastoreError(f"{said} here, and {now + ahead:%Y-%m-%d %H:%M} at the database. Set the clocks.")
    late = {name: moment for name, moment in began.items() if moment and moment > now + APART}
    if late:
        name = max(late, key=late.__getitem__)
        raise DatastoreError(
            f"{said}, and a run of {name} began on {late[name]:%Y-%m-%d %H:%M}: the clock is wrong now, or was then. "
            "Set it; when it is right, the worker puts right what waits for that day, and harvests."
        )
    return f"{said}."


def sources(settings: Settings) -> str:
    """No source failed or is held the last time."""
    with closing(Catalogue(settings)) as catalogue:
        rows = catalogue.sources.all()
    bad = [row for row in rows if standing(row) in TROUBLE]
    if bad:
        named = "; ".join(f"{row.name}: {_trouble(row)}" for row in bad[:LISTED])
        more = f"; and {len(bad) - LISTED} more" if len(bad) > LISTED else ""
        raise DatastoreError(f"Of {len(rows)} sources, {len(bad)} did not go through the last time. {named}{more}")
    paused = sum(standing(row) == "paused" for row in rows)
    asked = [row.name for row in rows if standing(row) == "unapproved"]
    said = f"Of {len(rows)} sources, none failed, is held or never ran" + (f"; {paused} paused." if paused else ".")
    return f"{said} Waiting for datastore source approve: {', '.join(asked)}." if asked else said


def backup(settings: Settings) -> str:
    """What cannot be rebuilt was saved not long ago."""
    now = clock.now()
    with closing(Catalogue(settings)) as catalogue:
        last, oldest = catalogue.backups.last(), min((row.created for row in catalogue.sources.all()), default=now)
    if now - (last or oldest) > UNSAVED:
        told = f"The last backup is of {last:%Y-%m-%d}" if last else f"No backup was made since {oldest:%Y-%m-%d}"
        raise DatastoreError(f"{told}. Make one every night: datastore backup FILE")
    return f"The last backup is of {last:%Y-%m-%d %H:%M} UTC." if last else "No backup was made yet."


def notices(settings: Settings) -> str:
    """Whoever wants to be told what happens to sources was reached, and letters have a sender."""
    if settings.mail_url:
        mail.check(settings)
    with closing(Catalogue(settings)) as catalogue:
        number, missed = len(catalogue.subscriptions.all()), catalogue.subscriptions.unreached(clock.now() - UNREACHED)
    if missed:
        address, why = missed[0]
        raise DatastoreError(
            f"Of {number} who are told what happens to sources, {len(missed)} could not be reached, such as {address}: "
            f"{why} See: datastore notices list, and datastore notices log ID"
        )
    return f"Told what happens to sources: {number}."


def _trouble(row: SourceRow) -> str:
    """What became of its last run, in a few words."""
    run = row.last_run
    if standing(row) == "never":
        return "it never ran; try with: datastore harvest " + row.name
    if run is None or run.state != "held":
        return (run.error if run else "") or "it failed."
    return f"{run.held} removals are held until somebody decides: datastore source removals {row.name}"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "settings": in_force,
    "variables": variables,
    "packages": packages,
    "data folder": folder,
    "database": database,
    "public address": address,
    "index": index,
    "sources": sources,
    "work": work,
    "clock": time,
    "notices": notices,
    "backup": backup,
}
