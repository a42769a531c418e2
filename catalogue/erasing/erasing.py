"""A person taken out of the catalogue.

who ──hash──▶ remembered: nothing that comes in names them any more
  └──▶ records that name them are read again without them ──▶ reports, history, audit are rewritten ──▶ told
"""

from collections.abc import Iterable, Mapping
from itertools import groupby

import msgspec

from harvesters.base import Harvester

from .. import audit, clock
from ..batches import batched
from ..ingest import erased, raw_records
from ..ingest.erased import Erased
from ..settings import Settings
from ..sources import intakes, push, tokens
from ..stopping import Stop
from ..store import audits, erasures, missing, records, revisions, sources
from ..store.database import Database, Transaction
from ..store.erasures import Held, Mark, Passage
from ..tidying import sweep
from ..whole_file import OWNER, appearing

TOGETHER = 100
"""Records that are read again, and rows that are rewritten, in one transaction."""
PASSES = 3
"""How often it is looked for what somebody wrote while rows were rewritten."""
FILE = "erased.list"
"""In the data folder: the list beside the database, so that an older database that is restored knows it too."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Where persons were found, or would be: of each place how often."""

    records: int = 0
    """As they came, and what is published of them."""
    removed: int = 0
    """Entries that are removed, of which everything is forgotten."""
    passages: dict[str, int] = {}
    """Rows of reports, remarks and history, by table."""
    audit: int = 0
    subscriptions: int = 0
    """People who were written to at such a mailbox: notices of sources, entries that they follow, their questions."""
    searches: int = 0
    names: tuple[str, ...] = ()
    """Names of entries and publishers that hold the person's name: they stay, for they are addresses."""


class Erasing:
    """Erases, and keeps erased."""

    def __init__(self, database: Database, settings: Settings, harvesters: Mapping[str, Harvester]) -> None:
        self._database, self._settings, self._harvesters = database, settings, harvesters

    def look(self, who: Iterable[str]) -> Told:
        """Where persons are named, by names and mailboxes; writes nothing. Raises `Invalid`."""
        return self._found(Erased(self._key, self._marks(who)))

    def look_again(self) -> Told:
        """Where those are named who were ever erased; writes nothing."""
        with self._database.read() as tx:
            gone = intakes.erased(tx, self._settings)
        return self._found(gone)

    def erase(self, who: Iterable[str]) -> Told:
        """Takes persons out and remembers them. Raises `Invalid`. When it is broken off, `again` does the rest."""
        marks = self._marks(who)
        self._write_down(marks)
        self._remember(marks)
        return self.again()

    def again(self) -> Told:
        """Takes all who were ever erased out of what is kept, as after a restore."""
        self._remember(self._written_down())
        with self._database.read() as tx:
            gone = intakes.erased(tx, self._settings)
        if not gone:
            return Told()
        told = self._found(gone)
        self._rewrite(gone)  # corrections are laid over what is read again
        self._read_again(gone)
        self._rewrite(gone)  # history tells what was so before
        self._forget_readers(gone)
        sweep(self._database, Stop(), at_any_rate=True)
        with self._database.write() as tx:
            counts = {name: value for name, value in msgspec.to_builtins(told).items() if value and name != "names"}
            audit.record(tx, "person.erase", "", after=counts)
        self._database.compact()
        return told

    # --- who ----------------------------------------------------------------------------------------------------------

    @property
    def _key(self) -> bytes:
        return tokens.secret(self._settings)

    def _marks(self, who: Iterable[str]) -> list[Mark]:
        return [erased.mark(one, self._key) for one in who]

    def _remember(self, marks: Iterable[Mark]) -> None:
        def work(tx: Transaction) -> None:
            revisions.lock(tx)  # whoever saves what was read before looks for it then
            erasures.add(tx, marks, clock.now())

        self._database.write_again(work)

    def _write_down(self, marks: Iterable[Mark]) -> None:
        every = dict.fromkeys((*self._written_down(), *marks))
        with appearing(self._settings.data_dir / FILE, OWNER) as out:
            out.writelines(f"{mark.kind} {mark.words} {mark.hash.hex()}\n".encode() for mark in every)

    def _written_down(self) -> list[Mark]:
        file = self._settings.data_dir / FILE
        lines = file.read_text("ascii").splitlines() if file.exists() else []
        parts = [line.split() for line in lines]
        return [Mark(kind, int(words), bytes.fromhex(hash)) for kind, words, hash in parts]

    # --- where --------------------------------------------------------------------------------------------------------

    def _found(self, gone: Erased) -> Told:
        with self._database.read() as tx:
            held = erasures.held(tx, gone.of_text, gone.of_bytes)
            passages = [one.table for one in erasures.passages(tx, gone.of_text)]
            return Told(
                records=sum(not one.is_removed for one in held),
                removed=sum(one.is_removed for one in held),
                passages={table: passages.count(table) for table in dict.fromkeys(passages)},
                audit=audits.count_naming(tx, gone.of_text),
                subscriptions=sum(map(len, erasures.readers(tx, gone.is_in).values())),
                searches=sum(map(len, erasures.searches(tx, gone.of_text).values())),
                names=tuple(erasures.named_for_life(tx, gone.of_text)),
            )

    # --- out ----------------------------------------------------------------------------------------------------------

    def _read_again(self, gone: Erased) -> None:
        """Records are read again without them; of removed entries everything is forgotten."""
        with self._database.read() as tx:
            held = sorted(erasures.held(tx, gone.of_text, gone.of_bytes))
        removed = [one.entry_id for one in held if one.is_removed]
        for ids in batched(removed, TOGETHER):
            with self._database.write() as tx:
                revisions.lock(tx)
                missing.purge(tx, ids, clock.now())
        there = [one for one in held if not one.is_removed]
        for source_id, of_source in groupby(there, key=lambda one: one.source_id):
            for some in batched(of_source, TOGETHER):
                self._take(source_id, some)
        for some in batched(there, TOGETHER):
            with self._database.write() as tx:
                for one in some:
                    erasures.rewrite_body(tx, one, gone.of_bytes)

    def _take(self, source_id: str, some: list[Held]) -> None:
        with self._database.read() as tx:
            row = sources.by_id(tx, source_id)
            raws = [raw for one in some if (raw := records.raw(tx, source_id, one.identifier)) is not None]
            if row is None:
                return
            read_by = {one.identifier: push.reader(self._harvesters, row, one) for one in raws}
            by_harvester = {one: intakes.intake(tx, row, one, self._settings) for one in set(read_by.values())}
        for harvester, intake in by_harvester.items():
            its = {raw.identifier: raw for raw in raws if read_by[raw.identifier] is harvester}
            keeper, now = push.Rereading(), clock.now()
            raw_records.take(self._database, intake, its.values(), keeper, now, again=True, keeps=True)

    def _rewrite(self, gone: Erased) -> None:
        for _ in range(PASSES):
            with self._database.read() as tx:
                passages: list[Passage] = list(erasures.passages(tx, gone.of_text))
            for some in batched(passages, TOGETHER):
                with self._database.write() as tx:
                    for one in some:
                        erasures.rewrite(tx, one)
            if not passages:
                break
        with self._database.write() as tx:
            audits.rewrite(tx, gone.of_text, clock.now())

    def _forget_readers(self, gone: Erased) -> None:
        with self._database.write() as tx:
            for table, ids in erasures.readers(tx, gone.is_in).items():
                erasures.drop(tx, table, "id", ids)
            named = erasures.searches(tx, gone.of_text)
            erasures.drop(tx, "unanswered", "key", named["unanswered"])
            erasures.drop(tx, "follows", "id", named["follows"])
