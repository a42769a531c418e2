"""How long something keeps the processor: other programs on the machine change that little."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

TICKS = os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gave, and its seconds of this process."""
    began = time.process_time()
    return work(), time.process_time() - began


def seconds(work: Callable[[], object]) -> float:
    """The seconds alone."""
    return timed(work)[1]


def timed_together(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gave, and the seconds of this process and of those that it starts, as for long documents."""
    began = _together()
    return work(), _together() - began


def of_process(number: str) -> float:
    """The seconds that a process has taken so far; none when there is none."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def children() -> Iterator[str]:
    """The numbers of the processes that this one started and that go on."""
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            yield from (task / "children").read_text("ascii").split()


def _together() -> float:
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system + sum(map(of_process, children()))
