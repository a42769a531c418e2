"""Asking a repository: what it is, its formats, lists and single records.

https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import NamedTuple

from lxml import etree

from dcat.rdf import clean_text

from .. import json, xml
from ..base import Crawl, HarvestError
from ..http import Client, status_error
from ..xml_records import Found, found_in

NONE = "noRecordsMatch"
"""Code of an answer that is empty and no failure."""
EXPIRED = "badResumptionToken"
UNKNOWN = "idDoesNotExist"
UNGIVEN = "cannotDisseminateFormat"
UNDATED = "undated"
"""The version of a record without datestamp, which must have one: what has no version is not known to be held."""
_WANTED = "an answer of OAI-PMH"


class Entry(NamedTuple):
    """One record of a list."""

    identifier: str
    """That of its header, which is the repository's own for the item."""
    version: str
    """Its datestamp."""
    is_deleted: bool = False
    record: Found | None = None
    """None in a list of identifiers, and for a deleted one."""
    sets: tuple[str, ...] = ()
    """Those that its header names, which need not be all that it is in."""

    def __str__(self) -> str:
        """What it is called, else how it begins, as people see it."""
        return self.identifier or f"{self.version} {self.record or ''}".strip()


class Batch(NamedTuple):
    """One part of a list."""

    entries: list[Entry]
    token: str
    """With which the next part is asked for; empty on the last one."""


class Refusal(HarvestError):
    """An `error` element of the protocol; `reason` is its code."""

    def __init__(self, message: str, where: str, reason: str) -> None:
        super().__init__("API_ERROR", message, where)
        self.reason = reason


class Repository:
    """One repository during one run."""

    def __init__(self, address: str, client: Client, crawl: Crawl) -> None:
        self.address, self._client, self._crawl = address, client, crawl
        self.week = ""
        """Year and week of the repository's own clock, by its answers."""
        self.day: date | None = None
        """The day by that clock."""

    def is_by_day(self) -> bool:
        """True when its datestamps are days; raises `HarvestError` for what is no repository."""
        root = self._ask({"verb": "Identify"})
        said = xml.text(next(xml.descendants(root, "granularity"), None))
        return "T" not in said

    def formats(self) -> dict[str, str]:
        """The prefixes of its formats, with the namespace of each."""
        root = self._ask({"verb": "ListMetadataFormats"})
        return {
            xml.text(xml.child(each, "metadataPrefix")): xml.text(xml.child(each, "metadataNamespace"))
            for each in xml.descendants(root, "metadataFormat")
        }

    def batch(self, verb: str, asked: Mapping[str, str], token: str) -> Batch:
        """A part of a list: the first by what is asked, the others by the token alone. One without records is empty."""
        try:
            root = self._ask({"verb": verb, **({"resumptionToken": token} if token else asked)})
        except Refusal as refusal:
            if refusal.reason != NONE:
                raise
            return Batch([], "")
        listed = xml.child(root, verb)
        if listed is None:
            raise HarvestError("NOT_A_FEED", f"{self.address} answered without <{verb}>.", self.address)
        entries = [self._entry(each) for each in xml.children(listed) if xml.name(each) in {"record", "header"}]
        return Batch(entries, xml.text(xml.child(listed, "resumptionToken")))

    def record(self, identifier: str, prefix: str) -> Entry:
        """One record alone."""
        root = self._ask({"verb": "GetRecord", "identifier": identifier, "metadataPrefix": prefix})
        found = next(xml.descendants(root, "record"), None)
        if found is None:
            raise HarvestError("NOT_FOUND", f"{self.address} gave no record for {identifier[:200]!r}.", self.address)
        return self._entry(found)

    def address_of(self, identifier: str, prefix: str) -> str:
        """Where one record is."""
        return json.address(self.address, verb="GetRecord", identifier=identifier, metadataPrefix=prefix)

    def _entry(self, element: etree._Element) -> Entry:
        header = element if xml.name(element) == "header" else xml.child(element, "header")
        if header is None:
            return Entry("", "")
        identifier = xml.text(xml.child(header, "identifier"))
        version = xml.text(xml.child(header, "datestamp")) or UNDATED
        if (header.get("status") or "").strip().casefold() == "deleted":
            return Entry(identifier, version, is_deleted=True)
        sets = tuple(map(xml.text, xml.children(header, "setSpec")))
        metadata = xml.child(element, "metadata")
        inner = next(xml.children(metadata), None) if metadata is not None else None
        return Entry(identifier, version, record=self._found(inner) if inner is not None else None, sets=sets)

    def _found(self, element: etree._Element) -> Found:
        """The record; one that is meant as RDF and is none is kept as it came, so that it is refused by name."""
        try:
            return found_in(element, self.address)
        except ValueError:
            return Found("", xml.canonical(element), xml.XML)

    def _ask(self, asked: Mapping[str, str]) -> etree._Element:
        root, response = xml.get(self._client, json.address(self.address, **asked), self._crawl, _WANTED)
        self.week = response.week or self.week
        self.day = response.day or self.day
        if xml.name(root) != "OAI-PMH":
            if response.status >= HTTPStatus.BAD_REQUEST:
                raise status_error(response)
            raise HarvestError(
                "NOT_A_FEED",
                f"{self.address} answered with <{xml.name(root)}>, which is none of OAI-PMH. Check the address.",
                self.address,
            )
        if (error := xml.child(root, "error")) is not None:
            code, said = error.get("code") or "unknown", clean_text(xml.text(error))[:300].rstrip(".")
            message = f"{self.address} answered with an error ({code}: {said or 'it did not say why'})."
            raise Refusal(f"{message} Check the address and the options.", self.address, code)
        return root
