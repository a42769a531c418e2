"""The process that reads records for a run: `python -m catalogue.harvesting.reading_process <questions> <answers>
<parent>`, two descriptors of pipes and the process that asks.

It ends with the process that asks. It writes nothing into the database and asks no address.
"""

import os
import pickle
import sys
import threading
import time
from contextlib import closing, suppress

import msgspec

from dcat.child_process import answering

from .. import log, memory
from ..ingest import fingerprint
from ..ingest.draft import Draft
from ..store.database import Database
from .readers import Job, Question, answer_to

WATCH = 0.5
"""Seconds between two looks whether the process that asks still lives."""


def main(questions: int, answers: int, parent: int) -> None:
    """Answers until nobody asks any more."""
    line = answering(questions, answers)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    with suppress(EOFError, OSError), memory.patient_collector():
        job: Job = pickle.loads(line.questions.recv_bytes())  # noqa: S301 (from the process that started this one)
        log.configure(job.log_level)
        line.answers.send_bytes(fingerprint.software())
        with closing(Database(job.database)) as database:
            while True:
                question: Question = pickle.loads(line.questions.recv_bytes())  # noqa: S301 (likewise)
                told = [list(map(_told, drafts)) for drafts in answer_to(database, job, question)]
                line.answers.send_bytes(pickle.dumps(told, pickle.HIGHEST_PROTOCOL))


def _told(draft: Draft) -> Draft:
    """A draft without what the other has, and what nobody keeps."""
    return msgspec.structs.replace(draft, raw=msgspec.structs.replace(draft.raw, body=b""), notes=())


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    os._exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
