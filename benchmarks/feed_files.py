"""What the files of whole feeds cost whoever writes them, and whoever streams the feed while they are not there.

    python -m benchmarks.feed_files [few] [many]

Seconds are of the processor: those of one format hold the worker, which looks for other work between two of them.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks import serve_feed
from benchmarks.grown import Shelf
from benchmarks.processor import seconds
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop


def written(catalogue: Catalogue) -> dict[str, float]:
    """Writes what is missing. Returns the seconds of each format."""
    taken: dict[str, float] = {}
    while missing := catalogue.feed_files.missing():
        taken[missing[0]] = seconds(lambda: catalogue.feed_files.write(lambda _: None, Stop()))
    return taken


def writing(settings: Settings) -> Iterator[dict[str, float]]:
    """The seconds of each format: all anew, and after one entry changed."""
    with closing(Catalogue(settings)) as catalogue:
        catalogue.feed_files.forget_all()
        yield written(catalogue)
        one = catalogue.entries.after("", 1, 0)[0]
        catalogue.records.withdraw(*catalogue.records.origin(one.name))
        yield written(catalogue)


def streaming(settings: Settings) -> int:
    """MiB of a process that streams the feed."""
    return serve_feed.measured(settings.data_dir.parent, "nt")[1]


def main(few: int = 5_000, many: int = 20_000) -> None:
    """Prints a line a figure."""
    with tempfile.TemporaryDirectory() as name:
        shelf = Shelf(Path(name))
        for entries in (few, many):
            print(f"{entries} entries: a process that streams them holds {streaming(shelf.catalogue(entries))} MiB")
        for what, taken in zip(("all anew", "one changed"), writing(shelf.catalogue(many)), strict=True):
            print(f"{what}: {'  '.join(f'{ending} {spent:.1f} s' for ending, spent in taken.items())}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
