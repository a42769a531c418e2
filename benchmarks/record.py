"""The last record of speed, in `speed.json`: of each promise its figure, and when and of what it was measured."""

import os
import platform
from pathlib import Path

import msgspec

from catalogue import clock
from catalogue.whole_file import appearing

FILE = Path(__file__).with_name("speed.json")
DIGITS = 3
"""Of figures: less is chance."""


class Recorded(msgspec.Struct, frozen=True):
    """One figure."""

    figure: float
    of: str
    """What it was measured with."""
    on: str
    load: float
    """Of the machine, when the measurement began."""
    machine: str


Record = dict[str, Recorded]
"""By the key of the promise."""


def measured(figure: float, of: str, load: float) -> Recorded:
    """A figure as it is recorded here and now."""
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    return Recorded(round(figure, DIGITS), of, str(clock.now().date()), round(load, 1), machine)


def last() -> Record:
    """The last record; empty where there is none."""
    return msgspec.json.decode(FILE.read_bytes(), type=Record) if FILE.is_file() else {}


def keep(found: Record) -> Record:
    """Records figures, and leaves those that were not measured as they are. Returns the whole record."""
    record = last() | found
    with appearing(FILE) as out:
        out.write(msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n")
    return record
