"""The kind of source `csw`: records in, entries out."""

import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from .. import iso, options, xml
from ..base import Crawl, Fetched, Harvester, HarvestError, Mapped, Normalised, Option, RawRecord, Source
from ..http import Client, OneAnswer, Response
from ..xml_records import TYPES, found_in, normalised
from .crawling import Crawling
from .page import READING
from .server import Server

_OF_A_REQUEST = re.compile(
    r"(?i)(?:service|version|request|outputschema|elementsetname|typenames?|maxrecords|startposition|resulttype|id"
    r"|acceptversions|constraint\w*|sortby|namespace)\Z"
)
_GEONETWORK = re.compile(
    r"(.*/srv)(?:/([a-z]{3}))?(?:/(?:catalog\.search|search|home|main\.home|csw\b.*|api\b.*))?/?\Z"
)


class Csw(Harvester):
    """A catalogue service for the web."""

    kind: ClassVar[str] = "csw"
    title: ClassVar[str] = "CSW 2.0.2 with ISO 19139, ISO 19115-3 or DCAT (address of the service)"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "schema",
            str,
            "auto",
            "What is asked for: `dcat`, `iso`, or `auto`, which is DCAT where the service offers it.",
            options.one_of("auto", "dcat", "iso"),
        ),
        Option("records", int, 100, "Records asked for at once; the service may give fewer.", options.between(1, 1000)),
        Option("filter", str, "", "CQL that records must match, such as `dc:subject = 'opendata'`."),
    )
    record_types: ClassVar[frozenset[str]] = TYPES
    reading: ClassVar[str] = READING
    formats: ClassVar[dict[str, tuple[Mapped, ...]]] = {"ISO 19139 and 19115-3": iso.MAPPING}
    left_out: ClassVar[dict[str, str]] = iso.LEFT_OUT
    documents: ClassVar[str] = "ISO 19139 or 19115-3 in XML: a record, or an answer of a CSW"

    def site(self, url: str) -> str:
        """The service without what is asked of it; that of a GeoNetwork by any of its pages."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return url
        kept = [one for one in parts.query.split("&") if one and not _OF_A_REQUEST.match(one.partition("=")[0])]
        path = f"{parts.path.rstrip('/')}/srv" if parts.path.rstrip("/").endswith("/geonetwork") else parts.path
        if (found := _GEONETWORK.fullmatch(path)) and not path.endswith("/csw"):
            path = f"{found[1]}/{found[2] or 'eng'}/csw"
        return parts._replace(path=path, query="&".join(kept), fragment="").geturl()

    def answers(self, site: str, client: Client) -> bool:
        """True for a service that says what it can."""
        try:
            Server(site, client, Crawl()).schemas()
        except HarvestError:
            return False
        return True

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every record once; those that did not change are not sent again where the service can tell."""
        config = self.config(source)
        server = Server(self.site(source.url), client, crawl, config["filter"])
        yield from Crawling(server, crawl, config).records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one record."""
        return normalised(raw, source)

    def recognises(self, document: Response) -> bool:
        """True for records of ISO, alone or in an answer."""
        if not xml.is_xml(document.body) or b"MD_Metadata" not in document.body:
            return False
        try:
            return bool(iso.records_in(xml.opened(document.body, "an ISO record")))
        except ValueError:
            return False

    def records_of(self, document: OneAnswer, source: Source, crawl: Crawl) -> Iterator[Fetched]:  # noqa: ARG002
        """The records of a document."""
        crawl.pages += 1
        for number, each in enumerate(iso.records_in(xml.read(document.answer, crawl, "a record of ISO 19115")), 1):
            found = found_in(each, document.answer.url)
            yield found.raw(found.identifier or f"record {number}", "")
