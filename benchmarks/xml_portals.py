"""Portals that speak XML, over records that are given: a CSW, an OAI-PMH repository, a folder on a web server.

Each answers as the real ones do, from parameters to bytes, for whoever serves it; tests let them lie.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from lxml import etree

from harvesters import iso, xml

CSW = "http://www.opengis.net/cat/csw/2.0.2"
GMD = "http://www.isotc211.org/2005/gmd"


class Record(NamedTuple):
    """One record of a portal."""

    identifier: str
    changed: str
    """When it last changed, ISO 8601."""
    body: bytes
    """Its XML, without declaration."""


def records_of(document: bytes) -> list[Record]:
    """The records of ISO in a document, as its portal has them."""
    return [
        Record(iso.identifier_of(one), iso.changed_of(one) or "2020-01-01", etree.tostring(one))
        for one in iso.records_in(xml.opened(document, "an ISO record"))
    ]


def listed_in(document: bytes) -> list[Record]:
    """The records of an answer of OAI-PMH, in whatever format, without deleted ones."""
    found = []
    for one in xml.descendants(xml.opened(document, "an answer of OAI-PMH"), "record"):
        header, metadata = xml.child(one, "header"), xml.child(one, "metadata")
        if header is not None and metadata is not None and len(metadata):
            identifier, changed = (xml.text(xml.child(header, name)) for name in ("identifier", "datestamp"))
            found.append(Record(identifier, changed, etree.tostring(metadata[0])))
    return found


class Csw:
    """A CSW 2.0.2 with GetCapabilities and GetRecords."""

    def __init__(
        self,
        records: Sequence[Record],
        *,
        most: int = 10,
        schemas: Sequence[str] = (GMD,),
        next_record: Callable[[int, int], int] = lambda following, matched: following if following <= matched else 0,
        broken: Sequence[str] = (),
    ) -> None:
        """`most`: records at once. `next_record`: what it says, from the truth. `broken`: identifiers of records that
        it cannot write."""
        self.records, self.most, self.schemas, self.next_record = list(records), most, schemas, next_record
        self.broken = frozenset(broken)

    def answer(self, query: Mapping[str, str]) -> bytes:
        """What it answers to parameters, whatever their case."""
        asked = {name.casefold(): value for name, value in query.items()}
        return self._capabilities() if asked.get("request") == "GetCapabilities" else self._records(asked)

    def _capabilities(self) -> bytes:
        values = "".join(f"<ows:Value>{escape(schema)}</ows:Value>" for schema in (CSW, *self.schemas))
        return (
            f'<csw:Capabilities xmlns:csw="{CSW}" xmlns:ows="http://www.opengis.net/ows" version="2.0.2">'
            '<ows:OperationsMetadata><ows:Operation name="GetRecords"><ows:Parameter name="outputSchema">'
            f"{values}</ows:Parameter></ows:Operation></ows:OperationsMetadata></csw:Capabilities>"
        ).encode()

    def _records(self, asked: Mapping[str, str]) -> bytes:
        found = self._sorted(self._matching(asked), asked.get("sortby", ""))
        start, count = int(asked.get("startposition", "1")), min(int(asked.get("maxrecords", "10")), self.most)
        page = found[start - 1 : start - 1 + count]
        if start < 1:
            return exception("InvalidParameterValue", "startPosition must be positive")
        is_brief = asked.get("outputschema") == CSW
        if not is_brief and (bad := next((one for one in page if one.identifier in self.broken), None)):
            return exception("NoApplicableCode", f"cannot write {bad.identifier}")
        following = self.next_record(start + len(page), len(found))
        body = b"".join(map(_brief, page) if is_brief else (one.body for one in page))
        return (
            (
                f'<csw:GetRecordsResponse xmlns:csw="{CSW}"><csw:SearchResults numberOfRecordsMatched="{len(found)}" '
                f'numberOfRecordsReturned="{len(page)}" nextRecord="{following}">'
            ).encode()
            + body
            + b"</csw:SearchResults></csw:GetRecordsResponse>"
        )

    def _matching(self, asked: Mapping[str, str]) -> list[Record]:
        since = re.search(r"(?i)modified >= '([^']*)'", asked.get("constraint", ""))
        return [one for one in self.records if not since or one.changed >= since[1]]

    @staticmethod
    def _sorted(found: list[Record], by: str) -> list[Record]:
        name, _, order = by.rpartition(":")
        if name in {"dct:modified", "Modified"}:
            return sorted(found, key=lambda one: one.changed, reverse=order == "D")
        return sorted(found, key=lambda one: one.identifier) if name else found


OAI = "http://www.openarchives.org/OAI/2.0/"


class Repository:
    """A repository of OAI-PMH 2.0 that gives its records in one format."""

    def __init__(
        self,
        records: Sequence[Record],
        *,
        most: int = 10,
        prefix: str = "oai_dc",
        namespace: str = "http://www.openarchives.org/OAI/2.0/oai_dc/",
        granularity: str = "YYYY-MM-DDThh:mm:ssZ",
        deleted: Sequence[str] = (),
        broken: Sequence[str] = (),
    ) -> None:
        """`deleted`: identifiers of records of which it keeps the header. `broken`: of those whose XML is cut."""
        self.records, self.most, self.prefix, self.namespace = list(records), most, prefix, namespace
        self.granularity, self.deleted, self.broken = granularity, set(deleted), frozenset(broken)

    def answer(self, query: Mapping[str, str]) -> bytes:
        """What it answers to parameters."""
        verb = query.get("verb", "")
        said: dict[str, Callable[[], bytes]] = {
            "Identify": f"<granularity>{self.granularity}</granularity>".encode,
            "ListMetadataFormats": self._formats,
            "ListRecords": lambda: self._listed(query, self._whole),
            "ListIdentifiers": lambda: self._listed(query, self._header),
            "GetRecord": lambda: self._whole(
                next(one for one in self.records if one.identifier == query["identifier"])
            ),
        }
        return self._enveloped(verb, said[verb]()) if verb in said else oai_error("badVerb", "no such verb")

    @staticmethod
    def _enveloped(verb: str, said: bytes) -> bytes:
        inner = said if said.startswith(b"<error") else f"<{verb}>".encode() + said + f"</{verb}>".encode()
        return f'<OAI-PMH xmlns="{OAI}">'.encode() + inner + b"</OAI-PMH>"

    def _formats(self) -> bytes:
        return (
            f"<metadataFormat><metadataPrefix>{self.prefix}</metadataPrefix>"
            f"<metadataNamespace>{self.namespace}</metadataNamespace></metadataFormat>"
        ).encode()

    def _listed(self, query: Mapping[str, str], written: Callable[[Record], bytes]) -> bytes:
        position, _, since = query.get("resumptionToken", f"0|{query.get('from', '')}").partition("|")
        start = int(position)
        found = [one for one in self.records if not since or one.changed >= since]
        if not found:
            return b'<error code="noRecordsMatch">nothing</error>'
        page = found[start : start + self.most]
        token = f"{start + len(page)}|{since}" if start + len(page) < len(found) else ""
        said = f'<resumptionToken completeListSize="{len(found)}">{token}</resumptionToken>'
        return b"".join(map(written, page)) + said.encode()

    def _header(self, one: Record) -> bytes:
        status = ' status="deleted"' if one.identifier in self.deleted else ""
        return (
            f"<header{status}><identifier>{escape(one.identifier)}</identifier>"
            f"<datestamp>{one.changed}</datestamp></header>"
        ).encode()

    def _whole(self, one: Record) -> bytes:
        if one.identifier in self.deleted:
            return b"<record>" + self._header(one) + b"</record>"
        body = one.body[: len(one.body) // 2] if one.identifier in self.broken else one.body
        return b"<record>" + self._header(one) + b"<metadata>" + body + b"</metadata></record>"


def oai_error(code: str, text: str) -> bytes:
    """An error of the protocol, which comes with status 200."""
    return f'<OAI-PMH xmlns="{OAI}"><error code="{code}">{escape(text)}</error></OAI-PMH>'.encode()


def apache(files: Mapping[str, str], folder: str = "/") -> bytes:
    """What Apache lists of a folder: names with the date of each."""
    rows = "".join(
        f'<tr><td><a href="{escape(name)}">{escape(name)}</a></td><td align="right">{date}  </td></tr>'
        for name, date in files.items()
    )
    title = f"Index of {escape(folder)}"
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><table>{rows}</table></body></html>".encode()
    )


def exception(code: str, text: str) -> bytes:
    """A report of OWS, which comes with status 200."""
    return (
        '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows">'
        f'<ows:Exception exceptionCode="{code}"><ows:ExceptionText>{escape(text)}</ows:ExceptionText></ows:Exception>'
        "</ows:ExceptionReport>"
    ).encode()


def _brief(one: Record) -> bytes:
    return (
        f'<csw:SummaryRecord xmlns:csw="{CSW}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dct="http://purl.org/dc/terms/">'
        f"<dc:identifier>{escape(one.identifier)}</dc:identifier><dct:modified>{one.changed}</dct:modified>"
        "</csw:SummaryRecord>"
    ).encode()
