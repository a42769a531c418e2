"""What taking in records of a source needs to know of it."""

from dataclasses import replace

import msgspec

from dcat.model import Agent, Iri
from dcat.normalise import Context
from harvesters.base import Harvester, Source

from .. import clock
from ..ingest import fingerprint
from ..ingest.draft import Intake
from ..settings import Settings
from ..store import publishers
from ..store.database import Transaction
from ..store.rows import SourceRow


def intake(tx: Transaction, row: SourceRow, harvester: Harvester, settings: Settings) -> Intake:
    """What taking in records of a source needs to know."""
    plain = plain_intake(row, harvester, settings)
    return replace(plain, context=msgspec.structs.replace(plain.context, publisher=_agent(tx, row.publisher)))


def plain_intake(row: SourceRow, harvester: Harvester, settings: Settings) -> Intake:
    """The same without a publisher: for a source that is not registered."""
    source = Source(
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
    return Intake(
        source=source,
        harvester=harvester,
        site_url=settings.site_url,
        languages=settings.languages,
        fingerprint=fingerprint.of(source, settings),
        context=Context(
            today=clock.now().date().isoformat(),
            language=row.config.get("language", ""),
            site=settings.site_url,
            license=row.config.get("license", ""),
            place=row.config.get("place", ""),
            allow_local=bool(settings.fetch_allow),
            show_persons=settings.show_persons,
        ),
    )


def _agent(tx: Transaction, name: str) -> Agent | None:
    publisher = publishers.by_name(tx, name) if name else None
    if publisher is None:
        return None
    return Agent(name=publisher.title, iri=Iri(publisher.iri) if publisher.iri else None)
