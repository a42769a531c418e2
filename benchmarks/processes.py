"""One large source read by several processes, beside one.

    python -m benchmarks.processes [DATASETS [DATABASE_URL …]]

A feed of some thousand datasets, made of copies of real ones (../shared/samples/datagovbe), is harvested into a new
catalogue without its index, by this process alone and with one more. Printed are the seconds that passed, those of
the processor that this process and the others took, and both times as ratios to the first line. On a busy machine the
processor tells more: no number of processes is faster than the one that takes most.
"""

import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.ingest import served
from benchmarks.locked import feed
from catalogue.service import Catalogue
from catalogue.settings import Settings

COUNTS = (1, 2)
"""Processes that read, this one among them."""

_COPIED = re.compile(
    rb"^<([^>]+)> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#(?:Dataset|Distribution)>",
    re.MULTILINE,
)


class Took(NamedTuple):
    """Seconds."""

    datasets: int
    passed: float
    own: float
    others: float


def copies(datasets: int) -> Iterator[bytes]:
    """The feed again and again, its datasets and files under other IRIs each time."""
    real = feed()
    named = set(_COPIED.findall(real))
    count = len(set(re.findall(_COPIED.pattern.replace(b"(?:Dataset|Distribution)", b"Dataset"), real, re.MULTILINE)))
    for copy in range(-(-datasets // count)):
        suffix = f"-{copy}>".encode()
        yield re.sub(rb"<([^>]+)>", lambda found: b"<" + found[1] + suffix if found[1] in named else found[0], real)  # noqa: B023


def took(catalogue: Catalogue, source: str) -> Took:
    """One run."""
    catalogue.runs.request(source)
    order = catalogue.runs.take()
    assert order is not None
    before, began = [resource.getrusage(who) for who in _WHO], time.monotonic()
    run = catalogue.runs.carry_out(order)
    passed = time.monotonic() - began
    assert run.state.startswith("done"), run.error
    own, others = (
        now.ru_utime + now.ru_stime - then.ru_utime - then.ru_stime
        for now, then in zip((resource.getrusage(who) for who in _WHO), before, strict=True)
    )
    return Took(run.seen, passed, own, others)


_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def runs(datasets: int, *urls: str) -> Iterator[tuple[int, Took]]:
    """What each number of processes took. Raises `NotMeasured`."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        with (Path(name) / "feed.nt").open("wb") as file:
            file.writelines(copies(datasets))
        for number, count in enumerate(COUNTS):
            settings = Settings(data_dir=Path(name) / f"var{count}", fetch_allow=("127.0.0.0/8",))
            settings = replace(settings, harvest_processes=count, database_url=(*urls, *[""] * 9)[number])
            with closing(Catalogue(settings)) as catalogue:
                catalogue.init()
                source = catalogue.sources.add(f"{address}/feed.nt", "dcat", title="Feed").name
                yield count, took(catalogue, source)


def bound(count: int, found: Took, first: Took) -> float:
    """How many times as fast so many processes can be at most, by what each takes of the processor."""
    each = (found.own + found.others) / min(os.cpu_count() or 1, count)
    return (first.own + first.others) / max(found.own, each)


def main(datasets: str = "5000", *urls: str) -> None:
    """Prints a line for each number of processes."""
    first: Took | None = None
    for count, found in runs(int(datasets), *urls):
        first = first or found
        each = 1000 / found.datasets
        print(
            f"{count} processes   {found.datasets} datasets   {found.passed:.1f} s passed "
            f"({first.passed / found.passed:.2f} times as fast)   {found.own * each:.2f} ms each here, "
            f"{found.others * each:.2f} in others ({bound(count, found, first):.2f} times as fast at most)",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
