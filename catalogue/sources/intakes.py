"""What taking in records of a source needs to know of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from dcat.model import Agent, Iri
from dcat.normalise import Context
from dcat.normalise.agreed import read
from dcat.normalise.parties import named
from harvesters.base import Harvester, Source

from .. import clock
from ..ingest import fingerprint, identity
from ..ingest.draft import Intake
from ..ingest.erased import NOBODY, Erased
from ..ingest.filters import Filter
from ..settings import Settings
from ..store import erasures, publishers, sites
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import registration, tokens


def intake(tx: Transaction, row: SourceRow, harvester: Harvester, settings: Settings) -> Intake:
    """What taking in records of a source needs to know."""
    plain = replace(plain_intake(row, harvester, settings, sites.minted_at(tx)), erased=erased(tx, settings))
    if plain.context.publisher is not None:
        return plain
    return replace(plain, context=msgspec.structs.replace(plain.context, publisher=_agent(tx, row.publisher)))


def unregistered(
    harvesters: Mapping[str, Harvester], settings: Settings, url: str, kind: str, config: dict[str, Any]
) -> Intake:
    """The same of a source that is not registered, as if it were. Raises `Invalid`."""
    harvester = registration.harvester_of(harvesters, kind)
    url, config = registration.placed(harvester, url, config)
    row = SourceRow(
        id=identity.source_id(url, kind),
        name="preview",
        title="",
        url=url,
        kind=kind,
        publisher="",
        schedule="",
        config=config,
        active=True,
        created=clock.now(),
    )
    return plain_intake(row, harvester, settings)


def plain_intake(row: SourceRow, harvester: Harvester, settings: Settings, minted_at: str = "") -> Intake:
    """The same without a publisher: for a source that is not registered. `minted_at`: the public address under which
    everything is minted so far (`store.sites`); without one, that of the settings."""
    source, site = source_of(row), minted_at or settings.site_url
    return Intake(
        source=source,
        harvester=harvester,
        site_url=site,
        languages=settings.languages,
        fingerprint=fingerprint.of(source, settings, site),
        filter=Filter(row.config.get("include", {}), row.config.get("exclude", {})),
        context=Context(
            today=clock.now().date().isoformat(),
            language=row.config.get("language", ""),
            site=site,
            defaults=(defaults := read(row.config.get("defaults", {}))),
            overrides=read(row.config.get("overrides", {})),
            license=row.config.get("license", "") or defaults.license,
            place=row.config.get("place", ""),
            allow_local=bool(settings.fetch_allow),
            show_persons=settings.show_persons,
            publisher=named(defaults.publisher) if defaults.publisher else None,
        ),
    )


def erased(tx: Transaction, settings: Settings) -> Erased:
    """Persons whom no record may name."""
    marks = erasures.every(tx)
    return Erased(tokens.secret(settings), marks, erasures.newest(tx)) if marks else NOBODY


def source_of(row: SourceRow) -> Source:
    """The source as harvesters know it."""
    return Source(
        id=row.id,
        name=row.name,
        title=row.title,
        url=row.url,
        kind=row.kind,
        publisher=row.publisher,
        schedule=row.schedule,
        config=row.config,
        active=row.active,
    )


def _agent(tx: Transaction, name: str) -> Agent | None:
    publisher = publishers.by_name(tx, name) if name else None
    if publisher is None:
        return None
    return Agent(name=publisher.title, iri=Iri(publisher.iri) if publisher.iri else None)
