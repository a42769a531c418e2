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
    began = together()
    return work(), together() - began


def of_process(number: str, *, ended: bool = False) -> float:
    """The seconds that a process has taken so far; none when there is none. `ended`: and those of what it started and
    waited for."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / TICKS


def of_server(number: str) -> float:
    """The seconds of a server that has a process for each that asks."""
    return of_process(number, ended=True) + sum(map(of_process, children(number)))


def children(number: str = "self") -> Iterator[str]:
    """The numbers of the processes that this one, or another, started and that go on."""
    for task in Path(f"/proc/{number}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            yield from (task / "children").read_text("ascii").split()


def together() -> float:
    """The seconds so far of this process and of those that it starts."""
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system + sum(map(of_process, children()))
