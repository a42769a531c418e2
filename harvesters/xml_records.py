"""Records in XML that several kinds bring (ISO 19115, FGDC, DCAT, DataCite, Dublin Core), and what each is known by.

A record of DCAT is kept as N-Triples, any other in canonical XML, so that the same content has the same bytes.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from dcat import rdf
from dcat.entries import entries
from dcat.namespaces import PREFIXES, expand
from dcat.rdf import Graph, Literal
from dcat.read import read_entry

from . import datacite, dublin_core, fgdc, iso, xml
from .base import HarvestError, Normalised, RawRecord, Source

N_TRIPLES = "application/n-triples"

TYPES = frozenset({xml.XML, N_TRIPLES})
"""Media types of the raw records."""

_RDF = f"{{{PREFIXES['rdf']}}}RDF"
_TOPIC = expand("foaf:primaryTopic")
_IDENTIFIER = expand("dct:identifier")
_MODIFIED = expand("dct:modified")


WAITING = 5_000
"""Records that name others and are kept until those have come."""


_BEGINNING = 400
"""Bytes of a record that show people which it is."""


class Found(NamedTuple):
    """One record within an answer."""

    identifier: str
    """What the source knows it by; empty when it does not say."""
    body: bytes
    media_type: str
    version: str = ""
    """When it last changed, as it says."""
    leads_elsewhere: bool = False
    """True when it names other records, which the catalogue must know first."""

    def __str__(self) -> str:
        """How it begins, as people see it."""
        return " ".join(self.body[:_BEGINNING].decode("utf-8", "ignore").split())

    def raw(self, identifier: str, address: str, version: str = "") -> RawRecord:
        """The record as it is kept."""
        return RawRecord(
            identifier=identifier, body=self.body, media_type=self.media_type, address=address, version=version
        )


def found_in(element: etree._Element, address: str) -> Found:
    """The record that an element of an answer is. Raises `ValueError` when it is meant as RDF and is none."""
    if iso.is_record(element):
        return Found(
            iso.identifier_of(element),
            xml.canonical(element),
            xml.XML,
            iso.changed_of(element),
            iso.leads_elsewhere(element),
        )
    if element.tag == _RDF or str(element.tag).startswith(f"{{{PREFIXES['dcat']}}}"):
        return _described(xml.canonical(element), address)
    return Found(dublin_core.identifier_of(element), xml.canonical(element), xml.XML, dublin_core.changed_of(element))


def linked_last(records: Iterable[tuple[RawRecord, bool]]) -> Iterator[RawRecord]:
    """Records, those last that name others: the catalogue must know these first. Also when the source breaks off."""
    waiting: list[RawRecord] = []
    try:
        for raw, leads_elsewhere in records:
            if leads_elsewhere and len(waiting) < WAITING:
                waiting.append(raw)
            else:
                yield raw
    except HarvestError:
        yield from waiting
        raise
    yield from waiting


def normalised(raw: RawRecord, source: Source) -> Normalised:
    """What a raw record says. Raises `SkipRecord`, or `ValueError` with a sentence."""
    if raw.media_type == N_TRIPLES:
        entry, findings, unread = read_entry(raw.body, raw.media_type, raw.address or source.url)
        return Normalised(entry=entry, findings=findings, unread=unread)
    root = xml.opened(raw.body, "a record of ISO 19115, DCAT, DataCite or Dublin Core")
    if records := iso.records_in(root):
        return iso.normalised(records[0])
    if fgdc.is_record(root):
        return fgdc.normalised(root)
    if datacite.is_record(root):
        return datacite.normalised(root)
    if dublin_core.is_record(root):
        return dublin_core.normalised(root)
    raise ValueError(f"Expected a record of ISO 19115, FGDC, DCAT, DataCite or Dublin Core, found <{xml.name(root)}>.")


def _described(body: bytes, address: str) -> Found:
    """A record of DCAT: what a catalogue record is about, else the only entry that is described."""
    graph = rdf.parse(body, "application/rdf+xml", address)
    known = entries(graph)
    topics = {topic: subject for subject, topic in _topics(graph)}
    subject = next((each for each in known if each in topics), next(iter(known), ""))
    if not subject:
        raise ValueError("The RDF of a record describes no dataset, series or service.")
    record = topics.get(subject, "")
    own = _said(graph, record, _IDENTIFIER) or _said(graph, subject, _IDENTIFIER)
    identifier = own or ("" if rdf.is_blank(subject) else subject)
    body = rdf.subgraph(graph, subject, known[subject])
    return Found(identifier, body, N_TRIPLES, _said(graph, record, _MODIFIED))


def _topics(graph: Graph) -> list[tuple[str, str]]:
    """Catalogue records with what they are about."""
    return [
        (subject, topic)
        for subject in graph.nodes
        for topic in graph.objects(subject, _TOPIC)
        if isinstance(topic, str)
    ]


def _said(graph: Graph, subject: str, property: str) -> str:
    """What a catalogue record, or an entry, says of itself; the first of several, empty for nothing."""
    texts = [term.value if isinstance(term, Literal) else term for term in graph.objects(subject, property)]
    return min(filter(None, map(str.strip, texts)), default="")
