"""What goes into the harvest API and what comes out of it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from catalogue.checking.finding_report import FindingReport
from harvesters import HARVESTERS


class SourceShape(msgspec.Struct, frozen=True, kw_only=True):
    """A harvest source."""

    id: str
    name: str
    title: str
    url: str
    kind: str
    publisher: str
    schedule: str
    config: dict[str, Any] | None
    """Options of its kind; null without a key of its publisher."""
    active: bool
    created: datetime
    approved: bool
    """False while it waits for those who run this catalogue, or when they declined it: it does not run."""
    declined: str | None
    """Why they do not want it read; empty when they did not say so, null without a key of its publisher."""
    moved_to: str
    """Address to which the source itself sends us for good: accept it with a PATCH of `url`. Empty when it does not."""
    credentials: str | None
    """Form of what lets us in there (`basic`, `header X-API-Key`), never the secret; empty when nothing is kept, null
    without a key of its publisher."""
    entries: int
    next_run: datetime | None
    last_job: "JobShape | None"


class JobShape(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a source. seen = new + changed + same + skipped + refused + failed."""

    id: int
    source: str
    state: str
    queued: datetime
    started: datetime | None
    ended: datetime | None
    complete: bool
    seen: int
    new: int
    changed: int
    same: int
    skipped: int
    refused: int
    failed: int
    removed: int
    held: int
    restored: int
    writes: int
    error_code: str
    error: str
    incomplete: tuple[str, ...]
    unread: dict[str, int]
    findings: tuple[FindingReport, ...]


class ItemShape(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record."""

    identifier: str
    outcome: str
    name: str
    code: str
    """Why it was not taken or is to go, for programs; `reason` says it in English."""
    reason: str
    findings: tuple[FindingReport, ...]
    id: int | msgspec.UnsetType = msgspec.UNSET
    """Its number in the report of a job: `/api/1/harvest/item/{id}/trace`."""


class NoteShape(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one value."""

    field: str
    raw: str
    """The value as it came; empty when there was none."""
    rule: str
    published: str
    """What is published instead; empty when it was dropped."""
    message: dict[str, str]


class TraceReport(msgspec.Struct, frozen=True):
    """What became of each value of a record, in the order in which it was changed."""

    identifier: str
    source: str
    changes: tuple[NoteShape, ...]


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a job that have the same remark on the same field."""

    rule: str
    field: str
    records: int
    example: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its problems grouped by cause, most records first."""

    job: JobShape
    causes: tuple[Cause, ...]


Secret = Annotated[
    dict[str, Any],
    msgspec.Meta(
        description="What lets us in there, sent to its own server alone and never given back: one of "
        '`{"basic": "user:password"}`, `{"bearer": "…"}`, `{"ckan": "…"}`, `{"header": {"X-API-Key": "…"}}` and '
        '`{"query": {"apikey": "…"}}`.',
        extra_json_schema={"writeOnly": True},
    ),
]


Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri", "pattern": "^https?://"})]
"""An address on the web; what else is wrong with one is said when it is read."""
Kind = Annotated[str, msgspec.Meta(extra_json_schema={"enum": sorted(HARVESTERS)})]
"""A kind of source."""


class NewSource(msgspec.Struct, forbid_unknown_fields=True):
    """A source to register. It belongs to the publisher of the key, and waits for an operator before it runs, unless
    the catalogue is set up otherwise."""

    kind: Kind
    url: Address = ""
    """None for a source of kind `push`: its producer sends the records."""
    title: str = ""
    schedule: str = ""
    """Cron text; empty to run only when asked."""
    config: dict[str, Any] = {}
    """Options of the kind; `GET /api/1/harvest/backends/` lists them."""
    credentials: Secret | None = None


class SourceChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change of a source; what is not named stays. Its name, kind, publisher and identities stay anyway."""

    url: Address | UnsetType = UNSET
    """Its new address. Credentials that were for another server are forgotten."""
    title: str | UnsetType = UNSET
    schedule: str | UnsetType = UNSET
    """Cron text; empty to run only when asked."""
    config: dict[str, Any] | UnsetType = UNSET
    """Options to change; null puts one back to its default."""
    credentials: Secret | UnsetType | None = UNSET
    """Null forgets them."""


class Declining(msgspec.Struct, forbid_unknown_fields=True):
    """Why a source is not to be read."""

    reason: str
    """Its publisher reads it."""


class RunOrder(msgspec.Struct, forbid_unknown_fields=True):
    """What kind of run to queue."""

    job_type: Literal["harvest", "force_harvest"] = "harvest"
    """`force_harvest` reads records again that did not change."""


class MoveOrder(msgspec.Struct, forbid_unknown_fields=True):
    """An entry that took another identifier at the source, by the names that the report proposes."""

    old: str
    new: str


class Moved(msgspec.Struct, frozen=True):
    """Where the addresses of an entry lead, or would lead when it is confirmed."""

    old: str
    new: str


class MoveList(msgspec.Struct, frozen=True):
    """Entries that took another identifier."""

    total: int
    data: tuple[Moved, ...]


class FindOrder(msgspec.Struct, forbid_unknown_fields=True):
    """An address whose source is wanted: of a document, an API, or any page of a portal."""

    url: Address
    credentials: Secret | None = None


class Found(msgspec.Struct, frozen=True):
    """The source that an address belongs to, as it can be registered."""

    kind: str
    url: str
    config: dict[str, Any]
    """Options that read what the page shows, such as one organisation, and no more."""
    why: str
    """What the address is, in English."""


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    """A source to try without registering it."""

    url: Address
    kind: Kind
    config: dict[str, Any] = {}
    credentials: Secret | None = None


class TrialReport(msgspec.Struct, frozen=True):
    """What a dry run saw; nothing of it was published."""

    job: JobShape
    items: tuple[ItemShape, ...]


class SourceList(msgspec.Struct, frozen=True):
    """Sources in order of name."""

    total: int
    data: tuple[SourceShape, ...]


class JobList(msgspec.Struct, frozen=True):
    """Runs of one source, newest first."""

    total: int
    data: tuple[JobShape, ...]


class Receipts(msgspec.Struct, frozen=True):
    """What became of many records that were sent at once."""

    total: int
    taken: int
    """Those of which something is published."""
    data: tuple[ItemShape, ...]
    """Each record and each of its parts; those that cannot be read come first."""


class OwnRecords(msgspec.Struct, frozen=True):
    """Records of one source, in order of identifier."""

    total: int
    offset: int
    limit: int
    data: tuple[ItemShape, ...]


class ItemList(msgspec.Struct, frozen=True):
    """Records of one run, in the order seen."""

    offset: int
    limit: int
    data: tuple[ItemShape, ...]


class DifferenceShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a job changed in one field of a record."""

    identifier: str
    name: str
    """Slug of the entry."""
    field: str
    """Path of the property, such as `dcat:distribution[2]/dct:format`."""
    before: str
    """What was said, at most 200 characters from where it begins to differ; of several values those that are gone.
    Empty when nothing was said."""
    after: str
    """What is said instead; of several values those that came."""


class RehearsalOrder(msgspec.Struct, forbid_unknown_fields=True):
    """With what a source is tried in place of what is so; nothing of it is saved."""

    url: str | UnsetType = UNSET
    config: dict[str, Any] | UnsetType = UNSET
    """Options to change; null puts one back to its default."""


class RehearsalShape(msgspec.Struct, frozen=True, kw_only=True):
    """A dry run of all records of a source; nothing of it was published."""

    source: str
    state: str
    """`waiting`, `running`, `done` or `failed`."""
    asked: datetime
    started: datetime | None
    ended: datetime | None
    change: dict[str, Any]
    """With what it is tried in place of what is so."""
    job: JobShape | None
    """Its sums, as those of a job; null until it has ended. `removed` would go at once, `held` would wait."""
    refused: tuple[ItemShape, ...]
    """The first 20 that would not be taken."""
    changes: tuple[DifferenceShape, ...]
    """The first 20 differences: field, before, after."""
    going: tuple[ItemShape, ...]
    """The first 20 that the source lists no more, with what would become of them."""


class DifferenceList(msgspec.Struct, frozen=True):
    """What a job changed, record by record in the order seen."""

    total: int
    """How many are kept: at most 20 of a record and 2,000 of a job."""
    offset: int
    limit: int
    data: tuple[DifferenceShape, ...]


class PutBack(msgspec.Struct, forbid_unknown_fields=True):
    """A record that was withdrawn and may come back."""

    identifier: str


class WithdrawnShape(msgspec.Struct, frozen=True, kw_only=True):
    """A record that no harvest publishes."""

    identifier: str
    name: str
    """Slug of its entry; empty when it had none."""
    at: datetime
    """When somebody withdrew it."""


class WithdrawnList(msgspec.Struct, frozen=True):
    """Records of one source that were withdrawn and not put back, the last one first."""

    total: int
    offset: int
    limit: int
    data: tuple[WithdrawnShape, ...]


class Removal(msgspec.Struct, frozen=True):
    """What went with a source."""

    removed: int
    """Entries that answer 410 from now on."""


class Approved(msgspec.Struct, frozen=True):
    """Removals of a held job that were released."""

    job: int
    removed: int
    """Entries that answer 410 from now on."""


class Kept(msgspec.Struct, frozen=True):
    """Removals of a held job that will not be made."""

    job: int
    kept: int
    """Entries that stay published, and that no later job misses."""


class BackendOption(msgspec.Struct, frozen=True):
    """One option of a kind of source."""

    name: str
    type: str
    default: Any
    help: str


class Backend(msgspec.Struct, frozen=True):
    """One kind of source that can be harvested."""

    id: str
    title: str
    options: tuple[BackendOption, ...]
