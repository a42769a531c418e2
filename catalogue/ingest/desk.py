"""What becomes of records that were read: who they are, what is published of them, and whether that is news.

Here it is only decided; what a decision takes from others is written with it (`store.records.save`) or not at all. What
takes long is done before anybody waits for it (`prepare`), and holds when the store still says the same (`settle`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from dcat.findings import Finding, finding
from dcat.messages import explain
from dcat.model import Agent, DataService, Entry, Iri, Texts, kind_of, references
from dcat.normalise import iris

from ..store import assessments, claims, packing, publishers, records
from ..store.claims import Owner
from ..store.database import Database, Transaction
from ..store.outcome import Outcome
from ..store.packing import Frame
from ..store.records import Change, Contents, EntryChange, Known
from . import answering, differences, identity
from .draft import Draft, Intake, failed
from .identity import clean_identifier
from .mandate import CODE
from .written import Decided, Held, Written, write

RELEASED = "SOURCE_REMOVED"
"""Reason of removal after which somebody else may have the IRI: a catalogue that moved to another address."""


def prepare(database: Database, intake: Intake, drafts: list[Draft], moment: datetime) -> list[Draft]:
    """The drafts with their entries written and their bodies packed, under the names that they would get now."""
    if all(draft.entry is None or draft.written for draft in drafts):
        return drafts
    with database.read() as tx:
        desk = Desk(tx, intake, drafts, moment)
    done, changes = zip(*desk.decide_all(), strict=True)
    with database.read() as tx:
        told = list(differences.told(tx, changes, intake.site_url))
    return [_prepared(draft, change) for draft, change in zip(done, told, strict=True)]


def settle(tx: Transaction, intake: Intake, drafts: list[Draft], moment: datetime) -> list[Change]:
    """Decides on each draft and writes nothing. Who saves it holds the writers' lock meanwhile, so that nobody else
    claims a name."""
    changes = [change for _, change in Desk(tx, intake, drafts, moment).decide_all()]
    return list(differences.told(tx, changes, intake.site_url))


def _prepared(draft: Draft, change: Change) -> Draft:
    """A draft with what need not be done again."""
    written, packed = draft.written, None
    if written is not None and change.outcome == Outcome.CHANGED:
        written = msgspec.structs.replace(written, since=change.known.hash, differences=change.differences)
    if not draft.part_of and records.is_read_anew(change):
        packed = Frame(packing.pack(draft.raw.body))
    return msgspec.structs.replace(draft, written=written, packed=packed)


def _linked(draft: Draft) -> list[str]:
    return [clean_identifier(id) for ids in draft.linked.values() for id in ids]


class Desk:
    """Decides on a batch of drafts, with everything looked up for all of them at once."""

    def __init__(self, tx: Transaction, intake: Intake, drafts: list[Draft], moment: datetime) -> None:
        self.intake, self.moment, self._drafts = intake, moment, drafts
        named = (id for draft in drafts for id in (draft.raw.identifier, draft.part_of, *_linked(draft)) if id)
        self._known = known = records.known(tx, intake.source.id, dict.fromkeys(named))
        self._iris: dict[str, Iri] = {}
        """IRI of each record's own entry, for the services among its parts."""
        self._assessed = assessments.hashes(tx, [one.entry_id for one in known.values() if one.entry_id])
        entries = [draft.entry for draft in drafts if draft.entry is not None]
        self._owners = claims.owners(tx, filter(None, (identity.usable_iri(entry.iri) for entry in entries)))
        self._names = claims.taken_names(tx, self._wanted_names(drafts))
        self._answers = answering.answers(tx, entries)
        self._look_up_publishers(tx, entries)

    def decide_all(self) -> list[tuple[Draft, Change]]:
        """Each draft, and what is to be written for it, in their order."""
        drafts = self._drafts
        order = sorted(range(len(drafts)), key=lambda number: bool(_linked(drafts[number]) or drafts[number].part_of))
        done = {number: self.decide(drafts[number]) for number in order}  # what leads elsewhere knows what it leads to
        return [done[number] for number in range(len(drafts))]

    def decide(self, draft: Draft) -> tuple[Draft, Change]:
        """A draft with its entry written, and what is to be kept of it. A fault in it is its own: FAILED."""
        known = self._known.get(draft.raw.identifier, Known())
        said = self._mandated(draft)
        if said.entry is not None:
            try:
                return self._publish(draft, said, said.entry, known)
            except Exception as error:
                draft = said = failed(said, self.intake, error)
        return draft, self._change(said, known, said.outcome, said.findings)

    def _mandated(self, draft: Draft) -> Draft:
        """A draft under the name of a publisher that its key was not made for: with a remark, and refused where that is
        not wanted."""
        mandate, entry = self.intake.mandate, draft.entry
        if mandate is None or entry is None:
            return draft
        remark = mandate.remark(entry, self._slug_of(entry.publisher), draft.raw.identifier)
        if remark is None:
            return draft
        draft = msgspec.structs.replace(draft, findings=(*draft.findings, remark))
        if not mandate.refuses:
            return draft
        reason = " ".join(explain(remark, "en"))
        return msgspec.structs.replace(draft, entry=None, outcome=Outcome.REFUSED, code=CODE, reason=reason)

    def _publish(self, draft: Draft, said: Draft, entry: Entry, known: Known) -> tuple[Draft, Change]:
        """`said`: the draft with what is remarked on who sent it."""
        decided = self._decided(said, entry, known)
        held = (b"" if known.is_removed else known.hash, self._assessed.get(decided.id, b""))
        written = draft.written if draft.written and draft.written.serves(decided, held) else None
        written = written or self._write(entry, draft, decided, held)
        draft = msgspec.structs.replace(draft, written=written)
        if written.contents is None or written.held == held:
            return draft, self._change(said, known, Outcome.SAME, decided.findings)
        fresh = self._entry_change(entry, written, written.contents, known)
        self._owners[decided.iri] = Owner(fresh.id, fresh.kind, "", self.intake.source.id, draft.raw.identifier)
        outcome = _outcome(known, is_same=written.hash == held[0])
        is_told = outcome == Outcome.CHANGED and written.since == known.hash
        change = self._change(said, known, outcome, decided.findings, fresh)
        return draft, msgspec.structs.replace(change, differences=written.differences) if is_told else change

    def _decided(self, draft: Draft, entry: Entry, known: Known) -> Decided:
        kind = kind_of(entry)
        id = known.entry_id or identity.entry_id(self.intake.source.id, draft.raw.identifier)
        iri, remarks = self._iri(entry, known, id, identity.minted_iri(self.intake.site_url, kind, id))
        self._iris[draft.raw.identifier] = iri
        return Decided(
            id=id,
            iri=iri,
            publisher=self._slug_of(entry.publisher),
            leads={**self._served(entry, draft.part_of), **self._linked(entry, draft)},
            findings=(*draft.findings, *remarks),
            created=known.created or self.moment,
            answers=answering.among(self._answers, entry),
        )

    def _write(self, entry: Entry, draft: Draft, decided: Decided, held: Held) -> Written:
        where: Any = {"site_url": self.intake.site_url, "languages": self.intake.languages}
        return write(entry, draft.raw, decided, **where, moment=self.moment, held=held)

    def _entry_change(self, entry: Entry, written: Written, contents: Contents, known: Known) -> EntryChange:
        decided = written.decided
        rival = self._owners.get(decided.iri)
        return EntryChange(
            id=decided.id,
            kind=kind_of(entry),
            name=known.name or self._name(entry, decided.id),
            iri=decided.iri,
            title=entry.title,
            publisher=decided.publisher,
            publisher_title=written.agent.name if written.agent else (),
            hash=written.hash,
            contents=contents,
            references=written.references,
            keys=written.keys,
            agent=self._news_of(written.agent),
            registers=self._titles.get(decided.publisher),
            releases=self._release(rival) if rival and rival.id != decided.id else None,
            created=decided.created,
            assessment=written.assessment,
        )

    def _served(self, entry: Entry, record: str) -> dict[str, tuple[Iri, ...]]:
        """A service that is part of a record and names no dataset serves that of the record."""
        if not record or not isinstance(entry, DataService) or entry.serves_dataset:
            return {}
        dataset = self._iris.get(record) or Iri(self._known.get(record, Known()).iri)
        return {"serves_dataset": (dataset,)} if dataset else {}

    def _linked(self, entry: Entry, draft: Draft) -> dict[str, tuple[Iri, ...]]:
        """The records of its source that the entry leads to, by the IRI that each has, or will get."""
        more: dict[str, tuple[Iri, ...]] = {}
        for field, ids in draft.linked.items():
            kind = references()[field].target
            found = {self._iri_of(clean_identifier(id), kind) for id in ids}
            more[field] = tuple(sorted({*getattr(entry, field), *found}))
        return more

    def _iri_of(self, identifier: str, kind: str) -> Iri:
        if iri := self._iris.get(identifier) or self._known.get(identifier, Known()).iri:
            return Iri(iri)
        return identity.minted_iri(self.intake.site_url, kind, identity.entry_id(self.intake.source.id, identifier))

    def _change(
        self,
        draft: Draft,
        known: Known,
        outcome: str,
        findings: tuple[Finding, ...],
        entry: EntryChange | None = None,
    ) -> Change:
        return Change(
            raw=draft.raw,
            part_of=draft.part_of,
            body_hash=draft.body_hash,
            mapping=draft.mapping or self.intake.fingerprint,
            unread=draft.unread,
            known=known,
            packed=draft.packed,
            outcome=outcome,
            code=draft.code,
            reason=draft.reason,
            findings=findings,
            entry=entry,
        )

    def _iri(self, entry: Entry, known: Known, id: str, minted: Iri) -> tuple[Iri, tuple[Finding, ...]]:
        """The entry's IRI for life, and a remark when it is not the one that the source says.

        One on localhost or a private host, as earlier releases took from sources, is nobody's.
        """
        said = identity.usable_iri(entry.iri)
        if known.iri and iris.name(known.iri, self.intake.context.allow_local).value is None:
            known = msgspec.structs.replace(known, iri=minted)
        if said is None or said == known.iri:
            return Iri(known.iri) if known.iri else minted, ()
        owner = self._owners.get(said, Owner(id, kind_of(entry), "", self.intake.source.id, ""))
        is_ours = said.startswith(f"{self.intake.site_url}/")
        if known.iri or is_ours or (owner.id != id and owner.reason != RELEASED):
            is_next_door = owner.source == self.intake.source.id and not is_ours
            rule = "iri-shared" if is_next_door else "iri-taken"
            value = f"{said} ({owner.identifier})" if is_next_door and owner.identifier != said else said
            remark = finding(rule, said, "rdf:about", value) if is_ours or owner.id != id else None
            return Iri(known.iri) if known.iri else minted, (remark,) if remark else ()
        return said, ()

    def _release(self, stone: Owner) -> tuple[str, Iri]:
        """A tombstone whose IRI a live entry takes over, and the one that it gets."""
        return stone.id, identity.minted_iri(self.intake.site_url, stone.kind, stone.id)

    def _wanted_names(self, drafts: Iterable[Draft]) -> set[str]:
        """Every slug that one of the new entries may get."""
        wanted: set[str] = set()
        for draft in drafts:
            if draft.entry is not None and not self._known.get(draft.raw.identifier, Known()).name:
                id = identity.entry_id(self.intake.source.id, draft.raw.identifier)
                wanted.update(identity.names(identity.slug(draft.entry.title, self.intake.languages), id))
        return wanted

    def _name(self, entry: Entry, id: str) -> str:
        wanted = identity.names(identity.slug(entry.title, self.intake.languages), id)
        name = next(name for name in wanted if name not in self._names)
        self._names.add(name)
        return name

    def _look_up_publishers(self, tx: Transaction, entries: list[Entry]) -> None:
        agents = [self._identified(entry.publisher) for entry in entries if entry.publisher is not None]
        iris = {agent.iri for agent in agents if agent.iri}
        self._slugs = publishers.slugs(tx, iris)
        self._said = publishers.statements(tx, self.intake.source.id, iris)
        fresh = {agent.iri: agent for agent in agents if agent.iri and agent.iri not in self._slugs}
        self._titles: dict[str, Texts] = {}
        """Of publishers that are not registered yet, by slug."""
        for iri, agent in fresh.items():
            self._slugs[iri] = identity.slug(agent.name, self.intake.languages) or identity.digest(iri, size=5)
            self._titles[self._slugs[iri]] = agent.name

    def _identified(self, agent: Agent) -> Agent:
        if agent.iri:
            return agent
        iri = identity.agent_iri(self.intake.site_url, agent, self.intake.languages)
        return msgspec.structs.replace(agent, iri=iri)

    def _slug_of(self, agent: Agent | None) -> str:
        return self._slugs[self._identified(agent).iri or ""] if agent is not None else ""

    def _news_of(self, agent: Agent | None) -> Agent | None:
        """The publisher, when its source said something else about it before."""
        if agent is None or not agent.iri or self._said.get(agent.iri) == agent:
            return None
        self._said[agent.iri] = agent
        return agent


def _outcome(known: Known, *, is_same: bool) -> str:
    """What is new of an entry that is written: of one that is the same, only what we say about it."""
    if not known.entry_id:
        return Outcome.NEW
    return Outcome.RESTORED if known.is_removed else Outcome.SAME if is_same else Outcome.CHANGED
