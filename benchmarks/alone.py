"""One harvest in a process of its own: what it took, and what it held in memory.

    python -m benchmarks.alone SOURCE

The catalogue is that of the environment, as for the command. Printed is a `Measured` as JSON.
"""

import os
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.processor import children
from catalogue.service import Catalogue
from catalogue.settings import Settings, as_environment, load
from catalogue.store.rows import RunRow


class Measured(NamedTuple):
    """One harvest in a process of its own."""

    seen: int
    writes: int
    removed: int
    seconds: float
    """Of the processor."""
    memory: int
    """kB that the process held at most, without what it only reads of files: those pages are everybody's."""
    parser: int
    """kB that the one of its children held at most that held most: it parses long documents, or reads records."""
    together: int
    """kB that all of them held at most at one moment; what they share counts once."""


def harvest(settings: Settings, name: str) -> Measured:
    """Harvests the source in a process of its own, whose memory is that of this harvest alone: one that Python's
    `multiprocessing` starts would import what the measurement does, rdflib and the other peers (54 MB)."""
    command, environment = [sys.executable, "-m", "benchmarks.alone", name], os.environ | as_environment(settings)
    told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
    return msgspec.json.decode(told.splitlines()[-1], type=Measured)


def measured(settings: Settings, name: str) -> Measured:
    """Harvests the source in this process."""
    held, parsing, together, is_over = [0], [0], [0], threading.Event()
    watching = threading.Thread(target=_watch, args=(held, parsing, together, is_over))
    with closing(Catalogue(settings)) as catalogue:
        watching.start()
        start = time.process_time()
        run: RunRow = catalogue.runs.harvest(name)
        seconds = time.process_time() - start
        is_over.set()
        watching.join()
    assert run.state.startswith("done"), run.error
    return Measured(run.seen, run.writes, run.removed, seconds, max(held), max(parsing), max(together))


def _watch(held: list[int], parsing: list[int], together: list[int], is_over: threading.Event) -> None:
    """Notes what the process and its children hold, now and then."""
    while not is_over.wait(0.1):
        held.append(_anonymous("self"))
        shared = _shared("self")
        for child in children():
            with suppress(OSError, IndexError):  # it has ended meanwhile
                parsing.append(_anonymous(child))
                shared += _shared(child)
        together.append(shared)


def _anonymous(process: str) -> int:
    """kB of a process that are no files (https://www.kernel.org/doc/html/latest/filesystems/proc.html)."""
    return _kilobytes(process, "status", "RssAnon:")


def _shared(process: str) -> int:
    """The same, of which each process that has a page counts its part."""
    return _kilobytes(process, "smaps_rollup", "Pss_Anon:")


def _kilobytes(process: str, file: str, name: str) -> int:
    return int(Path(f"/proc/{process}/{file}").read_text("ascii").partition(name)[2].split()[0])


if __name__ == "__main__":
    print(msgspec.json.encode(measured(load(), *sys.argv[1:])).decode())
