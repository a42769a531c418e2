"""The kind of source `oai-pmh`: records in, entries out."""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from .. import datacite, dublin_core, options
from ..base import Crawl, Fetched, Harvester, HarvestError, Mapped, Normalised, Option, RawRecord, Source
from ..http import Client
from ..mapping import fields_left_out
from ..xml_records import TYPES, normalised
from .listing import Listing
from .page import READING
from .repository import Repository


class OaiPmh(Harvester):
    """A repository that speaks OAI-PMH."""

    kind: ClassVar[str] = "oai-pmh"
    title: ClassVar[str] = "OAI-PMH 2.0 with DCAT, ISO, DataCite or Dublin Core (base address of the repository)"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "prefix",
            str,
            "",
            "Format that is asked for (metadataPrefix), such as `oai_dc`; empty means the one that says most.",
            options.matching(r"[A-Za-z0-9._!~*'()-]+", "oai_dc"),
        ),
        Option("sets", list, [], "Sets whose records are taken (setSpec); empty means all.", options.texts),
    )
    record_types: ClassVar[frozenset[str]] = TYPES
    reading: ClassVar[str] = READING
    formats: ClassVar[dict[str, tuple[Mapped, ...]]] = {
        "Dublin Core": dublin_core.MAPPING,
        "DataCite": datacite.MAPPING,
    }
    left_out: ClassVar[dict[str, str]] = fields_left_out("no property of DCAT-AP", "contributor", "sizes", "formats")

    def site(self, url: str) -> str:
        """The repository without what is asked of it."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return url
        kept = [one for one in parts.query.split("&") if one and one.partition("=")[0].casefold() not in _OF_A_REQUEST]
        return parts._replace(query="&".join(kept), fragment="").geturl()

    def answers(self, site: str, client: Client) -> bool:
        """True for a repository that says what it is."""
        try:
            Repository(site, client, Crawl()).is_by_day()
        except HarvestError:
            return False
        return True

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every record that is not deleted once; those that did not change are not sent again."""
        repository = Repository(self.site(source.url), client, crawl)
        yield from Listing(repository, crawl, self.config(source)).records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one record."""
        return normalised(raw, source)


_OF_A_REQUEST = frozenset({"verb", "metadataprefix", "identifier", "set", "from", "until", "resumptiontoken"})
