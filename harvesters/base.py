"""What every kind of source has in common: it is fetched into raw records, and a raw record is normalised.

Fetching fails for reasons of the world, normalising for reasons of ours; only the second can be replayed offline, so
the two never mix and the raw record is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from dcat.findings import Finding
from dcat.model import Entry

from .errors import HarvestError, SkipRecord
from .http import Client

__all__ = [
    "COMMON_OPTIONS",
    "MOST_PAGES",
    "MOST_RECORDS",
    "Crawl",
    "HarvestError",
    "Harvester",
    "Normalised",
    "Option",
    "RawRecord",
    "SkipRecord",
    "Source",
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


@dataclass
class Crawl:
    """What a fetch learns on its way, besides records; the conductor reads it when the fetch has ended."""

    declared_total: int | None = None
    """Number of different records that the source says it has."""
    incomplete: list[str] = field(default_factory=list)
    """Why the crawl cannot prove that it saw everything (page missing, loop, unreadable record). Empty = complete."""
    findings: list[Finding] = field(default_factory=list)
    """Remarks about the source as a whole, or about records that could not be told apart."""
    unread: dict[str, int] = field(default_factory=dict)
    """Fields, or properties outside the profile, that nobody used, with the number of times each was seen."""
    pages: int = 0
    """Pages read, for the progress bar."""
    known: Mapping[str, str] = field(default_factory=dict)
    """The `validators` of the last complete run, given by the conductor; empty asks for everything (a full run)."""
    validators: dict[str, str] = field(default_factory=dict)
    """Header fields (If-None-Match, If-Modified-Since) by which the next run can ask whether anything changed; only of
    a source that came whole in one answer."""
    unchanged: bool = False
    """True when the source says that nothing changed since `known`: nothing is yielded, and nothing is missing."""


class Normalised(msgspec.Struct, frozen=True, kw_only=True):
    """What a raw record says, in the language of the catalogue."""

    entry: Entry
    findings: tuple[Finding, ...] = ()
    unread: dict[str, int] = {}
    """Fields or properties outside the profile that were not used."""


class Option(msgspec.Struct, frozen=True):
    """One option of a kind of source, for `datastore source kinds` and for checking `--config`."""

    name: str
    type: type
    default: Any
    help: str


COMMON_OPTIONS = (
    Option("language", str, "", "Language of texts that say none, such as `fr`."),
    Option("license", str, "", "Licence of files that name none: a code or IRI of the licence table."),
    Option("place", str, "", "Area of what names none: a name or code of the place table."),
)
"""Options of every kind: what a source does not say itself. `dcat.normalise` fills it in, and says so."""

MOST_PAGES = 10_000
"""Pages of one run: more are a loop, or a source to be split."""

MOST_RECORDS = 200_000
"""Records of one run."""


class Harvester:
    """A kind of source. Subclasses are stateless; `HARVESTERS` holds one instance of each."""

    kind: ClassVar[str]
    title: ClassVar[str]
    """What it is, in one line for people."""
    options: ClassVar[tuple[Option, ...]] = ()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every record of the source; raises `HarvestError` when it cannot go on."""
        raise NotImplementedError

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one raw record. Pure. Raises `SkipRecord`, or `ValueError` with a sentence when it cannot be read."""
        raise NotImplementedError

    def config(self, source: Source) -> Mapping[str, Any]:
        """The source's options over their defaults."""
        return {option.name: source.config.get(option.name, option.default) for option in self.options}
