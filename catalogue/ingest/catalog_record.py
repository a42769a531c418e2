"""The catalogue record of an entry: what we, not the source, say about it, with the quality of its description."""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import msgspec

from dcat import dqv, quality
from dcat.findings import Finding
from dcat.model import Annotation, CatalogRecord, Dataset, Date, Entry, Iri, Measurement, Publication, Standard
from dcat.quality import Reachable, Score
from dcat.rdf import is_iri
from dcat.write import own_and_shared

from ..store.assessments import Assessment
from . import lateness

PROFILE = Standard(iri=Iri("http://data.europa.eu/r5r/"))
"""DCAT-AP: what every catalogue record conforms to."""


class Topic(NamedTuple):
    """What a record is about, and from where."""

    record: Iri
    """The record's own IRI."""
    entry: Entry
    findings: tuple[Finding, ...]
    address: str
    """Where the raw record was read; empty when it was sent."""
    created: datetime
    """When the entry first came in."""
    is_compliant: bool | None = None
    """Whether it breaks no rule of the profile; None when nobody knows, and it is checked."""


class Quality(NamedTuple):
    """What we find in a description, as the record says it."""

    score: Score | None
    """Only datasets have one."""
    measurements: tuple[Measurement, ...]
    annotations: tuple[Annotation, ...]


def quality_of(topic: Topic, site_url: str, reachable: Reachable = quality.unknown) -> Quality:
    """A pure function of the entry, its findings, and what is known of its addresses."""
    entry, on = topic.entry, topic.entry.iri or topic.record
    score = quality.score(entry, reachable, is_compliant=topic.is_compliant) if isinstance(entry, Dataset) else None
    return Quality(
        score=score,
        measurements=dqv.measurements(score, on, topic.record, site_url) if score else (),
        annotations=dqv.annotations(topic.findings, on, topic.record, site_url),
    )


def assessment(topic: Topic, found: Quality) -> Assessment:
    """What the store keeps of it. Its hash differs whenever the record, our pages or our JSON would say otherwise."""
    said = msgspec.json.encode((found, topic.findings))
    late_from = lateness.of_entry(topic.entry)
    return Assessment.of(found.score, late_from, blake2b(said, digest_size=16).digest())


def written(topic: Topic, found: Quality, moment: datetime) -> tuple[str, str]:
    """The record as N-Triples, what is its own and what others say too. A publication has none: DCAT-AP wants a record
    to be about data (https://semiceu.github.io/DCAT-AP/releases/3.0.1/#CatalogueRecord)."""
    if isinstance(topic.entry, Publication):
        return "", ""
    own, shared = _written_once(_of_any(record(topic, found, moment)))
    return own.replace(_ANY_RECORD, topic.record).replace(_ANY_TOPIC, topic.entry.iri or ""), shared


_ANY_RECORD, _ANY_TOPIC = Iri(uuid4().urn), Iri(uuid4().urn)
"""Stand for the IRIs by which alone the records of many entries differ. No text of a source can hold them."""


def _of_any(said: CatalogRecord) -> CatalogRecord:
    """The record with what stands for its own IRIs."""
    if said.primary_topic is None:
        return said

    def general(part: Measurement | Annotation, **on: Iri) -> Any:
        own = (part.iri or "").removeprefix(said.iri or "")
        return msgspec.structs.replace(part, iri=Iri(f"{_ANY_RECORD}{own}"), **on)

    return msgspec.structs.replace(
        said,
        iri=_ANY_RECORD,
        primary_topic=_ANY_TOPIC,
        measurements=tuple([general(one, computed_on=_ANY_TOPIC) for one in said.measurements]),
        annotations=tuple([general(one, target=_ANY_TOPIC) for one in said.annotations]),
    )


_written_once = lru_cache(maxsize=256)(own_and_shared)


def record(topic: Topic, found: Quality, moment: datetime) -> CatalogRecord:
    """The record as it is published from now on."""
    return CatalogRecord(
        iri=topic.record,
        primary_topic=topic.entry.iri,
        issued=Date(lexical(topic.created)),
        modified=Date(lexical(moment)),
        conforms_to=(PROFILE,),
        derived_from=public(topic.address),
        generated=Date(lexical(moment)),
        measurements=found.measurements,
        annotations=found.annotations,
    )


def public(address: str) -> Iri | None:
    """An address of the web as others may be told it: without query, which may hold a key; not one with a password."""
    place = urlsplit(address) if is_iri(address) else None
    if place is None or place.scheme not in {"http", "https"} or "@" in place.netloc:
        return None
    return Iri(urlunsplit((place.scheme, place.netloc, place.path, "", "")))


def lexical(moment: datetime) -> str:
    """xsd:dateTime in UTC, to the second."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
