"""Asking a CSW: what it can, pages of records, what changed last. OGC 07-006r1 (HTTP binding, key and value pairs)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from lxml import etree

from dcat.rdf import clean_text

from .. import json, xml
from ..base import Crawl, HarvestError
from ..http import Client, Response, status_error
from ..xml_records import Found, found_in

GMD = "http://www.isotc211.org/2005/gmd"
MDB = "http://standards.iso.org/iso/19115/-3/mdb/2.0"
RECORD = "http://www.opengis.net/cat/csw/2.0.2"
DCAT = (
    "http://data.europa.eu/r5r/",
    "https://semiceu.github.io/DCAT-AP/releases/3.0.0/",
    "https://semiceu.github.io/DCAT-AP/releases/2.2.0-hvd/",
    "http://data.europa.eu/930/",
    "http://data.europa.eu/930/#semiceu",
    "http://www.w3.org/ns/dcat#",
)
"""Output schemas of DCAT, as GeoNetwork names them, the most fitting first."""
ISO = (MDB, GMD)

_TYPES = {GMD: "gmd:MD_Metadata", MDB: "mdb:MD_Metadata"}
_EXCEPTIONS = frozenset({"ExceptionReport", "ServiceExceptionReport"})
_WANTED = "an answer of a CSW"


class Answer(NamedTuple):
    """One answer to GetRecords."""

    records: list[Found]
    matched: int | None
    """How many records there are; None when it does not say."""


class Server:
    """One service during one run."""

    def __init__(self, address: str, client: Client, crawl: Crawl, constraint: str = "") -> None:
        """`constraint`: CQL that records must match."""
        self.address, self._client, self._crawl, self._constraint = address, client, crawl, constraint
        self.week = ""
        """Year and week of the service's own clock; empty when it does not tell."""

    def schemas(self) -> list[str]:
        """The output schemas that GetRecords offers. Raises `HarvestError` for what is no CSW."""
        root = self._ask(request="GetCapabilities")
        if xml.name(root) != "Capabilities":
            raise HarvestError(
                "NOT_A_FEED",
                f"{self.address} answered GetCapabilities with <{xml.name(root)}>, which is none of a CSW. "
                "Check the address.",
                self.address,
            )
        operations = (each for each in xml.descendants(root, "Operation") if each.get("name") == "GetRecords")
        parameters = (each for one in operations for each in xml.children(one, "Parameter"))
        named = (each for each in parameters if (each.get("name") or "").casefold() == "outputschema")
        return [xml.text(value) for one in named for value in xml.descendants(one, "Value")]

    def records(self, schema: str, start: int, count: int, *, elements: str = "full", **asked: str) -> Answer:
        """Records from the position `start` (from 1) on. `asked`: further parameters (`sortBy`, `constraint`)."""
        wanted = {"outputSchema": schema, "typeNames": _TYPES.get(schema, "csw:Record"), "elementSetName": elements}
        page = {"maxRecords": str(count), "startPosition": str(start), "resultType": "results"}
        root = self._ask(request="GetRecords", **wanted, **page, **self._matching(asked))
        results = xml.child(root, "SearchResults")
        if results is None:
            raise HarvestError(
                "NOT_A_FEED",
                f"{self.address} answered GetRecords with <{xml.name(root)}>. Check that it is a CSW.",
                self.address,
            )
        return Answer([self._found(each) for each in xml.children(results)], _number(results))

    def address_of(self, identifier: str, schema: str) -> str:
        """Where one record is."""
        asked = {"request": "GetRecordById", "id": identifier, "outputSchema": schema, "elementSetName": "full"}
        return json.address(self.address, service="CSW", version="2.0.2", **asked)

    def _matching(self, asked: Mapping[str, str]) -> dict[str, str]:
        """The parameters with the source's own filter beside the one that is asked for."""
        found = [each for each in (self._constraint, asked.get("constraint", "")) if each]
        if not found:
            return dict(asked)
        both = " AND ".join(f"({each})" for each in found) if len(found) > 1 else found[0]
        language = {"constraintLanguage": "CQL_TEXT", "constraint_language_version": "1.1.0"}
        return {**asked, **language, "constraint": both}

    def _found(self, element: etree._Element) -> Found:
        """One record; without identifier when it cannot be read, so that it is told and not lost."""
        try:
            return found_in(element, self.address)
        except ValueError as error:
            return Found("", f"{error}".encode(), xml.XML)

    def _ask(self, **asked: str) -> etree._Element:
        url = json.address(self.address, service="CSW", version="2.0.2", **asked)
        root, response = xml.get(self._client, url, self._crawl, _WANTED)
        self.week = response.week or self.week
        if xml.name(root) in _EXCEPTIONS:
            raise _refused(self.address, response, root)
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise status_error(response)
        return root


def _refused(address: str, response: Response, root: etree._Element) -> HarvestError:
    """An exception report (OWS Common, 8), which may come with status 200."""
    said = [clean_text(xml.text(each)) for each in xml.descendants(root, "ExceptionText", "ServiceException")]
    codes = [each.get("exceptionCode") or each.get("code") or "" for each in root.iterchildren("*")]
    words = ": ".join(filter(None, (next(iter(codes), ""), next(iter(said), "")[:300].strip().rstrip("."))))
    status = response.status if response.status >= HTTPStatus.BAD_REQUEST else 0
    return HarvestError(
        "API_ERROR",
        f"{address} answered with an error ({words or 'it did not say which'}). Check the address, or ask the service.",
        response.url,
        status=status,
    )


def _number(results: etree._Element) -> int | None:
    said = (results.get("numberOfRecordsMatched") or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None
