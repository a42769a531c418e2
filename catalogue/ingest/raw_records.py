"""One raw record in, one outcome out; what is fetched and what is pushed meet here.

raw record ─ known and unchanged? ─▶ the outcome that stands
    └─▶ read (normalise, clean, check) ─▶ prepare (JSON, N-Triples, compare) ─▶ settle (who is who), save

Only in the last step others wait: it decides again who is who, and writes again what was written for somebody else.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Protocol

import msgspec

from dcat.findings import Finding, finding
from harvesters.base import Fetched, RawRecord, Source

from .. import audit
from ..errors import Unavailable
from ..store import decisions, erasures, records, revisions, sites
from ..store.database import Database, Rejected, Transaction
from ..store.outcome import NOT_TAKEN, Outcome
from ..store.records import Change, Known
from ..store.rows import OutcomeRow
from . import corrections, twins, withheld
from .corrections import Corrections
from .desk import prepare, settle
from .draft import DEADLY, Draft, Intake, body_hash, failed, read, without_erased
from .identity import clean_identifier


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one raw record."""

    identifier: str
    outcome: str
    """An `Outcome` of a record that was there: all but REMOVED and HELD."""
    name: str = ""
    code: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    unread: dict[str, int] = {}


class Keeper(Protocol):
    """Who wants to know what is saved."""

    def deciding(self, tx: Transaction) -> None:
        """In the same transaction before anything of it is decided; raises to have nothing done."""

    def saving(self, tx: Transaction, taken: list[Taken], written: int) -> None:
        """In the transaction that saves, with the number of rows written; raises to have it undone."""

    def saved(self, taken: list[Taken], written: int) -> None:
        """When it is saved for good."""


Reader = Callable[[RawRecord, Intake, Mapping[str, Corrections]], list[Draft]]
"""How a record is read (`draft.read`)."""


def take(
    database: Database,
    intake: Intake,
    fetched: Iterable[Fetched],
    keeper: Keeper,
    moment: datetime,
    *,
    run_id: int | None = None,
    again: bool = False,
    keeps: bool = False,
    reader: Reader = read,
) -> None:
    """Takes in records of one source, none twice; those that did not change are not read unless `again`.

    Without `run_id` they were pushed. An entry belongs to whoever spoke of it last: a run takes over what was pushed
    once and is listed now, so that it goes when it is listed no more. What is still there at its source, unchanged, is
    read from what we hold when our software or settings changed. What somebody withdrew stays away from every run.
    `keeps`: they are read again from what we hold; whether a crawl is expected to list them, or missed them, stays.
    `reader`: who has read them already, or looks out for those that kill whoever reads them.
    """
    named = [known_as(each, intake) for each in fetched]
    ids = [each.identifier for each in named]
    with database.read() as tx:
        parts = records.parts(tx, intake.source.id, ids)
        known = records.known(tx, intake.source.id, chain(ids, *parts.values()))
        corrected = corrections_of(tx, intake.source, ids, parts)
    standing: list[Taken] = []
    drafts: list[Draft] = []
    versions: dict[str, str] = {}
    for each in named:
        before = {id: known.get(id, Known()) for id in (each.identifier, *parts.get(each.identifier, ()))}
        if run_id is not None and before[each.identifier].is_withdrawn:
            drafts.append(withheld.draft_of(each, before[each.identifier].version))
            continue
        is_read = (again and before[each.identifier].code != DEADLY) or (run_id is not None and _is_pushed(before))
        if not is_read and _stands(each, before, intake, corrected):
            standing += [_standing(id, one) for id, one in before.items()]
            if isinstance(each, RawRecord) and each.version != before[each.identifier].version:
                versions[each.identifier] = each.version
        elif (raw := each if isinstance(each, RawRecord) else _held(database, intake, each.identifier)) is not None:
            found = reader(raw, intake, corrected)
            is_overwritten = run_id is None and not keeps and _is_listed(before[each.identifier])
            drafts += _warned(found) if is_overwritten else found
        else:
            standing.append(_lost(each.identifier))
    if standing:
        _commit(database, keeper, lambda tx: (standing, records.keep_versions(tx, intake.source.id, versions)))
    if drafts:
        prepared = prepare(database, intake, _each_once(drafts, ids), moment)
        _save(database, intake, prepared, keeper, moment=moment, run_id=run_id, keeps=keeps)


def known_as(fetched: Fetched, intake: Intake) -> Fetched:
    """What came, under the identifier that is kept, without whom it may not name."""
    named = msgspec.structs.replace(fetched, identifier=clean_identifier(fetched.identifier))
    return without_erased(named, intake) if isinstance(named, RawRecord) else named


def corrections_of(
    tx: Transaction, source: Source, ids: Iterable[str], parts: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    """What somebody corrected of these records and of their parts."""
    return decisions.corrections(tx, source.id, chain(ids, *parts.values()))


def mapping_of(identifier: str, intake: Intake, corrected: Mapping[str, Corrections]) -> bytes:
    """Which software, settings and corrections would read a record now."""
    return corrections.mapping(intake.fingerprint, corrected.get(identifier, corrections.NONE))


def _stands(each: Fetched, before: Mapping[str, Known], intake: Intake, corrected: Mapping[str, Corrections]) -> bool:
    """True when neither the record nor one of its parts would come out otherwise. `before`: how they stand."""
    return all(is_unchanged(each, one, mapping_of(id, intake, corrected)) for id, one in before.items())


def _is_pushed(before: Mapping[str, Known]) -> bool:
    return any(one.is_pushed for one in before.values())


def is_unchanged(fetched: Fetched, known: Known, mapping: bytes) -> bool:
    """True when taking the record in again could only give the outcome that stands."""
    if known.outcome in NOT_TAKEN:
        is_settled = not known.is_missing
    elif known.outcome == Outcome.SKIPPED:
        is_settled = True  # the source does not want it published, so its entry, if any, is missing or removed
    else:
        is_settled = (
            known.outcome not in {"", Outcome.HELD, Outcome.REMOVED} and not known.is_removed and not known.is_missing
        )
    if not is_settled or known.mapping != mapping:
        return False
    return not isinstance(fetched, RawRecord) or known.body_hash == body_hash(fetched)


def _held(database: Database, intake: Intake, identifier: str) -> RawRecord | None:
    with database.read() as tx:
        return records.raw(tx, intake.source.id, identifier)


def _lost(identifier: str) -> Taken:
    """A record that was said to be still there, and of which nothing is held."""
    reason = "It was listed as unchanged, but nothing is held of it any more. The next run fetches it."
    return Taken(identifier=identifier, outcome=Outcome.FAILED, code="FAULT", reason=reason)


def _each_once(drafts: list[Draft], records: list[str]) -> list[Draft]:
    """Without parts that have the identifier of a record."""
    return [draft for draft in drafts if not draft.part_of or draft.raw.identifier not in records]


def _standing(identifier: str, known: Known) -> Taken:
    return Taken(
        identifier=identifier,
        outcome=records.standing(known.outcome),
        name=known.name,
        code=known.code,
        reason=known.reason,
        findings=known.findings,
        unread=known.unread,
    )


def _save(
    database: Database,
    intake: Intake,
    drafts: list[Draft],
    keeper: Keeper,
    *,
    moment: datetime,
    run_id: int | None,
    keeps: bool,
) -> None:
    """Saves drafts in one transaction; when the database refuses it, halves them until the one at fault is alone."""

    def work(tx: Transaction) -> tuple[list[Taken], int]:
        revisions.lock(tx)
        if erasures.newest(tx) > intake.erased.newest:
            raise Unavailable("Somebody's data were erased while this was read. Try again.")
        sites.hold(tx, intake.site_url, moment)
        allowed = drafts if run_id is None else withheld.without(tx, intake.source.id, drafts)
        changes = settle(tx, intake, allowed, moment)
        with twins.watched(tx, (change.entry.id for change in changes if change.entry)):
            written = records.save(tx, intake.source.id, run_id, changes, moment, keeps=keeps)
        _drop_agreed(tx, intake.source, allowed)
        return [taken_of(change) for change in changes], written

    try:
        _commit(database, keeper, work)
    except Rejected as error:
        if len(drafts) == 1 and drafts[0].outcome == Outcome.FAILED:
            raise
        middle = len(drafts) // 2
        halves = (drafts[:middle], drafts[middle:]) if middle else ([failed(drafts[0], intake, error)],)
        for half in halves:
            _save(database, intake, half, keeper, moment=moment, run_id=run_id, keeps=keeps)


def _drop_agreed(tx: Transaction, source: Source, drafts: list[Draft]) -> None:
    """Corrections that the source makes needless are gone: it says the same now."""
    agreed = {draft.raw.identifier: draft.agreed for draft in drafts if draft.agreed}
    standing = decisions.corrections(tx, source.id, agreed) if agreed else {}
    for identifier, values in agreed.items():
        before = standing.get(identifier, {})
        fields = [field for field, value in values.items() if before.get(field) == value]
        decisions.forget(tx, source.id, identifier, fields)
        audit.record(tx, "correction.agreed", f"{source.name} {identifier}", before={f: before[f] for f in fields})


def _commit(database: Database, keeper: Keeper, work: Callable[[Transaction], tuple[list[Taken], int]]) -> None:
    def within(tx: Transaction) -> tuple[list[Taken], int]:
        keeper.deciding(tx)
        taken, written = work(tx)
        keeper.saving(tx, taken, written)
        return taken, written

    keeper.saved(*database.write_again(within))


def _is_listed(known: Known) -> bool:
    """True for a record that crawls of the source list."""
    return bool(known.entry_id) and not (known.is_pushed or known.is_removed or known.is_missing)


def _warned(drafts: list[Draft]) -> list[Draft]:
    """What was sent of a record that the source lists, with the remark that the next run takes it over."""
    own, *parts = drafts
    remark = finding("harvested-too", own.raw.identifier, "", own.raw.identifier)
    return [msgspec.structs.replace(own, findings=(remark, *own.findings)), *parts]


def taken_of(change: Change) -> Taken:
    """The outcome of a change, as runs and producers are told it."""
    return Taken(
        identifier=change.raw.identifier,
        outcome=change.outcome,
        name=change.entry.name if change.entry else change.known.name,
        code=change.code,
        reason=change.reason,
        findings=change.findings,
        unread=change.unread,
    )


def outcome_row(one: Taken, version: str = "") -> OutcomeRow:
    """The same as a report of the store would tell it; `version`: what is published of the record now."""
    return OutcomeRow(
        identifier=one.identifier,
        outcome=one.outcome,
        name=one.name,
        code=one.code,
        reason=one.reason,
        findings=one.findings,
        version=version,
    )
