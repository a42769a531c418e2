"""The kind of source `sdmx`: the list of dataflows of a statistical database.

REST of SDMX 2.1 (`…/dataflow/AGENCY`) and 3.0 (`…/structure/dataflow/AGENCY`), in SDMX-ML or SDMX-JSON.
https://github.com/sdmx-twg/sdmx-rest
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, ClassVar

from dcat.findings import finding

from .. import document, json, xml
from ..base import Crawl, Harvester, HarvestError, Mapped, Normalised, RawRecord, Source
from ..http import Client, Response, not_what_was_asked
from ..sniff import is_binary, is_empty, is_html, start_of
from .entry import LEFT_OUT, MAPPING, entry_of, identifier_of, version_of
from .structure import data_of, errors, flows_of_json, flows_of_xml, footers

ACCEPT = (
    "application/vnd.sdmx.structure+xml;version=2.1, application/vnd.sdmx.structure+xml;version=3.0.0;q=0.9, "
    "application/vnd.sdmx.structure+json;version=2.0.0;q=0.8, application/vnd.sdmx.structure+json;version=1.0;q=0.7, "
    "application/xml;q=0.5, application/json;q=0.4, */*;q=0.1"
)


READING = """\
- One structure message, asked for with the ETag or date of the last one. Where its server gives none it comes whole
  each time: a query for dataflows has no pages, and no date by which it could be cut.
"""


class Sdmx(Harvester):
    """The dataflows of a statistical database."""

    kind: ClassVar[str] = "sdmx"
    title: ClassVar[str] = "SDMX dataflows (address of a dataflow query, such as …/dataflow/AGENCY)"
    reading: ClassVar[str] = READING
    documents: ClassVar[str] = "a structure message of SDMX with dataflows"
    mapping: ClassVar[tuple[Mapped, ...]] = MAPPING
    left_out: ClassVar[dict[str, str]] = LEFT_OUT

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every dataflow once, in its highest version."""
        response = document.fetched(source.url, client, crawl, accept=ACCEPT)
        if response is None:
            return
        latest: dict[str, dict[str, Any]] = {}
        for number, flow in enumerate(_flows(response, crawl), start=1):
            if identifier := identifier_of(flow):
                latest[identifier] = max(flow, latest.get(identifier, flow), key=version_of)
            else:
                crawl.findings.append(finding("record-unreadable", response.url, "", f"dataflow {number}: no id"))
                crawl.incomplete.append(f"Dataflow {number} has no id.")
        for identifier, flow in latest.items():
            yield json.record(identifier, flow, crawl, address=response.url)

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataflow."""
        entry, unread = entry_of(json.opened(raw, "a dataflow"), source.url)
        return Normalised(entry=entry, unread=unread)

    def recognises(self, document: Response) -> bool:
        """True for a structure message with dataflows."""
        start = document.body[:20_000]
        return b"sdmx" in start.lower() and b"dataflow" in start.lower()


def _flows(response: Response, crawl: Crawl) -> Iterator[dict[str, Any]]:
    """The dataflows of a message. Raises `HarvestError` for what is none, or says what went wrong in SDMX's way."""
    body = response.body
    if is_empty(body) or is_html(body) or is_binary(body):
        raise not_what_was_asked(response, "a structure message of SDMX")
    if start_of(body).startswith((b"{", b"[")):
        said = json.read(response, crawl)
        if not isinstance(said, dict) or not isinstance(data_of(said).get("dataflows"), list):
            if isinstance(said, dict) and (why := "; ".join(errors(said))):
                raise _refused(response, why)
            raise not_what_was_asked(response, "a structure message of SDMX with dataflows")
        crawl.incomplete += map(partial(_not_whole, response), errors(said))
        return flows_of_json(said)
    root = xml.read(response, crawl, "a structure message of SDMX")
    if xml.name(root) == "Error":
        raise _refused(response, " ".join(xml.text(one) for one in xml.descendants(root, "Text")))
    if xml.name(root) != "Structure":
        raise HarvestError("NOT_A_FEED", f"{response.url} is XML and no structure message of SDMX.", response.url)
    crawl.incomplete += map(partial(_not_whole, response), footers(root))
    return flows_of_xml(root)


def _not_whole(response: Response, why: str) -> str:
    return f"{response.url} may not be whole. It says: {why[:300]}."


def _refused(response: Response, why: str) -> HarvestError:
    return HarvestError(
        "API_ERROR", f"{response.url} answered with an error: {why[:300] or 'no reason'}.", response.url
    )
