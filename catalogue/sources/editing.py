"""Changing a source: everything but its name, its kind and who its records are.

Its id, the ids and IRIs of its entries and all their addresses stay, whatever its own address becomes.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

from harvesters import PUSH

from ..errors import Invalid
from ..one_line import one_line
from ..settings import Settings
from ..store import credentials as stored
from ..store import records, sources
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import credentials, registration, schedule

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from harvesters.base import Harvester


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; the rest stays as it is."""

    url: str | UnsetType = UNSET
    title: str | UnsetType = UNSET
    publisher: str | UnsetType = UNSET
    schedule: str | UnsetType = UNSET
    config: dict[str, Any] | UnsetType = UNSET
    """Options to change; None puts one back to its default (as RFC 7396 has it)."""
    credentials: dict[str, Any] | UnsetType | None = UNSET
    """What lets us in there; None forgets it."""


def edit(
    tx: Transaction, harvesters: Mapping[str, "Harvester"], settings: Settings, source: SourceRow, change: Change
) -> None:
    """Changes a source. Raises `Invalid` with the field, `Conflict` when another one has that address."""
    harvester = registration.harvester_of(harvesters, source.kind)
    if source.kind == PUSH and (change.url is not UNSET or change.schedule):
        raise Invalid("A source of kind 'push' has no address and no schedule: its producer sends the records.", "url")
    url, config = placed(harvester, source, change)
    values: dict[str, object] = {}
    if url != source.url or config != source.config:
        registration.refuse_double(tx, harvester, url, config, but=source.id)
        values |= {"url": url, "config": config, "url_key": registration.place_key(harvester, url, config)}
    if url != source.url:
        values |= {"moved_to": "", "failures": 0, "retry_at": None}
    if change.title is not UNSET:
        values["title"] = _title(change.title)
    if change.publisher is not UNSET:
        values["publisher"] = registration.register_publisher(tx, change.publisher, settings.languages)
    if change.schedule is not UNSET:
        values["schedule"] = schedule.check(change.schedule)
    if values:
        sources.change(tx, source.id, **values)
    _let_in(tx, settings, source, url, change)
    if url != source.url or change.credentials is not UNSET:
        records.forget_versions(tx, source.id)
        sources.disturb(tx, source.id)  # what is there now is compared with what we hold


def placed(harvester: "Harvester", source: SourceRow, change: Change) -> tuple[str, dict[str, Any]]:
    """Where a source is and its options, once it is changed. Raises `Invalid` with the field."""
    url, config = source.url, options(source, change)
    if change.url is not UNSET:
        url, config = registration.placed(harvester, change.url, config)
    registration.check_config(harvester, config)
    return url, config


def _title(title: str) -> str:
    shown = one_line(title)
    if not shown:
        raise Invalid("A source needs a title.", "title")
    return shown


def options(source: SourceRow, change: Change) -> dict[str, Any]:
    """The options of a source with those that change."""
    changes = {} if change.config is UNSET else change.config
    return {name: value for name, value in (source.config | changes).items() if value is not None}


def _let_in(tx: Transaction, settings: Settings, source: SourceRow, url: str, change: Change) -> None:
    """Keeps new credentials; those for another server are forgotten, for it is nobody's business what they were."""
    if change.credentials is not UNSET and change.credentials is not None:
        credentials.keep(tx, settings, source.id, url, change.credentials)
    elif change.credentials is None or (url != source.url and not credentials.same_server(url, source.url)):
        stored.forget(tx, source.id)
