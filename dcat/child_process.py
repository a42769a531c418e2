"""A process of ours that answers what it is asked, over a pipe in each direction.

For what may cost more than it should, and for what can be done beside other work.
"""

import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = str(Path(__file__).parents[1])
"""Where our modules are, wherever somebody calls us from."""


class Line(NamedTuple):
    """The ends of the two pipes that one side has."""

    questions: Connection
    answers: Connection

    def close(self) -> None:
        """Closes both."""
        self.questions.close()
        self.answers.close()


def start(
    module: str, *arguments: str, environment: Mapping[str, str], **how: Any
) -> tuple["subprocess.Popen[bytes]", Line]:
    """Runs a module of ours with the numbers of its ends of the pipes as its first arguments. Returns it with our ends.

    `environment`: what it may know. `how`: more for `Popen`.
    """
    (its_questions, questions), (answers, its_answers) = Pipe(duplex=False), Pipe(duplex=False)
    with its_questions, its_answers:
        its = (its_questions.fileno(), its_answers.fileno())
        process = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-P", "-m", module, *map(str, its), *arguments],
            env={**environment, "PYTHONPATH": SOURCE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=its,
            **how,
        )
    return process, Line(questions, answers)


def answering(questions: int, answers: int) -> Line:
    """In that process: its ends. It lives as long as it is asked, and goes first when memory is short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # meant for the process that asks, which may still need an answer
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    return Line(Connection(questions, writable=False), Connection(answers, readable=False))
