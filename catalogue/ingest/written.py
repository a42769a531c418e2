"""An entry written as it is kept, before anybody has to wait for it.

Only the store can say who an entry is, so that is looked up twice: before, for the writing, and again while nobody else
may claim a name. What was written holds as long as both say the same.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dcat.differences import Difference
from dcat.findings import Finding
from dcat.model import Agent, Entry, Iri, Text, kind_of
from dcat.write import Reference
from harvesters.base import RawRecord

from ..store.assessments import Assessment
from ..store.records import Contents
from . import catalog_record, identity, sameness
from .catalog_record import Topic
from .edition import edition

Held = tuple[bytes, bytes]
"""Hashes of an entry that is published, and of its assessment."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What the store decides of an entry. What is written follows from it and from what the source says."""

    id: str
    iri: Iri
    publisher: str
    """Slug; empty when there is none."""
    leads: dict[str, Any]
    """Fields that lead to other entries, with the IRIs that these have."""
    findings: tuple[Finding, ...]
    created: datetime
    answers: dict[str, bool]
    """Which of its addresses answer, of those of which something is known."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """An entry under the names that were decided for it."""

    decided: Decided
    hash: bytes
    keys: frozenset[str]
    agent: Agent | None
    """Its publisher."""
    references: tuple[Reference, ...]
    assessment: Assessment
    contents: Contents | None
    """None when they are kept already."""
    since: bytes = b""
    """Hash of what was published, from which it differs in `differences`."""
    differences: tuple[Difference, ...] = ()

    def serves(self, decided: Decided, held: Held) -> bool:
        """True when it can be kept after that decision."""
        return self.decided == decided and (self.contents is not None or self.held == held)

    @property
    def held(self) -> Held:
        """By what it is told to be published already."""
        return self.hash, self.assessment.hash


def write(
    entry: Entry,
    raw: RawRecord,
    decided: Decided,
    *,
    site_url: str,
    languages: tuple[str, ...],
    moment: datetime,
    held: Held,
) -> Written:
    """A pure function of all that. Without contents when what is `held` says the same."""
    base = identity.minted_iri(site_url, kind_of(entry), decided.id)
    entry = leading(entry, decided.leads)
    keys = sameness.keys(entry, decided.iri, raw.identifier, decided.publisher)
    entry = msgspec.structs.replace(entry, iri=decided.iri, identifier=entry.identifier or (Text(decided.iri),))
    entry = identity.mint(entry, base, site_url, languages)
    made = edition(entry, base, keys)
    # It was checked when it was read: what breaks a rule is refused, and IRIs that nodes are given break none.
    record = identity.minted_iri(site_url, "record", decided.id)
    topic = Topic(record, entry, decided.findings, raw.address, decided.created, is_compliant=True)
    found = catalog_record.quality_of(topic, site_url, decided.answers.get)
    assessment = catalog_record.assessment(topic, found)
    is_held = (made.hash, assessment.hash) == held
    return Written(
        decided=decided,
        hash=made.hash,
        keys=keys,
        agent=entry.publisher,
        references=made.said.references,
        assessment=assessment,
        contents=None if is_held else Contents.of(made.body, made.said, catalog_record.written(topic, found, moment)),
    )


def leading(entry: Entry, leads: Mapping[str, Any]) -> Entry:
    """The entry with fields that lead to other entries."""
    return msgspec.structs.replace(entry, **leads) if leads else entry
