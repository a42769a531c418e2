"""What is promised about speed and size (`benchmarks/promises.py`), each figure with its target and what changed of it.

    python -m benchmarks.speed [--record] [--folder FOLDER] [--whole | NAME …]

Without a name what can be measured in some minutes beside other work; `--whole` measures everything, on a quiet machine
in a quarter of an hour. Of what is not measured the last record is told. `--record` keeps the figures in `speed.json`
and writes `docs/reference/speed.md`. With `--folder` the large catalogues are kept there and used again. Each
measurement has a process of its own: what one remembers helps no other.
"""

import argparse
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from benchmarks import (
    answers,
    feed_files,
    growth,
    held,
    ingest,
    locked,
    pages,
    peers,
    processes,
    record,
    side_by_side,
    speed_page,
)
from benchmarks.feeds import feed
from benchmarks.grown import Shelf
from benchmarks.promises import PROMISES, NotMeasured, Promise
from benchmarks.record import Record, Recorded
from benchmarks.serve_feed import filled

Figures = Iterator[tuple[str, float]]
"""Key of a promise, and the figure."""

DATASETS, FEW, MANY, MOST = 1_000, 5_000, 20_000, 50_000
GOVERNMENT = "all of data.gov.be in the samples, SQLite, without index"
LARGE = 5_000
"""Datasets of the source that several processes read."""
MEGABYTES = 100
SECONDS = 5
"""That each kind of page is asked for."""


class Measurement(NamedTuple):
    """What gives figures."""

    run: Callable[[Shelf], Figures]
    of: str
    """What it is measured with."""
    is_quick: bool = False
    """True for what takes less than a minute or two and is the same on a machine that does other things too."""


def _harvests(_: Shelf) -> Figures:
    found = ingest.measured(feed(DATASETS, "ttl"), "ttl")
    yield "harvest", found.parse / found.first
    yield "one changed", found.one / found.cutting
    yield "same bytes", found.same / found.cutting
    yield "unchanged", found.told / found.cutting


def _real_feeds(_: Shelf) -> Figures:
    found = [ingest.measured(data, "ttl") for _, data in peers.feeds()]
    yield "real harvest", sum(one.parse for one in found) / sum(one.first for one in found)
    yield "database", sum(one.kept * one.datasets for one in found) / sum(one.datasets for one in found) / 1000


def _locked(_: Shelf) -> Figures:
    yield "locked", max(found.share for _, found in locked.runs())


def _processes(_: Shelf) -> Figures:
    found = dict(processes.runs(LARGE))
    yield "two readers", found[1].passed / found[2].passed
    yield "two readers, bound", processes.bound(2, found[2], found[1])


def _side_by_side(_: Shelf) -> Figures:
    yield "side by side", side_by_side.times(DATASETS)


def _four_sources(_: Shelf) -> Figures:
    yield "four sources", side_by_side.at_once(list(side_by_side.each_alone(DATASETS)))


def _answers(_: Shelf) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        yield from answers.ratios(filled(Path(folder), DATASETS))


def _growth(shelf: Shelf) -> Figures:
    for one in growth.costs(shelf.catalogue(FEW), shelf.catalogue(MOST)):
        yield f"growth, {one.kind}", one.times


def _web_memory(shelf: Shelf) -> Figures:
    yield "web memory", pages.memory(pages.unbounded(shelf.catalogue(MOST)))


def _pages(shelf: Shelf) -> Figures:
    settings = pages.unbounded(shelf.catalogue(MANY))
    for kind, found in pages.waits(settings, SECONDS):
        if kind == pages.UNCHANGED:
            yield "304 a second", found.a_process
        else:
            yield f"p95, {kind}", found.percentile(0.95)
    yield "results", pages.results(settings)


def _feeds(shelf: Shelf) -> Figures:
    few, many = both = shelf.catalogue(FEW), shelf.catalogue(MANY)
    for settings in both:
        feed_files.forget(settings)
    yield "stream memory", feed_files.held(many) / feed_files.held(few)
    first, _ = feed_files.written(many), feed_files.written(few)
    yield "feed memory", feed_files.held(many) / feed_files.held(few)
    yield "feed files", max(first.values())
    feed_files.change(many)
    yield "feed files, anew", sum(feed_files.written(many).values()) / sum(first.values())


def _large_feed(_: Shelf) -> Figures:
    yield "harvest memory", held.held("feed", MEGABYTES).together / 1000


def _peers(_: Shelf) -> Figures:
    found = [beside for _, beside in peers.beside_the_peer()]
    for key, what in (("peers, typed", peers.TYPED), ("peers, checked", peers.CHECKED)):
        yield key, min(one.times(what) for one in found)


MEASUREMENTS = {
    "harvests": Measurement(_harvests, f"{DATASETS:,} datasets", is_quick=True),
    "real-feeds": Measurement(_real_feeds, " and ".join(peers.FEEDS), is_quick=True),
    "answers": Measurement(_answers, f"{DATASETS:,} entries", is_quick=True),
    "growth": Measurement(_growth, f"{MOST:,} entries beside {FEW:,}"),
    "web-memory": Measurement(_web_memory, f"{MOST:,} entries, {pages.CRAWLED:,} pages"),
    "pages": Measurement(_pages, f"{MANY:,} entries, {pages.WORKERS} processes, {pages.READERS} readers"),
    "feeds": Measurement(_feeds, f"{MANY:,} entries"),
    "processes": Measurement(_processes, f"{LARGE:,} datasets, copies of real ones, SQLite, without index"),
    "side-by-side": Measurement(_side_by_side, f"two sources of {DATASETS:,} datasets, SQLite, by the clock"),
    "four-sources": Measurement(_four_sources, f"four sources of {DATASETS:,} datasets", is_quick=True),
    "locked": Measurement(_locked, GOVERNMENT),
    "large-feed": Measurement(_large_feed, f"a feed of {MEGABYTES} MB"),
    "peers": Measurement(_peers, f"{' and '.join(peers.FEEDS)}, the lesser"),
}
"""By name, in the order in which they are run: what changes a catalogue comes last."""


def figures(name: str, folder: Path) -> Record:
    """What a measurement gives, in this process. Raises `NotMeasured`, and ValueError where it gives other figures than
    those that are promised."""
    one, load = MEASUREMENTS[name], os.getloadavg()[0]
    found = {key: record.measured(figure, one.of, load) for key, figure in one.run(Shelf(folder))}
    promised = {key for key, promise in PROMISES.items() if promise.by == name}
    if found.keys() != promised:
        raise ValueError(f"{name}: promised are {sorted(promised)}, measured {sorted(found)}")
    return found


def alone(name: str, folder: Path) -> Record:
    """The same in a process of its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(figures, name, folder).result()


def line(promise: Promise, found: Recorded, before: Recorded | None = None) -> str:
    """A figure, its target, how much of that it is, and what changed since the last record."""
    figure = found.figure
    parts = [
        f"{promise.what:<68} {promise.amount(figure):>12} {promise.said():>14} {figure / promise.target:5.2f} of it"
    ]
    if before:
        parts.append(f"{figure / before.figure - 1:+4.0%}")
    if not promise.is_kept(figure):
        parts.append("not kept")
    if before and promise.is_worse(figure, before.figure):
        parts.append(f"WORSE: {promise.amount(before.figure)} was recorded on {before.on}")
    if promise.beside:
        parts.append(f"beside {promise.beside}")
    return "  ".join(parts)


def measured(names: Iterable[str], folder: Path, before: Record) -> Iterator[Record]:
    """Runs measurements, and prints a line a promise."""
    for name in names:
        print(f"== {name}: {MEASUREMENTS[name].of}", flush=True)
        try:
            found = alone(name, folder)
        except NotMeasured as error:
            print(f"Not measured: {error}")
            continue
        for key, one in found.items():
            print(line(PROMISES[key], one, before.get(key)), flush=True)
        yield found


def remembered(names: Iterable[str], before: Record) -> None:
    """Prints what was recorded by other measurements."""
    for name in names:
        print(f"== {name}: as recorded; measured anew by: python -m benchmarks.speed {name}")
        for key, promise in PROMISES.items():
            if promise.by == name:
                kept = before.get(key)
                print(f"{line(promise, kept)}  ({kept.on}, {kept.of})" if kept else f"{promise.what}: not measured yet")


def main() -> None:
    """Reads what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if unknown := set(asked.names) - MEASUREMENTS.keys():
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}; there are {', '.join(MEASUREMENTS)}")
    quick = [name for name, one in MEASUREMENTS.items() if one.is_quick or asked.whole]
    with tempfile.TemporaryDirectory() as temporary:
        run(asked.names or quick, asked.folder or Path(temporary), is_recorded=asked.record)


def run(names: list[str], folder: Path, *, is_recorded: bool) -> None:
    """Measures, and tells of what is not measured the last record."""
    before = record.last()
    now = dict(before)
    for found in measured(names, folder, before):
        now |= found
        if is_recorded:  # what took long is not lost with what comes after it
            speed_page.write(record.keep(found))
    remembered([name for name in MEASUREMENTS if name not in names], before)
    print(speed_page.summary(now))


if __name__ == "__main__":
    main()
