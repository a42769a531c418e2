"""One harvest in a process of its own: what it took, and what it held in memory."""

import multiprocessing
import threading
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

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
    """kB that the process held at most that parses long documents for it."""


def harvest(settings: Settings, name: str) -> Measured:
    """Harvests the source in a process of its own, whose memory is that of this harvest alone."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_harvest, (settings, name))


def _harvest(settings: Settings, name: str) -> Measured:
    catalogue, held, parsing, is_over = Catalogue(settings), [0], [0], threading.Event()
    watching = threading.Thread(target=_watch, args=(held, parsing, is_over))
    watching.start()
    start = time.process_time()
    run: RunRow = catalogue.runs.harvest(name)
    seconds = time.process_time() - start
    is_over.set()
    watching.join()
    assert run.state.startswith("done"), run.error
    catalogue.close()
    return Measured(run.seen, run.writes, run.removed, seconds, max(held), max(parsing))


def _watch(held: list[int], parsing: list[int], is_over: threading.Event) -> None:
    """Notes what the process and its children hold, now and then."""
    while not is_over.wait(0.1):
        held.append(_anonymous("self"))
        children = [one.read_text("ascii").split() for one in Path("/proc/self/task").glob("*/children")]
        for child in chain.from_iterable(children):
            with suppress(OSError, IndexError):  # it has ended meanwhile
                parsing.append(_anonymous(child))


def _anonymous(process: str) -> int:
    """kB of a process that are no files (https://www.kernel.org/doc/html/latest/filesystems/proc.html)."""
    said = Path(f"/proc/{process}/status").read_text("ascii")
    return int(said.partition("RssAnon:")[2].split()[0])
