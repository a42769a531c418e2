"""A raw record read: what it says in the language of the catalogue, cleaned and checked. Asks nothing of the store."""

from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import msgspec
import structlog

from dcat.findings import Finding, finding
from dcat.messages import explain, field_name
from dcat.model import Entry
from dcat.near_names import listed
from dcat.normalise import Context, Note, normalise
from dcat.rules import check, refusal
from harvesters.base import Harvester, RawRecord, SkipRecord, Source

from ..outcome import Outcome

log = structlog.get_logger(__name__)

MOST_FINDINGS = 500
"""Findings of one record that are kept: a producer who has more begins with these."""
LONGEST_REASON = 500
"""Characters of a reason: errors may quote what they could not read."""


@dataclass(frozen=True, kw_only=True)
class Intake:
    """What all records of one source have in common."""

    source: Source
    harvester: Harvester
    """What reads them."""
    site_url: str
    languages: tuple[str, ...]
    fingerprint: bytes
    """Which software and settings read them."""
    context: Context
    """What is known of the source besides its records."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A raw record that was read."""

    raw: RawRecord
    body_hash: bytes
    entry: Entry | None = None
    """None when nothing can be published from it; `outcome` and `reason` then say why."""
    outcome: str = ""
    code: str = ""
    """Of the reason: `UNREADABLE`, `INVALID`, `FAULT`, or what the harvester says."""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    """What became of each value; kept by nobody."""
    unread: dict[str, int] = {}


def body_hash(raw: RawRecord) -> bytes:
    """What tells whether a record changed at its source; dates are not believed."""
    return blake2b(raw.body, digest_size=16, person=raw.media_type.encode()[:16]).digest()


def read(raw: RawRecord, intake: Intake) -> Draft:
    """Reads one raw record. Whatever goes wrong stays within it: a fault of ours is FAILED, and logged."""
    draft = partial(Draft, raw=raw, body_hash=body_hash(raw))
    try:
        return _read(raw, intake, draft)
    except SkipRecord as reason:
        return draft(outcome=Outcome.SKIPPED, code=reason.code, reason=_short(str(reason)))
    except Exception as error:
        return failed(draft(), intake, error)


def failed(draft: Draft, intake: Intake, error: Exception) -> Draft:
    """The draft of a record that we could not handle."""
    log.error("record.failed", source=intake.source.name, identifier=draft.raw.identifier, exc_info=error)
    reason = f"We could not handle this record ({type(error).__name__}). It has been logged for the operators."
    return msgspec.structs.replace(draft, entry=None, outcome=Outcome.FAILED, code="FAULT", reason=reason)


def _read(raw: RawRecord, intake: Intake, draft: "partial[Draft]") -> Draft:
    try:
        said = intake.harvester.normalise(raw, intake.source)
    except ValueError as error:
        return draft(outcome=Outcome.REFUSED, code="UNREADABLE", reason=_short(f"It cannot be read: {error}"))
    clean = normalise(said.entry, intake.context, raw.identifier)
    entry = clean.entry
    found = check(entry, raw.identifier)
    unread = (finding("not-read", "", "", listed(said.unread)),) if said.unread else ()
    remarks = (*said.findings, *unread, *clean.findings, *found)[:MOST_FINDINGS]
    draft = partial(draft, notes=clean.notes)
    if why := refusal(found):
        draft = partial(draft, outcome=Outcome.REFUSED, code="INVALID", reason=_short(_refused(why)))
        return draft(findings=remarks, unread=said.unread)
    return draft(entry=entry, findings=remarks, unread=said.unread)


def _refused(why: Finding) -> str:
    """The reason with the way to mend it, as sentences."""
    message, fix = explain(why, "en")
    if why.rule == "required-missing":
        message = f"It has no {field_name(why.field, 'en')} ({why.field}), which is mandatory."
    return f"{message} So it cannot be published. {fix}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"
