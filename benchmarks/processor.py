"""How long something keeps the processor: other programs on the machine change that little."""

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gave, and its seconds of this process."""
    began = time.process_time()
    return work(), time.process_time() - began


def seconds(work: Callable[[], object]) -> float:
    """The seconds alone."""
    return timed(work)[1]
