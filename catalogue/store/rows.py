"""What the store hands out: plain frozen structs, no SQL."""

import hashlib
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from dcat.findings import Finding
from dcat.model import Date, Entry, Period, Text, Texts
from dcat.quality import Score
from dcat.write import Reference


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One live entry: a dataset, series or service, with what pages and feeds need."""

    id: str
    name: str
    kind: str
    """`dataset`, `series`, `service` or `publication`."""
    iri: str
    source: str
    """Slug of the source it came from."""
    identifier: str
    """The source's own identifier."""
    entry: Entry
    publisher_name: str
    """Slug of its publisher; empty when it has none."""
    revision: int
    """Number of the store's change that wrote this version; grows over the whole store."""
    created: datetime
    """When it first came in (UTC)."""
    updated: datetime
    """When this version came in (UTC)."""
    checked: datetime
    """When the source last confirmed it (UTC)."""
    score: Score | None = None
    """Quality of its description; only datasets have one."""
    late_from: date | None = None
    """The first day on which its next update is overdue; None when nobody can say."""

    @property
    def version(self) -> str:
        """A text that stands for this version of this entry, as an entity tag does."""
        return f"{self.id}-{self.revision}"


class Dated(msgspec.Struct, frozen=True):
    """The dates of an entry, read without the rest of it."""

    issued: Date | None = None
    modified: Date | None = None
    temporal: tuple[Period, ...] = ()


class Address(NamedTuple):
    """Where a live entry stands, and when it last changed."""

    kind: str
    name: str
    updated: datetime


class Listed(NamedTuple):
    """A part of a list of entries."""

    total: int
    """How many there are in the whole list."""
    ids: list[str]


class ChangeRow(NamedTuple):
    """The newest change of one entry."""

    number: int
    """Grows from change to change."""
    id: str
    iri: str
    kind: str
    name: str
    what: str
    """NEW, CHANGED, REMOVED or RESTORED."""
    at: datetime


class Header(NamedTuple):
    """As much of an entry, live or removed, as those need who keep a copy of the catalogue."""

    id: str
    name: str
    kind: str
    iri: str
    revision: int
    """That of its last change, its removal too."""
    at: datetime
    """When it last changed, or was removed."""
    is_removed: bool
    source: str
    """Slug of the source it came from."""
    publisher: str
    """Slug of its publisher; empty when it has none."""
    themes: tuple[str, ...]
    """IRIs of its themes; none of an entry that is gone."""


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """A removed entry: what its address still tells."""

    id: str
    name: str
    kind: str
    iri: str
    title: Texts
    publisher: Texts
    removed: datetime
    reason: str
    """Code of the reason: `MISSING_AT_SOURCE`, `DELETED_AT_SOURCE`, `SOURCE_REMOVED`, `DELETED_BY_PRODUCER`,
    `MOVED`."""


class Head(NamedTuple):
    """Which state of an entry is published. What is said of it is never another one with the same revision, but in
    another store; there its sum tells it."""

    id: str
    kind: str
    iri: str
    revision: int
    hash: bytes
    """A sum of its description."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """The stored RDF of one entry and its catalogue record, ready to be joined into a feed."""

    id: str
    name: str
    kind: str
    iri: str
    revision: int
    updated: datetime
    own: str
    """N-Triples lines about the entry and the nodes that only it uses."""
    shared: tuple[int, ...]
    """Keys of the nodes that other entries use too (agents, concepts): written once a feed (`Catalogue.shared`)."""
    pending: str = ""
    """N-Triples lines that call the data high-value; true where a reference says that a service gives the dataset."""
    named: tuple[str, ...] = ()
    """IRIs of nodes in `own` that another entry may describe as well."""
    references: tuple[Reference, ...] = ()
    """What live entries say of this one: one reference for each."""


class PublisherRow(msgspec.Struct, frozen=True, kw_only=True):
    """A publisher with the number of its live entries."""

    name: str
    iri: str
    title: Texts
    datasets: int
    services: int
    updated: datetime | None
    """When one of its entries last changed."""
    type: str = ""
    """ADMS publisher type code, such as `LocalAuthority`."""
    homepage: str = ""
    mbox: str = ""


DECIDED = ("title", "url", "kind", "publisher", "schedule", "config", "active", "approved", "declined", "credentials")
"""What people decide of a source."""


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A harvest source with its state."""

    id: str
    name: str
    title: str
    url: str
    kind: str
    publisher: str
    schedule: str
    config: dict[str, Any]
    active: bool
    created: datetime
    last_run: "RunRow | None" = None
    next_run: datetime | None = None
    entries: int = 0
    """Live entries that came from it."""
    approved: bool = True
    """False while a source that a producer registered waits for an operator, or when one declined it."""
    declined: str = ""
    """Why an operator does not want it read; empty when none said so."""
    moved_to: str = ""
    """Address to which the source itself sent the last run for good; empty when it is where it was."""
    credentials: str = ""
    """Form of what lets us in there (`basic`, `header X-API-Key`), never the secret; empty when nothing is kept."""

    @property
    def decided(self) -> dict[str, Any]:
        """What people decided of it, which no run changes."""
        return {name: getattr(self, name) for name in DECIDED}

    @property
    def version(self) -> str:
        """A text that stands for what people decided of it, as an entity tag does."""
        return hashlib.blake2b(msgspec.json.encode(self.decided, order="sorted"), digest_size=16).hexdigest()


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one source. seen = new + changed + same + skipped + refused + failed."""

    id: int
    source: str
    """Slug of the source."""
    state: str
    """`queued`, `running`, `done`, `done-with-findings`, `held`, `failed` or `aborted`."""
    queued: datetime
    started: datetime | None = None
    ended: datetime | None = None
    complete: bool = False
    """True when the crawl proved that it saw everything; only then may the missing be removed."""
    seen: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    skipped: int = 0
    refused: int = 0
    failed: int = 0
    removed: int = 0
    held: int = 0
    restored: int = 0
    writes: int = 0
    error_code: str = ""
    error: str = ""
    """One sentence for people; empty when all went well."""
    error_where: str = ""
    """Address, with line or position when one is known."""
    full: bool = False
    """True when unchanged records were read again too."""
    incomplete: tuple[str, ...] = ()
    """Why the run could not prove that it saw everything."""
    unread: dict[str, int] = {}
    """Fields and properties that nobody used, with how often they were seen."""
    findings: tuple[Finding, ...] = ()
    """Remarks about the source as a whole, or about records that could not be told apart."""


class OutcomeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record in one run."""

    identifier: str
    outcome: str
    """An `Outcome`."""
    name: str = ""
    """Slug of the entry, when there is one."""
    code: str = ""
    """Of the reason: `PRIVATE`, `INVALID`, `MANY_MISSING`, …; empty when there is none."""
    reason: str = ""
    """Why it was skipped, refused or failed, as a sentence."""
    findings: tuple[Finding, ...] = ()
    version: str = ""
    """What is published of it then (`EntryRow.version`), where a single record was asked for or sent."""
    id: int = 0
    """Its number, in the report of a run."""


class DifferenceRow(msgspec.Struct, frozen=True):
    """What one run changed in one field of a record."""

    identifier: str
    name: str
    """Slug of the entry, when there is one."""
    field: str
    """Path as findings name it: `dcat:distribution[2]/dct:format`."""
    before: str
    """The beginning of what was said; empty when nothing was."""
    after: str


class WithdrawnRow(msgspec.Struct, frozen=True):
    """A record that is kept away, whatever its source lists."""

    identifier: str
    name: str
    """Slug of its entry; empty when it had none."""
    at: datetime
    """When somebody withdrew it."""


class Rehearsal(msgspec.Struct, frozen=True):
    """What the next run of a source would do."""

    run: RunRow
    """Its sums, as if it had been a run; `removed` goes at once, `held` waits: for a second run, or for a person."""
    refused: list[OutcomeRow]
    """The first that would not be taken."""
    differences: list[DifferenceRow]
    """The first that would change."""
    going: list[OutcomeRow]
    """The first that the source lists no more, REMOVED or HELD, with the reason."""


class RehearsalRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rehearsal that somebody asked for."""

    asked: datetime
    change: dict[str, Any]
    """What the source is tried with in place of what is so: `url`, `config`. Empty for as it is."""
    tries: int
    """How often somebody began."""
    started: datetime | None
    ended: datetime | None
    told: Rehearsal | None
    """What it came to; None until it has ended."""

    @property
    def state(self) -> str:
        """`waiting`, `running`, `done` or `failed`."""
        if self.told is None:
            return "running" if self.started else "waiting"
        return self.told.run.state


class TokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A producer's key; the key itself is not stored, only its keyed hash."""

    id: int
    prefix: str
    """First characters, to recognise it by."""
    publisher: str
    """Slug of the publisher it may act for."""
    scopes: tuple[str, ...]
    """`harvest` (its sources and their runs), `push` (its records)."""
    created: datetime
    expires: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None
    publishers: tuple[str, ...] = ()
    """Slugs and IRIs of publishers, besides its own, whose records it may send."""


class SubscriptionRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told what happens to sources."""

    id: int
    publisher: str
    """Slug of the publisher whose sources it is about; empty for all sources."""
    address: str
    """`mailto:` a mailbox, or the http(s) address of a program."""
    wanted: str
    """`always`, `on_error` or `never`."""
    language: str
    created: datetime


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A notice on its way to one who wants it."""

    id: int
    subscription: int
    event: str
    """What happened (`catalogue.notices.events`)."""
    source: str
    """Slug of the source; empty for a trial."""
    run: int | None
    at: datetime
    """When it was seen to have happened (UTC)."""
    facts: dict[str, Any]
    state: str
    """`waiting`, `sent` or `given-up`."""
    attempts: int
    due: datetime | None
    """When it is tried next."""
    tried: datetime | None
    """When it was tried last."""
    answer: str
    """What the other side said last."""

    @property
    def number(self) -> str:
        """The same at every try, by which the receiver knows what came twice."""
        return f"notice-{self.id}"


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """Who changed what."""

    id: int
    at: datetime
    who: str
    """The key's first characters, or the user of the command line."""
    what: str
    """Noun and verb: `source.pause`, `key.revoke`."""
    subject: str
    """Name of what was changed."""
    before: dict[str, Any]
    """What was so and is so no more; empty for what was made."""
    after: dict[str, Any]
    """What is so now; empty for what is gone."""


class Counts(msgspec.Struct, frozen=True):
    """How much there is."""

    datasets: int
    services: int
    series: int
    publishers: int
    publications: int = 0

    @property
    def entries(self) -> int:
        """Of all kinds together."""
        return self.datasets + self.services + self.series + self.publications


class Label(msgspec.Struct, frozen=True):
    """A name in the reader's language and how it is tagged."""

    text: Text
    is_fallback: bool
