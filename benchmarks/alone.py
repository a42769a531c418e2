"""One harvest in a process of its own: what it took, and what it held in memory."""

import multiprocessing
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks.processor import children
from catalogue.service import Catalogue
from catalogue.settings import Settings
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
    """Harvests the source in a process of its own, whose memory is that of this harvest alone."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_harvest, (settings, name))


def _harvest(settings: Settings, name: str) -> Measured:
    catalogue, held, parsing, together, is_over = Catalogue(settings), [0], [0], [0], threading.Event()
    watching = threading.Thread(target=_watch, args=(held, parsing, together, is_over))
    watching.start()
    start = time.process_time()
    run: RunRow = catalogue.runs.harvest(name)
    seconds = time.process_time() - start
    is_over.set()
    watching.join()
    assert run.state.startswith("done"), run.error
    catalogue.close()
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
