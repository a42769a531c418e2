"""What an engine must be able to do for `asking`: answer small requests on one consistent state of its index."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from .base import Document
from .clauses import Between, Clause
from .memory import Memory
from .near_duplicates import group

BUCKET_LIMIT = 100
"""Values of a facet that are counted, unless all are asked for."""
ALL_BUCKETS = 60_000
"""Values of a facet that are counted when all are asked for: engines refuse more than 65,000."""
GROUP_LIMIT = 10_000
"""Results up to which near-duplicates are shown as one: more than can be paged through need not be told apart."""


class Ask(NamedTuple):
    """One request: documents of a clause, some of them in order, and values counted over all of them."""

    clause: Clause
    offset: int = 0
    limit: int = 0
    """How many documents to give; 0 to count only."""
    sort: str = ""
    """A sort field; empty for best score times standing first, ties by id."""
    fields: tuple[str, ...] = ()
    """Keyword fields whose values are counted: at most `buckets` each, most frequent first, ties by value."""
    buckets: int = BUCKET_LIMIT
    spans: tuple[Between, ...] = ()
    """Spans of days in which documents are counted."""
    alike: bool = False
    """Whether near-duplicates are told, of all documents and in each value and span."""
    parts: tuple[Clause, ...] = ()
    """Clauses without a document in common that are the clause together, where they are asked for beside it: an engine
    that knows how many these have need not count again."""

    @property
    def counts(self) -> bool:
        """True when more is counted than the documents."""
        return bool(self.fields or self.spans)


class Match(Protocol):
    """A document in an answer. An engine may read it when it is looked at: of many only the group is."""

    @property
    def score(self) -> float:
        """How well it matches."""

    @property
    def document(self) -> Document:
        """What the index says of it."""

    @property
    def group(self) -> str:
        """The code that near-duplicates share."""


class Known(NamedTuple):
    """One that was read."""

    document: Document
    score: float
    code: str = ""
    """The code that near-duplicates share, where it is known too."""

    @property
    def group(self) -> str:
        """The same, made of the document where it is not."""
        return self.code or group(self.document)


class Alike(NamedTuple):
    """Near-duplicates among documents."""

    groups: Mapping[str, int]
    """Code of each group of several → how many of them there are."""
    values: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    """Field → value → how many documents there are beyond one of each group; what has none is missing."""
    spans: Mapping[Between, int] = MappingProxyType({})
    """The same of spans."""

    @property
    def beyond_one(self) -> int:
        """How many documents there are beyond one of each group."""
        return sum(self.groups.values()) - len(self.groups)


class Answer(NamedTuple):
    """What an engine says to an `Ask`."""

    total: int
    found: tuple[Match, ...] = ()
    values: Mapping[str, list[tuple[str, int]]] = MappingProxyType({})
    spans: Mapping[Between, int] = MappingProxyType({})
    """Span → how many documents."""
    alike: Alike | None = None
    """Near-duplicates, where they were asked for and there are `GROUP_LIMIT` documents at most."""


def beyond_one(bucket: Mapping[str, Any]) -> int:
    """How many documents of a bucket there are beyond one of each group of several inside, as both engines give it."""
    return sum(int(each["doc_count"]) - 1 for each in bucket["groups"]["buckets"])


def alike_values(buckets: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What `Alike.values` tells of a field, from the buckets of its values."""
    return {one["key"]: beyond for one in buckets if (beyond := beyond_one(one))}


class View(Protocol):
    """One state of an index."""

    @property
    def generation(self) -> str:
        """A text that changes whenever the index does."""

    @property
    def memory(self) -> Memory:
        """What was worked out on this state."""

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks."""

    def spellings(self, beginning: str) -> list[tuple[str, int]]:
        """Terms of the spelling field that begin so, with the number of documents that have them."""
