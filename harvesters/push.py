"""A source that nobody reads: its producer sends the records, in RDF."""

from collections.abc import Iterator
from typing import ClassVar

from .base import Crawl, Fetched, Harvester, HarvestError, Source
from .http import Client

READING = """\
- Nothing is read: its producer sends records over the [API](../api.md), in RDF, as [dcat](dcat.md) reads them.
"""


class Push(Harvester):
    """It has no address; what is sent to it is read by the lingua franca."""

    kind = "push"
    title = "No address: its producer sends the records"
    reading: ClassVar[str] = READING
    record_types: ClassVar[frozenset[str]] = frozenset()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:  # noqa: ARG002 (of every kind)
        """There is nothing to read."""
        raise HarvestError("NOTHING_TO_READ", f"Nothing is read of {source.name!r}: its producer sends the records.")
