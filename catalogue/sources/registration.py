"""Registering, changing and removing sources."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from dcat.model import Agent, Iri, Text
from dcat.normalise import Context, parties
from harvesters.base import COMMON_OPTIONS, Harvester, Source

from .. import clock
from ..errors import Conflict, Invalid, NotFound
from ..harvesting.retirement import bury
from ..ingest import fingerprint, identity
from ..ingest.draft import Intake
from ..settings import Settings
from ..store import missing, publishers, revisions, runs, sources
from ..store.database import Transaction
from ..store.rows import SourceRow
from . import schedule


def add(
    tx: Transaction,
    harvesters: Mapping[str, Harvester],
    *,
    url: str,
    kind: str,
    title: str,
    publisher: str,
    cron: str,
    config: dict[str, Any],
    languages: tuple[str, ...],
) -> SourceRow:
    """Registers a source. Raises `Invalid` with the field, `Conflict` when it is registered already."""
    url = check_url(url)
    check_config(harvester_of(harvesters, kind), config)
    id = identity.source_id(url, kind)
    if (same := sources.by_id(tx, id)) is not None:
        raise Conflict(f"This address is registered already, as {same.name!r}.")
    title = title.strip() or (urlsplit(url).hostname or url)
    row = SourceRow(
        id=id,
        name=_free_name(tx, title, id),
        title=title,
        url=url,
        kind=kind,
        publisher=register_publisher(tx, publisher, languages),
        schedule=schedule.check(cron),
        config=config,
        active=True,
        created=clock.now(),
    )
    sources.add(tx, row, identity.url_key(url))
    return found(sources.by_id(tx, id), title)


def remove(tx: Transaction, source: SourceRow) -> int:
    """Removes a source and its entries. Returns how many."""
    revisions.lock(tx)
    now = clock.now()
    runs.cancel(tx, source.id, now)
    gone = missing.of_source(tx, source.id, now)
    bury(tx, source.id, None, gone, code="SOURCE_REMOVED", moment=now)
    sources.remove(tx, source.id, now)
    return len(gone)


def found(source: SourceRow | None, name: str) -> SourceRow:
    """The source itself; raises `NotFound` when there is none."""
    if source is None:
        raise NotFound(f"There is no source named {name!r}. Known names: datastore source list")
    return source


def startable(source: SourceRow | None, name: str) -> SourceRow:
    """The source itself. Raises `NotFound`, or `Conflict` for one that is paused."""
    row = found(source, name)
    if not row.active:
        raise Conflict(f"Source {name!r} is paused. Let it run again with: datastore source resume {name}")
    return row


def check_url(url: str) -> str:
    """The address, tidied. Raises `Invalid`; whether it may be fetched is checked when it is."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        has_password = "@" in parts.netloc
    except ValueError:
        usable = has_password = False
    if has_password:
        raise Invalid("An address with a user name or password in it would be published. Leave them out.", "url")
    if not usable or any(character.isspace() for character in url) or len(url.encode()) > identity.IRI_BYTES:
        raise Invalid(f"{url!r} is not an address that begins with http:// or https://.", "url")
    return url


def harvester_of(harvesters: Mapping[str, Harvester], kind: str) -> Harvester:
    """What reads that kind of source. Raises `Invalid`."""
    if kind not in harvesters:
        raise Invalid(f"Kind {kind!r} is not one of {', '.join(sorted(harvesters))}.", "kind")
    return harvesters[kind]


def check_config(harvester: Harvester, config: dict[str, Any]) -> None:
    """Raises `Invalid` for an option that the kind does not have, or a value of another type."""
    options = {option.name: option for option in (*COMMON_OPTIONS, *harvester.options)}
    for name, value in config.items():
        if name not in options:
            known = ", ".join(sorted(options)) or "none"
            raise Invalid(f"Option {name!r} is unknown for kind {harvester.kind!r}. Its options: {known}.", "config")
        if not isinstance(value, options[name].type) or (isinstance(value, bool) and options[name].type is not bool):
            raise Invalid(f"Option {name!r} must be {options[name].type.__name__}, not {value!r}.", "config")


def register_publisher(tx: Transaction, name: str, languages: tuple[str, ...]) -> str:
    """The slug of the publisher with that slug or name, given now if there is none; empty for no publisher.

    A public body of our table has the slug of its entries, whichever of its names is given.
    """
    if not name.strip():
        return ""
    agent = Agent(name=(Text(name.strip()),))
    if (term := parties.body(agent)) is not None:
        agent = parties.published(term)
    slug = publishers.slugs(tx, [agent.iri or ""]).get(agent.iri or "") or identity.slug(agent.name, languages)
    if not slug:
        raise Invalid(f"Publisher {name!r} has no letter or digit.", "publisher")
    publishers.register(tx, {slug: agent.name}, clock.now())
    return slug


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


def _free_name(tx: Transaction, title: str, id: str) -> str:
    taken = sources.names(tx)
    return next(name for name in identity.names(identity.slug((Text(title),), ()), id) if name not in taken)
