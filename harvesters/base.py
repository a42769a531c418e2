"""What every kind of source has in common: it is fetched into raw records, and a raw record is normalised.

Fetching fails for reasons of the world, normalising for reasons of ours; only the second can be replayed offline, so
the two never mix and the raw record is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import msgspec

from dcat.findings import Finding
from dcat.model import Entry

from .errors import HarvestError, SkipRecord
from .mapping import Mapped
from .options import COMMON_OPTIONS, Option
from .remarks import Remarks

if TYPE_CHECKING:  # who only names a kind waits for no web client and no parser
    from dcat.rdf import Graph

    from .http import Client, OneAnswer, Response

__all__ = [
    "COMMON_OPTIONS",
    "MOST_PAGES",
    "MOST_RECORDS",
    "Crawl",
    "Fetched",
    "HarvestError",
    "Harvester",
    "Mapped",
    "Normalised",
    "Option",
    "Part",
    "Place",
    "RawRecord",
    "SkipRecord",
    "Source",
    "StillThere",
]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A registered catalogue of a public body."""

    id: str
    name: str
    """Readable slug, unique."""
    title: str
    url: str
    kind: str
    """Key of `HARVESTERS`."""
    publisher: str = ""
    """Name (slug) of the publisher that answers for it; empty when the catalogue holds several."""
    schedule: str = ""
    """Cron text; empty means only when asked."""
    config: dict[str, Any] = {}
    """Options of the kind."""
    active: bool = True


class RawRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record as the source gave it."""

    identifier: str
    """The source's own stable identifier."""
    body: bytes
    media_type: str
    """`application/n-triples`, `application/json`, …: what `body` is."""
    address: str = ""
    """Where it was read."""
    version: str = ""
    """By what the source tells that it changed (a date, a number, an ETag); empty when it tells nothing. Whoever lists
    it under the same version next time need not fetch it."""


class StillThere(msgspec.Struct, frozen=True, kw_only=True):
    """A record that the source lists unchanged: what we hold of it is taken in its place."""

    identifier: str


Fetched = RawRecord | StillThere
"""What a fetch yields."""


def _nobody(_: int) -> None:
    """Nobody prepares for what comes."""


_STATE = "state"
"""The name in `validators` of what is no header field."""


@dataclass
class Crawl:
    """What a fetch learns on its way, besides records; the conductor reads it when the fetch has ended."""

    declared_total: int | None = None
    """Number of different records that the source says it has."""
    incomplete: list[str] = field(default_factory=list)
    """Why the crawl cannot prove that it saw everything (page missing, loop, unreadable record). Empty = complete."""
    findings: Remarks = field(default_factory=Remarks)
    """Remarks about the source as a whole, or about records that could not be told apart."""
    unread: dict[str, int] = field(default_factory=dict)
    """Fields, or properties outside the profile, that nobody used, with the number of times each was seen."""
    doubles: int = 0
    """Records that were left aside because another one goes by all that identifies them."""
    renamed: dict[str, list[str]] = field(default_factory=dict)
    """Identifiers under which an earlier run may have known a record that now has another, with that one, or those."""
    deleted: set[str] = field(default_factory=set)
    """Identifiers of records that the source itself says it deleted: not only that it no longer lists them."""
    pages: int = 0
    """Pages read, for the progress bar."""
    known: Mapping[str, str] = field(default_factory=dict)
    """The `validators` of the last complete run, given by the conductor; empty asks for everything (a full run)."""
    validators: dict[str, str] = field(default_factory=dict)
    """By what the next run can tell whether anything changed: header fields (If-None-Match, If-Modified-Since) of a
    source that came whole in one answer, or what `is_as_before` noted of one in pages."""
    unchanged: bool = False
    """True when the source says that nothing changed since `known`: nothing is yielded, and nothing is missing."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """The version of each record that we hold, by its identifier, given by the conductor; empty asks for everything."""
    expect: Callable[[int], None] = _nobody
    """Given by the conductor, who prepares for many records: to be told how many the source gives in all, before they
    come, as far as that can be guessed, and again when more is known. A wrong number costs time, and no record."""

    def holds(self, identifier: str, version: str) -> bool:
        """True when what the source lists under that version is what we hold: yield `StillThere` and fetch nothing."""
        return bool(version) and self.versions.get(identifier) == version

    def is_as_before(self, *state: object) -> bool:
        """Notes what tells that anything in the source changed, such as its number of records and the last change
        among them; True when it is what the last complete run noted: then nothing need be yielded."""
        self.validators = {_STATE: " ".join(map(str, state))}
        self.unchanged = self.known.get(_STATE) == self.validators[_STATE]
        return self.unchanged


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A further entry that a record describes, such as the API of a dataset."""

    name: str
    """What tells it from the other parts of its record, the same in each harvest: `api`."""
    entry: Entry
    """A service that names no dataset serves that of its record."""


class Normalised(msgspec.Struct, frozen=True, kw_only=True):
    """What a raw record says, in the language of the catalogue."""

    entry: Entry
    parts: tuple[Part, ...] = ()
    """Entries of their own, beside the one that has the record's identifier."""
    linked: Mapping[str, tuple[str, ...]] = {}
    """Other records of the same source that the entry leads to, by the field that leads there (`serves_dataset`,
    `in_series`), each by its identifier: what their IRIs are only the catalogue knows."""
    findings: tuple[Finding, ...] = ()
    unread: dict[str, int] = {}
    """Fields or properties outside the profile that were not used."""
    places: dict[str, str] = {}
    """Where in its document each property stands, in the words of whoever keeps the document (`{"dct:title": "B17"}`),
    and under the empty name the record as a whole. Findings are told there; empty where nobody counts cells."""


MOST_PAGES = 10_000
"""Pages of one run: more are a loop, or a source to be split."""

MOST_RECORDS = 200_000
"""Records of one run."""


class Place(NamedTuple):
    """Where a source may be that somebody names by one of its pages."""

    site: str
    """What to register."""
    config: Mapping[str, Any] = {}
    """Options that read what the page shows, and no more."""
    page: str = ""
    """What page it is, as in "the page of organisation 'ville'"."""


class Harvester:
    """A kind of source. Subclasses are stateless; `HARVESTERS` holds one instance of each."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """What it is, in one line for people."""
    options: ClassVar[tuple[Option, ...]] = ()
    """Its own; every kind has `COMMON_OPTIONS` too."""

    mapping: ClassVar[tuple[Mapped, ...]] = ()
    """What becomes of the fields of a record, for people."""
    formats: ClassVar[Mapping[str, tuple[Mapped, ...]]] = {}
    """The same of a kind whose records come in formats with names of their own, by the format."""
    left_out: ClassVar[Mapping[str, str]] = {}
    """Fields that are known and not used, with the reason."""

    reading: ClassVar[str] = ""
    """How its sources are read, for people: a list in Markdown."""

    selecting: ClassVar[tuple[str, ...]] = ("include",)
    """Options by which two sources at one address differ: each reads another part of it."""

    naming: ClassVar[tuple[str, ...]] = ()
    """Options that name things of the source, which only the source can tell to be there (`lacks`)."""

    record_types: ClassVar[frozenset[str]] = frozenset({"application/json"})
    """Media types of its raw records."""
    documents: ClassVar[str] = ""
    """Which documents it reads without their source, for people; empty when none."""

    def site(self, url: str) -> str:
        """The address of a source in one form, by which it is known again: kinds that take that of a portal, of its API
        and of its pages alike cut it to the portal's."""
        return url

    def places(self, url: str) -> Iterator[Place]:
        """Where a source of this kind may be when somebody copied the address of a page of it; the likeliest first."""
        yield Place(self.site(url))

    def answers(self, site: str, client: "Client") -> bool:  # noqa: ARG002 (what kinds that have an API ask)
        """True when a source of this kind answers at that address: asks for what no other kind gives."""
        return False

    def lacks(self, site: str, config: Mapping[str, Any], client: "Client") -> str:  # noqa: ARG002 (see `naming`)
        """What the options name and the source does not have, as a sentence with what it has; empty when nothing."""
        return ""

    def fetch(self, source: Source, client: "Client", crawl: Crawl) -> Iterator[Fetched]:
        """Yields every record of the source; raises `HarvestError` when it cannot go on.

        A record whose version `crawl.holds` may be yielded as `StillThere`.
        """
        raise NotImplementedError

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one raw record. Pure. Raises `SkipRecord`, or `ValueError` with a sentence when it cannot be read."""
        raise NotImplementedError

    def recognises(self, document: "Response") -> bool:  # noqa: ARG002 (what kinds that read documents look at)
        """True for a document, sent or named by somebody, whose records it can read without asking its source."""
        return False

    def records_of(self, document: "OneAnswer", source: Source, crawl: Crawl) -> Iterator[Fetched]:
        """The records of a document that it recognises. As it stands for kinds whose source is one document."""
        return self.fetch(source, document, crawl)

    def record(self, identifier: str, body: bytes, media_type: str) -> RawRecord | None:
        """One record that a producer sends, as a fetch would have made it; None when it is not in a form of this kind.

        Raises `ValueError` with a sentence when it is, and cannot be read.
        """
        type = media_type.partition(";")[0].strip().lower()
        return RawRecord(identifier=identifier, body=body, media_type=type) if type in self.record_types else None

    def graph(self, answer: "Response", max_bytes: int) -> "Graph | None":  # noqa: ARG002 (as kinds that speak RDF do)
        """What a page of the source says in RDF, for remarks on it; None for kinds that speak no RDF.

        Raises `HarvestError` or `ParseError` when it cannot be read, which a fetch tells as well.
        """
        return None

    @property
    def all_options(self) -> tuple[Option, ...]:
        """Its own options, and those of every kind."""
        return (*self.options, *COMMON_OPTIONS)

    def config(self, source: Source) -> Mapping[str, Any]:
        """The source's options over their defaults."""
        return {option.name: source.config.get(option.name, option.default) for option in self.all_options}
