"""What becomes of records that were read: who they are, what is published of them, and whether that is news.

Here it is only decided; what a decision takes from others is written with it (`store.records.save`) or not at all.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from dcat.findings import Finding, finding
from dcat.messages import explain
from dcat.model import Agent, DataService, Entry, Iri, Text, Texts, kind_of, references
from dcat.normalise import iris

from ..store import assessments, claims, publishers, records
from ..store.claims import Owner
from ..store.database import Transaction
from ..store.outcome import Outcome
from ..store.records import Change, EntryChange, Known
from . import answering, catalog_record, differences, identity, sameness
from .catalog_record import Topic
from .draft import Draft, Intake, failed
from .edition import edition
from .identity import clean_identifier
from .mandate import CODE

RELEASED = "SOURCE_REMOVED"
"""Reason of removal after which somebody else may have the IRI: a catalogue that moved to another address."""


def settle(tx: Transaction, intake: Intake, drafts: list[Draft], moment: datetime) -> list[Change]:
    """Decides on each draft and writes nothing. Who saves it holds the writers' lock meanwhile, so that nobody else
    claims a name."""
    named = dict.fromkeys(id for draft in drafts for id in (draft.raw.identifier, draft.part_of, *_linked(draft)) if id)
    known = records.known(tx, intake.source.id, named)
    desk = Desk(tx, intake, drafts, known, moment)
    order = sorted(range(len(drafts)), key=lambda number: bool(_linked(drafts[number]) or drafts[number].part_of))
    changes = {number: desk.decide(drafts[number]) for number in order}  # what leads elsewhere knows what it leads to
    return [*differences.told(tx, [changes[number] for number in range(len(drafts))], intake.site_url)]


def _linked(draft: Draft) -> list[str]:
    return [clean_identifier(id) for ids in draft.linked.values() for id in ids]


class Desk:
    """Decides on a batch of drafts, with everything looked up for all of them at once."""

    def __init__(
        self, tx: Transaction, intake: Intake, drafts: list[Draft], known: dict[str, Known], moment: datetime
    ) -> None:
        self.tx, self.intake, self.moment = tx, intake, moment
        self._known = known
        self._iris: dict[str, Iri] = {}
        """IRI of each record's own entry, for the services among its parts."""
        self._assessed = assessments.hashes(tx, [one.entry_id for one in known.values() if one.entry_id])
        entries = [draft.entry for draft in drafts if draft.entry is not None]
        self._owners = claims.owners(tx, filter(None, (identity.usable_iri(entry.iri) for entry in entries)))
        self._names = claims.taken_names(tx, self._wanted_names(drafts))
        self._reachable = answering.reachable(tx, entries)
        self._look_up_publishers(entries)

    def decide(self, draft: Draft) -> Change:
        """What is to be written for one draft. A fault in it is its own: FAILED."""
        known = self._known.get(draft.raw.identifier, Known())
        draft = self._mandated(draft)
        if draft.entry is not None:
            try:
                return self._publish(draft, draft.entry, known)
            except Exception as error:
                draft = failed(draft, self.intake, error)
        return self._change(draft, known, draft.outcome, draft.findings)

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

    def _publish(self, draft: Draft, entry: Entry, known: Known) -> Change:
        source, kind = self.intake.source, kind_of(entry)
        id = known.entry_id or identity.entry_id(source.id, draft.raw.identifier)
        base = identity.minted_iri(self.intake.site_url, kind, id)
        iri, remarks = self._iri(entry, known, id, base)
        rival = self._owners.get(iri)
        self._iris[draft.raw.identifier] = iri
        entry = self._linking(self._serving(entry, draft.part_of), draft)
        keys = sameness.keys(entry, iri, draft.raw.identifier, self._slug_of(entry.publisher))
        entry = msgspec.structs.replace(entry, iri=iri, identifier=entry.identifier or (Text(iri),))
        entry = identity.mint(entry, base, self.intake.site_url, self.intake.languages)
        body, said, hash = edition(entry, base, keys)
        findings = (*draft.findings, *remarks)
        is_same = hash == known.hash and not known.is_removed
        created = known.created or self.moment
        # It was checked when it was read: what breaks a rule is refused, and IRIs that nodes are given break none.
        topic = Topic(self._record_iri(id), entry, findings, draft.raw.address, created, is_compliant=True)
        found = catalog_record.quality_of(topic, self.intake.site_url, self._reachable)
        assessment = catalog_record.assessment(topic, found)
        if is_same and assessment.hash == self._assessed.get(id):
            return self._change(draft, known, Outcome.SAME, findings)
        record_own, record_shared = catalog_record.written(topic, found, self.moment)
        fresh = EntryChange(
            id=id,
            kind=kind,
            name=known.name or self._name(entry, id),
            iri=iri,
            title=entry.title,
            publisher=self._slug_of(entry.publisher),
            publisher_title=entry.publisher.name if entry.publisher else (),
            hash=hash,
            entry=body,
            own=said.own + record_own,
            shared=said.shared + record_shared,
            pending=said.pending,
            named=said.named,
            references=said.references,
            keys=keys,
            agent=self._news_of(entry.publisher),
            registers=self._titles.get(self._slug_of(entry.publisher)),
            releases=self._release(rival) if rival and rival.id != id else None,
            created=created,
            assessment=assessment,
        )
        self._owners[iri] = Owner(id, kind, "", self.intake.source.id, draft.raw.identifier)
        return self._change(draft, known, _outcome(known, is_same=is_same), findings, fresh)

    def _serving(self, entry: Entry, record: str) -> Entry:
        """A service that is part of a record and names no dataset serves that of the record."""
        if not record or not isinstance(entry, DataService) or entry.serves_dataset:
            return entry
        dataset = self._iris.get(record) or Iri(self._known.get(record, Known()).iri)
        return msgspec.structs.replace(entry, serves_dataset=(dataset,)) if dataset else entry

    def _linking(self, entry: Entry, draft: Draft) -> Entry:
        """The entry with the IRIs of the records of its source that it leads to: the one that each has, or will get."""
        more: dict[str, tuple[Iri, ...]] = {}
        for field, ids in draft.linked.items():
            kind = references()[field].target
            found = {self._iri_of(clean_identifier(id), kind) for id in ids}
            more[field] = tuple(sorted({*getattr(entry, field), *found}))
        return msgspec.structs.replace(entry, **more) if more else entry

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

    def _look_up_publishers(self, entries: list[Entry]) -> None:
        agents = [self._identified(entry.publisher) for entry in entries if entry.publisher is not None]
        iris = {agent.iri for agent in agents if agent.iri}
        self._slugs = publishers.slugs(self.tx, iris)
        self._said = publishers.statements(self.tx, self.intake.source.id, iris)
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

    def _record_iri(self, id: str) -> Iri:
        return identity.minted_iri(self.intake.site_url, "record", id)


def _outcome(known: Known, *, is_same: bool) -> str:
    """What is new of an entry that is written: of one that is the same, only what we say about it."""
    if not known.entry_id:
        return Outcome.NEW
    return Outcome.RESTORED if known.is_removed else Outcome.SAME if is_same else Outcome.CHANGED
