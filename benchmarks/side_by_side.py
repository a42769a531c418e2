"""How much sooner sources are harvested at once than one after the other.

    python -m benchmarks.side_by_side [datasets]

Two, by two processes, into one catalogue of SQLite, its index included, by the command that people use: times are of
the clock, on a machine that has two processors and does nothing else; half a second of each is the start of the
command.

Four, by four processes, on PostgreSQL: few machines have the processors for that, so it is worked out from what one
harvest after the other takes of the processor, that of the server included: what each did is played again, all at
once, with a processor each, where only one at a time is within a transaction that writes, and only one writes the
index (`benchmarks/replay.py`). Printed beside it is Amdahl's law for the same share `s` of the work, 4 / (1 + 3 s): it
would hold if all others stood still while one holds a lock, whether they want it or not. PostgreSQL is the one of the
tests.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks import processor
from benchmarks.feeds import feed
from benchmarks.ingest import harvested as harvest
from benchmarks.ingest import served
from benchmarks.locked import Share
from benchmarks.processor import of_server
from benchmarks.promises import NotMeasured
from benchmarks.replay import Work, held, noted, seconds_at_once
from catalogue.search.embedded.folder import IndexFolder
from catalogue.service import Catalogue
from catalogue.settings import Settings, as_environment
from catalogue.store.database import Database
from tests.services import Missing, start_postgresql

SOURCES = ("one", "other")
FOUR = (*SOURCES, "third", "fourth")


def times(datasets: int) -> float:
    """How many times as long two take one after the other."""
    return harvested(datasets, [SOURCES]) / harvested(datasets, [(name,) for name in SOURCES])


def harvested(datasets: int, commands: list[tuple[str, ...]], url: str = "") -> float:
    """Seconds until the sources are harvested that each of the commands names, all at once."""
    with tempfile.TemporaryDirectory() as name, registered(Path(name), datasets, SOURCES, url) as settings:
        began = time.perf_counter()
        running = [_harvesting(settings, some) for some in commands]
        failed = [process.args for process in running if process.wait()]
        assert not failed, failed
        return time.perf_counter() - began


def times_on_postgresql(datasets: int) -> float:
    """The same on PostgreSQL: what it differs from the same worked out is what working out leaves out."""
    with postgresql() as (url, _):
        apart = harvested(datasets, [SOURCES], url)
    with postgresql() as (url, _):
        return apart / harvested(datasets, [(name,) for name in SOURCES], url)


@contextmanager
def registered(folder: Path, datasets: int, sources: tuple[str, ...], url: str = "") -> Iterator[Settings]:
    """A catalogue that knows sources of so many datasets, none the same, while they are served."""
    with served(folder) as address:
        settings = Settings(
            data_dir=folder / "var", database_url=url, fetch_allow=("127.0.0.0/8",), harvest_processes=1
        )
        with closing(Catalogue(settings)) as catalogue:
            catalogue.init()
            for seed, source in enumerate(sources):
                data = feed(datasets, "nt", seed).replace(b"/id/dataset/", f"/id/dataset/{source}-".encode())
                (folder / f"{source}.nt").write_bytes(data)
                catalogue.sources.add(f"{address}/{source}.nt", "dcat", title=source)
        yield settings


def _harvesting(settings: Settings, sources: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "catalogue", "harvest", *sources]
    return subprocess.Popen(command, env=os.environ | as_environment(settings), stdout=subprocess.DEVNULL)


@contextmanager
def postgresql() -> Iterator[tuple[str, str]]:
    """The URL of a new server, and the number of its process. Raises `NotMeasured`."""
    with tempfile.TemporaryDirectory() as name:
        try:
            server = start_postgresql(Path(name))
        except Missing as missing:
            raise NotMeasured(f"there is no {missing}; bring it with: python tests/services.py install") from missing
        try:
            yield server.url, (Path(name) / "data" / "postmaster.pid").read_text("ascii").split()[0]
        finally:
            server.stop()


class Harvested(NamedTuple):
    """One harvest."""

    datasets: int
    work: Work

    @property
    def share(self) -> Share:
        """How much of it is done within a lock."""
        return Share(self.datasets, self.work.end - self.work.begin, held(self.work.moments))


def each_alone(datasets: int) -> Iterator[Harvested]:
    """What each of four harvests does, one after the other. Raises `NotMeasured`."""
    with tempfile.TemporaryDirectory() as name, postgresql() as (url, number):

        def now() -> float:
            return processor.together() + of_server(number)

        with registered(Path(name), datasets, FOUR, url) as settings, closing(Catalogue(settings)) as catalogue:
            for source in FOUR:
                with noted((Database, "write"), (IndexFolder, "writing"), clock=now) as moments:
                    begin = now()
                    seen = harvest(catalogue, source)
                    yield Harvested(seen, Work(begin, now(), moments))


def at_once(found: list[Harvested]) -> float:
    """How many times as fast so many harvests at once are, with a processor each."""
    return sum(one.share.whole for one in found) / seconds_at_once([one.work for one in found])


def _amdahl(found: list[Harvested]) -> float:
    share = sum(one.share.held for one in found) / sum(one.share.whole for one in found)
    return len(found) / (1 + (len(found) - 1) * share)


def main(datasets: int = 1_000) -> None:
    """Prints the ratios."""
    found = list(each_alone(datasets))
    for one in (each.share for each in found):
        each = 1000 / one.datasets
        print(f"PostgreSQL: {one.whole * each:.2f} ms each, {one.held * each:.2f} within a lock ({one.share:.0%})")
    print(
        f"four sources of {datasets} datasets at once: {at_once(found):.2f} times as fast, with a processor each; "
        f"{_amdahl(found):.2f} if all others stood still"
    )
    print(
        f"two of them: {at_once(found[:2]):.2f} worked out, {times_on_postgresql(datasets):.2f} by the clock, "
        f"{times(datasets):.2f} on SQLite"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
