"""How things stand, in numbers: what the doctor, `/readyz` and `/metrics` tell.

Names of metrics and of their labels are a closed list: nothing that a client or a source says becomes one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from harvesters import PUSH

from .. import clock
from ..service import Catalogue
from ..store.addresses import BLOCKED, BROKEN, UNKNOWN, WORKS
from ..store.rows import SourceRow
from .chore import Due
from .chores import CHORES

STANDINGS = ("well", "failed", "held", "never", "waiting", "paused", "unapproved", "declined")
"""How a source may stand."""
LINKS = {"works": WORKS, "broken": BROKEN, "blocked": BLOCKED, "unknown": UNKNOWN}
"""How an address may stand."""
NEW = timedelta(days=1)
"""How long a source may be there before it ran once."""


class Metric(NamedTuple):
    """One metric: a gauge, as all that is read from the store is."""

    name: str
    told: str
    values: Mapping[tuple[tuple[str, str], ...], float]
    """By labels."""


def standing(row: SourceRow) -> str:
    """How a source stands after its last run: one of `STANDINGS`."""
    if not row.active:
        return "paused"
    if not row.approved:
        return "declined" if row.declined else "unapproved"
    run = row.last_run
    if row.kind == PUSH:
        return "well"
    if run is None:
        return "never" if clock.now() - row.created > NEW else "waiting"
    if run.state in {"failed", "aborted"}:
        return "failed"
    return run.state if run.state == "held" else "well"


def due(catalogue: Catalogue, moment: datetime, most: int | None = None) -> dict[str, Due]:
    """What waits for a worker, by kind of work; of each so many pieces are counted at most, if that is said."""
    return {chore.name: found for chore in CHORES if (found := chore(catalogue, most).due(moment)) is not None}


def metrics(catalogue: Catalogue) -> Iterator[Metric]:
    """All of them; raises `Unavailable` when the database does not answer."""
    now, counts = clock.now(), catalogue.entries.counts()
    kinds = {
        "dataset": counts.datasets,
        "service": counts.services,
        "series": counts.series,
        "publication": counts.publications,
    }
    yield Metric("datastore_entries", "Live entries of the catalogue, by kind.", _by("kind", kinds))
    yield Metric("datastore_publishers", "Publishers with at least one live entry.", {(): counts.publishers})
    found = Counter(standing(row) for row in catalogue.sources.all())
    states = {name: found[name] for name in STANDINGS}
    yield Metric("datastore_sources", "Harvest sources, by how they stand after their last run.", _by("state", states))
    standing_of = catalogue.links.counts()
    links = {name: standing_of[state] for name, state in LINKS.items()}
    yield Metric("datastore_links", "Addresses that entries lead to, by how they stand.", _by("state", links))
    waiting = due(catalogue, now)
    pieces = {chore.name: waiting[chore.name].pieces if chore.name in waiting else 0 for chore in CHORES}
    yield Metric("datastore_due_pieces", "Pieces of work that wait or are being done, by kind.", _by("chore", pieces))
    age = {name: max(0.0, (now - one.since).total_seconds()) for name, one in waiting.items()}
    ages = {chore.name: age.get(chore.name, 0.0) for chore in CHORES}
    yield Metric("datastore_due_seconds", "How long the oldest of them waits, by kind of work.", _by("chore", ages))
    yield Metric("datastore_workers", "Workers that live.", {(): len(catalogue.leases.workers())})
    if (last := catalogue.backups.last()) is not None:
        yield Metric("datastore_backup_timestamp_seconds", "When the last backup began.", {(): last.timestamp()})


def _by(label: str, values: Mapping[str, float]) -> dict[tuple[tuple[str, str], ...], float]:
    return {((label, name),): value for name, value in values.items()}


def exposition(found: Iterator[Metric]) -> str:
    """The metrics as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
    lines: list[str] = []
    for one in found:
        lines += [f"# HELP {one.name} {one.told}", f"# TYPE {one.name} gauge"]
        for labels, value in one.values.items():
            inside = ",".join(f'{name}="{text}"' for name, text in labels)
            lines.append(f"{one.name}{{{inside}}} {value:.15g}" if inside else f"{one.name} {value:.15g}")
    return "\n".join([*lines, ""])
