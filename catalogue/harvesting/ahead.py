"""What a run of a large source does before its turn comes: processes read what it fetches while it saves what was read.

Where it would wait for them, the run reads what none of them has begun, so that it takes part in what there is to do.
Records are saved in the order, by the code and with the outcome of a run without them. What was read ahead is taken
when the record and its corrections are still what they were then; otherwise the run reads the record itself.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import datetime
from functools import cached_property
from itertools import chain

import msgspec
import structlog

from harvesters import HARVESTERS
from harvesters.base import Fetched, RawRecord
from harvesters.errors import Stopped

from ..batches import batched
from ..ingest import fingerprint, raw_records
from ..ingest.corrections import Corrections
from ..ingest.draft import DEADLY, Draft, Intake, body_hash
from ..ingest.identity import clean_identifier
from ..stopping import Stop
from ..store import records
from ..store.database import Database
from .readers import Answer, Died, Job, Question, Readers, answer_to, answered

LARGE = 1_000
"""Records to be read of a source, or expected to be, for which processes are started: of 1,800 two take a fifth more of
the processor than one, and each of them two thirds of what that takes
(`docs/decisions/0010-what-bounds-a-harvest.md`)."""
TOGETHER = 125
"""Records of one question."""
AHEAD = 2
"""Batches that are read, or wait to be, while another one is saved: what is in memory has a limit, which else is
`LARGE`."""

log = structlog.get_logger(__name__)

_at_once = threading.Lock()
"""One run of a process has readers: others read alone meanwhile, since there are no more processors for them."""


class _Part:
    """Some records of a batch, which a process reads, or the run itself."""

    def __init__(self, question: Question, future: "Future[bytes]") -> None:
        self.question, self.future = question, future

    @cached_property
    def answer(self) -> Answer | None:
        """What was read, once it is; None when nothing came of it."""
        try:
            return answered(self.future)
        except Died as error:
            log.warning("reader.died", reason=str(error), records=len(self.question.raws))
            return None


class _Batch:
    """Some of what came, until its turn comes."""

    def __init__(self, fetched: list[Fetched], raws: list[RawRecord]) -> None:
        """`raws`: those that are to be read."""
        self.fetched, self.raws = fetched, raws
        self.parts: list[_Part] | None = None
        """None while nobody was asked."""

    @property
    def is_answered(self) -> bool:
        """True when nobody is to say more of it."""
        return all(part.future.done() for part in self.parts or ())


class Ahead:
    """Has the records of one run read ahead of it."""

    def __init__(
        self, database: Database, intake: Intake, moment: datetime, stop: Stop, *, again: bool, count: int
    ) -> None:
        """`again`: whether records are read that did not change. `count`: of processes, this one among them."""
        self._database, self._intake, self._stop = database, intake, stop
        self._again = again
        self._count = count if HARVESTERS.get(intake.source.kind) is intake.harvester else 1
        self._met = self._expected = 0
        """Records to be read: those that came, and those that are said to come in all."""
        self._job = Job(database.url, intake, moment, logging.getLogger().getEffectiveLevel())
        self._readers: Readers | None = None
        self._waiting: deque[_Batch] = deque()
        self._asked: dict[str, tuple[_Part, int]] = {}
        """By identifier of a record, where it stands in which question, of the batch whose turn it is."""

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *_: object) -> None:
        if self._readers is not None:
            self._readers.close()
            self._readers = None
            _at_once.release()

    @property
    def has_died(self) -> bool:
        """True when a process ended over records, which may be to blame for it."""
        return self._readers is not None and self._readers.deaths > 0

    def expect(self, count: int) -> None:
        """Has the processes started before the first of so many records is there, such as while a long document is
        parsed: when enough of them come beyond those that would stand as they are."""
        if self._count > 1:
            self._expected = count - (self._standing if count >= LARGE else 0)
            if self._is_large and self._readers is None and (readers := self._begun()) is not None:
                readers.start()

    def batches(self, batches: Iterable[list[Fetched]], size: int) -> Iterator[list[Fetched]]:
        """The same batches, each when its turn comes: one that is shorter than `size` is the last, or comes from a
        source that is slower than we are."""
        waiting = self._waiting
        with self._stop.calling(self._end):
            try:
                for batch in batches:
                    waiting.append(self._met_with(batch))
                    self._ask()
                    while waiting and (len(batch) < size or self._is_due(size)):
                        yield self._turn()
            except Exception:
                while waiting:  # what came before a failure is kept
                    yield self._turn()
                raise
            while waiting:
                yield self._turn()

    def drafts(self, raw: RawRecord, corrected: Mapping[str, Corrections]) -> list[Draft] | None:
        """What was read of a record ahead of its turn; None when the run is to read it now."""
        part, number = self._asked.pop(raw.identifier, (None, 0))
        if part is None:
            return None
        answer = self._answer(part)
        if self._stop.asked:
            raise Stopped
        if answer is None or part.question.corrected != corrected or part.question.raws[number] != raw:
            return None
        return [_whole(draft, raw) for draft in answer[number]]

    def _answer(self, part: _Part) -> Answer | None:
        """What was read of a part. While a process is at it, the run reads others."""
        while not part.future.done() and (mine := self._unbegun()) is not None:
            mine.answer = answer_to(self._database, self._job, mine.question)
        return part.answer

    def _unbegun(self) -> _Part | None:
        """The first part that no process has begun, nor will; none when processes die, which records may be to blame
        for: these are read one by one."""
        parts = chain((part for part, _ in self._asked.values()), *(batch.parts or () for batch in self._waiting))
        free = (part for part in parts if not part.future.done() and part.future.cancel())
        return None if self.has_died else next(free, None)

    def _turn(self) -> list[Fetched]:
        batch = self._waiting.popleft()
        located = ((raw, part, at) for part in batch.parts or () for at, raw in enumerate(part.question.raws))
        self._asked = {raw.identifier: (part, at) for raw, part, at in located}
        return batch.fetched

    def _is_due(self, size: int) -> bool:
        """What comes before a source is known to be large waits for that, so that processes read it too."""
        if self._waiting[0].raws and not self._is_large:
            return len(self._waiting) * size >= LARGE
        return len(self._waiting) > AHEAD or self._waiting[0].is_answered

    def _met_with(self, batch: list[Fetched]) -> _Batch:
        raws = self._to_be_read(batch) if self._count > 1 else []
        self._met += len(raws)
        return _Batch(batch, raws)

    def _ask(self) -> None:
        """Has every batch that waits be read, once a source is large."""
        unasked = [batch for batch in self._waiting if batch.raws and batch.parts is None]
        if unasked and self._is_large and (readers := self._begun()) is not None:
            for batch in unasked:
                batch.parts = self._parts(readers, batch)

    def _parts(self, readers: Readers, batch: _Batch) -> list[_Part]:
        source, ids = self._intake.source, [clean_identifier(each.identifier) for each in batch.fetched]
        with self._database.read() as tx:
            corrected = raw_records.corrections_of(tx, source, ids, records.parts(tx, source.id, ids))
        questions = [Question.about(some, corrected) for some in batched(batch.raws, TOGETHER)]
        return [_Part(question, readers.ask(question)) for question in questions]

    def _to_be_read(self, batch: list[Fetched]) -> list[RawRecord]:
        """The records that the run will read, as far as can be told in a glance."""
        named = (raw_records.known_as(each, self._intake) for each in batch)
        raws = [each for each in named if isinstance(each, RawRecord)]
        with self._database.read() as tx:
            held = records.read_by(tx, self._intake.source.id, [raw.identifier for raw in raws])
        return [raw for raw in raws if self._is_read(raw, *held.get(raw.identifier, (b"", b"", "")))]

    def _is_read(self, raw: RawRecord, hash: bytes, mapping: bytes, code: str) -> bool:
        is_changed = (hash, mapping) != (body_hash(raw), self._intake.fingerprint)
        return is_changed or (self._again and code != DEADLY)

    @property
    def _is_large(self) -> bool:
        """True of a source for which processes are started, or were: then they read what there is."""
        return self._readers is not None or max(self._met, self._expected) >= LARGE

    @cached_property
    def _standing(self) -> int:
        """Records that had been read as they would be now when the run began. Those that changed at the source since
        are among them: nobody can tell before they come."""
        with self._database.read() as tx:
            return 0 if self._again else records.count_mapped(tx, self._intake.source.id, self._intake.fingerprint)

    def _begun(self) -> Readers | None:
        if self._readers is None and _at_once.acquire(blocking=False):
            self._readers = Readers(self._count - 1, self._job, fingerprint.software())
        return self._readers

    def _end(self) -> None:
        if self._readers is not None:
            self._readers.end()


def _whole(draft: Draft, raw: RawRecord) -> Draft:
    """A draft with the body that it was read from."""
    return msgspec.structs.replace(draft, raw=msgspec.structs.replace(draft.raw, body=raw.body))
