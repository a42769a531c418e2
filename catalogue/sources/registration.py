"""Registering, changing and removing sources."""

import re
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from dcat.model import Agent, Text
from harvesters import PUSH
from harvesters.options import problem

from .. import clock
from ..errors import Conflict, Invalid, NotFound, found
from ..ingest import identity
from ..ingest.tombstones import bury
from ..one_line import one_line
from ..store import missing, publishers, revisions, runs, sources
from ..store.database import Transaction
from ..store.rows import SourceRow
from ..store.sources import Place
from . import schedule

if TYPE_CHECKING:  # who only names a kind waits for nothing that reads one
    from harvesters.base import Harvester


_KEY = re.compile(
    r"(api|subscription|private)[-_]?key|(access|auth|api|private)[-_]?token|(client[-_]?)?secret|passw(or)?d|pwd",
    re.IGNORECASE,
)
"""Names of what lets somebody in, as they stand in the query of an address."""


def add(
    tx: Transaction,
    harvesters: Mapping[str, "Harvester"],
    *,
    url: str,
    kind: str,
    name: str,
    title: str,
    publisher: str,
    cron: str,
    config: dict[str, Any],
    languages: tuple[str, ...],
    approved: bool = True,
) -> SourceRow:
    """Registers a source, under the address of what the page belongs to that is given, with the options for what it
    shows. Raises `Invalid` with the field, `Conflict` when it is registered already."""
    harvester = harvester_of(harvesters, kind)
    if kind == PUSH:
        url = sent_url(url, title, publisher, cron)
        check_config(harvester, config)
    else:
        url, config = placed(harvester, url, config)
    was = refuse_double(tx, harvester, url, config)
    id = was.id if was else _free_id(tx, harvester.site(url), kind)
    title = one_line(title) or (urlsplit(url).hostname or url)
    row = SourceRow(
        id=id,
        name=_given_name(tx, name) or _free_name(tx, title, id),
        title=title,
        url=url,
        kind=kind,
        publisher=register_publisher(tx, publisher, languages),
        schedule=schedule.check(cron),
        config=config,
        active=True,
        approved=approved,
        created=clock.now(),
    )
    sources.add(tx, row, place_key(harvester, url, config))
    return found(sources.by_id(tx, id), f"source {title!r}")


def placed(harvester: "Harvester", url: str, config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What to register when somebody gives the address of a page, and options: its source's address, and the options
    with those for what the page shows. Raises `Invalid`."""
    place = next(harvester.places(_without_key(check_url(url))))
    config = {**place.config, **config}
    check_config(harvester, config)
    return place.site, config


def place_key(harvester: "Harvester", url: str, config: Mapping[str, Any]) -> str:
    """What two registrations of one source share: the address in one form, and which part of it is read."""
    part = {name: config[name] for name in sorted(harvester.selecting) if config.get(name)}
    key = identity.url_key(harvester.site(url))
    return f"{key} {msgspec.json.encode(part, order='deterministic').decode()}" if part else key


def refuse_double(
    tx: Transaction, harvester: "Harvester", url: str, config: Mapping[str, Any], *, but: str = ""
) -> Place | None:
    """Raises `Conflict` when what answers at an address is a source already (another one than that of the id `but`), in
    whatever form the kind takes its address, and the same part of it is read. Else gives back the source that was
    removed from there, if there is one.
    """
    key = place_key(harvester, url, config)
    known = [each for each in sources.places(tx, harvester.kind) if each.id != but]
    same = [each for each in known if place_key(harvester, each.url, each.config) == key]
    if live := [each for each in same if not each.is_removed]:
        raise Conflict(f"This address is registered already, as {live[0].name!r}.")
    return same[0] if same else None


def remove(tx: Transaction, source: SourceRow) -> int:
    """Removes a source and its entries. Returns how many."""
    revisions.lock(tx)
    now = clock.now()
    runs.cancel(tx, source.id, now, code="SOURCE_REMOVED", error="The source was removed.")
    gone = missing.of_source(tx, source.id, now)
    bury(tx, source.id, None, gone, code="SOURCE_REMOVED", moment=now)
    sources.remove(tx, source.id, now)
    return len(gone)


def named(tx: Transaction, name: str, live: Mapping[str, int] | None = None) -> SourceRow:
    """The source with that slug; raises `NotFound`. `live` as for `store.sources.all`."""
    source = sources.by_name(tx, name, live)
    if source is None:
        raise NotFound(f"There is no source named {name!r}. Known names: datastore source list")
    return source


def startable(tx: Transaction, name: str) -> SourceRow:
    """The same. Raises `NotFound`, or `Conflict` for one that is paused or waits for an operator."""
    source = named(tx, name)
    check_approved(source)
    if source.kind == PUSH:
        raise Conflict(f"Nothing is read of source {name!r}: its producer sends the records.")
    if not source.active:
        raise Conflict(f"Source {name!r} is paused. Let it run again with: datastore source resume {name}")
    return source


def check_approved(source: SourceRow) -> None:
    """Raises `Conflict` for one that waits for an operator, or that one declined."""
    name = source.name
    if source.declined:
        raise Conflict(f"Source {name!r} is not read: those who run this catalogue declined it. {source.declined}")
    if not source.approved:
        raise Conflict(
            f"Source {name!r} waits for the approval of those who run this catalogue: datastore source approve {name}"
        )


def sent_url(url: str, title: str, publisher: str, cron: str) -> str:
    """What stands in the place of an address for a source whose producer sends the records. Raises `Invalid`."""
    name = identity.slug((Text(title),), ())
    if url.strip():
        raise Invalid("A source of kind 'push' has no address: its producer sends the records.", "url")
    if not name:
        raise Invalid("A source without an address needs a title.", "title")
    if not publisher.strip():
        raise Invalid("A source of kind 'push' needs the publisher whose key may send its records.", "publisher")
    if cron.strip():
        raise Invalid("A source of kind 'push' is not read, so it has no schedule.", "schedule")
    return f"{PUSH}:{identity.slug((Text(publisher),), ())}/{name}"


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
    if len(url.encode()) > identity.IRI_BYTES:
        raise Invalid(f"{url!r} is longer than {identity.IRI_BYTES} bytes, which no address of a source is.", "url")
    if usable and any(character.isspace() for character in url):
        raise Invalid(f"{url!r} has a blank in it. Write it as %20, or give the address alone.", "url")
    if not usable:
        raise Invalid(f"{url!r} is not an address that begins with http:// or https://, with a host.", "url")
    return url


def _without_key(url: str) -> str:
    """The address itself. Raises `Invalid` when a key stands in its query: sources are shown to everybody."""
    names = (part.partition("=")[0] for part in urlsplit(url).query.split("&"))
    if name := next(filter(_KEY.fullmatch, names), ""):
        form = f'{{"query": {{"{name}": "…"}}}}'
        raise Invalid(f"The {name!r} in the address would be published. Give it as credentials instead: {form}.", "url")
    return url


def harvester_of(harvesters: Mapping[str, "Harvester"], kind: str) -> "Harvester":
    """What reads that kind of source. Raises `Invalid`."""
    if kind not in harvesters:
        raise Invalid(f"Kind {kind!r} is not one of {', '.join(sorted(harvesters))}.", "kind")
    return harvesters[kind]


def check_config(harvester: "Harvester", config: dict[str, Any]) -> None:
    """Raises `Invalid` for an option that the kind does not have, or a value that means nothing to it."""
    if why := problem(harvester.all_options, config, harvester.kind):
        raise Invalid(why, "config")


def register_publisher(tx: Transaction, name: str, languages: tuple[str, ...]) -> str:
    """The slug of the publisher with that slug or name, given now if there is none; empty for no publisher.

    A public body of our table has the slug of its entries, whichever of its names is given.
    """
    if not name.strip():
        return ""
    from dcat.normalise import parties  # noqa: PLC0415 (loaded where a publisher is named: it knows all tables)

    agent = Agent(name=(Text(name.strip()),))
    if (term := parties.body(agent)) is not None:
        agent = parties.published(term)
    slug = publishers.slugs(tx, [agent.iri or ""]).get(agent.iri or "") or identity.slug(agent.name, languages)
    if not slug:
        raise Invalid(f"Publisher {name!r} has no letter or digit.", "publisher")
    publishers.register(tx, {slug: agent.name}, clock.now())
    return slug


def _free_id(tx: Transaction, url: str, kind: str) -> str:
    """The id that a source at an address has, unless one that was there has moved away with it."""
    taken = sources.ids(tx)
    return next(id for number in count() if (id := identity.source_id(url, kind, number)) not in taken)


def _given_name(tx: Transaction, name: str) -> str:
    """The slug that somebody wants, or nothing. Raises `Invalid`, `Conflict`."""
    if not name:
        return ""
    if name != identity.slug((Text(name),), ()):
        raise Invalid(f"Name {name!r} must be of small letters and digits, with hyphens between them.", "name")
    if name in sources.names(tx):
        raise Conflict(f"A source named {name!r} is there already.")
    return name


def _free_name(tx: Transaction, title: str, id: str) -> str:
    taken = sources.names(tx)
    return next(name for name in identity.names(identity.slug((Text(title),), ()), id) if name not in taken)
