"""Looking into a file in a process of its own, which may use so much memory, time and disk and no more."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec
import structlog

from harvesters.errors import Stopped

from ..stopping import Stop
from .child import FOUND, HEAVY, Report, Task
from .preview import Preview, Unseen

PATIENCE = 5
"""How many times its seconds of work a process may take on the clock: it shares the machine with others."""
TIMES_UNPACKED = 6
"""How many times as large as the largest file that is fetched may be what is in one."""
WATCH = 0.05
SAID = 2_000
"""Bytes of what it complained of that are logged."""

log = structlog.get_logger(__name__)


class Limits(NamedTuple):
    """Of one file."""

    bytes: int
    memory: int
    """Bytes."""
    seconds: int


def look(file: Path, folder: Path, limits: Limits, stop: Stop, *, is_said: bool = True) -> Preview:
    """What is in a file; `folder` is an empty one, where the rows of its table are afterwards (`rows`). Raises
    `Unseen`, and `Stopped` when it is to end."""
    task = Task(str(file), str(folder), TIMES_UNPACKED * limits.bytes, is_said, limits.memory, limits.seconds)
    command = [sys.executable, "-m", "catalogue.previews.child", msgspec.json.encode(task).decode()]
    with (folder / "complaints").open("wb") as complaints:
        process = subprocess.Popen(  # noqa: S603 (our own program, and paths of ours)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            env={name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG") if name in os.environ},
            start_new_session=True,
        )
        try:
            status = _awaited(process, PATIENCE * limits.seconds, stop)
        finally:
            _end(process)
    return _found(status, folder)


def _awaited(process: subprocess.Popen[bytes], seconds: float, stop: Stop) -> int:
    end = time.monotonic() + seconds
    while (status := process.poll()) is None:
        if time.monotonic() > end:
            raise Unseen("too-heavy")
        if stop.wait(WATCH):
            raise Stopped
    return status


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a group of its own: nobody else is in it
        process.wait()


def _found(status: int, folder: Path) -> Preview:
    """What the process tells, by how it ended."""
    if status == 0:
        report = msgspec.json.decode((folder / FOUND).read_bytes(), type=Report)
        if report.code:
            raise Unseen(report.code)
        return msgspec.json.decode(report.preview, type=Preview)
    said = (folder / "complaints").read_bytes()[-SAID:].decode("utf-8", "replace")
    is_heavy = status == HEAVY or -status in {signal.SIGXCPU, signal.SIGKILL, signal.SIGXFSZ, signal.SIGABRT}
    if is_heavy or "MemoryError" in said or "memory allocation" in said:
        raise Unseen("too-heavy")
    log.warning("preview.broken", status=status, said=said)
    raise Unseen("damaged")
