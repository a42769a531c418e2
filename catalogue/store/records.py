"""What came in: the raw record, its outcome with findings, and the entry made of it, saved together."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, or_, select, update

from dcat.differences import Difference
from dcat.findings import Finding
from dcat.model import Agent, Texts
from dcat.write import Parts, Reference
from harvesters.base import RawRecord

from . import assessments, claims, differences, history, keys, nodes, packing, publishers, revisions
from .assessments import Assessment
from .bulk import add, put
from .codec import among, pack, unpack, upsert
from .database import Transaction
from .decisions import WHOLE
from .outcome import NEWS, NOT_TAKEN, Outcome
from .tables import agents, contents, decisions, entries, findings, links, outcomes, records, versions
from .types import Said

GONE_AT_SOURCE = ("MISSING_AT_SOURCE", "DELETED_AT_SOURCE")
"""Reasons of removals that follow from what a source lists."""
INDEXABLE = 2000
"""Bytes of the longest text that every database can index; no entry has a longer IRI, so no reference leads there."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of a record before it is taken in again."""

    body_hash: bytes = b""
    version: str = ""
    """What its source told it by, when it was taken in last; empty when it told nothing."""
    mapping: bytes = b""
    unread: dict[str, int] = {}
    outcome_id: int | None = None
    outcome: str = ""
    code: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    entry_id: str = ""
    """Empty when nothing was ever published from it."""
    kind: str = ""
    name: str = ""
    iri: str = ""
    hash: bytes = b""
    created: datetime | None = None
    is_removed: bool = False
    is_missing: bool = False
    is_withdrawn: bool = False
    """True when somebody decided that no harvest publishes it."""
    is_pushed: bool = False
    """True when a producer sent what is published, or somebody decided to keep it: no crawl is expected to list it."""


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of an entry, written as it is kept."""

    said: packing.Frame
    """A `types.Said`."""
    nodes: dict[int, str]
    """What others say too (`store.nodes`)."""
    pending: str

    @classmethod
    def of(cls, entry: bytes, said: Parts, record: tuple[str, str] = ("", "")) -> "Contents":
        """Of the JSON of an entry, its N-Triples and those of its catalogue record, what is its own and what others say
        too."""
        own, shared = record
        packed = Said(entry, said.own + own, said.named).packed()
        return cls(said=packed, nodes=nodes.split(said.shared) | _of_record(shared), pending=said.pending)

    @property
    def entry(self) -> bytes:
        """The JSON of the entry."""
        return Said.read(self.said).entry


_of_record = lru_cache(maxsize=256)(nodes.split)
"""What catalogue records share: hundreds of them say the same of profile and measures."""


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it is to be published from now on."""

    id: str
    kind: str
    name: str
    iri: str
    title: Texts
    publisher: str
    """Slug; empty when there is none."""
    publisher_title: Texts
    hash: bytes
    contents: Contents
    references: tuple[Reference, ...]
    keys: frozenset[str]
    """By what it is known elsewhere."""
    agent: Agent | None
    """What the source says about the publisher, when that is new."""
    registers: Texts | None
    """The name of the publisher, when nobody has its slug yet."""
    releases: tuple[str, str] | None
    """The tombstone (id) whose IRI this entry takes over, and the IRI that it gets in exchange."""
    created: datetime
    assessment: Assessment
    """What was found in its description."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written for one record."""

    raw: RawRecord
    part_of: str = ""
    """Identifier of the record whose body it shares; empty when it is a record itself."""
    body_hash: bytes
    mapping: bytes
    unread: dict[str, int]
    known: Known
    packed: packing.Frame | None = None
    """The body of the record, when it was packed already."""
    outcome: str
    code: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    entry: EntryChange | None = None
    """None when what is published stays as it is."""
    differences: tuple[Difference, ...] = ()
    """Of an entry that is CHANGED: what differs from what was published."""


def known(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> dict[str, Known]:
    """What is known of these records of a source."""
    wanted = list(identifiers)
    found: dict[str, dict[str, Any]] = {identifier: {} for identifier in wanted}
    for table, columns, extra in _LOOKUPS:
        query = select(table.c.identifier, *columns.values()).where(
            table.c.source_id == source_id, among(tx, table.c.identifier, wanted), *extra
        )
        for identifier, *values in tx.execute(query):
            found[identifier].update(zip(columns, values, strict=True))
    remarks = findings_of(tx, (values["outcome_id"] for values in found.values() if "outcome_id" in values))
    return {identifier: _known(values, remarks) for identifier, values in found.items() if values}


def _known(values: dict[str, Any], remarks: dict[int, tuple[Finding, ...]]) -> Known:
    values["is_removed"] = values.get("is_removed") is not None
    values["is_missing"] = bool(values.get("is_missing"))
    values["is_withdrawn"] = "is_withdrawn" in values
    values["unread"] = unpack(values.get("unread", b"{}"), dict[str, int])
    return Known(**values, findings=remarks.get(values.get("outcome_id", 0), ()))


_LOOKUPS: tuple[tuple[Any, dict[str, Any], tuple[Any, ...]], ...] = (
    (records, {"body_hash": records.c.body_hash, "mapping": records.c.mapping, "unread": records.c.unread}, ()),
    (versions, {"version": versions.c.version}, ()),
    (
        outcomes,
        {
            "outcome_id": outcomes.c.id,
            "outcome": outcomes.c.outcome,
            "code": outcomes.c.code,
            "reason": outcomes.c.reason,
        },
        (outcomes.c.superseded.is_(None),),
    ),
    (decisions, {"is_withdrawn": decisions.c.at}, (decisions.c.field == WHOLE,)),
    (
        entries,
        {
            "entry_id": entries.c.id,
            "kind": entries.c.kind,
            "name": entries.c.name,
            "iri": entries.c.iri,
            "hash": entries.c.hash,
            "created": entries.c.created,
            "is_removed": entries.c.removed,
            "is_missing": entries.c.missing_runs,
            "is_pushed": entries.c.pushed,
        },
        (),
    ),
)


def read_by(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> dict[str, tuple[bytes, bytes, str]]:
    """Hash and mapping with which these records were taken in last, and the code of what came of it."""
    stands = (outcomes.c.source_id == records.c.source_id) & (outcomes.c.identifier == records.c.identifier)
    query = select(records.c.identifier, records.c.body_hash, records.c.mapping, outcomes.c.code).outerjoin(
        outcomes, stands & outcomes.c.superseded.is_(None)
    )
    held = tx.execute(query.where(records.c.source_id == source_id, among(tx, records.c.identifier, identifiers)))
    return {identifier: (hash, mapping, code or "") for identifier, hash, mapping, code in held}


def count_mapped(tx: Transaction, source_id: str, mapping: bytes) -> int:
    """How many records of a source were taken in last with this mapping, parts not counted."""
    query = select(func.count()).where(records.c.source_id == source_id, records.c.part_of == "")
    return tx.execute(query.where(records.c.mapping == mapping)).scalar_one()


def parts(tx: Transaction, source_id: str, identifiers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The identifiers of the parts of these records, of those that have any."""
    query = select(records.c.part_of, records.c.identifier).where(
        records.c.source_id == source_id, among(tx, records.c.part_of, identifiers), records.c.part_of != ""
    )
    found: dict[str, tuple[str, ...]] = {}
    for record, part in tx.execute(query.order_by(records.c.identifier)):
        found[record] = (*found.get(record, ()), part)
    return found


def identifiers(tx: Transaction, source_id: str) -> frozenset[str]:
    """Every identifier under which something of the source is held, published or not."""
    return frozenset(tx.execute(select(records.c.identifier).where(records.c.source_id == source_id)).scalars())


def known_versions(tx: Transaction, source_id: str) -> dict[str, str]:
    """The version under which each record of a source was last taken in, of those whose source tells it.

    Not of those that went at the source: nobody may say without looking that they are still there.
    """
    removed = select(entries.c.identifier).where(entries.c.source_id == source_id, entries.c.removed.is_not(None))
    gone = set(tx.execute(removed.where(entries.c.reason.in_(GONE_AT_SOURCE))).scalars())
    query = select(versions.c.identifier, versions.c.version).where(versions.c.source_id == source_id)
    return {identifier: version for identifier, version in tx.execute(query) if identifier not in gone}


def forget_versions(tx: Transaction, source_id: str) -> None:
    """Each record of the source is fetched again."""
    tx.execute(delete(versions).where(versions.c.source_id == source_id))


def keep_versions(tx: Transaction, source_id: str, fresh: dict[str, str]) -> int:
    """Remembers versions; forgets those that are empty. Returns rows written."""
    gone = [identifier for identifier, version in fresh.items() if not version]
    if gone:
        tx.execute(delete(versions).where(versions.c.source_id == source_id, versions.c.identifier.in_(gone)))
    rows = [
        {"source_id": source_id, "identifier": identifier, "version": version}
        for identifier, version in fresh.items()
        if version
    ]
    return upsert(tx, versions, rows) + len(gone)


def findings_of(tx: Transaction, outcome_ids: Iterable[int]) -> dict[int, tuple[Finding, ...]]:
    """The findings of these outcomes."""
    subject = func.coalesce(findings.c.subject, outcomes.c.identifier).label("subject")
    query = select(findings.c.outcome_id, findings.c.rule, subject, findings.c.field, findings.c.value)
    query = query.join(outcomes, outcomes.c.id == findings.c.outcome_id).where(among(tx, outcomes.c.id, outcome_ids))
    found: dict[int, tuple[Finding, ...]] = {}
    for row in tx.execute(query.order_by(findings.c.outcome_id, findings.c.position)):
        remark = Finding(row.rule, row.subject, row.field, row.value)
        found[row.outcome_id] = (*found.get(row.outcome_id, ()), remark)
    return found


def save(
    tx: Transaction, source_id: str, run_id: int | None, changes: list[Change], moment: datetime, *, keeps: bool = False
) -> int:
    """Writes the changes; without a run they were pushed, or, if one `keeps` what is known of how they came, read
    again. Returns how many rows that took."""
    numbered = _numbered(tx, [change for change in changes if change.entry is not None or is_news(change)])
    written = _save_records(tx, source_id, [change for change in changes if is_read_anew(change)], moment)
    fresh = {one.raw.identifier: one.raw.version for one in changes if one.raw.version != one.known.version}
    written += keep_versions(tx, source_id, fresh)
    written += _save_outcomes(tx, source_id, run_id, numbered)
    if run_id is not None:
        written += differences.save(tx, run_id, ((number, change.differences) for number, change in numbered))
    published = [(number, change.raw.identifier, change.entry) for number, change in numbered if change.entry]
    _make_room(tx, [entry for _, _, entry in published], moment)
    written += _save_agents(tx, source_id, [entry for _, _, entry in published])
    written += _save_entries(tx, source_id, published, moment, pushed=run_id is None, keeps=keeps)
    written += history.add(tx, _told(change for _, change in numbered), moment, run_id)
    if keeps:
        return written
    written += _pass_on(tx, source_id, changes, pushed=run_id is None)
    return written + _settle_missing(tx, source_id, changes)


def _told(changes: Iterable[Change]) -> Iterator[tuple[str, str, tuple[Difference, ...]]]:
    """What everybody is told of entries: that they are back, or what of them changed."""
    for change in changes:
        if change.entry is not None and change.outcome in {Outcome.CHANGED, Outcome.RESTORED}:
            yield change.entry.id, change.outcome, change.differences


def _numbered(tx: Transaction, changes: list[Change]) -> list[tuple[int, Change]]:
    """Each change with the number of its outcome, which is the revision of its entry too."""
    return list(enumerate(changes, revisions.take(tx, len(changes)))) if changes else []


def is_read_anew(change: Change) -> bool:
    """False when the record was read again without a difference, as in a full run."""
    known = change.known
    return (change.body_hash, change.mapping, change.unread) != (known.body_hash, known.mapping, known.unread)


def alike(tx: Transaction, source_id: str, identifier: str, limit: int = 3) -> list[str]:
    """Identifiers of records of a source that end with a step like that: `https://town.example/id/2` for `2`."""
    ends = [records.c.identifier.endswith(f"{sign}{identifier}", autoescape=True) for sign in "/#:="]
    query = select(records.c.identifier).where(records.c.source_id == source_id, records.c.part_of == "", or_(*ends))
    return list(tx.execute(query.order_by(records.c.identifier).limit(limit)).scalars())


def raw(tx: Transaction, source_id: str, identifier: str) -> RawRecord | None:
    """The raw record as it came; of a part, the record that it is a part of."""
    query = select(records).where(records.c.source_id == source_id, records.c.identifier == identifier)
    if (row := tx.execute(query).first()) is None:
        return None
    if row.part_of:
        return raw(tx, source_id, row.part_of)
    version = tx.execute(
        select(versions.c.version).where(versions.c.source_id == source_id, versions.c.identifier == identifier)
    ).scalar()
    return RawRecord(
        identifier=row.identifier,
        body=row.body,
        media_type=row.media_type,
        address=row.address,
        version=version or "",
    )


def _save_records(tx: Transaction, source_id: str, changes: list[Change], moment: datetime) -> int:
    rows = [
        {
            "source_id": source_id,
            "identifier": change.raw.identifier,
            "media_type": change.raw.media_type,
            "address": change.raw.address,
            "body": b"" if change.part_of else change.packed or change.raw.body,
            "body_hash": change.body_hash,
            "mapping": change.mapping,
            "part_of": change.part_of,
            "unread": pack(change.unread),
            "received": moment,
        }
        for change in changes
    ]
    return put(tx, records, rows, "identifier", {one.raw.identifier for one in changes if one.known.body_hash})


def _save_outcomes(tx: Transaction, source_id: str, run_id: int | None, numbered: list[tuple[int, Change]]) -> int:
    fresh = [(number, change) for number, change in numbered if is_news(change)]
    record_outcomes(
        tx,
        source_id,
        run_id,
        [
            (number, change.raw.identifier, change.outcome, change.code, change.reason, change.known.outcome_id)
            for number, change in fresh
        ],
    )
    remarks = [
        {
            "outcome_id": number,
            "position": position,
            "rule": remark.rule,
            "subject": None if remark.subject == change.raw.identifier else remark.subject,
            "field": remark.field,
            "value": remark.value,
        }
        for number, change in fresh
        for position, remark in enumerate(change.findings)
    ]
    return len(fresh) + add(tx, findings, remarks)


def is_news(change: Change) -> bool:
    """True when the outcome differs from the one that stands: a record that is the same again says nothing new."""
    stands = standing(change.known.outcome)
    return (change.outcome, change.reason, change.findings) != (stands, change.known.reason, change.known.findings)


def standing(outcome: str) -> str:
    """What an outcome of an earlier run means for a run that saw the record unchanged."""
    return Outcome.SAME if outcome in NEWS else outcome


def record_outcomes(
    tx: Transaction, source_id: str, run_id: int | None, rows: Sequence[tuple[int, str, str, str, str, int | None]]
) -> None:
    """Writes (number, identifier, outcome, code, reason, the outcome it takes the place of)."""
    replaced = [{"old": old, "new": number} for number, *_, old in rows if old is not None]
    if replaced:
        statement = update(outcomes).where(outcomes.c.id == bindparam("old")).values(superseded=bindparam("new"))
        tx.execute(statement, replaced)
    values = [
        {
            "id": number,
            "source_id": source_id,
            "identifier": identifier,
            "run_id": run_id,
            "outcome": outcome,
            "code": code,
            "reason": reason,
        }
        for number, identifier, outcome, code, reason, _ in rows
    ]
    add(tx, outcomes, values)


def _make_room(tx: Transaction, changed: list[EntryChange], moment: datetime) -> None:
    """What entries need before they are there: the slug of their publisher, the IRI of a tombstone."""
    publishers.register(tx, {one.publisher: one.registers for one in changed if one.registers is not None}, moment)
    for stone, iri in (one.releases for one in changed if one.releases):
        claims.release(tx, stone, iri)


def _save_agents(tx: Transaction, source_id: str, changed: list[EntryChange]) -> int:
    said = {entry.agent.iri: entry for entry in changed if entry.agent is not None}
    rows = [
        {"source_id": source_id, "iri": iri, "publisher": entry.publisher, "agent": pack(entry.agent)}
        for iri, entry in said.items()
    ]
    return upsert(tx, agents, rows, keep=("publisher",))


def _save_entries(
    tx: Transaction,
    source_id: str,
    changed: list[tuple[int, str, EntryChange]],
    moment: datetime,
    *,
    pushed: bool,
    keeps: bool,
) -> int:
    rows = [
        {
            "id": entry.id,
            "source_id": source_id,
            "identifier": identifier,
            "kind": entry.kind,
            "name": entry.name,
            "iri": entry.iri,
            "title": pack(entry.title),
            "publisher": entry.publisher,
            "publisher_title": pack(entry.publisher_title),
            "hash": entry.hash,
            "revision": number,
            "indexed_revision": 0,
            "created": entry.created,
            "updated": moment,
            "checked": moment,
            "pushed": pushed,
            "missing_runs": 0,
            "missing_since": None,
            "removed": None,
            "reason": "",
            "moved_to": None,
        }
        for number, identifier, entry in changed
    ]
    if not rows:
        return 0
    held = set(tx.execute(select(entries.c.id).where(among(tx, entries.c.id, (row["id"] for row in rows)))).scalars())
    keep = ("created", "indexed_revision", *(_HOW_THEY_CAME if keeps else ()))
    written = put(tx, entries, rows, "id", held, keep=keep)
    return written + _save_contents(tx, [entry for _, _, entry in changed], held)


def save_contents(tx: Transaction, changed: list[EntryChange]) -> int:
    """Writes anew what is said of entries, and what was found in that. Returns rows written."""
    return _save_contents(tx, changed, {entry.id for entry in changed})


def _save_contents(tx: Transaction, changed: list[EntryChange], held: Collection[str]) -> int:
    """The same, when only those `held` were there before."""
    nodes.save(tx, {key: lines for entry in changed for key, lines in entry.contents.nodes.items()})
    bodies = [
        {
            "entry_id": entry.id,
            "pending": entry.contents.pending,
            "said": entry.contents.said,
            "shared": nodes.packed(entry.contents.nodes),
        }
        for entry in changed
    ]
    written = put(tx, contents, bodies, "entry_id", held) + _save_links(tx, changed, held)
    written += assessments.save(tx, {entry.id: entry.assessment for entry in changed}, held)
    return written + keys.replace(tx, {entry.id: entry.keys for entry in changed}, held)


_HOW_THEY_CAME = ("checked", "pushed", "missing_runs", "missing_since")


def _save_links(tx: Transaction, changed: list[EntryChange], held: Collection[str]) -> int:
    if held:
        tx.execute(delete(links).where(among(tx, links.c.entry_id, held)))
    rows = [
        {"entry_id": entry.id, "position": position, **reference._asdict()}
        for entry in changed
        for position, reference in enumerate(entry.references)
        if len(reference.target.encode()) <= INDEXABLE
    ]
    return upsert(tx, links, rows)


def _pass_on(tx: Transaction, source_id: str, changes: list[Change], *, pushed: bool) -> int:
    """Entries that stay as they are but were spoken of by another way last time, by a run or by a producer."""
    speaks = {Outcome.SAME} if pushed else NOT_TAKEN | {Outcome.SAME}  # a push that was not taken says nothing
    others = [
        change.raw.identifier
        for change in changes
        if change.known.entry_id and change.entry is None and change.known.is_pushed != pushed
        if change.outcome in speaks and not change.known.is_removed
    ]
    if others:
        ours = (entries.c.source_id == source_id, entries.c.identifier.in_(others))
        tx.execute(update(entries).where(*ours).values(pushed=pushed))
    return len(others)


def _settle_missing(tx: Transaction, source_id: str, changes: list[Change]) -> int:
    """Records that were missing and are here again, although nothing else about them changed."""
    back = [
        change.raw.identifier
        for change in changes
        if change.known.is_missing and change.entry is None and change.outcome != Outcome.SKIPPED
    ]
    if back:
        ours = (entries.c.source_id == source_id, entries.c.identifier.in_(back))
        tx.execute(update(entries).where(*ours).values(missing_runs=0, missing_since=None))
    return len(back)
