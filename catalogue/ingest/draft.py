"""A raw record read: what it says in the language of the catalogue, cleaned and checked. Asks nothing of the store.

A record gives one draft for each entry that it describes: its own first, then those of its parts (a dataset's API).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import msgspec
import structlog

from dcat.findings import Finding, finding
from dcat.messages import explain, field_name
from dcat.model import Entry
from dcat.near_names import listed
from dcat.normalise import Context, Note, normalise, written_in
from dcat.normalise.persons import without_names
from dcat.rules import check, refusal
from harvesters.base import Harvester, Normalised, RawRecord, SkipRecord, Source

from ..store.outcome import Outcome
from ..store.packing import Frame
from . import corrections
from .corrections import Corrections
from .erased import NOBODY, Erased
from .filters import CODE, EVERYTHING, Filter
from .identity import clean_identifier
from .mandate import Mandate
from .written import Written

log = structlog.get_logger(__name__)

MOST_FINDINGS = 500
"""Findings of one record that are kept: a producer who has more begins with these."""
DEADLY = "DEADLY"
"""Code of a record that is not read any more, because it killed whoever read it."""
LONGEST_REASON = 500
"""Characters of a reason: errors may quote what they could not read."""

_NUMBER = re.compile(r"\[\d+\]")
_NOWHERE: Mapping[str, str] = {}
_NONE: Mapping[str, Corrections] = {}


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
    filter: Filter = EVERYTHING
    """Which of its records are taken."""
    mandate: Mandate | None = None
    """For whom they may be sent; None for those that are harvested."""
    erased: Erased = NOBODY
    """Whom they may not name."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a raw record that was read."""

    raw: RawRecord
    """As it came; that of a part has the part's identifier."""
    part_of: str = ""
    """Identifier of the record that this is a part of; empty for the record's own entry."""
    body_hash: bytes
    entry: Entry | None = None
    """None when nothing can be published from it; `outcome` and `reason` then say why."""
    linked: Mapping[str, tuple[str, ...]] = {}
    """Records of the same source that the entry leads to, see `harvesters.base.Normalised`."""
    outcome: str = ""
    code: str = ""
    """Of the reason: `UNREADABLE`, `INVALID`, `FAULT`, or what the harvester says."""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    """What became of each value; kept by nobody."""
    unread: dict[str, int] = {}
    agreed: Corrections = {}
    """Corrections of it that are needed no more."""
    mapping: bytes = b""
    """Which software, settings and corrections read it."""
    written: Written | None = None
    """The entry as it would be kept, when it was written already."""
    packed: Frame | None = None
    """The body of the record as it is kept, when it was packed already."""


def body_hash(raw: RawRecord) -> bytes:
    """What tells whether a record changed at its source; dates are not believed."""
    return blake2b(raw.body, digest_size=16, person=raw.media_type.encode()[:16]).digest()


def read(raw: RawRecord, intake: Intake, corrected: Mapping[str, Corrections] = _NONE) -> list[Draft]:
    """Reads one raw record. Whatever goes wrong stays within it: a fault of ours is FAILED, and logged.

    `corrected`: by identifier of a record or part, what somebody corrected of it.
    """
    raw = without_erased(raw, intake)
    draft = partial(Draft, raw=raw, body_hash=body_hash(raw), mapping=intake.fingerprint)
    try:
        said = intake.harvester.normalise(raw, intake.source)
    except SkipRecord as reason:
        return [draft(outcome=Outcome.SKIPPED, code=reason.code, reason=_short(str(reason)))]
    except ValueError as error:
        return [draft(outcome=Outcome.REFUSED, code="UNREADABLE", reason=_short(f"It cannot be read: {error}"))]
    except Exception as error:
        return [failed(draft(), intake, error)]
    whole = draft(unread=dict(sorted(said.unread.items())), linked=said.linked)
    own = corrected.get(raw.identifier, corrections.NONE)
    drafts = [_checked(said.entry, said.findings, intake, whole, corrected=own, places=said.places)]
    if drafts[0].code == CODE:
        return drafts  # its parts go with it
    language = written_in(said.entry, intake.context) if said.parts else ""
    for name, entry in entries(said, raw.identifier)[1:]:
        named = msgspec.structs.replace(raw, identifier=name, version="")
        own = corrected.get(name, corrections.NONE)
        part = draft(raw=named, part_of=raw.identifier)
        drafts.append(_checked(entry, (), intake, part, corrected=own, language=language))
    return drafts


def without_erased(raw: RawRecord, intake: Intake) -> RawRecord:
    """A record that names nobody whose data were erased."""
    body = intake.erased.of_bytes(raw.body)
    return raw if body is raw.body else msgspec.structs.replace(raw, body=body)


def entries(said: Normalised, identifier: str) -> list[tuple[str, Entry]]:
    """The entries of a record by their identifiers, its own first."""
    parts = [(clean_identifier(f"{identifier}#{part.name}"), part.entry) for part in said.parts]
    return [(identifier, said.entry), *parts]


def failed(draft: Draft, intake: Intake, error: Exception) -> Draft:
    """The draft of a record that we could not handle."""
    log.error("record.failed", source=intake.source.name, identifier=draft.raw.identifier, exc_info=error)
    reason = f"We could not handle this record ({type(error).__name__}). It has been logged for the operators."
    return msgspec.structs.replace(draft, entry=None, outcome=Outcome.FAILED, code="FAULT", reason=reason)


def deadly(raw: RawRecord, intake: Intake) -> Draft:
    """The draft of a record that is not read, because it killed whoever read it."""
    log.error("record.deadly", source=intake.source.name, identifier=raw.identifier)
    reason = "The program that reads records ended at this one, again and again. It is left out until it changes."
    known = Draft(raw=raw, body_hash=body_hash(raw), mapping=intake.fingerprint)
    return msgspec.structs.replace(known, outcome=Outcome.FAILED, code=DEADLY, reason=reason)


def _checked(
    entry: Entry,
    said: tuple[Finding, ...],
    intake: Intake,
    draft: Draft,
    *,
    corrected: Corrections,
    places: Mapping[str, str] = _NOWHERE,
    language: str = "",
) -> Draft:
    try:
        clean = normalise(entry, intake.context, draft.raw.identifier, beside=language)
        laid = corrections.lay(clean.entry, corrected, intake.context)
        found = check(laid.entry, draft.raw.identifier)
        unwanted = "" if draft.part_of else intake.filter.why_not(clean.entry, draft.raw.identifier)
    except Exception as error:
        return failed(draft, intake, error)
    if unwanted:
        return msgspec.structs.replace(draft, outcome=Outcome.SKIPPED, code=CODE, reason=_short(unwanted))
    unread = (finding("not-read", "", "", listed(draft.unread)),) if draft.unread else ()
    found = _placed(found, places)
    said = said if intake.context.show_persons else without_names(said)
    said = _without_repaired(said, clean.findings)
    by_hand = corrections.remarks(laid, draft.raw.identifier)
    remarks = (*by_hand, *said, *unread, *_placed(clean.findings, places), *found)[:MOST_FINDINGS]
    draft = msgspec.structs.replace(
        draft,
        notes=(*clean.notes, *laid.notes),
        findings=remarks,
        agreed=laid.agreed,
        mapping=corrections.mapping(intake.fingerprint, laid.needed(corrected)),
    )
    if why := refusal(found):
        reason = _short(_refused(why))
        return msgspec.structs.replace(draft, outcome=Outcome.REFUSED, code="INVALID", reason=reason)
    return msgspec.structs.replace(draft, entry=laid.entry)


_REPAIRED = frozenset({"iri-rewritten", "iri-glued", "email-rewritten", "telephone-rewritten"})
"""What is said of an address that was none and is one now."""


def _without_repaired(said: tuple[Finding, ...], cleaned: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What was found in reading, but for addresses that were repaired since: nobody must mend what we did."""
    repaired = {one.value for one in cleaned if one.rule in _REPAIRED}
    return tuple(one for one in said if one.rule != "iri-invalid" or one.value not in repaired)


def _placed(findings: tuple[Finding, ...], places: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings, told where the value stands in its document; where it stands nowhere, at the record as a whole."""
    if not places:
        return findings
    return tuple(msgspec.structs.replace(one, subject=_place(one.field, places)) for one in findings)


def _place(field: str, places: Mapping[str, str]) -> str:
    path = _NUMBER.sub("", field).split("/")
    nearest = ("/".join(path[:depth]) for depth in range(len(path), 0, -1))
    return next((places[name] for name in nearest if name in places), places.get("", ""))


def _refused(why: Finding) -> str:
    """The reason with the way to mend it, as sentences."""
    message, fix = explain(why, "en")
    if why.rule == "required-missing":
        where = f"{why.cells}: " if why.cells else ""
        message = f"{where}It has no {field_name(why.field, 'en')} ({why.field}), which is mandatory."
    return f"{message} So it cannot be published. {fix}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"
