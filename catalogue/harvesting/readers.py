"""Processes of our own that read records of one large source beside the run that fetches and saves them.

They read, clean, check and write; what they answer is only what the run would have made itself, and who is who is
decided where it is saved. Each takes one question at a time. One that ends over a question answers nothing: the run
reads those records itself. None outlives the run, or the process that it belongs to.
"""

import os
import pickle
import subprocess
import threading
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from queue import LifoQueue
from typing import NamedTuple

from dcat import rdf
from dcat.child_process import Line, start
from harvesters.base import RawRecord
from harvesters.errors import Stopped

from ..errors import DatastoreError
from ..ingest.corrections import Corrections
from ..ingest.desk import prepare
from ..ingest.draft import Draft, Intake, read
from ..store.database import Database

MOST_USUAL = 4
"""Processes that read, that of the run among them, where nobody says how many: the one that saves keeps up with no
more."""
MOST_DEATHS = 3
"""Of the processes of one run, before it reads the rest itself."""


def usual_count() -> int:
    """As many as there are processors, within reason: each takes memory, and one process saves what they read."""
    return min(MOST_USUAL, len(os.sched_getaffinity(0)))


class Job(NamedTuple):
    """What a process is told when it begins."""

    database: str
    """The URL of the database, of which it only reads."""
    intake: Intake
    moment: datetime
    log_level: int


class Question(NamedTuple):
    """Records to be read, and what somebody corrected of them."""

    raws: list[RawRecord]
    corrected: Mapping[str, Corrections]
    graphs: list[bytes]
    """What each of them says in RDF, of those that were just cut out of a document (`rdf.hand_on`)."""

    @classmethod
    def about(cls, raws: list[RawRecord], corrected: Mapping[str, Corrections]) -> "Question":
        """A question with all that need not be found out again."""
        return cls(raws, corrected, [rdf.hand_on(raw.body) for raw in raws])


Answer = list[list[Draft]]
"""The drafts of each record of a question."""


def answer_to(database: Database, job: Job, question: Question) -> Answer:
    """What the records say, written under the names that they would get now."""
    read_of = []
    for raw, graph in zip(question.raws, question.graphs, strict=True):
        rdf.take_over(raw.body, graph)
        read_of.append(read(raw, job.intake, question.corrected))
    drafts = [draft for some in read_of for draft in some]
    with suppress(DatastoreError):  # the run looks itself, and says what is wrong
        drafts = prepare(database, job.intake, drafts, job.moment)
    waiting = iter(drafts)
    return [[next(waiting) for _ in some] for some in read_of]


class Died(Exception):
    """A process ended over a question."""


class Reader:
    """One process, started when it is first asked."""

    def __init__(self, job: bytes, software: bytes) -> None:
        self._job, self._software = job, software
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Line | None = None
        self._is_ended = False

    def ask(self, question: bytes) -> bytes:
        """What it answers. Raises `Died`."""
        try:
            line = self._begin()
            line.questions.send_bytes(question)
            return line.answers.recv_bytes()
        except (EOFError, OSError) as error:
            raise Died(f"A process that reads records ended ({self._close()}).") from error

    def end(self) -> None:
        """Ends the process, whatever it does; it is not started again."""
        with self._turn:
            self._is_ended = True
            if self._process is not None:
                self._process.kill()

    def _begin(self) -> Line:
        if self._line is not None:
            return self._line
        with self._turn:
            if self._is_ended:
                raise EOFError
            self._process, self._line = start(
                "catalogue.harvesting.reading_process",
                str(os.getpid()),
                environment=os.environ,
                start_new_session=True,  # Ctrl-C is meant for whoever asks
            )
        self._line.questions.send_bytes(self._job)
        if self._line.answers.recv_bytes() != self._software:
            raise EOFError  # the program was replaced on the disk since we began
        return self._line

    def _close(self) -> int | None:
        """Lets go of a process that ended; how it did."""
        if self._line is not None:
            self._line.close()
        self._line = None
        with self._turn:
            process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        return process.wait()

    def close(self) -> None:
        """Leaves nothing of it, once nobody asks any more."""
        self.end()
        self._close()


class Readers:
    """As many processes as a run may have."""

    def __init__(self, count: int, job: Job, software: bytes) -> None:
        """`software`: what tells our version from others (`ingest.fingerprint.software`)."""
        packed = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        self.count, self.deaths, self._is_ended = count, 0, False
        self._readers = [Reader(packed, software) for _ in range(count)]
        self._free: LifoQueue[Reader] = LifoQueue()  # none is started while one that was has nothing to do
        for reader in self._readers:
            self._free.put(reader)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")

    def start(self) -> None:
        """Starts all of them before there is anything to read."""
        for _ in self._readers:
            self.ask(Question([], {}, []))

    def ask(self, question: Question) -> Future[bytes]:
        """Has the records read by whoever is free next. Raises `Stopped` after their end."""
        packed = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
        try:
            return self._threads.submit(self._asked, packed)
        except RuntimeError as error:
            raise Stopped from error

    def end(self) -> None:
        """Ends all of them, whatever they do; from any thread, any number of times."""
        self._is_ended = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._readers:
            reader.end()

    def close(self) -> None:
        """The same, and waits until nothing is left of them."""
        self.end()
        self._threads.shutdown()
        for reader in self._readers:
            reader.close()

    def _asked(self, question: bytes) -> bytes:
        reader = self._free.get()
        try:
            if self.deaths >= MOST_DEATHS:
                return b""
            return reader.ask(question)
        except Died:
            self.deaths += not self._is_ended  # one that we end did not die
            raise
        finally:
            self._free.put(reader)


def answered(future: "Future[bytes]") -> Answer | None:
    """What came of a question; None when nothing did. Raises `Died`."""
    try:
        said = future.result()
    except CancelledError:
        return None
    answer: Answer | None = pickle.loads(said) if said else None  # noqa: S301 (from the process that we started)
    return answer
