"""How much sooner two sources are harvested by two processes at once than one after the other.

    python -m benchmarks.side_by_side [datasets]

Into one catalogue of SQLite, its index included, by the command that people use. Times are of the clock, on a machine
that has two processors and does nothing else; half a second of each is the start of the command.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.feeds import feed
from benchmarks.ingest import served
from catalogue.service import Catalogue
from catalogue.settings import Settings, as_environment

SOURCES = ("one", "other")


def times(datasets: int) -> float:
    """How many times as long one after the other takes."""
    return harvested(datasets, [SOURCES]) / harvested(datasets, [(name,) for name in SOURCES])


def harvested(datasets: int, commands: list[tuple[str, ...]]) -> float:
    """Seconds until the sources are harvested that each of the commands names, all at once."""
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        settings = Settings(data_dir=Path(name) / "var", fetch_allow=("127.0.0.0/8",), harvest_processes=1)
        with closing(Catalogue(settings)) as catalogue:
            catalogue.init()
            for seed, source in enumerate(SOURCES):
                (Path(name) / f"{source}.nt").write_bytes(feed(datasets, "nt", seed))
                catalogue.sources.add(f"{address}/{source}.nt", "dcat", title=source)
        began = time.perf_counter()
        running = [_harvesting(settings, some) for some in commands]
        failed = [process.args for process in running if process.wait()]
        assert not failed, failed
        return time.perf_counter() - began


def _harvesting(settings: Settings, sources: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "catalogue", "harvest", *sources]
    return subprocess.Popen(command, env=os.environ | as_environment(settings), stdout=subprocess.DEVNULL)


def main(datasets: int = 1_000) -> None:
    """Prints the ratio."""
    print(f"two sources of {datasets} datasets at once: {times(datasets):.2f} times as fast as one after the other")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
