"""Kinds of source from outside: Python packages bring them by an entry point.

    [project.entry-points."datastore.harvesters"]
    kiosk = "kiosk_for_datastore:Kiosk"

The name is the word for `--kind`, the object a class of `harvesters.base.Harvester`.
https://packaging.python.org/en/latest/specifications/entry-points/
"""

import logging
from collections.abc import Container, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from .base import Harvester

log = logging.getLogger(__name__)

GROUP = "datastore.harvesters"


class Foreign(NamedTuple):
    """A kind that a package brings."""

    harvester: "Harvester"
    origin: str
    """The package and its version: `kiosk-for-datastore 1.2`."""


def found(own: Container[str]) -> dict[str, Foreign]:
    """The kinds of all packages that are installed, by their words. `own`: words that are ours.

    One that cannot be loaded, that is no harvester, or that goes by a word that is taken, is left out and logged: the
    other kinds work on.
    """
    kinds: dict[str, Foreign] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, _origin(one))):
        for why in _faults(point, own, kinds):
            log.error("The kind of source %r of %s cannot be used: %s", point.name, _origin(point), why)
    return kinds


def _faults(point: EntryPoint, own: Container[str], kinds: dict[str, Foreign]) -> Iterator[str]:
    """Why a kind cannot be used; nothing, and then it is taken."""
    from .base import Harvester  # noqa: PLC0415 (as above)

    if point.name in own or point.name in kinds:
        yield "its name is taken. Call it otherwise."
        return
    try:
        made = point.load()()
    except Exception as error:
        yield f"it cannot be loaded ({type(error).__name__}: {error})."
        return
    if not isinstance(made, Harvester) or getattr(made, "kind", None) != point.name:
        yield f"it is no harvester of kind {point.name!r}. See docs/how-to/add-a-kind-of-source.md."
    else:
        kinds[point.name] = Foreign(made, _origin(point))


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "a package without a name"
